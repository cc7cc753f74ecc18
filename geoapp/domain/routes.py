"""What is asked of a plan of inspection, and what a plan is: requests, routes, what was left out and why.

Clock times are texts such as 09:00 or 09:00:30 of one day in the district's time zone; minutes are numbers.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence

PROFILES = ("car", "bus", "bicycle", "foot")
MODES = ("choose", "all")
ORDERS = ("free", "given")
MOST_STOPS, MOST_TEAMS, MOST_DATES, MOST_WINDOWS = 1_000, 50, 31, 20
LONGEST_ID = 200
FIRST_YEAR, LAST_YEAR = 1900, 2199
_CLOCK = re.compile(r"(\d?\d):([0-5]\d)(?::([0-5]\d))?")
DAY_S = 86_400
Day = date  # for classes with a field of that name


def seconds_of(text: str) -> int:
    """The second of the day of a clock time from 00:00 to 24:00; raises BadInput."""
    second = moment_of(text)
    if second > DAY_S:
        raise BadInput("{value!r} is no time of day such as 09:30.", value=text)
    return second


def moment_of(text: str) -> int:
    """The second of a time in a plan: one that goes on after midnight, as 25:10, breaks a rule but can be read.

    Raises BadInput.
    """
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise BadInput("{value!r} is no time of day such as 09:30.", value=text)
    return int(found[1]) * 3_600 + int(found[2]) * 60 + int(found[3] or 0)


def require_day(day: date) -> None:
    """Raise BadInput for a day of another century: calendars and time zones say nothing about it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("{day} is no day of the years {first} to {last}.", day=day, first=FIRST_YEAR, last=LAST_YEAR)


def clock_of(second: int) -> str:
    """A second of the day as a clock time."""
    return f"{second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedStop:
    """What could be visited.

    service_min: how long. value: what it is worth; must: it has to be visited. windows: within one of them service
    begins and ends. not_before, deadline: the first and the last day. skills: all that its team needs. team, date: the
    only one that may visit it, the only day. walk_min: from where the vehicle stands to the stop, and back again.
    pinned: by hand, which makes it a must-visit as long as it is.
    """

    id: str
    lon: float
    lat: float
    service_min: float = 15.0
    value: float = 1.0
    must: bool = False
    windows: tuple[tuple[str, str], ...] = ()
    not_before: date | None = None
    deadline: date | None = None
    skills: tuple[str, ...] = ()
    name: str | None = None
    township: str | None = None
    team: str | None = None
    date: "date | None" = None
    walk_min: float = 0.0
    pinned: bool = False

    @property
    def must_visit(self) -> bool:
        """Whether it may not be left out."""
        return self.must or self.pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedTeam:
    """Who goes out. end: None for a day that ends at the last stop. lunch: fixed; travel and service wait for its end.

    townships: codes; a team that has some visits nothing elsewhere.
    """

    id: str
    start: tuple[float, float]
    end: tuple[float, float] | None = None
    shift: tuple[str, str] = ("08:30", "17:00")
    lunch: tuple[str, str] | None = None
    skills: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """What is to be planned.

    mode: choose (too many stops: must-visits first, then value, then less travel) or all (a tour: every stop). order:
    free, or given (as the stops stand). balance: a wish for days of like length, where no value is lost by it.
    """

    stops: tuple[RequestedStop, ...]
    teams: tuple[RequestedTeam, ...]
    dates: tuple[date, ...]
    profile: str = "car"
    mode: str = "choose"
    order: str = "free"
    balance: bool = False

    def __post_init__(self) -> None:
        _require_known(self)
        for stop in self.stops:
            _require_stop(stop)
        for team in self.teams:
            _require_team(team)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """When a team arrives, when service begins, when the team leaves; how far it was from the place before."""

    id: str
    arrive: str
    start: str
    leave: str
    travel_min: float
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoute:
    """One team's day. home: when it is back, None where it visits nothing. distance_m, travel_min: of the whole day."""

    team: str
    date: date
    stops: tuple[PlannedStop, ...] = ()
    distance_m: float = 0.0
    travel_min: float = 0.0
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A stop that no team visits.

    bound: what forbids it (see BOUNDS). minutes_missing: how much more time what binds would have to give, None where
    no time would help. binding: what would have to give it: the shift of a "team", or the "window" of a stop. alone:
    whether it is missing even if the team did nothing else.
    would_displace: the stops of least value that would have to go for it; costs: the value lost by that, on balance.
    metres: to the nearest road, where that is the reason.
    """

    id: str
    reason: str
    bound: str
    minutes_missing: int | None = None
    binding: tuple[dict[str, str], ...] = ()
    team: str | None = None
    date: "date | None" = None
    alone: bool = False
    would_displace: tuple[str, ...] = ()
    costs: float | None = None
    metres: float | None = None


BOUNDS = ("roads", "skills", "townships", "dates", "team", "window", "shift", "several", "value", "worthless")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReason:
    """Why a stop is with its team, and why at its turn.

    who: one of WHO; other, other_date: the other team that would have the least travel with it, and other_min how much
    more that is. turn: one of TURNS; turn_min: how much longer the way would be at the best other turn; window: its
    hours that allow no other.
    """

    id: str
    team: str
    date: date
    who: str
    turn: str
    other: str | None = None
    other_date: Day | None = None
    other_min: float | None = None
    turn_min: float | None = None
    window: tuple[str, str] | None = None


# pinned: by the request; skills, townships: no other team may for these, others: some for these and some for those;
# dates: on no other day; one: there is no other team or day; room: no other team that may has room for it at its hours;
# nearer: others have, at more travel; alike: at no more.
WHO = ("pinned", "skills", "townships", "others", "dates", "one", "room", "nearer", "alike")
# given: by the request; alone: the only stop of its day; window: its own hours allow no other turn; tight: the hours of
# others or the shift do not; shorter: another turn is a longer way; alike: it is no longer way.
TURNS = ("given", "alone", "window", "tight", "shorter", "alike")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a plan would gain by more: about, since it is what a short search from the plan on finds.

    kind: one of ADVICE; team: whose shift, or like which one more team would be; minutes: by how much shifts would end
    later. must, stops, value: must-visits, stops and value more than now.
    """

    kind: str
    team: str | None = None
    minutes: int | None = None
    must: int = 0
    stops: int = 0
    value: float = 0.0


# shift: of one team; shifts: of all; team: one more.
ADVICE = ("shift", "shifts", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFault:
    """One thing that is wrong with a plan."""

    kind: str
    sentence: str
    team: str | None = None
    date: "date | None" = None
    stop: str | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checker says of a plan."""

    ok: bool
    faults: tuple[PlanFault, ...] = ()


# hand: changed by hand after a search; month: a month plan's own search.
SOLVERS = ("search", "pyvrp", "given", "hand", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """A plan with all that led to it. estimate: whether travel was estimated on straight lines; solver: one of
    SOLVERS, whose it is.

    iterations, of: with the seed and the start, what replays the search. ledger_seq: what had been written
    when it was made. kept: why stops are where they are; advice: what more would bring.
    """

    request: RouteRequest
    routes: tuple[PlannedRoute, ...]
    left_out: tuple[LeftOut, ...] = ()
    value: float = 0.0
    check: Verdict = field(default_factory=lambda: Verdict(ok=True))
    seed: int = 1
    iterations: int = 0
    of: int = 0
    solver: str = "search"
    start: Mapping[str, Sequence[str]] | None = None
    seconds: float = 0.0
    ledger_seq: int = 0
    estimate: bool = False
    schematic: bool = False
    kept: tuple[KeptReason, ...] = ()
    advice: tuple[Advice, ...] = ()


def _require_known(request: RouteRequest) -> None:
    _require_words(request)
    _require_numbers(request)
    _require_ids(Sentence("stops"), [stop.id for stop in request.stops])
    _require_ids(Sentence("teams"), [team.id for team in request.teams])
    for day in request.dates:
        require_day(day)
    if len(set(request.dates)) < len(request.dates):
        raise BadInput("A date stands twice among the dates.")
    if request.mode == "all" and (len(request.teams) > 1 or len(request.dates) > 1):
        raise BadInput("A tour (mode all) is of one team on one date.")
    if request.order == "given" and request.mode != "all":
        raise BadInput("Only a tour (mode all) visits its stops in the order given.")


def _require_ids(what: Sentence, ids: Sequence[str]) -> None:
    odd = next((id for id in ids if not 0 < len(id) <= LONGEST_ID), None)
    if odd is not None:
        raise BadInput("Ids of {what} have 1 to {most} characters, not {number}.", what=what, most=LONGEST_ID,
                       number=len(odd))  # fmt: skip
    twice = next((id for id, times in Counter(ids).items() if times > 1), None)
    if twice is not None:
        raise BadInput("Several {what} have the id {id}: ids must differ.", what=what, id=twice)


def _require_words(request: RouteRequest) -> None:
    for name, value, known in (("profile", request.profile, PROFILES), ("mode", request.mode, MODES),
                               ("order", request.order, ORDERS)):  # fmt: skip
        if value not in known:
            raise BadInput("{name} cannot be {value!r}: it is one of {known}.", name=name, value=value,
                           known=", ".join(known))  # fmt: skip


def _require_numbers(request: RouteRequest) -> None:
    for name, things, most in (
        (Sentence("stops"), request.stops, MOST_STOPS),
        (Sentence("teams"), request.teams, MOST_TEAMS),
        (Sentence("dates"), request.dates, MOST_DATES),
    ):
        if len(things) > most:
            raise BadInput("{number} {name} are more than the {most} that one plan takes: plan a part of them.",
                           number=len(things), name=name, most=most)  # fmt: skip
        if not things:
            raise BadInput("A plan needs {name}: there are none.", name=name)


def _require_stop(stop: RequestedStop) -> None:
    _require_place(Sentence("Stop"), stop.id, stop.lon, stop.lat)
    for name, value in (("service_min", stop.service_min), ("value", stop.value), ("walk_min", stop.walk_min)):
        if not 0 <= value <= 1e6:
            raise BadInput("Stop {id}: {name} cannot be {value}; it is from 0 to 1,000,000.", id=stop.id, name=name,
                           value=value)  # fmt: skip
    if len(stop.windows) > MOST_WINDOWS:
        raise BadInput("Stop {id} has {number} windows; it may have {most}.", id=stop.id, number=len(stop.windows),
                       most=MOST_WINDOWS)  # fmt: skip
    for window in stop.windows:
        if _interval(Sentence("Stop"), stop.id, Sentence("window"), window) < stop.service_min * 60:
            raise BadInput("Stop {id}: its {minutes} minutes do not fit into the window {start} to {end}.", id=stop.id,
                           minutes=f"{stop.service_min:g}", start=window[0], end=window[1])  # fmt: skip
    if stop.not_before and stop.deadline and stop.deadline < stop.not_before:
        raise BadInput("Stop {id}: its deadline {deadline} is before {not_before}, from when it may be visited.",
                       id=stop.id, deadline=stop.deadline, not_before=stop.not_before)  # fmt: skip


def _require_team(team: RequestedTeam) -> None:
    # The id is a part of addresses and names of files.
    if not team.id.isprintable() or not team.id.strip() or team.id in (".", "..") or team.id.startswith("/"):
        raise BadInput("{value!r} is no name for a team: it begins with a letter or a number, in one line.",
                       value=team.id)  # fmt: skip
    for place in (team.start, team.end):
        if place is not None:
            _require_place(Sentence("Team"), team.id, *place)
    if _interval(Sentence("Team"), team.id, Sentence("shift"), team.shift) == 0:
        raise BadInput("Team {id}: its shift {start} to {end} has no time in it.", id=team.id, start=team.shift[0],
                       end=team.shift[1])  # fmt: skip
    if team.lunch is not None:
        _interval(Sentence("Team"), team.id, Sentence("lunch"), team.lunch)


def _interval(what: Sentence, id: str, name: Sentence, interval: tuple[str, str]) -> int:
    """How many seconds an interval has; raises BadInput if it ends before it starts."""
    try:
        start, end = (seconds_of(text) for text in interval)
    except BadInput as error:
        raise BadInput("{what} {id}, {name}: {error}", what=what, id=id, name=name,
                       error=Sentence(error.sentence, **error.values)) from error  # fmt: skip
    if end < start:
        raise BadInput("{what} {id}: its {name} {start} to {end} ends before it starts; one over midnight has to be "
                       "given as two.", what=what, id=id, name=name, start=interval[0], end=interval[1])  # fmt: skip
    return end - start


def _require_place(what: Sentence, id: str, lon: Any, lat: Any) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput("{what} {id}: {lon}, {lat} is no place in degrees of longitude and latitude.", what=what, id=id,
                       lon=lon, lat=lat)  # fmt: skip
