"""Geographic files: GeoJSON, and by fiona GeoPackage, Shapefile, KML and GPX, each with its own driver only."""

import contextlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fiona
import msgspec
import orjson

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.source import Row, Source

# The parts of a Shapefile that are read.
SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
LOOKED_AT = 1_000
# A GPX always has all of these, of which most are empty.
GPX_LAYERS = ("waypoints", "routes", "tracks", "route_points", "track_points")
_TABLES = """
    SELECT table_name FROM gpkg_contents JOIN sqlite_master ON name = table_name
    WHERE data_type = 'features' AND type = 'table' AND lower(sql) NOT LIKE 'create virtual%' ORDER BY 1
"""


class _Collection(msgspec.Struct):
    features: list[msgspec.Raw]
    crs: Any = None


def read_geojson(path: Path) -> Source:
    """A FeatureCollection, a single Feature, or one feature a line; features are decoded one by one."""
    raws = _raw_features(path)
    crs = _geojson_crs(path)

    def rows() -> Iterator[Row]:
        for number, raw in enumerate(_raw_features(path), start=1):
            yield _geojson_row(number, raw)

    names: dict[str, None] = {}
    for number, raw in enumerate(islice(raws, LOOKED_AT), start=1):
        names |= dict.fromkeys(_geojson_row(number, raw).values)
    return Source("GeoJSON", tuple(names), rows, crs=crs)


def _raw_features(path: Path) -> Iterator[bytes]:
    """Each feature's JSON; raises BadInput for what is none."""
    with path.open("rb") as file:
        first = file.readline(1024 * 1024).lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
    try:
        kind = orjson.loads(first).get("type") if first.rstrip().endswith(b"}") else None
    except (orjson.JSONDecodeError, AttributeError, RecursionError):
        kind = None
    if kind == "Feature":
        return _lines(path)
    return _members(path)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            text = line.strip(b"\xef\xbb\xbf\x1e \t\r\n")
            if text:
                yield text


def _members(path: Path) -> Iterator[bytes]:
    try:
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        collection = msgspec.json.decode(text, type=_Collection)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("{file} is no GeoJSON FeatureCollection ({reason}).", file=path.name, reason=error) from error
    return (bytes(raw) for raw in collection.features)


def _geojson_row(number: int, raw: bytes) -> Row:
    try:
        feature = orjson.loads(raw)
        values = dict(feature.get("properties") or {})
        if "id" in feature:
            values.setdefault("id", feature["id"])
        return Row(number, values, feature.get("geometry"))
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError, RecursionError):
        return Row(number, {}, None, Sentence("it is no GeoJSON feature"))


def _geojson_crs(path: Path) -> str | None:
    """The old `crs` member, where a file still has one; WGS 84 by today's standard."""
    with path.open("rb") as file:
        start = file.read(4096)
    named = re.search(rb'"crs"\s*:\s*\{[^{}]*\{\s*"name"\s*:\s*"([^"]+)"', start)
    return named[1].decode("ascii", "replace") if named else "EPSG:4326"


def read_geopackage(path: Path) -> Source:
    """The first layer of a GeoPackage that holds anything.

    It is a database, and GDAL ends the whole process at some damaged ones (about every tenth, when bytes are changed at
    random): so SQLite looks through it first. Only plain tables are read: views and virtual tables may lead elsewhere.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = bytes
            sound = database.execute("PRAGMA integrity_check(1)").fetchone() == (b"ok",)
            names = [row[0].decode() for row in database.execute(_TABLES)] if sound else []
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        raise BadInput("{file} is a damaged GeoPackage; save it again.", file=path.name) from error
    if not sound:
        raise BadInput("{file} is a damaged GeoPackage; save it again.", file=path.name)
    if not names:
        raise BadInput("{file} holds no layer of features.", file=path.name)
    return read_fiona(path, "GPKG", names)


def read_fiona(path: Path, driver: str, layers: Sequence[Any] = (None,), *, encoding: str | None = None) -> Source:
    """The first of these layers of a file that holds anything, by one driver and no other."""
    how: dict[str, Any] = {"enabled_drivers": [driver], "allow_unsupported_drivers": True}
    how |= {"encoding": encoding} if encoding else {}
    with _explained(path):
        layer = _first_with_records(path, layers, how)
        with fiona.open(path, layer=layer, **how) as file:
            names = tuple(file.schema["properties"])
            crs = file.crs_wkt or None

    def rows() -> Iterator[Row]:
        with _explained(path), fiona.open(path, layer=layer, **how) as file:
            for number, record in enumerate(file, start=1):
                place = None if record.geometry is None else json.loads(json.dumps(record.geometry.__geo_interface__))
                yield Row(number, dict(record.properties), place)

    more = [str(one) for one in layers if one is not None and one != layer and driver != "GPX"]
    others = Sentence("Of its layers {layer!r} was read, not {others}.", layer=layer, others=", ".join(more))
    return Source(driver, names, rows, crs=crs, encoding=encoding, remarks=(others,) if more else ())


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Whatever GDAL stumbles over in a file, by whichever of its many errors, becomes one sentence."""
    try:
        yield
    except (BadInput, GeneratorExit):
        raise
    except Exception as error:
        raise BadInput("{file} cannot be read ({reason}).", file=path.name, reason=_short(error)) from error


def _first_with_records(path: Path, layers: Sequence[Any], how: dict[str, Any]) -> Any:
    """The first layer with a record, else the first one."""
    for layer in layers:
        with fiona.open(path, layer=layer, **how) as file:
            if next(iter(file), None) is not None:
                return layer
    return layers[0] if layers else None


def read_shapefile(path: Path, parts: list[Path], folder: Path, *, encoding: str | None = None) -> Source:
    """A Shapefile from its parts, in a folder of their own; the .cpg's word is checked against the texts."""
    by_ending = {part.suffix.lower(): part for part in parts if part.stem == path.stem}
    for needed in (".shp", ".dbf"):
        if needed not in by_ending:
            raise BadInput(
                "{file} needs its {part} beside it; bring them together in a .zip.", file=path.name, part=needed
            )
    for ending, part in by_ending.items():
        if part.parent != folder:
            shutil.copyfile(part, folder / f"{path.stem}{ending}")
    known, remark = _dbf_encoding(by_ending, encoding)
    source = read_fiona(folder / f"{path.stem}.shp", "ESRI Shapefile", encoding=known)
    remarks = (*source.remarks, *([remark] if remark else []))
    return Source("Shapefile", source.fields, source.rows, source.crs, known, remarks)


def _dbf_encoding(parts: dict[str, Path], wanted: str | None) -> tuple[str, Sentence | None]:
    """The encoding of a .dbf's texts: the wanted one, what the .cpg says if that is true, else what reads them."""
    if wanted:
        return wanted, None
    told = parts[".cpg"].read_text("ascii", "replace").strip() if ".cpg" in parts else ""
    texts = _dbf_texts(parts[".dbf"])
    seen = next((name for name in ("utf-8", "gb18030") if _decodes(texts, name)), "latin-1")
    if not told:
        remark = Sentence("There is no .cpg; the texts were read as {encoding}.", encoding=seen)
        return seen, None if texts.isascii() else remark
    try:
        if seen != "utf-8" and _decodes(texts, told):
            return told, None
    except LookupError:
        return seen, Sentence(
            "The .cpg says {told}, which is no encoding; the texts were read as {encoding}.", told=told, encoding=seen
        )
    if seen == "utf-8" and not texts.isascii() and told.upper().replace("-", "") not in ("UTF8", "65001"):
        return seen, Sentence("The .cpg says {told}; the texts were read as {encoding}.", told=told, encoding=seen)
    return seen, None


def _dbf_texts(path: Path) -> bytes:
    """Field names and records of a .dbf, without the numbers of its header."""
    data = path.read_bytes()
    start = int.from_bytes(data[8:10], "little")
    names = b"".join(data[place : place + 11].split(b"\0", 1)[0] for place in range(32, max(start - 1, 32), 32))
    return names + data[start:].rstrip(b"\x1a\0")


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode("gb18030" if encoding.upper() in ("936", "CP936", "GBK", "GB2312") else encoding)
    except UnicodeDecodeError:
        return False
    return True


def _short(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:160].rstrip(".")
