"""Point in area: geoapp against geopandas, shapely, DuckDB and SedonaDB, all in one run and with the same answers.

Run: python -m tests.benchmarks.assignment [--points N] [--areas FILE | --number 16|330|40000].

Prints a JSON object a line: method, ratio_to_sjoin and ratio_to_within (how many times as fast as geopandas.sjoin with
intersects, its default, and with within, its fast way), with_build (whether building the index is counted),
same_answers, and for geoapp index_mb. The last line is the machine's streaming limit: reading the coordinates and
writing an answer as long, and nothing else. A method that cannot run here, or not in reasonable time, says why in
`skipped`. Without a file, areas with wiggling borders are made, the same ones each time: about 25,000, 80,000 and
2,000,000 points along them.
"""

import argparse
import importlib
import importlib.resources
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoapp.analysis.assignment import AreaIndex

Answer = NDArray[np.int64]
Method = Callable[[], Answer]
REPEATS = 3
REFERENCE, WITHIN = "geopandas.sjoin intersects", "geopandas.sjoin within"
STREAMING = "streaming limit"
# By number: how many areas side by side, and steps along a side of each.
MADE = {16: (4, 4, 400), 330: (22, 15, 60), 40_000: (200, 200, 12)}
MANY = 2_000_000
TOO_SLOW = (REFERENCE, "shapely STRtree of areas", "DuckDB spatial", "SedonaDB")
# Their index stands before the clock starts.
WITHOUT_BUILD = ("geoapp", "shapely STRtree of areas", STREAMING)


def main() -> None:
    """Measure every method and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--areas", type=Path)
    parser.add_argument("--number", type=int, choices=list(MADE), default=16)
    arguments = parser.parse_args()
    made = arguments.areas is None
    areas = (
        wiggling_areas(*MADE[arguments.number]) if made else gpd.read_file(arguments.areas).geometry.dropna().to_numpy()
    )
    for row in compared(areas, arguments.points):
        print(json.dumps(row))


def compared(areas: NDArray[np.object_], points: int) -> list[dict[str, Any]]:
    """Ratios of all methods, the median of repeats taken in turns so that a busy machine slows all of them."""
    west, south, east, north = shapely.total_bounds(areas)
    x, y = np.random.default_rng(1).uniform((west, south), (east, north), (points, 2)).T.copy()
    makers = methods_for(areas, x, y)
    left_out = TOO_SLOW if points > MANY else ()
    methods, answers, skipped = warmed({name: make for name, make in makers.items() if name not in left_out})
    skipped += [{"method": name, "skipped": "takes minutes at this size"} for name in left_out]
    times: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(1 if points > MANY else REPEATS):
        for name, method in methods.items():
            began = time.perf_counter()
            answers[name] = method()
            times[name].append(time.perf_counter() - began)
    index = AreaIndex(areas)
    index.assign(x, y)
    rows = [
        {
            "method": name,
            "points": points,
            "areas": len(areas),
            "ratio_to_sjoin": ratio(times, REFERENCE, name),
            "ratio_to_within": ratio(times, WITHIN, name),
            "with_build": name not in WITHOUT_BUILD,
            "same_answers": bool(np.array_equal(answers[name], answers[WITHIN])) if name != STREAMING else "",
            "index_mb": round(index.nbytes / 1e6, 1) if name.startswith("geoapp") else "",
        }
        for name in methods
    ]
    return [*rows, *skipped]


def ratio(times: dict[str, list[float]], peer: str, name: str) -> float | None:
    """How many times as fast as the peer, by the medians; None where the peer did not run."""
    if peer not in times:
        return None
    return round(statistics.median(times[peer]) / statistics.median(times[name]), 1)


def warmed(
    makers: dict[str, Callable[[], Method]],
) -> tuple[dict[str, Method], dict[str, Answer], list[dict[str, Any]]]:
    """The methods that run here after one round without a clock, which warms caches and compilers; and those that do
    not run, with the reason."""
    methods, answers, skipped = {}, {}, []
    for name, make in makers.items():
        try:
            method = make()
            answers[name] = method()
            methods[name] = method
        except Exception as reason:  # whatever a peer fails of here must not spoil the comparison with the others
            if name.startswith(("geoapp", "geopandas")):
                raise
            skipped.append({"method": name, "skipped": f"{type(reason).__name__}: {reason}"})
    return methods, answers, skipped


def methods_for(
    areas: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> dict[str, Callable[[], Method]]:
    """Name -> maker of the method; what a maker does is not timed."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    frame = gpd.GeoDataFrame(geometry=list(areas))
    return {
        REFERENCE: lambda: lambda: sjoin(points, frame, "intersects"),
        WITHIN: lambda: lambda: sjoin(points, frame, "within"),
        "geoapp": lambda: geoapp_method(areas, x, y),
        "geoapp with build": lambda: lambda: AreaIndex(areas).assign(x, y),
        "shapely STRtree of areas": lambda: tree_of_areas(areas, points.geometry.to_numpy()),
        "shapely STRtree of points": lambda: tree_of_points(areas, points.geometry.to_numpy()),
        "DuckDB spatial": lambda: duckdb_method(areas, x, y),
        "SedonaDB": lambda: sedona_method(points, frame),
        STREAMING: lambda: lambda: streamed(x, y),
    }


def streamed(x: NDArray[np.float64], y: NDArray[np.float64]) -> Answer:
    """Every coordinate read once and a number written for each point."""
    return np.add(x, y).view(np.int64)


def geoapp_method(areas: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> Method:
    """An index that stands already."""
    index = AreaIndex(areas)
    return lambda: index.assign(x, y)


def sjoin(points: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, predicate: str) -> Answer:
    """Points as they are usually held: the making of point objects is not counted against geopandas."""
    pairs = gpd.sjoin(points, frame, predicate=predicate)
    return first_of(pairs.index.to_numpy(), pairs["index_right"].to_numpy(), len(points))


def tree_of_areas(areas: NDArray[np.object_], points: NDArray[np.object_]) -> Method:
    """The tree's own predicate query, point by point."""
    tree = shapely.STRtree(areas)

    def method() -> Answer:
        point, area = tree.query(points, predicate="intersects")
        return first_of(point, area, len(points))

    return method


def tree_of_points(areas: NDArray[np.object_], points: NDArray[np.object_]) -> Method:
    """The other way round, area by area: shapely prepares what it asks with, so this is its fast way."""

    def method() -> Answer:
        area, point = shapely.STRtree(points).query(areas, predicate="intersects")
        return first_of(point, area, len(points))

    return method


def first_of(point: NDArray[np.int64], area: NDArray[np.int64], n: int) -> Answer:
    """The lowest area of each point, -1 without one."""
    found = np.full(n, -1)
    order = np.argsort(area, kind="stable")[::-1]
    found[point[order]] = area[order]
    return found


def duckdb_method(areas: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> Method:
    """A spatial join in SQL; its extension comes with a package, so nothing is downloaded."""
    duckdb = importlib.import_module("duckdb")
    connection = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": True})
    root = Path(str(importlib.resources.files("duckdb_extension_spatial")))
    connection.execute(f"LOAD '{next(root.rglob('spatial.duckdb_extension'))}'")
    wkb = [area.wkb for area in areas]
    numbers = np.arange(len(x))
    connection.register("given", pd.DataFrame({"n": numbers, "x": x, "y": y}))
    connection.execute("CREATE TABLE points AS SELECT n, ST_Point(x, y) AS g FROM given")
    connection.execute("CREATE TABLE areas (n BIGINT, g GEOMETRY)")
    connection.executemany("INSERT INTO areas VALUES (?, ST_GeomFromWKB(?))", list(enumerate(wkb)))

    def method() -> Answer:
        found = connection.execute(
            "SELECT points.n AS p, min(areas.n) AS a FROM points JOIN areas"
            " ON ST_Intersects(points.g, areas.g) GROUP BY points.n"
        ).fetchnumpy()
        return first_of(found["p"], found["a"], len(numbers))

    return method


def sedona_method(points: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> Method:
    """A spatial join in SedonaDB's SQL."""
    connection = importlib.import_module("sedonadb").connect()
    connection.create_data_frame(points.assign(n=np.arange(len(points)))).to_memtable().to_view("points")
    connection.create_data_frame(frame.assign(n=np.arange(len(frame)))).to_memtable().to_view("areas")

    def method() -> Answer:
        found = connection.sql(
            "SELECT points.n AS p, min(areas.n) AS a FROM points JOIN areas"
            " ON ST_Intersects(points.geometry, areas.geometry) GROUP BY points.n"
        ).to_pandas()
        return first_of(found["p"].to_numpy(), found["a"].to_numpy(), len(points))

    return method


def wiggling_areas(columns: int = 4, rows: int = 4, steps: int = 400) -> NDArray[np.object_]:
    """columns × rows areas that share their borders exactly, each border drawn with many short steps."""
    chance = np.random.default_rng(3)
    lines = []
    for horizontal, count, length in ((True, rows, columns), (False, columns, rows)):
        along = np.linspace(0, length, length * steps + 1)
        for number in range(count + 1):
            wiggle = np.cumsum(chance.normal(0, 0.004, len(along)))
            wiggle -= np.linspace(0, wiggle[-1], len(along))
            across = number + np.clip(wiggle, -0.3, 0.3) * (0 < number < count)
            lines.append(shapely.LineString(np.column_stack([along, across] if horizontal else [across, along])))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.unary_union(lines))))
    return np.array(sorted(faces, key=lambda face: -face.area)[: columns * rows], dtype=object)


if __name__ == "__main__":
    main()
