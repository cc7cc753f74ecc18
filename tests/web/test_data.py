"""Files come in by a page: shown whole first, in the reader's language, and then all good rows or nothing."""

import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geoapp import services
from geoapp.domain.selection import Scope, Selection

HEADINGS = "问题编号,镇街,点位,存在问题,发现时间,经度,纬度,备注\n"
GOOD = "A-1,西乡,公园,垃圾满溢,2026年5月3日,0.5,0.5,\n"
BAD = "A-2,火星街道,公园,垃圾满溢,昨天,0.5,0.5,\n"
CHINESE = {"Accept-Language": "zh"}


def upload(client: FlaskClient, text: str, *, layer: str = "problems", name: str = "ledger.csv") -> str:
    """Send a file; the address of its page."""
    body = {"layer": layer, "file": (io.BytesIO(text.encode()), name)}
    answer = client.post("/data/uploads", data=body)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def numbers(district: services.District) -> list[str]:
    found = services.records(services.at_this_moment(district), "problems", Selection(), Scope.FULL, limit=100)
    return sorted(one["number"] for one in found.rows)


def bring(client: FlaskClient, page: str, **form: str) -> TestResponse:
    client.post(f"{page}/bring", data=form)
    return client.get(page)


def test_a_file_is_shown_whole_before_anything_changes(client: FlaskClient, district: services.District) -> None:
    before = district.store.follow()
    page = upload(client, HEADINGS + GOOD + BAD)
    shown = client.get(page, headers=CHINESE).text

    assert "导入 1 行，问题行不导入" in shown
    assert re.search(
        r"<td class=\"number\">3</td><td>镇街</td><td>火星街道</td><td>本区没有名为“火星街道”的镇街</td>", shown
    )
    assert re.search(r'name="heading" value="备注".*?<option value="">不导入此列', shown, re.DOTALL)
    assert district.store.follow() == before


def test_good_rows_come_in_and_bad_ones_come_back_with_their_reasons(
    client: FlaskClient, district: services.District
) -> None:
    page = upload(client, HEADINGS + GOOD + BAD)
    shown = bring(client, page, skip_bad="yes").text
    back = client.get(f"{page}/rejected", headers=CHINESE)

    assert "Brought in: 1 new, 0 changed, 0 as they were." in shown
    assert "A-1" in numbers(district)
    assert back.data.decode("utf-8-sig").splitlines()[1].endswith("本区没有名为“火星街道”的镇街")
    again = upload(client, HEADINGS + GOOD)
    shown = bring(client, again).text
    assert "0 new, 0 changed, 1 as they were." in shown
    assert "There was nothing to change." in shown


def test_a_column_that_was_not_understood_is_given_its_meaning_and_kept_for_the_office(
    client: FlaskClient, district: services.District
) -> None:
    text = "单号,说明,哪天\nB-1,垃圾满溢,2026-05-03\n"
    page = upload(client, text)
    assert "0</b>good rows" in client.get(page).text
    client.post(page, data={"heading": ["单号", "说明", "哪天"], "meaning": ["number", "description", "found_at"]})
    assert "1</b>good rows" in client.get(page).text
    client.post(f"{page}/template", data={"name": "龙山街道"})

    assert "understood as the layout of 龙山街道" in client.get(upload(client, text)).text
    bring(client, page)
    (template,) = services.templates(services.at_this_moment(district))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/problems.xlsx?template={template.code}&q=B-1").data))
    first, second = list(book.active.iter_rows(values_only=True))[:2]
    assert first == ("单号", "说明", "哪天")
    assert second[:2] == ("B-1", "垃圾满溢")


def test_values_for_all_rows_and_another_datum_are_taken_from_the_form(client: FlaskClient) -> None:
    page = upload(client, "问题编号,存在问题\nB-1,垃圾满溢\n")
    assert "Found of all rows" in client.get(page).text
    form = {"heading": ["问题编号", "存在问题"], "meaning": ["number", "description"], "fixed-found_at": "2026-05-03"}
    client.post(page, data=form | {"datum": "gcj02"})
    shown = client.get(page).text

    assert "1</b>good rows" in shown
    assert '<option value="gcj02" selected>' in shown
    client.post(page, data=form | {"datum": "mars"})
    assert client.get(page).status_code == 400


def test_a_file_that_is_none_gets_a_sentence_and_nothing_else(client: FlaskClient) -> None:
    page = upload(client, "", name="empty.csv")
    assert "empty.csv is empty." in client.get(page).text
    assert client.get(page).status_code == 400
    answer = client.post("/data/uploads", data={"layer": "problems"})
    assert (answer.status_code, "Choose a file" in answer.text) == (400, True)
    assert client.post(f"{page}/discard").status_code == 303
    assert client.get(page).status_code == 404


def test_a_name_that_leads_elsewhere_stays_in_its_folder(client: FlaskClient, district: services.District) -> None:
    upload(client, HEADINGS + GOOD, name="../../../evil<script>.csv")
    kept = [path.name for path in (district.config.instance / "uploads").rglob("*.csv")]

    assert kept == ["evil_script_.csv"]


def test_new_boundaries_tell_what_they_would_move(client: FlaskClient, district: services.District) -> None:
    ring = "[[[0,0],[2,0],[2,1],[0,1],[0,0]]]"
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":'
        f'{ring}}},"properties":{{"code":"W","name":"西乡","kind":"township"}}}}]}}'
    )
    page = upload(client, text, layer="townships", name="new.geojson")
    shown = client.get(page).text

    assert "0 townships come, 1 go, 1 change." in shown
    assert re.search(r"<td>Problems</td><td>东镇</td><td>西乡</td>", shown)
    assert "0 townships come, 1 go, 1 change." in bring(client, page).text
    assert services.at_this_moment(district).present.snapshot("townships").row("E") is None


@pytest.mark.parametrize("environ", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_ORIGIN": "http://elsewhere.example"}])
def test_strangers_bring_nothing(client: FlaskClient, environ: dict[str, str]) -> None:
    body = {"layer": "problems", "file": (io.BytesIO(b"x"), "a.csv")}

    assert client.post("/data/uploads", data=body, environ_overrides=environ).status_code == 403


def test_what_has_no_place_gets_one_with_a_click_and_gives_it_back(
    client: FlaskClient, district: services.District
) -> None:
    shown = client.get("/data/unplaced?layer=problems").text
    assert "1 without a place" in shown
    form = {"at": "0.25,0.25", "precision": "village", "placed_by": "小村"}
    answer = client.post("/data/unplaced/problems/6", data=form, headers={"Accept": "application/json"})

    assert answer.json == {"id": "6"}
    record = services.details(services.at_this_moment(district), "problems", "6", Scope.FULL)
    assert record["geometry"]["coordinates"] == [0.25, 0.25]
    place = record["properties"]
    assert (place["township"], place["position_precision"], place["placed_by"]) == ("W", "village", "小村")
    assert client.post("/data/unplaced/problems/6", data={"at": ""}).status_code == 303
    record = services.details(services.at_this_moment(district), "problems", "6", Scope.FULL)
    assert (record["geometry"], record["properties"]["position_precision"]) == (None, "none")
    assert "township" not in record["properties"]


@pytest.mark.parametrize("at", ["here", "1,2,3", "200,0", "nan,0"])
def test_a_place_that_is_none_is_refused(client: FlaskClient, at: str) -> None:
    assert client.post("/data/unplaced/problems/6", data={"at": at}).status_code == 400


def test_townships_in_doubt_are_listed(client: FlaskClient) -> None:
    page = upload(client, HEADINGS + "A-1,东镇,公园,垃圾满溢,2026年5月3日,0.5,0.5,\n")
    bring(client, page)
    shown = client.get("/data/doubtful").text

    assert "Problems: 1 in contradiction" in shown
    assert 'href="/data/doubtful#problems"' in client.get("/data").text
