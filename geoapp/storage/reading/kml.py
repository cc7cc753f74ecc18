"""KML: every placemark of every folder, with its name, description and extended data."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.source import Row, Source

LOOKED_AT = 1_000
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["'](gb[\w-]*)["']""", re.IGNORECASE)
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")


def read_kml(path: Path) -> Source:
    """A KML file; its links to other files are not followed. Raises BadInput for what is no XML."""
    names: dict[str, None] = {}
    for number, row in enumerate(_rows(path)):
        names |= dict.fromkeys(row.values)
        if number >= LOOKED_AT:
            break
    return Source("KML", tuple(names), lambda: _rows(path), crs="EPSG:4326")


def _rows(path: Path) -> Iterator[Row]:
    number = 0
    try:
        for _, element in iterparse(io.BytesIO(_utf8(path)), forbid_dtd=True):
            if _tag(element) == "Placemark":
                number += 1
                yield _row(number, element)
                element.clear()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise BadInput("{file} cannot be read ({reason}).", file=path.name, reason=str(error)[:160]) from error


def _utf8(path: Path) -> bytes:
    """The file's bytes; the parser knows no Chinese encodings, so that these are made UTF-8 first."""
    text = path.read_bytes()
    declared = _DECLARED.match(text)
    if declared is None:
        return text
    return text.decode("gb18030", "replace").encode().replace(declared[1], b"utf-8", 1)


def _row(number: int, placemark: Element) -> Row:
    values: dict[str, Any] = {}
    if placemark.get("id"):
        values["id"] = placemark.get("id")
    for part in placemark.iter():
        tag = _tag(part)
        if tag in ("name", "description", "address") and tag not in values and part.text:
            values[tag] = part.text.strip()
        elif tag == "SimpleData" and part.get("name"):
            values[str(part.get("name"))] = part.text
        elif tag == "Data" and part.get("name"):
            values[str(part.get("name"))] = next((one.text for one in part if _tag(one) == "value"), None)
    shape = next((part for part in placemark if _tag(part) in _SHAPES), None)
    try:
        return Row(number, values, None if shape is None else _geometry(shape))
    except (ValueError, IndexError):
        return Row(number, values, None, Sentence("its geometry cannot be read"))


def _geometry(shape: Element) -> dict[str, Any] | None:
    """A shape as GeoJSON; raises ValueError or IndexError for coordinates that are none."""
    tag = _tag(shape)
    if tag == "MultiGeometry":
        parts = [found for part in shape if _tag(part) in _SHAPES and (found := _geometry(part))]
        return _together(parts) if parts else None
    if tag == "Polygon":
        rings = [_coordinates(ring) for ring in shape.iter() if _tag(ring) == "LinearRing"]
        return {"type": "Polygon", "coordinates": rings}
    points = _coordinates(shape)
    if tag == "Point":
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "LineString", "coordinates": points}


def _together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = {part["type"] for part in parts}
    if len(parts) == 1:
        return parts[0]
    if len(kinds) == 1 and not (kind := kinds.pop()).startswith(("Multi", "GeometryC")):
        return {"type": f"Multi{kind}", "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _coordinates(shape: Element) -> list[list[float]]:
    text = next((part.text or "" for part in shape.iter() if _tag(part) == "coordinates"), "")
    return [[float(number) for number in place.split(",")[:2]] for place in re.sub(r"\s*,\s*", ",", text).split()]


def _tag(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
