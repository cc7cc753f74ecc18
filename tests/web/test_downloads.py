"""What is taken away is what the page shows."""

import csv
import io
from pathlib import Path
from urllib.parse import unquote

import geopandas as gpd
import openpyxl
import pytest
from flask.testing import FlaskClient
from PIL import Image

from geoapp import services
from geoapp.storage.ledger import Change


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_csv_holds_the_rows_of_the_page_in_its_order_and_columns(client: FlaskClient) -> None:
    answer = client.get("/problems.csv?category=02,05&sort=-number&columns=number,status,found_at")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = rows_of(answer.data)
    assert [row["Number"] for row in rows] == ["4", "3", "2", "1"]
    assert rows[0] == {
        "Id": "4", "Number": "4", "State": "Being put right", "Found": "2026-05-03 12:00", "Longitude": "1.5",
        "Latitude": "0.25",
    }  # fmt: skip


def test_a_workbook_has_real_dates_texts_as_texts_and_a_frozen_filtered_header(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/problems.xlsx?sort=number").data))
    sheet = book.worksheets[0]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:K7"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows) == (
        "landscape",
        9,
        "$1:$1",
    )
    first = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert first["Number"].value == "1"
    assert first["Found"].is_date
    assert first["Found"].value.isoformat() == "2026-05-02T12:00:00"


def test_geojson_is_the_selection_whole(client: FlaskClient) -> None:
    taken = client.get("/problems.geojson?status=reported").json
    asked = client.get("/api/v1/problems?status=reported").json

    assert taken["type"] == "FeatureCollection"
    assert taken["features"] == asked["features"]
    assert client.get("/problems.geojson?status=deferred").json["features"] == []


def test_text_names_the_unit_first_and_one_problem_a_line(client: FlaskClient) -> None:
    text = client.get("/problems.txt?unit=TRF").text.splitlines()

    assert text[0].startswith("Toy District · Problems · Unit: Traffic police · 1 in all")
    assert text[1].startswith("1. Traffic police｜3｜")
    assert len(text) == 2


@pytest.mark.parametrize("path", ["/problems-list.png", "/problems-map.png", "/sites-map.png", "/townships-list.png",
                                  "/problems-map.png?township=W&bare=yes", "/villages-map.png?lang=zh"])  # fmt: skip
def test_pictures_are_1080_pixels_wide(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.format == "PNG"
    assert picture.width == 1080
    assert len(picture.convert("RGB").getcolors(10_000_000) or []) > 20, "something is drawn"


def test_files_bear_names_in_the_readers_language(client: FlaskClient) -> None:
    sent = client.get("/problems.csv?lang=zh").headers["Content-Disposition"]

    assert "filename=problems.csv" in sent
    assert unquote(sent.split("filename*=UTF-8''")[1]) == "玩具区-问题-20260504.csv"


def test_what_begins_like_a_formula_stays_text(client: FlaskClient, district: services.District) -> None:
    evil = '=HYPERLINK("http://evil.example","x")'
    body = f'{{"properties": {{"description": "{evil.replace(chr(34), chr(92) + chr(34))}"}}}}'
    district.store.append([Change("problems", "1", body.encode())], actor="t", action="t")
    query = "columns=number,description&category=02&status=reported"
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/problems.xlsx?{query}").data)).worksheets[0]

    assert rows_of(client.get(f"/problems.csv?{query}").data)[0]["Description"] == "'" + evil
    assert (sheet["C2"].value, sheet["C2"].data_type) == (evil, "s")


@pytest.mark.parametrize("path", ["/problems.csv?colour=red", "/villages.xlsx?status=closed", "/sites.txt?sort=beauty"])
def test_a_download_of_what_is_not_there_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_strangers_take_away_nothing_private(client: FlaskClient, district: services.District) -> None:
    answer = client.get("/problems.geojson", environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert answer.status_code == 403


@pytest.mark.parametrize("ending", ["gpkg", "shp.zip", "kml"])
def test_geographic_files_hold_the_selection(client: FlaskClient, tmp_path: Path, ending: str) -> None:
    answer = client.get(f"/problems.{ending}?status=reported&lang=zh")
    file = tmp_path / f"taken.{ending}"
    file.write_bytes(answer.data)

    assert unquote(answer.headers["Content-Disposition"]).endswith(f"玩具区-问题-20260504.{ending}")
    assert len(gpd.read_file(f"zip://{file}" if ending == "shp.zip" else file)) == 2
