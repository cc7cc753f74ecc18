"""200,000 places to the nearest of 60 facilities over the roads of Liechtenstein, against scipy and pandana.

Run: python -m tests.benchmarks.reach [--places N] [--sources N] [--osm FILE] [--seed N]

Prints a JSON object a line: method, task, nodes, places, sources, ratio_to_scipy (how many times as fast as scipy's
Dijkstra search with min_only at the same task), same_ms (whether all times are scipy's to the millisecond), most_ms_off
and within_a_second (of the processor). Tasks: "coordinates" begins with longitudes and latitudes, whose roads are
looked for first (for scipy by the search that serves a few places); "by roads" begins when that is known; "each to
each" is the whole matrix of places and facilities by roads; at "nodes" places and facilities are moved to the nearest
junction, which is all that pandana knows. Methods run in turns and the median counts. What does not run here says why
in `skipped`.
"""

import argparse
import json
import statistics
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
from scipy.spatial import cKDTree

from geoapp.routing.graph import Graph
from geoapp.routing.nearest import Located, RoadNearest
from geoapp.routing.reaching import matrix
from geoapp.routing.snapping import Snapped, Snapper
from tests.benchmarks.travel_matrix import SHARED, car_graph
from tests.routing.nearest_by_scipy import places_ms

Times = NDArray[np.float64]
Integers = NDArray[np.int64]
Method = Callable[[], Times]
REPEATS = 3
OURS, PEER = "geoapp", "scipy"


def main() -> None:
    """Measure every method at every task and print its line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=200_000)
    parser.add_argument("--sources", type=int, default=60)
    parser.add_argument("--osm", type=Path, default=SHARED / "liechtenstein" / "liechtenstein-latest.osm.pbf")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    graph, random = car_graph(asked.osm), np.random.default_rng(asked.seed)
    places, sources = (_near_roads(graph, number, random) for number in (asked.places, asked.sources))
    rows = []
    for task, methods in tasks(graph, places, sources).items():
        facts = {"task": task, "nodes": len(graph.lon), "places": asked.places, "sources": asked.sources}
        rows += [{"method": row.pop("method"), **facts, **row} for row in compared(methods)]
    print()  # pandana leaves a line without an end
    for row in rows:
        print(json.dumps(row))


def _near_roads(graph: Graph, number: int, random: np.random.Generator) -> Times:
    """Places (n, 2) a hundred metres or so from some road."""
    vertices = graph.network.vertices[graph.network.first[np.unique(graph.piece)]]
    return vertices[random.integers(0, len(vertices), number)] + random.normal(0, 1e-3, (number, 2))


def _nearest(lon: Times, lat: Times, dots: Times) -> Integers:
    return np.asarray(cKDTree(np.column_stack([lon, lat])).query(dots)[1])


def tasks(graph: Graph, places: Times, sources: Times) -> dict[str, dict[str, Callable[[], Method]]]:
    """Task -> method -> its maker; what a maker does is not timed."""
    roads, snapper = RoadNearest(graph), Snapper(graph)
    homes, ends = roads.locate(*places.T), roads.locate(*sources.T)
    # Where a piece of road leads both ways from its beginning, a place there is at the junction itself.
    pieces = np.flatnonzero((graph.there >= 0) & (graph.back >= 0))
    begins = graph.tail[graph.there[pieces]]
    at_home = _nearest(graph.lon, graph.lat, places)
    junction = _nearest(graph.lon[begins], graph.lat[begins], sources)

    def slowly(dots: Times) -> Located:
        return Located(*dots.T, snapper.snap(*dots.T))

    def each() -> Times:
        return np.column_stack([places_ms(graph, homes, ends.part(row, row + 1)) for row in range(len(ends))])

    return {
        "coordinates": {
            PEER: lambda: lambda: places_ms(graph, slowly(places), slowly(sources)),
            OURS: lambda: lambda: roads.search(roads.locate(*places.T), roads.locate(*sources.T)).seconds * 1_000,
        },
        "by roads": {
            PEER: lambda: lambda: places_ms(graph, homes, ends),
            OURS: lambda: lambda: roads.search(homes, ends).seconds * 1_000,
        },
        "each to each": {
            PEER: lambda: each,
            OURS: lambda: lambda: matrix(roads, homes, ends).astype(float) * 1_000,
        },
        "nodes": {
            PEER: lambda: _scipy_nodes(graph, at_home, begins[junction]),
            OURS: lambda: _our_nodes(roads, at_home, pieces[junction]),
            "pandana": lambda: _pandana(graph, at_home, begins[junction]),
        },
    }


def compared(makers: dict[str, Callable[[], Method]]) -> list[dict[str, Any]]:
    """Ratios of all methods of a task and whether their answers are the same."""
    methods: dict[str, Method] = {}
    skipped = []
    for name, make in makers.items():
        try:
            method = make()
            method()
            methods[name] = method
        except Exception as reason:  # whatever a peer fails of here must not spoil the comparison with the others
            if name in (OURS, PEER):
                raise
            skipped.append({"method": name, "skipped": f"{type(reason).__name__}: {reason}"})
    times: dict[str, list[float]] = {name: [] for name in methods}
    answers: dict[str, Times] = {}
    for _ in range(REPEATS):
        for name, method in methods.items():
            began = time.process_time()
            answers[name] = method()
            times[name].append(time.process_time() - began)
    return [_row(name, times, answers) for name in methods] + skipped


def _row(name: str, times: dict[str, list[float]], answers: dict[str, Times]) -> dict[str, Any]:
    # What is not reached is infinite for the one and not known for the other where a place is too far from a road.
    found, exact = (np.nan_to_num(answers[one], nan=-1.0, posinf=-1.0) for one in (name, PEER))
    spent = statistics.median(times[name])
    return {
        "method": name,
        "ratio_to_scipy": round(statistics.median(times[PEER]) / spent, 1),
        "same_ms": bool((np.rint(found) == np.rint(exact)).all()),
        "most_ms_off": round(float(np.abs(found - exact).max()), 2),
        "within_a_second": spent < 1.0,
    }


def _arcs(graph: Graph) -> pd.DataFrame:
    """The fastest arc between each two nodes, in milliseconds: scipy's matrices would add several up."""
    arcs = pd.DataFrame({"tail": graph.tail, "head": graph.head, "ms": graph.time_ms.astype(float)})
    return arcs.groupby(["tail", "head"], as_index=False)["ms"].min()


def _scipy_nodes(graph: Graph, homes: Integers, ends: Integers) -> Method:
    arcs = _arcs(graph)
    backwards = csr_array((arcs.ms, (arcs["head"], arcs["tail"])), shape=(len(graph.lon),) * 2)
    return lambda: np.asarray(dijkstra(backwards, indices=ends, min_only=True)[homes])


def _our_nodes(roads: RoadNearest, homes: Integers, pieces: Integers) -> Method:
    """Junctions are places at the beginnings of pieces of road, with no way to walk."""
    net, none = roads.graph.network, np.zeros(len(pieces))
    lon, lat = net.vertices[net.first[pieces]].T
    ends = Located(lon, lat, Snapped(pieces, none, lon, lat, none))
    return lambda: roads.spread(ends).nodes.cost[homes].astype(float)


def _pandana(graph: Graph, homes: Integers, ends: Integers) -> Method:
    """Its contraction hierarchies, built beforehand; it, too, goes from the place to the facility."""
    arcs, library = _arcs(graph), import_module("pandana")
    lon, lat = pd.Series(graph.lon), pd.Series(graph.lat)
    made = library.Network(lon, lat, arcs["tail"], arcs["head"], arcs[["ms"]], twoway=False)
    far = 1e9

    def nearest() -> Times:
        made.set_pois("facilities", far, 1, lon[ends], lat[ends])
        return made.nearest_pois(far, "facilities", num_pois=1)[1].to_numpy()[homes]

    return nearest


if __name__ == "__main__":
    main()
