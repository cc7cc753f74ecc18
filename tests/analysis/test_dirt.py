"""Positions that cannot be what they say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.dirt import FEWEST, at_any, exchanged, heaped, repeated

BBOX = (116.3, 40.2, 116.9, 41.0)


def test_a_placeholder_that_holds_a_seventh_of_all_is_a_heap_and_a_busy_place_is_none() -> None:
    chance = np.random.default_rng(1)
    lon, lat = chance.uniform((116.4, 40.3), (116.8, 40.9), (6_000, 2)).T
    lon[:1_000], lat[:1_000] = 116.5, 40.5
    lon[1_000:1_025], lat[1_000:1_025] = 116.6, 40.6
    found, heaps = heaped(lon, lat)

    assert (found[:1_000].all(), found[1_000:].any()) == (True, False)
    assert [(heap.lon, heap.lat, heap.count) for heap in heaps] == [(116.5, 40.5, 1_000)]


def test_few_points_and_points_without_a_place_are_no_heap() -> None:
    found, heaps = heaped(np.full(FEWEST - 1, 116.5), np.full(FEWEST - 1, 40.5))
    assert (found.any(), heaps) == (False, [])
    assert heaped(np.full(500, np.nan), np.full(500, np.nan))[1] == []
    assert heaped(np.array([]), np.array([]))[1] == []


def test_only_what_comes_again_is_a_repetition() -> None:
    lon = np.array([1.0, 1.0, 1.0, 2.0, 1.0])
    found_at = np.array([5, 5, 6, 5, 5])

    assert repeated(lon, found_at).tolist() == [False, True, False, False, True]


def test_exchanged_coordinates_are_inside_only_the_other_way_round() -> None:
    lon, lat = np.array([116.5, 40.5, 10.0, np.nan]), np.array([40.5, 116.5, 10.0, 40.5])

    assert exchanged(lon, lat, BBOX).tolist() == [False, True, False, False]


def test_only_the_very_place_is_the_place() -> None:
    lon, lat = np.array([116.5, 116.500002, 116.5]), np.array([40.5, 40.5, np.nan])

    assert at_any(lon, lat, np.array([116.5]), np.array([40.5])).tolist() == [True, False, False]
    assert not at_any(lon, lat, np.array([]), np.array([])).any()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_without_its_repetitions_everything_stands_once(rows: list[tuple[int, int]]) -> None:
    one, other = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.array([]), np.array([]))
    kept = [row for row, again in zip(rows, repeated(one, other).tolist(), strict=True) if not again]

    assert len(kept) == len(set(rows))
    assert set(kept) == set(rows)
