"""Deadlines, counted by hand on the calendar of May 2026."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.domain.working_time import Calendar

BEIJING = timezone(timedelta(hours=8))
# Labour Day 2026: 1 to 5 May are free, Saturday 9 May is worked instead.
MAY = Calendar(
    {date(2026, 5, day): False for day in (1, 4, 5)} | {date(2026, 5, 9): True}, known_until=date(2026, 12, 31)
)


def may(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("found", "rule", "due"),
    [
        (may(6, 10), "2 h", may(6, 12)),
        (may(6, 23), "2 h", may(7, 1)),
        (may(6, 10), "2 wh", may(6, 12)),
        (may(6, 11), "2 wh", may(6, 14, 30)),
        (may(6, 16, 30), "4 wh", may(7, 12)),
        (may(2, 10), "4 wh", may(6, 14, 30)),
        (may(8, 17), "1 wh", may(9, 9, 30)),
        (may(6, 10), "1 wd", may(7, 17, 30)),
        (may(8, 10), "1 wd", may(9, 17, 30)),
        (may(9, 10), "2 wd", may(12, 17, 30)),
        (may(6, 10), "30 d", datetime(2026, 6, 5, 17, 30, tzinfo=BEIJING)),
    ],
)
def test_deadlines_agree_with_the_wall_calendar(found: datetime, rule: str, due: datetime) -> None:
    assert MAY.due(found, rule).at == due


def test_beyond_the_known_calendar_a_deadline_is_provisional() -> None:
    new_year = datetime(2026, 12, 31, 10, tzinfo=BEIJING)

    assert MAY.due(new_year, "1 wd").provisional
    assert not MAY.due(may(6, 10), "1 wd").provisional


@pytest.mark.parametrize("rule", ["", "4", "wh", "4 weeks", "-1 d", "1.5 h"])
def test_a_rule_that_is_none_is_named(rule: str) -> None:
    with pytest.raises(BadInput, match="is not a rule such as 4 h"):
        MAY.due(may(6, 10), rule)


moments = st.datetimes(datetime(2026, 4, 1), datetime(2026, 6, 30)).map(lambda moment: moment.replace(tzinfo=BEIJING))
rules = st.builds("{} {}".format, st.integers(1, 30), st.sampled_from(["h", "wh", "wd", "d"]))


@given(moments, moments, rules)
def test_what_is_found_later_is_never_due_earlier(one: datetime, other: datetime, rule: str) -> None:
    earlier, later = sorted((one, other))

    assert MAY.due(earlier, rule).at <= MAY.due(later, rule).at
    assert MAY.due(later, rule).at > later
