"""Morton codes keep tiles together."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geoapp.tiles.morton import BITS, LATITUDE_LIMIT, NOWHERE, deinterleave, encode, interleave, tile_range, world

cells = st.integers(0, 2**BITS - 1)
places = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def slowly(column: int, row: int) -> int:
    """Bit by bit, with Python's own integers."""
    return sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1 for bit in range(BITS))


@given(cells, cells)
def test_bits_are_interleaved_and_come_apart_again(column: int, row: int) -> None:
    codes = interleave(np.array([column], np.uint64), np.array([row], np.uint64))

    assert codes.tolist() == [slowly(column, row)]
    assert [part.tolist() for part in deinterleave(codes)] == [[column], [row]]


@given(places)
def test_positions_are_those_of_web_mercator(place: tuple[float, float]) -> None:
    half = 20037508.342789244
    east, north = Transformer.from_crs(4326, 3857, always_xy=True).transform(*place)
    x, y = world(np.array([place[0]]), np.array([place[1]]))

    assert x[0] == pytest.approx((east + half) / (2 * half), abs=1e-9)
    assert y[0] == pytest.approx((half - north) / (2 * half), abs=1e-9)


@given(st.lists(places, min_size=1, max_size=20), st.integers(0, BITS))
def test_a_point_lies_in_the_range_of_its_tile(drawn: list[tuple[float, float]], zoom: int) -> None:
    lon, lat = np.array(drawn).T
    x, y = world(lon, lat)
    for code, column, row in zip(encode(lon, lat), x, y, strict=True):
        last = 2**zoom - 1
        low, high = tile_range(zoom, min(int(column * 2**zoom), last), min(int(row * 2**zoom), last))
        assert low <= int(code) < high


def test_four_children_fill_their_parent_without_a_gap() -> None:
    low, high = tile_range(5, 17, 11)
    children = sorted(tile_range(6, 34 + dx, 22 + dy) for dx in (0, 1) for dy in (0, 1))

    assert children[0][0] == low
    assert children[-1][1] == high
    assert all(one[1] == next_one[0] for one, next_one in pairwise(children))


@pytest.mark.parametrize(("lon", "lat"), [(np.nan, 0), (0, np.nan), (0, 86), (181, 0), (-181, 0), (np.inf, 0)])
def test_what_the_map_cannot_show_is_nowhere_and_sorts_last(lon: float, lat: float) -> None:
    codes = encode(np.array([lon, 180.0]), np.array([lat, -LATITUDE_LIMIT]))

    assert codes[0] == NOWHERE
    assert codes[1] < NOWHERE
