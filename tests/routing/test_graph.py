"""Which roads a profile may use, which way, and how fast."""

import pytest

from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from tests.routing.toy_roads import graph_of, grid, line

CAR, BUS, BICYCLE, FOOT = (PROFILES[name] for name in ("car", "bus", "bicycle", "foot"))


@pytest.mark.parametrize(
    ("road", "open_to"),
    [
        (Road(kind="main"), "car bus bicycle foot"),
        (Road(kind="highway"), "car bus"),
        (Road(kind="lane"), "car bicycle foot"),
        (Road(kind="lane", uses=frozenset({"car", "bus"})), "car bus"),
        (Road(kind="steps"), "foot"),
        (Road(kind="path"), "bicycle foot"),
        (Road(kind="main", uses=frozenset()), ""),
        (Road(kind="main", height_m=3.0), "car bicycle foot"),
        (Road(kind="main", width_m=2.5), "car bicycle foot"),
        (Road(kind="an office's own word"), "car bus bicycle foot"),
    ],
)
def test_roads_are_open_to_whom_their_kind_and_their_signs_allow(road: Road, open_to: str) -> None:
    assert [name for name, profile in PROFILES.items() if road.speed_kmh(profile)] == open_to.split()


def test_a_speed_limit_is_reached_in_part_and_never_by_those_whom_it_does_not_bind() -> None:
    assert Road(kind="main", limit_kmh=50).speed_kmh(CAR) == 40
    assert Road(kind="main", limit_kmh=300).speed_kmh(CAR) == CAR.ceiling_kmh
    assert Road(kind="main", limit_kmh=30).speed_kmh(FOOT) == Road(kind="main").speed_kmh(FOOT)


def test_one_ways_bind_all_but_those_on_foot_and_those_whom_they_name() -> None:
    road = Road(kind="main", oneway="forward", two_way_for=frozenset({"bicycle"}))

    assert road.ways(CAR) == (True, False)
    assert road.ways(BICYCLE) == road.ways(FOOT) == (True, True)
    assert Road(kind="main", oneway="backward").ways(BUS) == (False, True)


def test_what_one_cannot_get_back_from_is_cut_off_and_told() -> None:
    trap = (Road("main", oneway="forward"), line((2, 2), (5, 2)))
    found = graph_of(*grid(3), trap)

    assert len(found.lon) == 9
    assert found.cut_off_km == pytest.approx(0.334, abs=0.003)
    assert found.usable_km == pytest.approx(12 * 0.1113 + 0.334, abs=0.01)


def test_the_longest_part_is_kept_and_not_the_one_with_most_junctions() -> None:
    long = (Road("main"), line((100, 0), (200, 0)))
    found = graph_of(*grid(3), long)

    assert len(found.lon) == 2


def test_times_follow_from_lengths_and_speeds() -> None:
    found = graph_of((Road(kind="main"), line((0, 0), (10, 0))))

    assert found.time_ms.tolist() == [pytest.approx(1_113.2 / 45 * 3_600, abs=60)] * 2


def test_a_network_that_nobody_may_use_has_no_arcs() -> None:
    assert len(graph_of((Road(kind="steps"), line((0, 0), (1, 0)))).tail) == 0
