"""Points in a CSV: cut between records, every column but the coordinates kept as the text that it is."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from geoapp.domain.errors import BadInput
from geoapp.storage.points.chunk import (
    Added,
    BadRow,
    Chunk,
    Found,
    Layout,
    Piece,
    PointFile,
    beside,
    distinct,
    free_name,
    numbers,
    with_added,
)
from geoapp.storage.points.splitting import Cut, csv_record, last_csv_record, pieces_of, utf8_blocks
from geoapp.storage.points.texts import csv_cells, joined, large
from geoapp.storage.reading.encodings import encoding_of

BLOCK = 16 * 1024 * 1024
DELIMITERS = ",;\t|"
# Where a CSV's coordinates stand: told the headings, the names of two of them.
Coordinates = Callable[[Sequence[str]], tuple[str, str]]


def open_csv(path: Path, coordinates: Coordinates, *, encoding: str | None = None) -> PointFile:
    """A CSV whose first line is its headings; raises BadInput if it is none, or `coordinates` finds none."""
    known = encoding_of(path, encoding)
    first = next((text for text, _ in utf8_blocks(path, known, BLOCK)), b"")
    delimiter, names, heading = _headings(path, first)
    east, north = coordinates(names)
    layout = Layout(pa.schema([(name, pa.string()) for name in names]), (east, north), frozenset({"csv"}))

    def pieces() -> Iterator[Piece]:
        blocks = utf8_blocks(path, known, BLOCK)
        cut = last_csv_record(csv_record(delimiter))
        for number, (text, done, whole) in enumerate(pieces_of(blocks, cut, path.name)):
            if not whole:
                _require_closed(path, text + b"\n", cut)
            yield Piece(text[heading:] if number == 0 else text, done)

    return PointFile(
        format="CSV",
        crs=None,
        total=path.stat().st_size,
        # The headings are the first row, as a spreadsheet counts.
        first_row=2,
        layout=layout,
        pieces=pieces,
        decode=lambda _: partial(_decoded, names=names, place=(east, north), delimiter=delimiter),
        delimiter=delimiter,
        # Excel reads other letters than Latin ones only behind a mark: what came from it goes back with one.
        marked=known != "utf-8",
    )


def _require_closed(path: Path, rest: bytes, cut: Cut) -> None:
    """What is left at the end are whole records too; a quote without its other half would swallow all that follows."""
    end = cut(rest)
    if rest[end:].strip():
        raise BadInput("{file} opens a quote that is never closed, in the record that begins with {start!r}.",
                       file=path.name, start=rest[end : end + 40].decode("utf-8", "replace"))  # fmt: skip


def _headings(path: Path, text: bytes) -> tuple[str, list[str], int]:
    """The delimiter, the headings, and where their line ends."""
    line = text.split(b"\n", 1)[0].decode("utf-8", "replace")
    if not text.strip():
        raise BadInput("{file} is empty.", file=path.name)
    delimiter = max(DELIMITERS, key=line.count)
    found = csv_record(delimiter).match(text)
    end = found.end() if found else len(text)
    values = next(csv.reader(text[:end].decode("utf-8", "replace").splitlines(keepends=True), delimiter=delimiter), [])
    return delimiter, distinct(values), end


def _decoded(data: bytes, *, names: Sequence[str], place: tuple[str, str], delimiter: str) -> Chunk:
    """A piece as a table of texts; raises BadRow for a row with more or fewer values than there are headings."""
    bad: list[pacsv.InvalidRow] = []
    if not data.strip(b"\r\n"):
        return _chunk(pa.table({name: pa.array([], pa.string()) for name in names}), place)
    try:
        table = pacsv.read_csv(
            pa.BufferReader(data),
            # One block, so that no record lies across two; and one thread, since every core has a process of its own.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=lambda row: _noted(row, bad)
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if bad:
            row, number = bad[0].number, bad[0].actual_columns
            raise BadRow((row or 1) - 1, "It has {number} values, but there are {headings} headings.",
                         number=number, headings=len(names)) from error  # fmt: skip
        raise BadRow(0, "From here on it cannot be read as a table ({reason}).", reason=str(error)[:160]) from error
    return _chunk(table, place)


def _noted(row: pacsv.InvalidRow, bad: list[pacsv.InvalidRow]) -> str:
    bad.append(row)
    return "error"


def _chunk(table: pa.Table, place: tuple[str, str]) -> Chunk:
    return Chunk(numbers(table[place[0]]), numbers(table[place[1]]), table)


@dataclass(frozen=True, slots=True)
class CsvRows:
    """How chunks become the lines of a CSV (UTF-8): with the columns of the coordinates that were, or those named."""

    layout: Layout
    added: Sequence[Added]
    axes: tuple[str, str]
    delimiter: str = ","
    marked: bool = False

    def headings(self) -> bytes:
        """The first line."""
        nothing = Chunk(np.zeros(0), np.zeros(0), self.layout.schema.empty_table())
        schema = self._table(nothing, {one.by: np.zeros(0, np.int64) for one in self.added}).schema
        names = csv_cells(pa.array(schema.names, pa.string()), self.delimiter)
        line = self.delimiter.join(names.to_pylist()) + "\n"
        return line.encode("utf-8-sig" if self.marked else "utf-8")

    def __call__(self, chunk: Chunk, found: Found) -> bytes:
        """A chunk's lines."""
        table = self._table(chunk, found)
        cells = [large(csv_cells(column, self.delimiter)) for column in table.columns]
        if not len(table):
            return b""
        signs = [pa.scalar(self.delimiter, pa.large_string())] * (len(cells) - 1)
        between = [*signs, pa.scalar("\n", pa.large_string())]
        return joined([part for pair in zip(cells, between, strict=True) for part in pair])

    def _table(self, chunk: Chunk, found: Found) -> pa.Table:
        if chunk.table is None:
            raise TypeError("a CSV is made of tables")
        table = chunk.table
        if "csv" not in self.layout.keeps:
            table = table.drop_columns([name for name in self.layout.place if name in table.column_names])
            for axis, values in zip(self.axes, (chunk.x, chunk.y), strict=True):
                named = free_name(axis, [*table.column_names, *(one.name for one in self.added)])
                table = beside(table, named, pa.array(values, from_pandas=True))
        return with_added(table, self.added, found)
