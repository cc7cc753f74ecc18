"""The API is what it says it is."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator

import fiona
import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from geoapp import services
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope
from geoapp.storage.ledger import Change
from geoapp.web import create_app
from tests.benchmarks.fuzz import fuzz
from tests.benchmarks.serving import in_background


@pytest.fixture
def address(district: services.District) -> Iterator[str]:
    """The toy district on a real socket."""
    with in_background(make_server("127.0.0.1", 0, create_app(district), threaded=True)) as served:
        yield served


def test_made_up_requests_get_only_answers_that_are_described(address: str) -> None:
    tried = fuzz(address, examples=22, phases="fuzzing")

    assert tried["wrong"] == 0
    assert tried["requests"] >= 500
    assert tried["operations"] >= 3 * len(LAYERS) + 4


def test_the_description_refers_to_itself_only(client: FlaskClient) -> None:
    text = client.get("/openapi.json").text

    assert json.loads(text)["openapi"] == "3.1.0"
    references = {part.split('"')[0] for part in text.split('"$ref":"')[1:]}
    assert references
    assert all(reference.startswith("#/components/") for reference in references)


@pytest.mark.parametrize("layer", sorted(set(LAYERS) - {"roads", "population"}))
def test_every_layer_is_as_its_schema_says(client: FlaskClient, layer: str) -> None:
    description = client.get("/openapi.json").json
    schema = {"$ref": f"#/components/schemas/{layer}_collection", "components": description["components"]}
    collection = client.get(f"/api/v1/{layer}").json

    known = jsonschema_rs.Draft202012Validator(schema)
    known.validate(collection)
    collection["features"][0]["properties"]["name"] = 5
    assert not known.is_valid(collection)


def test_each_layer_is_described_with_the_parameters_that_it_takes(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    for layer, kind in LAYERS.items():
        named = {one["name"] for one in paths[f"/api/v1/{layer}"]["get"]["parameters"] if one["in"] == "query"}
        assert named == kind.parameters | {"limit", "offset"}


@pytest.mark.parametrize("layer", ["problems", "townships", "streets"])
def test_gdal_reads_the_collections(address: str, layer: str) -> None:
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        pytest.skip("no ogrinfo on this machine: install Debian's package gdal-bin")
    url = f"{address}/api/v1/{layer}?limit=1000"
    with urllib.request.urlopen(url) as answer:
        returned = json.load(answer)["numberReturned"]
    told = subprocess.run([ogrinfo, "-so", "-al", f"/vsicurl/{url}"], capture_output=True, text=True, check=True).stdout

    assert f"Feature Count: {returned}" in told
    assert "WGS 84" in told


def test_fiona_reads_what_is_downloaded(client: FlaskClient) -> None:
    with fiona.BytesCollection(client.get("/problems.geojson").data) as features:
        assert len(features) == 6


@pytest.mark.parametrize("path", ["/api/v1/problems", "/api/v1/changes", "/openapi.json", "/healthz"])
def test_other_methods_are_refused_and_the_possible_ones_named(client: FlaskClient, path: str) -> None:
    answer = client.post(path)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.json["status"] == 405


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("limit=5&limit=6", "limit is given 2 times; give it once."),
        ("category=", "category='' is not written as it must be"),
        ("q=", "q is empty; leave it out instead."),
        ("limit=%2B5", "limit='+5' is not a whole number"),
        ("limit=٥", "limit='٥' is not a whole number"),
        ("from=20260503", "from='20260503' is not written as it must be"),
        ("from=1066-10-14", "from='1066-10-14' is not a day of our times"),
        ("to=2026-02-31", "to='2026-02-31' is not a day"),
        ("bbox=1e0,0,2,2", "bbox='1e0,0,2,2' is not written"),
        ("q=" + "x" * 101, "q may have 100 characters at most"),
    ],
)
def test_what_is_not_exactly_as_described_is_refused(client: FlaskClient, query: str, sentence: str) -> None:
    answer = client.get(f"/api/v1/problems?{query}")

    assert answer.status_code == 400
    assert sentence in answer.json["error"]


def test_changes_come_in_order_and_each_exactly_once(client: FlaskClient, district: services.District) -> None:
    for status in ("assigned", "in_progress", "rectified"):
        body = json.dumps({"properties": {"status": status}}).encode()
        district.store.append([Change("problems", "1", body)], actor="t", action=f"to {status}")
    seen, since = [], "0"
    while True:
        page = client.get(f"/api/v1/changes?since={since}&limit=4").json
        seen += [(change["seq"], change["n"]) for change in page["changes"]]
        since = page["next"] or str(page["seq"])
        if page["next"] is None:
            break

    assert seen == sorted(set(seen))
    assert len(seen) == sum(len(list(district.memory.items(layer))) for layer in (*LAYERS, "tables")) + 3
    assert client.get(f"/api/v1/changes?since={since}").json == {"changes": [], "next": None, "seq": int(since)}


def test_a_deletion_is_a_change_without_a_patch(client: FlaskClient, district: services.District) -> None:
    seq = district.store.append([Change("problems", "1", None)], actor="t", action="gone").seq
    (change,) = client.get(f"/api/v1/changes?since={seq - 1}").json["changes"]

    assert (change["deleted"], change["patch"], change["id"]) == (True, None, "1")


def test_strangers_see_no_private_change(district: services.District) -> None:
    body = json.dumps({"properties": {"person": "W-9"}}).encode()
    seq = district.store.append([Change("problems", "1", body)], actor="Li", action="named").seq
    found = services.changes(services.at_this_moment(district), (0, None), Scope.PUBLIC, limit=10_000)
    text = json.dumps(found.changes)

    assert found.seq == seq
    for secret in ("W-1", "W-9", "Li", "tables"):
        assert f'"{secret}"' not in text
    assert all("actor" not in change for change in found.changes)
