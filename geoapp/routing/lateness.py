"""A route that runs late: what happens to its later times, and what would bring it back."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations

from geoapp.routing.clock import starts, with_lunch, without_lunch
from geoapp.routing.day import Stop, Task, Visit

NOTHING: frozenset[int] = frozenset()
# Of so many stops at most it is tried to leave out pairs, and threes.
PAIRS_OF, THREES_OF = 60, 20
MOST_REMEDIES = 4


@dataclass(frozen=True, slots=True)
class Postponed:
    """A route with its new times (seconds of the day).

    missed: stops that begin too late for their windows, by how many seconds. over_s: after the end of the shift.
    """

    visits: tuple[Visit, ...]
    home: int
    missed: tuple[tuple[int, int], ...]
    over_s: int

    @property
    def fits(self) -> bool:
        """Whether nothing is broken by it."""
        return not self.missed and self.over_s <= 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """Stops whose leaving out lets the rest fit again, or saves that much time; value: what is lost by it."""

    stops: tuple[int, ...]
    saved_s: int
    value: int
    fits: bool


@dataclass(frozen=True, slots=True)
class Late:
    """Who is late: a team that arrives so many seconds late at one place of its route. home: when it is to be back."""

    task: Task
    team: int
    planned: Sequence[Visit]
    home: int
    at: int
    late_s: int


def postponed(late: Late, *, without: Set[int] = NOTHING, shorter_s: int = 0) -> Postponed:
    """The route as it goes on: nothing begins earlier than planned, and what is late uses up all waiting first.

    Lunch and windows stay where they are. without: stops after that place that are left out. shorter_s: how much
    shorter every stay is from that place on. A stop that misses its windows is visited regardless.
    """
    visits, missed = list(late.planned[: late.at]), []
    moment, place, before = _begin(late)
    for number, planned in enumerate(late.planned[late.at :], start=late.at):
        if planned.stop in without:
            continue
        stop, known = _shortened(late.task.stops[planned.stop], shorter_s), _plain(late, planned.arrive)
        arrive = moment + int(late.task.travel_s[place, stop.place])
        if number == late.at:
            arrive = known + late.late_s
        elif before == number - 1:  # who comes from where the plan has him is not earlier than the plan says
            arrive = max(arrive, known)
        start, short_s = _start(late, stop, max(arrive, _plain(late, planned.start)))
        if short_s:
            missed.append((planned.stop, short_s))
        end = start + stop.service_s
        end = end if shorter_s else max(end, _plain(late, planned.leave))
        visits.append(_visit(late, planned.stop, arrive, start, end))
        moment, place, before = end, stop.place, number
    home = _home(late, moment, place, changed=bool(without) or shorter_s > 0)
    lunch, shift = late.task.teams[late.team].lunch, late.task.teams[late.team].shift
    over_s = home - without_lunch(shift[1], lunch)
    return Postponed(tuple(visits), with_lunch(home, lunch, ending=True), tuple(missed), over_s)


def remedies(late: Late) -> list[Remedy]:
    """What could be left out: sets as small as suffice, of least value; where none suffices, what saves most."""
    now = postponed(late)
    later = [visit.stop for visit in late.planned[late.at + 1 :]]
    if now.fits or not later:
        return []
    singles = [_remedy(late, now, (stop,)) for stop in later]
    for size, most in ((1, len(later)), (2, PAIRS_OF), (3, THREES_OF)):
        sets = singles if size == 1 else [_remedy(late, now, one) for one in combinations(later[:most], size)]
        enough = sorted((one for one in sets if one.fits), key=lambda one: (one.value, -one.saved_s))
        if enough:
            return enough[:MOST_REMEDIES]
    return sorted((one for one in singles if one.saved_s > 0), key=lambda one: -one.saved_s)[:MOST_REMEDIES]


def shorter_stays(late: Late) -> int | None:
    """By how many whole minutes every stay from there on must be shorter so that all fits; None if that cannot be."""
    shortest = min((late.task.stops[visit.stop].service_s for visit in late.planned[late.at :]), default=0)
    for minutes in range(1, shortest // 60):
        if postponed(late, shorter_s=60 * minutes).fits:
            return minutes
    return None


def _remedy(late: Late, now: Postponed, stops: tuple[int, ...]) -> Remedy:
    found = postponed(late, without=frozenset(stops))
    value = sum(late.task.stops[stop].value for stop in stops)
    return Remedy(stops, now.home - found.home, value, found.fits)


def _begin(late: Late) -> tuple[int, int, int]:
    """When and where the team was last, and at which number of its route."""
    if late.at == 0:
        who = late.task.teams[late.team]
        return without_lunch(who.shift[0], who.lunch), who.start, -1
    last = late.planned[late.at - 1]
    return _plain(late, last.leave), late.task.stops[last.stop].place, late.at - 1


def _home(late: Late, moment: int, place: int, *, changed: bool) -> int:
    end = late.task.teams[late.team].end
    home = moment if end is None else moment + int(late.task.travel_s[place, end])
    return home if changed else max(home, _plain(late, late.home))


def _plain(late: Late, moment: int) -> int:
    return without_lunch(moment, late.task.teams[late.team].lunch)


def _shortened(stop: Stop, shorter_s: int) -> Stop:
    return replace(stop, service_s=max(stop.service_s - shorter_s, 0)) if shorter_s else stop


def _start(late: Late, stop: Stop, wanted: int) -> tuple[int, int]:
    """When a visit begins that could begin then, and by how many seconds that is too late for its windows."""
    if not stop.windows:
        return wanted, 0
    windows = starts(stop, late.task.teams[late.team])
    possible = [max(wanted, first) for first, last in windows if last >= wanted]
    if possible:
        return possible[0], 0
    return wanted, wanted - max((last for _, last in windows), default=wanted - 60)


def _visit(late: Late, stop: int, arrive: int, start: int, end: int) -> Visit:
    lunch, service = late.task.teams[late.team].lunch, late.task.stops[stop].service_s
    return Visit(stop, with_lunch(arrive, lunch, ending=True), with_lunch(start, lunch, ending=not service),
                 with_lunch(end, lunch, ending=True))  # fmt: skip
