"""Why a stop is left out, what would fit it in, and why the others are where they are.

What is said holds when it is tried: with the minutes that are missing added where they are missing the stop fits; with
the stops that would have to go taken out it fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from geoapp.routing.clock import opening, starts, with_lunch, without_lunch
from geoapp.routing.day import Stop, Task, Team
from geoapp.routing.explaining_kernel import BOUND_S, best_places, kept_places, least_lost
from geoapp.routing.explaining_kernel import filled as fill_in
from geoapp.routing.search import arrays, laid_out
from geoapp.routing.search_kernel import FAR, NOWHERE, Arrays

# Where minutes are missing: the number of a stop whose window it is, or SHIFT for the team's shift.
SHIFT = -1
# How many neighbours in a row, beside any two stops of a route, are tried to be displaced.
IN_A_ROW = 3

Routes = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where else a stop of a route could be.

    other: the team to whose route it could be moved with the least travel, and other_s how much more that is; turn_s:
    how much longer the way is at the best other turn of its own route; None where it fits nowhere. own_window: whether
    it is its own windows alone that allow no other turn.
    """

    stop: int
    team: int
    place: int
    other: int | None
    other_s: int | None
    turn_s: int | None
    own_window: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing in one place of a route. bounds: stops whose windows, or SHIFT, would have to give `seconds`."""

    team: int
    place: int
    seconds: int
    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a stop is left out.

    alone: what is missing if a team did nothing else; None if no team may visit it. best: in its best place. gone: the
    stops of least value that would have to go, of one team (by); None if neither two nor three in a row make room.
    """

    stop: int
    alone: Missing | None
    best: Missing | None
    by: int | None = None
    gone: tuple[int, ...] | None = None


def reasons(task: Task, routes: Routes, keep: frozenset[int] = frozenset()) -> list[Reason]:
    """The reasons of all stops that no route visits. keep: stops that may not be displaced, as
    must-visits may not.
    """
    seen = {stop for route in routes for stop in route}
    left = [stop for stop in range(len(task.stops)) if stop not in seen]
    if not left or not task.teams:
        return [Reason(stop, None, None) for stop in left]
    as_arrays = arrays(task)
    stays = np.array([one.must or number in keep for number, one in enumerate(task.stops)])
    by_itself = _best(task, [()] * len(task.teams), left)
    in_place = _best(task, routes, left)
    found = []
    for stop in left:
        alone, best = by_itself[stop], in_place[stop]
        by, gone = (None, None) if alone is None or alone.seconds else _displaced(task, as_arrays, routes, stop, stays)
        found.append(Reason(stop, alone, best, by, gone))
    return found


def missing_at(task: Task, team: int, route: Sequence[int], stop: int, place: int) -> Missing:
    """What would be missing if a stop were put before the one at a place of a route: nothing if it fits there."""
    late: dict[int, int] = {}
    who = task.teams[team]
    moment, at = without_lunch(who.shift[0], who.lunch), who.start
    for number in (*route[:place], stop, *route[place:]):
        one = task.stops[number]
        begins, over = _begins(one, who, moment + int(task.travel_s[at, one.place]))
        if over > 0:
            late[number] = over
        moment, at = begins + one.service_s, one.place
    if who.end is not None:
        moment += int(task.travel_s[at, who.end])
    over = with_lunch(moment, who.lunch, ending=True) - who.shift[1]
    if over > 0:
        late[SHIFT] = over
    return Missing(team, place, max(late.values(), default=0), tuple(late))


def filled(task: Task, routes: Routes) -> list[list[int]]:
    """Routes with what still fits into them, the most valuable first: a search may end before it has tried that."""
    made = [list(route) for route in routes]
    while True:
        seen = {stop for route in made for stop in route}
        left = [at for at, one in enumerate(task.stops) if at not in seen and (one.must or one.value > 0)]
        if not left or not task.teams:
            return made
        left.sort(key=lambda at: (not task.stops[at].must, -task.stops[at].value, at))
        nodes, lengths = laid_out(task, made)
        if not fill_in(arrays(task), nodes, lengths, np.array(left, np.int64)):
            return made
        made = [nodes[team, 1 : 1 + lengths[team]].tolist() for team in range(len(lengths))]


def kept(task: Task, routes: Routes) -> list[Kept]:
    """Why the stops of routes are where they are; of routes that cannot be driven nothing is said."""
    if not task.stops or not task.teams:
        return []
    found = kept_places(arrays(task), *laid_out(task, routes)).tolist()
    made = []
    for team, route in enumerate(routes):
        for place, stop in enumerate(route):
            drives, other, more, turn, own = found[stop]
            if drives:
                made.append(Kept(stop, team, place, None if other == NOWHERE else other, None if other == NOWHERE else
                                 more, None if turn == FAR else turn, bool(own)))  # fmt: skip
    return made


def allowed(task: Task, stop: int) -> list[int]:
    """The teams that may visit a stop."""
    return [number for number, team in enumerate(task.teams) if team.allowed is None or stop in team.allowed]


def _best(task: Task, routes: Routes, stops: list[int]) -> dict[int, Missing | None]:
    """What is missing in the best place for each stop, at those of its hours where that is least; None where no team
    may visit it.
    """
    best: dict[int, Missing | None] = {}
    for hours in range(max(len(task.stops[stop].windows) for stop in stops) or 1):
        some = [stop for stop in stops if hours < (len(task.stops[stop].windows) or 1)]
        for stop, missing in _best_then(_at_hours(task, some, hours), routes, some).items():
            known = best.setdefault(stop, missing)
            if missing and known and _badness(missing) < _badness(known):
                best[stop] = missing
    return best


def _at_hours(task: Task, stops: list[int], hours: int) -> Task:
    """The task in which stops have one of their windows only."""
    made = list(task.stops)
    for stop in stops:
        made[stop] = replace(made[stop], windows=made[stop].windows[hours : hours + 1])
    return replace(task, stops=made)


def _badness(missing: Missing) -> int:
    return missing.seconds + BOUND_S * len(missing.bounds)


def _best_then(task: Task, routes: Routes, stops: list[int]) -> dict[int, Missing | None]:
    found = best_places(_bound_at_the_end(task), *laid_out(task, routes), np.array(stops, np.int64)).tolist()
    best: dict[int, Missing | None] = {}
    for stop, (team, place) in zip(stops, found, strict=True):
        teams = allowed(task, stop)
        if team != NOWHERE:
            best[stop] = missing_at(task, team, routes[team], stop, place)
        else:  # service fits into no window as a whole, whoever comes: what is missing then is in the window itself
            tries = (missing_at(task, team, routes[team], stop, 0) for team in teams)
            best[stop] = min(tries, key=_badness, default=None)
    return best


def _bound_at_the_end(task: Task) -> Arrays:
    """The task in which nothing but the end of the shift binds stops without windows of their own, as it is told."""
    made = arrays(task)
    for number, team in enumerate(task.teams):
        free = [stop for stop, one in enumerate(task.stops)
                if not one.windows and (team.allowed is None or stop in team.allowed)]  # fmt: skip
        made.opens[number, free, 0], made.closes[number, free, 0] = made.begin[number], FAR
    return made


def _displaced(task: Task, as_arrays: Arrays, routes: Routes, stop: int, stays: "np.typing.NDArray[np.bool_]"
               ) -> tuple[int | None, tuple[int, ...] | None]:  # fmt: skip
    value = np.array([one.value for one in task.stops], np.int64)
    team, count, *gone = least_lost(as_arrays, *laid_out(task, routes), stop, value, stays, IN_A_ROW).tolist()
    return (None, None) if team == NOWHERE else (team, tuple(gone[:count]))


def _begins(stop: Stop, who: Team, arrive: int) -> tuple[int, int]:
    """When service begins (without lunch), and by how much it misses on everybody's clock what it misses least."""
    kept = [max(arrive, first) for first, last in starts(stop, who) if arrive <= last]
    if kept or not stop.windows:
        # Without windows of its own only the shift binds, and that is looked at when it ends.
        return (kept[0] if kept else arrive), 0
    tries = []
    for first, last in stop.windows:
        begins = max(arrive, opening(stop, first, who))
        tries.append((with_lunch(begins + stop.service_s, who.lunch, ending=True) - last, begins))
    over, begins = min(tries)
    return begins, over


def travel_of_route(task: Task, team: int, route: Sequence[int]) -> int:
    """The seconds that a team travels on a route; none where it stays at home."""
    if not route:
        return 0
    who = task.teams[team]
    places = [who.start, *(task.stops[number].place for number in route), *([] if who.end is None else [who.end])]
    return int(sum(task.travel_s[one, other] for one, other in pairwise(places)))
