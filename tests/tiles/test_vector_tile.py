"""Vector tiles are read by programs that this project did not write."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.tiles.vector_tile import BUFFER, EXTENT, Tile, encode_points, encode_shapes
from geoapp.tiles.vector_tile_kernel import point_features

WHOLE = Tile(0, 0, 0)
units = st.integers(-BUFFER, EXTENT + BUFFER)
tags = st.none() | st.text(max_size=5) | st.integers(-(2**40), 2**40) | st.booleans() | st.floats(allow_nan=False)


def decoded(tile: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


@settings(deadline=None)
@given(st.lists(st.tuples(units, units, st.integers(0, 2**40), tags, tags), max_size=12))
def test_points_come_back_with_ids_and_tags(drawn: list[Any]) -> None:
    x, y, ids = (np.array([row[n] for row in drawn], np.int64) for n in range(3))
    columns = {"name": [row[3] for row in drawn], "other": [row[4] for row in drawn]}
    read = decoded(encode_points("sites", x, y, ids, columns))["sites"]["features"]

    assert [feature["geometry"]["coordinates"] for feature in read] == [[row[0], row[1]] for row in drawn]
    assert [feature["id"] for feature in read] == [row[2] for row in drawn]
    for feature, row in zip(read, drawn, strict=True):
        expected = {key: value for key, value in zip(columns, row[3:], strict=True) if value is not None}
        assert feature["properties"] == expected
        assert {key: type(value) for key, value in feature["properties"].items()} == {
            key: type(value) for key, value in expected.items()
        }


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=2, max_size=6, unique=True))
def test_a_line_comes_back_within_a_unit(places: list[tuple[float, float]]) -> None:
    line = shapely.LineString(places)
    read = decoded(encode_shapes("streets", [line], {"kind": ["main"]}, WHOLE)).get("streets", {"features": []})[
        "features"
    ]
    if not read:
        # Shorter than a unit: there is nothing to draw.
        assert line.length < 360 / EXTENT
        return
    drawn = shapely.geometry.shape(read[0]["geometry"])
    expected = shapely.transform(line, lambda points: np.column_stack(pixels(points)))

    assert read[0]["properties"] == {"kind": "main"}
    assert shapely.hausdorff_distance(drawn, expected) < 2


def pixels(points: Any) -> tuple[Any, Any]:
    latitude = np.radians(points[:, 1])
    y = (1 - np.log(np.tan(latitude) + 1 / np.cos(latitude)) / np.pi) / 2
    return (points[:, 0] + 180) / 360 * EXTENT, y * EXTENT


def test_an_area_with_a_hole_keeps_hole_and_direction() -> None:
    area = shapely.Polygon(shapely.box(0, 0, 90, 60).exterior.coords, [shapely.box(20, 20, 50, 40).exterior.coords])
    read = decoded(encode_shapes("townships", [area, area.reverse()], {"code": ["A", "B"]}, WHOLE))["townships"][
        "features"
    ]

    for feature in read:
        outline, hole = feature["geometry"]["coordinates"]
        # On the screen y grows downwards, which turns directions round.
        assert not shapely.is_ccw(shapely.LinearRing([(x, -y) for x, y in outline]))
        assert shapely.is_ccw(shapely.LinearRing([(x, -y) for x, y in hole]))


def test_several_parts_stay_several() -> None:
    two = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 20, 30, 30)])
    lines = shapely.MultiLineString([[(0, 0), (10, 10)], [(20, 0), (30, 10)]])
    read = decoded(encode_shapes("x", [two, lines], {}, WHOLE))["x"]["features"]

    assert [feature["geometry"]["type"] for feature in read] == ["MultiPolygon", "MultiLineString"]


def test_shapes_reach_over_the_edge_by_the_buffer_and_no_further() -> None:
    tile = Tile(4, 8, 7)  # its west edge is the prime meridian
    line = shapely.LineString([(-100, 5), (100, 5)])
    (feature,) = decoded(encode_shapes("roads", [line], {}, tile))["roads"]["features"]
    x = [place[0] for place in feature["geometry"]["coordinates"]]

    assert (min(x), max(x)) == (-BUFFER, EXTENT + BUFFER)


def test_what_is_elsewhere_or_nothing_is_left_out() -> None:
    shapes = [shapely.Point(0, 0).buffer(1), None, shapely.Polygon(), shapely.box(100, 0, 101, 1)]
    read = decoded(encode_shapes("x", shapes, {"n": ["near", "none", "empty", "far"]}, Tile(4, 8, 8)))["x"]["features"]

    assert [feature["properties"]["n"] for feature in read] == ["near"]


def test_gdal_reads_our_tiles(tmp_path: Path) -> None:
    if not shutil.which("ogrinfo"):
        pytest.skip("ogrinfo (gdal-bin) is not on this machine")
    folder = tmp_path / "0" / "0"
    folder.mkdir(parents=True)
    shapes = encode_shapes("areas", [shapely.box(0, 0, 90, 60)], {"name": ["怀柔"]}, WHOLE)
    points = encode_points("sites", np.array([5]), np.array([6]), np.array([1]), {"name": ["公园"]})
    (folder / "0.pbf").write_bytes(shapes + points)
    read = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-oo", "METADATA_FILE=", str(folder / "0.pbf")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "怀柔" in read.stdout, read.stderr
    assert "公园" in read.stdout


def test_the_kernel_says_the_same_without_its_compiler() -> None:
    code = (
        "import numpy as np; from geoapp.tiles.vector_tile_kernel import point_features as encoded;"
        "table = np.array([[0, -1], [-1, 200]]);"
        "made = encoded(np.array([5, -3]), np.array([6, 4000]), np.array([1, 300]), table);"
        "print(made.tobytes().hex())"
    )
    plain = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    compiled = point_features(
        np.array([5, -3]), np.array([6, 4000]), np.array([1, 300]), np.array([[0, -1], [-1, 200]])
    )

    assert plain.stdout.strip() == compiled.tobytes().hex()
