"""The ways of a plan in words: a small town whose blocks are 111 m."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.outings import StreetStep
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from geoapp.routing.travel import Leg, RoadTravel, StraightTravel
from geoapp.services.routes.ways import TINY_M, street_steps
from tests.routing.toy_roads import MILLI, line, travel_over

# Long Street runs east, Church Lane north from its third block; six metres without a name part Mill Road.
NAMES = ["Long Street", "Church Lane", "Mill Road", None, "Mill Road"]


def town() -> RoadTravel:
    main = Road("main")
    return travel_over(
        (main, line((0, 0), (1, 0), (2, 0), (3, 0))),
        (main, line((3, 0), (3, 1), (3, 2))),
        (main, line((3, 2), (2, 2))),
        (main, line((2, 2), (1.95, 2))),
        (main, line((1.95, 2), (0, 2))),
    )


def at(x: float, y: float) -> tuple[float, float]:
    return x * MILLI, y * MILLI


def test_a_way_is_told_by_its_streets_with_turns_and_metres() -> None:
    steps = street_steps(town().leg(at(0, 0), at(0, 2)), NAMES)

    assert [(step.name, step.turn) for step in steps] == [
        ("Long Street", None),
        ("Church Lane", "left"),
        ("Mill Road", "left"),
    ]
    assert [step.distance_m for step in steps] == [pytest.approx(blocks * 111.3, abs=3) for blocks in (3, 2, 3)]


def test_the_way_back_turns_to_the_other_hand() -> None:
    steps = street_steps(town().leg(at(0, 2), at(0, 0)), NAMES)

    assert [step.turn for step in steps] == [None, "right", "right"]


def test_going_on_into_a_street_of_another_name_is_ahead() -> None:
    roads = (Road("main"), line((0, 0), (1, 0))), (Road("main"), line((1, 0), (2, 0.1)))
    leg = travel_over(*roads).leg(at(0, 0), at(2, 0.1))

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

    assert sum(step.distance_m for step in steps) == pytest.approx(sum(metres for _, metres in roads))
    assert all(one.name != other.name for one, other in pairwise(steps))
    assert len(steps) <= 1 or all(step.distance_m >= TINY_M for step in steps)


def test_a_tiny_piece_at_the_beginning_is_told_with_what_follows() -> None:
    assert street_steps(Leg(0, 0.0, [], [(3, 4.0), (1, 90.0)]), NAMES) == [
        StreetStep(name="Church Lane", distance_m=94.0)
    ]
