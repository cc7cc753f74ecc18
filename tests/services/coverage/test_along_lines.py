"""Stretches that fail a standard along streets: measured by hand, and by laws."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.line_standards import LineStandard
from geoapp.domain.selection import Scope
from geoapp.services.coverage.along_lines import LineReport, line_standard
from tests.services.coverage.toy_lines import NOTICES, TOILETS, WGS84, along, line, road, site, street

WHOLE = [street("S1", line(0, 2_000))]
TWO = [site("T1", 0), site("T2", 1_600)]


def report(folder: Path, standard: LineStandard = TOILETS, **layers: Any) -> LineReport:
    district = along(folder, **layers)
    try:
        return line_standard(district, standard, Scope.FULL)
    finally:
        district.close()


def ends(found: LineReport) -> list[tuple[int, int]]:
    return [(round(one.from_m), round(one.to_m)) for one in found.stretches]


def test_between_toilets_at_0_and_1600_m_exactly_500_to_1100_m_fail(tmp_path: Path) -> None:
    found = report(tmp_path, streets=WHOLE, sites=TWO)
    (stretch,) = found.stretches

    assert (stretch.from_m, stretch.to_m) == (pytest.approx(500, abs=0.1), pytest.approx(1_100, abs=0.1))
    assert stretch.worst_m == pytest.approx(800, abs=5)
    assert WGS84.geometry_length(stretch.line) == pytest.approx(600, abs=0.1)
    assert found.whole.length_m == pytest.approx(2_000, abs=0.05)
    assert found.whole.kept == pytest.approx(0.7, abs=1e-3)
    assert found.answered
    assert not found.by_line
    assert not found.notes


def test_lengths_add_up_by_street_and_by_township_across_the_border(tmp_path: Path) -> None:
    streets = [*WHOLE, street("S2", line(0, 700, lat=0.6), name="短街", name_en="Short Street")]
    roads = [road(line(0, 2_000)), road(line(0, 700, lat=0.6), "R2")]
    found = report(tmp_path, streets=streets, sites=TWO, roads=roads)
    west_m = WGS84.inv(0.99, 0.5, 1.0, 0.5)[2]

    assert {*found.townships} == {"W", "E"}
    for share in ([one.whole for one in found.streets], [*found.townships.values()]):
        assert sum(one.length_m for one in share) == pytest.approx(found.whole.length_m, abs=1e-6)
        assert sum(one.failing_m or 0 for one in share) == pytest.approx(found.whole.failing_m, abs=1e-6)
    assert sum(one.length_m for one in found.stretches) == pytest.approx(found.whole.failing_m, abs=1e-6)
    long = next(one for one in found.streets if one.name == "长街")
    assert long.townships["W"].length_m == pytest.approx(west_m, abs=10)  # borders are met to half a piece of 20 m
    assert found.stretches[-1].township == "W"


def test_without_roads_distances_are_straight_lines_and_that_is_said(tmp_path: Path) -> None:
    found = report(tmp_path, streets=WHOLE, sites=[site("T1", 0, lat=0.5 + 300 / 110_574), site("T2", 1_600)], roads=[])

    # 300 m beside the line: Pythagoras leaves 400 m along it.
    assert ends(found) == [(400, 1_100)]
    assert found.by_line


def test_a_street_in_two_lines_one_of_them_drawn_backwards_is_one_street(tmp_path: Path) -> None:
    found = report(tmp_path, streets=[street("S1", line(800, 0)), street("S2", line(800, 2_000))], sites=TWO)

    assert ends(found) == [(500, 1_100)]
    assert [one.ids for one in found.streets] == [("S1", "S2")]


def test_gaps_run_over_the_joint_of_two_lines_of_one_street(tmp_path: Path) -> None:
    streets = [street("S1", line(0, 800)), street("S2", line(800, 1_000))]
    boards = [site(f"N{metres}", metres, "notice") for metres in (0, 300, 600, 950)]
    found = report(tmp_path, NOTICES, streets=streets, sites=boards)

    assert ends(found) == [(600, 950)]
    assert found.stretches[0].worst_m == pytest.approx(350, abs=0.5)


def test_a_board_31_m_from_the_street_does_not_stand_beside_it(tmp_path: Path) -> None:
    boards = [site("N1", 0, "notice"), site("N2", 250, "notice", lat=0.5 + 29 / 110_574),
              site("N3", 500, "notice", lat=0.5 - 31 / 110_574), site("N4", 700, "notice")]  # fmt: skip
    found = report(tmp_path, NOTICES, streets=[street("S1", line(0, 800))], sites=boards)

    assert ends(found) == [(250, 700)]


@pytest.mark.parametrize("standard", [TOILETS, NOTICES], ids=["within", "every"])
def test_where_nothing_wanted_is_known_nothing_is_said_to_fail(tmp_path: Path, standard: LineStandard) -> None:
    found = report(tmp_path, standard, streets=WHOLE, sites=[site("P1", 0, "park")])

    assert not found.answered
    assert not found.stretches
    assert found.whole.failing_m is None
    assert found.whole.kept is None
    assert found.whole.length_m == pytest.approx(2_000, abs=0.05)
    assert "nobody can say which stretches fail" in str(found.notes[0])


def test_what_stands_nobody_knows_exactly_where_is_not_counted_and_told(tmp_path: Path) -> None:
    rough = site("T3", 800, position_precision="village")
    nowhere = {**site("T4", 0), "geometry": None}
    found = report(tmp_path, streets=WHOLE, sites=[*TWO, rough, nowhere])

    assert ends(found) == [(500, 1_100)]
    assert str(found.notes[0]).startswith("2 of 4 known ones are not counted")


def test_named_roads_stand_in_where_there_is_no_layer_of_streets(tmp_path: Path) -> None:
    nameless = {**road(line(0, 500, lat=0.52), "R2")}
    nameless["properties"] = nameless["properties"] | {"name": "main"}
    found = report(tmp_path, streets=[], sites=TWO, roads=[road(line(0, 2_000)), nameless])

    assert found.layer == "roads"
    assert [one.name for one in found.streets] == ["长街"]
    assert ends(found) == [(500, 1_100)]


def test_a_street_far_from_the_roads_counts_neither_way(tmp_path: Path) -> None:
    far = street("S2", line(0, 400, lat=0.51), name="远街")
    found = report(tmp_path, streets=[*WHOLE, far], sites=TWO)

    assert ends(found) == [(500, 1_100)]
    assert found.whole.unknown_m == pytest.approx(400, abs=0.1)
    assert found.whole.kept == pytest.approx(0.7, abs=1e-3)
    assert "too far from the roads to tell" in str(found.notes[-1])


def test_only_streets_of_the_kinds_of_the_standard_are_held_against_it(tmp_path: Path) -> None:
    found = report(tmp_path, streets=[street("S1", line(0, 900), kind="lane")], sites=TWO)

    assert not found.streets
    assert not found.answered
    assert str(found.notes[0]) == "No street of these kinds is known in this district."


def test_it_is_kept_until_a_layer_changes(tmp_path: Path) -> None:
    district = along(tmp_path, streets=WHOLE, sites=TWO)
    first = line_standard(district, TOILETS, Scope.FULL)

    assert line_standard(district, TOILETS, Scope.FULL) is first
    services.give_place(district, "sites", "T2", (0.995, 0.5), by="test")
    assert line_standard(services.at_this_moment(district), TOILETS, Scope.FULL) is not first
    district.close()


def failing_points(found: LineReport, every_m: float = 7.0) -> set[int]:
    """Which of many points along the street fail."""
    points = np.arange(0.0, found.whole.length_m, every_m)
    fails = np.zeros(len(points), bool)
    for one in found.stretches:
        fails |= (points > one.from_m + 0.2) & (points < one.to_m - 0.2)
    return {*np.flatnonzero(fails).tolist()}


def of(places: Sequence[int], standard: LineStandard, *, backwards: bool = False) -> LineReport:
    metres = (2_000, 900, 0) if backwards else (0, 900, 2_000)
    sites = [site(f"T{number}", one, standard.sites[0]) for number, one in enumerate(places)]
    with TemporaryDirectory() as folder:
        return report(Path(folder) / "toy", standard, streets=[street("S1", line(*metres))], sites=sites)


places = st.lists(st.integers(0, 2_000), min_size=1, max_size=5, unique=True)
standards = st.sampled_from([TOILETS, NOTICES])


@settings(max_examples=5, deadline=None)
@given(places, st.integers(0, 2_000), standards)
def test_one_more_never_lengthens_what_fails(known: list[int], more: int, standard: LineStandard) -> None:
    before, after = of(known, standard), of([*known, more], standard)

    assert (after.whole.failing_m or 0) <= (before.whole.failing_m or 0) + 0.2
    assert failing_points(after) <= failing_points(before) | {-1}


@settings(max_examples=4, deadline=None)
@given(places, standards)
def test_the_direction_in_which_a_street_was_drawn_changes_nothing(known: list[int], standard: LineStandard) -> None:
    one, other = of(known, standard), of(known, standard, backwards=True)

    assert [(a.id, a.from_m, a.to_m) for a in one.stretches] == [(a.id, a.from_m, a.to_m) for a in other.stretches]


@settings(max_examples=5, deadline=None)
@given(places)
def test_what_fails_is_what_shapely_s_circles_leave_of_the_line(known: list[int]) -> None:
    found = of(known, TOILETS)
    covered = shapely.union_all([shapely.LineString([(one - 500, 0), (one + 500, 0)]) for one in known])
    expected = shapely.LineString([(0, 0), (2_000, 0)]).difference(covered)
    parts = [part for part in shapely.get_parts(expected) if part.length > 2]

    assert sorted((one.from_m, one.to_m) for one in found.stretches) == [
        (pytest.approx(part.bounds[0], abs=0.2), pytest.approx(part.bounds[2], abs=0.2)) for part in parts
    ]
