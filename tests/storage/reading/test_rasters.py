"""Rasters of people: tags as OGC's GeoTIFF standard (19-008r4) has them."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.importing import Options, import_file
from geoapp.storage.reading.opening import open_source

NOTHING = -99999.0
PEOPLE = np.array([[1.5, NOTHING, 0.0], [2.25, 7.0, NOTHING]], np.float32)
# Version, keys; each key: its number, where its value stands (0: here), how many values, value.
IN_DEGREES = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326)


def raster(path: Path, **changed: Any) -> Path:
    tags = {33550: (0.01, 0.02, 0.0), 33922: (0.0, 0.0, 0.0, 116.0, 40.0, 0.0), 34735: IN_DEGREES,
            42113: f"{NOTHING:g}"} | changed.pop("tags", {})  # fmt: skip
    directory = ImageFileDirectory_v2()
    for number, value in tags.items():
        if value is not None:
            directory[number] = value
            directory.tagtype[number] = {33550: 12, 33922: 12, 34735: 3, 42113: 2}[number]
    Image.fromarray(changed.pop("people", PEOPLE)).save(path, tiffinfo=directory, **changed)
    return path


def cells(path: Path) -> list[tuple[float, float, float]]:
    with open_source(path) as source:
        assert (source.format, source.fields) == ("GeoTIFF", ("people",))
        return [(*(row.geometry or {})["coordinates"], row.values["people"]) for row in source.rows()]


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate"])
def test_inhabited_cells_stand_at_their_middles(tmp_path: Path, compression: str | None) -> None:
    path = raster(tmp_path / "people.tif", compression=compression)
    expected = [(116.005, 39.99, 1.5), (116.005, 39.97, 2.25), (116.015, 39.97, 7.0)]
    assert np.allclose(cells(path), expected)
    with open_source(path) as source:
        assert source.crs == "EPSG:4326"
        assert str(source.remarks[0]).endswith("left out: 3.")


def test_points_are_not_moved_to_the_middle(tmp_path: Path) -> None:
    points = (*IN_DEGREES[:8], 1025, 0, 1, 2, *IN_DEGREES[12:])
    assert cells(raster(tmp_path / "people.tif", tags={34735: points}))[0] == pytest.approx((116.0, 40.0, 1.5))


def test_a_projected_one_names_its_system(tmp_path: Path) -> None:
    projected = (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 4548)
    with open_source(raster(tmp_path / "people.tif", tags={34735: projected})) as source:
        assert source.crs == "EPSG:4548"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"tags": {33922: None}}, "does not say where on earth"),
        ({"tags": {34735: (1, 1, 0, 1, 1024, 0, 1, 2)}}, "does not name its coordinate system"),
        ({"people": np.zeros((2, 2, 3), np.uint8)}, "several bands"),
    ],
)
def test_what_cannot_be_placed_is_refused(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence), open_source(raster(tmp_path / "people.tif", **changed)):
        pass


def test_what_is_cut_off_is_refused(tmp_path: Path) -> None:
    people = np.random.default_rng(1).random((64, 64)).astype(np.float32)
    path = raster(tmp_path / "people.tif", people=people)
    path.write_bytes(path.read_bytes()[:-8_000])
    with pytest.raises(BadInput, match="no GeoTIFF"), open_source(path):
        pass


def test_a_raster_becomes_cells_of_the_population_layer(district: services.District, tmp_path: Path) -> None:
    tie = (0.0, 0.0, 0.0, 0.4, 0.6, 0.0)
    path = raster(tmp_path / "people.tif", tags={33922: tie})
    done = import_file(district, "population", path, Options(), by="t")
    found = services.records(services.at_this_moment(district), "population", Selection(), Scope.FULL, limit=9).rows
    assert (done.good, done.rejected) == (3, ())
    assert [(one["people"], one["township"]) for one in found] == [(1.5, "W"), (2.25, "W"), (7.0, "W")]


@pytest.mark.parametrize("tags", [
    {33550: (0.01,)}, {33550: (0.0, 0.02, 0.0)}, {33550: (float("nan"), 0.02, 0.0)},
    {33922: (0.0, 0.0, 0.0, float("inf"), 40.0, 0.0)}, {33922: (0.0, 0.0)},
])  # fmt: skip
def test_one_whose_tags_name_no_place_is_refused(tmp_path: Path, tags: dict[int, Any]) -> None:
    with pytest.raises(BadInput, match="does not say where on earth it lies"):
        cells(raster(tmp_path / "people.tif", tags=tags))


def test_what_marks_empty_cells_has_to_be_a_number(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="marks empty cells by 'none at all', which is no number"):
        cells(raster(tmp_path / "people.tif", tags={42113: "none at all"}))


def test_infinitely_many_people_live_nowhere(tmp_path: Path) -> None:
    people = np.array([[1.0, np.inf, -np.inf, -3.0]], np.float32)
    assert [number for *_, number in cells(raster(tmp_path / "people.tif", people=people))] == [1.0]


def test_a_damaged_one_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """Whatever byte of its directory is damaged, nobody sees more than that."""
    path = raster(tmp_path / "people.tif")
    whole, read = path.read_bytes(), 0
    for place in range(4, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with contextlib.suppress(BadInput), open_source(path) as source:
            read += bool(list(source.rows()))
    assert 0 < read < len(whole) - 4
