"""What a file is, by its content, and the reader for it."""

import csv
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.archives import extract, opened
from geoapp.storage.reading.kml import read_kml
from geoapp.storage.reading.old_workbooks import read_old_workbook
from geoapp.storage.reading.rasters import TIFF, read_raster
from geoapp.storage.reading.source import Row, Source
from geoapp.storage.reading.tables import read_csv, read_workbook
from geoapp.storage.reading.vectors import (
    GPX_LAYERS,
    SHAPE_PARTS,
    read_fiona,
    read_geojson,
    read_geopackage,
    read_shapefile,
)

LOOKED_AT = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_SHP = b"\x00\x00\x27\x0a"


@contextmanager
def open_source(path: Path, *, encoding: str | None = None) -> Iterator[Source]:
    """A file of any format that is read here, opened; what it is packed in is unpacked until the block ends.

    GeoJSON, one feature a line, Shapefile (zipped, or with its parts beside it), GeoPackage, KML, KMZ, GPX, CSV, XLSX,
    XLS, GeoTIFF (of people). Raises BadInput with one sentence for anything else, and for what cannot be read.
    """
    if not path.is_file():
        raise BadInput("There is no file {file}.", file=path.name)
    with tempfile.TemporaryDirectory() as folder:
        yield _opened(path, Path(folder), encoding)


def _opened(path: Path, folder: Path, encoding: str | None) -> Source:
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    if not start.strip():
        raise BadInput("{file} is empty.", file=path.name)
    if start.startswith(b"PK\x03\x04"):
        return _archive(path, folder, encoding)
    if start.startswith(b"SQLite format 3\x00"):
        return read_geopackage(path)
    if start.startswith(TIFF):
        return read_raster(path)
    if start.startswith(_OLE):
        return read_old_workbook(path)
    if start.startswith(_SHP):
        parts = [path.with_suffix(ending) for ending in (*SHAPE_PARTS, *map(str.upper, SHAPE_PARTS))]
        return read_shapefile(path, [part for part in parts if part.is_file()], folder, encoding=encoding)
    return _text(path, start, encoding)


def _text(path: Path, start: bytes, encoding: str | None) -> Source:
    first = start.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")[:1]
    if first == b"{":
        return read_geojson(path)
    if first == b"<":
        return _xml(path)
    return read_csv(path, encoding)


def _archive(path: Path, folder: Path, encoding: str | None) -> Source:
    with opened(path) as archive:
        names = [name.lower() for name in archive.namelist()]
        if "xl/workbook.xml" in names:
            return read_workbook(path)
        if any(name.endswith(".shp") for name in names):
            parts = extract(archive, SHAPE_PARTS, folder, path.name)
            shapes = [part for part in parts if part.suffix.lower() == ".shp"]
            if len(shapes) > 1:
                raise BadInput(
                    "{file} holds {count} Shapefiles; bring them one by one.", file=path.name, count=len(shapes)
                )
            source = read_shapefile(shapes[0], parts, folder, encoding=encoding)
            return _renamed(source, extract(archive, ("fields.csv",), folder, path.name))
        for ending in (".kml", ".geojson", ".json", ".gpkg", ".gpx", ".csv", ".xlsx", ".xls"):
            found = extract(archive, (ending,), folder, path.name)
            if found:
                return _opened(sorted(found)[0], folder, encoding)
    raise BadInput("{file} holds no file that can be read.", file=path.name)


def _renamed(source: Source, tables: list[Path]) -> Source:
    """The fields under their whole names, where geoapp wrote beside a Shapefile how it had to shorten them."""
    if not tables:
        return source
    with tables[0].open(encoding="utf-8-sig", errors="replace", newline="") as file:
        names = {row["field"]: row["name"] for row in csv.DictReader(file) if row.get("field") and row.get("name")}

    def rows() -> Iterator[Row]:
        for row in source.rows():
            yield replace(row, values={names.get(name, name): value for name, value in row.values.items()})

    return replace(source, fields=tuple(names.get(name, name) for name in source.fields), rows=rows)


def _xml(path: Path) -> Source:
    """KML or GPX; anything that defines entities of its own is refused before a parser sees it."""
    text = path.read_bytes()
    if re.search(rb"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise BadInput("{file} defines entities of its own, which no map needs; save it again without.", file=path.name)
    root = re.search(rb"<(?:\w+:)?(kml|gpx)\b", text[:LOOKED_AT], re.IGNORECASE)
    if root is None:
        raise BadInput("{file} is neither KML nor GPX.", file=path.name)
    source = read_kml(path) if root[1].lower() == b"kml" else read_fiona(path, "GPX", GPX_LAYERS)
    if b"<NetworkLink" not in text:
        return source
    remarks = (*source.remarks, Sentence("Its links to other files were not followed."))
    return Source(source.format, source.fields, source.rows, source.crs, source.encoding, remarks)
