"""Sheets as XLSX and CSV files that every office program opens, and in which nothing that people wrote is a formula."""

import csv
import io
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
CSV_CHUNK = 500
A4 = 9
_WIDTHS = {"text": 22.0, "id": 18.0, "number": 11.0, "day": 12.0, "moment": 17.0}
_FORMATS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "text": "@", "id": "@", "number": "General"}
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs and two that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel and its kin read what begins like this as a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="12506B")


def write_xlsx(sheet: Sheet, target: IO[bytes]) -> None:
    """Write the sheet as a workbook: frozen and filtered header, real dates, texts as texts, A4 landscape for print.

    Characters that XML cannot hold are left out, texts beyond Excel's limit cut. Raises BadInput for too many rows.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet.title, "Sheet"))
    _set_up(page, sheet)
    page.append([_header(page, column.heading) for column in sheet.columns])
    rows = 0
    for row in sheet.rows:
        rows += 1
        if rows > MOST_ROWS:
            raise BadInput("Excel holds {most} rows, and there are more: choose fewer, or take CSV.", most=MOST_ROWS)
        page.append([_cell(page, column, value) for column, value in zip(sheet.columns, row, strict=True)])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{rows + 1}"
    _write_notes(book, sheet)
    book.save(target)


def csv_bytes(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as CSV: UTF-8 with the mark that Excel asks for, in chunks of some hundred rows.

    A text that begins like a formula gets an apostrophe before it, since CSV knows no types.
    """
    yield "\ufeff".encode() + _csv([[column.heading for column in sheet.columns]])
    rows = iter(sheet.rows)
    while chunk := list(islice(rows, CSV_CHUNK)):
        yield _csv([[_csv_value(value) for value in row] for row in chunk])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _csv_value(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value)


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
    cell = _text(page, heading)
    cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, Alignment(vertical="center")
    return cell


def _cell(page: Any, column: Column, value: Cell) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return _text(page, value)
    cell = WriteOnlyCell(page, value)
    cell.number_format = _FORMATS[column.kind if isinstance(value, date) or column.kind == "number" else "number"]
    return cell


def _text(page: Any, value: str) -> Any:
    text = _FORBIDDEN.sub("", value)
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # whatever it begins with
    cell.number_format = _FORMATS["text"]
    return cell


def _write_notes(book: Any, sheet: Sheet) -> None:
    if not sheet.notes:
        return
    page = book.create_sheet(_sheet_name(sheet.notes_title, "About"))
    page.column_dimensions["A"].width = 100
    for note in sheet.notes:
        page.append([_text(page, note)])


def _sheet_name(title: str, otherwise: str) -> str:
    """A title as Excel allows it for a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", _FORBIDDEN.sub("", title)).strip("' ")[:31] or otherwise
