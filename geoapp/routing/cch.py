"""Shortest ways by customizable contraction hierarchies (routingkit-cch), where its wheel is installed."""

import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoapp.routing.graph import Graph

library: Any
try:
    library = import_module("routingkit_cch")
except ImportError:  # no wheel for this machine (it needs glibc 2.34 or later)
    library = None

Floats = NDArray[np.float64]


class Hierarchy:
    """Dibbelt, Strasser and Wagner 2016. Any thread may ask; queries of one hierarchy wait for each other."""

    def __init__(self, graph: Graph, order: NDArray[np.uint32] | None = None) -> None:
        tail, head = graph.tail.astype(np.uint32), graph.head.astype(np.uint32)
        self.order = order_of(graph) if order is None else order
        # The hierarchy refers to what it was made of: all parts are kept as long as it is.
        self._cch = library.CCH(self.order, tail, head, False)
        self._asking = threading.Lock()
        self._metric = library.CCHMetric(self._cch, graph.time_ms.astype(np.uint32))

    @staticmethod
    def installed() -> bool:
        """Whether this machine has it."""
        return library is not None

    def matrix_ms(self, origins: Sequence[list[tuple[int, int]]], targets: Sequence[list[tuple[int, int]]]) -> Floats:
        """See Shortest."""
        nodes = sorted({node for options in targets for node, _ in options})
        place = {node: number for number, node in enumerate(nodes)}
        ways, most = _options(targets, place)
        found = np.full((len(origins), len(targets)), np.inf)
        with self._asking:
            sweep = library.CCHOneToMany(self._metric, nodes)
            for row, options in enumerate(origins):
                if options:
                    reached = np.array([*sweep.distances_from_multi(options), None], dtype=float)
                    reached[np.isnan(reached)] = np.inf
                    found[row] = (reached[ways] + most).min(axis=1)
        return found

    def arcs(self, origin: list[tuple[int, int]], target: list[tuple[int, int]]) -> tuple[list[int], float]:
        """See Shortest."""
        with self._asking:
            result: Any = library.CCHQuery(self._metric).run_multi(origin, target)
            if result.distance is None:
                return [], np.inf
            return list(result.arc_path), float(result.distance)


def order_of(graph: Graph) -> NDArray[np.uint32]:
    """In which order the nodes are contracted: what takes long, and depends on neither times nor profile's speeds."""
    order = library.compute_order_inertial(
        len(graph.lon), graph.tail.astype(np.uint32), graph.head.astype(np.uint32),
        graph.lat.astype(np.float32), graph.lon.astype(np.float32),
    )  # fmt: skip
    return np.asarray(order, np.uint32)


def _options(targets: Sequence[list[tuple[int, int]]], place: dict[int, int]) -> tuple[NDArray[np.int64], Floats]:
    """Two ways into each target (m, 2), the second one infinite where there is one only."""
    ways, cost = np.full((len(targets), 2), -1), np.full((len(targets), 2), np.inf)
    for row, options in enumerate(targets):
        for column, (node, extra) in enumerate(options):
            ways[row, column], cost[row, column] = place[node], extra
    return ways, cost
