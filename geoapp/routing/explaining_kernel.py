"""The inner loops of explaining: every place of every route is tried for every stop that is left out."""

from typing import Any

import numba
import numpy as np

from geoapp.routing.search_kernel import FAR, NOWHERE, Arrays, best_place, schedule

# What one bound more weighs: one that gives a quarter of an hour is easier to move than two that give a minute less.
BOUND_S = 900


@numba.njit(nogil=True, cache=True)
def missing(task: Arrays, team: int, route: Any, length: int) -> tuple[int, int]:
    """How many windows and shifts a route misses if it goes on regardless, and by how much at most; FAR: it may not."""
    moment, bounds, most = task.begin[team], 0, 0
    for place in range(1, length + 1):
        stop = route[place]
        moment += task.out[route[place - 1], stop]
        begins, over = FAR, FAR
        for window in range(task.opens.shape[2]):
            opens, closes = task.opens[team, stop, window], task.closes[team, stop, window]
            if opens <= closes:
                late = max(moment - closes, 0)
                if late < over:
                    begins, over = max(moment, opens), late
        if over >= FAR:
            return FAR, FAR
        if over > 0:
            bounds += 1
            most = max(most, over)
        moment = begins + task.service[stop]
    over = moment + task.out[route[length], route[length + 1]] - task.finish[team]
    if over > 0:
        bounds += 1
        most = max(most, over)
    return bounds, most


@numba.njit(nogil=True, cache=True)
def best_places(task: Arrays, routes: Any, lengths: Any, stops: Any) -> Any:
    """For each stop (k,) the team and place (k, 2) where the least time is missing, of few bounds rather than many."""
    found = np.full((len(stops), 2), NOWHERE, np.int64)
    trial = np.empty(routes.shape[1] + 1, np.int64)
    for row in range(len(stops)):
        least = FAR
        for team in range(len(lengths)):
            for place in range(1, lengths[team] + 2):
                _with(routes[team], lengths[team], stops[row], place, trial)
                bounds, seconds = missing(task, team, trial, lengths[team] + 1)
                badness = seconds + BOUND_S * bounds
                if bounds < FAR and badness < least:
                    least = badness
                    found[row, 0], found[row, 1] = team, place - 1
    return found


@numba.njit(nogil=True, cache=True)
def _with(route: Any, length: int, stop: int, place: int, trial: Any) -> None:
    trial[:place] = route[:place]
    trial[place] = stop
    trial[place + 1 : length + 3] = route[place : length + 2]


@numba.njit(nogil=True, cache=True)
def least_lost(task: Arrays, routes: Any, lengths: Any, stop: int, value: Any, stays: Any, row: int) -> Any:
    """Team, number, and the stops of least value of one route without which another one fits; team NOWHERE if none.

    Tried are up to `row` neighbours, and any two. stays (n,): stops that may not go.
    """
    best = np.full(2 + row, NOWHERE, np.int64)
    least, fewest = FAR, FAR
    gone = np.zeros(row, np.int64)
    for team in range(len(lengths)):
        for first in range(1, lengths[team] + 1):
            for other in range(first, lengths[team] + 1):
                # Neighbours from first to other, or the two alone.
                for pair in range(2):
                    count = 2 if pair else other - first + 1
                    if (pair and other < first + 2) or count > row:
                        continue
                    lost = 0
                    for number in range(count):
                        place = first + number if not pair else (first, other)[number]
                        gone[number] = routes[team, place]
                        lost += FAR if stays[gone[number]] else value[gone[number]]
                    if lost > least or (lost == least and count >= fewest) or lost >= FAR:
                        continue
                    if _fits_without(task, team, routes[team], lengths[team], stop, gone[:count]):
                        least, fewest = lost, count
                        best[0], best[1] = team, count
                        best[2 : 2 + count] = gone[:count]
    return best


@numba.njit(nogil=True, cache=True)
def _fits_without(task: Arrays, team: int, route: Any, length: int, stop: int, gone: Any) -> bool:
    rest = np.empty(length + 2, np.int64)
    kept = 0
    for place in range(length + 2):
        leaves = False
        for number in range(len(gone)):
            leaves = leaves or (1 <= place <= length and route[place] == gone[number])
        if not leaves:
            rest[kept] = route[place]
            kept += 1
    trial, early, late = np.empty(kept + 1, np.int64), np.empty(kept + 1, np.int64), np.empty(kept + 1, np.int64)
    for place in range(1, kept):
        trial[:place] = rest[:place]
        trial[place] = stop
        trial[place + 1 :] = rest[place:kept]
        if schedule(task, team, trial, kept - 1, early, late):
            return True
    return False


@numba.njit(nogil=True, cache=True)
def kept_places(task: Arrays, routes: Any, lengths: Any) -> Any:
    """For each stop (n, 5): whether its route can be driven, where else and at what other turn the stop could be.

    That is: 1 if so; the other team whose way it lengthens least (NOWHERE if none has room), and by how many seconds
    more than here; how many seconds longer its own team's way is at the best other turn (FAR if it fits at none); and 1
    if it would fit at another turn but for its own windows.
    """
    early, late = np.zeros_like(routes), np.zeros_like(routes)
    drives = np.zeros(len(lengths), np.bool_)
    for team in range(len(lengths)):
        drives[team] = schedule(task, team, routes[team], lengths[team], early[team], late[team])
    found = np.zeros((task.opens.shape[1], 5), np.int64)
    found[:, 1], found[:, 2], found[:, 3] = NOWHERE, FAR, FAR
    for team in range(len(lengths)):
        for place in range(1, lengths[team] + 1):
            if drives[team]:
                _elsewhere(task, routes, lengths, early, late, drives, team, place, found[routes[team, place]])
                _other_turn(task, team, routes[team], lengths[team], place, found[routes[team, place]])
    return found


@numba.njit(nogil=True, cache=True)
def _elsewhere(task: Arrays, routes: Any, lengths: Any, early: Any, late: Any, drives: Any, team: int, place: int,
               row: Any) -> None:  # fmt: skip
    row[0] = 1
    stop = routes[team, place]
    here = _longer(task, routes[team, place - 1], stop, routes[team, place + 1], lengths[team] == 1)
    for other in range(len(lengths)):
        if other == team or not drives[other]:
            continue
        _, at = best_place(task.out, task.into, task.service, task.opens[other], task.closes[other], routes[other],
                           early[other], late[other], stop, 1, lengths[other] + 2, FAR, NOWHERE, 0)  # fmt: skip
        if at != NOWHERE:
            more = _longer(task, routes[other, at - 1], stop, routes[other, at], lengths[other] == 0) - here
            if more < row[2]:
                row[1], row[2] = other, more


@numba.njit(nogil=True, cache=True)
def _longer(task: Arrays, before: int, stop: int, after: int, only: bool) -> int:
    """How much longer a way is with a stop; one without any stop is not travelled at all."""
    return int(task.out[before, stop] + task.out[stop, after] - (0 if only else task.out[before, after]))


@numba.njit(nogil=True, cache=True)
def _other_turn(task: Arrays, team: int, route: Any, length: int, place: int, row: Any) -> None:
    stop = route[place]
    rest, early, late = np.empty(length + 1, np.int64), np.empty(length + 1, np.int64), np.empty(length + 1, np.int64)
    rest[:place], rest[place:] = route[:place], route[place + 1 : length + 2]
    if not schedule(task, team, rest, length - 1, early, late):
        return
    least, at = _turn(task, task.opens[team], task.closes[team], rest, early, late, stop, place, length)
    if at != NOWHERE:
        row[3] = least - _longer(task, route[place - 1], stop, route[place + 1], False)
        return
    opens, closes = task.opens[team].copy(), task.closes[team].copy()
    opens[stop, 0], closes[stop, 0] = 0, FAR
    row[4] = 0 if _turn(task, opens, closes, rest, early, late, stop, place, length)[1] == NOWHERE else 1


@numba.njit(nogil=True, cache=True)
def _turn(task: Arrays, opens: Any, closes: Any, rest: Any, early: Any, late: Any, stop: int, place: int, length: int
          ) -> tuple[int, int]:  # fmt: skip
    """The best place in the rest of a route but the one that it comes from."""
    least, at = best_place(task.out, task.into, task.service, opens, closes, rest, early, late, stop,
                           1, place, FAR, NOWHERE, 0)  # fmt: skip
    return best_place(task.out, task.into, task.service, opens, closes, rest, early, late, stop,
                      place + 1, length + 1, least, at, 0)  # fmt: skip


@numba.njit(nogil=True, cache=True)
def filled(task: Arrays, routes: Any, lengths: Any, stops: Any) -> int:
    """Put into the routes, which are written over, what still fits of these stops in their order; how many did."""
    early, late = np.zeros_like(routes), np.zeros_like(routes)
    drives = np.zeros(len(lengths), np.bool_)
    for team in range(len(lengths)):
        drives[team] = schedule(task, team, routes[team], lengths[team], early[team], late[team])
    added = 0
    for stop in stops:
        least, by, before = FAR, NOWHERE, NOWHERE
        for team in range(len(lengths)):
            if drives[team]:
                _, at = best_place(task.out, task.into, task.service, task.opens[team], task.closes[team], routes[team],
                                   early[team], late[team], stop, 1, lengths[team] + 2, FAR, NOWHERE, 0)  # fmt: skip
                if at != NOWHERE:
                    longer = _longer(task, routes[team, at - 1], stop, routes[team, at], lengths[team] == 0)
                    if longer < least:
                        least, by, before = longer, team, at
        if by != NOWHERE:
            routes[by, before + 1 : lengths[by] + 3] = routes[by, before : lengths[by] + 2].copy()
            routes[by, before] = stop
            lengths[by] += 1
            drives[by] = schedule(task, by, routes[by], lengths[by], early[by], late[by])
            added += 1
    return added


def warm() -> None:
    """Compile, or read from the cache."""
    matrix, windows = np.zeros((3, 3), np.int64), np.zeros((1, 1, 1), np.int64)
    none = np.zeros(1, np.int64)
    task = Arrays(matrix, matrix.copy(), np.zeros(3, np.int64), np.ones(1), windows, windows.copy(), none, none.copy(),
                  True)  # fmt: skip
    routes = np.array([[1, 2, 0]], np.int64)
    best_places(task, routes, none, none)
    kept_places(task, routes, none)
    filled(task, routes.copy(), none.copy(), none)
    least_lost(task, routes, none, 0, none, np.zeros(1, np.bool_), 3)
