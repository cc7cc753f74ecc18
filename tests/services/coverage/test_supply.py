"""Which facilities count, and what is said of the others."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.domain.weekly_hours import Moment
from geoapp.services.coverage.records import Supply
from geoapp.services.coverage.supply import supply_of
from geoapp.storage.ledger import Change
from tests.conftest import NOW, feature
from tests.services.coverage.toy_reach import opened, reach_layers, reach_tables, tile


def asked(district: services.District, **question: object) -> Supply:
    return supply_of(district, CoverageQuestion(**question), Scope.FULL)  # type: ignore[arg-type]


def said(supply: Supply) -> str:
    return " ".join(map(str, supply.notes))


@pytest.fixture
def district(tmp_path: Path) -> Iterator[services.District]:
    layers = reach_layers()
    more = {
        "F4": {"kind": "library", "build_status": "building", "expected_opening": "2026-09-01"},
        "F5": {"kind": "library", "build_status": "renovating"},
        "F6": {"kind": "library", "build_status": "closed"},
        "F7": {"kind": "library", "shared_with": "F1"},
    }
    layers["facilities"] += [feature(id, (0.06, 0.06), name=id, **fields) for id, fields in more.items()]
    layers["facilities"].append(feature("F8", None, name="无处馆", kind="museum"))
    with opened(tmp_path, layers) as found:
        yield found


def test_public_facilities_of_counted_kinds_that_stand_count(district: services.District) -> None:
    found = asked(district)
    assert found.ids == ("F1", "F7")
    assert [one["id"] for one in found.without_place] == ["F8"]
    for note in ("Private facilities, left out: 1", "not counted yet: 2", "unknown build status, not counted: 1",
                 "whose place counts once: 1", "to which no way is known: 1"):  # fmt: skip
        assert note in said(found)


def test_of_a_day_to_come_it_is_said_that_openings_are_only_expected(district: services.District) -> None:
    found = asked(district, on=date(2026, 9, 2))
    assert found.ids == ("F1", "F4", "F7")
    assert "2026-09-02 is still to come: what is expected to open by then is taken to be open." in said(found)
    assert "still to come" not in said(asked(district, on=date(2026, 5, 4)))


def test_private_ones_and_other_kinds_count_when_they_are_asked_for(district: services.District) -> None:
    assert asked(district, private=True).ids == ("F1", "F2", "F7")
    assert asked(district, kind=("cinema",)).ids == ("F3",)
    assert asked(district, kind=("cinema", "library"), closed=("F7",)).ids == ("F1", "F3")


def test_what_is_supposed_to_be_closed_and_is_not_there_is_named(district: services.District) -> None:
    found = asked(district, closed=("F1", "F3", "F99"))
    assert found.ids == ("F7",)
    assert "Facilities supposed to be closed: 1." in said(found)
    assert "Supposed to be closed, but none of the facilities asked for: F3, F99." in said(found)
    many = asked(district, closed=tuple(f"G{n}" for n in range(1, 8)))
    assert "asked for: G1, G2, G3, G4, G5 …." in said(many)


def test_what_is_being_built_counts_when_it_is_open_or_taken_to_be(district: services.District) -> None:
    assert asked(district, planned=True).ids == ("F1", "F4", "F5", "F7")
    assert asked(district, on=date(2026, 8, 31)).ids == ("F1", "F7")
    assert asked(district, on=date(2026, 9, 1)).ids == ("F1", "F4", "F7")


def test_only_what_is_known_to_be_open_is_open(district: services.District) -> None:
    found = asked(district, open_at=Moment.parse("su-16:00"))
    assert found.ids == ("F1",)
    assert "left out because their opening hours are not known: 2" in said(found)
    evening = asked(district, open_at=Moment.parse("su-19:00"))
    assert evening.ids == ()
    assert "closed at that time of the week: 1" in said(evening)


def test_pins_stand_behind_and_know_their_township(district: services.District) -> None:
    found = asked(district, pin=((0.05, 0.02), (0.15, 0.02), (5.0, 5.0)))
    assert found.ids == ("F1", "F7", "pin:1", "pin:2", "pin:3")
    assert found.township[2:] == ("W", "E", "")
    assert (found.kinds[2], found.records[2]) == ("", {})


def test_a_pin_in_a_development_zone_lies_in_the_township_below_it(tmp_path: Path) -> None:
    layers = reach_layers()
    layers["townships"].append(feature("A", tile(0.0), code="A", name="开发区", kind="zone", overlay=True))
    with opened(tmp_path, layers) as district:
        found = supply_of(district, CoverageQuestion(pin=((0.03, 0.03),)), Scope.FULL)
    assert found.township[-1] == "W"


def test_facilities_of_a_past_day_are_those_recorded_then(tmp_path: Path) -> None:
    days = iter([NOW, NOW + timedelta(days=2), NOW + timedelta(days=5)])
    now = next(days)
    made = services.found(tmp_path / "toy", reach_layers(), reach_tables(), clock=lambda: now)
    changes = [("F1", b'{"properties":{"kind":"cinema"}}'), ("F9", None)]
    fresh = feature("F9", (0.08, 0.08), name="新馆", kind="library")
    now = next(days)
    made.store.append([Change("facilities", "F9", msgspec.json.encode(fresh))], actor="t", action="t")
    now = next(days)
    made.store.append([Change("facilities", id, patch) for id, patch in changes], actor="t", action="t")
    district = services.at_this_moment(made)
    assert asked(district).ids == ()
    assert asked(district, on=date(2026, 5, 8)).ids == ("F1", "F9")
    assert asked(district, on=date(2026, 5, 6)).ids == ("F1", "F9")
    assert asked(district, on=date(2026, 5, 5)).ids == ("F1",)
    before = asked(district, on=date(2020, 1, 1))
    assert before.ids == ("F1",)
    assert "Nothing of facilities was recorded before 2026-05-04" in said(before)
    made.close()
