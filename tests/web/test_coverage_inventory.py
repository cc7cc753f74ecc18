"""The inventory on its page, the table of standards and the checklist of evidence over HTTP."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from geoapp import services
from geoapp.web import create_app
from tests.conftest import NOW
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables


@pytest.fixture
def cultured(tmp_path: Path) -> Iterator[services.District]:
    """The toy district of inventories, at nine in the morning of 4 May 2026."""
    opened = services.found(tmp_path / "toy", inventory_layers(), inventory_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


@pytest.fixture
def browser(cultured: services.District) -> FlaskClient:
    """A browser on the district's own machine that reads English."""
    made = create_app(cultured).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def matched(browser: FlaskClient, href: str) -> int:
    page = browser.get(href)
    assert page.status_code == 200, href
    return int(re.search(r'id="matched">([\d,]+)<', page.text)[1].replace(",", ""))  # type: ignore[index]


def inventory_of(page: str) -> str:
    return page[page.index('id="inventory-title"') : page.index('id="unknown-title"')]


def test_one_click_leads_from_every_number_to_as_many_rows(browser: FlaskClient) -> None:
    part = inventory_of(browser.get("/coverage?view=inventory").text)
    links = re.findall(r'<a href="(/(?:facilities|villages|townships)\?[^"]+)">([\d,]+)[^<]*<', part)

    assert len(links) > 12
    for href, number in links:
        assert matched(browser, unescape(href)) == int(number.replace(",", "")), href


def test_the_whole_district_is_no_better_known_than_its_townships(tmp_path: Path) -> None:
    """Both townships have a centre; of one of them nobody knows how large it is."""
    layers = inventory_layers()
    east = next(one["properties"] for one in layers["facilities"] if one["id"] == "C2")
    east |= {"build_status": "built", "floor_area_m2": None, "expected_opening": None}
    opened = services.found(tmp_path / "other", layers, inventory_tables(), clock=lambda: NOW)
    page = create_app(services.at_this_moment(opened)).test_client().get("/coverage?kind=centre&lang=en").text
    opened.close()

    row = page[page.index("The district as a whole") :]
    row = row[: row.index("</tr>")]
    assert "falls short" in row
    assert "meets the standard" not in row


def test_signs_and_words_say_what_colours_say(browser: FlaskClient) -> None:
    part = inventory_of(browser.get("/coverage?view=inventory").text)

    for sign, words in (("✓", "meets the standard"), ("◐", "falls short"), ("✗", "missing"), ("–", "nothing asked")):
        assert f'<b aria-hidden="true">{sign}</b> <span class="hidden">{words}' in part


def test_the_furthest_below_its_standards_comes_first_if_asked(browser: FlaskClient) -> None:
    def order(query: str) -> list[str]:
        page = inventory_of(browser.get(f"/coverage?view=inventory{query}").text)
        return re.findall(r'<th scope="row"><a href="/coverage/townships/(\w+)">', page)

    assert order("") == ["E", "W", "Z"]
    assert order("&sort=below") == ["E", "Z", "W"]
    assert browser.get("/coverage?view=inventory&sort=x").status_code == 400
    assert browser.get("/coverage?view=inventory&show=x").status_code == 400


def test_the_missing_and_the_unknown_stand_by_name(browser: FlaskClient) -> None:
    page = browser.get("/coverage?view=inventory").text

    assert '<a href="/villages/110000002001">大村</a><small>not on the map</small>' in page
    assert "East: 5" in page
    assert "In no township: 1" in page
    assert "Private: 1" in page
    assert "In a shared building: 2" in page
    assert "Evidence complete: 0 of 6" in page


@pytest.mark.parametrize("show", ["floor_area_m2", "hours_per_week", "facilities_per_10000", "books"])
def test_the_table_shows_whatever_is_measured(browser: FlaskClient, show: str) -> None:
    part = inventory_of(browser.get(f"/coverage/account?view=inventory&show={show}").text)

    shown = {"floor_area_m2": "350", "hours_per_week": "40", "facilities_per_10000": "5", "books": "6,000"}
    assert re.search(rf">{shown[show]}<", part)


def form(**changed: str | list[str]) -> dict[str, str | list[str]]:
    usual: dict[str, str | list[str]] = {"code": "N1", "zh": "新标准", "en": "New", "level": "T", "kinds": ["centre"],
                                         "number": "2", "unit": "facilities"}  # fmt: skip
    return usual | changed


def test_a_standard_is_added_changed_and_removed_by_its_form(browser: FlaskClient) -> None:
    assert browser.post("/coverage/standards", data=form()).status_code == 303
    assert '<th scope="row">New<small>N1</small>' in browser.get("/coverage/standards").text

    edited = browser.get("/coverage/standards?edit=N1").text
    assert 'name="replacing" value="N1"' in edited
    assert browser.post("/coverage/standards", data=form(replacing="N1", en="Newer")).status_code == 303
    assert browser.post("/coverage/standards/remove", data={"code": "N1"}).status_code == 303
    assert browser.get("/coverage/standards?edit=N1").status_code == 404


def test_what_people_write_stays_text(browser: FlaskClient) -> None:
    browser.post("/coverage/standards", data=form(en="<script>alert(1)</script>", zh="{{ 7*7 }}"))

    for address in ("/coverage/standards", "/coverage/standards?edit=N1", "/coverage?view=inventory"):
        page = browser.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_bad_form_comes_back_as_it_was_with_the_reason(browser: FlaskClient) -> None:
    answer = browser.post("/coverage/standards", data=form(number="viele"))

    assert answer.status_code == 400
    assert 'role="alert">At least: &#39;viele&#39; is no number.' in answer.text
    assert 'name="zh" value="新标准"' in answer.text


def test_a_conflict_is_told(browser: FlaskClient, cultured: services.District) -> None:
    seen = str(cultured.present.seq)
    browser.post("/coverage/standards", data=form(seen=seen))

    answer = browser.post("/coverage/standards", data=form(code="N2", seen=seen))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text


def test_the_table_goes_out_and_comes_back(browser: FlaskClient) -> None:
    taken = browser.get("/coverage/standards.xlsx")
    assert taken.mimetype.endswith("spreadsheetml.sheet")

    def bring(content: bytes, name: str) -> int:
        sent = {"file": (io.BytesIO(content), name)}
        return browser.post("/coverage/standards/import", data=sent, content_type="multipart/form-data").status_code

    assert bring(taken.data, "standards.xlsx") == 303
    assert bring(b"\x00\x01", "x.xlsx") == 400
    assert browser.post("/coverage/standards/import", data={}).status_code == 400


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def add(browser: FlaskClient, content: bytes, **headers: str) -> int:
    sent = {"facility": "C1", "evidence": "evidence_photo", "file": (io.BytesIO(content), "a.png")}
    return browser.post("/coverage/evidence?township=W", data=sent, content_type="multipart/form-data",
                        headers=headers).status_code  # fmt: skip


def test_a_proof_is_added_seen_and_taken_away(browser: FlaskClient) -> None:
    assert add(browser, picture()) == 303
    page = browser.get("/coverage/evidence").text
    (address, sha256) = re.search(r'<img src="(/coverage/evidence/(\w+)\?facility=C1)"', page).groups()  # type: ignore[union-attr]
    shown = browser.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert browser.get(f"/coverage/evidence/{sha256}?facility=C2").status_code == 404
    assert address in unescape(browser.get("/facilities/C1").text)

    gone = {"facility": "C1", "evidence": "evidence_photo", "remove": sha256}
    assert browser.post("/coverage/evidence", data=gone).status_code == 303
    assert '<img src="/coverage/evidence/' not in browser.get("/coverage/evidence").text


@pytest.mark.parametrize("query", ["", "&township=W", "&kind=room", "&private=yes"])
def test_the_count_of_evidence_opens_as_many_facilities(browser: FlaskClient, query: str) -> None:
    page = browser.get(f"/coverage?view=inventory{query}").text
    href, number = re.search(r'<a href="(/coverage/evidence[^"]*)">Evidence complete: 0 of (\d+)', page).groups()  # type: ignore[union-attr]

    # What is not asked for is not in the link.
    assert not re.search(r"=(&|$)", unescape(href))
    assert browser.get(unescape(href)).text.count('<section class="facility-evidence"') == int(number)


def test_every_number_of_the_checklist_opens_its_facilities(browser: FlaskClient) -> None:
    for name in ("evidence_photo", "evidence_notice", "evidence_area"):
        sent = {"facility": "C1", "evidence": name, "file": (io.BytesIO(picture()), "a.png")}
        browser.post("/coverage/evidence", data=sent, content_type="multipart/form-data")
    links = re.findall(r'<li><a href="([^"]+)"><b>(\d+)</b>', browser.get("/coverage/evidence").text)

    assert [number for _, number in links] == ["1", "5", "5", "5"]
    for href, number in links:
        page = browser.get(f"/coverage/evidence{unescape(href)}").text
        assert page.count('<section class="facility-evidence"') == int(number)


def test_where_nothing_is_listed_nothing_is_said_to_be_there(browser: FlaskClient) -> None:
    assert "No facility of these kinds is known here." in browser.get("/coverage/evidence?township=Z").text
    assert "Nothing found" in browser.get("/coverage/evidence?lacking=nothing").text
    assert "Nothing is lacking" not in browser.get("/coverage/evidence?page=99").text


def test_what_is_no_picture_is_refused_on_the_page(browser: FlaskClient) -> None:
    assert add(browser, b"no picture") == 400
    assert browser.get("/coverage/evidence?lacking=x").status_code == 400
    assert browser.get("/coverage/evidence?page=0").status_code == 400


def test_changes_come_from_this_machine_and_its_own_pages_only(
    browser: FlaskClient, cultured: services.District
) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert add(browser, picture(), **elsewhere) == 403
    for address in ("/coverage/standards", "/coverage/standards/remove", "/coverage/standards/import"):
        assert browser.post(address, data=form(), headers=elsewhere).status_code == 403
    assert services.at_this_moment(cultured).present.seq == cultured.present.seq


def test_evidence_is_not_shown_to_the_public(cultured: services.District) -> None:
    open_to_all = replace(cultured, config=replace(cultured.config, public="viewer"))
    visitor = create_app(open_to_all).test_client()
    outside = {"REMOTE_ADDR": "192.0.2.7"}

    assert visitor.get("/coverage/evidence", environ_base=outside).status_code == 403
    page = visitor.get("/coverage/standards", environ_base=outside)
    assert page.status_code == 200
    assert '<form class="standard-form"' not in page.text
