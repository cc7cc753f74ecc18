"""The leader's numbers, counted by hand on ten problems."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis import indicators
from geoapp.analysis.definitions import DEFINITIONS, VERDICTS
from geoapp.analysis.indicators import AMONG, ROWS, rates, share
from geoapp.analysis.intervals import Rate, Verdict
from geoapp.analysis.records import ABSENT, NO_TIME, OUTCOME_CODE, STATUS_CODE, Mask, Period, Problems, Visits
from geoapp.domain.errors import BadInput
from geoapp.domain.problem import Problem, Status
from geoapp.domain.selection import INDICATORS
from tests.analysis.toy_problems import DAY, Row, any_problems, any_row, period, problems, seconds

# The period is day 10 to 20, now is day 18. Problem 2 lies at site 1, 7 is 40 m from it and 8 is 60 m from it.
NOW = seconds(18)
DAYS = period(10, 20)
TOY = [
    Row("closed", 1, 11, rectified=10, closed=12, subcategory=1, site=0, from_visit=True),
    Row("closed", 10, 14, original=12, rectified=13, closed=15, subcategory=1, site=0, from_visit=True, rework=1),
    Row("rectified", 9, 12, rectified=13, subcategory=2, site=1, place=(0, 0)),
    Row("assigned", 10, 15, subcategory=2, place=(40, 0)),
    Row("deferred", 10, 12, subcategory=2, place=(5000, 0)),
    Row("rejected", 11, 12, subcategory=2, place=(5000, 0)),
    Row("closed", 2, 12, subcategory=3, site=3),
    Row("reported", 16, 19, subcategory=2, place=(0, 40)),
    Row("reported", 16, subcategory=2, place=(0, -60)),
    Row("in_progress", 12, 17, rectified=14, from_visit=True, rework=1),
]
days = st.integers(0, 12).map(lambda number: number * 5.0)


def rows_of(mask: Mask) -> list[int]:
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("found", [1, 3, 4, 5, 7, 8, 9]),
        ("found_by_visits", [1, 9]),
        ("due", [0, 1, 2, 3, 6, 9]),
        ("closed_of_due", [0, 1, 6]),
        ("timeliness_known", [0, 1, 2, 3, 9]),
        ("in_time", [0, 1]),
        ("in_time_originally", [0]),
        ("late_of_due", [2, 3, 9]),
        ("open", [2, 3, 4, 7, 8, 9]),
        ("overdue", [3, 9]),
        ("put_right", [0, 1, 2]),
        ("rework", [1]),
        ("can_relapse", [1, 3, 4, 5, 7, 8]),
        ("relapse", [1, 7]),
    ],
)
def test_each_number_counts_the_rows_that_a_hand_counts(name: str, expected: list[int]) -> None:
    assert rows_of(ROWS[name](problems(TOY), DAYS, NOW)) == expected


def test_the_rates_of_the_toy_world() -> None:
    assert rates(problems(TOY), DAYS, NOW) == {
        "closed_of_due": Rate(3, 6),
        "in_time": Rate(2, 5),
        "in_time_originally": Rate(1, 5),
        "late_of_due": Rate(3, 5),
        "overdue": Rate(2, 6),
        "rework": Rate(1, 3),
        "relapse": Rate(2, 6),
    }


def test_an_earlier_moment_is_told_from_the_times() -> None:
    noon = seconds(12.5)
    toy = problems(TOY)

    # Problem 2 was put right half a day later; nobody knows when problem 6 was closed; problem 5 was refused since.
    assert rows_of(indicators.open_at(toy, noon, now_s=NOW)) == [1, 2, 3, 4, 9]
    assert rows_of(indicators.overdue_at(toy, noon, now_s=NOW)) == [2]


def test_overdue_means_the_end_of_a_period_that_is_over() -> None:
    toy = problems(TOY)

    assert rows_of(indicators.overdue(toy, period(0, 12.5), NOW)) == [2]


def test_a_moment_to_come_is_refused() -> None:
    with pytest.raises(BadInput):
        indicators.open_at(problems(TOY), NOW + 1, now_s=NOW)


def test_a_deadline_is_kept_at_its_very_second_and_due_only_after_it() -> None:
    kept = problems([Row("rectified", 1, 11, rectified=11)])

    assert indicators.in_time(kept, DAYS, NOW).all()
    assert not indicators.due(kept, DAYS, seconds(11)).any()
    assert indicators.due(kept, DAYS, seconds(11) + 1).all()


def test_what_was_closed_after_now_is_not_closed_yet() -> None:
    later = problems([Row("closed", 1, 11, rectified=10, closed=19)])

    assert indicators.closed_of_due(later, DAYS, NOW).tolist() == [False]


def test_a_status_that_cannot_be_read_is_neither_open_nor_due() -> None:
    toy = problems(TOY)
    unread = replace(toy, status=np.full(len(toy), ABSENT))

    counts = {name: ROWS[name](unread, DAYS, NOW).sum() for name in ("due", "open", "overdue", "put_right")}
    assert counts == {"due": 0, "open": 0, "overdue": 0, "put_right": 0}


@given(any_problems(), days, days, days)
def test_what_is_counted_is_part_of_what_it_is_counted_among(
    toy: Problems, first: float, length: float, now: float
) -> None:
    asked = (toy, period(first, first + length), seconds(now))
    for name, among in AMONG.items():
        assert not (ROWS[name](*asked) & ~ROWS[among](*asked)).any(), name
    assert not (ROWS["found_by_visits"](*asked) & ~ROWS["found"](*asked)).any()
    assert not (ROWS["timeliness_known"](*asked) & ~ROWS["due"](*asked)).any()


@given(any_problems(), days, days)
def test_what_is_due_was_in_time_or_late_or_nobody_knows(toy: Problems, first: float, now: float) -> None:
    asked = (toy, period(first, 60), seconds(now))
    known = ROWS["in_time"](*asked).astype(int) + ROWS["late_of_due"](*asked)

    assert (known == ROWS["timeliness_known"](*asked)).all()


@given(any_problems(), days)
def test_what_is_due_and_awaits_work_is_overdue(toy: Problems, now: float) -> None:
    always = Period(0, seconds(1000))
    waiting = np.isin(
        toy.status, [STATUS_CODE[Status.REPORTED], STATUS_CODE[Status.ASSIGNED], STATUS_CODE["in_progress"]]
    )

    assert ((ROWS["due"](toy, always, seconds(now)) & waiting) == ROWS["overdue"](toy, always, seconds(now))).all()


@given(st.lists(any_row(found=days), max_size=20), days)
def test_overdue_now_is_what_the_domain_calls_overdue(rows: list[Row], now: float) -> None:
    def moment(day: float | None) -> datetime | None:
        return None if day is None else datetime.fromtimestamp(day * DAY, UTC)

    expected = [
        Problem(
            number="1",
            category="02",
            status=Status(row.status),
            found_at=moment(row.found),
            deadline=moment(row.deadline),
        ).is_overdue(moment(now))
        for row in rows
    ]
    assert indicators.overdue_at(problems(rows), seconds(now), now_s=seconds(now)).tolist() == expected


@given(any_problems(), days, st.data())
def test_one_more_closed_never_lowers_the_rate_of_closing(toy: Problems, now: float, data: st.DataObject) -> None:
    asked = (Period(0, seconds(1000)), seconds(now))
    due = rows_of(indicators.due(toy, *asked))
    if not due:
        return
    row = data.draw(st.sampled_from(due))
    status, closed = toy.status.copy(), toy.closed.copy()
    status[row], closed[row] = STATUS_CODE[Status.CLOSED], seconds(now)
    before = rates(toy, *asked)["closed_of_due"]
    after = rates(replace(toy, status=status, closed=closed), *asked)["closed_of_due"]

    assert after.n == before.n
    assert after.k in (before.k, before.k + 1)


@given(st.lists(any_row(), max_size=20), days, days)
def test_extensions_never_make_fewer_problems_in_time(rows: list[Row], first: float, now: float) -> None:
    extended = [
        replace(row, original=None if row.deadline is None else min(row.deadline, row.original or row.deadline))
        for row in rows
    ]
    asked = (problems(extended), period(first, 60), seconds(now))

    assert not (ROWS["in_time_originally"](*asked) & ~ROWS["in_time"](*asked)).any()


@st.composite
def lives(draw: st.DrawFn) -> tuple[float, float | None, float | None, float | None]:
    """Found, put right and closed in this order, each once or not yet; and a deadline."""
    found, work, verification = draw(days), draw(st.none() | days), draw(st.none() | days)
    rectified = None if work is None else found + work
    closed = None if rectified is None or verification is None else rectified + verification
    return found, rectified, closed, draw(st.none() | days)


def as_it_stood(lived: list[tuple[float, float | None, float | None, float | None]], day: float) -> Problems:
    """The ledger of that day: only what had been found and done by then."""
    rows = []
    for found, rectified, closed, deadline in lived:
        known_rectified = rectified if rectified is not None and rectified <= day else None
        known_closed = closed if closed is not None and closed <= day else None
        status = "closed" if known_closed is not None else "rectified" if known_rectified is not None else "assigned"
        rows.append(Row(status, found, deadline, rectified=known_rectified, closed=known_closed))
    return problems(rows)


@given(st.lists(lives(), max_size=20), days)
def test_an_earlier_moment_is_told_as_the_ledger_stood_then(
    lived: list[tuple[float, float | None, float | None, float | None]], day: float
) -> None:
    today, then = as_it_stood(lived, 1000), as_it_stood(lived, day)
    at, now = seconds(day), seconds(1000)
    there = then.found <= at

    assert (indicators.open_at(today, at, now_s=now) == (indicators.open_at(then, at, now_s=at) & there)).all()
    assert (indicators.overdue_at(today, at, now_s=now) == (indicators.overdue_at(then, at, now_s=at) & there)).all()


def toy_visits() -> Visits:
    """Site 0 is in order twice, 1 once of two times, 2 could not be checked, 3 was checked in another round."""
    outcomes = ["clean", "clean", "clean", "findings", "not_checked", "clean"]
    return Visits(
        site=np.array([0, 0, 1, 1, 2, 3]),
        round=np.array([7, 7, 7, 7, 7, 8]),
        at=np.array([seconds(day) for day in (10, 11, 12, 20, 13, 14)]),
        outcome=np.array([OUTCOME_CODE[outcome] for outcome in outcomes]),
    )


def test_visits_at_which_nothing_could_be_checked_do_not_count() -> None:
    assert rows_of(indicators.visits_made(toy_visits(), DAYS)) == [0, 1, 2, 5]


def test_a_site_is_in_order_if_every_visit_of_the_round_found_it_so() -> None:
    sites, this_round = np.array([3, 2, 1, 0, ABSENT]), np.array([7])
    visited = indicators.sites_visited(sites, toy_visits(), this_round)
    in_order = indicators.sites_in_order(sites, toy_visits(), this_round)

    assert visited.tolist() == [False, False, True, True, False]
    assert in_order.tolist() == [False, False, False, True, False]
    assert share(in_order, visited) == Rate(1, 2)


def test_several_rounds_count_together() -> None:
    sites = np.array([0, 1, 2, 3])

    assert indicators.sites_visited(sites, toy_visits(), np.array([7, 8])).tolist() == [True, True, False, True]
    assert not indicators.sites_visited(sites, toy_visits(), np.array([], np.int64)).any()


def test_a_visit_without_a_site_visits_none() -> None:
    stray = Visits(site=np.array([ABSENT]), round=np.array([7]), at=np.array([0]), outcome=np.array([0]))

    assert not indicators.sites_visited(np.array([ABSENT, 0]), stray, np.array([7])).any()


def test_a_township_is_covered_by_one_facility_that_counts() -> None:
    at, counted = np.array([5, 5, 6, ABSENT]), np.array([True, True, False, True])

    assert indicators.townships_covered(np.array([5, 6, 7]), at, counted).tolist() == [True, False, False]


def test_problems_per_visit_need_a_visit() -> None:
    assert indicators.per_visit(3, 2) == 1.5
    assert indicators.per_visit(3, 0) is None


def test_a_share_of_something_else_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="must be part"):
        share(np.array([True]), np.array([False]))


def test_columns_of_different_lengths_are_a_mistake() -> None:
    toy = problems(TOY)
    with pytest.raises(ValueError, match="equally long"):
        replace(toy, found=toy.found[:-1])


def test_a_period_holds_its_first_second_but_not_its_end() -> None:
    times = np.array([NO_TIME, 9, 10, 19, 20])

    assert Period(10, 20).holds(times).tolist() == [False, False, True, True, False]
    assert not Period(NO_TIME, 0).holds(times).any()
    with pytest.raises(BadInput):
        Period(10, 9)


def test_all_rows_behind_a_number_can_be_asked_for() -> None:
    assert list(ROWS) == list(INDICATORS["problems"])
    assert set(AMONG) | set(AMONG.values()) <= set(ROWS)


def test_every_rate_is_defined_in_words() -> None:
    # What is late is what is not in time: it needs no words of its own.
    assert set(AMONG) - {"late_of_due"} <= set(DEFINITIONS)
    assert set(VERDICTS) == set(Verdict)
    assert all(text for definition in DEFINITIONS.values() for text in (definition.title, definition.formula))
