"""People's files in all their formats, and files that mean harm."""

import contextlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import fiona
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.storage.exporting import write_layer
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row, Source

SCHEMA = {"geometry": "Point", "properties": {"名称": "str:60", "数量": "int"}}
STARTS = [b"", b"PK\x03\x04", b"SQLite format 3\x00", b"{", b"<kml>", b"\x00\x00\x27\x0a"]
RECORDS = [("青春路", 3, (116.6, 40.3)), ("龙山公园", 5, (116.62, 40.32))]


def read(path: Path, **options: Any) -> tuple[Source, list[Row]]:
    with open_source(path, **options) as source:
        return source, list(source.rows())


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read(path)
    return str(refused.value)


def vector(path: Path, driver: str, encoding: str = "utf-8", crs: str = "EPSG:4326") -> Path:
    with fiona.open(path, "w", driver=driver, schema=SCHEMA, crs=crs, encoding=encoding) as file:
        for name, number, place in RECORDS:
            file.write(
                {"geometry": {"type": "Point", "coordinates": place}, "properties": {"名称": name, "数量": number}}
            )
    return path


def zipped(folder: Path, target: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, inside + part.name)
    return target


def workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(path)
    return path


def test_geojson_is_read_feature_by_feature(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    place = {"type": "Point", "coordinates": [1, 2]}
    features = [{"type": "Feature", "id": "x", "geometry": place, "properties": {"name": "公园"}},
                {"type": "Feature", "geometry": None, "properties": None}]  # fmt: skip
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    source, rows = read(file)

    assert (source.format, source.crs) == ("GeoJSON", "EPSG:4326")
    assert rows == [Row(1, {"name": "公园", "id": "x"}, place), Row(2, {})]


def test_one_feature_a_line_is_read_too_and_a_broken_one_is_a_row_with_its_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.geojsonl"
    file.write_text(
        '{"type":"Feature","properties":{"a":1},"geometry":null}\n{"type":\n\x1e{"type":"Feature"}\n', "utf-8"
    )
    _, rows = read(file)

    assert [row.values for row in rows] == [{"a": 1}, {}, {}]
    assert [row.fault and str(row.fault) for row in rows] == [None, "it is no GeoJSON feature", None]


@pytest.mark.parametrize(("driver", "name"), [("GPKG", "a.gpkg"), ("GeoJSON", "a.geojson")])
def test_geographic_files_are_read_by_their_content_not_their_name(tmp_path: Path, driver: str, name: str) -> None:
    file = vector(tmp_path / name, driver).rename(tmp_path / "something.bin")
    source, rows = read(file)

    assert set(source.fields) >= {"名称", "数量"}
    assert [(row.values["名称"], tuple(row.geometry["coordinates"])) for row in rows] == [  # type: ignore[index]
        (name, place) for name, _, place in RECORDS
    ]


@pytest.mark.parametrize("cpg", ["right", "missing", "wrong"])
def test_a_zipped_shapefile_in_gbk_and_a_chinese_grid_is_understood(tmp_path: Path, cpg: str) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    with fiona.open(
        folder / "点位.shp", "w", driver="ESRI Shapefile", schema=SCHEMA, crs="EPSG:4548", encoding="gbk"
    ) as file:
        place = {"type": "Point", "coordinates": (466_000.0, 4_463_000.0)}
        file.write({"geometry": place, "properties": {"名称": "怀柔公园", "数量": 1}})
    if cpg == "missing":
        (folder / "点位.cpg").unlink(missing_ok=True)
    elif cpg == "wrong":
        (folder / "点位.cpg").write_text("UTF-8")
    source, rows = read(zipped(folder, tmp_path / "a.zip", "数据/"))

    assert source.format == "Shapefile"
    assert "4548" in str(source.crs) or "117" in str(source.crs)
    assert rows[0].values["名称"] == "怀柔公园"
    assert bool(source.remarks) == (cpg != "right") or cpg == "wrong"


def test_kml_kmz_and_gpx_are_read(tmp_path: Path) -> None:
    kml = tmp_path / "a.kml"
    kml.write_text(
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>'
        "http://127.0.0.1:9/</href></Link></NetworkLink><Placemark><name>公园</name><Point><coordinates>116.6,40.3"
        "</coordinates></Point></Placemark></Document></kml>",
        encoding="utf-8",
    )
    source, rows = read(kml)
    assert rows[0].values["name"] == "公园"
    assert "Its links to other files were not followed." in map(str, source.remarks)
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(kml, "doc.kml")
    assert read(tmp_path / "a.kmz")[1][0].values["name"] == "公园"

    gpx = tmp_path / "a.gpx"
    space = 'xmlns="http://www.topografix.com/GPX/1/1"'
    gpx.write_text(f'<gpx version="1.1" creator="t" {space}><wpt lat="40.3" lon="116.6"><name>P</name></wpt></gpx>')
    assert read(gpx)[1][0].values["name"] == "P"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"名称{delimiter}经度{delimiter}纬度\r\n公园{delimiter}116.6{delimiter}40.3\r\n".encode(encoding))
    source, rows = read(file)

    assert source.fields == ("名称", "经度", "纬度")
    assert rows == [Row(2, {"名称": "公园", "经度": "116.6", "纬度": "40.3"})]
    assert source.encoding in (encoding, "utf-16")


def test_a_workbook_may_have_titles_notes_merged_cells_and_empty_rows(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["怀柔区问题台账（第3批）"])
        sheet.merge_cells("A1:D1")
        sheet.append(["填表说明：请于5月10日前反馈"])
        sheet.append(["序号", "镇街", "存在问题", "发现时间"])
        sheet.append([1, "龙山街道", "垃圾满溢", datetime(2026, 5, 3, 14, 30)])
        sheet.append([2, None, "=cmd|' /C calc'!A0", None])
        sheet.merge_cells("B4:B5")
        sheet.append([])
        sheet.append([3, "泉河街道", "车辆乱停", None])

    source, rows = read(workbook(tmp_path / "a.xlsx", fill))

    assert source.fields == ("序号", "镇街", "存在问题", "发现时间")
    assert [row.number for row in rows] == [4, 5, 7]
    assert [row.values["镇街"] for row in rows] == ["龙山街道", "龙山街道", "泉河街道"]
    assert rows[0].values["发现时间"] == datetime(2026, 5, 3, 14, 30)
    assert list(map(str, source.remarks)) == ["2 rows above the headings were passed over."]


def test_headings_that_repeat_are_told_apart(tmp_path: Path) -> None:
    source, rows = read(workbook(tmp_path / "a.xlsx", lambda sheet: [sheet.append(["名称", "备注", "数量"]),
                                                                     sheet.append(["a", "b", 1])]))  # fmt: skip
    assert source.fields == ("名称", "备注", "数量")
    assert rows[0].values == {"名称": "a", "备注": "b", "数量": 1}


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "a.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"\0" * 50_000_000)

    assert "would unpack to far more than it should" in refusal(bomb)


def test_an_archive_cannot_write_beside_its_folder(tmp_path: Path) -> None:
    evil = tmp_path / "a.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../../evil.csv", "name,lon,lat\na,1,2\n")
    _, rows = read(evil)

    assert len(rows) == 1
    assert not (tmp_path.parent / "evil.csv").exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.kml", b'<!DOCTYPE kml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>', "entities of its own"),
        ("a.xml", b"<html></html>", "is neither KML nor GPX"),
        ("a.geojson", b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "is no GeoJSON FeatureCollection"),
        ("a.geojson", b'{"features":[' + b"[" * 200_000 + b"]" * 200_000 + b"]}", "is no GeoJSON"),
        ("a.json", b'{"type": "FeatureCollection"', "is no GeoJSON FeatureCollection"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xff\xff\xff\xff\x00\x81", "unknown encoding"),
        ("a.csv", b"1,2,3\n4,5,6\n", "has no row of headings"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "no workbook that can be read"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\0" * 4000, "is a damaged GeoPackage"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "is a damaged archive"),
        ("a.vrt", b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>", "neither KML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_gets_one_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    assert sentence in refusal(file)


def test_a_workbook_of_a_billion_laughs_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", lambda sheet: sheet.append(["名称", "经度", "纬度"]))
    evil = tmp_path / "b.xlsx"
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY a%d "&a%s;&a%s;">' % (n, str(n - 1 or "").encode(), str(n - 1 or "").encode()) for n in range(1, 30)
    ) + b"]><sst>&a29;</sst>"  # fmt: skip
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(evil, "w") as new:
        for part in old.namelist():
            new.writestr(part, laughs if part == "xl/worksheets/sheet1.xml" else old.read(part))

    assert "is a damaged workbook" in refusal(evil)


def test_a_dbf_that_lies_about_its_length_gives_a_sentence_or_its_records(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    vector(folder / "a.shp", "ESRI Shapefile")
    table = bytearray((folder / "a.dbf").read_bytes())
    table[4:8] = struct.pack("<I", 2_000_000_000)
    (folder / "a.dbf").write_bytes(table)
    rows: list[Row] = []
    with contextlib.suppress(BadInput):
        _, rows = read(zipped(folder, tmp_path / "a.zip"))

    assert len(rows) <= 2


def test_a_shapefile_without_its_table_is_named(tmp_path: Path) -> None:
    vector(tmp_path / "a.shp", "ESRI Shapefile")
    (tmp_path / "a.dbf").unlink()

    assert "a.shp needs its .dbf beside it" in refusal(tmp_path / "a.shp")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"SQLite format 3\x00", b"{", b"<kml>", b"\x00\x00\x27\x0a"]),
)
def test_random_bytes_never_raise_anything_else(tmp_path: Path, content: bytes, start: bytes) -> None:
    file = tmp_path / "random.bin"
    file.write_bytes(start + content)
    with contextlib.suppress(BadInput):
        read(file)


KINDS = st.sampled_from(["xlsx", "gpkg", "zip", "shp", "dbf", "prj", "shx", "gpx", "kml"])
MARKUP = {
    "kml": b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>a</name><Point>'
    b"<coordinates>116.6,40.3</coordinates></Point></Placemark></kml>",
    "gpx": b'<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="40" lon="116">'
    b"<name>a</name></wpt></gpx>",
}


def shapefile(folder: Path) -> dict[str, bytes]:
    """The parts of a Shapefile with one street."""
    file = folder / "streets.shp.zip"
    if not file.exists():
        line = {"type": "LineString", "coordinates": [[116, 40], [116.1, 40.1]]}
        write_layer("streets", [{"id": "S", "geometry": line, "properties": {"name": "大街"}}], file, "shp.zip")
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(
    st.integers(0, 10**6),
    st.binary(min_size=1, max_size=8),
    st.sampled_from(["xlsx", "gpkg", "zip", "shp", "dbf", "prj", "shx", "gpx", "kml"]),
)
def test_damaged_files_never_raise_anything_else(tmp_path: Path, place: int, noise: bytes, kind: str) -> None:
    whole = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["名称", "经度", "纬度"])
        book.active.append(["公园", 116.6, 40.3])
        book.save(whole)
        data = bytearray(whole.getvalue())
    elif kind in MARKUP:
        data = bytearray(MARKUP[kind])
    elif kind in ("shp", "dbf", "prj", "shx"):
        data = bytearray(shapefile(tmp_path)[f"streets.{kind}"])
    elif kind == "gpkg":
        file = tmp_path / "whole.gpkg"
        data = bytearray((file if file.exists() else vector(file, "GPKG")).read_bytes())
    else:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", "名称,经度,纬度\n公园,116.6,40.3\n" * 20)
        data = bytearray(whole.getvalue())
    at = place % len(data)
    data[at : at + len(noise)] = noise
    damaged = tmp_path / f"damaged.{kind}"
    damaged.write_bytes(data)
    if kind in ("shp", "dbf", "prj", "shx"):
        damaged = tmp_path / "damaged.zip"
        with zipfile.ZipFile(damaged, "w") as archive:
            for name, content in (shapefile(tmp_path) | {f"streets.{kind}": bytes(data)}).items():
                archive.writestr(name, content)
    with contextlib.suppress(BadInput):
        read(damaged)
