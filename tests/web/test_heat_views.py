"""The six views of the heat page, and what is taken away from them."""

import hashlib
import io
import re
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from geoapp import services
from geoapp.domain.selection import Scope, Selection
from geoapp.web import create_app, labels
from tests.conftest import NOW, toy_layers, toy_tables


@pytest.fixture(scope="module")
def reader(planted: services.District) -> FlaskClient:
    made = create_app(planted).test_client(use_cookies=False)
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


WIDE = "cells=hexagons&width=5000"


@pytest.mark.parametrize("name", labels.HEAT_VIEWS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_view_opens_under_a_hundred_kilobytes(reader: FlaskClient, name: str, language: str) -> None:
    page = reader.get(f"/heat?view={name}&lang={language}")

    assert page.status_code == 200
    assert len(page.data) < 100_000
    assert re.search(rf'data-view="{name}" aria-current="page"', page.text)


@pytest.mark.parametrize("name", labels.HEAT_VIEWS)
def test_every_view_opens_where_there_is_next_to_nothing(client: FlaskClient, name: str) -> None:
    assert client.get(f"/heat?view={name}").status_code == 200
    assert client.get(f"/heat?view={name}&q=nobody").status_code == 200
    assert client.get(f"/heat/table?view={name}&q=nobody").status_code == 200
    if name != "times":
        assert client.get(f"/heat/map.png?view={name}&q=nobody").status_code == 200


@pytest.mark.parametrize("query", ["view=beauty", "view=spots&cells=x", "view=spots&width=7", "view=spots&per=x",
                                   "view=change&shown=spots", "top=x", "top=-1", "extent=x"])  # fmt: skip
def test_a_link_that_asks_for_what_cannot_be_shows_everything_and_says_so(reader: FlaskClient, query: str) -> None:
    page = reader.get(f"/heat?{query}")

    assert (page.status_code, "Everything is shown instead." in page.text) == (400, True)
    assert reader.get(f"/heat/cells?{query}").status_code == 400


def test_the_hot_spot_is_named_with_its_numbers_and_leads_to_its_reports(reader: FlaskClient) -> None:
    page = reader.get(f"/heat/table?view=spots&{WIDE}").text
    count = int(re.search(r'<td class="number">(\d+)</td>', page)[1])
    (link,) = re.findall(r'<span class="swatch cell-hot"></span> <a href="([^"]+)">East</a>', page)

    assert "the smallest that is possible here is" in page
    assert "Moran" in page
    rows = reader.get(link.replace("&amp;", "&")).text
    assert f'<span id="matched">{count}</span>' in rows


def test_a_click_on_a_cell_explains_it(reader: FlaskClient) -> None:
    cells = reader.get(f"/heat/cells?view=spots&{WIDE}").json["features"]
    hot = max(cells, key=lambda cell: cell["properties"]["gi_star"])
    told = reader.get(f"/heat/cell?view=spots&{WIDE}&id={hot['id']}").json
    values = {row["label"]: row["value"] for row in told["rows"]}

    assert hot["properties"]["class"] == "hot2"
    assert told["subtitle"] == "Hot spot"
    assert values["Here and around: found"] == f"{hot['properties']['around_observed']:.0f}"
    assert "Cleanliness" in values["Commonest here and around"]
    matched = re.search(r'id="matched">(\d+)', reader.get(told["href"]).text)[1]
    assert matched == values["Here and around: found"]
    assert reader.get(f"/heat/cell?view=spots&{WIDE}&id=hex:5000:99999:9").status_code == 404


@pytest.mark.parametrize("query", [f"view=change&{WIDE}", f"view=change&shown=courses&{WIDE}"])
def test_a_click_explains_what_has_changed(reader: FlaskClient, query: str) -> None:
    cells = reader.get(f"/heat/cells?{query}").json["features"]
    changed = next(cell for cell in cells if cell["properties"]["class"])
    told = reader.get(f"/heat/cell?{query}&id={changed['id']}").json

    assert told["subtitle"] in ("Grown, very sure (q ≤ 0.01)", "Grown (q ≤ 0.05)", "New", "Now and then")
    assert told["rows"]


def test_a_click_on_a_street_tells_its_rate(client: FlaskClient) -> None:
    told = client.get("/heat/cell?view=streets&id=S1").json

    assert told["title"] == "Main Street"
    assert {"label": "Problems", "value": "3"} in told["rows"]
    assert client.get("/heat/cell?view=streets&id=S9").status_code == 404


def test_cells_come_as_a_workbook_and_as_geojson(reader: FlaskClient) -> None:
    sheet = load_workbook(io.BytesIO(reader.get(f"/heat/cells.xlsx?view=spots&{WIDE}").data)).worksheets[0]
    collection = reader.get(f"/heat/cells.geojson?view=spots&{WIDE}").json

    heading = [cell.value for cell in sheet[1]]
    assert {"id", "class", "count", "gi_star", "p", "q", "uncertain"} <= set(heading)
    assert sheet.max_row - 1 == len(collection["features"])
    assert "hot" in collection["description"]
    total = sum(row[heading.index("count")].value for row in sheet.iter_rows(min_row=2))
    assert total == 680


@pytest.mark.parametrize("name", [name for name in labels.HEAT_VIEWS if name != "times"])
def test_a_picture_of_every_view_has_its_colours(reader: FlaskClient, name: str) -> None:
    answer = reader.get(f"/heat/map.png?view={name}&{WIDE}&bandwidth=2000")
    picture = Image.open(io.BytesIO(answer.data))

    assert picture.width == 1_080
    assert "filename*=UTF-8''Toy%20District-" in answer.headers["Content-Disposition"]
    if name in ("surface", "spots"):
        assert any(red > 150 and blue < 90 for red, _, blue in set(picture.convert("RGB").get_flattened_data()))


def test_a_map_can_be_printed_on_one_a3_sheet(reader: FlaskClient) -> None:
    sheet = PdfReader(io.BytesIO(reader.get("/heat/a3.pdf").data)).pages
    wide, high = (float(side) * 25.4 / 72 for side in sheet[0].mediabox[2:])

    assert len(sheet) == 1
    assert (wide, high) == (pytest.approx(420, abs=1), pytest.approx(297, abs=1))


def test_the_meeting_pack_says_on_every_page_when_and_of_what(reader: FlaskClient) -> None:
    deck = Presentation(io.BytesIO(reader.get(f"/heat/pack.pptx?{WIDE}").data))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]

    assert titles[1:] == ["Ten numbers", "Heat map", "By category", "Two periods on one scale", "Hot spots",
                          "Places of the townships"]  # fmt: skip
    for slide in list(deck.slides)[1:]:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert any("As of 5/4/26" in text and "Toy District" in text for text in texts)
    report = Document(io.BytesIO(reader.get(f"/heat/pack.docx?{WIDE}&lang=zh").data))
    assert "十个数" in [paragraph.text for paragraph in report.paragraphs]


def test_a_pack_of_nothing_is_still_one(client: FlaskClient) -> None:
    assert client.get("/heat/pack.pptx?q=nobody").status_code == 200
    assert client.get("/heat/pack.docx?q=nobody").status_code == 200


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def test_photos_of_what_was_put_right_stand_before_and_after(tmp_path: Path) -> None:
    photos = [photo("#336699"), photo("#669933")]
    named = [hashlib.sha256(content).hexdigest() for content in photos]
    layers = toy_layers()
    for one in layers["problems"]:
        one["properties"]["photos"] = named if one["id"] in ("1", "2", "5") else named[:1]
    opened = services.found(tmp_path / "toy", layers, toy_tables(), clock=lambda: NOW)
    for content in photos[1:]:
        opened.store.photos.put(content)
    everything = (services.at_this_moment(opened), Selection(), Scope.FULL)
    # One of the photos is missing, and with it every pair.
    assert services.before_and_after(*everything) == []
    opened.store.photos.put(photos[0])

    # 1 is not put right yet, and 3 has one photo only.
    assert [pair.id for pair in services.before_and_after(*everything, ("5", "3", "2", "1"))] == ["5", "2"]
    client = create_app(opened).test_client()
    deck = Presentation(io.BytesIO(client.get("/heat/pack.pptx?photos=2&lang=en").data))
    last = list(deck.slides)[-1]
    assert last.shapes.title.text_frame.text == "Before and after"
    assert sum(shape.shape_type == 13 for shape in last.shapes) == 2
    assert client.get("/heat/pack.pptx?photos=1,2,3,4").status_code == 400
    opened.close()


def test_times_are_a_table_of_seven_days(reader: FlaskClient) -> None:
    page = reader.get("/heat?view=times").text

    assert page.count('<th scope="row">') == 7
    assert "68 reports of visits; 612 others are left out" in page


def test_the_slider_has_every_week_on_one_scale(reader: FlaskClient) -> None:
    page = reader.get("/heat").text
    top = re.search(r'data-top="([\d.e+]+)"', page)[1]

    assert page.count("&#34;from&#34;") == 12
    assert (
        reader.get(f"/tiles/heat/8/129/127.png?from=2026-04-28&to=2026-05-04&bandwidth=300&top={top}").status_code
        == 200
    )
    assert reader.get("/tiles/heat/8/129/127.png?top=x").status_code == 400
