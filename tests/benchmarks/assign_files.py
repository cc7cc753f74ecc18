"""Whole files of points: `geoapp assign` against geopandas, from disk to disk, each in a process of its own.

Run: python -m tests.benchmarks.assign_files [--points N] [--processes P]. Prints a JSON object a line: rows_per_second
as `ratio_to_geopandas` of the same run (imports not counted), peak_mb of each with all its processes (proportional set
size, sampled 20 times a second), and same_townships. Points beyond 2,000,000 are asked of geoapp alone: its memory
should be what it was with a tenth of them. 16 areas with wiggling borders are made, the same ones each time.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import shapely

from geoapp.services.assigning_files import AssignOptions, assign_file
from tests.benchmarks.assignment import wiggling_areas

WAYS = (("csv", "csv"), ("parquet", "parquet"), ("geojson", "geojson"), ("geojsonl", "geojsonl"),
        ("csv", "parquet"), ("geojson", "parquet"))  # fmt: skip
CHUNK = 250_000
# More than this is too much for the memory of one machine the other way.
MOST_FOR_PEERS = 2_000_000
_TOWNSHIP = re.compile(rb'"township": ?(?:"(\w+)"|null)')
_DRIVERS = {"geojson": "GeoJSON", "geojsonl": "GeoJSONSeq"}


def main() -> None:
    """Make the files, run every way in a child, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--run", nargs=4, metavar=("WHO", "POINTS", "AREAS", "OUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        who, *paths = arguments.run
        run(who, *map(Path, paths), processes=arguments.processes)
        return
    with tempfile.TemporaryDirectory() as folder:
        for row in compared(Path(folder), arguments.points, arguments.processes):
            print(json.dumps(row, ensure_ascii=False), flush=True)


def compared(folder: Path, points: int, processes: int | None) -> Iterator[dict[str, Any]]:
    """A line for each way from format to format."""
    areas = folder / "areas.parquet"
    shapes = wiggling_areas()
    codes = {"code": [f"{n:02}" for n in range(len(shapes))]}
    gpd.GeoDataFrame(codes, geometry=shapes, crs="OGC:CRS84").to_parquet(areas)
    for source, into in WAYS:
        given = folder / f"points.{source}"
        if not given.exists():
            make(given, points, shapely.total_bounds(shapes))
        ours = measured("geoapp", given, areas, folder / f"ours.{into}", processes)
        row = {"way": f"{source} → {into}", "points": points, "seconds": ours["seconds"], "peak_mb": ours["peak_mb"]}
        row["rows_per_second"] = round(points / ours["seconds"])
        if points <= MOST_FOR_PEERS:
            peer = measured("geopandas", given, areas, folder / f"peer.{into}", None)
            row["ratio_to_geopandas"] = round(peer["seconds"] / ours["seconds"], 1)
            row["geopandas_peak_mb"] = peer["peak_mb"]
            row["same_townships"] = townships(folder / f"ours.{into}") == townships(folder / f"peer.{into}")
        for made in (folder / f"ours.{into}", folder / f"peer.{into}"):
            made.unlink(missing_ok=True)
        yield row


def measured(who: str, points: Path, areas: Path, out: Path, processes: int | None) -> dict[str, Any]:
    """The seconds that a child says it needed, and the most memory that it and its own children had."""
    words = [sys.executable, "-m", "tests.benchmarks.assign_files", "--run", who, str(points), str(areas), str(out)]
    words += ["--processes", str(processes)] if processes else []
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    peak = [0]
    watcher = threading.Thread(target=watch, args=(child, peak))
    watcher.start()
    told, _ = child.communicate()
    watcher.join()
    if child.returncode:
        raise SystemExit(f"{who} failed with {points.name}")
    return {"seconds": json.loads(told)["seconds"], "peak_mb": round(peak[0] / 1024)}


def watch(child: "subprocess.Popen[str]", peak: list[int]) -> None:
    """Note the highest sum of memory (KiB) of a process and all below it until it ends."""
    while child.poll() is None:
        peak[0] = max(peak[0], sum(map(memory, family(child.pid))))
        time.sleep(0.05)


def family(process: int) -> list[int]:
    """A process and all that it started."""
    found = [process]
    for known in found:
        for path in Path(f"/proc/{known}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                continue
    return found


def memory(process: int) -> int:
    """What a process has for itself and its share of what it has in common with others, in KiB."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    share = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    return int(share[1]) if share else 0


def run(who: str, points: Path, areas: Path, out: Path, processes: int | None) -> None:
    """In the child: one way once, by the clock."""
    began = time.perf_counter()
    if who == "geoapp":
        assign_file(points, areas, out, AssignOptions(processes=processes))
    else:
        by_geopandas(points, areas, out)
    print(json.dumps({"seconds": round(time.perf_counter() - began, 2)}))


def by_geopandas(points: Path, areas: Path, out: Path) -> None:
    """The usual few lines: everything read, joined and written."""
    given = gpd.read_parquet(areas).rename(columns={"code": "township"})
    if points.suffix == ".csv":
        table = pd.read_csv(points, dtype=str)
        frame = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="OGC:CRS84")
    else:
        frame = gpd.read_parquet(points) if points.suffix == ".parquet" else gpd.read_file(points).to_crs("OGC:CRS84")
    joined = gpd.sjoin(frame, given, predicate="within", how="left").drop(columns="index_right")
    if out.suffix == ".csv":
        joined.drop(columns="geometry").to_csv(out, index=False)
    elif out.suffix == ".parquet":
        joined.to_parquet(out)
    else:
        joined.to_file(out, driver=_DRIVERS[out.suffix[1:]])


def townships(path: Path) -> list[str | None]:
    """The townships in the order of the file."""
    if path.suffix == ".parquet":
        return pq.read_table(path, columns=["township"])["township"].to_pylist()
    if path.suffix == ".csv":
        text = pacsv.ConvertOptions(include_columns=["township"], column_types={"township": pa.string()})
        return pacsv.read_csv(path, convert_options=text)["township"].to_pylist()
    with path.open("rb") as file:
        return [found[1].decode() if found[1] else None for line in file for found in _TOWNSHIP.finditer(line)]


def make(path: Path, points: int, bounds: Any) -> None:
    """A file of points over the areas with a few other columns, written piece by piece."""
    chance = np.random.default_rng(1)
    west, south, east, north = bounds
    with path.open("wb") as file:
        write, end = _WRITERS[path.suffix](file)
        for start in range(0, points, CHUNK):
            number = np.arange(start, min(start + CHUNK, points))
            x, y = (np.round(chance.uniform(*ends, len(number)), 7) for ends in ((west, east), (south, north)))
            names = {"id": [f"{n:08}" for n in number], "name": [f"点位 {n % 977}" for n in number]}
            write(pa.table({**names, "value": chance.integers(0, 1000, len(number)), "lon": x, "lat": y}))
        end()


def _csv(file: Any) -> tuple[Callable[[pa.Table], None], Callable[[], None]]:
    heading = [True]

    def write(table: pa.Table) -> None:
        pacsv.write_csv(table, file, pacsv.WriteOptions(include_header=heading.pop() if heading else False))

    return write, lambda: None


def _parquet(file: Any) -> tuple[Callable[[pa.Table], None], Callable[[], None]]:
    writers: list[pq.ParquetWriter] = []

    def write(table: pa.Table) -> None:
        points = pa.array(shapely.to_wkb(shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())))
        made = table.select(["id", "name", "value"]).append_column("geometry", points)
        geo = {"version": "1.0.0", "primary_column": "geometry",
               "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}}}  # fmt: skip
        made = made.replace_schema_metadata({"geo": json.dumps(geo)})
        if not writers:
            writers.append(pq.ParquetWriter(file, made.schema))
        writers[0].write_table(made)

    return write, lambda: writers[0].close()


def _features(file: Any, before: str, between: str, after: str) -> tuple[Callable[[pa.Table], None], Any]:
    first = [before]

    def write(table: pa.Table) -> None:
        for row in table.to_pylist():
            place = f'{{"type":"Point","coordinates":[{row.pop("lon")},{row.pop("lat")}]}}'
            properties = json.dumps(row, ensure_ascii=False)
            text = f'{{"type":"Feature","properties":{properties},"geometry":{place}}}'
            file.write(((first.pop() if first else between) + text).encode())

    return write, lambda: file.write(after.encode())


_WRITERS: dict[str, Callable[[Any], Any]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".geojson": lambda file: _features(file, '{"type":"FeatureCollection","features":[\n', ",\n", "\n]}\n"),
    ".geojsonl": lambda file: _features(file, "", "\n", "\n"),
}


if __name__ == "__main__":
    main()
