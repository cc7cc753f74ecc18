"""Sites that are asked for like facilities: schools and toilets count where a question or a standard names them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.domain.siting import SitingQuestion
from geoapp.services.browse import count
from geoapp.services.coverage.catching import catchments
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Inventory
from geoapp.services.coverage.kinds import Place, kind_names, kinds_offered, place_of
from geoapp.services.coverage.places import access
from geoapp.services.coverage.reaching import reach, reach_by_kind
from geoapp.services.coverage.shading import coverage_shading
from geoapp.services.coverage.siting import propose
from geoapp.services.coverage.standards import keep_standard
from geoapp.services.coverage.standards_files import standard_of
from geoapp.services.coverage.supply import supply_of
from geoapp.services.coverage.two_days import two_days
from geoapp.services.coverage.what_if import compare
from geoapp.storage.ledger import Change
from tests.conftest import NOW, feature
from tests.services.coverage.toy_reach import reach_layers, reach_tables

SCHOOL = CoverageQuestion(kind=("school",))
VENUES = CoverageQuestion(kind=("museum", "venue"), private=True)
KINDS = (
    ("school", "学校", "School"),
    ("venue", "文化场所", "Venue"),
    ("toilet", "公厕", "Toilet"),
    ("cinema", "影院", "Film"),
)


def schooled_layers() -> dict[str, list[dict[str, Any]]]:
    """Two schools stand in the West and one in the East; one is being built, one was given up; F2 is a site as well."""
    sites = [
        feature("F1", (0.03, 0.05), name="一小", name_en="First School", kind="school", build_status="built"),
        feature("S2", (0.06, 0.05), name="二小", kind="school"),
        feature("S3", (0.15, 0.05), name="三小", kind="school"),
        feature("S4", (0.16, 0.05), name="四小", kind="school", build_status="building"),
        feature("S5", (0.16, 0.05), name="五小", kind="school", build_status="withdrawn"),
        feature("X2", (0.11, 0.05), name="酒厂博物馆", kind="venue", facility_id="F2"),
        feature("X9", (0.05, 0.05), name="茶馆", kind="venue"),
    ]
    return reach_layers() | {"sites": sites}


def schooled_tables() -> dict[str, dict[str, Any]]:
    rows = [{"code": code, "zh": zh, "en": en} for code, zh, en in KINDS]
    return reach_tables() | {"site_kinds": {"version": 1, "preset": True, "rows": rows}}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[services.District]:
    made = services.found(tmp_path / "toy", schooled_layers(), schooled_tables(), clock=lambda: NOW)
    yield services.at_this_moment(made)
    made.close()


def counts(found: Inventory, kind: str) -> list[int]:
    return [line.cells[kind].now.count for line in (found.district, *found.townships)]


def test_schools_count_where_they_stand(town: services.District) -> None:
    found = supply_of(town, SCHOOL, Scope.FULL)
    assert found.ids == ("site:F1", "site:S2", "site:S3")
    assert found.township == ("W", "W", "E")
    assert [str(note) for note in found.notes] == [
        "Facilities still being built, renovated or planned, not counted yet: 1.",
        "Facilities closed down, withdrawn, or of an unknown build status, not counted: 1.",
    ]


def test_schools_and_libraries_are_counted_together_and_no_id_is_taken_for_another(town: services.District) -> None:
    both = CoverageQuestion(kind=("library", "school"))
    assert supply_of(town, both, Scope.FULL).ids == ("F1", "site:F1", "site:S2", "site:S3")
    assert supply_of(town, CoverageQuestion(kind=both.kind, closed=("F1",)), Scope.FULL).ids[0] == "site:F1"
    assert [place_of(id) for id in ("F1", "site:F1")] == [Place("facilities", "F1"), Place("sites", "F1")]
    listed = inventory(town, both)
    assert (listed.district.cells["library"].now.count, listed.district.cells["school"].now.count) == (1, 3)
    assert listed.district.total.count == 4


def test_a_site_that_is_a_facility_which_counts_does_not_count_again(town: services.District) -> None:
    assert supply_of(town, VENUES, Scope.FULL).ids == ("F2", "site:X9")
    assert supply_of(town, CoverageQuestion(kind=("venue",)), Scope.FULL).ids == ("site:X2", "site:X9")
    listed = inventory(town, VENUES)
    assert (listed.district.cells["museum"].now.count, listed.district.cells["venue"].now.count) == (1, 1)
    assert counts(inventory(town, CoverageQuestion(kind=("venue",))), "venue")[0] == 2


def test_a_code_of_both_tables_is_a_kind_of_facility(town: services.District) -> None:
    assert supply_of(town, CoverageQuestion(kind=("cinema",)), Scope.FULL).ids == ("F3",)
    assert kind_names(town, "en")["cinema"] == "cinema"
    assert list(kind_names(town, "en")) == ["library", "museum", "cinema", "school", "venue", "toilet"]


def test_only_kinds_of_site_that_there_are_are_offered(town: services.District) -> None:
    assert kinds_offered(town, "zh")["sites"] == {"school": "学校", "venue": "文化场所"}
    assert supply_of(town, CoverageQuestion(kind=("toilet",)), Scope.FULL).ids == ()


def listed_for(district: services.District, question: CoverageQuestion, _scope: Scope) -> Inventory:
    return inventory(district, question)


@pytest.mark.parametrize("of", [supply_of, listed_for, reach, compare, access, catchments, reach_by_kind])
def test_what_is_no_kind_is_named_beside_what_there_is(town: services.District, of: Any) -> None:
    with pytest.raises(BadInput) as caught:
        of(town, CoverageQuestion(kind=("school", "zoo")), Scope.FULL)
    assert str(caught.value) == (
        "There is no kind of facility or site 'zoo' here; there are library, museum, cinema, school, venue."
    )


def test_the_inventory_counts_by_township_and_shows_as_many_rows(town: services.District) -> None:
    found = inventory(town, CoverageQuestion(kind=("library", "school")))
    assert found.kinds == ("library", "school")
    assert counts(found, "school") == [3, 1, 2]
    for line in (found.district, *found.townships):
        cell = line.cells["school"]
        for rows, number in ((cell.rows, cell.now.count), (cell.rows_after, cell.after.count)):
            assert rows.layer == "sites"
            assert count(town, "sites", rows.selection, Scope.FULL).count == number
    assert found.district.cells["school"].verdict is None
    unknown = [(record["id"], fields) for record, fields in found.unknown]
    assert unknown == [("F1", ("build_status", "floor_area_m2", "books"))]
    assert found.evidence == (0, 1)


def test_a_standard_may_ask_for_schools_without_anybody_asking(town: services.District) -> None:
    row = {"code": "S1", "zh": "每镇两校", "en": "Two schools", "level": "T", "kinds": "school", "number": "2",
           "unit": "facilities"}  # fmt: skip
    keep_standard(town, standard_of(town, row), by="t")
    found = inventory(services.at_this_moment(town), CoverageQuestion())
    assert "school" in found.kinds
    missing = [(one.township, str(one.verdict)) for one in found.missing if one.standard.code == "S1"]
    assert missing == [("E", "short")]


def test_ways_lead_to_schools_and_closing_one_makes_them_longer(town: services.District) -> None:
    found = reach(town, SCHOOL, Scope.FULL)
    assert [found.supply.ids[place] for place in found.nearest] == ["site:F1", "site:S2", "site:S3"]
    changed = compare(town, CoverageQuestion(kind=("school",), closed=("site:S3",)), Scope.FULL)
    assert [one.name for one in changed.losses] == ["东村"]
    assert set(reach_by_kind(town, CoverageQuestion(kind=("library", "school")), Scope.FULL)) == {"library", "school"}


def test_every_other_answer_knows_schools(town: services.District) -> None:
    assert coverage_shading(town, "facilities", SCHOOL, Scope.FULL).values == {"W": 2.0, "E": 1.0}
    assert catchments(town, SCHOOL, Scope.FULL)["features"]
    assert access(town, SCHOOL, Scope.FULL).offered == 3
    proposal = propose(town, SitingQuestion(coverage=CoverageQuestion(kind=("school",), minutes=5)), Scope.FULL)
    assert proposal.supply.ids == ("site:F1", "site:S2", "site:S3")


def test_a_new_school_is_seen_at_once(town: services.District) -> None:
    assert len(reach(town, SCHOOL, Scope.FULL).supply) == 3
    new = msgspec.json.encode(feature("S6", (0.02, 0.05), name="六小", kind="school"))
    town.store.append([Change("sites", "S6", new)], actor="t", action="new")
    now = services.at_this_moment(town)
    assert len(reach(now, SCHOOL, Scope.FULL).supply) == 4
    assert counts(inventory(now, SCHOOL), "school")[0] == 4


def test_of_a_past_day_schools_are_those_of_then(tmp_path: Path) -> None:
    moment = [NOW - timedelta(days=10)]

    def clock() -> datetime:
        return moment[0]

    made = services.found(tmp_path / "toy", schooled_layers(), schooled_tables(), clock=clock)
    moment[0] = NOW
    made.store.append([Change("sites", "S3", None)], actor="t", action="gone")
    now, before = services.at_this_moment(made), date(2026, 4, 28)
    asked = CoverageQuestion(kind=("school",), on=before)
    assert supply_of(now, asked, Scope.FULL).ids == ("site:F1", "site:S2", "site:S3")
    assert supply_of(now, SCHOOL, Scope.FULL).ids == ("site:F1", "site:S2")
    days = two_days(now, SCHOOL, before, NOW.date(), Scope.FULL)
    assert [(one.what, one.record["id"]) for one in days.changes] == [("went", "site:S3")]
    made.close()
