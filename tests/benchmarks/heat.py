"""Heat tiles out of many points: geoapp against datashader and a full scan, in one run.

Run: python -m tests.benchmarks.heat --points N. Prints a JSON object a line. First the surface: bytes_per_point, beside
the points' own codes, and build_ratio (a full scan's tile counts 1). Then for every zoom: median_ms and p95_ms of an
uncached tile as PNG, and how many times as fast that is as datashader and as a full scan of all points, each of which
counts, blurs and paints the same tile.
"""

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import datashader
import numpy as np
import pandas as pd
from datashader import transfer_functions
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from geoapp.tiles.heat import EARTH_M, HeatSurface
from geoapp.tiles.heat_picture import palette, picture
from geoapp.tiles.morton import encode, world

LON, LAT, BANDWIDTH_M = 116.63, 40.32, 300.0
TILES, PEER_TILES = 12, 2
Floats = NDArray[np.float64]


def main() -> None:
    """Measure every zoom and print its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    for row in measured(parser.parse_args().points):
        print(json.dumps(row))


def town(number: int) -> tuple[Floats, Floats]:
    """Reports thick in a town and thin around it."""
    chance = np.random.default_rng(7)
    spread = np.where(chance.random(number) < 0.7, 0.03, 0.2)
    return LON + chance.normal(0, 1, number) * spread, LAT + chance.normal(0, 0.8, number) * spread


def measured(points: int) -> list[dict[str, Any]]:
    """The surface, and then every zoom."""
    lon, lat = town(points)
    codes = np.sort(encode(lon, lat))
    x, y = world(lon, lat)
    frame = pd.DataFrame({"x": x, "y": y})
    began = time.perf_counter()
    surface = HeatSurface(codes, None, bandwidth_m=BANDWIDTH_M, latitude=LAT)
    build = time.perf_counter() - began
    top, colours = 50.0 * points / 1e6, palette()
    picture(surface.tile(12, *tile_of(12, 0)), top, colours)
    scan = statistics.median(timed(lambda place: scanned(x, y, place, top), 12, PEER_TILES))
    rows: list[dict[str, Any]] = [
        {"points": points, "bytes_per_point": round(surface.nbytes / points, 2), "build_ratio": round(scan / build, 2)}
    ]
    for zoom in range(8, 17):
        ours = timed(lambda place: picture(surface.tile(*place), top, colours), zoom, TILES)
        shader = statistics.median(timed(lambda place: shaded(frame, place), zoom, PEER_TILES))
        scan = statistics.median(timed(lambda place: scanned(x, y, place, top), zoom, PEER_TILES))
        median = statistics.median(ours)
        rows.append({
            "points": points, "zoom": zoom, "median_ms": round(median * 1000, 2),
            "p95_ms": round(float(np.percentile(ours, 95)) * 1000, 2),
            "ratio_to_datashader": round(shader / median, 1), "ratio_to_full_scan": round(scan / median, 1),
        })  # fmt: skip
    return rows


Place = tuple[int, int, int]


def tile_of(zoom: int, number: int) -> tuple[int, int]:
    """The number-th tile round the town's middle, in rings."""
    x, y = world(np.array([LON]), np.array([LAT]))
    steps = [(across, down) for across in (0, 1, -1, 2) for down in (0, 1, -1)]
    across, down = steps[number % len(steps)]
    return int(x[0] * 2**zoom) + across, int(y[0] * 2**zoom) + down


def timed(draw: Callable[[Place], object], zoom: int, number: int) -> list[float]:
    """Seconds for each of so many tiles."""
    seconds = []
    for tile in range(number):
        place = (zoom, *tile_of(zoom, tile))
        began = time.perf_counter()
        draw(place)
        seconds.append(time.perf_counter() - began)
    return seconds


def deviation_px(zoom: int) -> float:
    """The bandwidth in pixels of a zoom."""
    return BANDWIDTH_M / (EARTH_M * float(np.cos(np.radians(LAT))) / 2 ** (zoom + 8))


def window(place: Place) -> tuple[float, float, float, float, int]:
    """West, north, east, south of a tile with the margin that its kernel needs, and how many pixels that is across."""
    zoom, x, y = place
    margin = int(3 * deviation_px(zoom)) + 1
    pixel = 1 / 2 ** (zoom + 8)
    return (
        x / 2**zoom - margin * pixel,
        y / 2**zoom - margin * pixel,
        (x + 1) / 2**zoom + margin * pixel,
        (y + 1) / 2**zoom + margin * pixel,
        256 + 2 * margin,
    )


def scanned(x: Floats, y: Floats, place: Place, top: float) -> bytes:
    """All points looked at, those in the window counted by pixel, blurred and painted."""
    west, north, east, south, pixels = window(place)
    size = min(pixels, 2_048)
    counts, _, _ = np.histogram2d(y, x, bins=size, range=((north, south), (west, east)))
    smooth = ndimage.gaussian_filter(counts.astype(np.float32), deviation_px(place[0]) * size / pixels)
    part = round(256 * size / pixels)
    edge = (size - part) // 2
    return picture(smooth[edge : edge + part, edge : edge + part], top, palette())


def shaded(frame: pd.DataFrame, place: Place) -> bytes:
    """The same by datashader: points to a canvas, blurred and coloured."""
    west, north, east, south, pixels = window(place)
    size = min(pixels, 2_048)
    canvas = datashader.Canvas(size, size, x_range=(west, east), y_range=(north, south))
    counts = canvas.points(frame, "x", "y")
    counts.data = ndimage.gaussian_filter(counts.data.astype(np.float32), deviation_px(place[0]) * size / pixels)
    image: Image.Image = transfer_functions.shade(counts, how="linear").to_pil()
    part = round(256 * size / pixels)
    edge = (size - part) // 2
    out = io.BytesIO()
    image.crop((edge, edge, edge + part, edge + part)).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
