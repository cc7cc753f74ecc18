"""Points in a GeoJSON FeatureCollection, or one feature a line: every member but the new properties as it stands."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.storage.points.chunk import (
    Added,
    BadRow,
    Chunk,
    Found,
    Framing,
    Layout,
    Looked,
    Piece,
    PointFile,
    RawFeature,
    with_added,
)
from geoapp.storage.points.features import columns_of, extended, features_of, kinds_of, schema_of
from geoapp.storage.points.splitting import last_feature, last_line, last_mark, pieces_of, utf8_blocks

# Decoded, features take up ten times the room of their text.
BLOCK = 16 * 1024 * 1024
WGS84 = "OGC:CRS84"
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_ARRAY = re.compile(rb"\s*:\s*\[")
_RS = b"\x1e"


class _Point(msgspec.Struct):
    type: str
    coordinates: list[float]


_features = msgspec.json.Decoder(list[RawFeature])


class _Type(msgspec.Struct):
    type: str


_type = msgspec.json.Decoder(_Type)
_feature = msgspec.json.Decoder(RawFeature)
_points = msgspec.json.Decoder(list[_Point | None])
_point_decoder: msgspec.json.Decoder[_Point | None] = msgspec.json.Decoder(_Point | None)
_NOWHERE = [math.nan, math.nan]
Split = Callable[[bytes], list[RawFeature]]


def open_collection(path: Path) -> PointFile:
    """A FeatureCollection, read feature by feature; raises BadInput if it is none."""
    first = next((text for text, _ in utf8_blocks(path, "utf-8", BLOCK)), b"")
    start = _array_at(path, first)
    before = first[:start]
    after: list[bytes] = []

    def pieces() -> Iterator[Piece]:
        after.clear()
        for text, done, whole in pieces_of(_from(path, start), last_feature, path.name):
            if whole:
                yield Piece(text.strip(b" \t\r\n,"), done)
            else:
                after.append(text)
        _require_end(path, before, b"".join(after))

    framing = Framing(before, lambda: b"".join(after))
    return _file(path, "GeoJSON", _crs(before), pieces, _in_collection, framing)


def _from(path: Path, start: int) -> Iterator[tuple[bytes, int]]:
    """The blocks of the file from the first feature on."""
    for number, (text, read) in enumerate(utf8_blocks(path, "utf-8", BLOCK)):
        yield text[start:] if number == 0 else text, read


def open_lines(path: Path) -> PointFile:
    """One feature a line, or each after the sign RS; raises BadInput for an empty file."""
    first = next((text for text, _ in utf8_blocks(path, "utf-8", BLOCK)), b"")
    if not first.strip():
        raise BadInput("{file} is empty.", file=path.name)
    marked = first.lstrip().startswith(_RS)

    def pieces() -> Iterator[Piece]:
        blocks = utf8_blocks(path, "utf-8", BLOCK)
        for text, done, _ in pieces_of(blocks, last_mark if marked else last_line, path.name):
            yield Piece(text, done)

    return _file(path, "GeoJSONSeq", WGS84, pieces, _after_marks if marked else _in_lines, None)


def _file(path: Path, format: str, crs: str | None, pieces: Callable[[], Iterator[Piece]], split: Split,
          framing: Framing | None) -> PointFile:  # fmt: skip
    return PointFile(
        format=format,
        crs=crs,
        total=path.stat().st_size,
        first_row=1,
        layout=None,
        pieces=pieces,
        decode=lambda known: partial(_decoded, split=split, schema=known.schema if known else None),
        look=partial(_looked, split=split),
        agreed=lambda looked: Layout(schema_of(looked)),
        framing=framing,
    )


def _array_at(path: Path, text: bytes) -> int:
    """Where the first feature of a collection begins; raises BadInput if there is no array of features."""
    if not text.strip():
        raise BadInput("{file} is empty.", file=path.name)
    depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if depth == 1 and sign == b'"features"' and (array := _ARRAY.match(text, token.end())):
            return array.end()
        depth += (sign in b"{[") - (sign in b"}]")
    raise BadInput("{file} is no GeoJSON FeatureCollection: it has no list of features.", file=path.name)


def _require_end(path: Path, before: bytes, after: bytes) -> None:
    """Without its features a whole file is still a collection; what was not saved to its end is not."""
    if not after.lstrip().startswith(b"]"):
        raise BadInput("{file} ends in the middle of its features: it was not saved, or not copied, to its end.",
                       file=path.name)  # fmt: skip
    if not _is_collection(before + after):
        raise BadInput("{file} is no GeoJSON FeatureCollection: what stands around its features is no JSON.",
                       file=path.name)  # fmt: skip


def _is_collection(text: bytes) -> bool:
    try:
        return bool(orjson.loads(text).get("type") == "FeatureCollection")
    except (orjson.JSONDecodeError, AttributeError):
        return False


def _crs(before: bytes) -> str | None:
    """The old `crs` member, where a file still has one before its features; WGS 84 by today's standard."""
    try:
        members = orjson.loads(before.rstrip() + b"]}")
    except orjson.JSONDecodeError:
        return WGS84
    crs = members.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else WGS84


def _in_collection(data: bytes) -> list[RawFeature]:
    try:
        return _features.decode(b"[%b]" % _on_one_line(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRow(0, "From here on it is no list of features ({reason}).", reason=str(error)) from error


def _in_lines(data: bytes) -> list[RawFeature]:
    return _each([line for line in data.split(b"\n") if line.strip()])


def _after_marks(data: bytes) -> list[RawFeature]:
    return _each([record for record in _on_one_line(data).split(_RS) if record.strip()])


def _on_one_line(data: bytes) -> bytes:
    """The same JSON without ends of lines, which stand between its parts only: so a feature is a line when written."""
    return data.replace(b"\r", b" ").replace(b"\n", b" ")


def _each(texts: Sequence[bytes]) -> list[RawFeature]:
    """All features at once, or where that fails one by one, to tell which of them is none."""
    try:
        features = _features.decode(b"[%b]" % b",".join(texts))
        if len(features) == len(texts):
            return features
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    for row, text in enumerate(texts):
        try:
            _feature.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadRow(row, "It is no GeoJSON feature ({reason}).", reason=str(error)) from error
    raise BadRow(0, "From here on there is not one feature in each line.")


def _looked(data: bytes, *, split: Split) -> Looked:
    features = split(data)
    return Looked(len(features), kinds_of(features))


def _decoded(data: bytes, *, split: Split, schema: pa.Schema | None) -> Chunk:
    features = split(data)
    x, y = _places(features)
    if schema is None:
        return Chunk(x, y, raw=features)
    return Chunk(x, y, columns_of(features, schema))


def _places(features: Sequence[RawFeature]) -> NDArray[np.float64]:
    """x and y (2, n) of all features; NaN without a place."""
    texts = [bytes(feature.get("geometry", b"null")) for feature in features]
    try:
        points = _points.decode(b"[%b]" % b",".join(texts))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        points = [_point(row, text) for row, text in enumerate(texts)]
    for row, point in enumerate(points):
        if point is not None and point.type != "Point":
            raise _no_point(row, point.type)
    places = [point.coordinates[:2] if point and len(point.coordinates) > 1 else _NOWHERE for point in points]
    xy = np.array(places, dtype=np.float64).reshape(-1, 2).T
    return np.where(np.isfinite(xy).all(axis=0), xy, np.nan)


def _point(row: int, text: bytes) -> _Point | None:
    """One geometry: None if it is a point whose coordinates cannot be read; raises BadRow if it is something else."""
    try:
        return _point_decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        kind = _kind(text)
        if kind != "Point":
            raise _no_point(row, kind) from None
        return None


def _kind(text: bytes) -> str:
    try:
        return _type.decode(text).type
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "no geometry"


def _no_point(row: int, kind: str) -> BadRow:
    return BadRow(row, "Its geometry is {kind}, not a Point.", kind=kind)


@dataclass(frozen=True, slots=True)
class FeatureRows:
    """How chunks become features, each with `end` behind it.

    Features that came as such keep all their members and properties as they stand, with the new ones at the end. What
    came as a table gives its columns as properties.
    """

    layout: Layout
    added: Sequence[Added]
    end: bytes

    def __call__(self, chunk: Chunk, found: Found) -> bytes:
        """A chunk's features."""
        if chunk.raw is not None:
            return b"".join(extended(chunk.raw, self.added, found, self.end))
        if chunk.table is None:
            raise TypeError("a chunk has features or a table")
        table = with_added(chunk.table.drop_columns(list(self.layout.place)), self.added, found)
        return features_of(table, chunk.x, chunk.y, self.end)
