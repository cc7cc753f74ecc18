"""The nearest street: geoapp against geopandas and shapely, in one run and with the same answers.

Run: python -m tests.benchmarks.nearest [--points N] [--streets N]. Prints a JSON object a line: method, points, edges,
ratio_to_sjoin_nearest (how many times as fast as geopandas.sjoin_nearest over the same points in metres, with its index
built in the call), with_build, and same_answers (the lowest street of those equally near). `from degrees` projects
points and streets too, on both sides.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.nearest import NONE, nearest_street
from geoapp.analysis.segment_grid import SegmentGrid

REACH_M = 200.0
CRS = "EPSG:4548"
CORNER = np.array([450_000.0, 4_460_000.0])
REPEATS = 3
REFERENCE = "geopandas.sjoin_nearest in metres"
DEGREES = "geopandas.sjoin_nearest from degrees"
Answer = NDArray[np.int64]


def main() -> None:
    """Measure every method and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--streets", type=int, default=400)
    arguments = parser.parse_args()
    for row in compared(arguments.points, arguments.streets):
        print(json.dumps(row))


def town(streets: int) -> gpd.GeoSeries:
    """Winding streets over 20 km of a town in metres, of some thirty edges each."""
    chance = np.random.default_rng(5)
    lines = []
    for _ in range(streets):
        start, angle = chance.uniform(0, 20_000, 2), chance.uniform(0, 2 * np.pi)
        turns = angle + np.cumsum(chance.normal(0, 0.15, 30))
        steps = 60 * np.column_stack([np.cos(turns), np.sin(turns)])
        lines.append(shapely.LineString(CORNER + np.vstack([start, start + np.cumsum(steps, axis=0)])))
    return gpd.GeoSeries(lines, crs=CRS)


def compared(points: int, streets: int) -> list[dict[str, Any]]:
    """Ratios of all methods, the median of repeats taken in turns so that a busy machine slows all of them."""
    lines = town(streets)
    x, y = (CORNER + np.random.default_rng(6).uniform(0, 20_000, (points, 2))).T.copy()
    methods = methods_for(lines, x, y)
    answers = {name: method() for name, method in methods.items()}
    times: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(REPEATS):
        for name, method in methods.items():
            began = time.perf_counter()
            method()
            times[name].append(time.perf_counter() - began)
    return [
        {
            "method": name,
            "points": points,
            "edges": int(shapely.get_num_coordinates(lines.to_numpy()).sum() - streets),
            "ratio_to_sjoin_nearest": round(
                statistics.median(times[DEGREES if "degrees" in name else REFERENCE]) / statistics.median(times[name]),
                1,
            ),
            "with_build": name != "geoapp, grid at hand",
            "same_answers": bool((answers[name] == answers[REFERENCE]).mean() > 0.99999),
        }
        for name in methods
    ]


def methods_for(
    lines: gpd.GeoSeries, x: NDArray[np.float64], y: NDArray[np.float64]
) -> dict[str, Callable[[], Answer]]:
    """Name -> method; points and streets as they are usually held."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)
    degrees, lines_in_degrees = points.to_crs(4326), lines.to_crs(4326)
    lon, lat = shapely.get_coordinates(degrees.geometry.to_numpy()).T.copy()
    grid = SegmentGrid(*edges_of(lines))
    return {
        REFERENCE: lambda: sjoin_nearest(points, lines),
        DEGREES: lambda: sjoin_nearest(degrees.to_crs(CRS), lines_in_degrees.to_crs(CRS)),
        "shapely STRtree of edges": lambda: tree_of_edges(lines, points.geometry.to_numpy()),
        "geoapp, grid at hand": lambda: grid.nearest(x, y, REACH_M)[0],
        "geoapp": lambda: SegmentGrid(*edges_of(lines)).nearest(x, y, REACH_M)[0],
        "geoapp from degrees": lambda: nearest_street(lon, lat, lines_in_degrees, max_distance_m=REACH_M, crs=CRS)[0],
    }


def sjoin_nearest(points: gpd.GeoDataFrame, lines: gpd.GeoSeries) -> Answer:
    """The lowest of the streets that are equally near."""
    pairs = gpd.sjoin_nearest(points, gpd.GeoDataFrame(geometry=lines), max_distance=REACH_M)
    return first_of(pairs.index.to_numpy(), pairs["index_right"].to_numpy(), len(points))


def tree_of_edges(lines: gpd.GeoSeries, points: NDArray[np.object_]) -> Answer:
    """Edges in a tree instead of whole streets: shapely's fast way."""
    edges, owners = edges_of(lines)
    tree = shapely.STRtree(shapely.linestrings(edges.reshape(-1, 2, 2)))
    point, edge = tree.query_nearest(points, max_distance=REACH_M)
    return first_of(point, owners[edge], len(points))


def edges_of(lines: gpd.GeoSeries) -> tuple[NDArray[np.float64], Answer]:
    """Every edge, and the street it is of."""
    points, line = shapely.get_coordinates(lines.to_numpy(), return_index=True)
    starts = np.flatnonzero(line[1:] == line[:-1])
    return np.concatenate([points[starts], points[starts + 1]], axis=1), line[starts]


def first_of(point: Answer, street: Answer, n: int) -> Answer:
    """The lowest street of each point, NONE without one."""
    found = np.full(n, NONE)
    order = np.argsort(street, kind="stable")[::-1]
    found[point[order]] = street[order]
    return found


if __name__ == "__main__":
    main()
