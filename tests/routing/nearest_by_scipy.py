"""The nearest source by scipy's Dijkstra search, in no step like our own: sources become nodes themselves."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoapp.routing.graph import Graph
from geoapp.routing.nearest import Located
from geoapp.routing.profiles import WALKING_KMH
from geoapp.routing.travel import REACH_M

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def nodes_ms(graph: Graph, sources: Located) -> Floats:
    """Milliseconds from each node to its nearest source."""
    on = sources.on
    assert on is not None
    count, rows = len(graph.lon), np.flatnonzero(on.distance_m <= REACH_M)
    parts = [_fewest(graph.tail, graph.head, graph.time_ms)]
    walk = np.rint(on.distance_m * 3_600 / WALKING_KMH)
    for arc, share in ((graph.there[on.piece[rows]], on.share[rows]), (graph.back[on.piece[rows]], 1 - on.share[rows])):
        some = arc >= 0
        # Nothing is no arc for scipy: all ways to a source take a millisecond more.
        cost = np.rint(graph.time_ms[arc[some]] * share[some]) + walk[rows[some]] + 1
        parts.append((graph.tail[arc[some]], count + rows[some], cost))
        ends = _at_its_end(graph, on.piece[rows], arc, 1 - share)
        parts.append((graph.head[arc[ends]], count + rows[ends], walk[rows[ends]] + 1))
    tail, head, cost = _fewest(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    size = count + len(sources)
    backwards = csr_array((cost, (head, tail)), shape=(size, size))
    return np.asarray(dijkstra(backwards, indices=count + np.arange(len(sources)), min_only=True)[:count]) - 1


def places_ms(graph: Graph, places: Located, sources: Located) -> Floats:
    """Milliseconds from each place to its nearest source, NaN where it is too far from a road; the same piece too."""
    on, to = places.on, sources.on
    assert on is not None
    assert to is not None
    at_nodes = nodes_ms(graph, sources)
    there, back = graph.there[on.piece], graph.back[on.piece]
    ends = [
        np.where(arc >= 0, at_nodes[graph.head[arc]] + np.rint(graph.time_ms[arc] * share), np.inf)
        for arc, share in ((there, 1 - on.share), (back, on.share))
    ]
    for arc, rest in ((there, on.share), (back, 1 - on.share)):
        here = _at_its_end(graph, on.piece, arc, rest)
        ends.append(np.where(here, at_nodes[graph.tail[arc]], np.inf))
    found = np.minimum.reduce(ends)
    for row in np.flatnonzero(to.distance_m <= REACH_M).tolist():
        same = np.flatnonzero(on.piece == to.piece[row])
        ahead = to.share[row] - on.share[same]
        arc = np.where(ahead >= 0, there[same], back[same])
        walk = np.rint(to.distance_m[row] * 3_600 / WALKING_KMH)
        direct = np.where(arc >= 0, np.rint(graph.time_ms[arc] * np.abs(ahead)) + walk, np.inf)
        found[same] = np.minimum(found[same], direct)
    found = found + np.rint(on.distance_m * 3_600 / WALKING_KMH)
    return np.where(on.distance_m <= REACH_M, found, np.nan)


def _at_its_end(graph: Graph, piece: Integers, arc: Integers, rest: Floats) -> NDArray[np.bool_]:
    """Where a place stands at the junction at the other end of a one-way piece, and may take any road."""
    oneway = (graph.there[piece] < 0) | (graph.back[piece] < 0)
    return np.asarray((arc >= 0) & oneway & (np.rint(graph.time_ms[arc] * rest) == 0))


def _fewest(tail: Integers, head: Integers, cost: NDArray[np.generic]) -> tuple[Integers, Integers, Floats]:
    """The cheapest arc between each two nodes: scipy's matrices would add several up."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], np.asarray(cost, float)[order]
    first = np.ones(len(order), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return tail[first], head[first], cost[first]
