"""Sheets come back from other readers as they were written: openpyxl, the csv module and pandas."""

import csv
import io
import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.documents import spreadsheet
from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.documents.spreadsheet import LONGEST_TEXT, csv_bytes, write_book, write_xlsx
from geoapp.domain.errors import BadInput

BEIJING = timezone(timedelta(hours=8))
COLUMNS = [
    Column("number", "编号", "id"),
    Column("unit", "责任单位"),
    Column("days", "Days", "number"),
    Column("found", "发现日期", "day"),
    Column("deadline", "整改期限", "moment"),
]
ROWS: list[list[Cell]] = [
    ["110116001001", "龙山街道", 3, date(2026, 5, 2), datetime(2026, 5, 4, 9, 0)],
    ["0201", "=HYPERLINK(1)", -1.5, None, datetime(2026, 5, 4, 18, 30, tzinfo=BEIJING)],
]
FORMULAS = ["=1+1", "+86 10", "-1", "@me", "\tx", "\rx", "＝1", "＋1", "－1", "＠1"]
any_text = st.text(st.characters(codec=None), max_size=60)


def sheet(rows: Sequence[Sequence[Cell]] | Iterator[Sequence[Cell]] = ROWS, **more: Any) -> Sheet:
    return Sheet("问题台账", COLUMNS, rows, **more)


def texts(*values: Cell, kind: str = "text") -> Sheet:
    return Sheet("Texts", [Column("text", "Text", kind)], [[value] for value in values])


def workbook(written: Sheet) -> Any:
    target = io.BytesIO()
    write_xlsx(written, target)
    return openpyxl.load_workbook(target)


def csv_text(written: Sheet) -> str:
    return b"".join(csv_bytes(written)).decode("utf-8-sig")


def csv_rows(written: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_text(written), newline="")))


def test_a_workbook_holds_what_was_written() -> None:
    page = workbook(sheet()).worksheets[0]

    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["编号", "责任单位", "Days", "发现日期", "整改期限"],
        ["110116001001", "龙山街道", 3, datetime(2026, 5, 2), datetime(2026, 5, 4, 9, 0)],
        ["0201", "=HYPERLINK(1)", -1.5, None, datetime(2026, 5, 4, 18, 30)],
    ]


def test_cells_have_the_types_and_formats_of_their_columns() -> None:
    row = workbook(sheet()).worksheets[0][2]

    assert [cell.data_type for cell in row] == ["s", "s", "n", "d", "d"]
    assert [cell.number_format for cell in row] == ["@", "@", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert not any(cell.alignment.wrap_text for cell in row)


def test_a_workbook_is_ready_for_the_screen_and_the_printer() -> None:
    page = workbook(sheet()).worksheets[0]

    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:E3"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert "&P" in page.oddFooter.center.text
    assert all(cell.font.bold and cell.fill.fill_type == "solid" for cell in page[1])


def test_a_chinese_heading_gets_twice_the_width_of_a_latin_one() -> None:
    def width(heading: str) -> float:
        page = workbook(Sheet("t", [Column("n", heading, "number")], [])).worksheets[0]
        return float(page.column_dimensions["A"].width)

    assert width("问" * 20) - width("x" * 20) == 20


@pytest.mark.parametrize("title", ["问题:一/二", "[a]*?\\", "", "'", "长" * 40, "\x00"])
def test_any_title_becomes_one_that_excel_allows(title: str) -> None:
    name = workbook(Sheet(title, COLUMNS, [])).sheetnames[0]

    assert 1 <= len(name) <= 31
    assert not re.search(r"[\[\]:*?/\\]", name)


def test_notes_lie_on_a_second_sheet_of_the_given_name() -> None:
    book = workbook(sheet(notes=["来源：© OpenStreetMap", "=synthetic"], notes_title="说明"))

    assert book.sheetnames == ["问题台账", "说明"]
    assert [cell.value for cell in book["说明"]["A"]] == ["来源：© OpenStreetMap", "=synthetic"]
    assert workbook(sheet()).sheetnames == ["问题台账"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_stays_text(text: str) -> None:
    cell = workbook(texts(text)).worksheets[0]["A2"]

    assert (cell.data_type, cell.value) == ("s", text)
    assert csv_rows(texts(text))[1] == [f"'{text}"]


def test_an_id_is_a_text_even_if_it_came_as_a_number() -> None:
    cell = workbook(texts(110116001001, kind="id")).worksheets[0]["A2"]

    assert (cell.data_type, cell.value) == ("s", "110116001001")


def test_what_excel_has_no_number_or_day_for_is_left_empty_or_written_out() -> None:
    written = texts(math.nan, math.inf, date(1850, 3, 1), kind="number")
    page = workbook(written).worksheets[0]

    assert [cell.value for cell in page["A"]] == ["Text", None, None, "1850-03-01"]
    assert csv_rows(written) == [["Text"], [""], [""], ["1850-03-01"]]


@pytest.mark.parametrize("letter", ["x", "怀", "😀"])
def test_a_text_is_cut_where_excel_would_call_the_file_damaged(letter: str) -> None:
    value = workbook(texts(letter * (LONGEST_TEXT + 1))).worksheets[0]["A2"].value
    units = len(value.encode("utf-16-le")) // 2

    assert value.endswith(letter + "…")
    assert LONGEST_TEXT - 1 <= units <= LONGEST_TEXT


def test_too_many_rows_are_refused_and_leave_no_file_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    write_xlsx(texts("1", "2", "3"), io.BytesIO())

    with pytest.raises(BadInput, match=r"Excel holds 3 rows.*choose fewer.*CSV"):
        write_xlsx(texts("1", "2", "3", "4"), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_a_failure_among_the_rows_leaves_no_file_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def failing() -> Iterator[Sequence[Cell]]:
        yield ROWS[0]
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        write_xlsx(sheet(failing()), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_pandas_reads_the_same_from_both_files() -> None:
    target = io.BytesIO()
    write_xlsx(sheet(), target)
    excel = pd.read_excel(target, dtype={"编号": str}, engine="openpyxl")
    plain = pd.read_csv(
        io.BytesIO(b"".join(csv_bytes(sheet()))), dtype={"编号": str}, parse_dates=["发现日期", "整改期限"]
    )
    plain["责任单位"] = plain["责任单位"].str.removeprefix("'")

    pd.testing.assert_frame_equal(excel, plain, check_dtype=False)
    assert list(excel["编号"]) == ["110116001001", "0201"]


def test_csv_is_what_excel_opens_without_asking() -> None:
    written = b"".join(csv_bytes(sheet()))

    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig") == (
        "编号,责任单位,Days,发现日期,整改期限\r\n"
        "110116001001,龙山街道,3,2026-05-02,2026-05-04 09:00\r\n"
        "0201,'=HYPERLINK(1),-1.5,,2026-05-04 18:30\r\n"
    )


def test_csv_is_written_while_it_is_read() -> None:
    taken = []

    def endless() -> Iterator[Sequence[Cell]]:
        for number in iter(int, 1):
            taken.append(number)
            yield [number]

    chunks = csv_bytes(Sheet("t", [Column("n", "N", "number")], endless()))
    next(chunks), next(chunks)

    assert len(taken) == spreadsheet.CSV_CHUNK


@settings(deadline=None)
@given(st.lists(any_text, max_size=5))
def test_any_text_survives_csv(values: list[str]) -> None:
    expected = [value.encode("utf-8", "replace").decode() for value in values]
    read = [row[0] for row in csv_rows(texts(*values))[1:]]

    assert [text[1:] if text.startswith("'") and not value.startswith("'") else text
            for text, value in zip(read, values, strict=True)] == expected  # fmt: skip
    assert not any(text.startswith(tuple("=+-@\t\r＝＋－＠")) for text in read)


@settings(deadline=None)
@given(st.lists(any_text, min_size=1, max_size=5))
def test_any_text_survives_a_workbook(values: list[str]) -> None:
    page = workbook(texts(*values)).worksheets[0]
    forbidden = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    expected = [re.sub(forbidden, "", value) or None for value in values]

    assert [page.cell(row, 1).value for row in range(2, len(values) + 2)] == expected


@settings(deadline=None)
@given(st.lists(any_text, min_size=1, max_size=6))
def test_sheets_of_a_book_have_names_that_excel_takes_each_once(titles: list[str]) -> None:
    file = io.BytesIO()
    write_book([Sheet(title, [Column("n", "N", "number")], [[number]]) for number, title in enumerate(titles)], file)
    book = openpyxl.load_workbook(file)

    assert [page.cell(2, 1).value for page in book.worksheets] == list(range(len(titles)))
    assert len({name.casefold() for name in book.sheetnames}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)


def test_sheets_of_one_name_are_numbered() -> None:
    file = io.BytesIO()
    write_book([Sheet(title, [Column("n", "N")], []) for title in ("Team 1", "team 1", "x" * 40, "x" * 40)], file)

    assert openpyxl.load_workbook(file).sheetnames == ["Team 1", "team 1 2", "x" * 31, "x" * 29 + " 2"]
