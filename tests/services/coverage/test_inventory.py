"""The inventory of two townships by hand, and that every number opens its rows."""

from datetime import date
from pathlib import Path

import pytest

from geoapp import services
from geoapp.config import Config
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.standards import Verdict
from geoapp.services.coverage.counted import counted_ids
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Inventory
from geoapp.services.leader import RowsBehind
from tests.conftest import NOW, feature
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables

MISSING, SHORT, UNKNOWN, MEETS = Verdict


def of(district: services.District, **asked: object) -> Inventory:
    return inventory(district, CoverageQuestion(**asked))  # type: ignore[arg-type]


def verdicts(found: Inventory, code: str, kind: str) -> dict[str, tuple[Verdict, Verdict]]:
    line = {line.code: line for line in (*found.townships, found.district)}[code]
    return {one.standard.code: (one.now, one.after) for one in line.cells[kind].judged}


def test_the_verdicts_of_both_townships_by_hand(cultured: services.District) -> None:
    found = of(cultured)

    # 350 m² for 2,000 people are 1,750 for 10,000.
    assert verdicts(found, "W", "centre") == {
        "T1": (MEETS, MEETS), "T2": (MEETS, MEETS), "T3": (SHORT, SHORT), "T4": (MEETS, MEETS),
    }  # fmt: skip
    # It opens 56 hours a week; how many people live in the East is unknown.
    assert verdicts(found, "E", "centre") == {
        "T1": (MISSING, MEETS), "T2": (MISSING, MEETS), "T3": (MISSING, MEETS), "T4": (MISSING, UNKNOWN),
    }  # fmt: skip
    assert verdicts(found, "W", "museum") == {}
    assert verdicts(found, "", "museum") == {"D3": (SHORT, SHORT)}
    assert verdicts(found, "", "archives") == {"D2": (MISSING, MISSING)}


def test_a_district_with_a_township_of_unknown_residents_has_unknown_residents(cultured: services.District) -> None:
    found = of(cultured)

    assert [line.residents for line in found.townships[:2]] == [None, 2_000]
    assert found.district.residents is None
    assert found.district.cells["library"].per_people["facilities"] is None


def test_a_township_s_residents_are_those_of_its_villages_where_each_of_them_is_counted(tmp_path: Path) -> None:
    layers = inventory_layers()
    layers["villages"][2]["properties"]["population"] = 300
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    found = of(services.at_this_moment(opened))
    opened.close()

    assert {line.code: line.residents for line in found.townships if line.code != "Z"} == {"E": 300, "W": 2_000}
    assert found.district.residents == 2_300


def test_a_standard_counts_only_from_its_day(cultured: services.District) -> None:
    assert verdicts(of(cultured), "", "library") == {"D1": (MEETS, MEETS)}
    assert verdicts(of(cultured, on=date(2026, 5, 5)), "", "library") == {"D1": (MEETS, MEETS), "D4": (MEETS, MEETS)}


def test_what_opens_by_a_day_stands_on_it(cultured: services.District) -> None:
    later = of(cultured, on=date(2026, 6, 1))

    assert verdicts(later, "E", "centre")["T1"] == (MEETS, MEETS)
    assert verdicts(of(cultured, planned=True), "E", "centre")["T1"] == (MEETS, MEETS)


def test_what_is_still_to_come_is_what_will_count_and_does_not_yet(cultured: services.District) -> None:
    assert counted_ids(cultured, "facilities", Selection(indicator="coming")) == {"C2"}


def test_a_private_museum_is_flagged_and_counts_only_if_asked(cultured: services.District) -> None:
    without, with_private = of(cultured), of(cultured, private=True)

    assert without.district.cells["museum"].now.count == 1
    assert without.townships[1].cells["museum"].private == 1
    assert with_private.district.cells["museum"].now.count == 2
    assert verdicts(with_private, "", "museum")["D3"] == (MEETS, MEETS)
    assert [record["id"] for record in without.private] == ["M1"]


def test_a_shared_building_is_flagged_and_its_area_stands_once(cultured: services.District) -> None:
    west = of(cultured).townships[1]

    assert west.code == "W"
    assert west.total.amounts["floor_area_m2"].known == 350
    assert west.cells["room"].now.amounts["floor_area_m2"].known == 350
    assert west.cells["centre"].shared == 1
    assert [record["id"] for record in of(cultured).shared] == ["C1", "R2"]


def test_villages_are_missing_by_name_also_without_coordinates(cultured: services.District) -> None:
    found = of(cultured)
    lacking = [(one.township, one.village["name"]) for one in found.missing if one.village]

    # 大村 of the West has its room by township and name; that of the East has none.
    assert lacking == [("E", "大村"), ("Z", "虚拟社区")]
    assert {line.code: line.villages[0].counts[MEETS] for line in found.townships} == {"E": 0, "W": 2, "Z": 0}
    assert [(one.standard.code, one.township) for one in found.missing if not one.village] == [
        ("D2", None), ("D3", None), ("T1", "E"), ("T2", "E"), ("T3", "E"), ("T4", "E"), ("T3", "W"),
    ]  # fmt: skip


def test_a_kind_of_which_several_levels_ask_is_as_bad_as_the_worst_of_them(tmp_path: Path) -> None:
    """Each village of the West has its room, but the township is asked for five; both have a centre, the district not
    as many as it is asked for."""
    tables, layers = inventory_tables(), inventory_layers()
    asked = (("T5", "T", "room", 5), ("D5", "D", "centre", 5), ("T6", "T", "centre", 1))
    rows = [{"code": code, "zh": code, "en": code, "level": level, "kinds": [kind], "number": number,
             "unit": "facilities"} for code, level, kind, number in asked]  # fmt: skip
    tables["standards"]["rows"] = [*(one for one in tables["standards"]["rows"] if one["code"] == "V1"), *rows]
    opened = services.found(tmp_path / "toy", layers, tables, clock=lambda: NOW)
    found = of(services.at_this_moment(opened), planned=True)
    opened.close()

    west = next(one for one in found.townships if one.code == "W")
    zone = next(one for one in found.townships if one.code == "Z")
    assert west.villages[0].counts[MEETS] == 2
    assert found.verdict(west, "room") is SHORT
    assert found.verdict(zone, "room") is MISSING
    assert found.of_townships[1].counts[MEETS] == 2
    assert found.verdict(found.district, "centre") is SHORT
    assert found.verdict(west, "centre") is MEETS
    assert found.verdict(west, "archives") is None


def test_whether_villages_that_nobody_has_listed_have_a_room_is_unknown(tmp_path: Path) -> None:
    opened = services.found(tmp_path / "toy", inventory_layers() | {"villages": []}, inventory_tables(),
                            clock=lambda: NOW)  # fmt: skip
    found = of(services.at_this_moment(opened))
    opened.close()

    assert {found.verdict(line, "room") for line in (*found.townships, found.district)} == {UNKNOWN}


def test_of_a_day_before_the_first_record_it_is_told_that_nothing_was_recorded(cultured: services.District) -> None:
    told = [str(note) for note in of(cultured, on=date(2020, 1, 1)).notes]

    assert "Nothing of facilities was recorded before 2026-05-04: what was recorded then stands for 2020-01-01." in told
    assert not [note for note in told if note.startswith("Facilities are those recorded")]
    assert not [str(note) for note in of(cultured).notes if "recorded" in str(note)]
    assert str(of(cultured, on=date(2026, 6, 1)).notes[0]).startswith("2026-06-01 is still to come")


def test_what_may_be_among_those_of_nobody_is_told(tmp_path: Path) -> None:
    """A centre of no township that is known, and a room of the West whose village nobody knows."""
    layers = inventory_layers()
    layers["facilities"] += [feature("C9", None, name="中心", kind="centre", build_status="built"),
                             feature("R9", (0.5, 0.5), name="文化室", kind="room", build_status="built")]  # fmt: skip
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    district = services.at_this_moment(opened)
    told = {
        asked: [str(note)[:15] for note in of(district, township=asked).notes if "among them" in str(note)]
        for asked in ((), ("W",), ("E",))
    }
    opened.close()

    assert told == {(): ["Of 2 facilities"], ("W",): ["Of 2 facilities"], ("E",): ["Of 1 facilities"]}


def test_nothing_is_told_of_those_of_nobody_where_there_are_none(cultured: services.District) -> None:
    assert not [note for note in of(cultured).notes if "among them" in str(note)]


def test_the_furthest_below_comes_first(cultured: services.District) -> None:
    # The zone has one village without a room; the East lacks all; the West is short of hours: half of 1 in 5.
    assert [(line.code, line.below) for line in of(cultured).furthest_below()] == [("E", 1), ("Z", 1), ("W", 0.1)]
    assert {line.code: line.below_after for line in of(cultured).townships} == {"E": 0.25, "W": 0.1, "Z": 1}


def test_what_is_not_known_is_listed_and_never_nothing(cultured: services.District) -> None:
    unknown = {record["id"]: fields for record, fields in of(cultured).unknown}

    assert unknown["F1"] == ("floor_area_m2", "hours_per_week")
    assert unknown["R1"] == ("floor_area_m2", "hours_per_week", "position")
    assert unknown["M2"] == ("township", "floor_area_m2", "hours_per_week", "position")
    assert "C1" not in unknown
    assert "C2" not in unknown
    assert [record["id"] for record in of(cultured).elsewhere] == ["M2"]


def test_only_what_is_asked_for_is_reported(cultured: services.District) -> None:
    found = of(cultured, township=("E",), kind=("centre",))

    assert [line.code for line in found.townships] == ["E"]
    assert found.kinds == ("centre",)
    assert {one.code for one in found.standards} == {"T1", "T2", "T3", "T4"}
    assert {one.township for one in found.missing} == {"E"}


def test_a_closed_centre_does_not_count(cultured: services.District) -> None:
    assert verdicts(of(cultured, closed=("C1",)), "W", "centre")["T1"] == (MISSING, MISSING)


def numbers(found: Inventory) -> list[tuple[RowsBehind, int]]:
    """Every number that opens rows."""
    opened = []
    for line in (*found.townships, found.district):
        for cell in line.cells.values():
            opened += [
                (cell.rows, cell.now.count),
                (cell.rows_after, cell.after.count),
                (cell.rows_private, cell.private),
            ]
        for villages in line.villages:
            opened += [(rows, villages.counts[one]) for one, rows in (villages.rows or {}).items()]
    for one in found.of_townships:
        opened += [(rows, one.counts[verdict]) for verdict, rows in (one.rows or {}).items()]
    return opened


QUESTIONS = (
    CoverageQuestion(),
    CoverageQuestion(private=True),
    CoverageQuestion(planned=True),
    CoverageQuestion(on=date(2026, 6, 1)),
    CoverageQuestion(closed=("C1", "F547612665")),
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_of_the_toy_opens_its_rows(cultured: services.District, question: CoverageQuestion) -> None:
    found = numbers(inventory(cultured, question))

    assert len(found) > 40
    for rows, number in found:
        rows.selection.require(rows.layer)
        assert services.count(cultured, rows.layer, rows.selection, Scope.FULL).count == number, rows


def test_a_building_said_to_be_shared_across_a_border_counts_on_either_side(tmp_path: Path) -> None:
    layers = inventory_layers()
    layers["facilities"] += [
        feature(id, (lon, 0.5), name=id, kind="library", build_status="built", shared_with=other)
        for id, lon, other in (("L1", 0.75, "L2"), ("L2", 1.25, None))
    ]
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    district = services.at_this_moment(opened)
    found = of(district)
    counts = {line.code: line.cells["library"].now.count for line in (*found.townships, found.district)}
    opens = {rows.selection.township: services.count(district, rows.layer, rows.selection, Scope.FULL).count
             for rows, _ in numbers(found) if rows.selection.kind == ("library",)
             and rows.selection.indicator == "counted"}  # fmt: skip
    opened.close()

    assert counts == {"E": 2, "W": 1, "Z": 0, "": 2}
    assert opens == {("E",): 2, ("W",): 1, ("Z",): 0, (): 2}


def test_every_number_of_the_demo_opens_its_rows(tmp_path: Path) -> None:
    config = Config(instance=tmp_path / "demo")
    services.init_demo(config, clock=lambda: NOW)
    opened = services.open_district(config, clock=lambda: NOW)
    try:
        district = services.at_this_moment(opened)
        found = inventory(district, CoverageQuestion())
        for rows, number in numbers(found):
            assert services.count(district, rows.layer, rows.selection, Scope.FULL).count == number, rows
        centres = found.district.cells["township_culture_centre"]
        assert (centres.now.count, found.of_townships[0].counts[MEETS], found.of_townships[0].townships) == (16, 16, 16)
        assert sum(line.villages[0].villages for line in found.townships) == 321
        # The one room of the demo names its village, and stands in its township.
        assert sum(line.villages[0].counts[MEETS] for line in found.townships) == 1
    finally:
        opened.close()


def test_a_district_without_a_table_of_standards_is_held_against_the_proposed_ones(
    district: services.District,
) -> None:
    found = of(district)

    assert "T01" in {one.code for one in found.standards}
    assert verdicts(found, "", "library")["D01"] == (MEETS, MEETS)
