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

    tail, head (a,). first (n + 1,): of the arcs into a node, into (a,): arcs in the order of their heads. there, back
    (p,): arcs along and against a piece of road, NOBODY where there is none.
    """

    tail: Integers
    head: Integers
    cost: Integers
    other: Integers
    first: Integers
    into: Integers
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
def _up(heap: Integers, place: int) -> None:
    item = heap[place]
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= item:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = item


@numba.njit(nogil=True, cache=True)
def _down(heap: Integers, size: int) -> None:
    item, place = heap[0], 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= item:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = item


@numba.njit(nogil=True, cache=True)
def _better(cost: int, source: int, other: int, reached: Reached, node: int) -> bool:
    if cost != reached.cost[node]:
        return bool(cost < reached.cost[node])
    if source != reached.source[node]:
        return bool(source < reached.source[node])
    return bool(other < reached.other[node])


@numba.njit(nogil=True, cache=True)
def _share(of: int, share: float) -> int:
    return int(np.rint(of * share))


@numba.njit(nogil=True, cache=True)
def _offer(heap: Integers, size: int, node: int, cost: int, source: int, other: int, reached: Reached) -> int:
    """Tell a node of a way, and give the new size of the heap."""
    if not _better(cost, source, other, reached, node):
        return size
    # An entry of the same cost is in the heap already.
    waits = cost == reached.cost[node]
    reached.cost[node], reached.source[node], reached.other[node] = cost, source, other
    if waits:
        return size
    heap[size] = (cost << _NODE_BITS) | node
    _up(heap, size)
    return size + 1


@numba.njit(nogil=True, cache=True)
def search(arcs: Arcs, sources: Spots, first: int, last: int, limit: int, heap: Integers, reached: Reached) -> None:
    """Fill in for each node what it costs to get to the nearest of the sources first to last - 1, up to a limit.

    heap: room for an entry an arc and two a source.
    """
    reached.cost[:], reached.other[:], reached.source[:] = NEVER, NEVER, NOBODY
    size = 0
    for source in range(first, last):
        if not sources.near[source]:
            continue
        piece, share = sources.piece[source], sources.share[source]
        for ahead in range(2):
            arc = arcs.there[piece] if ahead else arcs.back[piece]
            if arc < 0:
                continue
            part = share if ahead else 1.0 - share
            cost = sources.cost[source] + _share(arcs.cost[arc], part)
            other = sources.other[source] + _share(arcs.other[arc], part)
            if cost <= limit:
                size = _offer(heap, size, arcs.tail[arc], cost, source, other, reached)
    while size > 0:
        entry = heap[0]
        size -= 1
        heap[0] = heap[size]
        _down(heap, size)
        cost, node = entry >> _NODE_BITS, entry & ((1 << _NODE_BITS) - 1)
        if cost != reached.cost[node]:
            continue
        source, other = reached.source[node], reached.other[node]
        for place in range(arcs.first[node], arcs.first[node + 1]):
            arc = arcs.into[place]
            whole = cost + arcs.cost[arc]
            if whole <= limit:
                size = _offer(heap, size, arcs.tail[arc], whole, source, other + arcs.other[arc], reached)


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
        for ahead in range(2):
            arc = arcs.there[piece] if ahead else arcs.back[piece]
            if arc < 0 or not spots.near[place]:
                continue
            node = arcs.head[arc]
            if reached.source[node] < 0:
                continue
            part = 1.0 - share if ahead else share
            cost = reached.cost[node] + _share(arcs.cost[arc], part) + spots.cost[place]
            other = reached.other[node] + _share(arcs.other[arc], part) + spots.other[place]
            source = reached.source[node]
            if cost < least or (cost == least and (source < nearest or (source == nearest and other < least_other))):
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
    arcs = Arcs(one, one, one + 1, one + 1, np.array([0, 1]), one, one, one - 1)
    spots = Spots(one, np.zeros(1), one, one, np.zeros(1), np.zeros(1), np.ones(1, np.bool_))
    nodes, found = (Reached(one.copy(), one.copy(), one.copy()) for _ in range(2))
    heap = np.zeros(4, np.int64)
    search(arcs, spots, 0, 1, 10, heap, nodes)
    at_places(arcs, spots, one, np.array([0, 1]), nodes, spots, found, NOBODY)
    columns(arcs, spots, one, np.array([0, 1]), spots, 10, heap, nodes, found, np.zeros((1, 1), np.float32))
