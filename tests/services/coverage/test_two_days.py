"""Two days compared: facilities as the ledger had them, and as they will be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.past_days import as_of
from geoapp.services.coverage.two_days import two_days, usual_days
from geoapp.storage.ledger import Change
from tests.conftest import NOW, feature
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables
from tests.services.coverage.toy_reach import opened, reach_layers

FIRST, SECOND, THIRD = date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 8)


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def changed(tmp_path: Path, clock: Clock) -> Iterator[services.District]:
    """The toy district of inventories: on the second day its centre grew and a room came, on the third one was given
    up and the library moved."""
    opened = services.found(tmp_path / "toy", inventory_layers(), inventory_tables(), clock=clock)
    clock.now = NOW + timedelta(days=2)
    room = feature("R3", (1.5, 0.25), name="新文化室", kind="room", build_status="built", township="E")
    write(opened, "C1", {"properties": {"floor_area_m2": 500}})
    write(opened, "R3", room)
    clock.now = NOW + timedelta(days=4)
    write(opened, "R2", {"properties": {"build_status": "closed"}})
    write(opened, "F1", {"geometry": {"type": "Point", "coordinates": [1.25, 0.76]}})
    write(opened, "M3", None)
    yield services.at_this_moment(opened)
    opened.close()


def write(district: services.District, id: str, patch: Any) -> None:
    content = None if patch is None else json.dumps(patch).encode()
    district.store.append([Change("facilities", id, content)], actor="tests", action="a day's work")


def ids(district: services.District) -> set[str]:
    snapshot = district.present.snapshot("facilities")
    return set(snapshot.ids(snapshot.alive()))


def test_the_facilities_of_a_day_are_those_that_the_ledger_had_in_its_evening(changed: services.District) -> None:
    every = {"F1", "C1", "C2", "R1", "R2", "M1", "M2", "M3"}

    assert ids(as_of(changed, FIRST).district) == every
    assert ids(as_of(changed, SECOND).district) == every | {"R3"}
    assert ids(as_of(changed, SECOND + timedelta(days=1)).district) == every | {"R3"}
    assert ids(as_of(changed, THIRD).district) == (every | {"R3"}) - {"M3"}
    assert ids(as_of(changed, THIRD + timedelta(days=90)).district) == ids(changed)


def test_of_a_day_before_the_ledger_the_first_known_day_is_shown_and_said(changed: services.District) -> None:
    found = as_of(changed, FIRST - timedelta(days=100))

    assert (found.known_from, ids(found.district)) == (FIRST, ids(as_of(changed, FIRST).district))
    assert as_of(changed, FIRST).known_from is None


def test_the_first_known_day_is_shown_as_it_was_in_its_evening(tmp_path: Path, clock: Clock) -> None:
    opened = services.found(tmp_path / "toy", inventory_layers(), inventory_tables(), clock=clock)
    write(opened, "M3", None)
    clock.now = NOW + timedelta(days=2)
    write(opened, "M2", None)
    found = ids(as_of(services.at_this_moment(opened), FIRST - timedelta(days=100)).district)
    opened.close()

    assert found == {"F1", "C1", "C2", "R1", "R2", "M1", "M2"}


def test_a_past_day_has_its_own_key_for_everything_kept(changed: services.District) -> None:
    seqs = [as_of(changed, day).district.present.seqs["facilities"] for day in (FIRST, SECOND, THIRD)]

    assert seqs == sorted(set(seqs))


def test_what_came_went_and_changed_is_told_by_name(changed: services.District) -> None:
    found = two_days(changed, CoverageQuestion(), FIRST, SECOND, Scope.FULL)

    assert [(one.what, one.record["id"]) for one in found.changes] == [("came", "R3"), ("changed", "C1")]
    field = found.changes[1].fields[0]
    assert (field.name, field.before, field.after) == ("floor_area_m2", 350, 500)


def test_what_was_given_up_went_and_what_stands_elsewhere_moved(changed: services.District) -> None:
    found = two_days(changed, CoverageQuestion(), SECOND, THIRD, Scope.FULL)
    told = {one.record["id"]: one for one in found.changes}

    assert {id: one.what for id, one in told.items()} == {"R2": "went", "F1": "changed"}
    # A hundredth of a degree of latitude.
    assert told["F1"].moved_m == pytest.approx(1_105.7, abs=1)


def test_the_same_spot_measured_twice_is_no_move(changed: services.District, clock: Clock) -> None:
    clock.now = NOW + timedelta(days=6)
    write(changed, "F1", {"geometry": {"type": "Point", "coordinates": [1.25, 0.7601]}})
    found = two_days(services.at_this_moment(changed), CoverageQuestion(), THIRD, date(2026, 5, 10), Scope.FULL)

    assert found.changes == ()


def test_numbers_of_both_days_add_up_and_the_people_are_the_same(changed: services.District) -> None:
    found = two_days(changed, CoverageQuestion(), FIRST, SECOND, Scope.FULL)
    east = next(one for one in found.townships if one.code == "E")

    assert (east.facilities.before, east.facilities.after, east.facilities.difference) == (1, 2, 1)
    assert found.district.facilities.difference == sum(one.facilities.difference or 0 for one in found.townships)
    assert found.before.reach.demand is found.after.reach.demand
    rooms = next(one for one in found.kinds if one.code == "room")
    assert rooms.facilities.difference == 1


def test_what_is_being_built_opens_on_a_day_to_come(changed: services.District) -> None:
    found = two_days(changed, CoverageQuestion(kind=("centre",)), THIRD, date(2026, 6, 1), Scope.FULL)

    assert [(one.what, one.record["id"]) for one in found.changes] == [("came", "C2")]
    assert any("still to come" in str(note) for note in found.notes)
    assert usual_days(changed) == (THIRD, date(2026, 6, 1))


def test_only_the_asked_townships_are_compared(changed: services.District) -> None:
    found = two_days(changed, CoverageQuestion(township=("W",)), FIRST, SECOND, Scope.FULL)

    assert [one.code for one in found.townships] == ["W"]
    assert [one.record["id"] for one in found.changes] == ["C1"]


@pytest.mark.parametrize("second", [FIRST, FIRST - timedelta(days=1)])
def test_the_first_day_must_be_the_earlier_one(changed: services.District, second: date) -> None:
    with pytest.raises(BadInput, match="is not before"):
        two_days(changed, CoverageQuestion(), FIRST, second, Scope.FULL)


def test_the_inventory_of_a_past_day_counts_what_was_recorded_then_and_opens_no_rows_of_today(
    changed: services.District,
) -> None:
    then = inventory(changed, CoverageQuestion(on=FIRST, private=True))
    today = inventory(changed, CoverageQuestion(private=True))

    rooms = [found.district.cells["room"] for found in (then, today)]
    assert [(cell.now.count, cell.rows is None) for cell in rooms] == [(2, True), (2, False)]
    assert {line.code: line.cells["room"].now.count for line in then.townships} != {
        line.code: line.cells["room"].now.count for line in today.townships
    }
    assert any("2026-05-04" in str(note) for note in then.notes)


def test_ways_of_other_places_are_not_told_as_longer(tmp_path: Path) -> None:
    layers = reach_layers()
    opening = {"kind": "library", "build_status": "building", "expected_opening": "2026-09-01"}
    layers["facilities"].append(feature("F4", (0.19, 0.05), name="新馆", **opening))
    with opened(tmp_path, layers) as district:
        found = two_days(district, CoverageQuestion(borders=True), FIRST, date(2026, 9, 2), Scope.FULL)
        free = two_days(district, CoverageQuestion(), FIRST, date(2026, 9, 2), Scope.FULL)
    # The East gets its first one, far from its village: the longest way is longer, and nobody's is.
    assert found.district.worst_min.after > found.district.worst_min.before
    assert (found.district.worst_min.difference, found.district.median_min.difference) == (None, None)
    assert found.district.near_places.difference == 0
    west, east = (next(one for one in found.townships if one.code == code) for code in "WE")
    assert (west.worst_min.difference, east.worst_min.difference) == (0, None)
    assert free.district.worst_min.difference == 0
