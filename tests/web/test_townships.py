"""A township's sheet."""

import re

from flask.testing import FlaskClient


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_sheet_counts_what_lies_in_the_township(client: FlaskClient) -> None:
    page = text_of(client.get("/townships/E").text)

    # Problem 3 stands on the border: the lower code, E, has it; problem 4 is overdue.
    assert "2 Problems found" in page
    assert "2 Open" in page
    assert "1 Overdue" in page


def test_its_numbers_open_exactly_their_rows(client: FlaskClient) -> None:
    page = client.get("/townships/E").text
    tiles = re.findall(r'<li><a href="([^"]+)"><b>(\d+)</b>', page)

    assert len(tiles) == 6
    for href, number in tiles:
        table = client.get(href.replace("&amp;", "&")).text
        assert f'<span id="matched">{number}</span>' in table


def test_an_unknown_number_is_said_to_be_unknown(client: FlaskClient) -> None:
    page = text_of(client.get("/townships/E").text)

    assert "Residents : unknown" in page.replace("Residents:", "Residents :")


def test_sites_stand_with_their_last_visit(client: FlaskClient) -> None:
    west, east = text_of(client.get("/townships/W").text), text_of(client.get("/townships/E").text)

    assert "Park Survey point May 2, 2026 With findings" in west
    assert "Square Demonstration site never" in east


def test_a_unit_without_an_area_has_a_sheet_too(client: FlaskClient) -> None:
    page = client.get("/townships/Z")

    assert page.status_code == 200
    assert "This unit has no area of its own." in page.text


def test_an_unknown_township_is_not_found(client: FlaskClient) -> None:
    assert client.get("/townships/Q").status_code == 404
