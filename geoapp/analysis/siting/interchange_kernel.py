"""The compiled part of choosing sites: greedy start, fast interchange, and the search around its answers.

Demand's way to each candidate is an arc with a weighted cost. Interchange keeps, for each demand, the nearest and the
second nearest chosen site, and from them what each swap would save: R. Whitaker, "A fast algorithm for the greedy
interchange for large-scale clustering and median location problems", INFOR 21, 1983, in the form of M. Resende and
R. Werneck, "A fast swap-based local search procedure for location problems", Annals of Operations Research 150, 2007:
a swap changes only what belongs to demand near it. Around a best answer P. Hansen and N. Mladenović's variable
neighbourhoods are searched ("Variable neighborhood search for the p-median", Location Science 5, 1997).
"""

from typing import Any, NamedTuple

import numba
import numpy as np

# Saved by a swap: less than this part of all is rounding.
ROUNDING = 1e-12
# So many sites at most are swapped by lot before interchange begins again.
WIDEST_SHAKE = 12


class Arcs(NamedTuple):
    """What each demand would pay at each candidate that is of use to it.

    start: (n + 1,) where each demand's arcs begin. candidate, cost: (arcs,) by demand, cheapest first, costs times
    weight. base: (n,) what it pays without any candidate, dearer than all its arcs.
    """

    start: Any
    candidate: Any
    cost: Any
    base: Any


class Columns(NamedTuple):
    """The same arcs by candidate: start (m + 1,), demand and cost (arcs,)."""

    start: Any
    demand: Any
    cost: Any


class State(NamedTuple):
    """Where interchange stands: sites by slot (p,), the slot of each candidate (m,), -1 if it is not chosen.

    first, second: (n,) slots of the nearest chosen two, -1 for none; near, next: their costs. gain (m,), loss (p,),
    extra (m, p): a swap of candidate j for slot r saves gain[j] - loss[r] + extra[j, r]. reached: (n,) of inf.
    """

    slots: Any
    slot_of: Any
    first: Any
    second: Any
    near: Any
    next: Any
    gain: Any
    loss: Any
    extra: Any
    reached: Any


@numba.njit(nogil=True, cache=True)
def columns_of(arcs: Arcs, candidates: int) -> Columns:
    """The arcs sorted by candidate, by counting."""
    start = np.zeros(candidates + 1, np.int64)
    for k in range(len(arcs.candidate)):
        start[arcs.candidate[k] + 1] += 1
    for j in range(candidates):
        start[j + 1] += start[j]
    place = start[:-1].copy()
    demand = np.empty(len(arcs.candidate), np.int32)
    cost = np.empty(len(arcs.candidate), np.float64)
    for i in range(len(arcs.base)):
        for k in range(arcs.start[i], arcs.start[i + 1]):
            j = arcs.candidate[k]
            demand[place[j]] = i
            cost[place[j]] = arcs.cost[k]
            place[j] += 1
    return Columns(start, demand, cost)


@numba.njit(nogil=True, cache=True)
def copied(values: Any, into: Any) -> None:
    """Copy one array into another of its length; a loop compiles much faster than a slice."""
    for k in range(len(values)):
        into[k] = values[k]


@numba.njit(nogil=True, cache=True)
def filled(size: int, value: float) -> Any:
    """An array of so many numbers."""
    values = np.empty(size, np.float64)
    for k in range(size):
        values[k] = value
    return values


@numba.njit(nogil=True, cache=True)
def greedy(arcs: Arcs, columns: Columns, count: int) -> Any:
    """Candidates in the order in which each saves most, the lowest of equals first, and what each saves."""
    candidates = len(columns.start) - 1
    order = np.empty(count, np.int64)
    saved = np.zeros(count, np.float64)
    near = arcs.base.copy()
    gain = np.zeros(candidates, np.float64)
    for j in range(candidates):
        for k in range(columns.start[j], columns.start[j + 1]):
            gain[j] += near[columns.demand[k]] - columns.cost[k]
    for step in range(count):
        best = 0
        for j in range(1, candidates):
            if gain[j] > gain[best]:
                best = j
        order[step] = best
        for k in range(columns.start[best], columns.start[best + 1]):
            i, cost = columns.demand[k], columns.cost[k]
            if cost >= near[i]:
                continue
            saved[step] += near[i] - cost
            for a in range(arcs.start[i], arcs.start[i + 1]):
                if arcs.cost[a] >= near[i]:
                    break
                gain[arcs.candidate[a]] -= near[i] - max(arcs.cost[a], cost)
            near[i] = cost
        gain[best] = -np.inf
    return order, saved


@numba.njit(nogil=True, cache=True)
def _look(arcs: Arcs, state: State, i: int) -> None:
    """Find the nearest two chosen sites of a demand."""
    state.first[i] = state.second[i] = -1
    state.near[i] = state.next[i] = arcs.base[i]
    for k in range(arcs.start[i], arcs.start[i + 1]):
        slot = state.slot_of[arcs.candidate[k]]
        if slot < 0:
            continue
        if state.first[i] >= 0:
            state.second[i] = slot
            state.next[i] = arcs.cost[k]
            return
        state.first[i] = slot
        state.near[i] = arcs.cost[k]


@numba.njit(nogil=True, cache=True)
def _count(arcs: Arcs, state: State, i: int, sign: float) -> None:
    """Add what a demand has to say about swaps, or take it away."""
    slot, near, far = state.first[i], state.near[i], state.next[i]
    if slot >= 0:
        state.loss[slot] += sign * (far - near)
    for k in range(arcs.start[i], arcs.start[i + 1]):
        cost = arcs.cost[k]
        if cost >= far:
            break
        j = arcs.candidate[k]
        if cost < near:
            state.gain[j] += sign * (near - cost)
        if slot >= 0:
            state.extra[j, slot] += sign * (far - max(cost, near))


@numba.njit(nogil=True, cache=True)
def _paid(state: State) -> float:
    total = 0.0
    for i in range(len(state.near)):
        total += state.near[i]
    return total


@numba.njit(nogil=True, cache=True)
def _begin(arcs: Arcs, state: State, slots: Any) -> float:
    """Choose these sites, and count everything afresh; what is paid then."""
    for j in range(len(state.slot_of)):
        state.slot_of[j] = -1
        state.gain[j] = 0.0
        for slot in range(len(slots)):
            state.extra[j, slot] = 0.0
    for slot in range(len(slots)):
        state.slots[slot] = slots[slot]
        state.loss[slot] = 0.0
        state.slot_of[slots[slot]] = slot
    for i in range(len(arcs.base)):
        _look(arcs, state, i)
        _count(arcs, state, i, 1.0)
    return _paid(state)


@numba.njit(nogil=True, cache=True)
def _swap(arcs: Arcs, columns: Columns, state: State, j: int, slot: int) -> float:
    """Put candidate j in the place of a slot's site; what is paid then."""
    state.slot_of[state.slots[slot]] = -1
    state.slots[slot] = j
    state.slot_of[j] = slot
    for k in range(columns.start[j], columns.start[j + 1]):
        state.reached[columns.demand[k]] = columns.cost[k]
    for i in range(len(arcs.base)):
        if state.first[i] == slot or state.second[i] == slot or state.reached[i] < state.next[i]:
            _count(arcs, state, i, -1.0)
            _look(arcs, state, i)
            _count(arcs, state, i, 1.0)
    for k in range(columns.start[j], columns.start[j + 1]):
        state.reached[columns.demand[k]] = np.inf
    return _paid(state)


@numba.njit(nogil=True, cache=True)
def _descend(arcs: Arcs, columns: Columns, state: State, value: float) -> float:
    """Make the best swap until none saves anything."""
    while True:
        # Bare numbers would be types of their own, and each would be compiled for.
        most = ROUNDING * value
        best_j: Any = np.int64(-1)
        best_slot: Any = np.int64(-1)
        for j in range(len(state.gain)):
            if state.slot_of[j] >= 0:
                continue
            for slot in range(len(state.slots)):
                saved = state.gain[j] - state.loss[slot] + state.extra[j, slot]
                if saved > most:
                    most, best_j, best_slot = saved, j, slot
        if best_j < 0:
            return value
        left = state.slots[best_slot]
        now = _swap(arcs, columns, state, best_j, best_slot)
        if now >= value:  # the saving was rounding only
            return _swap(arcs, columns, state, left, best_slot)
        value = now


@numba.njit(nogil=True, cache=True)
def _by_lot(random: Any, count: int) -> int:
    """A number below count, of a generator that is the same everywhere (J. Park and K. Miller's)."""
    random[0] = random[0] * 48271 % 2147483647
    return int(random[0] * count // 2147483647)


@numba.njit(nogil=True, cache=True)
def _shake(arcs: Arcs, columns: Columns, state: State, random: Any, swaps: int) -> float:
    """Swap so many sites by lot."""
    value = 0.0
    for _ in range(swaps):
        j = _by_lot(random, len(state.gain))
        while state.slot_of[j] >= 0:
            j = (j + 1) % len(state.gain)
        value = _swap(arcs, columns, state, j, _by_lot(random, len(state.slots)))
    return value


@numba.njit(nogil=True, cache=True)
def interchange(arcs: Arcs, columns: Columns, slots: Any, iterations: int, seed: int) -> Any:
    """The best sites found from these (p,), and what is paid with them; the same for the same seed."""
    n, m, p = len(arcs.base), len(columns.start) - 1, len(slots)
    state = State(
        slots.copy(), np.empty(m, np.int64), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.float64),
        np.empty(n, np.float64), np.empty(m, np.float64), np.empty(p, np.float64), np.empty((m, p), np.float64),
        filled(n, np.inf),
    )  # fmt: skip
    random = np.empty(1, np.int64)
    random[0] = seed % 2147483646 + 1
    best = slots.copy()
    least = _begin(arcs, state, best)
    if p == 0 or p == m:
        return best, least
    least = _descend(arcs, columns, state, least)
    copied(state.slots, best)
    widest = min(p, m - p, WIDEST_SHAKE)
    swaps: Any = np.int64(1)
    for _ in range(iterations):
        value = _descend(arcs, columns, state, _shake(arcs, columns, state, random, swaps))
        if value < least:
            least, swaps = value, np.int64(1)
            copied(state.slots, best)
            continue
        swaps = swaps % widest + 1
        _begin(arcs, state, best)
    return best, least


def warm() -> None:
    """Compile for the types that are used."""
    arcs = Arcs(np.array([0, 2]), np.array([0, 1], np.int32), np.array([1.0, 2.0]), np.array([3.0]))
    columns = columns_of(arcs, 2)
    order, _ = greedy(arcs, columns, 1)
    interchange(arcs, columns, order, 1, 1)
