"""Tables: CSV in any usual encoding, and Excel workbooks."""

import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.archives import opened
from geoapp.storage.reading.encodings import encoding_of
from geoapp.storage.reading.headings import LOOKED_AT, heading_at, headings, is_empty, is_table, named_twice
from geoapp.storage.reading.pictures import Pictures, pictures_of
from geoapp.storage.reading.source import Row, Source

DELIMITERS = ",;\t|"
LONGEST_CELL = 1024 * 1024
CHUNK, LONGEST_REFERENCE = 1024 * 1024, 200

Lines = Callable[[], Iterator[tuple[int, Sequence[Any]]]]
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


def read_csv(path: Path, encoding: str | None = None) -> Source:
    """A file of values by delimiter; raises BadInput if it is not text or has no heading."""
    known = encoding_of(path, encoding)
    csv.field_size_limit(LONGEST_CELL)
    delimiter = _delimiter(path, known)

    def lines() -> Iterator[tuple[int, Sequence[Any]]]:
        with path.open(encoding=known, newline="") as file:
            reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
            try:
                for values in reader:
                    yield reader.line_num, values
            except csv.Error as error:
                raise BadInput("{file} cannot be read as a table at line {line}: {reason}.",
                               file=path.name, line=reader.line_num, reason=error) from error  # fmt: skip

    return table(path, "CSV", lines, encoding=known)


def _delimiter(path: Path, encoding: str) -> str:
    """The one that stands most often in the first lines that have any."""
    with path.open(encoding=encoding, newline="") as file:
        start = "".join(islice(file, LOOKED_AT))[:100_000]
    return max(DELIMITERS, key=start.count)


def read_workbook(path: Path) -> Source:
    """The first sheet of an .xlsx workbook that holds a table; cached values of formulas, merged cells filled."""
    opened(path).close()
    sheet = _first_sheet(path)

    def lines() -> Iterator[tuple[int, Sequence[Any]]]:
        held: dict[tuple[int, int], Any] = {}
        with _workbook(path) as book:
            for number, cells in enumerate(book[sheet.title].iter_rows(values_only=True), start=1):
                yield number, filled(number, list(cells), sheet.merged, held)

    return table(path, "XLSX", lines, pictures=sheet.pictures, unread=others(sheet.title, sheet.others))


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    """The opened workbook; whatever openpyxl stumbles over in it becomes one sentence."""
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            yield book
        except (BadInput, GeneratorExit):
            raise
        except Exception as error:
            raise BadInput("{file} is a damaged workbook; open and save it again.", file=path.name) from error


def _first_sheet(path: Path) -> "_Sheet":
    """The first sheet that holds a table, else the first with anything in it."""
    with _workbook(path) as book:
        begun = {sheet: list(islice(sheet.iter_rows(values_only=True), LOOKED_AT)) for sheet in book.worksheets}
        known = [sheet for sheet, rows in begun.items() if any(not is_empty(row) for row in rows)]
        if not known:
            raise BadInput("{file} holds no table.", file=path.name)
        chosen = next((sheet for sheet in known if is_table(begun[sheet])), known[0])
        part = chosen._worksheet_path
        others = tuple(sheet.title for sheet in known if sheet is not chosen)
        return _Sheet(chosen.title, _merged(path, part), pictures_of(path, part), others)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: its name, where its merged cells take their values from, its pictures; others: what is not read."""

    title: str
    merged: dict[tuple[int, int], tuple[int, int]]
    pictures: Pictures
    others: tuple[str, ...]


def _merged(path: Path, part: str) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of every cell that is covered by another one, to the (row, column) of that one, both from 1."""
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for reference in _references(path, part.lstrip("/")):
        west, north, east, south = range_boundaries(reference.decode())
        if (east - west + 1) * (south - north + 1) > 100_000:
            continue
        taken |= {(row, column): (north, west) for row in range(north, south + 1) for column in range(west, east + 1)}
    return taken


def _references(path: Path, part: str) -> Iterator[bytes]:
    """The ranges of merged cells in a sheet, which may be far larger than memory should hold."""
    kept = b""
    with zipfile.ZipFile(path) as archive, archive.open(part) as file:
        while chunk := file.read(CHUNK):
            text = kept + chunk
            found = list(_MERGE.finditer(text))
            yield from (one[1] for one in found)
            kept = text[max(found[-1].end() if found else 0, len(text) - LONGEST_REFERENCE) :]


def filled(number: int, cells: list[Any], merged: dict[tuple[int, int], tuple[int, int]],
            held: dict[tuple[int, int], Any]) -> list[Any]:  # fmt: skip
    """A row in which merged cells below their first row hold its value; titles across columns stay one cell."""
    for place in range(len(cells)):
        first = merged.get((number, place + 1))
        if first is None:
            continue
        if first == (number, place + 1):
            held[first] = cells[place]
        elif first[1] == place + 1:
            cells[place] = held.get(first)
    return cells


def table(
    path: Path, format: str, lines: Lines, *, encoding: str | None = None, pictures: Pictures | None = None,
    unread: Sequence[Sentence] = (),
) -> Source:  # fmt: skip
    """The records below the headings that are found among the first lines; raises BadInput if there are none.

    lines: numbers, as a person counts them, and cells. pictures: those in the cells of a workbook. unread: remarks
    about what else is in the file.
    """
    start = list(islice(lines(), LOOKED_AT))
    place = heading_at([values for _, values in start])
    twice = named_twice([values for _, values in start]) if place is None else None
    if twice is not None:
        raise BadInput("{file} has no row of headings that all differ: {name} stands there twice; give each column a "
                       "name of its own.", file=path.name, name=twice)  # fmt: skip
    if place is None:
        raise BadInput("{file} has no row of headings, such as 名称, 经度, 纬度 or name, lon, lat.", file=path.name)
    heading_line, heading = start[place]
    names = _distinct(headings(heading))
    found = pictures or Pictures()

    def rows() -> Iterator[Row]:
        for number, values in lines():
            # Sheets that were printed page by page repeat their headings.
            if number <= heading_line or list(values) == list(heading):
                continue
            cells = list(values)
            shown = found.of(number, cells)
            if shown or not is_empty(cells):
                # More values than headings are kept under the names of their places.
                more = [f"column {column}" for column in range(len(names) + 1, len(cells) + 1)]
                yield Row(number, dict(zip([*names, *more], cells, strict=False)), pictures=shown)

    passed = sum(not is_empty(values) for _, values in start[:place])
    return Source(format, tuple(names), rows, encoding=encoding, remarks=(*unread, *_remarks(passed, found)))


def others(title: str, more: Sequence[str]) -> list[Sentence]:
    """What a person should know of sheets that are not read."""
    if not more:
        return []
    return [Sentence("Of its sheets {sheet!r} was read, not {others}.", sheet=title, others=", ".join(more))]


def _remarks(passed: int, pictures: Pictures) -> Iterator[Sentence]:
    if passed:
        yield Sentence("{count} rows above the headings were passed over.", count=passed)
    if pictures.unread:
        yield Sentence(
            "{count} pictures could not be read: they are damaged, too large, of another kind, or not in the file.",
            count=pictures.unread,
        )


def _distinct(names: list[str]) -> list[str]:
    """Names of which each stands once: the second "备注" becomes "备注 2"."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return distinct
