"""Who may look, and what a page may do."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.domain import errors
from geoapp.web import create_app
from geoapp.web.errors import STATUS, status_of

STRANGER = {"REMOTE_ADDR": "192.0.2.7"}


def test_a_stranger_may_not_look_unless_the_district_allows_it(client: FlaskClient) -> None:
    refused = client.get("/", environ_base=STRANGER)

    assert refused.status_code == 403
    assert "open to its own machine only" in refused.text
    assert client.get("/api/v1/problems", environ_base=STRANGER).status_code == 403


def test_a_header_does_not_make_a_stranger_one_of_us(client: FlaskClient) -> None:
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert client.get("/", environ_base=STRANGER, headers={header: "127.0.0.1"}).status_code == 403


def test_a_viewer_sees_everything_but_who_is_in_charge(district: services.District) -> None:
    opened = replace(district, config=replace(district.config, public="viewer"), view=None)
    client = create_app(opened).test_client()
    ours, theirs = client.get("/api/v1/problems"), client.get("/api/v1/problems", environ_base=STRANGER)

    assert theirs.status_code == 200
    assert "person" in ours.json["features"][0]["properties"]
    assert "person" not in theirs.json["features"][0]["properties"]
    assert ours.headers["ETag"] != theirs.headers["ETag"]


def test_the_health_of_the_process_is_no_secret(client: FlaskClient) -> None:
    assert client.get("/healthz", environ_base=STRANGER).status_code == 200


@pytest.mark.parametrize("address", ["/", "/nothing", "/api/v1/problems", "/static/icon.svg"])
def test_every_answer_forbids_foreign_scripts(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    answer.close()
    policy = answer.headers["Content-Security-Policy"]

    assert re.search(r"script-src 'nonce-[\w-]{16,}'(;|$)", policy)
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_each_page_has_a_nonce_of_its_own_on_every_script(client: FlaskClient) -> None:
    pages = [client.get("/") for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])[1] for page in pages]

    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", page.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)


def test_every_error_of_the_domain_has_a_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GeoappError)]
    answers = {kind.__name__: status_of(kind("x")) for kind in kinds}

    assert set(STATUS) <= set(kinds)
    assert answers["UnknownParameter"] == 400
    # What only starting and keeping an instance can raise is nothing that a reader did.
    assert {name for name, status in answers.items() if status == 500} == {
        *("GeoappError", "NotMetric", "LedgerDamaged", "NewerSchema", "NetworkFileSystem"),
        *("InstanceExists", "NoInstance", "NotADemo", "PortTaken", "BackupDamaged"),
    }


def test_nobody_in_between_keeps_an_answer(client: FlaskClient) -> None:
    for address in ("/", "/routes", "/routes/sampling", "/routes/month", "/routes/000000000000", "/api/v1/problems"):
        assert "private" in client.get(address).headers["Cache-Control"], address
    with client.get("/static/css/pages.css") as static:
        assert "private" not in static.headers["Cache-Control"]


def test_a_refusal_stays_one_sentence_whatever_a_link_brings(client: FlaskClient) -> None:
    answer = client.get("/coverage/account", query_string={"by": "x" * 20_000}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"] == f"by='{'x' * 300}…' is not one of foot, bicycle, car."
