"""Shortest ways by Dijkstra's search (scipy): where there is no hierarchy, and to check what one says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoapp.routing.graph import Graph

Floats = NDArray[np.float64]


class Dijkstra:
    """One search for each origin."""

    def __init__(self, graph: Graph) -> None:
        # Of several arcs between the same nodes only the fastest counts; sparse matrices would add them up.
        order = np.lexsort((graph.time_ms, graph.head, graph.tail))
        tail, head = graph.tail[order], graph.head[order]
        first = np.ones(len(order), bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self._arc = order[first]
        number = len(graph.lon)
        times = graph.time_ms[self._arc].astype(float)
        self._matrix = csr_array((times, (tail[first], head[first])), shape=(number, number))
        self._numbers = {pair: arc for arc, pair in zip(self._arc.tolist(), zip(tail[first].tolist(),
                         head[first].tolist(), strict=True), strict=True)}  # fmt: skip

    def matrix_ms(self, origins: Sequence[list[tuple[int, int]]], targets: Sequence[list[tuple[int, int]]]) -> Floats:
        """See Shortest."""
        found = np.full((len(origins), len(targets)), np.inf)
        for row, options in enumerate(origins):
            reached = self._from(options)
            for column, ends in enumerate(targets):
                found[row, column] = min((reached[node] + cost for node, cost in ends), default=np.inf)
        return found

    def arcs(self, origin: list[tuple[int, int]], target: list[tuple[int, int]]) -> tuple[list[int], float]:
        """See Shortest."""
        best: tuple[float, list[int]] = (np.inf, [])
        for node, cost in origin:
            reached, before = dijkstra(self._matrix, indices=node, return_predecessors=True)
            for end, more in target:
                if reached[end] + cost + more < best[0]:
                    best = float(reached[end] + cost + more), self._back(before, node, end)
        return best[1], best[0]

    def _from(self, options: list[tuple[int, int]]) -> Floats:
        reached = np.full(self._matrix.shape[0], np.inf)
        for node, cost in options:
            reached = np.minimum(reached, dijkstra(self._matrix, indices=node) + cost)
        return reached

    def _back(self, before: NDArray[np.int32], start: int, end: int) -> list[int]:
        arcs: list[int] = []
        while end != start:
            arcs.append(self._numbers[int(before[end]), end])
            end = int(before[end])
        return arcs[::-1]
