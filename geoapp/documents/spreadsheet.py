"""Sheets as XLSX and CSV files that every office program opens, and in which nothing that people wrote is a formula."""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.domain.errors import BadInput

MOST_ROWS = 1_048_575  # Excel's own limit, less the header
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
CSV_CHUNK = 500
A4 = 9
_WIDTHS = {"text": 22.0, "id": 18.0, "number": 11.0, "share": 11.0, "day": 12.0, "moment": 17.0}
# Excel's calendar begins here; what was earlier it cannot show as a date.
_FIRST_YEAR = 1900
_FORMATS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "text": "@", "id": "@", "number": "General",
            "share": "0.0%"}  # fmt: skip
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs and two that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel and its kin read what begins like this as a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="12506B")


def write_xlsx(sheet: Sheet, target: IO[bytes]) -> None:
    """Write the sheet as a workbook: frozen and filtered header, real dates, texts as texts, A4 landscape for print.

    Moments stand as the clock of their own zone showed them. Characters that XML cannot hold are left out, texts
    beyond Excel's limit cut; an empty text, and a number that is none, leave their cell empty. Raises BadInput for too
    many rows.
    """
    write_book([sheet], target)


def write_book(sheets: Sequence[Sheet], target: IO[bytes]) -> None:
    """The same with several sheets, each followed by its notes; of sheets with one name the later ones are numbered."""
    book = Workbook(write_only=True)
    try:
        for sheet in sheets:
            _write_rows(book.create_sheet(_sheet_name(sheet.title, "Sheet", book.sheetnames)), sheet)
            _write_notes(book, sheet)
    except BaseException:
        # openpyxl keeps rows in files of its own, and removes them only after they were saved.
        book.save(io.BytesIO())
        raise
    book.save(target)


def _write_rows(page: Any, sheet: Sheet) -> None:
    _set_up(page, sheet)
    page.append([_header(page, column.heading) for column in sheet.columns])
    rows = 0
    for row in sheet.rows:
        rows += 1
        if rows > MOST_ROWS:
            raise BadInput("Excel holds {most} rows, and there are more: choose fewer, or take CSV.", most=MOST_ROWS)
        page.append([_cell(page, column, value) for column, value in zip(sheet.columns, row, strict=True)])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows + 1}"


def csv_bytes(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as CSV: UTF-8 with the mark that Excel asks for, in chunks of some hundred rows.

    A text that begins like a formula gets an apostrophe before it, since CSV knows no types; half a surrogate pair
    becomes a question mark.
    """
    yield "\ufeff".encode() + _csv([[_csv_value(column.heading) for column in sheet.columns]])
    rows = iter(sheet.rows)
    while chunk := list(islice(rows, CSV_CHUNK)):
        yield _csv([[_csv_value(value) for value in row] for row in chunk])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _csv_value(value: Cell) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return _as_text(value)


def _as_text(value: float | date | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")[:16]  # without its zone: the clock that people there looked at
    return "" if value is None or (isinstance(value, float) and not math.isfinite(value)) else str(value)


def _set_up(page: Any, sheet: Sheet) -> None:
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, start=1):
        width = max(_WIDTHS[column.kind], _columns_wide(column.heading) + 3)
        page.column_dimensions[get_column_letter(number)].width = width
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    page.oddFooter.center.text = "&P / &N"


def _columns_wide(text: str) -> int:
    """How many columns of a terminal, and about how many of Excel's units, a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _header(page: Any, heading: str) -> Any:
    cell = _text(page, heading) or WriteOnlyCell(page)
    cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, Alignment(vertical="center")
    return cell


def _cell(page: Any, column: Column, value: Cell) -> Any:
    if isinstance(value, str):
        return _text(page, value)
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        cell = WriteOnlyCell(page, value.replace(tzinfo=None) if isinstance(value, datetime) else value)
        kind = "moment" if isinstance(value, datetime) else "day"
        cell.number_format = _FORMATS[column.kind if column.kind in ("day", "moment") else kind]
        return cell
    if value is None or isinstance(value, date) or column.kind == "id" or not math.isfinite(value):
        return _text(page, _as_text(value))
    cell = WriteOnlyCell(page, value)
    cell.number_format = _FORMATS[column.kind if column.kind == "share" else "number"]
    return cell


def _text(page: Any, value: str) -> Any:
    text = _shortened(_FORBIDDEN.sub("", value))
    if not text:
        return None
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # whatever it begins with
    cell.number_format = _FORMATS["text"]
    return cell


def _shortened(text: str) -> str:
    """Excel counts as UTF-16 does, in which rarer characters are two."""
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _write_notes(book: Any, sheet: Sheet) -> None:
    if not sheet.notes:
        return
    page = book.create_sheet(_sheet_name(sheet.notes_title, "About", book.sheetnames))
    page.column_dimensions["A"].width = 100
    for note in sheet.notes:
        page.append([_text(page, note)])


def _sheet_name(title: str, otherwise: str, taken: Sequence[str]) -> str:
    """A title as Excel allows it for a sheet: without its signs, short, and there once (letters' cases are one)."""
    name = re.sub(r"[\[\]:*?/\\]", " ", _FORBIDDEN.sub("", title)).strip("' ")[:LONGEST_NAME] or otherwise
    known, number, made = {one.casefold() for one in taken}, 1, name
    while made.casefold() in known:
        number += 1
        made = f"{name[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    return made
