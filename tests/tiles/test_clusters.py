"""Clusters count every point once, at every zoom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoapp.tiles.clusters import MAX_ZOOM, ClusterPyramid
from geoapp.tiles.morton import encode, world

# Half of the points crowd on few places, as reports do.
places = st.tuples(st.floats(-180, 180), st.floats(-85, 85)) | st.sampled_from(
    [(116.6, 40.3), (116.6001, 40.3), (0, 0)]
)


def pyramid(drawn: list[tuple[float, float]]) -> ClusterPyramid:
    lon, lat = np.array(drawn, dtype=float).reshape(-1, 2).T
    return ClusterPyramid(encode(lon, lat), *world(lon, lat), np.arange(len(lon)) * 10)


def tiles_with_points(drawn: list[tuple[float, float]], zoom: int) -> set[tuple[int, int, int]]:
    x, y = world(*np.array(drawn, dtype=float).reshape(-1, 2).T)
    return {
        (zoom, min(int(i * 2**zoom), 2**zoom - 1), min(int(j * 2**zoom), 2**zoom - 1))
        for i, j in zip(x, y, strict=True)
    }


@settings(deadline=None)
@given(st.lists(places, max_size=30), st.lists(st.integers(0, MAX_ZOOM), min_size=1, max_size=4))
def test_clusters_add_up_at_every_zoom(drawn: list[tuple[float, float]], zooms: list[int]) -> None:
    built = pyramid(drawn)
    for zoom in zooms:
        counts = [built.cells(*tile).count.sum() for tile in tiles_with_points(drawn, zoom)]
        assert sum(counts) == len(drawn)


@settings(deadline=None)
@given(st.lists(places, min_size=1, max_size=30), st.integers(0, MAX_ZOOM - 1))
def test_a_tile_counts_as_much_as_its_four_children(drawn: list[tuple[float, float]], zoom: int) -> None:
    built = pyramid(drawn)
    for z, x, y in tiles_with_points(drawn, zoom):
        children = [built.cells(z + 1, 2 * x + dx, 2 * y + dy).count.sum() for dx in (0, 1) for dy in (0, 1)]
        assert built.cells(z, x, y).count.sum() == sum(children)


@settings(deadline=None)
@given(st.lists(places, min_size=1, max_size=30), st.integers(0, MAX_ZOOM))
def test_cells_are_those_of_a_plain_count(drawn: list[tuple[float, float]], zoom: int) -> None:
    built = pyramid(drawn)
    x, y = world(*np.array(drawn, dtype=float).T)
    for _, column, row in tiles_with_points(drawn, zoom):
        cells = built.cells(zoom, column, row)
        plain = plainly(x, y, zoom, column, row)
        assert sorted(cells.count.tolist()) == sorted(len(inside) for inside in plain)
        single = {10 * inside[0] for inside in plain if len(inside) == 1}
        assert set(cells.row[cells.count == 1].tolist()) == single


def plainly(x: NDArray[np.float64], y: NDArray[np.float64], zoom: int, column: int, row: int) -> list[list[int]]:
    """Which points lie in each non-empty cell of a tile, point by point."""
    cells: dict[tuple[int, int], list[int]] = {}
    per_tile = 32 if zoom >= 16 else 4
    per_tile = min(per_tile, 2 ** (24 - zoom))
    last = 2**zoom * per_tile - 1
    for point, (i, j) in enumerate(zip(x, y, strict=True)):
        cell = min(int(i * (last + 1)), last), min(int(j * (last + 1)), last)
        if (cell[0] // per_tile, cell[1] // per_tile) == (column, row):
            cells.setdefault(cell, []).append(point)
    return list(cells.values())


def test_a_cluster_stands_at_the_mean_of_its_points() -> None:
    built = pyramid([(10.0, 0.0), (11.0, 0.0), (11.0, 0.0)])
    cells = built.cells(0, 0, 0)

    assert cells.count.tolist() == [3]
    assert cells.x[0] * 360 - 180 == pytest.approx((10 + 11 + 11) / 3)


def test_points_without_a_place_are_in_no_cluster() -> None:
    built = pyramid([(np.nan, np.nan), (1.0, 1.0)])

    assert len(built) == 1
    assert built.cells(0, 0, 0).row.tolist() == [10]


def test_nothing_gives_empty_tiles() -> None:
    assert pyramid([]).cells(3, 1, 1).count.tolist() == []


def test_close_to_the_ground_only_points_on_one_spot_share_a_cell() -> None:
    # A tenth of a second of arc apart is three metres; the last two stand on one spot.
    built = pyramid([(116.6, 40.3), (116.60003, 40.3), (116.61, 40.3), (116.61, 40.3)])
    counts = [
        built.cells(*tile).count.tolist() for tile in sorted(tiles_with_points([(116.6, 40.3), (116.61, 40.3)], 18))
    ]

    assert counts == [[1, 1], [2]]
