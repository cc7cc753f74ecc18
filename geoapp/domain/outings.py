"""What a team takes along for one day of a plan: its stops in order, and what is known of each."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from geoapp.domain.navigation import AppLink, Place
from geoapp.domain.routes import moment_of
from geoapp.domain.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetStep:
    """So many metres along a street. name: None for one that has none; turn: how one gets into it: ahead, left, right
    or back, None for the first one.
    """

    name: str | None
    distance_m: float
    turn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProblem:
    """A problem that waits at a stop. category, subcategory: in words; deadline: RFC 3339.

    description: None for those who may not read it.
    """

    id: str
    number: str
    category: str
    status: str
    severity: str
    subcategory: str | None = None
    deadline: str | None = None
    overdue: bool = False
    negative_list: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFinding:
    """A problem that was found earlier, and what became of it. what: in words; since: when it came to be so."""

    id: str
    number: str
    what: str
    status: str
    found_at: str
    since: str | None = None
    rework: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisit:
    """An earlier visit. outcome: clean, findings or not_checked, with the reason in note; findings: how many."""

    id: str
    visited_at: str
    outcome: str
    findings: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutingStop:
    """One stop of a day. number: from 1, in order; arrive, start, leave: clock times; walk_min: from the vehicle.

    kind, township, street, often: in words; often: what was found here before, and how many times. look_when: the words
    of the table of site kinds.
    gone: whether the feature is no longer there. line: the way here, in degrees; steps: its streets; url: shows the
    place.
    """

    number: int
    id: str
    name: str
    lon: float
    lat: float
    arrive: str
    start: str
    leave: str
    travel_min: float
    distance_m: float
    value: float
    must: bool = False
    why: Sentence | None = None
    windows: tuple[tuple[str, str], ...] = ()
    walk_min: float = 0.0
    layer: str | None = None
    feature: str | None = None
    gone: bool = False
    kind: str | None = None
    address: str | None = None
    township: str | None = None
    street: str | None = None
    look_when: str | None = None
    opening_hours: str | None = None
    problems: tuple[OpenProblem, ...] = ()
    visits: tuple[PastVisit, ...] = ()
    findings: tuple[PastFinding, ...] = ()
    often: tuple[tuple[str, int], ...] = ()
    line: tuple[Place, ...] = ()
    steps: tuple[StreetStep, ...] = ()
    links: tuple[AppLink, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """One team's day of a kept plan. home: when it is back; home_line, home_steps: the way there.

    end: None where the day ends at the last stop. estimate: times are of straight lines × 1.3; schematic: the roads
    only show what hangs together.
    """

    plan: str
    plan_name: str
    team: str
    team_name: str
    date: date
    start: Place
    end: Place | None
    shift: tuple[str, str]
    lunch: tuple[str, str] | None
    profile: str
    stops: tuple[OutingStop, ...]
    distance_m: float
    travel_min: float
    home: str | None = None
    home_line: tuple[Place, ...] = ()
    home_steps: tuple[StreetStep, ...] = ()
    estimate: bool = False
    schematic: bool = False

    @property
    def service_min(self) -> float:
        """How long the team is at its stops, in minutes, waiting not counted."""
        return sum(moment_of(stop.leave) - moment_of(stop.start) for stop in self.stops) / 60

    @property
    def value(self) -> float:
        """What its stops are worth together."""
        return sum(stop.value for stop in self.stops)

    def moment(self, zone: tzinfo, clock: str) -> datetime:
        """A clock time of this day, with the offset of the district's zone."""
        return datetime.combine(self.date, time(), zone) + timedelta(seconds=moment_of(clock))
