"""Samples and month plans over HTTP."""

import csv
import io
import re
import time

import openpyxl
import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.services.routes import kept_plans

pytestmark = pytest.mark.alone

CHINESE = {"Accept-Language": "zh"}
PATIENCE_S = 120


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_page_draws_points_and_leads_to_routes_for_them(client: FlaskClient) -> None:
    answer = client.get("/routes/sampling?per_township=1&seed=3")

    assert answer.status_code == 200
    assert '<a class="chip strong" href="/routes?stops=sites/P2,sites/P1">' in answer.text
    shown = text_of(answer.text)
    assert "2 of 2 points" in shown
    assert "days since the last visit: 1" in shown
    assert "never visited" in shown
    assert client.get("/routes/stops.geojson?stops=sites/P2,sites/P1").json["features"]  # type: ignore[index]


def test_a_quota_that_cannot_be_filled_is_said(client: FlaskClient) -> None:
    shown = text_of(client.get("/routes/sampling?per_township=4").text)

    assert "Too few points there: East 3 too few · West 3 too few" in shown
    by_kind = text_of(client.get("/routes/sampling?kinds=park:2").text)
    assert "West Park 2 1 1" in by_kind
    assert "East Park 2 0 0" in by_kind


def test_kinds_may_be_named_in_the_readers_language(client: FlaskClient) -> None:
    assert client.get("/routes/sampling?kinds=公园：1", headers=CHINESE).status_code == 200
    assert client.get("/routes/sampling?kinds=Park:1").status_code == 200


@pytest.mark.parametrize("query", ["per_township=x", "n=-1", "n=5&per_township=5", "kinds=zoo:1", "kinds=park",
                                   "kinds=park:" + "9" * 5_000,
                                   "days=x", "risk=-1", "seed=1.5", "status=closed", "nonsense=1"])  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/routes/sampling?{query}")

    assert answer.status_code == 400
    assert 'class="refusal"' in answer.text


def test_the_sample_is_taken_away_with_its_method(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/routes/sampling.xlsx?per_township=1").data))
    rows = list(book.worksheets[0].values)
    assert [row[1] for row in rows] == ["Id", "P2", "P1"]
    assert "Efraimidis" in str(next(iter(book.worksheets[1].values))[0])
    lines = list(csv.reader(io.StringIO(client.get("/routes/sampling.csv?per_township=1").data.decode("utf-8-sig"))))
    assert [line[1] for line in lines] == ["Id", "P2", "P1"]
    assert client.get("/routes/sampling.csv?n=x").status_code == 400


def test_a_month_is_ordered_and_becomes_a_plan(client: FlaskClient, district: services.District) -> None:
    shown = text_of(client.get("/routes/month").text)
    assert "1 points" in shown  # the park is the only survey point

    form = {"kind": "park,square", "date": "2026-05-06", "days": "3", "teams": "1", "start": "图书馆", "seconds": "1",
            "name": "May", "from": "06:00", "to": "20:00"}  # fmt: skip
    answer = client.post("/routes/month", data=form)
    assert answer.status_code == 303, text_of(answer.text)[:500]
    state = _settled(client, answer.location)

    assert state["state"] == "done"
    plan = kept_plans(services.at_this_moment(district))[0]
    assert (plan.name, plan.dates, plan.visited, plan.left_out, plan.ok) == (
        "May", ("2026-05-06", "2026-05-07", "2026-05-08"), 2, 0, True,
    )  # fmt: skip
    assert client.get(state["plan"]).status_code == 200


@pytest.mark.parametrize("wrong", [
    {"days": "32"}, {"days": "0"}, {"teams": "x"}, {"date": "today"}, {"start": "nowhere"}, {"to": "05:00"},
    {"kind": "zoo"}, {"seconds": "10000"},
])  # fmt: skip
def test_a_month_that_cannot_be_planned_comes_back_with_the_reason(client: FlaskClient, wrong: dict[str, str]) -> None:
    form = {"role": "survey", "date": "2026-05-06", "days": "3", "teams": "1", "start": "图书馆", "name": "May"} | wrong
    answer = client.post("/routes/month", data=form)

    assert answer.status_code == 400
    assert 'class="refusal"' in answer.text
    assert 'value="May"' in answer.text


def test_a_month_of_what_is_no_site_is_refused(client: FlaskClient) -> None:
    assert client.get("/routes/month?status=closed").status_code == 400
    assert client.get("/routes/month?kind=square").status_code == 200


def _settled(client: FlaskClient, address: str) -> "dict[str, str]":
    for _ in range(10 * PATIENCE_S):
        state = client.get(f"{address}.json").json
        assert state is not None
        if state["state"] in ("done", "refused"):
            return dict(state)
        time.sleep(0.1)
    raise AssertionError("no plan in time")
