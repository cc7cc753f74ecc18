"""A team's day on a phone, over HTTP: the page, the file that records, and what comes back on the data page."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.selection import Scope, Selection
from geoapp.web import create_app
from tests.services.routes.toy_day import day_of, found, jpeg, keep_toy_plan, recorded, result_file

CHINESE = {"Accept-Language": "zh"}
ROUTE_PACK = Path(services.__file__).parents[1] / "web/static/vendor/route-pack.js"
needs_assets = pytest.mark.skipif(not ROUTE_PACK.is_file(), reason="the assets are not built: run make assets")


@pytest.fixture
def kept(district: services.District) -> KeptPlan:
    return keep_toy_plan(district)[1]


def phone(kept: KeptPlan, query: str = "?team=T1&date=2026-05-04") -> str:
    return f"/routes/{kept.id}/phone{query}"


def pack(kept: KeptPlan, team: str = "T1", day: str = "2026-05-04") -> str:
    return f"/routes/{kept.id}/pack/{team}/{day}.html"


def data_of(page: str) -> dict[str, Any]:
    text = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert text is not None
    told: dict[str, Any] = json.loads(text[1])
    return told


def test_the_stops_stand_in_their_order_with_times_names_and_what_is_open(client: FlaskClient, kept: KeptPlan) -> None:
    page = client.get(phone(kept)).text

    assert re.findall(r'data-stop="([^"]+)" data-number="(\d)"', page) == [
        ("sites/P1", "1"), ("problems/4", "2"), ("sites/P2", "3"), ("map/1", "4")]  # fmt: skip
    named = re.findall(r'"day-time">([^<]+)</span> <span class="day-name">([^<]+)<', page)
    assert named == [
        ("09:00–09:15", "Park"),
        ("10:00–10:15", "Parking"),
        ("11:00–11:15", "Square"),
        ("12:00–12:15", "路口"),
    ]
    assert 'data-problem="4"' in page
    assert "overdue" in page


def test_each_stop_has_addresses_for_map_apps(client: FlaskClient, kept: KeptPlan) -> None:
    page = html.unescape(client.get(phone(kept)).text)

    assert page.count("Navigate: ") >= 4
    assert "geo:0.500000,0.500000" in page


def test_the_page_speaks_the_readers_language(client: FlaskClient, kept: KeptPlan) -> None:
    page = client.get(phone(kept), headers=CHINESE).text

    assert 'lang="zh-CN"' in page
    assert "公园" in page


def test_a_plan_of_one_day_needs_no_question_and_of_several_asks_whose(
    client: FlaskClient, district: services.District, kept: KeptPlan
) -> None:
    assert 'id="stop-1"' in client.get(phone(kept, "")).text

    _, three = keep_toy_plan(district, teams=3)
    asked = client.get(phone(three, "")).text
    assert re.findall(r'<a class="day-big" href="([^"]+)">', asked) == [
        f"/routes/{three.id}/phone?team=T{number}&amp;date=2026-05-04" for number in (1, 2)
    ]
    assert "Library" in client.get(phone(three, "?team=T2")).text
    assert "visits nothing on this day" in client.get(phone(three, "?team=T3&date=2026-05-04")).text
    assert client.get(pack(three, "T3")).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("?team=T9", 404), ("?date=2026-05-05", 404), ("?date=soon", 400), ("?colour=red", 400)],
)
def test_a_day_that_is_not_in_the_plan_is_a_sentence(
    client: FlaskClient, kept: KeptPlan, query: str, status: int
) -> None:
    assert client.get(phone(kept, query)).status_code == status


def test_a_plan_that_is_not_there_is_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/routes/0123456789ab/phone")

    assert answer.status_code == 404
    assert "There is no plan" in html.unescape(answer.text)


@needs_assets
def test_the_pack_is_one_file_to_save_that_asks_for_nothing(client: FlaskClient, kept: KeptPlan) -> None:
    answer = client.get(pack(kept))
    page = answer.text

    assert answer.headers["Content-Disposition"].startswith("attachment; filename=route-pack-")
    assert re.findall(r'(?:src|href)="(?!https?://|geo:|#|data:image/png;base64,)[^"]*"', page) == []
    assert "<link" not in page
    assert "url(" not in page
    assert page.count("<script") == 2
    for link in re.findall(r'<a [^>]*href="(https?:[^"]*)"', page):
        assert 'rel="noreferrer"' in next(one for one in re.findall(r"<a [^>]*>", page) if link in one)


@needs_assets
def test_only_its_own_script_and_style_may_run_in_a_pack(client: FlaskClient, kept: KeptPlan) -> None:
    page = client.get(pack(kept)).text
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0])

    def hash_of(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    assert policy.split("; ") == [
        "default-src 'none'", f"script-src {hash_of(script)}", f"style-src {hash_of(style)}",
        "img-src data: blob:", "base-uri 'none'", "form-action 'none'"]  # fmt: skip


@needs_assets
def test_a_pack_knows_the_categories_and_has_one_id_for_each_day(
    client: FlaskClient, district: services.District, kept: KeptPlan
) -> None:
    first, again = data_of(client.get(pack(kept)).text), data_of(client.get(pack(kept), headers=CHINESE).text)

    assert first["pack"] == again["pack"]
    assert (first["plan"], first["team"], first["date"]) == (kept.id, "T1", "2026-05-04")
    subs = [{"code": "0201", "name": "Rubbish", "subs": []}, {"code": "0202", "name": "Dirty road", "subs": []}]
    assert first["categories"][0] == {"code": "02", "name": "Cleanliness", "subs": subs}
    assert again["categories"][0]["name"] == "环境卫生"
    _, other = keep_toy_plan(district)
    assert data_of(client.get(pack(other)).text)["pack"] != first["pack"]


@needs_assets
def test_names_cannot_become_markup_in_a_pack(client: FlaskClient, district: services.District) -> None:
    _, hostile = keep_toy_plan(district, name="</script><script>alert(1)</script>")

    page = client.get(pack(hostile)).text

    assert "<script>alert" not in page
    assert page.count("</script>") == 2


@needs_assets
def test_what_the_public_may_not_read_is_in_no_pack_of_theirs(
    district: services.District, kept: KeptPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(district).test_client()

    assert client.get(pack(kept), environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


@needs_assets
@pytest.mark.parametrize(("team", "day", "status"), [("T9", "2026-05-04", 404), ("T1", "2026-05-05", 404),
                                                     ("T1", "soon", 400), ("../../x", "2026-05-04", 404)])  # fmt: skip
def test_a_pack_of_a_day_that_is_not_in_the_plan_is_a_sentence(
    client: FlaskClient, kept: KeptPlan, team: str, day: str, status: int
) -> None:
    assert client.get(pack(kept, team, day)).status_code == status


def upload(client: FlaskClient, file: Path, layer: str = "visits") -> str:
    with file.open("rb") as content:
        answer = client.post("/data/uploads", data={"layer": layer, "file": (content, file.name)})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_results_are_shown_first_and_then_brought_in_once(
    client: FlaskClient, district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    day = day_of(kept, recorded("sites/P1", problems=[found("<b>bin</b>", "photos/1.jpg")]))
    file = result_file(tmp_path / "results.zip", day, {"photos/1.jpg": jpeg()})
    before = district.store.follow()

    page = upload(client, file)
    shown = client.get(page).text
    assert re.findall(r"<b>(\d+)</b>(new visits|new problems|photos)", shown) == [
        ("1", "new visits"), ("1", "new problems"), ("1", "photos")]  # fmt: skip
    assert district.store.follow() == before

    client.post(f"{page}/bring")
    assert "Brought in. The same file may be brought again" in client.get(page).text
    assert district.store.follow() == before + 1
    again = upload(client, file)
    assert re.findall(r"<b>(\d+)</b>(new visits|records known)", client.get(again).text) == [
        ("0", "new visits"), ("2", "records known")]  # fmt: skip
    fresh = services.records(services.at_this_moment(district), "problems", Selection(), Scope.FULL, limit=100).rows
    shown = client.get(f"/problems/{next(one['id'] for one in fresh if one.get('visit_id'))}").text
    assert "&lt;b&gt;bin&lt;/b&gt;" in shown
    assert "<b>bin</b>" not in shown


def test_a_visit_of_no_site_has_its_page_and_its_line_like_any_other(
    client: FlaskClient, district: services.District, kept: KeptPlan, tmp_path: Path
) -> None:
    visit = recorded("map/1", outcome="clean", put_right=["1", "2"], words="<i>ok</i>")
    page = upload(client, result_file(tmp_path / "r.zip", day_of(kept, visit)))
    client.post(f"{page}/bring")
    found_visits = services.records(services.at_this_moment(district), "visits", Selection(), Scope.FULL, limit=9).rows
    id = next(one["id"] for one in found_visits if one.get("stop_id") == "map/1")

    shown = client.get(f"/visits/{id}").text

    assert "1, 2" in shown
    assert "&lt;i&gt;ok&lt;/i&gt;" in shown
    assert id in client.get("/visits").text
    assert client.get(f"/api/v1/visits/{id}").json["properties"]["put_right"] == ["1", "2"]


def test_where_nothing_tells_the_round_the_page_asks_for_it(
    client: FlaskClient, district: services.District, tmp_path: Path
) -> None:
    _, kept = keep_toy_plan(district, selection="")
    page = upload(client, result_file(tmp_path / "r.zip", day_of(kept, recorded("sites/P1", outcome="clean"))))
    assert 'name="fixed-round_id"' in client.get(page).text

    client.post(page, data={"fixed-round_id": "R1"})
    client.post(f"{page}/bring")

    assert "Brought in." in client.get(page).text


def test_results_for_another_layer_and_hostile_ones_are_refused_in_a_sentence(
    client: FlaskClient, kept: KeptPlan, tmp_path: Path
) -> None:
    day = day_of(kept, recorded("sites/P1", outcome="clean"))
    file = result_file(tmp_path / "r.zip", day)
    hostile = result_file(tmp_path / "h.zip", day, {"../x.jpg": b"x"})

    assert "bring it into visits" in client.get(upload(client, file, "problems")).text
    assert "which no result file has" in client.get(upload(client, hostile)).text
