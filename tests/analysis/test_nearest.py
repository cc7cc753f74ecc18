"""Nearest streets and areas, in metres."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from geoapp.analysis.nearest import metric_crs, nearest_area, nearest_street
from geoapp.domain.errors import BadInput, NotMetric

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

    index, metres = street([116.65], [40.305], fork)

    assert index == [0]
    assert metres == [pytest.approx(555.2, abs=1)]
    assert street([116.65], [40.305], fork[::-1])[0] == [0]


def test_several_parts_are_one_street() -> None:
    parts = shapely.MultiLineString([NORTH.coords, SOUTH.coords])

    assert street([116.65, 116.65], [40.3001, 40.3101], [parts])[0] == [0, 0]


def test_a_line_without_length_is_nowhere() -> None:
    dot = shapely.LineString([(116.65, 40.31), (116.65, 40.31)])
    parts = shapely.MultiLineString([dot.coords, SOUTH.coords])

    assert street([116.65], [40.31], [dot, SOUTH])[0] == [1]
    assert street([116.65], [40.3001], [dot, parts])[0] == [1]
    assert street([116.65], [40.31], [dot])[0] == [-1]


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


def test_a_long_border_is_the_same_line_in_metres_as_in_degrees() -> None:
    # Between its ends a parallel of three degrees bends by a kilometre when only the ends are carried over to metres.
    area = shapely.box(115, 40, 118, 41)
    lat = np.array([40.0005, 40.9995, 41.0009])
    index, metres = nearest_area(np.full(3, 116.5), lat, [area], crs=HUAIROU)
    _, _, expected = Geod(ellps="WGS84").inv(116.5, 41, 116.5, 41.0009)

    assert index.tolist() == [0, 0, 0]
    assert metres.tolist() == [0, 0, pytest.approx(expected, rel=1e-3)]


def test_what_lies_beyond_the_world_has_no_street() -> None:
    assert street([1e9, 116.65, np.inf], [40.3, 1e9, 40.3], [SOUTH])[0] == [-1, -1, -1]


@pytest.mark.parametrize(
    ("crs", "sentence"),
    [
        ("EPSG:4326", "EPSG:4326 does not measure in metres"),
        ("EPSG:2263", "EPSG:2263 does not measure in metres"),
        ("EPSG:1", "EPSG:1 is no known coordinate reference system"),
    ],
)
def test_what_does_not_measure_in_metres_is_refused(crs: str, sentence: str) -> None:
    with pytest.raises(NotMetric, match=sentence):
        nearest_area([1.0], [1.0], [shapely.box(0, 0, 1, 1)], crs=crs)


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:32650", "EPSG:27700", "EPSG:27571", "EPSG:2100"])
def test_short_distances_are_those_on_the_ellipsoid_in_any_datum_and_from_any_meridian(crs: str) -> None:
    area = CRS(crs).area_of_use
    assert area
    lon, lat = (area.west + area.east) / 2, (area.south + area.north) / 2
    line = shapely.LineString([(lon - 0.005, lat), (lon + 0.005, lat)])
    _, metres = nearest_street([lon], [lat + 0.01], [line], max_distance_m=2_000, crs=crs)
    _, _, expected = Geod(ellps="WGS84").inv(lon, lat, lon, lat + 0.01)

    assert metres.tolist() == [pytest.approx(expected, rel=1e-3)]


@pytest.mark.parametrize("reach", [0, -5, float("nan")])
def test_a_reach_that_reaches_nothing_is_refused(reach: float) -> None:
    with pytest.raises(BadInput, match=f"more than 0 m, not {reach} m"):
        street([116.65], [40.3], [SOUTH], reach=reach)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 40), (500_000, 4_460_000)])
def test_what_is_no_place_in_degrees_has_no_crs(lon: float, lat: float) -> None:
    with pytest.raises(BadInput, match="is no place in degrees"):
        metric_crs(lon, lat)


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
    assert area
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


# So short that a line is straight in degrees and in metres.
places = st.tuples(st.floats(116.6, 116.61), st.floats(40.3, 40.31))
lines = st.lists(places, min_size=2, max_size=5, unique=True).map(shapely.LineString)
streets_with_parts = st.lists(lines, min_size=2, max_size=3).map(shapely.MultiLineString)


@settings(max_examples=60, deadline=None)
@given(st.lists(lines | streets_with_parts | st.none(), max_size=5), st.lists(places, max_size=6))
def test_drawn_streets_give_the_answers_of_sjoin_nearest(streets: list[Any], points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    here = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326).to_crs(HUAIROU)
    there = gpd.GeoDataFrame(geometry=gpd.GeoSeries(streets, crs=4326).to_crs(HUAIROU))
    pairs = gpd.sjoin_nearest(here, there, max_distance=200, distance_col="metres")
    expected = pairs.groupby(level=0)["metres"].min().reindex(range(len(lon)))
    index, metres = street(lon, lat, streets, reach=200)

    assert metres == pytest.approx(expected.tolist(), abs=1e-6, nan_ok=True)
    # Rounding may part two streets that meet where the point is nearest to both of them.
    to_found = [np.nan if i < 0 else here.geometry[n].distance(there.geometry[i]) for n, i in enumerate(index)]
    assert to_found == pytest.approx(metres, abs=1e-6, nan_ok=True)
