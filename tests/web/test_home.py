"""The first page, and what it asks for while one works with it."""

import re
from html import unescape

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_page_shows_the_district_its_layers_and_the_table(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "<title>Toy District · geoapp</title>" in page
    assert re.search(r'data-count="problems">6<', page)
    assert "and 1 without a place" in page
    assert '<span id="matched">6</span>' in page
    assert page.count("<tr>") == 1 + 6


def test_the_page_holds_addresses_and_no_features(client: FlaskClient) -> None:
    script = client.get("/").text.split('<script type="module"')[-1]

    assert "/tiles/problems/{z}/{x}/{y}.mvt" in script
    assert "geoapp.addPoints(" in script
    assert '"coordinates"' not in script


def test_nothing_on_the_page_comes_from_another_host(client: FlaskClient) -> None:
    page = client.get("/").text

    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page)
    assert "vendor/leaflet.js" in page
    assert "jquery" not in page


def test_a_filter_in_the_link_holds_for_counts_table_and_form(client: FlaskClient) -> None:
    page = client.get("/?category=02&status=reported").text

    assert re.search(r'data-count="problems">1<', page)
    assert '<span id="matched">1</span>' in page
    assert '<option value="02" selected>' in page


def test_another_layer_can_stand_in_the_table(client: FlaskClient) -> None:
    table = client.get("/table?layer=sites").text

    assert "Sites: <span" in table
    assert "Park" in table or "公园" in table


def test_the_table_has_pages(client: FlaskClient) -> None:
    assert "Nothing fits these filters" in client.get("/table?page=2").text
    assert client.get("/table?page=0").status_code == 400


def test_an_unknown_number_is_said_to_be_unknown(client: FlaskClient) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", client.get("/table?layer=townships").text, re.S)
    east = next(text_of(row) for row in rows if "East" in row)

    assert "unknown" in east
    assert " 0 " not in east


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("/?status=opened", "status=&#39;opened&#39; is not one of"),
        ("/?colour=red", "There is no parameter &#39;colour&#39;"),
        ("/?layer=trees", "There is no layer &#39;trees&#39;"),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_shows_everything_and_says_so(
    client: FlaskClient, link: str, sentence: str
) -> None:
    answer = client.get(link)

    assert answer.status_code in (400, 404)
    assert sentence in answer.text
    assert '<span id="matched">6</span>' in answer.text


def test_chinese_and_english_by_browser_by_link_and_then_by_cookie(client: FlaskClient) -> None:
    assert "玩具区" in client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert "Toy District" in client.get("/").text
    chinese = client.get("/?lang=zh").text
    assert '<html lang="zh-CN">' in chinese
    assert "图层" in chinese
    assert "玩具区" in client.get("/").text


def test_the_switch_of_language_keeps_the_selection(client: FlaskClient) -> None:
    assert "category=02&amp;lang=zh" in client.get("/?category=02").text


def test_shading_tells_values_classes_and_what_is_unknown(client: FlaskClient) -> None:
    shading = client.get("/shading?measure=population").json

    assert shading == {"measure": "population", "kind": "people", "breaks": [2000.0], "values": {"E": None, "W": 2000}}
    assert client.get("/shading?measure=beauty").status_code == 400


def test_details_are_values_in_the_readers_words(client: FlaskClient) -> None:
    details = client.get("/details/problems/3").json
    rows = {row["label"]: row["value"] for row in details["rows"]}

    assert details["title"] == "3 · Parking"
    assert details["href"] == "/problems/3"
    assert rows["State"] == "Assigned"
    assert rows["Lead unit"] == "Traffic police"
    assert rows["Township"] == "East"
    assert "5/3/26" in rows["Found"]
    assert rows["Rule of the deadline"] == "2 working days"


def test_details_of_a_place_outside_say_which_township_is_nearest(client: FlaskClient) -> None:
    details = client.get("/details/problems/5").json
    rows = {row["label"]: row["value"] for row in details["rows"]}

    assert details["notes"] == ["Lies outside all townships."]
    assert rows["Nearest township"] == "East"
    assert rows["Distance to it"].endswith(" m")


def test_details_of_a_township_whose_people_nobody_counted_say_unknown(client: FlaskClient) -> None:
    rows = {row["label"]: row["value"] for row in client.get("/details/townships/E").json["rows"]}

    assert rows["Residents"] == "unknown"


def tiles_sum(client: FlaskClient, zoom: int, query: str) -> int:
    """Counts over all tiles of a zoom that may hold something of the toy district."""
    total = 0
    for x in range(2**zoom):
        for y in range(2**zoom):
            tile = client.get(f"/tiles/problems/{zoom}/{x}/{y}.mvt?{query}").data
            features = mapbox_vector_tile.decode(tile).get("problems", {"features": []})["features"]
            total += sum(feature["properties"].get("count", 1) for feature in features)
    return total


queries = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(["02", "05", "02,05", "0201"]),
        "status": st.sampled_from(["reported", "closed,assigned"]),
        "township": st.sampled_from(["W", "E"]),
        "due": st.sampled_from(["overdue", "soon"]),
        "from": st.just("2026-05-03"),
    },
).map(lambda given: "&".join(f"{name}={value}" for name, value in given.items()))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries, st.integers(0, 2))
def test_map_table_counts_and_api_agree_for_every_selection(client: FlaskClient, query: str, zoom: int) -> None:
    counted = client.get(f"/counts?{query}").json["problems"]
    matched = int(re.search(r'id="matched">(\d+)<', client.get(f"/table?{query}").text)[1])
    listed = client.get(f"/api/v1/problems?{query}").json

    assert matched == counted["count"] == listed["numberMatched"] == len(listed["features"])
    assert tiles_sum(client, zoom, query) == counted["count"] - counted["without_place"]
    assert client.get(f"/api/v1/statistics?by=status&{query}").json["total"] == counted["count"]


def test_a_table_of_another_layer_is_taken_away_without_what_means_nothing_there(client: FlaskClient) -> None:
    page = client.get("/table?layer=sites&status=closed&township=W").text
    links = [unescape(link) for link in re.findall(r'class="chip" href="([^"]+)"', page)]

    assert len(links) == 9
    for link in links:
        assert client.get(link).status_code == 200, link
    assert '<span id="matched">1</span>' in page
