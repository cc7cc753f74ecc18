"""Roads joined to a network: where they meet, where they pass over each other, and where an end was drawn too short."""

import numpy as np
import pytest
import shapely

from geoapp.routing.roads import Road
from tests.routing.toy_roads import MILLI, joined, line

FLAT, BRIDGE = Road(), Road(level=1)


def test_roads_join_where_they_share_a_point_of_the_same_level() -> None:
    found = joined((FLAT, line((0, 0), (1, 0), (2, 0))), (FLAT, line((1, -1), (1, 0), (1, 1))))

    assert len(found.lon) == 5
    assert len(found.tail) == 4
    assert np.allclose(found.length_m, 111.3, atol=1.0)


def test_a_bridge_does_not_join_the_road_beneath_even_where_they_share_a_point() -> None:
    found = joined((FLAT, line((0, 0), (1, 0), (2, 0))), (BRIDGE, line((1, -1), (1, 0), (1, 1))))

    assert len(found.lon) == 4
    assert len(found.tail) == 2


def test_a_bridge_joins_the_roads_at_its_ends() -> None:
    found = joined((FLAT, line((0, 0), (1, 0))), (BRIDGE, line((1, 0), (2, 0))), (FLAT, line((2, 0), (3, 0))))

    assert len(found.lon) == 4
    assert sorted(zip(found.tail.tolist(), found.head.tolist(), strict=True)) == [(0, 1), (1, 2), (2, 3)]


def test_roads_that_cross_without_a_common_point_stay_apart() -> None:
    found = joined((FLAT, line((0, 0), (2, 0))), (FLAT, line((1, -1), (1, 1))))

    assert len(found.tail) == 2


@pytest.mark.parametrize(("gap_m", "ends"), [(1.5, 1), (2.5, 0)])
def test_an_end_is_joined_to_a_road_that_it_misses_by_two_metres_at_most(gap_m: float, ends: int) -> None:
    gap = gap_m / 111.32
    found = joined((FLAT, line((0, 0), (2, 0))), (FLAT, line((1, gap), (1, 1))))

    assert found.joined == ends
    assert len(found.tail) == 2 + ends


def test_ends_that_miss_each_other_become_one_junction() -> None:
    found = joined((FLAT, line((0, 0), (1, 0))), (FLAT, line((1.01, 0), (2, 0))))

    assert found.joined >= 1
    assert len(found.lon) == 3


def test_an_end_that_stops_under_a_bridge_is_not_joined_to_it() -> None:
    found = joined((BRIDGE, line((0, 0), (2, 0))), (FLAT, line((1, 0.01), (1, 1))))

    assert found.joined == 0
    assert len(found.tail) == 2


def test_several_ends_may_be_joined_to_one_stretch() -> None:
    side = [(FLAT, line((x, 0.01), (x, 1))) for x in (3, 1, 2)]
    found = joined((FLAT, line((0, 0), (4, 0))), *side)

    assert found.joined == 3
    assert len(found.tail) == 4 + 3
    assert found.length_m.sum() == pytest.approx((4 + 3) * 111.3, abs=6)


def test_no_roads_are_no_network_and_points_are_no_roads() -> None:
    assert len(joined().tail) == 0
    assert len(joined((FLAT, shapely.Point(0, 0)), (FLAT, None)).tail) == 0


def test_pieces_bear_the_number_of_their_road_and_its_vertices() -> None:
    found = joined((FLAT, line((0, 0), (1, 1), (2, 0))), (FLAT, line((2, 0), (3, 0))))

    assert found.road.tolist() == [0, 1]
    first = found.vertices[found.first[0] : found.last[0] + 1]
    assert np.allclose(first, np.array([(0, 0), (1, 1), (2, 0)]) * MILLI)
