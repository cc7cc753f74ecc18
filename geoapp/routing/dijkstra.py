"""Shortest ways by Dijkstra's search (scipy): where there is no hierarchy, and to check what one says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoapp.routing.graph import Graph

Floats = NDArray[np.float64]


# How far to look at first when one way is sought (ms), and how much farther each time it was too near.
_NEAR_MS, _FARTHER = 300_000.0, 4.0
Options = list[tuple[int, int]]


class Dijkstra:
    """One search for each origin."""

    def __init__(self, graph: Graph) -> None:
        # Of several arcs between the same nodes only the fastest counts; sparse matrices would add them up.
        order = np.lexsort((graph.time_ms, graph.head, graph.tail))
        tail, head = graph.tail[order], graph.head[order]
        first = np.ones(len(order), bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self._arc, self._head = order[first], head[first]
        number = len(graph.lon)
        times = graph.time_ms[self._arc].astype(float)
        self._matrix = csr_array((times, (tail[first], self._head)), shape=(number, number))

    def matrix_ms(self, origins: Sequence[Options], targets: Sequence[Options]) -> Floats:
        """See Shortest."""
        found = np.full((len(origins), len(targets)), np.inf)
        for row, options in enumerate(origins):
            reached = self._from(options)
            for column, ends in enumerate(targets):
                found[row, column] = min((reached[node] + cost for node, cost in ends), default=np.inf)
        return found

    def arcs(self, origin: Options, target: Options) -> tuple[list[int], float]:
        """See Shortest."""
        limit = _NEAR_MS
        while True:
            arcs, ms = self._within(origin, target, limit)
            # What the limit kept out takes longer than the limit.
            if ms <= limit or np.isinf(limit):
                return arcs, ms
            limit = limit * _FARTHER if limit < _NEAR_MS * _FARTHER**5 else np.inf

    def _within(self, origin: Options, target: Options, limit: float) -> tuple[list[int], float]:
        best: tuple[float, list[int]] = (np.inf, [])
        for node, cost in origin:
            reached, before = dijkstra(self._matrix, indices=node, return_predecessors=True, limit=limit)
            for end, more in target:
                if reached[end] + cost + more < best[0]:
                    best = float(reached[end] + cost + more), self._back(before, node, end)
        return best[1], best[0]

    def _from(self, options: Options) -> Floats:
        reached = np.full(self._matrix.shape[0], np.inf)
        for node, cost in options:
            reached = np.minimum(reached, dijkstra(self._matrix, indices=node) + cost)
        return reached

    def _back(self, before: NDArray[np.int32], start: int, end: int) -> list[int]:
        arcs: list[int] = []
        while end != start:
            arcs.append(self._between(int(before[end]), end))
            end = int(before[end])
        return arcs[::-1]

    def _between(self, tail: int, head: int) -> int:
        """The arc from one node to the next."""
        first, last = self._matrix.indptr[tail : tail + 2]
        return int(self._arc[first + np.searchsorted(self._head[first:last], head)])
