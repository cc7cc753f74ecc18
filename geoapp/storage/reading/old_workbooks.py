"""Workbooks of Excel 97 to 2003 (.xls)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.headings import LOOKED_AT, is_table
from geoapp.storage.reading.source import Source
from geoapp.storage.reading.tables import filled, others, table

# Such a sheet has 65,536 rows at most; what is larger than this holds other things.
LARGEST = 200 * 1024**2


def read_old_workbook(path: Path) -> Source:
    """The first sheet of an .xls workbook that holds anything; merged cells hold their value in every row.

    Raises BadInput for other documents of that age, locked ones and damaged ones.
    """
    if path.stat().st_size > LARGEST:
        raise BadInput("{file} is larger than a workbook of its kind can be; save it as .xlsx.", file=path.name)
    rows, merged, unread = _read(path)

    def lines() -> Iterator[tuple[int, Sequence[Any]]]:
        held: dict[tuple[int, int], Any] = {}
        for number, cells in enumerate(rows, start=1):
            plain = [None if cell == "" else cell for cell in cells]
            yield number, filled(number, plain, merged, held)

    return table(path, "XLS", lines, unread=unread)


def _read(path: Path) -> tuple[list[list[Any]], dict[tuple[int, int], tuple[int, int]], list[Sentence]]:
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        known = {
            name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items() if sheet.start is not None
        }
        if known:
            name = next((one for one, rows in known.items() if is_table(rows[:LOOKED_AT])), next(iter(known)))
            return known[name], _merged(sheets[name]), others(name, [one for one in known if one != name])
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # A fault inside the library's Rust reaches Python as an exception that is no Exception.
    except BaseException as error:
        raise BadInput(
            "{file} is no workbook that can be read, or a locked one; save it as .xlsx without a password.",
            file=path.name,
        ) from error
    raise BadInput("{file} holds no table.", file=path.name)


def _merged(sheet: CalamineSheet) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of every covered cell to those of the one that covers it, from 1."""
    taken = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom, top + 65_536) + 1):
            for column in range(left, min(right, left + 256) + 1):
                taken[row + 1, column + 1] = (top + 1, left + 1)
    return taken
