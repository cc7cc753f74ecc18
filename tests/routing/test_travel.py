"""Travel times and ways: by hand in a small town, and two ways of computing them against each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.routing.cch import Hierarchy
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.graph import Graph
from geoapp.routing.profiles import PROFILES, WALKING_KMH
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import DETOUR, RoadTravel, StraightTravel
from tests.routing.toy_roads import MILLI, graph_of, grid, line

KMH = 45 / 3.6
STEP_S = 111.32 / KMH
PLACES = st.tuples(st.floats(-1, 5), st.floats(-1, 5)).map(lambda place: (place[0] * MILLI, place[1] * MILLI))

needs_hierarchy = pytest.mark.skipif(not Hierarchy.installed(), reason="routingkit-cch has no wheel for this machine")


def by_dijkstra(found: Graph) -> RoadTravel:
    return RoadTravel(found, Dijkstra(found), Snapper(found))


def at(x: float, y: float) -> tuple[float, float]:
    return x * MILLI, y * MILLI


def test_a_way_round_two_corners_takes_as_long_as_its_blocks() -> None:
    town = by_dijkstra(graph_of(*grid(5)))
    leg = town.leg(at(0.5, 0), at(2, 1.5))

    assert leg.metres == pytest.approx(3 * 111.32, rel=0.01)
    assert leg.seconds == pytest.approx(3 * STEP_S, abs=1.5)
    assert leg.line[0] == at(0.5, 0)
    assert leg.line[-1] == at(2, 1.5)


def test_a_one_way_street_makes_the_way_back_longer() -> None:
    town = by_dijkstra(graph_of(*grid(4, oneway="forward"), (Road("main"), line((3, 3), (0, 3)))))
    there, back = town.matrix_s([at(0.2, 1), at(0.8, 1)])[[0, 1], [1, 0]]

    assert there == pytest.approx(0.6 * STEP_S, abs=1.5)
    assert back > 4 * there


@pytest.mark.parametrize("place", [at(0, 0), at(-0.1, -0.1)], ids=["on it", "beside it"])
@pytest.mark.parametrize("oneway", ["forward", "backward"])
def test_at_a_junction_one_takes_any_of_its_roads(place: tuple[float, float], oneway: str) -> None:
    """A ring that is one-way, and a street from it: it does not matter which of them a place is said to stand on."""
    ring = [(Road("main", oneway=oneway), line(*way)) for way in (((0, 0), (9, 0), (9, 9)), ((9, 9), (0, 9), (0, 0)))]
    town = by_dijkstra(graph_of(*ring, (Road("main"), line((0, 0), (0, -3)))))
    walk = town.snapped([place]).distance_m[0] / WALKING_KMH * 3.6

    assert town.matrix_s([place, at(0, -2)])[[0, 1], [1, 0]] == pytest.approx(2 * STEP_S + walk, abs=2.5)
    assert town.leg(place, at(0, -2)).metres == pytest.approx(2 * 111.32, abs=20)
    assert town.leg(at(0, -2), place).metres == pytest.approx(2 * 111.32, abs=20)


def test_places_beside_the_road_are_walked_to_and_tell_how_far() -> None:
    town = by_dijkstra(graph_of((Road(kind="main"), line((0, 0), (10, 0)))))
    places = [at(2, 1), at(4, 0)]

    assert town.snapped(places).distance_m == pytest.approx([111.32, 0], abs=1)
    walk = 111.32 / WALKING_KMH * 3.6
    assert town.matrix_s(places)[0, 1] == pytest.approx(walk + 2 * STEP_S, abs=2)
    assert town.leg(*places).roads == [(0, pytest.approx(2 * 111.32, abs=2))]


def test_a_place_is_no_time_from_itself_and_nor_is_another_one_there() -> None:
    town = by_dijkstra(graph_of(*grid(3)))

    assert town.matrix_s([at(0.5, 0.3), at(0.5, 0.3)]).tolist() == [[0, 0], [0, 0]]
    assert town.leg(at(0.5, 0.3), at(0.5, 0.3)).seconds == 0


def lollipop(*, oneway: str | None = None) -> Graph:
    """A street of one block, and a loop of four blocks at its end."""
    loop = line((1, 0), (2, 0), (2, 1), (1, 1), (1, 0))
    return graph_of((Road("main"), line((0, 0), (1, 0))), (Road("main", oneway=oneway), loop))


@pytest.mark.parametrize(
    ("oneway", "blocks"), [(None, 1 + 1.5), ("forward", 1 + 1.5), ("backward", 1 + 2.5)], ids=["both", "along", "back"]
)
def test_a_loop_is_entered_at_its_nearer_end_that_one_may_enter(oneway: str | None, blocks: float) -> None:
    leg = by_dijkstra(lollipop(oneway=oneway)).leg(at(0, 0), at(2, 0.5))

    assert leg.metres == pytest.approx(blocks * 111.32, rel=0.01)
    assert leg.seconds == pytest.approx(blocks * STEP_S, abs=1.5)
    assert Geod(ellps="WGS84").line_length(*np.array(leg.line).T) == pytest.approx(leg.metres, rel=0.001)


def test_a_loop_is_left_at_its_nearer_end_that_one_may_leave_by() -> None:
    there, back = (by_dijkstra(lollipop(oneway="forward")).leg(*way) for way in
                   ((at(1, 0), at(2, 0.5)), (at(2, 0.5), at(1, 0))))  # fmt: skip

    assert there.metres == pytest.approx(1.5 * 111.32, rel=0.01)
    assert back.metres == pytest.approx(2.5 * 111.32, rel=0.01)
    assert Geod(ellps="WGS84").line_length(*np.array(back.line).T) == pytest.approx(back.metres, rel=0.001)


def test_of_two_roads_between_the_same_junctions_the_faster_is_drawn() -> None:
    slow, fast = line((0, 0), (0, 1), (2, 1), (2, 0)), line((0, 0), (2, 0))
    found = graph_of((Road("main"), slow), (Road("main"), fast), (Road("main"), line((2, 0), (3, 0))),
                     (Road("main"), line((0, 0), (-1, 0))))  # fmt: skip
    leg = by_dijkstra(found).leg(at(-1, 0), at(3, 0))

    assert leg.metres == pytest.approx(4 * 111.32, rel=0.01)
    assert max(lat for _, lat in leg.line) == 0


def test_places_far_apart_are_found_by_plain_search_too() -> None:
    """Five hundred kilometres are farther than it looks at first."""
    found = graph_of((Road("main"), line((0, 0), (4_500, 0))), (Road("main"), line((4_500, 0), (4_501, 0))))
    leg = by_dijkstra(found).leg(at(0, 0), at(4_501, 0))

    assert leg.seconds == pytest.approx(4_501 * STEP_S, rel=0.001)


def test_one_junction_between_two_places_is_passed_once() -> None:
    found = graph_of((Road("main"), line((0, 0), (1, 0))), (Road("main"), line((1, 0), (1, 1))))
    leg = by_dijkstra(found).leg(at(0.5, 0), at(1, 0.5))

    assert leg.line == [at(0.5, 0), at(1, 0), at(1, 0.5)]


@needs_hierarchy
@settings(max_examples=40, deadline=None)
@given(places=st.lists(PLACES, min_size=2, max_size=6, unique=True), oneway=st.sampled_from([None, "forward"]))
def test_hierarchies_say_what_dijkstra_says(places: list[tuple[float, float]], oneway: str | None) -> None:
    found = graph_of(*grid(4, oneway=oneway), (Road("main"), line((3, 3), (0, 3))))
    plain = by_dijkstra(found)
    fast = RoadTravel(found, Hierarchy(found), Snapper(found))

    assert fast.matrix_s(places).tolist() == plain.matrix_s(places).tolist()


@settings(max_examples=40, deadline=None)
@given(places=st.lists(PLACES, min_size=3, max_size=3, unique=True))
def test_no_way_over_a_third_place_is_shorter(places: list[tuple[float, float]]) -> None:
    times = by_dijkstra(graph_of(*grid(4))).matrix_s(places)

    # A millisecond of rounding may make one second.
    assert times[0, 2] <= times[0, 1] + times[1, 2] + 1


@settings(max_examples=40, deadline=None)
@given(one=PLACES, other=PLACES)
def test_a_way_is_as_long_as_its_line_and_takes_what_the_matrix_says(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    town = by_dijkstra(graph_of(*grid(4)))
    leg = town.leg(one, other)

    assert leg.seconds == town.matrix_s([one, other])[0, 1]
    if one != other:
        lon, lat = np.array(leg.line).T
        assert Geod(ellps="WGS84").line_length(lon, lat) == pytest.approx(leg.metres, abs=1 + 0.01 * leg.metres)


def test_without_roads_a_straight_line_is_an_estimate() -> None:
    travel = StraightTravel(PROFILES["car"])
    leg = travel.leg(at(0, 0), at(10, 0))

    assert travel.estimate
    assert leg.metres == pytest.approx(1_113.2 * DETOUR, rel=1e-3)
    assert leg.seconds == pytest.approx(leg.metres / (40 / 3.6), abs=1)
    assert travel.matrix_s([at(0, 0), at(10, 0)])[0, 1] == leg.seconds


def test_everything_is_far_from_a_network_without_roads() -> None:
    nothing = by_dijkstra(graph_of((Road(kind="steps"), line((0, 0), (1, 0)))))

    assert np.isinf(nothing.snapped([at(0, 0)]).distance_m).all()
