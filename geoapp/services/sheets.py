"""Any table as a file that office programs open."""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import IO

from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.documents.spreadsheet import csv_bytes, write_book
from geoapp.documents.text_table import text_table

IN_MEMORY = 4 * 1024 * 1024
# Name, heading and kind: text, id, number, day or moment.
Columns = Sequence[tuple[str, str, str]]


def sheet_xlsx(
    title: str, columns: Columns, rows: Iterable[Sequence[Cell]], *, notes: Sequence[str] = (), notes_title: str = ""
) -> IO[bytes]:
    """A table as a workbook, in a file that vanishes when it is closed."""
    return book_xlsx([Sheet(title, [Column(*one) for one in columns], rows, notes=notes, notes_title=notes_title)])


def book_xlsx(sheets: Sequence[Sheet]) -> IO[bytes]:
    """Sheets as one workbook, likewise."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - who sends it closes it
    try:
        write_book(sheets, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def sheet_csv(columns: Columns, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A table as CSV, in chunks."""
    return csv_bytes(Sheet("", [Column(*one) for one in columns], rows))


def csv_of(sheet: Sheet) -> Iterator[bytes]:
    """A sheet as CSV, in chunks."""
    return csv_bytes(sheet)


def as_lines(heading: Sequence[str], rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> str:
    """A table as lines of a terminal; numeric: columns that are aligned to the right."""
    return text_table(heading, rows, numeric)
