"""The table of standards along streets: proposed, added to, changed and shortened."""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from geoapp import services
from geoapp.domain.errors import Conflict, NotFound
from geoapp.domain.line_standards import LineStandard
from geoapp.services.coverage.line_standards import (
    add_line_standard,
    change_line_standard,
    line_standard_of,
    line_standards,
    remove_line_standard,
)
from tests.services.coverage.toy_lines import NOTICES

ROOT = Path(__file__).parents[3]


def test_a_district_without_the_table_has_the_proposed_standards(district: services.District) -> None:
    proposed = json.loads((ROOT / "layers" / "tables" / "line_standards.json").read_text("utf-8"))["rows"]

    assert [*line_standards(district)] == [row["code"] for row in proposed]
    assert all(one.check for one in line_standards(district).values())
    assert line_standard_of(district, "toilet_500").metres == 500


def test_what_the_proposed_standards_ask_for_are_kinds_that_there_are() -> None:
    tables = {name: json.loads((ROOT / "layers" / "tables" / f"{name}.json").read_text("utf-8"))["rows"]
              for name in ("line_standards", "site_kinds", "facility_kinds")}  # fmt: skip
    known = {name: {row["code"] for row in rows} for name, rows in tables.items()}

    for row in tables["line_standards"]:
        standard = msgspec.convert(row, LineStandard)
        assert {*standard.sites} <= known["site_kinds"]
        assert {*standard.facilities} <= known["facility_kinds"]


def test_added_changed_and_removed_it_is_what_the_next_one_sees(district: services.District) -> None:
    add_line_standard(district, NOTICES, by="test")
    now = services.at_this_moment(district)
    assert [*line_standards(now)] == [*line_standards(district), "notices"]

    change_line_standard(now, NOTICES.asking(250), by="test")
    now = services.at_this_moment(now)
    assert line_standard_of(now, "notices") == replace(NOTICES, metres=250)

    remove_line_standard(now, "notices", by="test")
    now = services.at_this_moment(now)
    assert line_standards(now) == line_standards(district)
    with pytest.raises(NotFound, match="no standard along streets 'notices'"):
        line_standard_of(now, "notices")


def test_all_removed_there_is_none_and_not_the_proposed_ones_again(district: services.District) -> None:
    for code in line_standards(district):
        remove_line_standard(services.at_this_moment(district), code, by="test")

    assert line_standards(services.at_this_moment(district)) == {}


def test_the_same_thing_is_asked_of_the_same_streets_once(district: services.District) -> None:
    add_line_standard(district, NOTICES, by="test")

    with pytest.raises(Conflict, match="already"):
        add_line_standard(services.at_this_moment(district), NOTICES, by="test")


def test_who_looked_at_an_older_table_is_told(district: services.District) -> None:
    add_line_standard(district, NOTICES, by="one")

    with pytest.raises(Conflict):
        remove_line_standard(services.at_this_moment(district), "toilet_500", based_on=district.present.seq, by="other")
