"""GeoJSON features and tables, each made into the other; and features with more properties than they had."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geoapp.storage.points.chunk import Added, BadRow, Found, Looked, RawFeature
from geoapp.storage.points.texts import joined, json_values, large

_members = msgspec.json.Decoder(RawFeature)
_KINDS = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def kinds_of(features: Sequence[RawFeature]) -> Mapping[str, frozenset[str]]:
    """By property the kinds of its values."""
    kinds: dict[str, set[str]] = {}
    for properties in _properties(features):
        for name, value in properties.items():
            kinds.setdefault(name, set()).add(_kind(value))
    return {name: frozenset(found) for name, found in kinds.items()}


def _kind(value: Any) -> str:
    kind = _KINDS.get(type(value), "json")
    return "float" if kind == "int" and not _SMALLEST <= value <= _LARGEST else kind


def schema_of(looked: Iterable[Looked]) -> pa.Schema:
    """The columns of all features, in the order in which they were met; those of several kinds are text."""
    kinds: dict[str, set[str]] = {}
    for piece in looked:
        for name, found in piece.kinds.items():
            kinds.setdefault(name, set()).update(found)
    return pa.schema([(name, _type(found - {"null"})) for name, found in kinds.items()])


def _type(kinds: set[str]) -> pa.DataType:
    if kinds == {"bool"}:
        return pa.bool_()
    if kinds == {"int"}:
        return pa.int64()
    return pa.float64() if kinds and kinds <= {"int", "float"} else pa.string()


def columns_of(features: Sequence[RawFeature], schema: pa.Schema) -> pa.Table:
    """The properties as a table of these columns; lists, records and numbers among texts as JSON."""
    rows = _properties(features)
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if pa.types.is_string(field.type):
            values = [_text(value) for value in values]
        columns.append(pa.array(values, field.type))
    # Without a column a table has no rows: the number of them is in the chunk's coordinates.
    return pa.Table.from_arrays(columns, schema=schema)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def _properties(features: Sequence[RawFeature]) -> list[dict[str, Any]]:
    """The properties of each feature, and its id where they have none."""
    texts = [bytes(feature.get("properties", b"null")) for feature in features]
    try:
        rows = [{} if row is None else row for row in orjson.loads(b"[%b]" % b",".join(texts))]
    except orjson.JSONDecodeError as error:
        raise BadRow(0, "From here on there are properties that are none ({reason}).", reason=str(error)) from error
    for number, (row, feature) in enumerate(zip(rows, features, strict=True)):
        if not isinstance(row, dict):
            raise _no_properties(number)
        if "id" in feature:
            row.setdefault("id", orjson.loads(bytes(feature["id"])))
    return rows


def _no_properties(row: int) -> BadRow:
    return BadRow(row, "Its properties are no record of names and values.")


def extended(features: Sequence[RawFeature], added: Sequence[Added], found: Found, end: bytes) -> Iterator[bytes]:
    """Each feature with these properties after its own, in place of those that had their names."""
    texts = zip(*(_values(one, found) for one in added), strict=True)
    # An escaped letter may hide a name.
    suspect = re.compile(b"|".join([rb"\\u", *(b'"%b"' % one.name.encode() for one in added)]))
    names = {one.name for one in added}
    for row, (feature, values) in enumerate(zip(features, texts, strict=True)):
        own = bytes(feature.get("properties", b"null"))
        if not own.startswith(b"{") or suspect.search(own):
            own = _without(row, own, names)
        inner = own[1:-1].strip()
        feature["properties"] = msgspec.Raw(b"{%b}" % b",".join((inner, *values) if inner else values))
        yield _object(feature) + end


def _values(one: Added, found: Found) -> list[bytes]:
    """The member `"name":value` of each row."""
    name = orjson.dumps(one.name)
    known = [b"%b:%b" % (name, orjson.dumps(value)) for value in [*one.values, None]]
    index = found[one.by]
    return [known[place] for place in np.where(index < 0, len(one.values), index).tolist()]


def _without(row: int, properties: bytes, names: set[str]) -> bytes:
    """The properties but for those of these names."""
    if properties == b"null":
        return b"{}"
    try:
        members = _members.decode(properties)
    except msgspec.MsgspecError as error:
        raise _no_properties(row) from error
    return _object({name: value for name, value in members.items() if name not in names})


def _object(members: RawFeature) -> bytes:
    return b"{%b}" % b",".join([_key(name) + bytes(value) for name, value in members.items()])


# Features have few names; a file with a new one in each must not fill the memory.
@lru_cache(1024)
def _key(name: str) -> bytes:
    return orjson.dumps(name) + b":"


def features_of(table: pa.Table, x: NDArray[np.float64], y: NDArray[np.float64], end: bytes) -> bytes:
    """A table's rows as features, each with `end` behind it; those without a place have no geometry."""
    if not len(x):
        return b""
    parts: list[Any] = ['{"type":"Feature","properties":{']
    for place, name in enumerate(table.column_names):
        parts += [f"{',' if place else ''}{orjson.dumps(name).decode()}:", large(json_values(table[name]))]
    parts += ['},"geometry":', _points(x, y), "}" + end.decode()]
    return joined([pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts])


def _points(x: NDArray[np.float64], y: NDArray[np.float64]) -> pa.Array:
    """Each place as a GeoJSON geometry."""
    unknown = ~(np.isfinite(x) & np.isfinite(y))
    east, north = (pa.array(values, pa.float64(), mask=unknown) for values in (x, y))
    texts = [large(json_values(values)) for values in (east, north)]
    around = [pa.scalar(text, pa.large_string()) for text in ('{"type":"Point","coordinates":[', ",", "]}", "")]
    points = pc.binary_join_element_wise(around[0], texts[0], around[1], texts[1], around[2], around[3])
    return pc.if_else(pa.array(unknown), pa.scalar("null", pa.large_string()), points)
