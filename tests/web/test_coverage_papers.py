"""The report of coverage as workbook, document, picture and lists; the sheet of a township; two days compared."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from PIL import Image

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.reaching import reach
from geoapp.web import create_app
from tests.conftest import NOW, ROOT, feature, toy_layers, toy_tables
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables

Rows = list[tuple[Any, ...]]
FONTS = ROOT / "geoapp/web/static/vendor/fonts"
needs_assets = pytest.mark.skipif(not FONTS.is_dir(), reason="no typeface: run make assets")


@pytest.fixture
def cultured(tmp_path: Path) -> Iterator[services.District]:
    """The toy district of inventories, at nine in the morning of 4 May 2026."""
    opened = services.found(tmp_path / "toy", inventory_layers(), inventory_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


@pytest.fixture
def browser(cultured: services.District) -> FlaskClient:
    return reading(cultured)


def reading(district: services.District) -> FlaskClient:
    """A browser on the district's own machine that reads English."""
    made = create_app(district).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def workbook(browser: FlaskClient, address: str) -> dict[str, Rows]:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def document(browser: FlaskClient, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return Document(io.BytesIO(answer.data))


# --- the workbook ------------------------------------------------------------------------------------


def test_cells_of_the_workbook_are_the_services_numbers(browser: FlaskClient, cultured: services.District) -> None:
    sheets = workbook(browser, "/coverage/report.xlsx")
    listed, answer = inventory(cultured, CoverageQuestion()), reach(cultured, CoverageQuestion(), Scope.FULL)
    heading, *rows = sheets["Inventory"]
    at = heading.index("Culture centre · now")

    assert [row[at] for row in rows] == [one.cells["centre"].now.count for one in (*listed.townships, listed.district)]
    assert [row[at + 1] for row in rows][-1] == listed.district.cells["centre"].after.count
    assert rows[-1][-2] == listed.district.below
    heading, *rows = sheets["Reach by township"]
    near = heading.index("places near")
    assert [row[near] for row in rows] == [
        *(one.summary.near_places for one in answer.townships), answer.district.near_places
    ]  # fmt: skip
    assert len(sheets["Villages and places"]) == 1 + len(answer.demand) + len(answer.demand.without_place)
    assert len(sheets["Missing by name"]) == 1 + len(listed.missing)


def test_a_sum_of_what_is_known_stands_beside_of_how_many_it_is_not_known(browser: FlaskClient) -> None:
    heading, *rows = workbook(browser, "/coverage/report.xlsx")["In detail"]
    area = heading.index("Floor area, m²"), heading.index("Floor area, m² · not filled in")
    (rooms,) = ([row[at] for at in area] for row in rows if row[:2] == ("West", "Culture room"))

    assert rooms == [350, 1]


def test_as_many_facilities_count_as_the_inventory_says(tmp_path: Path) -> None:
    """Three libraries of one building, one of them given up, and one that is said to be in its own building."""
    shared = {"L1": "L2", "L2": "L3", "L3": "L1", "L4": "L4"}
    layers = inventory_layers()
    layers["facilities"] += [
        feature(id, (0.5, 0.5), name=id, kind="library", shared_with=other,
                build_status="withdrawn" if id == "L2" else "built") for id, other in shared.items()
    ]  # fmt: skip
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    sheets = workbook(reading(opened), "/coverage/report.xlsx")
    opened.close()
    heading, *rows = sheets["Facilities"]
    kind, counts = heading.index("Kind"), heading.index("counts")
    counted = [row[0] for row in rows if (row[kind], row[counts]) == ("Public library", "yes")]

    assert counted == ["F1", "L1", "L4"]
    assert sheets["Inventory"][-1][sheets["Inventory"][0].index("Public library · now")] == 3


def test_the_workbook_says_of_every_cell_what_the_page_says(browser: FlaskClient) -> None:
    heading, *rows = workbook(browser, "/coverage/report.xlsx")["Inventory"]
    page = browser.get("/coverage?view=inventory").text
    table = page[page.index('id="inventory-title"') : page.index('id="standards-title"')]
    shown = [re.findall(r'<td class="(v-\w+)', line) for line in table.split("<tr ")[1:]]
    words = {"v-meets": "meets the standard", "v-short": "falls short", "v-missing": "missing",
             "v-unknown": "not known", "v-none": "–"}  # fmt: skip

    verdicts = [[cell for name, cell in zip(heading, row, strict=True) if name.endswith("verdict")] for row in rows]
    assert [[words[one] for one in line] for line in shown] == [verdicts[-1], *verdicts[:-1]]


@needs_assets
def test_what_is_still_to_come_is_never_said_to_stand(browser: FlaskClient) -> None:
    def told(address: str) -> str:
        return "\n".join(one.text for one in document(browser, address).paragraphs)

    assert "4 facilities of the kinds that count stand in Toy District" in told("/coverage/report.docx")
    later = told("/coverage/report.docx?planned=yes")
    assert "there will be 5 facilities of the kinds that count in Toy District" in later
    assert " stand in Toy District" not in later
    assert "count now" not in later
    heading = workbook(browser, "/coverage/report.xlsx?planned=yes")["Inventory"][0]
    assert not [name for name in heading if name.endswith("· now")]
    assert "Culture centre · with what is planned or being built" in heading


def test_villages_without_coordinates_are_missing_by_name_and_far_from_nobody_knows_what(browser: FlaskClient) -> None:
    sheets = workbook(browser, "/coverage/report.xlsx")

    assert ("V1", "East", "大村", "110000002001", "no", "missing", "missing") in sheets["Missing by name"]
    without = [row for row in sheets["Villages and places"] if row[8] == "no coordinates: not known"]
    assert {row[1] for row in without} == {"大村", "虚拟社区"}


def test_a_village_of_no_township_that_is_known_is_not_said_to_be_of_one(tmp_path: Path) -> None:
    layers = inventory_layers()
    layers["villages"].append(feature("V9", None, name="何处村", code="V9", kind="village"))
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    missing = workbook(reading(opened), "/coverage/report.xlsx")["Missing by name"]
    opened.close()

    assert ("V1", None, "何处村", "V9", "no", "missing", "missing") in missing
    assert ("D2", "Toy District", None, None, None, "missing", "missing") in missing


def test_what_people_wrote_is_no_formula(tmp_path: Path) -> None:
    layers = inventory_layers()
    layers["facilities"][0]["properties"]["name"] = "=1+1"
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    book = load_workbook(io.BytesIO(reading(opened).get("/coverage/report.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    opened.close()

    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_proposals_are_a_sheet_where_a_link_asks_for_them(browser: FlaskClient) -> None:
    assert "Proposals" not in workbook(browser, "/coverage/report.xlsx")
    assert "Proposals" in workbook(browser, "/coverage/report.xlsx?p=1&among=grid")


# --- the document ------------------------------------------------------------------------------------


@needs_assets
@pytest.mark.parametrize(("language", "said"), [("en", "Toy District"), ("zh", "玩具区")])
def test_the_document_says_what_was_found_and_shows_it_in_both_languages(
    browser: FlaskClient, language: str, said: str
) -> None:
    read = document(browser, f"/coverage/report.docx?lang={language}")
    texts = [one.text for one in read.paragraphs]

    assert said in texts[0]
    assert len(read.inline_shapes) >= 2
    assert sum(one.style.name.startswith("Heading") for one in read.paragraphs) == 8
    matrix = read.tables[2]
    assert [row.cells[0].text for row in matrix.rows][-1] == said
    assert matrix.rows[-1].cells[1].text.startswith("1 ")


@needs_assets
def test_the_summary_is_one_paragraph_that_names_the_day(browser: FlaskClient) -> None:
    read = document(browser, "/coverage/report.docx?on=2026-06-01")
    texts = [one.text for one in read.paragraphs]

    assert "as of Jun 1, 2026" in texts[2]
    assert "stand in Toy District" in texts[3]


# --- pictures and lists ------------------------------------------------------------------------------


@needs_assets
@pytest.mark.parametrize("query", ["", "map=near&bare=yes", "map=shaded", "map=shaded&measure=median_min&lang=zh"])
def test_the_map_is_a_picture(browser: FlaskClient, query: str) -> None:
    answer = browser.get(f"/coverage/map.png?{query}")

    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).width == 1_080


def test_places_come_as_csv_and_geojson(browser: FlaskClient, cultured: services.District) -> None:
    answer = reach(cultured, CoverageQuestion(), Scope.FULL)
    rows = list(csv.reader(io.StringIO(browser.get("/coverage/places.csv").text.lstrip("\ufeff"))))
    read = json.loads(browser.get("/coverage/places.geojson").data)

    assert len(rows) == 1 + len(answer.demand) + len(answer.demand.without_place)
    assert {one["id"] for one in read["features"]} == set(answer.demand.ids)


@pytest.mark.parametrize(
    "address",
    ["report.xlsx?by=horse", "report.docx?p=0", "map.png?map=globe", "map.png?map=shaded&measure=joy", "places.csv?x=1",
     "townships/W?minutes=0", "days?from=noon", "days?from=2026-05-04&to=2026-05-04", "days?on=2026-05-04",
     "days.xlsx?to=1066-10-14"],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_sentence(browser: FlaskClient, address: str) -> None:
    answer = browser.get(f"/coverage/{address}")

    assert answer.status_code == 400
    assert "=" in answer.text


# --- the sheet of a township -------------------------------------------------------------------------


def test_the_sheet_of_a_township_says_what_it_has_and_lacks(browser: FlaskClient) -> None:
    page = browser.get("/coverage/townships/W")

    assert page.status_code == 200
    assert "西乡综合文化中心" in page.text
    assert "东镇综合文化中心" not in page.text
    assert "What would help" in page.text
    assert "/coverage/map.png?" in page.text
    assert browser.get("/coverage/townships/X").status_code == 404


def test_who_may_not_see_proofs_is_not_told_of_them(browser: FlaskClient, cultured: services.District) -> None:
    assert "Notice of opening hours" in browser.get("/coverage/townships/W").text
    stranger = browser.get("/coverage/townships/W", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert stranger.status_code == 403 or "Notice of opening hours" not in stranger.text


def test_a_zone_without_an_area_has_its_sheet(browser: FlaskClient) -> None:
    page = browser.get("/coverage/townships/Z?lang=zh")

    assert page.status_code == 200
    assert "虚拟社区" in page.text


def test_the_page_of_a_township_leads_to_its_coverage(browser: FlaskClient) -> None:
    assert 'href="/coverage/townships/W"' in browser.get("/townships/W").text


# --- two days ----------------------------------------------------------------------------------------


def test_two_days_stand_beside_each_other(browser: FlaskClient) -> None:
    page = browser.get("/coverage/days?from=2026-05-04&to=2026-06-01")

    assert page.status_code == 200
    assert "<b>came</b>" in page.text
    assert "东镇综合文化中心" in page.text
    sheets = workbook(browser, "/coverage/days.xlsx?from=2026-05-04&to=2026-06-01")
    assert [row[:2] for row in sheets["Facilities that changed"]][1] == ("came", "C2")
    east = next(row for row in sheets["By township"] if row[0] == "East")
    assert east[1:4] == (1, 2, 1)


# --- little or nothing is known ----------------------------------------------------------------------

WITHOUT: dict[str, dict[str, Any]] = {
    "no facility": {"facilities": []},
    "no township": {"townships": []},
    "no village": {"villages": []},
    "nothing": {"facilities": [], "townships": [], "villages": [], "streets": [], "sites": []},
}


@needs_assets
@pytest.mark.parametrize("name", WITHOUT)
def test_a_district_of_which_little_is_known_has_a_true_report(tmp_path: Path, name: str) -> None:
    layers = toy_layers() | WITHOUT[name]
    opened = services.found(tmp_path / "toy", layers, toy_tables(), clock=lambda: NOW)
    browser = reading(opened)
    read = document(browser, "/coverage/report.docx")
    book = browser.get("/coverage/report.xlsx?p=2")
    days = browser.get("/coverage/days?from=2026-05-04&to=2026-06-01")
    opened.close()

    texts = "\n".join(one.text for one in read.paragraphs)
    assert (days.status_code, book.status_code) == (200, 200)
    if not layers["facilities"]:
        assert "0 facilities" in texts
        assert "nobody reaches one" in texts


@needs_assets
def test_a_report_of_an_age_group_is_not_one_of_residents(tmp_path: Path) -> None:
    layers = inventory_layers()
    for village in layers["villages"]:
        village["properties"]["elderly"] = 100
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    read = document(reading(opened), "/coverage/report.docx?group=elderly")
    opened.close()

    texts = "\n".join(one.text for one in read.paragraphs)
    assert "of the elderly people whose number is known have one within 15 minutes on foot." in texts
    assert "of the residents whose number is known" not in texts
    cells = {cell.text for table in read.tables for row in table.rows for cell in row.cells}
    told = {line for cell in cells for line in cell.splitlines() if line.startswith("Residents")}
    assert "Residents near (the elderly only)" in told
    assert not [line for line in told if "(the elderly only)" not in line]


def test_sheets_of_an_age_group_count_it_and_say_so(tmp_path: Path) -> None:
    layers = inventory_layers()
    for village in layers["villages"]:
        village["properties"] |= {"elderly": 100, "population": 400}
    opened = services.found(tmp_path / "toy", layers, inventory_tables(), clock=lambda: NOW)
    sheets = workbook(reading(opened), "/coverage/report.xlsx?group=elderly")
    days = workbook(reading(opened), "/coverage/days.xlsx?from=2026-05-01&to=2026-05-03&group=elderly")
    opened.close()

    heading, *rows = sheets["Villages and places"]
    # Also of those that have no place on the map.
    assert {row[heading.index("Residents (the elderly only)")] for row in rows if row[0].startswith("11")} == {100}
    assert len([row for row in rows if row[0].startswith("11")]) == 4
    assert "residents near (the elderly only)" in sheets["Reach by township"][0]
    assert "Residents" in sheets["Inventory"][0]
    assert "residents near (the elderly only) · later" in days["By township"][0]


def test_facilities_have_the_name_of_the_reader_s_language(browser: FlaskClient) -> None:
    names = [
        {row[7] for row in csv.reader(io.StringIO(browser.get(f"/coverage/places.csv?lang={lang}&kind=library").text))}
        for lang in ("en", "zh")
    ]

    assert "Library" in names[0]
    assert "图书馆" not in names[0]
    assert "图书馆" in names[1]
    assert "Library" not in names[1]
    assert "Library" in browser.get("/coverage/townships/W?lang=en&kind=library").text


def test_a_page_with_a_nonce_is_sent_whole_each_time(browser: FlaskClient) -> None:
    for page in ("/coverage", "/coverage/days", "/coverage/townships/W"):
        assert "ETag" not in browser.get(page).headers, page


def test_of_whom_nothing_is_asked_it_is_not_unknown_how_far_below_that_is(browser: FlaskClient) -> None:
    figures = browser.get("/coverage/townships/W?lang=en&kind=library").text
    figures = figures[figures.index('class="numbers"') :]
    figures = figures[: figures.index("</ul>")]

    assert "<b>–</b> below its standards" in figures
