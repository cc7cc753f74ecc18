"""Columns as the text that stands in a CSV or in JSON, made whole columns at a time."""

from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

_PLAIN = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


def csv_cells(column: Any, delimiter: str) -> pa.Array:
    """The values as they stand between delimiters: nothing for null, in quotes only where they must be."""
    texts = _texts(column)
    needs = pc.match_substring_regex(texts, f'["\r\n{_in_class(delimiter)}]')
    if pc.any(needs).as_py():
        quoted = _around(pc.replace_substring(texts, '"', '""'), '"')
        texts = pc.if_else(needs, quoted, texts)
    return pc.fill_null(texts, "")


def json_values(column: Any) -> pa.Array:
    """The values as JSON; what JSON has no number for is null."""
    column = _plain(column)
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        texts = column.cast(pa.string())
    elif pa.types.is_floating(kind):
        texts = _decimals(pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind)))
    elif pa.types.is_string(kind):
        texts = _json_strings(column)
    elif pa.types.is_date(kind) or pa.types.is_time(kind) or pa.types.is_timestamp(kind):
        texts = _around(_iso(column), '"')
    else:
        texts = pa.array([_json(value) for value in column.to_pylist()], pa.string())
    return pc.fill_null(texts, "null")


def joined(parts: Sequence[Any]) -> bytes:
    """Texts (n,) and constants set side by side, row after row, as one text."""
    rows = pc.binary_join_element_wise(*parts, pa.scalar("", pa.large_string()))
    return _bytes_of(rows)


def large(column: pa.Array) -> pa.Array:
    """The same texts, with room for more than 2 GB of them."""
    return column.cast(pa.large_string())


def _bytes_of(rows: pa.Array) -> bytes:
    """The texts of an array one after another: as they lie in memory already."""
    _, offsets, data = rows.buffers()
    if data is None or not len(rows):
        return b""
    ends = memoryview(offsets).cast("q")
    return bytes(memoryview(data)[ends[rows.offset] : ends[rows.offset + len(rows)]])


def _plain(column: Any) -> pa.Array:
    """One array without dictionaries, chunks and texts of other widths."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    if isinstance(whole, pa.ExtensionArray):
        whole = whole.storage
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    if pa.types.is_large_string(whole.type) or pa.types.is_string_view(whole.type):
        whole = whole.cast(pa.string())
    return whole.cast(pa.float32()) if pa.types.is_float16(whole.type) else whole


def _texts(column: Any) -> pa.Array:
    column = _plain(column)
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_floating(kind):
        return _decimals(column)
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return _iso(column)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string())
    return pa.array([_cell(value) for value in column.to_pylist()], pa.string())


def _iso(column: pa.Array) -> pa.Array:
    """Days and times as ISO 8601."""
    return pc.replace_substring(column.cast(pa.string()), " ", "T")


def _decimals(column: pa.Array) -> pa.Array:
    """Numbers with a point in them even where they are whole, so that they are read as such again."""
    texts = column.cast(pa.string())
    return pc.if_else(pc.match_substring_regex(texts, r"^-?[0-9]+$"), _beside(texts, ".0"), texts)


def _json_strings(column: pa.Array) -> pa.Array:
    # Quotes, backslashes and signs that do not print; everything else stands for itself.
    special = pc.match_substring_regex(column, r'["\\\x00-\x1f]')
    if pc.any(special).as_py():
        return pa.array([_json(value) for value in column.to_pylist()], pa.string())
    return _around(column, '"')


def _around(texts: pa.Array, sign: str) -> pa.Array:
    return pc.binary_join_element_wise(sign, texts, sign, "")


def _beside(texts: pa.Array, sign: str) -> pa.Array:
    return pc.binary_join_element_wise(texts, sign, "")


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=_foreign, option=_PLAIN).decode()


def _cell(value: Any) -> str | None:
    """A value that no text is usual for: bytes as hexadecimal digits, lists and records as JSON."""
    if value is None or isinstance(value, bytes):
        return None if value is None else value.hex()
    text = orjson.dumps(value, default=_foreign, option=_PLAIN)
    return text.decode() if isinstance(value, list | dict) else str(value)


def _foreign(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _in_class(delimiter: str) -> str:
    return r"\t" if delimiter == "\t" else f"\\{delimiter}" if delimiter == "|" else delimiter
