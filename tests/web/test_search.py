"""Search, as a page and for the box."""

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.storage.ledger import Change


def hits(client: FlaskClient, text: str) -> list[tuple[str, str]]:
    found = client.get("/search.json", query_string={"q": text}).json["results"]
    return [(one["title"], one["href"]) for one in found]


@pytest.mark.parametrize(
    ("typed", "title", "href"),
    [
        ("图书", "Library", "/facilities/F1"),
        ("tsg", "Library", "/facilities/F1"),
        ("lib", "Library", "/facilities/F1"),
        ("东镇", "East", "/townships/E"),
        ("大街", "Main Street", "/streets/S1"),
        ("小村", "Small Village", "/villages/V1"),
        ("park", "Park", "/sites/P1"),
        ("clean", "Cleanliness", "/problems?category=02"),
    ],
)
def test_every_kind_of_place_is_found_and_leads_to_its_page(
    client: FlaskClient, typed: str, title: str, href: str
) -> None:
    assert (title, href) in hits(client, typed)
    assert client.get(href).status_code == 200


def test_problems_are_found_by_the_beginning_or_the_end_of_their_number(
    client: FlaskClient, district: services.District
) -> None:
    body = b'{"properties": {"number": "MN-2026-000042"}}'
    district.store.append([Change("problems", "3", body)], actor="t", action="t")

    for typed in ("MN-2026", "mn-2026-000042", "0042", "42"):
        assert hits(client, typed) == [("MN-2026-000042", "/problems/3")], typed
    assert hits(client, "43") == []


def test_a_result_says_what_it_is_and_where(client: FlaskClient) -> None:
    (library,) = client.get("/search.json?q=library").json["results"]

    assert library["subtitle"] == "Cultural facilities · East"


def test_results_stand_on_a_page_of_their_own(client: FlaskClient) -> None:
    page = client.get("/search?q=park").text

    assert 'href="/sites/P1"' in page
    assert "No name begins" in client.get("/search?q=zzz").text
    assert "Type a name" in client.get("/search").text


def test_what_was_typed_stays_text(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "<img src=x onerror=alert(1)>"}).text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_too_much_text_is_refused(client: FlaskClient) -> None:
    assert client.get("/search.json", query_string={"q": "a" * 101}).status_code == 400
    assert client.get("/search?colour=red").status_code == 400
