"""Columns become the text of a CSV or of JSON as the standard library would write them, value by value."""

import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.storage.points.texts import csv_cells, joined, json_values, large

TEXTS = st.lists(st.none() | st.text(max_size=12), min_size=1, max_size=8)
BEIJING = timezone(timedelta(hours=8))


@given(TEXTS)
def test_texts_are_read_back_from_json_as_they_were(texts: list[str | None]) -> None:
    assert [json.loads(text) for text in json_values(pa.array(texts, pa.string())).to_pylist()] == texts


@given(TEXTS, st.sampled_from(",;\t|"))
def test_texts_are_read_back_from_a_csv_as_they_were(texts: list[str | None], delimiter: str) -> None:
    cells = csv_cells(pa.array(texts, pa.string()), delimiter)
    lines = joined([pa.scalar(f"x{delimiter}", pa.large_string()), large(cells), pa.scalar("\n", pa.large_string())])
    # A zero byte and a lone end of a line of old are quoted like all that a reader might take for something else.
    read = list(csv.reader(io.StringIO(lines.decode(), newline=""), delimiter=delimiter))

    assert [row[1] for row in read] == [text or "" for text in texts]


@given(st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), min_size=1))
def test_numbers_keep_every_digit_and_what_is_none_is_null(numbers: list[float | None]) -> None:
    read = [json.loads(text) for text in json_values(pa.array(numbers, pa.float64(), from_pandas=False)).to_pylist()]

    assert read == [n if n is not None and abs(n) < float("inf") else None for n in numbers]
    assert all(isinstance(n, float) for n in read if n is not None)


@pytest.mark.parametrize(
    ("column", "as_json", "as_csv"),
    [
        (pa.array([True, None]), ["true", "null"], ["true", ""]),
        (pa.array([7, -7]), ["7", "-7"], ["7", "-7"]),
        (pa.array([date(2026, 5, 3)]), ['"2026-05-03"'], ["2026-05-03"]),
        (pa.array([datetime(2026, 5, 3, 12)], pa.timestamp("s")), ['"2026-05-03T12:00:00"'], ["2026-05-03T12:00:00"]),
        (
            pa.array([datetime(2026, 5, 3, 12, tzinfo=BEIJING)], pa.timestamp("s", "Asia/Shanghai")),
            ['"2026-05-03T12:00:00+0800"'],
            ["2026-05-03T12:00:00+0800"],
        ),
        (pa.array([Decimal("1.50")]), ['"1.50"'], ["1.50"]),
        (pa.array([[1, 2], None]), ["[1,2]", "null"], ['"[1,2]"', ""]),
        (pa.array([{"a": "b"}]), ['{"a":"b"}'], ['"{""a"":""b""}"']),
        (pa.array([b"\x01\xff"]), ['"01ff"'], ["01ff"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ['"a"', '"b"', '"a"'], ["a", "b", "a"]),
        (pa.array(["a"], pa.large_string()), ['"a"'], ["a"]),
        (pa.chunked_array([["a"], ["b"]]), ['"a"', '"b"'], ["a", "b"]),
        (pa.nulls(1), ["null"], [""]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_every_type_has_its_text(column: Any, as_json: list[str], as_csv: list[str]) -> None:
    assert json_values(column).to_pylist() == as_json
    assert csv_cells(column, ",").to_pylist() == as_csv
