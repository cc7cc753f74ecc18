"""The large neighbourhood search itself: take out, put in, keep what is better, and now and then what is not."""

from typing import Any, NamedTuple

import numba
import numpy as np

from geoapp.routing.search_kernel import (
    FAR,
    Arrays,
    State,
    below,
    fill,
    length_of,
    or_opt,
    schedule,
    two_opt,
    uniform,
)

# Parts of all iterations: segments of routes, stops by lot, the rest stops round one of them, which finds most.
SEGMENTS, BY_LOT = 0.2, 0.4
# How much of all, and of one route in segments, is taken out at most.
LARGEST_PART, LARGEST_SEGMENT = 0.5, 0.6
# In how many trials routes that were not touched are looked through for places too: nothing fits there but by luck.
WHOLE = 0.05
# The first part of a search cools down quickly, so that a good plan is there early; then it begins hot again. In later
# rounds some trials take a route over from the best of an earlier one.
QUICK, CROSSED = 0.05, 0.1


class Elites(NamedTuple):
    """The best of each round of cooling down: routes (r, m, n + 2), lengths (r, m), scores (r,).

    alike: whether all teams may drive each other's routes.
    """

    routes: Any
    lengths: Any
    scores: Any
    alike: bool


@numba.njit(nogil=True, cache=True)
def _segments(state: State, random: Any, share: float) -> None:
    """Take a run of stops out of most routes."""
    teams = len(state.lengths)
    for team in range(teams):
        length = state.lengths[team]
        if length == 0 or (teams > 1 and uniform(random) > share):
            continue
        count = 1 + below(random, max(1, min(length, 2 + int(length * LARGEST_SEGMENT))))
        first = 1 + below(random, length)
        for place in range(first, min(first + count, length + 1)):
            state.placed[state.routes[team, place]] = False


@numba.njit(nogil=True, cache=True)
def _by_lot(state: State, random: Any, share: float) -> None:
    for team in range(len(state.lengths)):
        for place in range(1, state.lengths[team] + 1):
            if uniform(random) < share:
                state.placed[state.routes[team, place]] = False


@numba.njit(nogil=True, cache=True)
def _around(task: Arrays, state: State, random: Any, count: int) -> None:
    """Take out the stops nearest to one that is drawn by lot."""
    stops = len(state.placed)
    middle = below(random, stops)
    distance = np.full(stops, FAR, np.int64)
    for stop in range(stops):
        if state.placed[stop]:
            distance[stop] = task.out[middle, stop]
    order = np.argsort(distance)
    for place in range(min(count, stops)):
        state.placed[order[place]] = False


@numba.njit(nogil=True, cache=True)
def _taken_out(task: Arrays, state: State, random: Any, largest: int) -> None:
    """Take some stops out of the routes, and draw what is left together."""
    total = int(state.lengths.sum())
    if total == 0:
        state.changed[:] = True
        return
    count = 1 + below(random, max(2, min(total, 2 + min(int(total * LARGEST_PART), largest))))
    kind = uniform(random)
    if kind < SEGMENTS:
        _segments(state, random, min(0.7, 3.0 * largest / total))
    elif kind < BY_LOT:
        _by_lot(state, random, count / total)
    else:
        _around(task, state, random, count)
    for team in range(len(state.lengths)):
        if _drawn_together(task, state, team) and uniform(random) < 0.3:
            two_opt(task, team, state)
    if uniform(random) < WHOLE:
        state.changed[:] = True


@numba.njit(nogil=True, cache=True)
def _crossed(task: Arrays, state: State, elites: Elites, known: int, random: Any) -> bool:
    """Put a route of an earlier round's best into the place of the route most like it; whether that can be driven."""
    one, other = below(random, known), below(random, len(state.lengths))
    route, long = elites.routes[one, other], elites.lengths[one, other]
    inside = np.zeros(len(state.placed), np.bool_)
    inside[route[1 : long + 1]] = True
    team = _most_like(state, inside) if elites.alike else other
    for place in range(1, state.lengths[team] + 1):
        state.placed[state.routes[team, place]] = False
        state.removed[state.routes[team, place]] = True
    state.placed[inside] = False
    for mine in range(len(state.lengths)):
        if mine != team:
            _drawn_together(task, state, mine)
    state.routes[team, long + 1] = state.routes[team, state.lengths[team] + 1]
    state.routes[team, 1 : long + 1] = route[1 : long + 1]
    state.lengths[team], state.changed[team] = long, True
    state.placed[inside] = True
    return bool(schedule(task, team, state.routes[team], long, state.early[team], state.late[team]))


@numba.njit(nogil=True, cache=True)
def _most_like(state: State, inside: Any) -> int:
    """The team that visits most of some stops."""
    team, most = 0, -1
    for mine in range(len(state.lengths)):
        shared = 0
        for place in range(1, state.lengths[mine] + 1):
            shared += inside[state.routes[mine, place]]
        if shared > most:
            team, most = mine, shared
    return team


@numba.njit(nogil=True, cache=True)
def _drawn_together(task: Arrays, state: State, team: int) -> bool:
    """Close up what is left of a route; whether anything was taken out of it."""
    route, length = state.routes[team], state.lengths[team]
    kept = 1
    for place in range(1, length + 1):
        if state.placed[route[place]]:
            route[kept] = route[place]
            kept += 1
        else:
            state.removed[route[place]] = True
    if kept == length + 1:
        return False
    route[kept] = route[length + 1]
    state.lengths[team], state.changed[team] = kept - 1, True
    schedule(task, team, route, kept - 1, state.early[team], state.late[team])
    return True


@numba.njit(nogil=True, cache=True)
def _refilled(task: Arrays, state: State, random: Any, polish: float) -> None:
    """Put stops in, shorten the ways, and put in what fits then."""
    for turn in range(3):
        added = fill(task, state, random)
        if turn == 2 or (turn > 0 and added == 0) or uniform(random) > polish:
            return
        for team in range(len(state.lengths)):
            if state.changed[team]:
                two_opt(task, team, state)
                or_opt(task, team, state)


@numba.njit(nogil=True, cache=True)
def objective(task: Arrays, state: State, travel_weight: float) -> float:
    """The value of what is visited, less so little for travel that it only decides between equals."""
    value, travel = 0.0, 0
    for team in range(len(state.lengths)):
        for place in range(1, state.lengths[team] + 1):
            value += task.value[state.routes[team, place]]
        travel += length_of(task, state.routes[team], state.lengths[team])
    return value - travel * travel_weight


@numba.njit(nogil=True, cache=True)
def _copied(source: State, target: State) -> None:
    for team in range(len(source.lengths)):
        long = source.lengths[team] + 2
        target.lengths[team] = source.lengths[team]
        target.routes[team, :long] = source.routes[team, :long]
        target.early[team, :long] = source.early[team, :long]
        target.late[team, :long] = source.late[team, :long]
    target.placed[:] = source.placed
    target.changed[:] = False
    target.removed[:] = False


@numba.njit(nogil=True, cache=True)
def _round(iteration: int, of: int, rounds: int) -> tuple[int, float]:
    """Which round of cooling down an iteration is in, and how far from 0 to 1 it has cooled down."""
    quick = int(of * QUICK)
    if iteration < quick:
        return 0, iteration / quick
    part = (iteration - quick) / (of - quick) * rounds
    number = min(int(part), rounds - 1)
    return number + 1, min(part - number, 1.0)


@numba.njit(nogil=True, cache=True)
def search(
    task: Arrays, current: State, trial: State, best: State, scores: Any, random: Any, first: int, last: int, of: int,
    hot: float, cold: float, polish: float, largest: int, travel_weight: float, elites: Elites, rounds: int,
) -> None:  # fmt: skip
    """Iterations first to last of a search laid out for `of`. scores: of the current and the best, written back.

    Simulated annealing in rounds: a worse trial is taken with a chance that falls until a round's end, and no more
    after iteration `of`. largest: how many stops are taken out at most.
    """
    for iteration in range(first, last):
        number, cooled = _round(iteration, of, rounds)
        _copied(current, trial)
        mixed = number > 1 and uniform(random) < CROSSED and _crossed(task, trial, elites, number, random)
        if not mixed:
            _copied(current, trial)
            _taken_out(task, trial, random, largest)
        _refilled(task, trial, random, polish)
        score = objective(task, trial, travel_weight)
        temperature = hot * (cold / hot) ** cooled
        if score > scores[0] or uniform(random) < np.exp(min((score - scores[0]) / temperature, 0.0)):
            _copied(trial, current)
            scores[0] = score
            if score > elites.scores[number]:
                elites.scores[number] = score
                elites.lengths[number] = trial.lengths
                elites.routes[number] = trial.routes
            if score > scores[1]:
                _copied(trial, best)
                scores[1] = score


def warm() -> None:
    """Compile the search, or read it from the cache."""
    nothing = np.zeros((1, 3), np.int64)
    shape = np.zeros((1, 1), np.int64)
    state = State(nothing.copy(), np.zeros(1, np.int64), nothing.copy(), nothing.copy(), np.zeros(1, np.bool_),
                  shape.copy(), shape.copy(), np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.bool_),
                  np.zeros(1, np.bool_))  # fmt: skip
    matrix = np.zeros((3, 3), np.int64)
    windows = np.zeros((1, 1, 1), np.int64)
    task = Arrays(matrix, matrix.copy(), np.zeros(3, np.int64), np.ones(1), windows, windows.copy(),
                  np.zeros(1, np.int64), np.zeros(1, np.int64), True)  # fmt: skip
    elites = Elites(np.zeros((1, 1, 3), np.int64), np.zeros((1, 1), np.int64), np.zeros(1), True)
    search(task, state, state, state, np.zeros(2), np.ones(1, np.uint64), 0, 0, 1, 1.0, 1.0, 1.0, 1, 1.0, elites, 1)
    objective(task, state, 1.0)
