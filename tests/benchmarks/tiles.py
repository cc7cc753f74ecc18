"""Vector tiles: our encoder against mapbox-vector-tile, and cluster tiles from a pyramid against a full scan.

Run: python -m tests.benchmarks.tiles [--points N]. Prints one JSON object a line with ratios taken in one run.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import mapbox_vector_tile
import numpy as np
from numpy.typing import NDArray

from geoapp.tiles.clusters import ClusterPyramid
from geoapp.tiles.morton import encode, tile_range, world
from geoapp.tiles.vector_tile import encode_points

ENCODED = 10_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    points = parser.parse_args().points
    print(json.dumps(encoding()))
    for row in clusters(points):
        print(json.dumps(row))


def encoding() -> dict[str, object]:
    """Ten thousand points with three tags into one tile."""
    chance = np.random.default_rng(1)
    x, y = chance.integers(0, 4096, (2, ENCODED))
    ids = np.arange(ENCODED)
    tags = {name: chance.choice(["a", "b", "c", "d"], ENCODED).tolist() for name in ("category", "status", "severity")}
    features = [
        {
            "geometry": f"POINT({x[n]} {y[n]})",
            "id": n,
            "properties": {name: values[n] for name, values in tags.items()},
        }
        for n in range(ENCODED)
    ]
    ours = timed(lambda: encode_points("problems", x, y, ids, tags), 9)
    theirs = timed(lambda: mapbox_vector_tile.encode([{"name": "problems", "features": features}]), 2)
    return {"method": "encode", "points": ENCODED, "ratio_to_mapbox_vector_tile": round(theirs / ours)}


def clusters(points: int) -> list[dict[str, object]]:
    """Tiles at several zooms: all cells of a tile from the pyramid, and by looking at every point."""
    chance = np.random.default_rng(2)
    lon, lat = 116.6 + chance.normal(0, 0.1, points), 40.4 + chance.normal(0, 0.1, points)
    codes, (x, y) = encode(lon, lat), world(lon, lat)
    pyramid = ClusterPyramid(codes, x, y, np.arange(points))
    rows = []
    for zoom in (8, 10, 12, 14, 16):
        tiles = [(zoom, int(x[n] * 2**zoom), int(y[n] * 2**zoom)) for n in range(20)]
        pyramid.cells(*tiles[0])
        fast = [timed(lambda place=place: pyramid.cells(*place), 3) for place in tiles]
        slow = timed(lambda place=tiles[0]: scanned(codes, *place), 3)
        rows.append(
            {
                "method": "clusters",
                "points": points,
                "zoom": zoom,
                "ratio_to_full_scan": round(slow / statistics.median(fast)),
                "p95_to_median": round(float(np.quantile(fast, 0.95)) / statistics.median(fast), 1),
            }
        )
    return rows


def scanned(codes: NDArray[np.uint64], z: int, x: int, y: int) -> NDArray[np.int64]:
    """The counts of a tile's cells, found by looking at every point."""
    low, high = tile_range(z, x, y)
    inside = codes[(codes >= np.uint64(low)) & (codes < np.uint64(high))]
    return np.unique(inside >> np.uint64(2 * (22 - z)), return_counts=True)[1]


def timed(ask: Callable[[], object], repeats: int) -> float:
    """Median seconds, after one round that does not count."""
    ask()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
