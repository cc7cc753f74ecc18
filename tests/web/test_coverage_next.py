"""The views of the next place and of competition over HTTP."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.config import Config
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.domain.siting import SitingQuestion
from geoapp.services.coverage.places import access
from geoapp.services.coverage.siting import propose
from geoapp.web import coverage_next, create_app
from geoapp.web.coverage_chart import chart
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, tile
from tests.services.coverage.toy_siting import row_layers

ROW = "kind=library&minutes=60&demand=villages"


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Four villages in a row, read in English."""
    with opened(tmp_path_factory.mktemp("row"), row_layers()) as district:
        made = create_app(district).test_client()
        made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield made


def text_of(markup: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)))


def test_the_proposal_stands_on_the_page_with_its_proof_and_who_gains(row: FlaskClient) -> None:
    page = row.get(f"/coverage?view=next&{ROW}&goal=shorten&p=2")
    said = text_of(page.text)
    assert page.status_code == 200
    assert "2 new places would make the way" in said
    assert "does better: this is proven" in said
    assert re.search(r"1 C村 West −[\d.]+ min on average", said)
    assert "D村 West · 200 residents" in said
    assert "<polyline" in page.text
    assert ' style="' not in page.text.split("<main", 1)[1].split("<script", 1)[0].replace("leaflet", "")


def test_supposing_all_proposals_shows_them_in_every_view(row: FlaskClient) -> None:
    page = row.get(f"/coverage?view=next&{ROW}&goal=shorten&p=2").text
    link = unescape(re.search(r'class="chip strong" href="([^"]+)"', page)[1])  # type: ignore[index]
    then = row.get(link)
    assert then.status_code == 200
    assert "What is supposed, by township" in text_of(then.text)
    assert 'name="pin" value="0.07 0.05"' in then.text
    assert re.search(r'href="/coverage\?[^"]*pin=[^"]*view=reach', unescape(then.text))


def test_what_takes_long_comes_apart_from_the_page(row: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_next, "AT_ONCE", dict.fromkeys(coverage_next.GOALS, 0))
    page = row.get(f"/coverage?view=next&{ROW}")
    address = unescape(re.search(r'data-proposal="([^"]+)"', page.text)[1])  # type: ignore[index]
    assert "are being looked for" in page.text
    part = row.get(address)
    assert "One new place would bring 700 residents near" in text_of(part.text)
    assert "data-proposal-map=" in part.text
    assert row.get(address, headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
    # A browser without scripts waits instead.
    waiting = unescape(re.search(r'<a href="([^"]+wait=yes[^"]*)"', page.text)[1])  # type: ignore[index]
    assert "One new place would bring 700 residents near" in text_of(row.get(waiting).text)


def test_the_map_gets_places_and_lines(row: FlaskClient) -> None:
    answer = row.get(f"/coverage/proposal.geojson?{ROW}&goal=shorten&p=1")
    drawn = answer.get_json()["features"]
    assert answer.mimetype == "application/geo+json"
    assert [one["properties"]["what"] for one in drawn] == ["proposal", "gain", "gain"]
    again = row.get(f"/coverage/proposal.geojson?{ROW}&goal=shorten&p=1",
                    headers={"If-None-Match": answer.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304


def test_the_choice_of_a_kind_is_offered_where_none_was_made(row: FlaskClient) -> None:
    page = unescape(row.get("/coverage?view=next&minutes=60").text)
    assert re.search(r'href="/coverage\?minutes=60&kind=library&view=next"', page)
    assert "No kind of facility is chosen" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("minutes=240&kind=library", "Everybody who is counted has a facility near already."),
        ("among=sites&site_kind=none", "There is no place to choose among"),
        ("kind=museum&goal=worst&p=20", "today there is none"),
        ("goal=everyone&kind=library&minutes=60&p=3", "One new place would bring everybody near"),
        ("among=grid&spacing=2000&kind=library", "points of a grid, 2,000 m apart"),
    ],
)
def test_every_case_is_told_in_a_sentence(row: FlaskClient, query: str, said: str) -> None:
    page = row.get(f"/coverage?view=next&demand=villages&{query}")
    assert (page.status_code, said in text_of(page.text)) == (200, True)


@pytest.mark.parametrize("query", ["view=next&p=0", "view=next&goal=best", "view=next&among=moon",
                                   "view=next&spacing=10", "view=next&among=sites&site=X", "view=places&capacity=x",
                                   "view=places&weighting=x", "view=places&goal=cover"])  # fmt: skip
def test_a_bad_link_is_refused_in_one_sentence(row: FlaskClient, query: str) -> None:
    assert row.get(f"/coverage?{query}").status_code == 400
    assert row.get(f"/coverage/account?{query}").status_code == 400


def test_the_addresses_of_a_proposal_refuse_what_they_do_not_know(row: FlaskClient) -> None:
    for address in ("/coverage/proposal?moon=1", "/coverage/proposal.geojson?p=x"):
        assert row.get(address).status_code == 400


def test_places_that_count_alike_are_not_told_as_residents(tmp_path: Path) -> None:
    layers = row_layers()
    for one in (*layers["townships"], *layers["villages"]):
        one["properties"].pop("population", None)
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        page = text_of(client.get(f"/coverage/account?view=next&lang=en&{ROW}").text)
        lines = client.get(f"/coverage/proposal.geojson?{ROW}").json["features"]
    assert "become near: 2 places" in page
    assert "residents" not in page.split("Who gains")[1].split("What this rests on")[0]
    assert {line["properties"].get("people") for line in lines} == {None}


def test_metres_by_line_are_told_wherever_they_are_what_counts_as_near(row: FlaskClient) -> None:
    for view in ("reach", "places", "next"):
        page = text_of(row.get(f"/coverage/account?view={view}&{ROW}&metres=2500").text)
        assert "within 2.5 km by line" in page
        assert "60 minutes" not in page.split("What this rests on")[0].replace("within 60 minutes:", "")


def test_shares_of_an_age_group_are_not_told_as_shares_of_residents(tmp_path: Path) -> None:
    layers = row_layers()
    for village, number in zip(layers["villages"], (100, 0, 100, 50), strict=False):
        village["properties"]["elderly"] = number
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        near, shared = (
            text_of(client.get(f"/coverage/account?view={view}&lang=en&{ROW}&group=elderly").text)
            for view in ("reach", "places")
        )
    assert "40% of the elderly people known have one within 60 minutes on foot" in near
    assert "Residents (the elderly only) Residents near (the elderly only)" in near
    assert "40 facilities per 10,000 residents (the elderly only) on average; 60% of those counted" in shared


def test_those_of_whom_nobody_knows_how_many_they_are_are_told_beside_the_others(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"][0]["properties"].pop("population")
    layers["villages"][2]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        page = text_of(client.get(f"/coverage/account?view=next&lang=en&{ROW}&goal=everyone").text)
        pinned = text_of(client.get(f"/coverage/account?view=reach&lang=en&{ROW}&pin=0.07 0.05").text)
    assert "+200 residents (and those of places where nobody knows how many: 1) near" in page
    assert "become near: 200 residents (and those of places where nobody knows how many: 1)" in page
    assert "Against today: +200 residents (and those of places where nobody knows how many: 1) near" in pinned
    assert "the nearest for at least 200 residents in 2 places" in pinned


def test_a_facility_near_people_of_whom_nobody_knows_how_many_they_are_is_not_shared_by_nobody(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"][0]["properties"].pop("population")
    for village in layers["villages"][:2]:
        village["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        page = text_of(client.get(f"/coverage/account?view=places&lang=en&{ROW}").text)
    assert "library 1 unknown unknown" in page


def test_without_roads_the_norm_of_villages_is_measured_by_line_and_called_so(row: FlaskClient) -> None:
    page = text_of(row.get(f"/coverage/account?view=reach&{ROW}").text)
    assert "Villages in the country 5 km by line 50%" in page


def test_a_mean_way_of_fewer_places_is_not_told_as_shorter(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", name_en="East", kind="township"))
    layers["villages"].append(feature("VY", (0.19, 0.05), name="Y村", code="VY", kind="village", population=900))
    layers["facilities"].append(feature("F2", (0.11, 0.05), name="分馆", kind="library"))
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        closed, pinned = (
            text_of(client.get(f"/coverage/account?view=reach&lang=en&{ROW}&borders=yes&{more}").text)
            for more in ("closed=F2", "pin=0.07 0.05")
        )
    # Who had the longest way has none now: nobody's way became shorter.
    assert "mean way not comparable; shorter from 0 places, longer from 1." in closed
    assert "0 that had no way get one, 1 lose theirs" in closed
    assert re.search(r"mean way −[\d.]+ min; shorter from 2 places", pinned)
    assert "not comparable" not in pinned


def test_competition_is_explained_and_summed_up(row: FlaskClient) -> None:
    page = text_of(row.get(f"/coverage?view=places&{ROW}").text)
    assert "Every facility is shared by all people who have it near: within 60 minutes on foot." in page
    assert "5 facilities per 10,000 residents on average; 35% of those counted reach nothing." in page
    assert re.search(r"West 5 2,000 700", page)
    assert "this is 1 of 1 that the facilities offer" in page


def test_competition_for_what_nobody_knows_says_so(row: FlaskClient) -> None:
    page = text_of(row.get(f"/coverage?view=places&{ROW}&capacity=books&weighting=thirds").text)
    assert "The books of every facility" in page
    assert "nobody knows how much they offer" in page
    assert "There is nothing that could be shared out" in page


def test_a_share_that_holds_for_some_of_a_township_says_for_how_many(tmp_path: Path) -> None:
    layers = row_layers()
    layers["facilities"][0]["properties"]["floor_area_m2"] = 650
    # C and D reach this one only, and nobody knows how large it is.
    layers["facilities"].append(feature("F2", (0.07, 0.05), name="分馆", kind="library"))
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        page = text_of(client.get(f"/coverage/account?view=places&lang=en&{ROW}&capacity=floor_area").text)
    assert re.search(r"West 5,000 of 1,300; of the others it is unknown 2,000 0", page)


def test_competition_tells_of_the_townships_that_are_reported_and_of_all_their_known_residents(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", name_en="East", kind="township"))
    layers["villages"].append(feature("VY", (0.19, 0.05), name="Y村", code="VY", kind="village", population=900))
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        east, books = (
            text_of(client.get(f"/coverage?view=places&lang=en&{ROW}&{more}").text)
            for more in ("township=E", "capacity=books&metres=20000")
        )
    assert "0 facilities per 10,000 residents on average; 100% of those counted reach nothing." in east
    assert "East 0 900 900" in east
    assert "West unknown 2,000 unknown" in books


def test_a_curve_needs_no_beginning() -> None:
    made = chart(None, [10.0, 6.0, 5.0], ["10", "6", "5"])
    assert [dot.count for dot in made.dots] == [1, 2, 3]
    assert [dot.y for dot in made.dots] == sorted(dot.y for dot in made.dots)
    assert made.labelled == frozenset({0, 1, 2})
    many = chart(0.0, [float(number) for number in range(1, 21)], [str(number) for number in range(21)])
    assert len(many.labelled) <= 6
    assert 20 in many.labelled


def test_the_demo_district_is_answered_end_to_end(tmp_path: Path) -> None:
    config = Config(instance=tmp_path / "demo")
    services.init_demo(config)
    district = services.open_district(config)
    try:
        client = create_app(district).test_client()
        now = services.at_this_moment(district)
        wanted = SitingQuestion(coverage=CoverageQuestion(kind=("library",), by="car"))
        found = propose(now, wanted, Scope.FULL)
        page = text_of(client.get("/coverage?view=next&kind=library&by=car&lang=en").text)
        shared = access(now, CoverageQuestion(by="car"), Scope.FULL)
        assert found.proven
        assert found.value is not None
        assert found.before is not None
        assert f"3 new places would bring {found.value - found.before:,.0f} residents near" in page
        assert found.places[0].name in page
        assert "Culture centre of" in text_of(client.get("/coverage?view=places&by=car&lang=en").text)
        assert 0 < shared.used <= shared.offered
    finally:
        district.close()
