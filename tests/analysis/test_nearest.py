"""Nearest streets and areas, in metres."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geoapp.analysis.nearest import metric_crs, near_border, nearest_area, nearest_street
from geoapp.domain.errors import NotMetric

HUAIROU = "EPSG:4548"
# Streets along the parallel of 40.3 degrees north and 0.01 degrees further north, near Huairou.
SOUTH = shapely.LineString([(116.60, 40.30), (116.65, 40.30), (116.70, 40.30)])
NORTH = shapely.LineString([(116.60, 40.31), (116.70, 40.31)])


def street(lon: Any, lat: Any, streets: Any, reach: float = 5_000) -> tuple[list[int], list[float]]:
    index, metres = nearest_street(np.array(lon), np.array(lat), streets, max_distance_m=reach, crs=HUAIROU)
    return index.tolist(), metres.tolist()


def test_the_nearer_street_is_found_with_the_true_distance() -> None:
    index, metres = street([116.65], [40.302], [NORTH, SOUTH])
    _, _, expected = Geod(ellps="WGS84").inv(116.65, 40.302, 116.65, 40.30)

    assert index == [1]
    assert metres == [pytest.approx(expected, rel=1e-3)]


def test_beyond_the_reach_there_is_no_street() -> None:
    index, metres = street([116.65, 116.65], [40.302, 40.301], [SOUTH], reach=200)

    assert index == [-1, 0]
    assert np.isnan(metres[0])


def test_of_streets_that_share_an_end_the_first_one_counts() -> None:
    fork = [shapely.LineString([(116.65, 40.30), end]) for end in [(116.66, 40.29), (116.65, 40.29), (116.64, 40.29)]]

    assert street([116.65], [40.305], fork) == (pytest.approx([0]), [pytest.approx(555.2, abs=1)])
    assert street([116.65], [40.305], fork[::-1])[0] == [0]


def test_several_parts_are_one_street() -> None:
    parts = shapely.MultiLineString([NORTH.coords, SOUTH.coords])

    assert street([116.65, 116.65], [40.3001, 40.3101], [parts])[0] == [0, 0]


def test_what_has_no_place_has_no_street_and_nothing_is_nearest_to_nothing() -> None:
    assert street([np.nan], [40.3], [SOUTH])[0] == [-1]
    assert street([116.65], [40.3], [])[0] == [-1]
    assert street([], [], [SOUTH]) == ([], [])


def test_inside_an_area_the_distance_is_nothing_and_outside_it_is_the_way_to_the_border() -> None:
    area = shapely.box(116.6, 40.3, 116.7, 40.4)
    index, metres = nearest_area(np.array([116.65, 116.71]), np.array([40.35, 40.35]), [None, area], crs=HUAIROU)
    _, _, expected = Geod(ellps="WGS84").inv(116.70, 40.35, 116.71, 40.35)

    assert index.tolist() == [1, 1]
    assert metres.tolist() == [0, pytest.approx(expected, rel=1e-3)]


def test_points_near_a_border_are_found_on_both_of_its_sides() -> None:
    area = shapely.box(116.6, 40.3, 116.7, 40.4)
    lon = np.array([116.6998, 116.7002, 116.69, np.nan])
    near = near_border(lon, np.full(4, 40.35), [area], distance_m=30, crs=HUAIROU)

    assert near.tolist() == [True, True, False, False]


def test_degrees_are_refused() -> None:
    with pytest.raises(NotMetric, match="EPSG:4326 does not measure in metres"):
        nearest_area(np.array([1.0]), np.array([1.0]), [shapely.box(0, 0, 1, 1)], crs="EPSG:4326")


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (116.63, 40.32, "EPSG:4548"),
        (121.47, 31.23, "EPSG:4549"),
        (87.6, 43.8, "EPSG:4538"),
        (9.5, 47.1, "EPSG:32632"),
        (-70.6, -33.4, "EPSG:32719"),
        (180.0, 0.0, "EPSG:32660"),
    ],
)
def test_every_place_has_a_crs_that_measures_it_truly(lon: float, lat: float, crs: str) -> None:
    assert metric_crs(lon, lat) == crs
    area = CRS(crs).area_of_use
    assert area.west - 1.51 <= lon <= area.east + 1.51


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(116.5, 116.8), st.floats(40.2, 40.5)), min_size=1, max_size=8), st.integers(0, 3))
def test_one_more_street_never_makes_it_farther(points: list[tuple[float, float]], seed: int) -> None:
    ends = np.random.default_rng(seed).uniform((116.5, 40.2), (116.8, 40.5), (4, 2, 2))
    streets = [shapely.LineString(line) for line in ends]
    lon, lat = np.array(points).T
    fewer, more = (street(lon, lat, chosen, reach=1e6)[1] for chosen in (streets[:-1], streets))

    assert all(after <= before for before, after in zip(fewer, more, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.floats(116.5, 116.8), st.floats(40.2, 40.5))
def test_the_distance_is_the_least_of_all_streets(lon: float, lat: float) -> None:
    streets = [SOUTH, NORTH, shapely.LineString([(116.5, 40.5), (116.8, 40.4)])]
    (index,), (metres,) = street([lon], [lat], streets, reach=1e6)
    alone = [street([lon], [lat], [one], reach=1e6)[1][0] for one in streets]

    assert metres == pytest.approx(min(alone))
    assert index == alone.index(min(alone))
