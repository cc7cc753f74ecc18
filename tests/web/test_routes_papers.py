"""Papers and files of a plan over HTTP."""

import io
import re
from dataclasses import replace
from urllib.parse import unquote

import gpxpy
import openpyxl
import pytest
from flask.testing import FlaskClient
from PIL import Image

from geoapp import services
from geoapp.services.routes.reading import read_plan
from geoapp.web import create_app
from geoapp.web.downloads import XLSX
from tests.toy_outing import at_the_park, kept_outing

from ..documents.conftest import FONTS

PAPERS = ("sheet", "booklet")
STRANGER = {"X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def plan(district: services.District) -> str:
    return kept_outing(at_the_park(district))[1].id


@pytest.fixture
def client(district: services.District) -> FlaskClient:
    made = create_app(district).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def text(client: FlaskClient, address: str, status: int = 200, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(("ending", "kind"), [
    ("gpx", "application/gpx+xml"), ("xlsx", XLSX), ("geojson", "application/geo+json"), ("json", "application/json"),
])  # fmt: skip
def test_a_plan_is_taken_away_as_a_file_that_is_named_after_it(
    client: FlaskClient, plan: str, ending: str, kind: str
) -> None:
    answer = client.get(f"/routes/{plan}.{ending}")

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert unquote(answer.headers["Content-Disposition"]).endswith(f"Toy District-周二.{ending}")
    assert f"routes-{plan}.{ending}" in answer.headers["Content-Disposition"]


def test_json_is_the_plan_as_the_checker_takes_it(client: FlaskClient, plan: str) -> None:
    found = read_plan(client.get(f"/routes/{plan}.json").data)

    assert [stop.id for stop in found.routes[0].stops][:2] == ["sites/P1", "problems/3"]


def test_a_file_of_one_team_and_day_is_named_after_both(client: FlaskClient, plan: str) -> None:
    answer = client.get(f"/routes/{plan}.gpx?team=A&date=2026-05-05")

    assert unquote(answer.headers["Content-Disposition"]).endswith("周二-一组-2026-05-05.gpx")
    assert len(gpxpy.parse(answer.get_data(as_text=True)).waypoints) == 5


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_tells_of_every_stop_when_and_what_to_look_at(client: FlaskClient, plan: str, paper: str) -> None:
    page = text(client, f"/routes/{plan}/{paper}")

    for said in ("Park", "Library", "旧点位", "08:32", "must be visited", "Rubbish", "overdue", "Public library",
                 "With findings", "about 2 to 4 min", "back at 09:58", "lunch 12:00 to 12:45", "08:00–12:00",
                 "This is no longer on the lists."):  # fmt: skip
        assert said in page, said
    assert page.count('class="qr"') == 5


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_says_that_its_times_are_estimates_what_the_checker_says_and_where_data_come_from(
    client: FlaskClient, plan: str, paper: str
) -> None:
    page = text(client, f"/routes/{plan}/{paper}")

    assert "Every time is an estimate" in page
    assert "The independent checker finds no fault in this plan." in page
    assert "Ledger number" in page
    assert "Sources:" in page


@pytest.mark.parametrize("paper", PAPERS)
def test_what_people_called_a_place_is_text_on_a_paper(client: FlaskClient, plan: str, paper: str) -> None:
    page = text(client, f"/routes/{plan}/{paper}")

    assert "&lt;b&gt;&#34;桥&#34;&lt;/b&gt;" in page
    assert '<b>"桥"</b>' not in page


def test_the_booklet_has_room_to_write_and_tells_what_became_of_what_was_found(client: FlaskClient, plan: str) -> None:
    page = text(client, f"/routes/{plan}/booklet")

    assert page.count('class="lines"') == 5
    assert "size: A5" in page
    assert re.search(r"11 Rubbish: Closed \S+", page)
    assert "12 Rubbish: Being put right, sent back 1 times" in page


def test_words_that_may_name_people_do_not_leave_the_machine(
    district: services.District, client: FlaskClient, plan: str
) -> None:
    assert "张三家门口" in text(client, f"/routes/{plan}/booklet")

    open_to_all = create_app(replace(district, config=replace(district.config, public="viewer"))).test_client()
    for address in ("booklet", "sheet"):
        page = text(open_to_all, f"/routes/{plan}/{address}", headers=STRANGER)
        assert "Rubbish" in page
        assert "张三" not in page
    for ending in ("gpx", "geojson"):
        assert "张三" not in text(open_to_all, f"/routes/{plan}.{ending}", headers=STRANGER)
    book = openpyxl.load_workbook(io.BytesIO(open_to_all.get(f"/routes/{plan}.xlsx", headers=STRANGER).data))
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert any("Rubbish" in cell for cell in cells)
    assert not any("张三" in cell for cell in cells)


def test_papers_speak_chinese_where_tables_do(client: FlaskClient, plan: str) -> None:
    page = text(client, f"/routes/{plan}/sheet?lang=zh")

    assert '<html lang="zh-CN">' in page
    assert "暴露垃圾" in page
    assert "西乡" in page


@pytest.mark.parametrize(("address", "status", "said"), [
    ("{plan}/sheet?team=B", 404, "has no team"),
    ("{plan}/sheet?date=2026-05-09", 404, "is not about 2026-05-09"),
    ("{plan}/sheet?date=tomorrow", 400, "is not a day such as"),
    ("{plan}.gpx?colour=red", 400, "There is no parameter"),
    ("000000000000/booklet", 404, "There is no plan"),
    ("000000000000.xlsx", 404, "There is no plan"),
])  # fmt: skip
def test_what_cannot_be_had_is_told_in_a_sentence(
    client: FlaskClient, plan: str, address: str, status: int, said: str
) -> None:
    assert said in text(client, f"/routes/{address.format(plan=plan)}", status)


@pytest.mark.skipif(not FONTS.is_dir(), reason="no typeface: run make assets")
def test_the_map_is_drawn_once_and_asked_about_afterwards(client: FlaskClient, plan: str) -> None:
    drawn = client.get(f"/routes/{plan}/map.png?team=A&date=2026-05-05")

    picture = Image.open(io.BytesIO(drawn.data))
    assert picture.width == 1_080
    again = client.get(f"/routes/{plan}/map.png?team=A&date=2026-05-05",
                       headers={"If-None-Match": drawn.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304


@pytest.mark.skipif(not FONTS.is_dir(), reason="no typeface: run make assets")
def test_a_map_to_keep_carries_its_title_notes_and_sources(client: FlaskClient, plan: str) -> None:
    bare, whole = (client.get(f"/routes/{plan}/map.png{more}") for more in ("", "?download=yes"))

    assert Image.open(io.BytesIO(whole.data)).height > Image.open(io.BytesIO(bare.data)).height + 100
    assert unquote(whole.headers["Content-Disposition"]).endswith("周二.png")
