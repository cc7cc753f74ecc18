"""A list as lines of text: one line a problem, whatever its values hold."""

from hypothesis import given
from hypothesis import strategies as st

from geoapp.documents.lines import as_text


def test_lines_are_numbered_and_leave_out_what_is_not_known() -> None:
    lines = [("公安交通支队", "MN-1", None, "西乡"), ("城管委", "", "MN-2", None)]

    assert as_text("逾期问题", lines) == "逾期问题\n1. 公安交通支队｜MN-1｜西乡\n2. 城管委｜MN-2\n"


def test_a_line_break_inside_a_value_is_a_space() -> None:
    assert as_text("A\nB", [("a\r\n\tb\x00c\u2028d\x85e", " \n ")]) == "A B\n1. a b c d e\n"


@given(st.lists(st.lists(st.none() | st.text(), max_size=4)))
def test_there_is_one_line_a_problem_and_one_for_the_heading(lines: list[list[str | None]]) -> None:
    assert len(as_text("x", lines).splitlines()) == 1 + len(lines)
