"""Point in area: geoapp against geopandas, shapely, DuckDB and SedonaDB, all in one run and with the same answers.

Run: python -m tests.benchmarks.assignment [--points N] [--areas FILE]. Prints a JSON object a line: method,
ratio_to_sjoin (how many times as fast as geopandas.sjoin with intersects), with_build (whether building the index is
counted), and same_answers. Without a file, 16 areas with wiggling borders are made, the same ones each time.
"""

import argparse
import importlib.resources
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import sedonadb
import shapely
from numpy.typing import NDArray

from geoapp.analysis.assignment import AreaIndex

Answer = NDArray[np.int64]
REPEATS = 3


def main() -> None:
    """Measure every method and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--areas", type=Path)
    arguments = parser.parse_args()
    areas = gpd.read_file(arguments.areas).geometry.to_numpy() if arguments.areas else wiggling_areas()
    for row in compared(areas, arguments.points):
        print(json.dumps(row))


def compared(areas: NDArray[np.object_], points: int) -> list[dict[str, Any]]:
    """Ratios of all methods, the median of repeats taken in turns so that a busy machine slows all of them."""
    west, south, east, north = shapely.total_bounds(areas)
    x, y = np.random.default_rng(1).uniform((west, south), (east, north), (points, 2)).T.copy()
    methods = methods_for(areas, x, y)
    answers, times = {}, {name: [] for name in methods}
    for repeat in range(REPEATS + 1):
        for name, (method, _) in methods.items():
            began = time.perf_counter()
            answers[name] = method()
            if repeat:  # the first round warms caches and compilers
                times[name].append(time.perf_counter() - began)
    reference = statistics.median(times["geopandas.sjoin intersects"])
    return [
        {
            "method": name,
            "points": points,
            "areas": len(areas),
            "ratio_to_sjoin": round(reference / statistics.median(times[name]), 1),
            "with_build": with_build,
            "same_answers": bool(np.array_equal(answers[name], answers["geopandas.sjoin intersects"])),
        }
        for name, (_, with_build) in methods.items()
    ]


def methods_for(
    areas: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> dict[str, tuple[Callable[[], Answer], bool]]:
    """Name -> (method, whether it builds its index each time)."""
    built = AreaIndex(areas)
    built.assign(x, y)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    frame = gpd.GeoDataFrame(geometry=list(areas))
    tree = shapely.STRtree(areas)
    return {
        "geopandas.sjoin intersects": (lambda: sjoin(points, frame, "intersects"), True),
        "geopandas.sjoin within": (lambda: sjoin(points, frame, "within"), True),
        "geoapp": (lambda: built.assign(x, y), False),
        "geoapp with build": (lambda: AreaIndex(areas).assign(x, y), True),
        "shapely STRtree": (lambda: by_tree(tree, x, y), False),
        "DuckDB spatial": (duckdb_method(areas, x, y), True),
        "SedonaDB": (sedona_method(points, frame), True),
    }


def sjoin(points: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, predicate: str) -> Answer:
    """Points as they are usually held: the making of point objects is not counted against geopandas."""
    pairs = gpd.sjoin(points, frame, predicate=predicate)
    return first_of(pairs.index.to_numpy(), pairs["index_right"].to_numpy(), len(points))


def by_tree(tree: shapely.STRtree, x: NDArray[np.float64], y: NDArray[np.float64]) -> Answer:
    """The tree's own predicate query."""
    point, area = tree.query(shapely.points(x, y), predicate="intersects")
    return first_of(point, area, len(x))


def first_of(point: NDArray[np.int64], area: NDArray[np.int64], n: int) -> Answer:
    """The lowest area of each point, -1 without one."""
    found = np.full(n, -1)
    order = np.argsort(area, kind="stable")[::-1]
    found[point[order]] = area[order]
    return found


def duckdb_method(areas: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> Callable[[], Answer]:
    """A spatial join in SQL; its extension comes with a package, so nothing is downloaded."""
    connection = duckdb.connect(config={"threads": 1, "allow_unsigned_extensions": True})
    root = Path(str(importlib.resources.files("duckdb_extension_spatial")))
    connection.execute(f"LOAD '{next(root.rglob('spatial.duckdb_extension'))}'")
    wkb = [area.wkb for area in areas]
    numbers = np.arange(len(x))
    connection.register("given", gpd.pd.DataFrame({"n": numbers, "x": x, "y": y}))
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


def sedona_method(points: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> Callable[[], Answer]:
    """A spatial join in SedonaDB's SQL."""
    connection = sedonadb.connect()
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
