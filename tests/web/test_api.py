"""The API and the tiles for programs."""

import gzip
import json

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.storage.ledger import Change


def test_a_collection_is_geojson_with_numbers_and_links(client: FlaskClient) -> None:
    found = client.get("/api/v1/problems?limit=4&category=02,05")

    assert found.mimetype == "application/geo+json"
    assert found.json["type"] == "FeatureCollection"
    assert (found.json["numberMatched"], found.json["numberReturned"]) == (4, 4)
    assert [link["rel"] for link in found.json["links"]] == ["self"]


def test_following_next_gives_every_feature_once(client: FlaskClient) -> None:
    link, ids = "/api/v1/problems?limit=4", []
    while link:
        page = client.get(link).json
        ids += [feature["id"] for feature in page["features"]]
        link = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)

    assert ids == ["1", "2", "3", "4", "5", "6"]


def test_one_feature_can_be_asked_for(client: FlaskClient) -> None:
    assert client.get("/api/v1/sites/P1").json["properties"]["name"] == "公园"
    assert client.get("/api/v1/sites/P9").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/api/v1/problems?limit=0", 400, "limit='0' is not a whole number from 1 to 10000."),
        ("/api/v1/problems?limit=ten", 400, "limit='ten' is not a whole number"),
        ("/api/v1/problems?size=1", 400, "There is no parameter 'size'"),
        ("/api/v1/sites?status=closed", 400, "There is no parameter 'status'; there are bbox"),
        ("/api/v1/problems?bbox=1,2,3", 400, "is not four numbers"),
        ("/api/v1/trees", 404, "There is no layer 'trees'"),
        ("/api/v1/statistics?by=colour", 400, "problems cannot be counted by 'colour'"),
        ("/tiles/problems/3/9/0.mvt", 400, "3/9/0 is not a tile"),
        ("/tiles/problems/40/0/0.mvt", 400, "40/0/0 is not a tile"),
        ("/tiles/trees/0/0/0.mvt", 404, "There is no layer 'trees'"),
        ("/details/trees/1", 404, "There is no layer 'trees'"),
        ("/api/v2/problems", 404, "There is no such page."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(client: FlaskClient, address: str, status: int, sentence: str) -> None:
    refused = client.get(address)

    assert refused.status_code == status
    assert sentence in refused.json["error"]


@pytest.mark.parametrize(
    "address", ["/api/v1/problems", "/tiles/problems/1/1/0.mvt", "/shading", "/table", "/api/v1/statistics"]
)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, district: services.District, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    district.store.append([Change("problems", "1", b'{"properties":{"status":"closed"}}')], actor="t", action="close")
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert changed.status_code == 200


def test_a_change_of_another_process_shows_on_the_next_request(
    client: FlaskClient, district: services.District
) -> None:
    assert client.get("/api/v1/problems?status=closed").json["numberMatched"] == 1
    other = services.open_district(district.config, clock=district.clock)
    other.store.append([Change("problems", "1", b'{"properties":{"status":"closed"}}')], actor="t", action="close")
    other.close()

    assert client.get("/api/v1/problems?status=closed").json["numberMatched"] == 2


def test_large_answers_are_compressed_for_those_who_can_read_that(client: FlaskClient) -> None:
    plain = client.get("/api/v1/problems")
    packed = client.get("/api/v1/problems", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert "Content-Encoding" not in plain.headers


def test_statistics_count_by_the_dimensions_asked_for(client: FlaskClient) -> None:
    found = client.get("/api/v1/statistics?layer=sites&by=kind").json

    assert found["rows"] == [{"kind": "park", "count": 1}, {"kind": "square", "count": 1}]
    assert found["total"] == 2


def test_health_and_readiness_can_be_asked(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready", "sequence": 1}
