"""What every file of points is read into, piece by piece."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

# A feature as it stands: its members by name, each still the text that it was.
RawFeature = dict[str, msgspec.Raw]
Indices = NDArray[np.int64]


class BadRow(Exception):
    """A row that cannot be read, numbered from 0 within its piece; the sentence tells the rest."""

    def __init__(self, row: int, sentence: str, **values: object) -> None:
        super().__init__(row, sentence)
        self.row, self.sentence, self.values = row, sentence, values


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file, cut between two records, that any process can decode. done: how much of it all lies behind."""

    data: Any
    done: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """The points of a piece: x and y (n,) in the axes of the file's CRS, NaN where a row has none that can be read.

    table: all columns, those of the coordinates too. raw: the features instead, where they came as GeoJSON and shall
    remain what they are.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    table: pa.Table | None = None
    raw: Sequence[RawFeature] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file. place: those that hold the coordinates. keeps: in which formats these stay as they are."""

    schema: pa.Schema
    place: tuple[str, ...] = ()
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a piece tells about its columns: by name the kinds of values in it."""

    rows: int
    kinds: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Framing:
    """What stands around the features of a FeatureCollection: kept from the file that they came from."""

    before: bytes
    after: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class PointFile:
    """An opened file of points.

    crs: as pyproj reads it, None where the file does not say. total: of what its pieces count in `done`. first_row: the
    number of its first record as a person counts. layout: of its columns; None where only all pieces together tell it,
    each by `look` and all of them by `agreed`. decode: makes the Chunk of a piece's data, in the process that calls it;
    told the layout of its table, None where features shall stay as they are. framing, delimiter, marked (by a mark of
    UTF-8): what a file written from it takes over.
    """

    format: str
    crs: str | None
    total: int
    first_row: int
    layout: Layout | None
    pieces: Callable[[], Iterator[Piece]]
    decode: Callable[[Layout | None], Callable[[Any], Chunk]]
    look: Callable[[Any], Looked] | None = None
    agreed: Callable[[Iterable[Looked]], Layout] | None = None
    framing: Framing | None = None
    delimiter: str = ","
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """A column to be added: the index (n,) of each row's value, below 0 for none, stands in `by` of an answer."""

    name: str
    by: str
    values: Sequence[str | None]


Found = Mapping[str, Indices]


def distinct(names: Sequence[str]) -> list[str]:
    """Names of which each stands once: the second "备注" becomes "备注 2", an empty one is called by its place."""
    seen: set[str] = set()
    found = []
    for place, given in enumerate(names, start=1):
        name = base = given.strip() or f"column {place}"
        number = 1
        while name in seen:
            number += 1
            name = f"{base} {number}"
        seen.add(name)
        found.append(name)
    return found


def free_name(name: str, taken: Sequence[str]) -> str:
    """The name, or where a column has it already, the name with a number."""
    return distinct([*taken, name])[-1]


def taken(values: Sequence[str | None], index: Indices) -> pa.Array:
    """The values at an index, null below 0."""
    known = pa.array([*values, None], pa.string())
    return known.take(pa.array(np.where(index < 0, len(values), index)))


def with_added(table: pa.Table, added: Sequence[Added], found: Found) -> pa.Table:
    """The table with these columns at its end, in place of those that have their names."""
    table = table.drop_columns([one.name for one in added if one.name in table.column_names])
    for one in added:
        table = beside(table, one.name, taken(one.values, found[one.by]))
    return table


def beside(table: pa.Table, name: str, column: Any) -> pa.Table:
    """The table with one more column; to one without columns any number of rows may come."""
    return table.append_column(name, column) if table.num_columns else pa.table({name: column})


_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def numbers(column: Any) -> NDArray[np.float64]:
    """A column as numbers, NaN for what is none."""
    whole = pa.chunked_array(column) if isinstance(column, list) else column
    if pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type):
        whole = _parsed(whole)
    values: NDArray[np.float64] = whole.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    # Endless is no place either.
    return np.where(np.isfinite(values), values, np.nan)


def _parsed(texts: Any) -> Any:
    trimmed = pc.utf8_trim_whitespace(texts)
    try:
        return trimmed.cast(pa.float64())
    except pa.ArrowInvalid:
        readable = pc.match_substring_regex(trimmed, _NUMBER)
        return pc.if_else(readable, trimmed, pa.scalar(None, trimmed.type)).cast(pa.float64())
