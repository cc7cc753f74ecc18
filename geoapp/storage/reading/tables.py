"""Tables: CSV in any usual encoding, and Excel workbooks."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.archives import opened
from geoapp.storage.reading.encodings import encoding_of
from geoapp.storage.reading.headings import LOOKED_AT, heading_at, headings, is_empty
from geoapp.storage.reading.source import Row, Source

DELIMITERS = ",;\t|"
LONGEST_CELL = 1024 * 1024
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

    return _table(path, "CSV", lines, encoding=known)


def _delimiter(path: Path, encoding: str) -> str:
    """The one that stands most often in the first lines that have any."""
    with path.open(encoding=encoding, newline="") as file:
        start = "".join(islice(file, LOOKED_AT))[:100_000]
    return max(DELIMITERS, key=start.count)


def read_workbook(path: Path) -> Source:
    """The first sheet of an .xlsx workbook that holds a table; cached values of formulas, merged cells filled."""
    opened(path).close()
    sheet, merged = _first_sheet(path)

    def lines() -> Iterator[tuple[int, Sequence[Any]]]:
        held: dict[tuple[int, int], Any] = {}
        with _workbook(path) as book:
            for number, cells in enumerate(book[sheet].iter_rows(values_only=True), start=1):
                yield number, _filled(number, list(cells), merged, held)

    return _table(path, "XLSX", lines)


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


def _first_sheet(path: Path) -> tuple[str, dict[tuple[int, int], tuple[int, int]]]:
    """The name of the first sheet with anything in it, and where each of its merged cells takes its value from."""
    with _workbook(path) as book:
        for sheet in book.worksheets:
            rows = islice(sheet.iter_rows(values_only=True), LOOKED_AT)
            if any(not is_empty(row) for row in rows):
                return sheet.title, _merged(path, sheet._worksheet_path)
    raise BadInput("{file} holds no table.", file=path.name)


def _merged(path: Path, part: str) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of every cell that is covered by another one, to the (row, column) of that one, both from 1."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(part.lstrip("/"))
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    for reference in _MERGE.findall(text):
        west, north, east, south = range_boundaries(reference.decode())
        if (east - west + 1) * (south - north + 1) > 100_000:
            continue
        taken |= {(row, column): (north, west) for row in range(north, south + 1) for column in range(west, east + 1)}
    return taken


def _filled(number: int, cells: list[Any], merged: dict[tuple[int, int], tuple[int, int]],
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


def _table(path: Path, format: str, lines: Any, encoding: str | None = None) -> Source:
    start = list(islice(lines(), LOOKED_AT))
    place = heading_at([values for _, values in start])
    if place is None:
        raise BadInput("{file} has no row of headings, such as 名称, 经度, 纬度 or name, lon, lat.", file=path.name)
    heading_line, heading = start[place]
    names = _distinct(headings(heading))

    def rows() -> Iterator[Row]:
        for number, values in lines():
            # Sheets that were printed page by page repeat their headings.
            if number > heading_line and not is_empty(values) and list(values) != list(heading):
                # More values than headings are kept under the names of their places.
                more = [f"column {column}" for column in range(len(names) + 1, len(values) + 1)]
                yield Row(number, dict(zip([*names, *more], values, strict=False)))

    passed = sum(not is_empty(values) for _, values in start[:place])
    remarks = (Sentence("{count} rows above the headings were passed over.", count=passed),) if passed else ()
    return Source(format, tuple(names), rows, encoding=encoding, remarks=remarks)


def _distinct(names: list[str]) -> list[str]:
    """Names of which each stands once: the second "备注" becomes "备注 2"."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return distinct
