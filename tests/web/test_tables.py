"""Every layer's page: rows, order, columns, pages."""

import re

import pytest
from flask.testing import FlaskClient

from geoapp.domain.layers import LAYERS


def names(page: str) -> list[str]:
    """The first cells of the table, in their order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)


def headings(page: str) -> list[str]:
    return [text.strip() for text in re.findall(r'data-sort="[^"]*">([^<]*)</a>', page)]


@pytest.mark.parametrize("layer", sorted(set(LAYERS) - {"roads", "population"}))
def test_every_layer_has_a_page_with_its_rows(client: FlaskClient, layer: str) -> None:
    page = client.get(f"/{layer}")
    matched = client.get(f"/api/v1/{layer}").json["numberMatched"]

    assert page.status_code == 200
    assert len(names(page.text)) == matched > 0


def test_problems_stand_with_the_newest_first(client: FlaskClient) -> None:
    assert names(client.get("/problems").text) == ["5", "6", "3", "4", "1", "2"]


def test_a_column_sorts_and_what_has_no_value_comes_last_either_way(client: FlaskClient) -> None:
    assert names(client.get("/problems?sort=deadline").text) == ["4", "5", "1", "2", "3", "6"]
    assert names(client.get("/problems?sort=-deadline").text) == ["3", "1", "2", "4", "5", "6"]


def test_states_sort_by_the_course_of_things_and_not_by_letters(client: FlaskClient) -> None:
    assert names(client.get("/problems?sort=status").text) == ["1", "6", "3", "4", "5", "2"]


def test_chinese_names_sort_by_their_sound(client: FlaskClient) -> None:
    # gōng before guǎng; East (dōng) before Zone (kāi) before West (xī).
    assert names(client.get("/sites?sort=name&lang=zh").text) == ["公园", "广场"]
    assert names(client.get("/townships?sort=name&lang=zh").text) == ["东镇", "开发区", "西乡"]


def test_a_click_on_the_sorted_column_turns_the_order_round(client: FlaskClient) -> None:
    page = client.get("/problems?sort=number").text

    assert 'aria-sort="ascending"' in page
    assert 'data-sort="-number"' in page


def test_columns_are_those_one_chose_in_the_order_one_chose(client: FlaskClient) -> None:
    page = client.get("/problems?columns=number,severity&columns=origin").text

    assert headings(page) == ["Number", "Severity", "Reported by"]


def test_the_link_of_a_view_survives_a_click_on_a_heading(client: FlaskClient) -> None:
    page = client.get("/problems?status=closed&columns=number,status").text

    assert "/problems?status=closed&amp;columns=number%2Cstatus&amp;sort=status" in page


def test_a_table_alone_can_be_asked_for(client: FlaskClient) -> None:
    part = client.get("/problems?part=table&category=02").text

    assert part.lstrip().startswith('<div id="table">')
    assert names(part) == ["1", "2"]


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("/problems?sort=beauty", "problems have no column &#39;beauty&#39;"),
        ("/problems?columns=number,shoes", "problems have no column &#39;shoes&#39;"),
        ("/villages?status=closed", "villages cannot be chosen by &#39;status&#39;"),
        ("/problems?page=0", "page=&#39;0&#39; is not a number from 1"),
        ("/problems?rows=many", "rows=&#39;many&#39; is not a number from 1"),
        ("/problems?indicator=in_order", "problems are not counted by &#39;in_order&#39;"),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_shows_everything_and_says_so(
    client: FlaskClient, link: str, sentence: str
) -> None:
    answer = client.get(link)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert len(names(answer.text)) > 0


def test_what_a_link_chose_beside_the_filters_is_shown_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get("/problems?site=P1&category=02").text

    assert re.search(r"Site:\s*<b>Park</b>", page)
    assert 'href="/problems?category=02"' in page


def test_strangers_have_no_private_column(client: FlaskClient) -> None:
    page = client.get("/problems?columns=measures", environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert page.status_code in (400, 403)
    assert "W-1" not in page.text


def test_rows_are_split_into_pages(client: FlaskClient) -> None:
    page = client.get("/problems?rows=4").text

    assert len(names(page)) == 4
    assert "Page 1 of 2" in page
    assert names(client.get("/problems?rows=4&page=2").text) == ["1", "2"]
