"""Streets that were drawn in several lines are one, whatever the order and direction; and metres along them."""

from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.analysis.areas import length_km
from geoapp.analysis.street_chains import Measured, street_chains


def line(*lons: float, lat: float = 0.0) -> shapely.LineString:
    return shapely.LineString([(lon, lat) for lon in lons])


def test_lines_of_one_name_that_touch_are_one_line_from_the_west() -> None:
    found = street_chains(["a", "a", "a"], [line(0.002, 0.001), line(0.0, 0.001), line(0.003, 0.002)])

    assert [one.wkt for one in found.lines] == ["LINESTRING (0 0, 0.001 0, 0.002 0, 0.003 0)"]
    assert (found.names, found.members) == (["a"], [[0, 1, 2]])


def test_lines_of_other_names_or_of_none_stay_apart() -> None:
    found = street_chains(["a", "b", "", ""], [line(0, 1), line(1, 2), line(2, 3), line(3, 4)])

    assert len(found.lines) == 4
    assert found.names == ["a", "b", "", ""]


def test_one_name_in_two_villages_is_two_streets_and_the_sides_of_one_street_are_one() -> None:
    far, side = line(0.1, 0.11), line(0.0, 0.01, lat=0.0002)
    found = street_chains(["a", "a", "a"], [line(0.0, 0.01), far, side])

    assert found.names == ["a", "a"]
    assert sorted(map(sorted, found.members)) == [[0, 2], [1]]
    assert found.street.tolist() == [0, 0, 1]


def test_where_three_ends_meet_none_goes_on() -> None:
    branch = shapely.LineString([(0.001, 0), (0.001, 0.001)])
    found = street_chains(["a"] * 3, [line(0, 0.001), line(0.001, 0.002), branch])

    assert len(found.lines) == 3
    assert found.names == ["a"]


def test_what_was_drawn_twice_or_backwards_counts_once_and_what_is_nothing_not_at_all() -> None:
    found = street_chains(["a"] * 5, [line(0, 1), line(1, 0), None, shapely.LineString(), line(0, 1)])

    assert len(found.lines) == 1
    assert street_chains(["a"], [None]).names == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.booleans(), min_size=4, max_size=4), st.sampled_from([*permutations(range(4))]))
def test_neither_order_nor_direction_changes_the_lines(turned: list[bool], order: tuple[int, ...]) -> None:
    parts = [line(0, 0.001), line(0.001, 0.003), line(0.003, 0.002, lat=0.0), line(0.004, 0.005)]
    drawn = [shapely.reverse(part) if turn else part for part, turn in zip(parts, turned, strict=True)]
    found = street_chains(["a"] * 4, [drawn[place] for place in order])

    assert [one.wkt for one in found.lines] == [one.wkt for one in street_chains(["a"] * 4, parts).lines]


def test_a_ring_begins_at_the_same_place_however_it_was_cut() -> None:
    ring = [(0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001)]
    cut = [shapely.LineString([ring[one], ring[(one + 1) % 4]]) for one in range(4)]
    found = [street_chains(["a"] * 4, cut[first:] + cut[:first]).lines for first in range(4)]

    assert {len(one) for one in found} == {1}
    assert len({one[0].wkt for one in found}) == 1


def test_metres_along_a_line_are_the_ellipsoid_s() -> None:
    bent = shapely.LineString([(116.6, 40.3), (116.61, 40.31), (116.63, 40.31)])
    measured = Measured(bent)

    assert measured.length_m == pytest.approx(length_km([bent])[0] * 1_000, abs=1e-6)
    part = measured.part(300, 2_000)
    assert Geod(ellps="WGS84").geometry_length(part) == pytest.approx(1_700, abs=0.01)
    assert shapely.hausdorff_distance(part, bent) > 0
    assert np.allclose(measured.at(np.array([0.0, measured.length_m])), [bent.coords[0], bent.coords[-1]])
