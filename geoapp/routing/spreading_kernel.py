"""The inner loops of spreading stops over days: take a few neighbours out, put each back where it costs least."""

from typing import Any, NamedTuple

import numba
import numpy as np

from geoapp.routing.search_kernel import NOWHERE, Arrays, below, length_of, schedule, uniform

# About so many stops are taken out at a time, in strings of at most so many from one route; of so many places one is
# not seen, so that the same stops do not always go back to the same places (Christiaens and Vanden Berghe 2020).
OUT, LONGEST_STRING, BLINK = 10.0, 10.0, 0.01


class Days(NamedTuple):
    """What days cost beside travel, n stops and m days.

    near (n, n): stops from the nearest to the farthest. later_s (m, n): what it costs that a stop waits until that day.
    left_s (n,): what it costs that it is on none. mean_s: about how long a day is; longer ones cost the more.
    """

    near: Any
    later_s: Any
    left_s: Any
    mean_s: Any


class Spread(NamedTuple):
    """Routes as the search has them (see State), and for each stop the day it is on, NOWHERE for none (n,)."""

    routes: Any
    lengths: Any
    early: Any
    late: Any
    day: Any


@numba.njit(nogil=True, cache=True)
def cost(task: Arrays, days: Days, spread: Spread) -> float:
    """Seconds of travel, and more for days of unlike length, for what waits and for what is left out."""
    total = 0.0
    for team in range(len(spread.lengths)):
        length = spread.lengths[team]
        total += length_of(task, spread.routes[team], length) + _long(days, _hours(task, spread, team))
        for place in range(1, length + 1):
            total += days.later_s[team, spread.routes[team, place]]
    for stop in range(len(spread.day)):
        if spread.day[stop] == NOWHERE:
            total += days.left_s[stop]
    return total


@numba.njit(nogil=True, cache=True)
def _hours(task: Arrays, spread: Spread, team: int) -> int:
    """How many seconds a team is out."""
    length = spread.lengths[team]
    return int(spread.early[team, length + 1] - task.begin[team]) if length else 0


@numba.njit(nogil=True, cache=True)
def _long(days: Days, seconds: float) -> float:
    """What a day's length costs: a second more is worth a second on a day as long as the mean, more on a longer one."""
    return float(seconds * seconds / (2.0 * days.mean_s))


@numba.njit(nogil=True, cache=True)
def _taken_out(task: Arrays, days: Days, spread: Spread, random: Any, out: Any) -> int:
    """Take strings of stops round one of them out of their routes, write them into `out`; how many they are."""
    mean = spread.lengths.sum() / len(spread.lengths)
    longest = max(1.0, min(LONGEST_STRING, mean))
    strings = int(uniform(random) * (4.0 * OUT / (1.0 + longest) - 1.0)) + 1
    middle = below(random, len(spread.day))
    ruined = np.zeros(len(spread.lengths), np.bool_)
    count = 0
    for stop in days.near[middle]:
        team = spread.day[stop]
        if strings == 0:
            break
        if team == NOWHERE or ruined[team]:
            continue
        ruined[team] = True
        strings -= 1
        count = _string(spread, team, stop, 1 + below(random, int(min(longest, spread.lengths[team]))), random, out,
                        count)  # fmt: skip
        schedule(task, team, spread.routes[team], spread.lengths[team], spread.early[team], spread.late[team])
    return count


@numba.njit(nogil=True, cache=True)
def _string(spread: Spread, team: int, stop: int, long: int, random: Any, out: Any, count: int) -> int:
    """Take so many stops in a row, one of them this one, out of a route."""
    route, length = spread.routes[team], spread.lengths[team]
    at = 1
    while route[at] != stop:
        at += 1
    lowest, highest = max(1, at - long + 1), min(at, length - long + 1)
    first = lowest + below(random, highest - lowest + 1)
    for place in range(first, first + long):
        out[count] = route[place]
        spread.day[route[place]] = NOWHERE
        count += 1
    for place in range(first, length + 2 - long):
        route[place] = route[place + long]
    spread.lengths[team] = length - long
    return count


@numba.njit(nogil=True, cache=True)
def _best(task: Arrays, days: Days, spread: Spread, stop: int, random: Any) -> tuple[int, int]:
    """The day and place where a stop costs least; NOWHERE where it fits on none."""
    least, best, at = np.inf, NOWHERE, NOWHERE
    windows = task.opens.shape[2]
    for team in range(len(spread.lengths)):
        route, length = spread.routes[team], spread.lengths[team]
        hours = _hours(task, spread, team)
        base = days.later_s[team, stop] - _long(days, hours)
        for place in range(1, length + 2):
            before, after = route[place - 1], route[place]
            longer = task.into[stop, before] + task.out[stop, after] - (task.out[before, after] if length else 0)
            price = longer + base + _long(days, hours + longer + task.service[stop])
            if price >= least or uniform(random) < BLINK:
                continue
            there = spread.early[team, place - 1] + task.service[before] + task.into[stop, before]
            for window in range(windows):
                opens, closes = task.opens[team, stop, window], task.closes[team, stop, window]
                if opens <= closes and there <= closes:
                    if max(there, opens) + task.service[stop] + task.out[stop, after] <= spread.late[team, place]:
                        least, best, at = price, team, place
                    break
    return best, at


@numba.njit(nogil=True, cache=True)
def _put(task: Arrays, spread: Spread, stop: int, team: int, place: int) -> None:
    route = spread.routes[team]
    for at in range(spread.lengths[team] + 1, place - 1, -1):
        route[at + 1] = route[at]
    route[place] = stop
    spread.lengths[team] += 1
    spread.day[stop] = team
    schedule(task, team, route, spread.lengths[team], spread.early[team], spread.late[team])


@numba.njit(nogil=True, cache=True)
def _in_order(task: Arrays, stops: Any, random: Any) -> Any:
    """In which order stops are put back: by lot, the longest visits first, or those first that fit on few days."""
    kind = below(random, 3)
    keys = np.empty(len(stops))
    for at, stop in enumerate(stops):
        room = 0
        for window in range(task.opens.shape[2]):
            room += max(task.closes[0, stop, window] - task.opens[0, stop, window] + 1, 0)
        keys[at] = uniform(random) if kind == 0 else -task.service[stop] if kind == 1 else room
    return stops[np.argsort(keys)]


@numba.njit(nogil=True, cache=True)
def put_back(task: Arrays, days: Days, spread: Spread, stops: Any, random: Any) -> None:
    """Put stops on the days where they cost least, as far as they fit on any."""
    for stop in _in_order(task, stops, random):
        team, place = _best(task, days, spread, stop, random)
        if team != NOWHERE:
            _put(task, spread, stop, team, place)


@numba.njit(nogil=True, cache=True)
def copied(source: Spread, target: Spread) -> None:
    """Write one spread over another."""
    for team in range(len(source.lengths)):
        long = source.lengths[team] + 2
        target.routes[team, :long] = source.routes[team, :long]
        target.early[team, :long] = source.early[team, :long]
        target.late[team, :long] = source.late[team, :long]
    target.lengths[:] = source.lengths
    target.day[:] = source.day


@numba.njit(nogil=True, cache=True)
def improve(
    task: Arrays, days: Days, current: Spread, trial: Spread, best: Spread, costs: Any, random: Any, first: int,
    last: int, of: int, hot: float, cold: float,
) -> None:  # fmt: skip
    """Iterations first to last of simulated annealing laid out for `of`. costs: of the current and the best, kept."""
    stops = len(current.day)
    out = np.empty(stops, np.int64)
    for iteration in range(first, last):
        copied(current, trial)
        left = np.flatnonzero(trial.day == NOWHERE)
        count = _taken_out(task, days, trial, random, out)
        put_back(task, days, trial, np.concatenate((left, out[:count])), random)
        found = cost(task, days, trial)
        temperature = hot * (cold / hot) ** (iteration / of)
        if found < costs[0] - temperature * np.log(max(uniform(random), 1e-12)):
            copied(trial, current)
            costs[0] = found
            if found < costs[1]:
                copied(trial, best)
                costs[1] = found


def warm() -> None:
    """Compile the spreading, or read it from the cache."""
    matrix, windows, nodes = np.zeros((3, 3), np.int64), np.zeros((1, 1, 1), np.int64), np.array([[1, 0, 2]])
    one = np.zeros(1, np.int64)
    task = Arrays(matrix, matrix.copy(), np.zeros(3, np.int64), np.ones(1), windows, windows.copy(), one, one.copy(),
                  True)  # fmt: skip
    days = Days(np.zeros((1, 1), np.int64), np.zeros((1, 1)), np.zeros(1), 1.0)
    spread = Spread(nodes, np.ones(1, np.int64), np.zeros((1, 3), np.int64), np.zeros((1, 3), np.int64), one.copy())
    improve(task, days, spread, spread, spread, np.zeros(2), np.ones(1, np.uint64), 0, 0, 1, 1.0, 1.0)
    put_back(task, days, spread, one[:0], np.ones(1, np.uint64))
    cost(task, days, spread)
