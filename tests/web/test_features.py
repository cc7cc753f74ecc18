"""A feature's page: fields, links, and its history in words."""

import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.storage.ledger import Change
from geoapp.web import create_app


def change(district: services.District, id: str, action: str, **patch: object) -> None:
    district.store.append(
        [Change("problems", id, json.dumps(patch).encode())], actor="clerk", action=action, request_key=None
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/problems/3", ["3 · Parking", "Traffic police", "2 working days"]),
        ("/sites/P1", ["Park", "Survey point", "Problems: 0", "Visits: 1"]),
        ("/facilities/F1", ["Library", "unknown"]),
        ("/villages/V1", ["Small Village"]),
        ("/visits/C1", ["With findings"]),
        ("/streets/S1", ["Main Street"]),
    ],
)
def test_a_feature_has_a_page_that_says_what_is_known(client: FlaskClient, path: str, said: list[str]) -> None:
    page = client.get(path)

    assert page.status_code == 200
    for text in said:
        assert text in page.text


def test_a_problem_shows_its_photos_on_this_machine_only(client: FlaskClient, district: services.District) -> None:
    sha256, other = (district.store.photos.put(content) for content in (b"a photo", b"of something else"))
    change(district, "3", "photos", properties={"photos": [sha256]})
    address = f"/problems/3/photos/{sha256}"

    assert f'src="{address}"' in client.get("/problems/3").text
    assert client.get(address).data == b"a photo"
    assert client.get(f"/problems/3/photos/{other}").status_code == 404
    assert client.get(f"/problems/2/photos/{sha256}").status_code == 404
    stranger = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get(address, environ_base=stranger).status_code == 403
    assert address not in client.get("/problems/3", environ_base=stranger).text


def test_a_township_has_its_sheet_instead(client: FlaskClient) -> None:
    assert client.get("/townships/W", follow_redirects=True).status_code == 200


def test_what_is_not_there_is_said_in_a_sentence(client: FlaskClient) -> None:
    answer = client.get("/sites/nowhere")

    assert answer.status_code == 404
    assert "There is no &#39;nowhere&#39; among the sites" in answer.text


def test_its_history_tells_each_change_in_words(client: FlaskClient, district: services.District) -> None:
    change(district, "3", "import ledger.xlsx", geometry={"type": "Point", "coordinates": [1.0, 0.50036]})
    change(district, "3", "answer", properties={"status": "in_progress", "deadline": None})
    page = client.get("/problems/3").text

    assert "moved 40 m" in page
    assert "by clerk: import ledger.xlsx" in page
    assert "State: Assigned → Being put right" in page
    assert "Deadline: 5/5/26, 6:00\u202fPM was taken away" in page
    assert page.index("Being put right") < page.index("moved 40 m") < page.index("by geoapp: init")


def test_losing_and_finding_a_place_is_told(client: FlaskClient, district: services.District) -> None:
    change(district, "6", "placed", geometry={"type": "Point", "coordinates": [0.5, 0.5]})
    change(district, "3", "unplaced", geometry=None)

    assert "given a new place" in client.get("/problems/6").text
    assert "its place was taken away" in client.get("/problems/3").text
    assert "Where this is, nobody has said yet." in client.get("/problems/3").text


def test_strangers_learn_neither_who_changed_it_nor_what_is_private(district: services.District) -> None:
    change(district, "1", "answer", properties={"person": "W-2", "measures": "Called Mr Wang"})
    config = replace(district.config, public="viewer")
    viewed = replace(district, config=config, view=None)
    stranger = create_app(viewed).test_client()
    page = stranger.get("/problems/1", environ_base={"REMOTE_ADDR": "192.0.2.1"}, headers={"Accept-Language": "en"})

    assert page.status_code == 200
    for secret in ("W-1", "W-2", "Wang", "clerk"):
        assert secret not in page.text
