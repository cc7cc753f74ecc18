"""Layers as files of other programs: read back, they are what they were."""

import json
import zipfile
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import pytest

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope, Selection
from geoapp.storage.exporting import FORMATS, write_layer


def features(district: services.District, layer: str) -> list[dict[str, Any]]:
    page = services.collection(district, layer, Selection(), Scope.FULL, limit=10_000)
    return list(json.loads(page.features))


@pytest.mark.parametrize("layer", sorted(set(LAYERS) - {"roads", "population"}))
def test_a_geopackage_keeps_every_field_and_place(district: services.District, tmp_path: Path, layer: str) -> None:
    original = features(district, layer)
    file = tmp_path / "out.gpkg"
    assert write_layer(layer, original, file, "gpkg") == len(original)

    with fiona.open(file) as written:
        assert written.crs.to_epsg() == 4326
        for before, after in zip(original, written, strict=True):
            known = {name: value for name, value in after.properties.items() if value is not None}
            assert known == {"id": before["id"], **before["properties"]}
            place = None if after.geometry is None else json.loads(json.dumps(dict(after.geometry.__geo_interface__)))
            assert place == before["geometry"]


@pytest.mark.parametrize("layer", ["problems", "townships", "streets"])
def test_a_shapefile_is_zipped_with_its_encoding_and_the_full_names(
    district: services.District, tmp_path: Path, layer: str
) -> None:
    original = features(district, layer)
    file = tmp_path / "out.shp.zip"
    write_layer(layer, original, file, "shp.zip")

    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert {f"{layer}.shp", f"{layer}.dbf", f"{layer}.cpg", f"{layer}.prj", "fields.csv"} <= set(names)
        assert archive.read(f"{layer}.cpg").strip() == b"UTF-8"
        full = dict(line.split(",") for line in archive.read("fields.csv").decode("utf-8-sig").split("\r\n") if line)
    frame = gpd.read_file(f"zip://{file}")
    assert len(frame) == len(original)
    assert all(len(name) <= 10 for name in full)
    assert {full[name] for name in frame.columns if name != "geometry"} >= {"id", "name", "township", "township_name"}
    assert list(frame["name"]) == [one["properties"]["name"] for one in original]


def test_long_texts_are_cut_between_characters(tmp_path: Path) -> None:
    place = {"type": "Point", "coordinates": [1.0, 2.0]}
    one = {"type": "Feature", "id": "1", "geometry": place, "properties": {"name": "镇" * 200, "kind": "park"}}
    file = tmp_path / "out.shp.zip"
    write_layer("sites", [one], file, "shp.zip")

    assert gpd.read_file(f"zip://{file}")["name"][0] == "镇" * 84


def test_kml_shows_names_and_places(district: services.District, tmp_path: Path) -> None:
    file = tmp_path / "out.kml"
    write_layer("sites", features(district, "sites"), file, "kml")
    text = file.read_text("utf-8")

    assert "公园" in text
    assert "<coordinates>0.5,0.5" in text


def test_text_of_people_stays_text_in_kml(tmp_path: Path) -> None:
    place = {"type": "Point", "coordinates": [1.0, 2.0]}
    evil = "<img src=x onerror=alert(1)>]]>&"
    one = {"type": "Feature", "id": "1", "geometry": place, "properties": {"name": evil, "kind": "park"}}
    write_layer("sites", [one], tmp_path / "out.kml", "kml")

    assert "<img" not in (tmp_path / "out.kml").read_text("utf-8")


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"'dwg' is not one of {', '.join(FORMATS)}"):
        write_layer("sites", [], tmp_path / "out.dwg", "dwg")
