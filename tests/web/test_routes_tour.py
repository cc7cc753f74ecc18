"""The programme of a tour over HTTP: page, files, delays, hosts and scores, in both languages."""

import io
import re
from dataclasses import replace
from urllib.parse import quote

import openpyxl
import pytest
from docx import Document
from flask.testing import FlaskClient

from geoapp import services
from geoapp.web import create_app
from tests.toy_outing import DAY, HOSTILE, STOPS, TEAMS, at_the_park, kept_outing

STRANGER = {"X-Forwarded-For": "192.0.2.7"}
CHINESE = {"Accept-Language": "zh"}


@pytest.fixture
def plan(district: services.District) -> str:
    team = replace(TEAMS[0], shift=("08:30", "10:05"))
    asked = {"stops": STOPS[:5], "mode": "all", "order": "given", "profile": "bus", "teams": (team,)}
    return kept_outing(at_the_park(district), **asked)[1].id


def page(client: FlaskClient, address: str, status: int = 200, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text[:400]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_programme_is_a_page_in_both_languages(client: FlaskClient, plan: str) -> None:
    english = page(client, f"/routes/{plan}/programme")
    assert "Problems last time, and what became of them" in english
    assert re.search(r"08:32–08:47 1 Park", english)
    assert "ends at 10:05 at the latest" in english
    assert "Rubbish: Being put right, sent back 1 times" in english
    assert "公园" in page(client, f"/routes/{plan}/programme", headers=CHINESE)


def test_what_people_wrote_never_becomes_markup(client: FlaskClient, plan: str) -> None:
    found = client.get(f"/routes/{plan}/programme").text

    assert '<b>"桥"</b>' not in found
    assert "&lt;b&gt;" in found


def test_fifteen_minutes_late_shifts_the_rest_and_says_what_would_help(client: FlaskClient, plan: str) -> None:
    late = page(client, f"/routes/{plan}/programme?late=15&at=facilities/F1")

    assert "15 minutes late at 3. Library." in late
    assert re.search(r"The tour ends \d+ minutes after its time", late), "a programme runs to the minute"
    assert "Leaving out 4. " in late
    assert "brings you back in time" in late
    assert "Everything else still fits" in page(client, f"/routes/{plan}/programme?late=1&at=sites/P1")
    assert re.search(r"09:00–09:15 1 Park", page(client, f"/routes/{plan}/programme?now=09:00&at=sites/P1&late="))


@pytest.mark.parametrize(("lunch", "lines"), [
    (("08:48", "09:18"), ["08:30 Start", "08:32–08:47 1 Park", "08:48–09:18 Lunch", "09:19–09:34 2 Parking"]),
    (("08:40", "09:10"), ["08:30 Start", "08:32–09:17 1 Park", "08:40–09:10 Lunch", "09:19–09:34 2 Parking"]),
    (("09:57", "10:27"), ["08:30 Start", "08:32–08:47 1 Park", "08:49–09:04 2 Parking"]),
])  # fmt: skip
def test_lunch_stands_where_it_is(
    client: FlaskClient, district: services.District, lunch: tuple[str, str], lines: list[str]
) -> None:
    """What takes 15 minutes from 08:32 to lunch at 08:40 ends 30 minutes later than without it, and takes 15 still."""
    team = replace(TEAMS[0], shift=("08:30", "11:00"), lunch=lunch)
    plan = kept_outing(district, stops=STOPS[:5], mode="all", order="given", teams=(team,))[1].id
    shown = page(client, f"/routes/{plan}/programme")

    places = [shown.find(line) for line in lines]
    assert places == sorted(places), shown[:2_000]
    assert min(places) > 0
    assert shown.count(" Lunch ") == 1
    assert "15 min" in shown
    assert "45 min" not in shown


@pytest.mark.parametrize(("query", "status"), [
    ("late=x&at=sites/P1", 400), ("late=-5&at=sites/P1", 400), ("late=nan&at=sites/P1", 400),
    ("late=15&at=sites/X", 404), ("now=25:00&at=sites/P1", 400), ("date=monday", 400), ("team=B", 404),
    ("date=2026-06-01", 404), ("other=1", 400),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_sentence(client: FlaskClient, plan: str, query: str, status: int) -> None:
    page(client, f"/routes/{plan}/programme?{query}", status)


def test_names_and_phones_are_typed_in_and_stay_here(client: FlaskClient, plan: str) -> None:
    form = {"name-sites/P1": " 韩梅梅 ", "phone-sites/P1": "139-0000", "name-problems/3": "", "phone-problems/3": ""}
    answer = client.post(f"/routes/{plan}/hosts", data=form | {"team": "A", "date": str(DAY)})
    assert (answer.status_code, answer.location) == (303, f"/routes/{plan}/programme?team=A&date={DAY}")

    assert "韩梅梅 139-0000" in page(client, f"/routes/{plan}/programme")
    for format in ("docx", "xlsx"):
        assert "139-0000" in words(client, f"/routes/{plan}/programme.{format}", format)


def test_strangers_see_no_names_phones_or_scores_and_write_nothing(
    client: FlaskClient, district: services.District, plan: str
) -> None:
    client.post(f"/routes/{plan}/hosts", data={"name-sites/P1": "韩梅梅", "phone-sites/P1": "139"})
    client.post(f"/routes/{plan}/scores", data={"leader": "Leader 1", "score-sites/P1": "77"})
    public = replace(district, config=replace(district.config, public="viewer"))
    stranger = create_app(public).test_client()

    shown = stranger.get(f"/routes/{plan}/programme", headers=STRANGER).text
    assert "Park" in shown or "公园" in shown
    for secret in ("韩梅梅", "139", "77", "Leader 1", 'name="name-'):
        assert secret not in shown
    for format in ("docx", "xlsx"):
        found = words(stranger, f"/routes/{plan}/programme.{format}", format, headers=STRANGER)
        assert "韩梅梅" not in found
    assert stranger.get(f"/routes/{plan}/scores", headers=STRANGER).status_code == 403
    assert stranger.get(f"/routes/{plan}/scores.xlsx", headers=STRANGER).status_code == 403
    for address in ("hosts", "scores", "scale"):
        assert stranger.post(f"/routes/{plan}/{address}", headers=STRANGER).status_code == 403
    assert client.post(f"/routes/{plan}/hosts", headers={"Origin": "http://evil.example"}).status_code == 403


def test_the_programme_is_taken_away_as_word_and_excel(client: FlaskClient, plan: str) -> None:
    document = Document(io.BytesIO(client.get(f"/routes/{plan}/programme.docx").data))
    assert document.sections[0].page_width > document.sections[0].page_height
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0][0] == "Time"
    assert [row[1].split("\n")[0] for row in rows[1:]][:3] == ["Start", "1. Park", "2. Parking"]

    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/routes/{plan}/programme.xlsx").data)).active
    cells = list(sheet.values)
    assert len(cells) == len(rows)
    assert any(HOSTILE in str(cell) for row in cells for cell in row)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_a_late_programme_is_taken_away_late(client: FlaskClient, plan: str) -> None:
    assert "09:00–09:15" in words(client, f"/routes/{plan}/programme.docx?now=09:00&at=sites/P1", "docx")


def test_scores_are_typed_in_averaged_and_taken_away(client: FlaskClient, plan: str) -> None:
    for leader, scores in (("Leader 1", {"sites/P1": "80", "problems/3": ""}), ("Leader 2", {"sites/P1": "90,5"})):
        form = {f"score-{stop}": text for stop, text in scores.items()} | {"leader": leader, "remark-sites/P1": "ok"}
        assert client.post(f"/routes/{plan}/scores", data=form).status_code == 303

    assert re.search(r"1\. Park Leader 1: ok Leader 2: ok 80 90.5 85.25 2", page(client, f"/routes/{plan}/scores"))
    assert "1. Park: 85.2 (n = 2)" in page(client, f"/routes/{plan}/programme")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/routes/{plan}/scores.xlsx").data)).active
    assert list(sheet.values)[1][:6] == (1, "Park", 80, 90.5, 85.25, 2)
    assert list(sheet.values)[2][2:6] == (None, None, None, 0)


def test_a_score_that_is_none_comes_back_with_its_reason(client: FlaskClient, plan: str) -> None:
    for text, reason in (("101", "101 is no score from 0 to 100"), ("good", "is no score: give a number"),
                         ("inf", "is no score: give a number")):  # fmt: skip
        answer = client.post(f"/routes/{plan}/scores", data={"leader": "Leader 1", "score-sites/P1": text})
        assert (answer.status_code, reason in answer.text) == (400, True)
        assert f'value="{text}"' in answer.text
    assert client.post(f"/routes/{plan}/scores", data={"leader": "", "score-sites/P1": "1"}).status_code == 400
    assert client.post(f"/routes/{plan}/scores", data={"leader": "L", "score-sites/X": "1"}).status_code == 404


def test_the_scale_is_changed_before_there_are_scores(client: FlaskClient, plan: str) -> None:
    assert client.post(f"/routes/{plan}/scale", data={"scale": "1-10"}).status_code == 303
    assert "Score (1–10)" in page(client, f"/routes/{plan}/scores")
    client.post(f"/routes/{plan}/scores", data={"leader": "Leader 1", "score-sites/P1": "9"})
    assert client.post(f"/routes/{plan}/scale", data={"scale": "1-5"}).status_code == 400
    assert client.post(f"/routes/{plan}/scale", data={"scale": "up"}).status_code == 400


def test_empty_score_sheets_are_one_a_leader(client: FlaskClient, plan: str) -> None:
    shown = page(client, f"/routes/{plan}/score-sheet?leader={quote('甲,乙')}")

    assert shown.count("Score sheet: 周二") == 2
    assert "Leader: 甲" in shown
    assert "Leader: ____" in page(client, f"/routes/{plan}/score-sheet")


def words(client: FlaskClient, address: str, format: str, **more: object) -> str:
    """All words of a file."""
    answer = client.get(address, **more)  # type: ignore[arg-type]
    assert answer.status_code == 200
    if format == "docx":
        document = Document(io.BytesIO(answer.data))
        return "\n".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
