"""The inner loops of the search: schedules, insertions, exchanges within a route."""

from typing import Any, NamedTuple

import numba
import numpy as np

FAR = 1 << 60
NOWHERE = -1
# In this part of all fillings so many of 64 places are not seen for a stop, now these and now those: the cheapest place
# is not always the right one (Christiaens and Vanden Berghe 2020).
BLINKING, BLINKS = 0.5, 4
# Each stop's luck in a filling: little in most fillings, much in some of them, which leads out of what is good already.
NOISE, LUCKY, LUCK = 0.5, 0.2, 2.0


class Arrays(NamedTuple):
    """A task as arrays: n stops, m teams, w windows on each team's clock without lunch.

    Nodes: first the stops, then each team's start and end. out, into (q, q): travel from a node to each, and to it from
    each: the same numbers, so that either lies in a row. service (q,), 0 for starts and ends. value (n,) with
    must-visits above all. opens, closes (m, n, w): when service may begin, closes below opens where there is no window.
    begin, finish (m,). symmetric: whether every way takes as long back.
    """

    out: Any
    into: Any
    service: Any
    value: Any
    opens: Any
    closes: Any
    begin: Any
    finish: Any
    symmetric: Any


class State(NamedTuple):
    """What the search works on.

    routes (m, n + 2): nodes from a team's start to its end, with lengths (m,) stops between them; early, late
    (m, n + 2): earliest and latest beginnings of service. placed (n,). cost, where (n, m): by how much a stop lengthens
    a route at least, and before which of its nodes; least, by (n,): the least of these, and of which team.
    changed (m,), removed (n,): which routes are not as they were, and which stops were taken out of them.
    """

    routes: Any
    lengths: Any
    early: Any
    late: Any
    placed: Any
    cost: Any
    where: Any
    least: Any
    by: Any
    changed: Any
    removed: Any


@numba.njit(nogil=True, cache=True)
def uniform(random: Any) -> float:
    """A number from 0 to 1 by xorshift64*: its state is one number that the caller keeps, so that a search replays."""
    state = random[0]
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    state ^= state >> np.uint64(27)
    random[0] = state
    return float((state * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@numba.njit(nogil=True, cache=True)
def below(random: Any, number: int) -> int:
    """A whole number from 0 to number - 1."""
    return min(int(uniform(random) * number), number - 1)


@numba.njit(nogil=True, cache=True)
def earliest(task: Arrays, team: int, stop: int, moment: int) -> int:
    """When service can begin for somebody who is there at a moment; FAR if no more."""
    for window in range(task.opens.shape[2]):
        opens, closes = task.opens[team, stop, window], task.closes[team, stop, window]
        if opens <= closes and moment <= closes:
            return int(max(moment, opens))
    return FAR


@numba.njit(nogil=True, cache=True)
def latest(task: Arrays, team: int, stop: int, moment: int) -> int:
    """When service can begin at the latest so that it does not after a moment; -1 if never."""
    for window in range(task.opens.shape[2] - 1, -1, -1):
        opens, closes = task.opens[team, stop, window], task.closes[team, stop, window]
        if opens <= closes and opens <= moment:
            return int(min(moment, closes))
    return -1


@numba.njit(nogil=True, cache=True)
def schedule(task: Arrays, team: int, route: Any, length: int, early: Any, late: Any) -> bool:
    """Write the earliest and latest beginnings along a route; whether it can be driven at all."""
    moment = task.begin[team]
    early[0] = moment
    for place in range(1, length + 1):
        stop = route[place]
        moment = earliest(task, team, stop, moment + task.out[route[place - 1], stop])
        early[place] = moment
        if moment >= FAR:
            return False
        moment += task.service[stop]
    early[length + 1] = moment + task.out[route[length], route[length + 1]]
    limit = task.finish[team]
    late[length + 1] = limit
    if early[length + 1] > limit:
        return False
    for place in range(length, 0, -1):
        stop = route[place]
        limit = latest(task, team, stop, limit - task.out[stop, route[place + 1]] - task.service[stop])
        late[place] = limit
        if limit < early[place]:
            return False
    return True


@numba.njit(nogil=True, cache=True)
def cheapest(task: Arrays, team: int, state: State, salt: int) -> None:
    """Write for each stop that is left where it lengthens a team's way least, and by how much; NOWHERE if it fits
    nowhere: as what was left before does in a route that is as it was, since else it would have been put in.
    """
    route, length = state.routes[team], state.lengths[team]
    early, late = state.early[team], state.late[team]
    opens, closes = task.opens[team], task.closes[team]
    changed = state.changed[team]
    for stop in range(len(state.placed)):
        if not state.placed[stop]:
            least, at = FAR, NOWHERE
            if changed or state.removed[stop]:
                least, at = best_place(task.out, task.into, task.service, opens, closes, route, early, late, stop,
                                       1, length + 2, FAR, NOWHERE, salt)  # fmt: skip
            state.cost[stop, team], state.where[stop, team] = least, at


@numba.njit(nogil=True, cache=True)
def least_of_all(state: State, stop: int) -> None:
    """Write by which team a stop is visited with the least way."""
    least, by = FAR, NOWHERE
    for team in range(len(state.lengths)):
        if state.cost[stop, team] < least:
            least, by = state.cost[stop, team], team
    state.least[stop], state.by[stop] = least, by


@numba.njit(nogil=True, cache=True)
def best_place(
    out: Any, into: Any, service: Any, opens: Any, closes: Any, route: Any, early: Any, late: Any, stop: int,
    first: int, last: int, least: int, at: int, salt: int,
) -> tuple[int, int]:  # fmt: skip
    """The place from first to last - 1 before which a stop lengthens a route by less than `least`; `at` if none does.

    What begins there early enough for the latest beginning of the next node keeps all windows after it. (Arrays one by
    one, and all in one function: the calls would take longer than what they do.)
    """
    windows = opens.shape[1]
    for place in range(first, last):
        before, after = route[place - 1], route[place]
        to, on = into[stop, before], out[stop, after]
        longer = to + on - out[before, after]
        if longer >= least or (salt and (stop * 0x9E3779B1 + before * 0x85EBCA6B + salt) >> 9 & 63 < BLINKS):
            continue
        there = early[place - 1] + service[before] + to
        for window in range(windows):
            if opens[stop, window] <= closes[stop, window] and there <= closes[stop, window]:
                if max(there, opens[stop, window]) + service[stop] + on <= late[place]:
                    least, at = longer, place
                break
    return least, at


@numba.njit(nogil=True, cache=True)
def after_putting(task: Arrays, team: int, state: State, new: int, salt: int) -> None:
    """The same after a stop was put at a place: only beside it is anything new, and elsewhere less fits.

    A stop that fitted nowhere can fit beside the new one only.
    """
    route, length = state.routes[team], state.lengths[team]
    early, late = state.early[team], state.late[team]
    opens, closes = task.opens[team], task.closes[team]
    for stop in range(len(state.placed)):
        if state.placed[stop]:
            continue
        place = state.where[stop, team]
        first, last, least, at = new, new + 2, FAR, NOWHERE
        if place != NOWHERE:
            kept = place + 1 if place > new else place
            if place != new:
                least, at = best_place(task.out, task.into, task.service, opens, closes, route, early, late, stop,
                                       kept, kept + 1, FAR, NOWHERE, salt)  # fmt: skip
            if at == NOWHERE:
                first, last = 1, length + 2
        least, at = best_place(task.out, task.into, task.service, opens, closes, route, early, late, stop,
                               first, last, least, at, salt)  # fmt: skip
        state.cost[stop, team], state.where[stop, team] = least, at
        if state.by[stop] == team:
            least_of_all(state, stop)
        elif least < state.least[stop]:
            state.least[stop], state.by[stop] = least, team


@numba.njit(nogil=True, cache=True)
def put(task: Arrays, state: State, stop: int, team: int, place: int, salt: int) -> None:
    """Put a stop into a route, and see anew where the others would fit into it."""
    route = state.routes[team]
    for at in range(state.lengths[team] + 1, place - 1, -1):
        route[at + 1] = route[at]
    route[place] = stop
    state.lengths[team] += 1
    state.placed[stop], state.changed[team] = True, True
    schedule(task, team, route, state.lengths[team], state.early[team], state.late[team])
    after_putting(task, team, state, place, salt)


@numba.njit(nogil=True, cache=True)
def chosen(state: State, service: Any, worth: Any) -> int:
    """The stop worth most for the time it takes; NOWHERE if none fits."""
    most, choice = 0.0, NOWHERE
    for stop in range(len(state.placed)):
        if not state.placed[stop] and state.by[stop] != NOWHERE:
            score = worth[stop] / (max(state.least[stop], 0) + 0.3 * service[stop] + 1.0)
            if score > most:
                most, choice = score, stop
    return choice


@numba.njit(nogil=True, cache=True)
def drawn_worth(value: Any, random: Any) -> Any:
    """What stops are worth in one filling: a power of their value, and some luck that each has in all of it."""
    power = 0.5 + uniform(random) * 2.0
    luck = uniform(random) * NOISE if uniform(random) > LUCKY else LUCK
    worth = value**power
    for stop in range(len(worth)):
        worth[stop] *= np.exp(luck * (uniform(random) + uniform(random) - 1.0))
    return worth


@numba.njit(nogil=True, cache=True)
def fill(task: Arrays, state: State, random: Any) -> int:
    """Put in what is worth most for its time, until nothing fits; how many were put in."""
    worth = drawn_worth(task.value, random)
    salt = below(random, 1 << 30) if uniform(random) < BLINKING else 0
    for team in range(len(state.lengths)):
        cheapest(task, team, state, salt)
    for stop in range(len(state.placed)):
        if not state.placed[stop]:
            least_of_all(state, stop)
    added = 0
    while True:
        stop = chosen(state, task.service, worth)
        if stop == NOWHERE:
            return added
        team = state.by[stop]
        put(task, state, stop, team, state.where[stop, team], salt)
        added += 1


@numba.njit(nogil=True, cache=True)
def turn(route: Any, first: int, last: int) -> None:
    """Reverse a part of a route."""
    while first < last:
        route[first], route[last] = route[last], route[first]
        first += 1
        last -= 1


@numba.njit(nogil=True, cache=True)
def length_of(task: Arrays, route: Any, length: int) -> int:
    """A route's travel; a team that visits nothing stays where it is."""
    total = 0
    if length:
        for place in range(length + 1):
            total += task.out[route[place], route[place + 1]]
    return total


@numba.njit(nogil=True, cache=True)
def turned_gain(task: Arrays, route: Any, first: int, last: int) -> int:
    """How much shorter a route becomes when a part of it is reversed."""
    before, after = route[first - 1], route[last + 1]
    gained = task.out[before, route[first]] + task.out[route[last], after]
    gained -= task.out[before, route[last]] + task.out[route[first], after]
    if not task.symmetric:
        for place in range(first, last):
            gained += task.out[route[place], route[place + 1]] - task.out[route[place + 1], route[place]]
    return int(gained)


@numba.njit(nogil=True, cache=True)
def two_opt(task: Arrays, team: int, state: State) -> None:
    """Reverse parts of a route as long as that makes it shorter."""
    route, length = state.routes[team], state.lengths[team]
    early, late = state.early[team], state.late[team]
    better = True
    while better:
        better = False
        for first in range(1, length):
            for last in range(first + 1, length + 1):
                if turned_gain(task, route, first, last) <= 0:
                    continue
                turn(route, first, last)
                if schedule(task, team, route, length, early, late):
                    better = True
                else:
                    turn(route, first, last)
    schedule(task, team, route, length, early, late)


@numba.njit(nogil=True, cache=True)
def moved(route: Any, first: int, count: int, to: int) -> None:
    """Move so many nodes of a route before the one that stood at another place, by turning three parts."""
    low, middle, high = (to, first, first + count) if to < first else (first, first + count, to)
    turn(route, low, middle - 1)
    turn(route, middle, high - 1)
    turn(route, low, high - 1)


@numba.njit(nogil=True, cache=True)
def gain(task: Arrays, route: Any, first: int, count: int, to: int) -> int:
    """How much shorter a route becomes when some of its stops are moved before the node at another place."""
    one, last = route[first], route[first + count - 1]
    before, after, left, right = route[first - 1], route[first + count], route[to - 1], route[to]
    away = task.out[before, one] + task.out[last, after] - task.out[before, after]
    there = task.out[left, one] + task.out[last, right] - task.out[left, right]
    return int(away - there)


@numba.njit(nogil=True, cache=True)
def or_opt(task: Arrays, team: int, state: State) -> None:
    """Move one to three stops in a row to where they lengthen the way least, as long as that makes it shorter."""
    route, length = state.routes[team], state.lengths[team]
    early, late = state.early[team], state.late[team]
    for _ in range(50):
        better = False
        for count in range(1, 4):
            for first in range(1, length - count + 2):
                most, best = 0, NOWHERE
                for to in range(1, length + 2):
                    if not first <= to <= first + count:
                        found = gain(task, route, first, count, to)
                        if found > most:
                            most, best = found, to
                if best == NOWHERE:
                    continue
                moved(route, first, count, best)
                if schedule(task, team, route, length, early, late):
                    better = True
                elif best < first:
                    moved(route, best, count, first + count)
                else:
                    moved(route, best - count, count, first)
        if not better:
            break
    schedule(task, team, route, length, early, late)
