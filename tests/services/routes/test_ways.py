"""The ways of a plan in words and as lines: a small town whose blocks are 111 m."""

from datetime import date
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.domain.routes import PlannedRoute, PlannedStop, RequestedStop, RequestedTeam, RoutePlan, RouteRequest
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import Leg, RoadTravel, StraightTravel
from geoapp.services.routes.ways import TINY_M, Step, plan_lines, simplified, street_steps
from tests.routing.toy_roads import MILLI, graph_of, line

# Long Street runs east, Church Lane north from its third block; six metres without a name part Mill Road.
NAMES = ["Long Street", "Church Lane", "Mill Road", None, "Mill Road"]


def town() -> RoadTravel:
    main = Road("main")
    found = graph_of(
        (main, line((0, 0), (1, 0), (2, 0), (3, 0))),
        (main, line((3, 0), (3, 1), (3, 2))),
        (main, line((3, 2), (2, 2))),
        (main, line((2, 2), (1.95, 2))),
        (main, line((1.95, 2), (0, 2))),
    )
    return RoadTravel(found, Dijkstra(found), Snapper(found))


def at(x: float, y: float) -> tuple[float, float]:
    return x * MILLI, y * MILLI


def test_a_way_is_told_by_its_streets_with_turns_and_metres() -> None:
    steps = street_steps(town().leg(at(0, 0), at(0, 2)), NAMES)

    assert [(step.name, step.turn) for step in steps] == [
        ("Long Street", None),
        ("Church Lane", "left"),
        ("Mill Road", "left"),
    ]
    assert [step.metres for step in steps] == [pytest.approx(blocks * 111.3, abs=3) for blocks in (3, 2, 3)]
    assert [step.bearing_deg for step in steps] == [90, 0, 270]


def test_the_way_back_turns_to_the_other_hand() -> None:
    steps = street_steps(town().leg(at(0, 2), at(0, 0)), NAMES)

    assert [step.turn for step in steps] == [None, "right", "right"]


def test_going_on_into_a_street_of_another_name_is_ahead() -> None:
    found = graph_of((Road("main"), line((0, 0), (1, 0))), (Road("main"), line((1, 0), (2, 0.1))))
    leg = RoadTravel(found, Dijkstra(found), Snapper(found)).leg(at(0, 0), at(2, 0.1))

    assert [(step.name, step.turn) for step in street_steps(leg, ["East Street", None])] == [
        ("East Street", None),
        (None, "ahead"),
    ]


def test_places_beside_the_road_do_not_shift_the_turns() -> None:
    steps = street_steps(town().leg(at(0.5, 0.4), at(2.6, 1.5)), NAMES)

    assert [(step.name, step.turn) for step in steps] == [("Long Street", None), ("Church Lane", "left")]


def test_a_way_in_a_straight_line_has_no_streets() -> None:
    assert street_steps(StraightTravel(PROFILES["car"]).leg(at(0, 0), at(1, 1)), NAMES) == []


@given(roads=st.lists(st.tuples(st.integers(0, 4), st.floats(0.1, 500)), max_size=12))
def test_steps_are_as_long_as_the_roads_never_tiny_and_never_twice_the_same(roads: list[tuple[int, float]]) -> None:
    steps = street_steps(Leg(0, 0.0, [], roads), NAMES)

    assert sum(step.metres for step in steps) == pytest.approx(sum(metres for _, metres in roads))
    assert all(one.name != other.name for one, other in pairwise(steps))
    assert len(steps) <= 1 or all(step.metres >= TINY_M for step in steps)


def test_a_tiny_piece_at_the_beginning_is_told_with_what_follows() -> None:
    assert street_steps(Leg(0, 0.0, [], [(3, 4.0), (1, 90.0)]), NAMES) == [Step("Church Lane", 94.0)]


def a_plan(end: tuple[float, float] | None = None) -> RoutePlan:
    stops = (RequestedStop(id="A", lon=2 * MILLI, lat=0.0), RequestedStop(id="B", lon=0.0, lat=2 * MILLI))
    team = RequestedTeam(id="T", start=at(0, 0), end=end)
    day = date(2026, 5, 4)
    visits = tuple(PlannedStop(id=id, arrive="09:00", start="09:00", leave="09:10", travel_min=1, distance_m=1)
                   for id in "AB")  # fmt: skip
    return RoutePlan(
        request=RouteRequest(stops=stops, teams=(team,), dates=(day,)),
        routes=(PlannedRoute(team="T", date=day, stops=visits),),
    )


def test_a_plan_is_one_line_a_leg_with_its_times_and_lengths() -> None:
    found = plan_lines(a_plan(end=at(0, 0)), town())["features"]
    said = [one["properties"] for one in found]

    assert [(one["order"], one["from"], one["to"]) for one in said] == [
        (1, "start", "A"),
        (2, "A", "B"),
        (3, "B", "end"),
    ]
    assert (said[0]["team"], said[0]["date"], said[0]["estimate"]) == ("T", "2026-05-04", False)
    assert said[0]["distance_m"] == pytest.approx(222.6, abs=1)
    assert said[0]["travel_min"] == pytest.approx(222.6 / (45 / 3.6) / 60, abs=0.02)
    assert found[0]["geometry"]["coordinates"][0] == [0.0, 0.0]
    assert found[1]["geometry"]["coordinates"][-1] == [0.0, 0.002]


def test_a_day_that_ends_at_its_last_stop_has_no_line_after_it() -> None:
    assert [one["properties"]["to"] for one in plan_lines(a_plan(), town())["features"]] == ["A", "B"]


def test_lines_of_an_estimate_are_straight_and_say_so() -> None:
    found = plan_lines(a_plan(), StraightTravel(PROFILES["car"]))["features"]

    assert all(one["properties"]["estimate"] and len(one["geometry"]["coordinates"]) == 2 for one in found)


@given(points=st.lists(st.tuples(st.floats(9, 9.01), st.floats(47, 47.01)), min_size=1, max_size=40))
def test_a_simplified_line_stays_within_a_metre_and_keeps_its_ends(points: list[tuple[float, float]]) -> None:
    kept = simplified(points)

    assert len(kept) >= 2
    for mine, given_ in ((kept[0], points[0]), (kept[-1], points[-1])):
        assert Geod(ellps="WGS84").inv(*mine, *given_)[2] < 0.2
    if len(points) > 1:
        away = shapely.hausdorff_distance(shapely.LineString(points), shapely.LineString(kept))
        assert away * 111_320 < 1.0 + 0.2
