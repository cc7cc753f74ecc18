"""Travel times between 500 places and 500 places on the roads of Liechtenstein, against scipy, igraph and pandana.

Run: python -m tests.benchmarks.travel_matrix [--places N] [--osm FILE] [--seed N]

Prints a JSON object a line: method, nodes, arcs, places, ratio_to_scipy (how many times as fast as scipy's Dijkstra),
same_seconds (whether all times are scipy's, in whole seconds), most_ms_off, and with_build (whether making the index is
counted; the graph itself stands before every clock starts). Methods run in turns and the median counts. What does not
run here says why in `skipped`.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoapp import services
from geoapp.config import Config
from geoapp.routing.cch import Hierarchy
from geoapp.routing.graph import Graph
from geoapp.services.extracting import Wanted, init_osm
from geoapp.services.routes.travelling import graph_of

SHARED = Path(os.environ.get("GEOAPP_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
Times = NDArray[np.float64]
Method = Callable[[], Times]
PEER = "scipy Dijkstra"
REPEATS = 3


def main() -> None:
    """Measure every method and print its line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=500)
    parser.add_argument("--osm", type=Path, default=SHARED / "liechtenstein" / "liechtenstein-latest.osm.pbf")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    graph = car_graph(asked.osm)
    nodes = np.random.default_rng(asked.seed).choice(len(graph.lon), asked.places, replace=False)
    rows = compared(graph, nodes)
    print()  # pandana leaves a line without an end
    for row in rows:
        print(json.dumps(row))


def car_graph(osm: Path) -> Graph:
    """The roads that a car may take, from an instance made of an extract."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "instance")
        init_osm(config, osm, Wanted(timezone="Europe/Vaduz"))
        district = services.open_district(config)
        graph = graph_of(services.at_this_moment(district), "car")
        district.close()
    return graph


def compared(graph: Graph, nodes: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Ratios of all methods and whether their answers are the same."""
    methods: dict[str, Method] = {}
    skipped = []
    for name, make in makers(graph, nodes).items():
        try:
            methods[name] = make()
            methods[name]()
        except Exception as reason:  # whatever a peer fails of here must not spoil the comparison with the others
            if name.startswith(("geoapp", PEER)):
                raise
            methods.pop(name, None)
            skipped.append({"method": name, "skipped": f"{type(reason).__name__}: {reason}"})
    times: dict[str, list[float]] = {name: [] for name in methods}
    answers: dict[str, Times] = {}
    for _ in range(REPEATS):
        for name, method in methods.items():
            began = time.perf_counter()
            answers[name] = method()
            times[name].append(time.perf_counter() - began)
    exact = answers[PEER]
    return [
        {
            "method": name,
            "nodes": len(graph.lon),
            "arcs": len(graph.tail),
            "places": len(nodes),
            "ratio_to_scipy": round(statistics.median(times[PEER]) / statistics.median(times[name]), 1),
            "same_seconds": bool(np.array_equal(np.ceil(answers[name] / 1_000), np.ceil(exact / 1_000))),
            "most_ms_off": float(np.abs(answers[name] - exact).max()),
            "with_build": name.endswith("with build"),
        }
        for name in methods
    ] + skipped


def makers(graph: Graph, nodes: NDArray[np.int64]) -> dict[str, Callable[[], Method]]:
    """Name -> maker of the method; what a maker does is not timed."""
    options = [[(int(node), 0)] for node in nodes]
    return {
        PEER: lambda: _scipy(graph, nodes),
        "geoapp": lambda: _standing(Hierarchy(graph), options),
        "geoapp with build": lambda: lambda: Hierarchy(graph).matrix_ms(options, options),
        "igraph": lambda: _igraph(graph, nodes),
        "pandana": lambda: _pandana(graph, nodes),
    }


def _standing(hierarchy: Hierarchy, options: list[list[tuple[int, int]]]) -> Method:
    return lambda: hierarchy.matrix_ms(options, options)


def _arcs(graph: Graph) -> pd.DataFrame:
    """The fastest arc between each two nodes, in milliseconds: scipy's matrices would add several up."""
    arcs = pd.DataFrame({"tail": graph.tail, "head": graph.head, "ms": graph.time_ms.astype(float)})
    return arcs.groupby(["tail", "head"], as_index=False)["ms"].min()


def _scipy(graph: Graph, nodes: NDArray[np.int64]) -> Method:
    arcs = _arcs(graph)
    matrix = csr_array((arcs.ms, (arcs["tail"], arcs["head"])), shape=(len(graph.lon),) * 2)
    return lambda: np.asarray(dijkstra(matrix, indices=nodes)[:, nodes])


def _igraph(graph: Graph, nodes: NDArray[np.int64]) -> Method:
    arcs, library = _arcs(graph), import_module("igraph")
    made = library.Graph(len(graph.lon), list(zip(arcs["tail"], arcs["head"], strict=True)), directed=True)
    weights, places = arcs.ms.tolist(), nodes.tolist()
    return lambda: np.array(made.distances(places, places, weights))


def _pandana(graph: Graph, nodes: NDArray[np.int64]) -> Method:
    """Its own contraction hierarchies, one pair after another, as its interface wants."""
    arcs, library = _arcs(graph), import_module("pandana")
    lon, lat = pd.Series(graph.lon), pd.Series(graph.lat)
    made = library.Network(lon, lat, arcs["tail"], arcs["head"], arcs[["ms"]], twoway=False)
    one, other = (grid.ravel() for grid in np.meshgrid(nodes, nodes, indexing="ij"))
    return lambda: np.array(made.shortest_path_lengths(one, other, "ms")).reshape(len(nodes), -1)


if __name__ == "__main__":
    main()
