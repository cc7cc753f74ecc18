"""A problem moves only along the table of states."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.errors import InvalidTransition
from geoapp.domain.problem import AWAITING_WORK, NEXT, OPEN, Problem, Status

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def problem(status: Status = Status.REPORTED, deadline: datetime | None = None) -> Problem:
    return Problem(number="7", category="02", status=status, found_at=NOON, deadline=deadline)


def test_the_usual_way_leads_from_reported_to_closed() -> None:
    moved = problem()
    for status in ("assigned", "in_progress", "rectified", "closed"):
        moved = moved.moved_to(Status(status))

    assert moved.status is Status.CLOSED


def test_a_failed_verification_goes_back_to_work() -> None:
    assert problem(Status.RECTIFIED).moved_to(Status.IN_PROGRESS).status is Status.IN_PROGRESS


def test_nothing_is_closed_without_being_put_right() -> None:
    with pytest.raises(InvalidTransition, match="7 cannot go from reported to closed"):
        problem().moved_to(Status.CLOSED)


def test_a_moved_problem_is_a_new_value() -> None:
    before = problem()
    before.moved_to(Status.ASSIGNED)

    assert before.status is Status.REPORTED


def test_every_state_can_be_left_and_reached() -> None:
    assert set(NEXT) == set(Status)
    assert set().union(*NEXT.values()) == set(Status)
    assert all(NEXT.values())


@pytest.mark.parametrize("status", Status)
def test_only_work_that_waits_can_be_late(status: Status) -> None:
    late = problem(status, NOON - timedelta(hours=1))

    assert late.is_overdue(NOON) == (status in {"reported", "assigned", "in_progress"})
    assert status not in AWAITING_WORK or status in OPEN


def test_without_a_deadline_nothing_is_late() -> None:
    assert not problem().is_overdue(NOON)


@given(st.integers(-10_000, 10_000), st.integers(0, 10_000))
def test_what_is_overdue_stays_overdue_as_time_passes(minutes: int, later: int) -> None:
    due = problem(deadline=NOON + timedelta(minutes=minutes))

    assert due.is_overdue(NOON + timedelta(minutes=later)) or not due.is_overdue(NOON)
