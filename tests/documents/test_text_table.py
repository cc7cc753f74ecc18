"""Tables for a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from geoapp.documents.text_table import columns_wide, text_table


def test_columns_stand_under_their_headings_in_both_scripts() -> None:
    table = text_table(("Township", "n"), [("西乡", "12"), ("East", "3")], {1})

    assert table.splitlines() == ["Township   n", "--------  --", "西乡      12", "East       3"]


CELLS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_numbers_end_in_one_column(rows: list[tuple[str, str]]) -> None:
    lines = text_table(("a", "b"), rows, {1}).splitlines()

    assert len({columns_wide(line) for line in lines}) == 1
