"""Long texts are cut between records, wherever the blocks of a file happen to end."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.storage.points import splitting
from geoapp.storage.points.splitting import csv_record, last_csv_record, last_feature, last_line, pieces_of

# What may confuse one who looks for the end of a record.
NASTY = st.text(alphabet='ab",;\n\r\\{}[]公 ', max_size=8)


def cut(text: bytes, size: int, where: Callable[[bytes], int]) -> list[tuple[bytes, bool]]:
    blocks = ((text[start : start + size], start + size) for start in range(0, len(text), size))
    return [(piece, whole) for piece, _, whole in pieces_of(blocks, where, "file")]


@given(st.lists(st.lists(NASTY, min_size=2, max_size=2), min_size=1, max_size=6), st.integers(1, 60))
@example([['a\n"b', "c"]], 3)
def test_a_csv_is_cut_between_records_however_they_are_quoted(rows: list[list[str]], size: int) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    pieces = cut(written.getvalue().encode(), size, last_csv_record(csv_record(",")))
    read = [row for piece, _ in pieces for row in csv.reader(io.StringIO(piece.decode(), newline=""))]

    assert b"".join(piece for piece, _ in pieces) == written.getvalue().encode()
    assert read == rows


def test_a_sign_for_inches_within_a_value_is_no_quote() -> None:
    text = b'1,5" pipe\n2,"a\nb"\n3,c\n'

    assert cut(text, 12, last_csv_record(csv_record(","))) == [(b'1,5" pipe\n', True), (b'2,"a\nb"\n3,c\n', True)]


@given(st.lists(st.dictionaries(NASTY, NASTY | st.lists(st.integers()), max_size=3), max_size=6), st.integers(1, 80),
       st.sampled_from([None, 1]), st.booleans())  # fmt: skip
def test_features_are_cut_whole_whatever_stands_in_their_texts(
    members: list[dict[str, Any]], size: int, indent: int | None, ascii: bool
) -> None:
    text = json.dumps(members, indent=indent, ensure_ascii=ascii).encode()[1:] + b"}"
    pieces = cut(text, size, last_feature)
    features = [one for piece, whole in pieces if whole for one in json.loads(b"[%b]" % piece.strip(b" \r\n,"))]

    assert features == members
    assert b"".join(piece for piece, whole in pieces if not whole).strip() == b"]}"


def test_what_is_never_closed_is_not_taken_for_a_feature() -> None:
    assert cut(b'{"a":1},{"b":', 100, last_feature) == [(b'{"a":1}', True), (b',{"b":', False)]


def test_a_record_without_an_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "LONGEST_RECORD", 100)

    with pytest.raises(BadInput, match="holds a record that does not end"):
        cut(b"a" * 1000, 50, last_line)
