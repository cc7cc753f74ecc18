"""Point in area: geoapp against geopandas, shapely, DuckDB and SedonaDB, all in one run and with the same answers.

Run: python -m tests.benchmarks.assignment [--points N] [--areas FILE]. Prints a JSON object a line: method,
ratio_to_sjoin (how many times as fast as geopandas.sjoin with intersects), with_build (whether building the index is
counted), and same_answers. A method that cannot run here says why in `skipped`. Without a file, 16 areas with wiggling
borders are made, the same ones each time.
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
REFERENCE = "geopandas.sjoin intersects"
# Their index stands before the clock starts.
WITHOUT_BUILD = ("geoapp", "shapely STRtree of areas")


def main() -> None:
    """Measure every method and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--areas", type=Path)
    arguments = parser.parse_args()
    areas = gpd.read_file(arguments.areas).geometry.dropna().to_numpy() if arguments.areas else wiggling_areas()
    for row in compared(areas, arguments.points):
        print(json.dumps(row))


def compared(areas: NDArray[np.object_], points: int) -> list[dict[str, Any]]:
    """Ratios of all methods, the median of repeats taken in turns so that a busy machine slows all of them."""
    west, south, east, north = shapely.total_bounds(areas)
    x, y = np.random.default_rng(1).uniform((west, south), (east, north), (points, 2)).T.copy()
    methods, answers, skipped = warmed(methods_for(areas, x, y))
    times: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(REPEATS):
        for name, method in methods.items():
            began = time.perf_counter()
            answers[name] = method()
            times[name].append(time.perf_counter() - began)
    reference = statistics.median(times[REFERENCE])
    rows = [
        {
            "method": name,
            "points": points,
            "areas": len(areas),
            "ratio_to_sjoin": round(reference / statistics.median(times[name]), 1),
            "with_build": name not in WITHOUT_BUILD,
            "same_answers": bool(np.array_equal(answers[name], answers[REFERENCE])),
        }
        for name in methods
    ]
    return [*rows, *skipped]


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
        "geopandas.sjoin within": lambda: lambda: sjoin(points, frame, "within"),
        "geoapp": lambda: geoapp_method(areas, x, y),
        "geoapp with build": lambda: lambda: AreaIndex(areas).assign(x, y),
        "shapely STRtree of areas": lambda: tree_of_areas(areas, points.geometry.to_numpy()),
        "shapely STRtree of points": lambda: tree_of_points(areas, points.geometry.to_numpy()),
        "DuckDB spatial": lambda: duckdb_method(areas, x, y),
        "SedonaDB": lambda: sedona_method(points, frame),
    }


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


def wiggling_areas(side: int = 4, steps: int = 400) -> NDArray[np.object_]:
    """side × side areas that share their borders exactly, each border drawn with many short steps."""
    chance = np.random.default_rng(3)
    along = np.linspace(0, side, side * steps + 1)
    lines = []
    for number in range(side + 1):
        for horizontal in (True, False):
            wiggle = np.cumsum(chance.normal(0, 0.004, len(along)))
            wiggle -= np.linspace(0, wiggle[-1], len(along))
            across = number + np.clip(wiggle, -0.3, 0.3) * (0 < number < side)
            lines.append(shapely.LineString(np.column_stack([along, across] if horizontal else [across, along])))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.unary_union(lines))))
    return np.array(sorted(faces, key=lambda face: -face.area)[: side * side], dtype=object)


if __name__ == "__main__":
    main()
