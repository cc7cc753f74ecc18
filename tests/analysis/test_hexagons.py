import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.areas import area_km2
from geoapp.analysis.hexagons import NOWHERE, Hexagons, Plane
from geoapp.domain.errors import BadInput

# About 10 by 13 km with a corner cut out, so that its border crosses many hexagons.
DISTRICT = shapely.Polygon([(116.5, 40.2), (116.62, 40.2), (116.62, 40.26), (116.58, 40.32), (116.5, 40.32)])


@pytest.fixture(scope="module")
def cells():
    return Hexagons(DISTRICT, 500, parallel=40.26)


@pytest.fixture(scope="module")
def points():
    random = np.random.default_rng(5)
    lon, lat = random.uniform(116.49, 116.63, 20_000), random.uniform(40.19, 40.33, 20_000)
    return lon, lat


def test_the_cells_cover_the_district_and_nothing_else(cells):
    assert cells.area_km2.sum() == pytest.approx(area_km2([DISTRICT])[0], rel=0.005)
    inner = cells.area_km2[np.isclose(cells.area_km2, np.sqrt(3) / 2 * 0.25)]
    assert len(inner) > 400, "cells within the district are all of one size"


def test_every_point_of_the_district_has_a_cell(cells, points):
    inside = shapely.contains_xy(DISTRICT, *points)
    assert (cells.of_points(*points)[inside] != NOWHERE).all()


def test_a_point_lies_in_the_polygon_of_its_cell_wherever_that_is_not_a_sliver_s(cells, points):
    lon, lat = points
    found = cells.of_points(lon, lat)
    there = np.flatnonzero(found != NOWHERE)
    shapes = cells.shapes(np.arange(len(cells)))
    tree = shapely.STRtree(shapes)
    point, shape = tree.query(shapely.points(lon, lat), predicate="within")
    expected = np.full(len(lon), NOWHERE)
    expected[point] = shape
    whole = there[expected[there] != NOWHERE]
    assert len(whole) > 10_000
    assert (found[whole] == expected[whole]).all()


def test_points_beyond_the_district_and_points_that_are_no_number_have_none(cells):
    found = cells.of_points(np.array([0.0, 117.0, np.nan, np.inf]), np.array([0.0, 40.26, 40.26, 40.26]))
    assert found.tolist() == [NOWHERE] * 4


def test_a_cell_has_six_neighbours_a_width_away_or_fewer_at_the_border(cells):
    one, other = cells.neighbours
    assert (np.bincount(one).max(), np.bincount(one).min() >= 1) == (6, True)
    x, y = cells.plane.metres(*cells.middles())
    assert np.allclose(np.hypot(x[one] - x[other], y[one] - y[other]), 500)
    assert set(zip(one.tolist(), other.tolist(), strict=True)) == set(zip(other.tolist(), one.tolist(), strict=True))


def test_a_cell_is_found_by_its_name_and_none_by_a_wrong_one(cells):
    number = len(cells) // 2
    assert cells.find(int(cells.q[number]), int(cells.r[number])) == number
    assert cells.find(0, 0) == NOWHERE
    assert cells.find(10**18, 1) == NOWHERE


def test_cells_keep_their_names_when_the_district_grows(cells):
    larger = Hexagons(DISTRICT.buffer(0.05), 500, parallel=40.26)
    named = set(zip(cells.q.tolist(), cells.r.tolist(), strict=True))
    assert named <= set(zip(larger.q.tolist(), larger.r.tolist(), strict=True))


def test_a_district_smaller_than_a_cell_is_one_cell():
    small = Hexagons(shapely.box(116.5, 40.2, 116.5005, 40.2005), 1_000, parallel=40.2)
    assert len(small) == 1
    assert small.of_points(np.array([116.50025]), np.array([40.20025])).tolist() == [0]


@pytest.mark.parametrize("width", [0, -5, 1])
def test_widths_that_cannot_be_are_refused(width):
    with pytest.raises(BadInput):
        Hexagons(DISTRICT, width, parallel=40.2)


@given(lon=st.floats(-179, 179), lat=st.floats(-85, 85), parallel=st.floats(-70, 70))
def test_the_plane_leads_there_and_back(lon, lat, parallel):
    plane = Plane(parallel)
    back = plane.degrees(*plane.metres(np.array([lon]), np.array([lat])))
    assert np.allclose(np.concatenate(back), [lon, lat], atol=1e-9)
