"""Bollards and gates on roads, on lines of blocks of 0.001 degrees (111 m) along the equator."""

import pytest
import shapely

from geoapp.storage.osm_barriers import Cutter, barriers_of
from geoapp.storage.osm_roads import barred

MILLI = 1e-3
BOLLARD = {"barrier": "bollard"}


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(x * MILLI, y * MILLI) for x, y in points])


def cut(lines: list[shapely.LineString], *at: tuple[float, float], number: int = 0) -> list[tuple[float, str]]:
    """Lengths in metres of a line's stretches, and whom they keep out, with bollards at some places."""
    barriers = barriers_of([(x * MILLI, y * MILLI, BOLLARD) for x, y in at])
    found = Cutter(barriers, lines).cut(number)
    assert shapely.get_coordinates([one.line for one in found]).tolist()[0] == list(lines[number].coords[0])
    assert sum(one.line.length for one in found) == pytest.approx(lines[number].length)
    return [(round(one.line.length * 111_320), " ".join(sorted(one.barred))) for one in found]


@pytest.mark.parametrize(
    ("tags", "kept_out"),
    [
        ("barrier=bollard", "bus car"),
        ("barrier=bollard motor_vehicle=yes", ""),
        ("barrier=bollard bicycle=no", "bicycle bus car"),
        ("barrier=stile", "bicycle bus car"),
        ("barrier=gate", ""),
        ("barrier=gate access=private", "bicycle bus car foot"),
        ("barrier=gate motor_vehicle=private", "bus car"),
        ("barrier=gate access=no foot=yes", "bicycle bus car"),
        ("barrier=gate locked=yes", "bicycle bus car"),
        ("barrier=lift_gate", ""),
        ("barrier=toll_booth", ""),
        ("barrier=cattle_grid", ""),
        ("barrier=bus_trap", "car"),
    ],
)
def test_barriers_keep_out_who_cannot_or_may_not_pass(tags: str, kept_out: str) -> None:
    assert " ".join(sorted(barred(dict(tag.split("=") for tag in tags.split())))) == kept_out


def test_a_road_without_a_barrier_is_one_stretch() -> None:
    assert cut([line((0, 0), (1, 0), (2, 0))]) == [(223, "")]


def test_a_bollard_closes_three_metres_behind_it() -> None:
    assert cut([line((0, 0), (1, 0), (2, 0))], (1, 0)) == [(111, ""), (3, "bus car"), (108, "")]


def test_a_road_is_cut_at_a_place_that_can_be_written_as_openstreetmap_writes_places() -> None:
    road = shapely.LineString([(9.5206177, 47.1410062), (9.5204237, 47.141189), (9.5203076, 47.1412398)])
    found = Cutter(barriers_of([(9.5204237, 47.141189, BOLLARD)]), [road]).cut(0)
    ends = shapely.get_coordinates([one.line for one in found])

    assert len(found) == 3
    assert ends.tolist() == ends.round(7).tolist()


def test_two_bollards_close_a_road_twice() -> None:
    stretches = cut([line((0, 0), (1, 0), (2, 0), (3, 0))], (1, 0), (2, 0))

    assert stretches == [(111, ""), (3, "bus car"), (108, ""), (3, "bus car"), (108, "")]


def test_a_bollard_between_near_points_closes_no_more_than_to_the_next() -> None:
    assert cut([line((0, 0), (1, 0), (1.01, 0), (2, 0))], (1, 0)) == [(111, ""), (1, "bus car"), (110, "")]


def test_at_a_junction_those_that_end_there_are_closed_and_not_the_way_through() -> None:
    through, side = line((0, 0), (1, 0), (2, 0)), line((1, 0), (1, 1))
    other = line((1, -1), (1, 0))

    assert cut([through, side, other], (1, 0)) == [(223, "")]
    assert cut([through, side, other], (1, 0), number=1) == [(3, "bus car"), (108, "")]
    assert cut([through, side, other], (1, 0), number=2) == [(108, ""), (3, "bus car")]


def test_a_barrier_at_a_dead_end_or_beside_the_road_changes_nothing() -> None:
    assert cut([line((0, 0), (1, 0))], (1, 0), (0.5, 0.1)) == [(111, "")]
