"""The page of coverage over HTTP."""

import pytest
from flask.testing import FlaskClient


def test_the_page_opens_with_its_tabs_and_its_question(client: FlaskClient) -> None:
    page = client.get("/coverage")

    assert page.status_code == 200
    assert 'id="question"' in page.text
    assert "geoapp.addCoverage(" in page.text


@pytest.mark.parametrize("query", ["by=horse", "minutes=0", "minutes=x", "pin=here", "view=moon", "open=noon", "x=1"])
def test_a_bad_link_shows_everything_and_says_so(client: FlaskClient, query: str) -> None:
    page = client.get(f"/coverage?{query}")

    assert (page.status_code, "Everything is shown instead." in page.text) == (400, True)
    assert client.get(f"/coverage/account?{query}").status_code == 400
