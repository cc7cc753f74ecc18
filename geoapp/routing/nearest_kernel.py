"""The inner loops of the search for the nearest: one search from all sources, then one look at each place.

Costs are whole numbers, so that every way to compute them gives the same: `cost` is what is made least, `other` is what
is counted along the way (metres where time counts, and the other way round). Of equally cheap ways the one to the
source of the lowest number is taken, of several to that one the one with the least of the other.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

# What cannot be reached costs this; sums of two of it still fit.
NEVER = 1 << 60
NOBODY = -1
# A cost and its node in one number: 16 million nodes, 17 years in milliseconds.
_NODE_BITS = 24


class Arcs(NamedTuple):
    """What the kernels read of a graph: costs and others (a,) of the arcs, the arcs into each node, and its pieces.

    tail, head (a,). first (n + 1,): of the arcs into a node; from_node, from_cost, from_other (a,) of these in the
    order of their heads. there, back (p,): arcs along and against a piece of road, NOBODY where there is none.
    """

    tail: Integers
    head: Integers
    cost: Integers
    other: Integers
    first: Integers
    from_node: Integers
    from_cost: Integers
    from_other: Integers
    there: Integers
    back: Integers


class Spots(NamedTuple):
    """Places on the pieces of road (n,): piece, share of its length, and cost and other of the walk to the road.

    lon, lat in degrees; near: whether one is taken to be by the road at all.
    """

    piece: Integers
    share: Any
    cost: Integers
    other: Integers
    lon: Any
    lat: Any
    near: Any


class Reached(NamedTuple):
    """The least cost (n,) from each node to a source, the other along that way, and the number of the source."""

    cost: Integers
    other: Integers
    source: Integers


@numba.njit(nogil=True, cache=True)
def _share(of: int, share: float) -> int:
    return int(np.rint(of * share))


@numba.njit(nogil=True, cache=True, inline="always")
def _push(heap: Integers, size: int, item: int) -> None:
    """Put an item into a heap in which each has four below it."""
    place = size
    while place > 0:
        above = (place - 1) >> 2
        if heap[above] <= item:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = item


@numba.njit(nogil=True, cache=True, inline="always")
def _pop(heap: Integers, size: int) -> int:
    """Take the least item out of a heap that has so many."""
    least, item, place = heap[0], heap[size - 1], 0
    while True:
        first = 4 * place + 1
        if first >= size - 1:
            break
        below, lowest = first, heap[first]
        for other in range(first + 1, min(first + 4, size - 1)):
            if heap[other] < lowest:
                below, lowest = other, heap[other]
        if lowest >= item:
            break
        heap[place] = lowest
        place = below
    heap[place] = item
    return int(least)


@numba.njit(nogil=True, cache=True)
def _ends(oneway: bool, whole: int, rest: float) -> int:
    """At how many ends of an arc a place is to be had: two where it stands at the other junction of a one-way piece.

    There any road may be taken. whole: the arc's cost; rest: the share of it between the place and that end.
    """
    return 2 if oneway and _share(whole, rest) == 0 else 1


@numba.njit(nogil=True, cache=True)
def _begin(arcs: Arcs, sources: Spots, first: int, last: int, limit: int, heap: Integers, reached: Reached) -> int:
    """Tell the nodes from which one gets to a source without another node, and give the size of the heap."""
    size = 0
    for source in range(first, last):
        if not sources.near[source]:
            continue
        piece, share = sources.piece[source], sources.share[source]
        oneway = arcs.there[piece] < 0 or arcs.back[piece] < 0
        for ahead in range(2):
            arc = arcs.there[piece] if ahead else arcs.back[piece]
            if arc < 0:
                continue
            part = share if ahead else 1.0 - share
            for end in range(_ends(oneway, arcs.cost[arc], 1.0 - part)):
                node, along = (arcs.head[arc], 0.0) if end else (arcs.tail[arc], part)
                cost = sources.cost[source] + _share(arcs.cost[arc], along)
                other, known = sources.other[source] + _share(arcs.other[arc], along), reached.cost[node]
                # Sources come in the order of their numbers; a loop of road has one node at both ends.
                same = cost == known and source == reached.source[node] and other < reached.other[node]
                if cost <= limit and (cost < known or same):
                    reached.cost[node], reached.other[node], reached.source[node] = cost, other, source
                    _push(heap, size, (cost << _NODE_BITS) | node)
                    size += 1
    return size


@numba.njit(nogil=True, cache=True)
def search(arcs: Arcs, sources: Spots, first: int, last: int, limit: int, heap: Integers, reached: Reached) -> None:
    """Fill in for each node what it costs to get to the nearest of the sources first to last - 1, up to a limit.

    Dijkstra 1959 with a heap of four, against the direction of the arcs. heap: room for an entry an arc and two a
    source.
    """
    reached.cost[:], reached.other[:], reached.source[:] = NEVER, NEVER, NOBODY
    size = _begin(arcs, sources, first, last, limit, heap, reached)
    costs, others, numbers = reached.cost, reached.other, reached.source
    starts, tails, more, other_more = arcs.first, arcs.from_node, arcs.from_cost, arcs.from_other
    while size > 0:
        entry = _pop(heap, size)
        size -= 1
        cost, node = entry >> _NODE_BITS, entry & ((1 << _NODE_BITS) - 1)
        if cost != costs[node]:
            continue
        source, before = numbers[node], others[node]
        for arc in range(starts[node], starts[node + 1]):
            tail, whole = tails[arc], cost + more[arc]
            known = costs[tail]
            if whole > known or whole > limit:
                continue
            other = before + other_more[arc]
            if whole == known:
                # Its entry is in the heap already, and every node that is nearer was before it.
                if source < numbers[tail] or (source == numbers[tail] and other < others[tail]):
                    numbers[tail], others[tail] = source, other
                continue
            costs[tail], others[tail], numbers[tail] = whole, other, source
            _push(heap, size, (whole << _NODE_BITS) | tail)
            size += 1


@numba.njit(nogil=True, cache=True)
def _direct(arcs: Arcs, place: int, spots: Spots, source: int, sources: Spots) -> tuple[int, int]:
    """Cost and other from the road by a place to the road by a source on the same piece, and of the walk from there."""
    ahead = sources.share[source] - spots.share[place]
    arc = arcs.there[spots.piece[place]] if ahead >= 0.0 else arcs.back[spots.piece[place]]
    if arc < 0:
        return NEVER, NEVER
    cost = int(sources.cost[source] + _share(arcs.cost[arc], abs(ahead)))
    return cost, int(sources.other[source] + _share(arcs.other[arc], abs(ahead)))


@numba.njit(nogil=True, cache=True)
def at_places(
    arcs: Arcs, sources: Spots, order: Integers, starts: Integers, reached: Reached, spots: Spots, found: Reached,
    only: int,
) -> None:  # fmt: skip
    """Fill in for each place what it costs to get to its nearest source, from what each node says.

    order (k,), starts (p + 1,): the sources on each piece. only: one source that counts, NOBODY if all do. Who is where
    a source is, is there, however far from the road that may be.
    """
    for place in range(len(spots.piece)):
        least, least_other, nearest = NEVER, NEVER, NOBODY
        piece, share = spots.piece[place], spots.share[place]
        if piece < 0:
            found.cost[place], found.other[place], found.source[place] = NEVER, NEVER, NOBODY
            continue
        oneway = arcs.there[piece] < 0 or arcs.back[piece] < 0
        for ahead in range(2):
            arc = arcs.there[piece] if ahead else arcs.back[piece]
            if arc < 0 or not spots.near[place]:
                continue
            part = 1.0 - share if ahead else share
            for end in range(_ends(oneway, arcs.cost[arc], 1.0 - part)):
                node, along = (arcs.tail[arc], 0.0) if end else (arcs.head[arc], part)
                source = reached.source[node]
                if source < 0:
                    continue
                cost = reached.cost[node] + _share(arcs.cost[arc], along) + spots.cost[place]
                other = reached.other[node] + _share(arcs.other[arc], along) + spots.other[place]
                if cost < least or (
                    cost == least and (source < nearest or (source == nearest and other < least_other))
                ):
                    least, least_other, nearest = cost, other, source
        for row in range(starts[piece], starts[piece + 1]):
            source = order[row]
            if only >= 0 and source != only:
                continue
            if sources.lon[source] == spots.lon[place] and sources.lat[source] == spots.lat[place]:
                cost, other = 0, 0
            elif spots.near[place] and sources.near[source]:
                cost, other = _direct(arcs, place, spots, source, sources)
                cost, other = cost + spots.cost[place], other + spots.other[place]
            else:
                continue
            if cost < NEVER and (
                cost < least or (cost == least and (source < nearest or (source == nearest and other < least_other)))
            ):
                least, least_other, nearest = cost, other, source
        found.cost[place], found.other[place], found.source[place] = least, least_other, nearest


@numba.njit(nogil=True, cache=True)
def told(found: Reached, spots: Spots, limit: int, states: Any, cost: Any, other: Any, state: Any) -> None:
    """Fill in what was found (n,) in thousands, infinite or NaN where nothing was, and how it stands with each place.

    states: numbers for what is reached, not reached, too far from a road, and unknown. The source of what is not
    reached becomes NOBODY.
    """
    for place in range(len(found.cost)):
        if found.cost[place] <= limit:
            cost[place], other[place] = found.cost[place] / 1_000.0, found.other[place] / 1_000.0
            state[place] = states[0]
            continue
        found.source[place] = NOBODY
        cost[place] = other[place] = np.inf if spots.near[place] else np.nan
        if spots.near[place]:
            state[place] = states[1]
        else:
            known = np.isfinite(spots.lon[place]) and np.isfinite(spots.lat[place])
            state[place] = states[2] if known else states[3]


@numba.njit(nogil=True, cache=True)
def columns(
    arcs: Arcs, sources: Spots, order: Integers, starts: Integers, spots: Spots, limit: int, heap: Integers,
    nodes: Reached, found: Reached, costs: Any,
) -> None:  # fmt: skip
    """Fill in costs (k, n) from each place to each source, in thousands; infinite beyond the limit."""
    for source in range(len(sources.piece)):
        search(arcs, sources, source, source + 1, limit, heap, nodes)
        at_places(arcs, sources, order, starts, nodes, spots, found, source)
        for place in range(len(spots.piece)):
            cost = found.cost[place]
            costs[source, place] = np.float32(cost / 1_000.0) if cost <= limit else np.float32(np.inf)


def warm() -> None:
    """Compile the searches, or read them from the cache."""
    one = np.zeros(1, np.int64)
    arcs = Arcs(one, one, one + 1, one + 1, np.array([0, 1]), one, one + 1, one + 1, one, one - 1)
    spots = Spots(one, np.zeros(1), one, one, np.zeros(1), np.zeros(1), np.ones(1, np.bool_))
    nodes, found = (Reached(one.copy(), one.copy(), one.copy()) for _ in range(2))
    heap = np.zeros(4, np.int64)
    search(arcs, spots, 0, 1, 10, heap, nodes)
    at_places(arcs, spots, one, np.array([0, 1]), nodes, spots, found, NOBODY)
    told(found, spots, 10, np.zeros(4, np.uint8), np.zeros(1), np.zeros(1), np.zeros(1, np.uint8))
    columns(arcs, spots, one, np.array([0, 1]), spots, 10, heap, nodes, found, np.zeros((1, 1), np.float32))
