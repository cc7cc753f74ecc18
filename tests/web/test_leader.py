"""At a glance: numbers, their rows, places, surveys."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from geoapp import services


def links(page: str) -> list[tuple[str, str, str]]:
    """Each number that opens rows: its name, the address and what is written."""
    found = []
    for name, part in re.findall(r'data-indicator="(\w+)">(.*?)<details>', page, re.S):
        found += [(name, unescape(href), text) for href, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)]
    return found


def matched(client: FlaskClient, href: str) -> int:
    page = client.get(href)
    assert page.status_code == 200, href
    return int(re.search(r'id="matched">([\d,]+)<', page.text)[1].replace(",", ""))  # type: ignore[index]


def test_ten_tiles_stand_on_the_page(client: FlaskClient) -> None:
    assert client.get("/leader").text.count('<section class="tile"') == 10


def test_every_number_opens_exactly_the_rows_it_counts(client: FlaskClient) -> None:
    page = client.get("/leader?from=2026-05-01&to=2026-05-04").text
    opened = links(page)

    assert len(opened) > 12
    for name, href, text in opened:
        of = re.fullmatch(r"([\d,]+) of ([\d,]+)|n = ([\d,]+)", text)
        if of:
            assert matched(client, href) == int((of[2] or of[3]).replace(",", "")), (name, text)
        elif text.isdigit():
            assert matched(client, href) == int(text), (name, text)


def test_how_far_people_go_is_asked_where_it_is_computed(client: FlaskClient) -> None:
    page = client.get("/leader").text

    assert '<a href="/coverage?view=reach">How far people go</a>' in page
    assert "Travel time to the nearest facility" not in page


def test_what_nobody_has_entered_is_no_data_yet(client: FlaskClient) -> None:
    page = client.get("/leader").text
    residents = page[page.index('id="residents"') : page.index('id="ranking"')]

    assert residents.count("no data yet") >= 4
    assert "0.0%" not in residents


def test_the_toy_district_can_be_checked_by_hand(client: FlaskClient) -> None:
    page = client.get("/leader?from=2026-05-01&to=2026-05-04").text
    values = {name: text for name, _href, text in reversed(links(page))}

    # Six found; one and four are overdue of the five that are open.
    assert values["found"] == "6"
    assert values["overdue"] == "2"
    assert "2 of 5" in page
    # P1 is the one survey point, was visited, and something was found there.
    assert values["survey_points_visited"] == "100.0%"
    assert values["in_order"] == "0.0%"


def test_a_small_sample_has_no_place(client: FlaskClient) -> None:
    assert client.get("/leader").text.count("sample too small (below 20)") == 2


def test_a_survey_is_entered_and_shown_with_its_interval_and_verdict(
    client: FlaskClient, district: services.District
) -> None:
    form = {"measure": "awareness", "ended_on": "2026-05-03", "asked": "400", "yes": "320"}

    assert client.post("/leader/surveys", data=form).status_code == 303
    page = client.get("/leader").text
    assert "80.0%" in page
    assert "320 of 400" in page
    assert "95 %: 75.8% to 83.6%" in page
    assert "above 70 %" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"yes": "401"}, "401 of 400 cannot have said yes"),
        ({"asked": "many"}, "asked=&#39;many&#39; is not a whole number"),
        ({"ended_on": "yesterday"}, "ended_on=&#39;yesterday&#39; is not a day"),
        ({"measure": "beauty"}, "&#39;beauty&#39; is not one of awareness"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(client: FlaskClient, changed: dict[str, str], sentence: str) -> None:
    form = {"measure": "awareness", "ended_on": "2026-05-03", "asked": "400", "yes": "320"} | changed
    answer = client.post("/leader/surveys", data=form)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert "no data yet" in client.get("/leader").text


@pytest.mark.parametrize(
    "stranger",
    [
        {"headers": {"Origin": "http://evil.example"}},
        {"headers": {"Host": "evil.example"}},
        {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
    ],
)
def test_nobody_else_can_enter_one(client: FlaskClient, stranger: dict[str, dict[str, str]]) -> None:
    form = {"measure": "awareness", "ended_on": "2026-05-03", "asked": "400", "yes": "320"}

    assert client.post("/leader/surveys", data=form, **stranger).status_code == 403  # type: ignore[arg-type]


def test_weights_come_by_the_link(client: FlaskClient) -> None:
    assert 'name="closed" value="3"' in client.get("/leader?closed=3&in_time=1&in_order=0").text
    assert client.get("/leader?closed=0&in_time=0&in_order=0").status_code == 400
    assert client.get("/leader?closed=much").status_code == 400
