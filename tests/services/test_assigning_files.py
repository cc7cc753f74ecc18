"""A file of points, of any size, gets its townships and streets; or nothing is written but one sentence."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner

from geoapp.cli import main
from geoapp.domain.errors import BadInput, InvalidGeometry
from geoapp.services.assigning_files import AssignOptions, assign_file
from geoapp.storage.points import csv_points, geojson_points, parquet_points

WORLD = "EPSG:4326"
# Number, place, the township that covers it and the street within 200 m: near the equator 0.0017 degrees are 189 m.
KNOWN: list[tuple[str, tuple[float, float] | None, str, str]] = [
    ("001", (0.5, 0.25), "W", ""),
    ("002", (1.5, 0.25), "E", ""),
    ("003", (1.0, 0.75), "E", ""),
    ("004", (0.5, 0.5017), "W", "S1"),
    ("005", (0.5, 0.5019), "W", ""),
    ("006", (2.5, 0.5), "", ""),
    ("007", None, "", ""),
    ("008", (0.0, 0.0), "W", ""),
]
TOWNSHIPS = [township for _, _, township, _ in KNOWN]
FORMATS = ("csv", "parquet", "geojson", "geojsonl")
ALONE = AssignOptions(processes=1)
FEATURE = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0.5,0.5]}}'


@pytest.fixture
def areas(tmp_path: Path) -> Path:
    """Two square townships that share the meridian of 1 degree, and an overlay above both."""
    squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 0, 2, 1)]
    table = {"code": ["W", "E", "0"], "name": ["西乡", "东镇", "开发区"], "overlay": [None, None, True]}
    gpd.GeoDataFrame(table, geometry=squares, crs=WORLD).to_file(tmp_path / "areas.geojson", driver="GeoJSON")
    return tmp_path / "areas.geojson"


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    """One street along half a degree of latitude."""
    line = shapely.LineString([(0.2, 0.5), (1.8, 0.5)])
    frame = gpd.GeoDataFrame({"id": ["S1"], "name": ["大街"]}, geometry=[line], crs=WORLD)
    frame.to_file(tmp_path / "streets.geojson", driver="GeoJSON")
    return tmp_path / "streets.geojson"


def frame() -> gpd.GeoDataFrame:
    places = [None if place is None else shapely.Point(place) for _, place, *_ in KNOWN]
    table = {"number": [number for number, *_ in KNOWN], "备注": ['a,b"c'] * len(KNOWN), "weight": [0.5] * len(KNOWN)}
    return gpd.GeoDataFrame(table, geometry=places, crs=WORLD)


def points(folder: Path, format: str, given: gpd.GeoDataFrame | None = None) -> Path:
    """The known points, or given ones, as other programs write them."""
    known, path = frame() if given is None else given, folder / f"points.{format}"
    if format == "csv":
        table = pd.DataFrame(known.drop(columns="geometry")).assign(lon=known.geometry.x, lat=known.geometry.y)
        table.to_csv(path, index=False)
    elif format == "parquet":
        known.to_parquet(path)
    else:
        driver = {"geojson": "GeoJSON", "geojsonl": "GeoJSONSeq"}[format]
        known.to_file(path, driver=driver, COORDINATE_PRECISION=17)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    """What was written, by a reader of another kind."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    text = path.read_text("utf-8")
    features = json.loads(text)["features"] if path.suffix == ".geojson" else map(json.loads, text.splitlines())
    return [{**feature["properties"], "geometry": feature.get("geometry")} for feature in features]


def column(path: Path, name: str) -> list[str]:
    return [row[name] or "" for row in rows(path)]


def written(path: Path, text: str | bytes, **how: Any) -> Path:
    path.write_bytes(text.encode(**how) if isinstance(text, str) else text)
    return path


def refusal(given: Path, areas: Path, *, options: AssignOptions = ALONE, streets: Path | None = None) -> str:
    """The one sentence; and nothing was written."""
    target = given.parent / "refused.csv"
    with pytest.raises(BadInput) as refused:
        assign_file(given, areas, target, options, streets=streets)
    assert not target.exists()
    assert not list(given.parent.glob(".refused*"))
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("into", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_every_format_becomes_every_other_with_the_same_townships(
    tmp_path: Path, areas: Path, streets: Path, source: str, into: str
) -> None:
    target = tmp_path / f"out.{into}"
    told = assign_file(points(tmp_path, source), areas, target, ALONE, streets=streets)

    assert column(target, "township") == TOWNSHIPS
    assert column(target, "township_name") == [{"W": "西乡", "E": "东镇", "": ""}[code] for code in TOWNSHIPS]
    assert column(target, "street") == [street for *_, street in KNOWN]
    assert column(target, "number") == [number for number, *_ in KNOWN]
    assert set(column(target, "备注")) == {'a,b"c'}
    assert (told["points"], told["assigned"], told["outside"], told["without_coordinates"]) == (8, 6, 1, 1)
    assert told["by_area"] == [
        {"township": "W", "name": "西乡", "points": 4},
        {"township": "E", "name": "东镇", "points": 2},
    ]


@pytest.mark.parametrize("into", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_places_are_as_exact_in_every_format(tmp_path: Path, areas: Path, source: str, into: str) -> None:
    middle, target = tmp_path / f"middle.{into}", tmp_path / "out.parquet"
    assign_file(points(tmp_path, source), areas, middle, ALONE)
    assign_file(middle, areas, target, ALONE)
    found = gpd.read_parquet(target) if into != "csv" or source != "csv" else None

    assert column(target, "township") == TOWNSHIPS
    if found is not None:
        places = [None if place is None else (place.x, place.y) for place in found.geometry]
        assert places == [place for _, place, *_ in KNOWN]
        assert found.crs.equals(WORLD, ignore_axis_order=True)


def test_numbers_remain_numbers_where_the_format_has_them(tmp_path: Path, areas: Path) -> None:
    for source, into, weight in (("parquet", "geojson", 0.5), ("geojson", "parquet", 0.5), ("csv", "parquet", "0.5")):
        target = tmp_path / f"out.{into}"
        assign_file(points(tmp_path, source), areas, target, ALONE)
        assert rows(target)[0]["weight"] == weight


def test_the_answers_are_those_of_geopandas(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(110, 116) for y in range(30, 36)]
    given = gpd.GeoDataFrame({"code": [f"{n:03}" for n in range(len(cells))]}, geometry=cells, crs=WORLD)
    given.to_parquet(tmp_path / "areas.parquet")
    x, y = chance.uniform((109.5, 29.5), (116.5, 36.5), (20_000, 2)).T
    known = gpd.GeoDataFrame({"n": range(len(x))}, geometry=gpd.points_from_xy(x, y), crs=WORLD)
    expected = gpd.sjoin(known, given, predicate="within", how="left")["code"].fillna("").tolist()

    for format in FORMATS:
        target = tmp_path / f"out.{format}"
        assign_file(points(tmp_path, format, known), tmp_path / "areas.parquet", target, ALONE)
        assert column(target, "township") == expected
        assert [int(row["n"]) for row in rows(target)] == list(range(len(x)))


@pytest.mark.parametrize("format", FORMATS)
def test_two_processes_write_the_same_bytes_as_one(
    tmp_path: Path, areas: Path, streets: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (csv_points, geojson_points):
        monkeypatch.setattr(module, "BLOCK", 5_000)
    monkeypatch.setattr(parquet_points, "ROWS", 300)
    many = pd.concat([frame()] * 200, ignore_index=True)
    source, seen = points(tmp_path, format, many), []
    one, two = tmp_path / f"one.{format}", tmp_path / f"two.{format}"
    assign_file(source, areas, one, ALONE, streets=streets, progress=lambda done, total: seen.append((done, total)))
    told = assign_file(source, areas, two, AssignOptions(processes=2), streets=streets)

    assert one.read_bytes() == two.read_bytes()
    assert column(two, "township") == TOWNSHIPS * 200
    assert told["without_coordinates"] == 200
    assert len(seen) > 4
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_a_table_of_an_office_keeps_its_zeros_its_letters_and_its_order(tmp_path: Path, areas: Path) -> None:
    text = '编号;经度;纬度;备注\r\n007; 0.5;0.5;"公园;\r\n东门"\r\n010;1.5;0.5;5" 管\r\n+1;无;;001\r\n'
    source, target = written(tmp_path / "points.csv", text, encoding="gb18030"), tmp_path / "out.csv"
    told = assign_file(source, areas, target, ALONE)

    # With a mark, so that Excel reads it; and with the delimiter that it had.
    assert target.read_bytes().decode("utf-8") == (
        '\ufeff编号;经度;纬度;备注;township;township_name\n007; 0.5;0.5;"公园;\r\n东门";W;西乡\n'
        '010;1.5;0.5;"5"" 管";E;东镇\n+1;无;;001;;\n'
    )
    assert (told["points"], told["without_coordinates"]) == (3, 1)
    assert "1 without coordinates" in told["sentence"]


def test_columns_of_coordinates_may_be_named(tmp_path: Path, areas: Path) -> None:
    source = written(tmp_path / "points.csv", "a,b\n0.5,0.5\n")
    assign_file(source, areas, tmp_path / "out.csv", AssignOptions(lon="a", lat="b", processes=1))

    assert column(tmp_path / "out.csv", "township") == ["W"]
    assert "points.csv has no column 'c'; it has a, b." in refusal(source, areas, options=AssignOptions(lon="c"))


@pytest.mark.parametrize("format", FORMATS)
def test_columns_of_an_earlier_assignment_are_replaced(tmp_path: Path, areas: Path, format: str) -> None:
    old = frame().assign(township="X", street="Long Street")
    target = tmp_path / f"out.{format}"
    assign_file(points(tmp_path, format, old), areas, target, ALONE)

    assert column(target, "township") == TOWNSHIPS
    # Without streets a column of theirs is one as any other.
    assert set(column(target, "street")) == {"Long Street"}
    assert target.read_bytes().count(b"township_name") in (1, len(KNOWN), *range(2, 6))


def test_features_keep_every_member_as_it_stands(tmp_path: Path, areas: Path) -> None:
    feature = (
        '{"type":"Feature","id":"f1","bbox":[0.5,0.5,0.5,0.5],"extra":{"a":[1.0,null]},"properties":{\n"n":1.10,\n'
        '"big":123456789012345678901234567890,"\\u0074ownship":"X","s":"}],\\n{"},\n'
        '"geometry":{"type":"Point","coordinates":[0.50,0.5,33.3]}}'
    )
    text = f'{{"name":"a, [b","type":"FeatureCollection",\n"features":[\n{feature},\n{feature}\n],\n"note":"end"}}\n'
    source, target = written(tmp_path / "points.geojson", text), tmp_path / "out.geojson"
    assign_file(source, areas, target, ALONE)
    collection = json.loads(target.read_text())

    assert (collection["name"], collection["note"], len(collection["features"])) == ("a, [b", "end", 2)
    for part in ('"n":1.10', "123456789012345678901234567890", '"extra":{"a":[1.0,null]}', "[0.50,0.5,33.3]"):
        assert target.read_text().count(part) == 2
    assert collection["features"][1]["properties"] == {
        "n": 1.1, "big": 123456789012345678901234567890, "s": "}],\n{", "township": "W", "township_name": "西乡",
    }  # fmt: skip
    assign_file(source, areas, tmp_path / "out.geojsonl", ALONE)
    assert len((tmp_path / "out.geojsonl").read_text().splitlines()) == 2


def test_properties_of_several_kinds_become_columns_of_text(tmp_path: Path, areas: Path) -> None:
    values = [{"a": 1}, {"a": "x", "b": 1}, {"b": 2.5, "c": [1, {"d": None}]}, {"e": True}, None]
    place = {"type": "Point", "coordinates": [0.5, 0.5]}
    lines = [json.dumps({"type": "Feature", "id": n, "geometry": place, "properties": v}) for n, v in enumerate(values)]
    source = written(tmp_path / "points.ndjson", "\x1e" + "\n\x1e".join(lines) + "\n")
    assign_file(source, areas, tmp_path / "out.parquet", ALONE)
    found = rows(tmp_path / "out.parquet")

    assert [row["a"] for row in found] == ["1", "x", None, None, None]
    assert [row["b"] for row in found] == [None, 1.0, 2.5, None, None]
    assert [row["c"] for row in found] == [None, None, '[1,{"d":null}]', None, None]
    assert [row["e"] for row in found] == [None, None, None, True, None]
    assert [row["id"] for row in found] == [0, 1, 2, 3, 4]


def test_features_with_places_that_cannot_be_read_are_kept_and_counted(tmp_path: Path, areas: Path) -> None:
    places = ['["a","b"]', "[]", "null", "[0.5]", "[1e999,0]", "[0.5,0.5,7]", '{"x":1}']
    lines = [FEATURE.replace("[0.5,0.5]", place) for place in places] + [FEATURE.replace('"geometry"', '"shape"')]
    source = written(tmp_path / "points.geojsonl", "\n".join(lines))
    for format in FORMATS:
        told = assign_file(source, areas, tmp_path / f"out.{format}", ALONE)
        assert (told["points"], told["assigned"], told["without_coordinates"]) == (8, 1, 7)
        assert column(tmp_path / f"out.{format}", "township") == ["", "", "", "", "", "W", "", ""]


def test_wkb_is_read_with_heights_and_in_either_order_of_bytes(tmp_path: Path, areas: Path) -> None:
    flat, high = shapely.Point(0.5, 0.5), shapely.Point(1.5, 0.5, 30)
    wkb = [shapely.to_wkb(flat, byte_order=0), shapely.to_wkb(high), shapely.to_wkb(shapely.Point()), None]
    geo = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"g": pa.array(wkb, pa.binary())}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "points.parquet")
    assign_file(tmp_path / "points.parquet", areas, tmp_path / "out.parquet", ALONE)

    assert column(tmp_path / "out.parquet", "township") == ["W", "E", "", ""]
    assert pq.read_table(tmp_path / "out.parquet")["g"].to_pylist() == wkb
    pq.write_table(table.set_column(0, "g", pa.array([b"no", *wkb[1:]], pa.binary())), tmp_path / "points.parquet")
    assert "points.parquet" in refusal(tmp_path / "points.parquet", areas)


def geoarrow(path: Path, interleaved: bool = False) -> Path:
    """The known points as GeoParquet with GeoArrow's own encoding."""
    x = [None if place is None else place[0] for _, place, *_ in KNOWN]
    y = [None if place is None else place[1] for _, place, *_ in KNOWN]
    if interleaved:
        places = pa.array([None if e is None else [e, n] for e, n in zip(x, y, strict=True)], pa.list_(pa.float64(), 2))
    else:
        mask = pa.array([value is None for value in x])
        places = pa.StructArray.from_arrays([pa.array(x), pa.array(y)], ["x", "y"], mask=mask)
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "point", "geometry_types": []}}}
    table = pa.table({"number": [number for number, *_ in KNOWN], "g": places})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


@pytest.mark.parametrize("interleaved", [False, True])
def test_points_of_geoarrow_are_read_and_kept(tmp_path: Path, areas: Path, interleaved: bool) -> None:
    source, target = geoarrow(tmp_path / "points.parquet", interleaved), tmp_path / "out.parquet"
    assign_file(source, areas, target, ALONE)

    assert column(target, "township") == TOWNSHIPS
    assert pq.read_schema(target).field("g").type == pq.read_schema(source).field("g").type
    assert b"geo" in pq.read_schema(target).metadata


def test_a_parquet_file_without_geometry_has_columns_of_coordinates(tmp_path: Path, areas: Path) -> None:
    pd.DataFrame({"lng": [0.5, None], "lat": [0.5, 1.0]}).to_parquet(tmp_path / "points.parquet")
    told = assign_file(tmp_path / "points.parquet", areas, tmp_path / "out.parquet", ALONE)

    assert (told["assigned"], told["without_coordinates"]) == (1, 1)
    assert pq.read_schema(tmp_path / "out.parquet").names == ["lng", "lat", "township", "township_name"]


def test_what_is_written_is_read_by_geopandas(tmp_path: Path, areas: Path) -> None:
    for format in ("parquet", "geojson", "geojsonl"):
        assign_file(points(tmp_path, "csv"), areas, tmp_path / f"out.{format}", ALONE)
        path = tmp_path / f"out.{format}"
        found = gpd.read_parquet(path) if format == "parquet" else gpd.read_file(path)
        assert found["township"].fillna("").tolist() == TOWNSHIPS
        assert found.geometry.notna().sum() == 7


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "shp"])
def test_areas_come_in_any_format(tmp_path: Path, areas: Path, ending: str) -> None:
    known = gpd.read_file(areas).iloc[:2][["code", "name", "geometry"]]
    path = tmp_path / f"given.{ending}"
    if ending == "parquet":
        known.to_parquet(path, geometry_encoding="geoarrow")
    else:
        known.to_file(path, driver={"gpkg": "GPKG", "shp": "ESRI Shapefile"}[ending], encoding="utf-8")
    assign_file(points(tmp_path, "csv"), path, tmp_path / "out.csv", ALONE)

    assert column(tmp_path / "out.csv", "township") == TOWNSHIPS


def test_what_is_drawn_in_a_kml_may_be_called_by_its_names(tmp_path: Path, areas: Path) -> None:
    gpd.read_file(areas).iloc[:2][["name", "geometry"]].to_file(tmp_path / "given.kml", driver="KML")
    options = AssignOptions(area_code="name", processes=1)
    assign_file(points(tmp_path, "csv"), tmp_path / "given.kml", tmp_path / "out.csv", options)

    assert column(tmp_path / "out.csv", "township")[:2] == ["西乡", "东镇"]
    assert column(tmp_path / "out.csv", "township_name")[:2] == ["西乡", "东镇"]


def test_codes_are_recognised_or_named(tmp_path: Path, areas: Path) -> None:
    known = gpd.read_file(areas).iloc[:2].rename(columns={"code": "代码", "name": "名称"})
    known.assign(zone=[1.0, 2.0]).to_file(tmp_path / "given.geojson", driver="GeoJSON")
    source, target = points(tmp_path, "csv"), tmp_path / "out.csv"

    assign_file(source, tmp_path / "given.geojson", target, ALONE)
    assert column(target, "township") == TOWNSHIPS
    assign_file(
        source, tmp_path / "given.geojson", target, AssignOptions(area_code="zone", area_name="代码", processes=1)
    )
    assert column(target, "township")[:2] == ["1", "2"]
    assert column(target, "township_name")[:2] == ["W", "E"]
    known[["overlay", "geometry"]].to_file(tmp_path / "bare.geojson", driver="GeoJSON")
    assert "bare.geojson has no column of codes" in refusal(source, tmp_path / "bare.geojson")


# --- coordinate reference systems --------------------------------------------------------------


def metric(path: Path, to: str) -> Path:
    gpd.read_file(path).to_crs(to).to_parquet(path.with_name(f"metric_{path.stem}.parquet"))
    return path.with_name(f"metric_{path.stem}.parquet")


@pytest.fixture
def beijing(tmp_path: Path) -> Path:
    """One township, in degrees."""
    square = shapely.box(116, 40, 117, 41)
    gpd.GeoDataFrame({"code": ["B"]}, geometry=[square], crs=WORLD).to_file(tmp_path / "b.geojson", driver="GeoJSON")
    return tmp_path / "b.geojson"


def test_a_crs_mismatch_is_refused_in_a_sentence_that_names_both(tmp_path: Path, beijing: Path) -> None:
    given = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(116.5, 40.5)], crs=WORLD).to_crs("EPSG:4548")
    told = refusal(points(tmp_path, "parquet", given), beijing)

    assert "points.parquet is in CGCS2000 / 3-degree Gauss-Kruger CM 117E (EPSG:4548), b.geojson in WGS 84" in told
    assert "EPSG:4548" in refusal(written(tmp_path / "p.csv", "lon,lat\n116.5,40.5\n"), metric(beijing, "EPSG:4548"))


@pytest.mark.parametrize("format", FORMATS)
def test_points_and_areas_in_the_same_projected_crs_are_joined(tmp_path: Path, beijing: Path, format: str) -> None:
    given = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(116.5, 40.5)], crs=WORLD).to_crs("EPSG:4548")
    source = points(tmp_path, "parquet", given)
    target = tmp_path / f"out.{format}"
    told = assign_file(source, metric(beijing, "EPSG:4548"), target, ALONE)

    assert told["assigned"] == 1
    if format in ("parquet", "geojson"):
        assert (gpd.read_parquet(target) if format == "parquet" else gpd.read_file(target)).crs.to_epsg() == 4548
    crs = None if format in ("parquet", "geojson") else "EPSG:4548"
    again = assign_file(
        target, metric(beijing, "EPSG:4548"), tmp_path / "again.csv", AssignOptions(crs=crs, processes=1)
    )
    assert again["assigned"] == 1


def test_areas_that_do_not_say_their_crs_are_believed_where_they_can_be(tmp_path: Path, beijing: Path) -> None:
    source = written(tmp_path / "p.csv", "lon,lat\n116.5,40.5\n")
    for crs, name in ((WORLD, "degrees"), ("EPSG:4548", "metres")):
        gpd.read_file(beijing).to_crs(crs).to_file(tmp_path / f"{name}.shp")
        (tmp_path / f"{name}.prj").unlink()
    told = assign_file(source, tmp_path / "degrees.shp", tmp_path / "out.csv", ALONE)

    assert told["assigned"] == 1
    assert "The areas do not say their CRS" in told["sentence"]
    assert "metres.shp does not say its coordinate system" in refusal(source, tmp_path / "metres.shp")


def test_streets_need_degrees(tmp_path: Path, areas: Path, streets: Path) -> None:
    source = points(tmp_path, "parquet", frame().to_crs("EPSG:32631"))
    told = refusal(source, metric(areas, "EPSG:32631"), streets=metric(streets, "EPSG:32631"))

    assert "Streets are found for points in degrees only; points.parquet is in WGS 84 / UTM zone 31N" in told


def test_what_a_file_says_of_its_crs_is_not_overruled(tmp_path: Path, areas: Path) -> None:
    told = refusal(points(tmp_path, "parquet"), areas, options=AssignOptions(crs="EPSG:4548"))

    assert "points.parquet says that it is in WGS 84 (EPSG:4326), not in CGCS2000" in told
    assert "--crs: 'nonsense' is no" in refusal(points(tmp_path, "csv"), areas, options=AssignOptions(crs="nonsense"))


def test_a_place_that_is_none_is_named_by_its_row(tmp_path: Path, areas: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_points, "BLOCK", 64)
    text = "lon,lat\n" + "0.5,0.5\n" * 20 + "40.5,116.5\n"

    for processes in (1, 2):
        told = refusal(written(tmp_path / "p.csv", text), areas, options=AssignOptions(processes=processes))
        assert told.startswith("p.csv, row 22: 40.5, 116.5 is no place in degrees of longitude and latitude")


# --- files that mean harm, and runs that end before their time ---------------------------------

LINE = FEATURE.replace("Point", "LineString")
START = '{"type":"FeatureCollection","features":['
HOSTILE: dict[str, tuple[str, str | bytes, str]] = {
    "no columns of coordinates": ("p.csv", "a,b\n1,2\n", "p.csv has no columns of coordinates"),
    "empty": ("p.csv", "", "p.csv is empty"),
    "blank": ("p.geojson", " \n", "p.geojson is empty"),
    "no lines": ("p.jsonl", "", "p.jsonl is empty"),
    "too many values": ("p.csv", "lon,lat\n1,2\n\n1,2,3\n", "p.csv, row 3: It has 3 values, but there are 2 headings."),
    "no end of a quote": ("p.csv", 'lon,lat\n1,2\n1,"2\n', "a quote that is never closed"),
    "no text": ("p.csv", b"lon,lat\n\xff\xff\xff,1\n", "unknown encoding"),
    "in the middle": ("p.geojson", f'{START}{FEATURE},{FEATURE[:30]}', "in the middle"),
    "after a feature": ("p.geojson", f'{START}{FEATURE},', "ends in the middle"),
    "no features": ("p.geojson", '{"type":"Topology","objects":{"features":[]}}', "it has no list of features"),
    "no collection": ("p.geojson", f'{{"type":"List","features":[{FEATURE}]}}', "is no GeoJSON FeatureCollection"),
    "rubbish after it": ("p.geojson", f'{START}{FEATURE}] x}}', "is no JSON"),
    "rubbish within": ("p.geojson", f'{START}{FEATURE},{{x}}]}}', "no list of features"),
    "a line": ("p.geojson", f'{START}{FEATURE},{LINE}]}}', "row 2: Its geometry is Line"),
    "half a feature": ("p.jsonl", f"{FEATURE}\n{FEATURE[:40]}\n", "p.jsonl, row 2: It is no GeoJSON feature"),
    "properties that are none": ("p.jsonl", FEATURE.replace("{}", "[1]"), "p.jsonl, row 1: "),
    "no parquet": ("p.parquet", "PAR1 is not enough", "p.parquet is no Parquet file"),
    "of another kind": ("p.xlsx", "", "p.xlsx does not end like a file of points: .csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, areas: Path, name: str) -> None:
    file, text, sentence = HOSTILE[name]

    assert sentence in refusal(written(tmp_path / file, text), areas)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_parquet_file_that_was_cut_is_refused(tmp_path: Path, areas: Path, kept: float) -> None:
    source = points(tmp_path, "parquet")
    whole = source.read_bytes()

    assert "points.parquet is no Parquet file" in refusal(written(source, whole[: int(len(whole) * kept)]), areas)


def test_a_parquet_file_with_damaged_pages_is_refused(tmp_path: Path, areas: Path) -> None:
    source = points(tmp_path, "parquet")
    content = bytearray(source.read_bytes())
    content[4:200] = b"\xff" * 196

    assert "points.parquet is damaged" in refusal(written(source, bytes(content)), areas)


def test_a_geometry_that_is_no_point_is_named(tmp_path: Path, areas: Path) -> None:
    given = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], crs=WORLD)

    assert "points.parquet, row 2: Its geometry is Polygon" in refusal(points(tmp_path, "parquet", given), areas)
    assert "is a Polygon, not a LineString" in refusal(points(tmp_path, "csv"), areas, streets=areas)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_area_that_crosses_itself_is_named(tmp_path: Path, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_points, "BLOCK", 50)
    crossed = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    gpd.GeoDataFrame({"code": ["X"]}, geometry=[crossed], crs=WORLD).to_parquet(tmp_path / "areas.parquet")
    with pytest.raises(InvalidGeometry, match="Area X is not valid"):
        assign_file(points(tmp_path, "csv"), tmp_path / "areas.parquet", tmp_path / "out.csv",
                    AssignOptions(processes=processes))  # fmt: skip
    assert not (tmp_path / "out.csv").exists()


def test_no_file_that_is_read_is_written(tmp_path: Path, areas: Path) -> None:
    source = points(tmp_path, "geojson")
    before = source.read_bytes()
    for target in (source, areas):
        with pytest.raises(BadInput, match="is read: write the points to another file"):
            assign_file(source, areas, target, ALONE)
    assert source.read_bytes() == before


@pytest.mark.parametrize("format", FORMATS)
def test_an_interrupted_run_leaves_what_was_there(
    tmp_path: Path, areas: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_points, "BLOCK", 50)
    source, target = points(tmp_path, "csv"), written(tmp_path / f"out.{format}", "precious")
    before = sorted(tmp_path.iterdir())

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    for processes in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            assign_file(source, areas, target, AssignOptions(processes=processes), progress=interrupt)
    assert target.read_text() == "precious"
    assert sorted(tmp_path.iterdir()) == before


def test_an_empty_file_of_points_gives_an_empty_one(tmp_path: Path, areas: Path) -> None:
    source = written(tmp_path / "p.csv", "lon,lat")
    for format in FORMATS:
        assert assign_file(source, areas, tmp_path / f"out.{format}", ALONE)["points"] == 0
        assert rows(tmp_path / f"out.{format}") == []
    empty = written(tmp_path / "p.geojson", '{"type":"FeatureCollection","features":[ ]}')
    for format in FORMATS:
        assert assign_file(empty, areas, tmp_path / f"out.{format}", ALONE)["points"] == 0
        assert rows(tmp_path / f"out.{format}") == []


def test_the_command_tells_what_it_did(tmp_path: Path, areas: Path, streets: Path) -> None:
    words = ["assign", str(points(tmp_path, "csv")), "--areas", str(areas), "-o", str(tmp_path / "out.geojson")]
    told = CliRunner().invoke(main, [*words, "--streets", str(streets), "--json", "--processes", "1"])

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["assigned"] == 6
    assert "8 points stand in" in CliRunner().invoke(main, words).stdout
    refused = CliRunner().invoke(main, [*words[:-1], str(tmp_path / "out.dwg")])
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)


def test_neither_the_services_nor_the_pages_wait_for_big_files() -> None:
    # Folium brings pandas, and pandas pyarrow: the pages have it whether they want it or not, but not its formats.
    code = (
        "import sys, geoapp.services; print('pyarrow' in sys.modules); import geoapp.web;"
        "print('pyarrow.parquet' in sys.modules, 'geoapp.storage.points' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.split() == ["False", "False", "False"]
