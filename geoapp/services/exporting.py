"""Whole layers, or parts of them, as files of geographic and office programs."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any

import orjson

from geoapp.config import Config
from geoapp.documents.sheet import Column, Sheet
from geoapp.documents.spreadsheet import csv_bytes, write_xlsx
from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located
from geoapp.services.browse import require_layer
from geoapp.services.district import District, at_this_moment
from geoapp.services.ordering import AS_THEY_CAME
from geoapp.services.taking import CHUNK, Wanted, selected_rows, take_geojson
from geoapp.services.writing_files import ending_of, opened
from geoapp.storage.exporting import FORMATS, write_layer

Feature = dict[str, Any]


def take_layer(district: District, wanted: Wanted, format: str) -> IO[bytes]:
    """The selection as a file for geographic programs (gpkg, shp.zip, kml), which vanishes when it is closed."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{wanted.layer}.{format}"
        write_layer(wanted.layer, _features(district, wanted), target, format)
        # Opened before its folder goes: the file lives on until it is closed.
        return target.open("rb")


def export_instance_layer(config: Config, wanted: Wanted, target: Path) -> dict[str, Any]:
    """Write a selection of an instance to a file, in the format that its name ends with.

    Raises NoInstance, NotFound, UnknownParameter, BadInput; no half file is left.
    """
    format = ending_of(target, (*_WRITERS, *FORMATS))
    with opened(config) as district:
        now = at_this_moment(district)
        require_layer(wanted.layer, wanted.selection)
        with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
            made = Path(folder) / f"{wanted.layer}.{format}"
            _WRITERS.get(format, _write_layer)(now, wanted, made)
            made.replace(target)
        number = len(selected_rows(now, wanted))
    sentence = f"{number:,} {wanted.layer} stand in {target}."
    return {"layer": wanted.layer, "features": number, "file": str(target), "sentence": sentence}


def _write_layer(district: District, wanted: Wanted, target: Path) -> None:
    write_layer(wanted.layer, _features(district, wanted), target, ending_of(target, FORMATS))


def _write_geojson(district: District, wanted: Wanted, target: Path) -> None:
    with target.open("wb") as file:
        file.writelines(take_geojson(district, wanted, {"name": wanted.layer}))


def _write_csv(district: District, wanted: Wanted, target: Path) -> None:
    with target.open("wb") as file:
        file.writelines(csv_bytes(_sheet(district, wanted)))


def _write_xlsx(district: District, wanted: Wanted, target: Path) -> None:
    with target.open("wb") as file:
        write_xlsx(_sheet(district, wanted), file)


_WRITERS: dict[str, Callable[[District, Wanted, Path], None]] = {
    "geojson": _write_geojson,
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}


def _features(district: District, wanted: Wanted) -> Iterator[Feature]:
    snapshot = district.present.snapshot(wanted.layer)
    rows = selected_rows(district, replace(wanted, sort=wanted.sort or AS_THEY_CAME))
    for start in range(0, len(rows), CHUNK):
        yield from map(orjson.loads, snapshot.encoded(rows[start : start + CHUNK], wanted.scope))


def _sheet(district: District, wanted: Wanted) -> Sheet:
    """All fields under their own names, codes instead of words: what a program reads back without a loss."""
    names = list(
        dict.fromkeys([field.name for record in (LAYERS[wanted.layer].record, Located) for field in fields(record)])
    )
    columns = [Column("id", "id", "id"), *(Column(name, name) for name in names), Column("geometry", "geometry")]
    return Sheet(wanted.layer, columns, _rows(_features(district, wanted), names))


def _rows(features: Iterable[Feature], names: list[str]) -> Iterator[list[Any]]:
    for feature in features:
        properties = feature["properties"]
        yield [feature["id"], *(_cell(properties.get(name)) for name in names), _cell(feature["geometry"])]


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else value
