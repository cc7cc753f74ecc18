"""The page of coverage over HTTP."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage.reach_figures import served_by, two_norms
from geoapp.services.coverage.reaching import reach
from geoapp.web import create_app
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, tile
from tests.services.coverage.toy_siting import row_layers

REACH = "/coverage?view=reach"
# So wide a limit that Small Village reaches the library, and beside it a pin on the village itself.
FAR = "by=car&minutes=240"
PIN = "pin=0.25%200.25"


def text_of(markup: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)))


def test_the_page_opens_with_its_tabs_its_question_and_its_map(client: FlaskClient) -> None:
    page = client.get("/coverage")

    assert page.status_code == 200
    assert 'id="question"' in page.text
    assert "geoapp.addCoverage(" in page.text
    assert [view for view in ("inventory", "reach", "next", "places", "lines") if f"view={view}" in page.text][1:] == [
        "next",
        "places",
        "lines",
    ]


@pytest.mark.parametrize("query", ["by=horse", "minutes=0", "minutes=x", "pin=here", "view=moon", "open=noon", "x=1",
                                   "view=reach&sort=beauty", "view=reach&page=0"])  # fmt: skip
def test_a_bad_link_shows_everything_and_says_so(client: FlaskClient, query: str) -> None:
    page = client.get(f"/coverage?{query}")

    assert (page.status_code, "Everything is shown instead." in page.text) == (400, True)
    assert client.get(f"/coverage/account?{query}").status_code == 400


def test_the_numbers_of_the_page_are_those_of_the_service(client: FlaskClient, district: services.District) -> None:
    question = CoverageQuestion(by="car", minutes=240)
    found = reach(district, question, Scope.FULL)
    page = text_of(client.get(f"{REACH}&{FAR}").text)

    assert "within 240 minutes by car" in page
    assert found.district.median_min is not None
    assert f"Median {round(found.district.median_min)} min" in page
    built_up, villages = two_norms(found)
    assert f"{built_up.kept + villages.kept}" in page
    assert "unknown" in page
    places = client.get(f"/coverage/places.json?{FAR}").get_json()
    assert len(places["lon"]) == len(found.demand)
    assert places["minutes"] == [None if way != way else round(way / 60, 1) for way in found.seconds.tolist()]


def test_every_note_of_an_answer_stands_on_the_page_once(client: FlaskClient, district: services.District) -> None:
    found = reach(district, CoverageQuestion(), Scope.FULL)
    page = unescape(client.get(REACH).text)

    assert found.notes
    for note in {str(one).replace("东镇 (East)", "East") for one in found.notes}:
        assert page.count(f"<li>{note}</li>") == 1


def test_a_supposed_facility_is_held_against_today(client: FlaskClient, district: services.District) -> None:
    today = client.get(REACH).text
    supposed = client.get(f"{REACH}&{PIN}").text

    assert 'id="supposed-line"' not in today
    assert "Against today: +" in supposed
    assert 'data-unpin="0.25 0.25"' in supposed
    found = reach(district, CoverageQuestion(pin=((0.25, 0.25),)), Scope.FULL)
    assert found.supply.ids[-1] == "pin:1"
    assert f"{served_by(found)[-1].places} places" in supposed
    marks = client.get(f"/coverage/facilities.json?{PIN}").get_json()["features"]
    assert [mark["properties"]["state"] for mark in marks] == ["open", "pin"]
    assert marks[-1]["properties"]["pin"] == "0.25 0.25"


def test_a_closed_facility_stays_in_the_list_to_be_opened_again(client: FlaskClient) -> None:
    page = client.get(f"{REACH}&closed=F1").text

    assert "Open again" in page
    assert 'class="shut-key"' in page
    assert "No facility counts here for this question" in page
    marks = client.get("/coverage/facilities.json?closed=F1").get_json()["features"]
    assert [(mark["id"], mark["properties"]["state"]) for mark in marks] == [("F1", "closed")]
    assert client.get("/coverage/places.json?closed=F1").get_json()["facilities"] == []


def test_links_without_scripts_ask_the_other_question(client: FlaskClient) -> None:
    page = unescape(client.get(f"{REACH}&{PIN}").text)
    closing = re.search(r'href="(/coverage\?[^"]*closed=F1[^"]*)"', page)
    away = re.search(r'href="(/coverage\?[^"]*)" data-unpin', page)

    assert closing
    assert "pin=0.25" in closing[1]
    assert "Open again" in client.get(closing[1]).text
    assert away
    assert "pin=" not in away[1]


def test_two_values_of_one_name_are_one_list(client: FlaskClient) -> None:
    page = client.get(f"{REACH}&kind=library&kind=museum&pin=&pin=0.25%200.25").text

    assert re.search(r'value="library" checked', page)
    assert 'name="pin" value="0.25 0.25"' in page


def test_the_order_of_the_table_is_the_asked_one_and_unknown_comes_last(client: FlaskClient) -> None:
    def order(sort: str) -> list[str]:
        page = client.get(f"{REACH}&{FAR}&sort={sort}").text
        return re.findall(r'<th scope="row"><a href="/coverage/townships/(\w)\?', page)

    assert order("name") == ["E", "W"]
    assert order("-name") == ["W", "E"]
    # How many people live in E is not known.
    assert order("people") == order("-people") == ["W", "E"]


def test_a_township_whose_people_nobody_knows_is_not_ordered_by_its_places(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", kind="township"))
    layers["villages"].append(feature("VY", (0.19, 0.05), name="Y村", code="VY", kind="village"))
    with opened(tmp_path, layers) as district:
        client = create_app(district).test_client()
        orders = {
            sort: re.findall(
                r'<th scope="row"><a href="/coverage/townships/(\w)\?',
                client.get(f"{REACH}&kind=library&minutes=60&demand=villages&sort={sort}").text,
            )
            for sort in ("near", "-near", "norm", "-norm")
        }
    # None of the places of E is near, a share lower than any of W's people.
    assert orders == {sort: ["W", "E"] for sort in orders}


@pytest.mark.parametrize("part", ["account?view=reach", "shading?measure=near_places", "catchments", "places.json",
                                  "facilities.json"])  # fmt: skip
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, part: str) -> None:
    first = client.get(f"/coverage/{part}")
    tag = first.headers["ETag"]

    assert first.status_code == 200
    assert client.get(f"/coverage/{part}", headers={"If-None-Match": tag}).status_code == 304
    other = client.get(f"/coverage/{part}{'&' if '?' in part else '?'}minutes=7", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_an_unknown_indicator_is_refused(client: FlaskClient) -> None:
    assert client.get("/coverage/shading?measure=beauty").status_code == 400
    shares = client.get(f"/coverage/shading?measure=near_places&{FAR}").get_json()
    assert shares["kind"] == "share"
    assert set(shares["values"]) == {"E", "W"}
    assert shares["title"] == "Places near"


def test_the_map_of_competition_is_shaded_by_what_is_shared(client: FlaskClient) -> None:
    page = client.get("/coverage?view=places").text
    assert re.search(r'value="access"\s+data-usual\s+selected', page)
    assert client.get("/coverage/shading?measure=access&capacity=beds").status_code == 400
    old = client.get("/coverage/shading?measure=near_people&group=elderly").get_json()
    assert old["title"] == "Residents near (the elderly only)"
    # Of no other measure it matters what is shared.
    assert client.get("/coverage/shading?measure=near_places&capacity=beds").get_json()["title"] == "Places near"
    seats = client.get("/coverage/shading?measure=access&capacity=seats&weighting=thirds").get_json()
    assert (seats["kind"], seats["title"]) == ("rate", "Seats within reach per 10,000 who share them")


def test_age_groups_are_offered_only_where_somebody_knows_them(client: FlaskClient) -> None:
    assert 'name="group"' not in client.get("/coverage").text
    assert re.search(r'value="elderly"\s+selected', client.get("/coverage?group=elderly").text)


def test_a_district_without_anything_still_has_a_true_page(client: FlaskClient) -> None:
    page = text_of(client.get("/coverage?view=reach&township=Z").text)

    assert "unknown" in page
    assert client.get("/coverage/places.json?township=Z").get_json()["lon"] == []


def test_everything_that_can_be_taken_away_is_there(client: FlaskClient) -> None:
    page = unescape(client.get(f"{REACH}&{FAR}&{PIN}").text)
    links = re.findall(r'<a class="chip" href="([^"]+)" download>', page)

    assert len(links) == 6
    for link in links:
        assert "pin=0.25" in link
        assert client.get(link).status_code == 200


def test_townships_in_remarks_have_the_reader_s_names(client: FlaskClient) -> None:
    notes = {
        language: [line for line in client.get(f"{REACH}&lang={language}").text.split("<li>") if sign in line]
        for language, sign in (("en", "How many people live in"), ("zh", "的人口不详"))
    }

    assert "in East is unknown" in notes["en"][0]
    assert "东镇" not in notes["en"][0]
    assert "东镇的人口不详" in notes["zh"][0]


def test_sites_can_be_asked_for_like_facilities(client: FlaskClient) -> None:
    page = client.get("/coverage?kind=park&township=W").text
    assert "Other places: schools, toilets" in page
    assert re.search(r'name="kind" value="park" checked', page)
    assert text_of(client.get("/coverage?kind=park").text).count("Park · within 15 minutes on foot")
    assert 'href="/sites?kind=park&amp;township=W"' in page
    assert "Park" in text_of(client.get("/sites?kind=park&township=W").text)


def test_a_site_on_the_map_of_coverage_leads_to_its_own_details(client: FlaskClient) -> None:
    features = client.get("/coverage/facilities.json?kind=library,park").get_json()["features"]
    details = {one["properties"]["name"]: one["properties"]["details"] for one in features}
    assert details == {"Library": "/details/facilities/F1", "Park": "/details/sites/P1"}
    assert all(client.get(address).status_code == 200 for address in details.values())
    closed = client.get("/coverage/facilities.json?kind=library,park&closed=site:P1").get_json()["features"]
    assert [one["properties"]["state"] for one in closed] == ["closed", "open"]


@pytest.mark.parametrize("view", ["inventory", "reach", "next", "places"])
def test_an_unknown_kind_is_named_beside_what_there_is(client: FlaskClient, view: str) -> None:
    page = client.get(f"/coverage?kind=zoo&view={view}")
    assert page.status_code == 400
    assert "There is no kind of facility or site 'zoo' here; there are library, park, square." in unescape(page.text)
