"""Standards along lines: by hand on a long street, and against a look at every half metre."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.routing.line_coverage import FINE_M, FailingStretches, farther_than, gaps_over
from geoapp.routing.nearest import Measure, RoadNearest
from geoapp.routing.nearest_straight import BY_LINE, StraightNearest
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from tests.routing.toy_roads import MILLI, graph_of, grid, line

Places = list[tuple[float, float]]
BLOCK_M = 111.32
GEOD = Geod(ellps="WGS84")
STREET = line((0, 0), (10, 0))
TOWN = RoadNearest(graph_of(*grid(5), profile="foot"))
LONG = RoadNearest(graph_of((Road("main"), STREET), profile="foot"))
WHERE = st.floats(-0.5, 4.5)
PLACES = st.lists(st.tuples(WHERE, WHERE), min_size=1, max_size=4)
RING = line((0, 0), (4, 0), (4, 4), (0, 4), (0, 0))


def far(nearest: RoadNearest | StraightNearest, shapes: object, sources: Places, most_m: float) -> FailingStretches:
    here = nearest.locate(*(np.array(sources, float).reshape(-1, 2) * MILLI).T)
    return farther_than(nearest, shapes, here, most_m)


def gaps(shapes: object, points: Places, most_m: float, **how: float) -> FailingStretches:
    return gaps_over(shapes, *(np.array(points, float).reshape(-1, 2) * MILLI).T, most_m, **how)


def test_a_street_fails_where_both_toilets_are_too_far() -> None:
    found = far(LONG, [STREET], [(2, 0), (8, 0)], 2 * BLOCK_M)

    assert found.line.tolist() == [0]
    assert found.from_m == pytest.approx([4 * BLOCK_M], abs=FINE_M)
    assert found.to_m == pytest.approx([6 * BLOCK_M], abs=FINE_M)
    assert found.worst_m == pytest.approx([3 * BLOCK_M], abs=5)
    assert found.length_m == pytest.approx([GEOD.geometry_length(found.shape[0])], rel=1e-3)
    assert found.known.all()


def test_a_failing_stretch_shorter_than_a_step_is_found() -> None:
    found = far(LONG, [STREET], [(2, 0), (8, 0)], 3 * BLOCK_M - 1.5)

    assert found.length_m == pytest.approx([3], abs=2)


def test_a_meeting_stretch_shorter_than_a_step_is_found() -> None:
    found = far(LONG, [STREET], [(5.03, 0)], 1.5)

    assert len(found) == 2
    assert found.from_m[1] - found.to_m[0] == pytest.approx(3, abs=2)


def test_without_any_toilet_all_of_it_fails_and_with_enough_none() -> None:
    assert far(LONG, [STREET], [], 500).length_m == pytest.approx([10 * BLOCK_M], rel=1e-3)
    assert np.isinf(far(LONG, [STREET], [], 500).worst_m).all()
    assert len(far(LONG, [STREET], [(5, 0)], 600)) == 0
    assert len(far(LONG, [], [(5, 0)], 600)) == 0


def test_where_a_street_is_too_far_from_the_roads_it_is_not_known() -> None:
    away = line((0, 1), (0, 9))
    found = far(LONG, [away], [(1, 0)], 300)

    assert found.known.tolist() == [True, False]
    assert found.from_m[1] == pytest.approx(500 - BLOCK_M, abs=5)
    assert np.isnan(found.worst_m[1])


def test_without_roads_it_goes_by_the_line() -> None:
    found = far(StraightNearest(PROFILES["foot"], detour=BY_LINE), [STREET], [(5, 1)], 3 * BLOCK_M)

    assert found.to_m[0] == pytest.approx((5 - np.sqrt(8)) * BLOCK_M, abs=5)


@settings(max_examples=25, deadline=None)
@given(sources=PLACES, dots=st.lists(st.tuples(WHERE, WHERE), min_size=2, max_size=4, unique=True),
       most_m=st.floats(20, 600))  # fmt: skip
def test_turning_a_line_round_changes_nothing(sources: Places, dots: Places, most_m: float) -> None:
    there, back = (far(TOWN, [line(*way)], sources, most_m) for way in (dots, dots[::-1]))
    length = GEOD.geometry_length(line(*dots))

    assert there.length_m.sum() == pytest.approx(back.length_m.sum(), abs=2 * FINE_M)
    if len(there) == len(back):
        assert there.from_m == pytest.approx((length - back.to_m)[::-1], abs=FINE_M)
        assert there.worst_m == pytest.approx(back.worst_m[::-1], abs=0.1)


@settings(max_examples=25, deadline=None)
@given(sources=PLACES, most_m=st.floats(20, 400), row=st.integers(0, 4))
def test_a_look_at_every_half_metre_says_the_same(sources: Places, most_m: float, row: int) -> None:
    street = line((0, row), (4, row))
    found = far(TOWN, [street], sources, most_m)
    shares = np.linspace(0, 1, 891)
    dots = TOWN.locate(shares * 4 * MILLI, np.full(891, row * MILLI))
    metres = TOWN.search(dots, TOWN.locate(*(np.array(sources) * MILLI).T), by=Measure.METRES).metres
    at_m = shares * GEOD.geometry_length(street)
    inside = ((found.from_m <= at_m[:, None]) & (at_m[:, None] <= found.to_m)).any(axis=1)
    clear = np.abs(metres - most_m) > FINE_M + 0.5

    assert (inside == (metres > most_m))[clear].all()


def test_moving_everything_together_changes_nothing() -> None:
    def moved(east: float) -> FailingStretches:
        roads = RoadNearest(graph_of((Road("main"), line((east, 0), (east + 10, 0))), profile="foot"))
        return far(roads, [line((east, 0), (east + 10, 0))], [(east + 2, 1), (east + 9, 0)], 250)

    here, there = moved(0), moved(2_000)
    assert here.from_m == pytest.approx(there.from_m, abs=0.01)
    assert here.worst_m == pytest.approx(there.worst_m, abs=0.01)


def test_a_line_fails_between_neighbours_too_far_apart_and_towards_its_ends() -> None:
    found = gaps([STREET], [(4, 0.1), (5, -0.1), (9.5, 0), (7, 3)], 3 * BLOCK_M)

    assert found.from_m == pytest.approx([0, 5 * BLOCK_M], abs=1)
    assert found.to_m == pytest.approx([4 * BLOCK_M, 9.5 * BLOCK_M], abs=1)
    assert found.worst_m == pytest.approx(found.length_m)
    assert shapely.get_coordinates(found.shape[1])[0] / MILLI == pytest.approx([5, 0], abs=0.01)


def test_neighbours_just_as_far_apart_as_they_may_be_leave_no_gap() -> None:
    boards = [(0, 0), (4, 0), (10, 0)]
    whole = gaps([STREET], boards, 0.0)

    assert whole.length_m == pytest.approx([4 * BLOCK_M, 6 * BLOCK_M], rel=1e-3)
    assert gaps([STREET], boards, float(whole.length_m[0])).from_m.tolist() == whole.from_m[1:].tolist()
    assert len(gaps([STREET], boards, float(whole.length_m[1]))) == 0


def test_a_line_without_points_fails_if_it_is_longer_than_the_norm() -> None:
    assert gaps([STREET, line((0, 5), (1, 5))], [], 300).line.tolist() == [0]
    assert gaps([], [(0, 0)], 300).line.tolist() == []
    assert gaps([STREET], [(float("nan"), 0)], 300).length_m == pytest.approx([10 * BLOCK_M], rel=1e-3)


def test_a_point_at_a_crossing_stands_by_both_streets() -> None:
    found = gaps([STREET, line((5, -5), (5, 5))], [(5, 0)], 4 * BLOCK_M)

    assert found.line.tolist() == [0, 0, 1, 1]


def test_a_ring_has_no_ends() -> None:
    one, three = gaps([RING], [(0, 1)], 500), gaps([RING], [(4, 1), (1, 4), (0, 2)], 500)

    assert one.length_m == pytest.approx([16 * BLOCK_M], rel=0.01)
    assert one.shape[0].is_ring
    assert three.length_m == pytest.approx(np.array([6, 7]) * BLOCK_M, rel=0.01)
    assert three.to_m[1] == pytest.approx(21 * BLOCK_M, rel=0.01)
    assert GEOD.geometry_length(three.shape[1]) == pytest.approx(three.length_m[1], rel=0.01)


def test_a_point_stands_by_a_line_wherever_it_comes_back_to_it() -> None:
    """Two carriageways 22 m apart that meet at their far end are one line: what stands between them is by both."""
    there_and_back = line((0, 0), (10, 0), (10, 0.2), (0, 0.2))
    found = gaps([there_and_back], [(3, 0.09), (6, 0.12)], 4.5 * BLOCK_M)

    assert found.from_m == pytest.approx([6 * BLOCK_M], abs=1)
    assert found.length_m == pytest.approx([8.2 * BLOCK_M], abs=2)
    crossed = line((0, 0), (10, 0), (10, 5), (5, 5), (5, -5))
    assert gaps([crossed], [(5, 0)], 0.0).length_m == pytest.approx(np.array([5, 20, 5]) * BLOCK_M, rel=0.01)
    assert gaps([RING], [(0, 0.1)], 500).length_m == pytest.approx([16 * BLOCK_M], rel=0.01)


@settings(max_examples=40, deadline=None)
@given(points=PLACES, dots=st.lists(st.tuples(WHERE, WHERE), min_size=2, max_size=4, unique=True),
       most_m=st.floats(20, 600))  # fmt: skip
def test_turning_a_line_round_leaves_its_gaps(points: Places, dots: Places, most_m: float) -> None:
    there, back = (gaps([line(*way)], points, most_m, beside_m=80) for way in (dots, dots[::-1]))
    length = GEOD.geometry_length(line(*dots))

    assert there.length_m.sum() == pytest.approx(back.length_m.sum(), abs=0.1)
    assert there.from_m == pytest.approx((length - back.to_m)[::-1], abs=0.1)


def test_parts_that_do_not_touch_are_judged_each_by_itself() -> None:
    street = shapely.union_all([line((0, 0), (4, 0)), line((6, 0), (10, 0))])
    found = gaps([shapely.Point(0, 0), street], [(1, 0)], 2.5 * BLOCK_M)

    assert found.line.tolist() == [1, 1]
    assert found.part.tolist() == [0, 1]
    assert found.length_m == pytest.approx(np.array([3, 4]) * BLOCK_M, rel=0.01)
