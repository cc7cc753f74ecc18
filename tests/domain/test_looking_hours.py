"""From the words of a table to hours of the day."""

import pytest

from geoapp.domain.looking_hours import WORDS, fitting, hours_of


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("office hours", (("09:00", "12:00"), ("13:30", "17:00"))),
        ("10:00-20:00", (("10:00", "20:00"),)),
        ("7:30-9:00, 17:00-19:00", (("07:30", "09:00"), ("17:00", "19:00"))),
        ("上午 8:00至11:30", (("08:00", "11:30"),)),
        ("daylight; parking at peak", WORDS["daylight"]),
        ("any; parking after 19:00", ()),
        ("term, school hours", WORDS["school hours"]),
        ("20:00-08:00", ()),
        ("by appointment", ()),
        (None, ()),
    ],
)
def test_words_name_hours_or_bind_nothing(words: str | None, hours: tuple[tuple[str, str], ...]) -> None:
    assert hours_of(words) == hours


def test_hours_that_are_too_short_for_a_visit_are_left_out() -> None:
    assert fitting((("08:00", "08:10"), ("09:00", "10:00")), 15) == (("09:00", "10:00"),)
