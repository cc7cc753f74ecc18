"""Layers written as files that geographic programs open: GeoPackage, Shapefile (zipped) and KML, record by record."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_type_hints

import fiona
from fiona.errors import FionaError

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS, POINT_LAYERS
from geoapp.domain.places import Located

Feature = Mapping[str, Any]

FORMATS = {"gpkg": "GPKG", "shp.zip": "ESRI Shapefile", "kml": "KML"}
WGS84 = "EPSG:4326"
# A .dbf file knows names of ten characters and texts of 254 bytes.
NAME_LENGTH, TEXT_BYTES = 10, 254
_TYPES = {bool: "bool", int: "int64", float: "float"}


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a format wants its records: field names and types, and how values are made to fit."""

    driver: str
    names: dict[str, str]
    types: dict[str, str]


def write_layer(layer: str, features: Iterable[Feature], target: Path, format: str) -> int:
    """Write GeoJSON features (WGS 84) of a layer as one of FORMATS; how many there were.

    GeoPackage keeps every field (lists and times as text). Shapefile shortens names and texts and says so in fields.csv
    inside its archive. Raises BadInput for another format, or when the disk refuses.
    """
    if format not in FORMATS:
        raise BadInput("{value!r} is not one of {known}.", value=format, known=", ".join(FORMATS))
    shape = _shape(layer, FORMATS[format])
    try:
        if format == "shp.zip":
            return _write_zipped(layer, features, target, shape)
        return _write(layer, features, target, shape)
    except FionaError as error:
        raise BadInput("{file} cannot be written: {reason}.", file=target.name, reason=error) from error


def write_records(name: str, features: Iterable[Feature], types: Mapping[str, str], target: Path) -> int:
    """Write GeoJSON features (WGS 84) that are no layer's as a GeoPackage of one table; how many there were.

    types: fiona's type of each property. A file that is there already is replaced, and whole or not at all.
    """
    schema = {"geometry": "Unknown", "properties": {"id": "str", **types}}
    number = 0
    try:
        with TemporaryDirectory(dir=target.absolute().parent) as folder:
            made = Path(folder) / target.name
            with fiona.open(made, "w", driver="GPKG", crs=WGS84, schema=schema, layer=name) as file:
                for feature in features:
                    values = {"id": feature["id"], **{key: feature["properties"].get(key) for key in types}}
                    file.write({"type": "Feature", "geometry": feature["geometry"], "properties": values})
                    number += 1
            made.replace(target)
    except (FionaError, OSError) as error:
        raise BadInput("{file} cannot be written: {reason}.", file=target.name, reason=error) from error
    return number


def _shape(layer: str, driver: str) -> _Shape:
    types = {"id": "str"} | _types(LAYERS[layer].record) | _types(Located)
    if driver == "ESRI Shapefile":
        # No booleans in a .dbf: yes and no are 1 and 0.
        fitting = {"bool": "int32", "str": f"str:{TEXT_BYTES}"}
        return _Shape(driver, _short_names(types), {name: fitting.get(kind, kind) for name, kind in types.items()})
    return _Shape(driver, {name: name for name in types}, types)


def _types(record: type) -> dict[str, str]:
    """Fiona's types of a record's fields; whatever is no plain number is text."""
    hints = get_type_hints(record)
    return {field.name: _type_of(hints[field.name]) for field in fields(record)}


def _type_of(hint: Any) -> str:
    (known, *_) = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
    return _TYPES.get(known, "str")


def _short_names(names: Iterable[str]) -> dict[str, str]:
    """Each name cut to ten characters, with a number where two would be the same."""
    short: dict[str, str] = {}
    for name in names:
        cut, number = name[:NAME_LENGTH], 1
        while cut in short.values():
            number += 1
            cut = f"{name[: NAME_LENGTH - 1 - len(str(number))]}_{number}"
        short[name] = cut
    return short


def _write(layer: str, features: Iterable[Feature], target: Path, shape: _Shape) -> int:
    schema = {
        "geometry": _geometry(layer, shape.driver),
        "properties": {shape.names[name]: kind for name, kind in shape.types.items()},
    }
    number = 0
    # A folder of Shapefiles has files for layers.
    named = {} if shape.driver == "ESRI Shapefile" else {"layer": layer}
    how = {"driver": shape.driver, "crs": WGS84, "schema": schema, "encoding": "utf-8", **named}
    with fiona.open(target, "w", allow_unsupported_drivers=True, **how) as file:
        for feature in features:
            file.write(_record(feature, shape))
            number += 1
    return number


def _geometry(layer: str, driver: str) -> str:
    if layer in POINT_LAYERS:
        return "Point"
    if driver == "ESRI Shapefile":
        return "Polygon" if layer == "townships" else "LineString"
    return "Unknown"


def _record(feature: Feature, shape: _Shape) -> dict[str, Any]:
    values = {"id": feature["id"], **feature["properties"]}
    return {
        "type": "Feature",
        "geometry": feature["geometry"],
        "properties": {shape.names[name]: _fitting(values.get(name), kind) for name, kind in shape.types.items()},
    }


def _fitting(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind.startswith("str"):
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return _cut(text) if ":" in kind else text
    return int(value) if kind.startswith("int") and not isinstance(value, str) else value


def _cut(text: str) -> str:
    """At most as many bytes as a .dbf field holds, never half a character."""
    return text.encode()[:TEXT_BYTES].decode("utf-8", "ignore")


def _write_zipped(layer: str, features: Iterable[Feature], target: Path, shape: _Shape) -> int:
    with TemporaryDirectory(dir=target.parent) as folder:
        number = _write(layer, features, Path(folder) / f"{layer}.shp", shape)
        (Path(folder) / "fields.csv").write_text("".join(_field_lines(shape.names)), encoding="utf-8-sig")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return number


def _field_lines(names: Mapping[str, str]) -> Iterator[str]:
    yield "field,name\r\n"
    for name, short in names.items():
        yield f"{short},{name}\r\n"
