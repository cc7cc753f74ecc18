"""The leader's numbers: which rows each of them counts, and among which.

Every number is a pair of masks over rows, so that a click opens exactly what was counted. In words they stand in
`definitions`, under the same names.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.intervals import Rate
from geoapp.analysis.records import (
    ABSENT,
    DONE,
    NO_TIME,
    OUTCOME_CODE,
    Codes,
    Mask,
    Period,
    Problems,
    Seconds,
    Visits,
    has_status,
    put_right_at,
)
from geoapp.analysis.relapse import can_relapse, relapsed
from geoapp.domain.errors import BadInput
from geoapp.domain.problem import AWAITING_WORK, OPEN, Status

# What a survey of residents must reach.
SURVEY_STANDARD = 0.70

# Deferred problems (挂账) follow a plan of their own, rejected ones are nobody's work.
_HELD_TO_DEADLINE = AWAITING_WORK | DONE


def found(problems: Problems, period: Period) -> Mask:
    """Problems found in the period, (n,)."""
    return period.holds(problems.found)


def found_by_visits(problems: Problems, period: Period) -> Mask:
    """Problems that visits found in the period, (n,)."""
    return found(problems, period) & problems.from_visit


def due(problems: Problems, period: Period, now_s: int) -> Mask:
    """Problems whose deadline lay in the period and has passed, but for deferred and rejected ones, (n,)."""
    passed: Mask = period.holds(problems.deadline) & (problems.deadline < now_s)
    return passed & has_status(problems, _HELD_TO_DEADLINE)


def closed_of_due(problems: Problems, period: Period, now_s: int) -> Mask:
    """Due problems that have passed verification, (n,); a closed one without a time of closing has."""
    # NO_TIME lies before every now.
    return due(problems, period, now_s) & has_status(problems, {Status.CLOSED}) & (problems.closed <= now_s)


def in_time(problems: Problems, period: Period, now_s: int) -> Mask:
    """Due problems that were put right at their deadline or before, (n,)."""
    return due(problems, period, now_s) & _put_right_by(problems, problems.deadline)


def in_time_originally(problems: Problems, period: Period, now_s: int) -> Mask:
    """Due problems that were put right by the deadline they had before any extension, (n,)."""
    original = np.where(problems.original_deadline != NO_TIME, problems.original_deadline, problems.deadline)
    return due(problems, period, now_s) & _put_right_by(problems, original)


def timeliness_known(problems: Problems, period: Period, now_s: int) -> Mask:
    """Due problems, but for those put right at a time that nobody wrote down, (n,).

    To count them as late would blame the unit for a gap in the ledger, to count them as in time would reward the gap.
    """
    known: Mask = has_status(problems, AWAITING_WORK) | (put_right_at(problems) != NO_TIME)
    return known & due(problems, period, now_s)


def late_of_due(problems: Problems, period: Period, now_s: int) -> Mask:
    """Due problems that were put right too late or not yet, (n,)."""
    return timeliness_known(problems, period, now_s) & ~in_time(problems, period, now_s)


def open_at(problems: Problems, at_s: int, *, now_s: int) -> Mask:
    """Problems that were open at a moment, (n,). Raises BadInput for a moment to come.

    Now: by status. Earlier: from the times, with today's status; one without a time of finding, or closed nobody knows
    when, is left out, and so is what has been rejected since. Without a time of closing that of the work stands for it.
    """
    _require_past(at_s, now_s)
    still_open = has_status(problems, OPEN)
    if at_s == now_s:
        return still_open
    closed = np.where(problems.closed != NO_TIME, problems.closed, problems.rectified)
    closed_since: Mask = has_status(problems, {Status.CLOSED}) & (closed > at_s)
    found_by_then: Mask = (problems.found != NO_TIME) & (problems.found <= at_s)
    return found_by_then & (still_open | closed_since)


def overdue_at(problems: Problems, at_s: int, *, now_s: int) -> Mask:
    """Problems whose work should have been done before a moment and had not, (n,). Raises BadInput for one to come.

    Now: by status, as `Problem.is_overdue`. Earlier: from the times, as `open_at`, put right later than that moment or
    not at all; what is deferred today is left out. Times with fractions of a second are cut.
    """
    waiting = has_status(problems, AWAITING_WORK)
    if at_s != now_s:
        waiting |= put_right_at(problems) > at_s
    missed: Mask = (problems.deadline != NO_TIME) & (problems.deadline < at_s)
    return missed & waiting & open_at(problems, at_s, now_s=now_s)


def put_right(problems: Problems, period: Period) -> Mask:
    """Problems put right in the period, (n,)."""
    return period.holds(put_right_at(problems))


def rework(problems: Problems, period: Period) -> Mask:
    """Problems put right in the period that verification had sent back at least once, (n,)."""
    return put_right(problems, period) & (problems.rework > 0)


def relapse(problems: Problems, period: Period) -> Mask:
    """Problems found in the period that had been put right there shortly before, (n,): `relapsed` says when."""
    return relapsed(problems, found(problems, period))


def visits_made(visits: Visits, period: Period) -> Mask:
    """Visits of the period at which the site could be checked, (n,)."""
    return _checked(visits) & period.holds(visits.at)


def sites_visited(sites: Codes, visits: Visits, rounds: Codes) -> Mask:
    """Which sites (n,) were checked in one of these rounds."""
    return _among(sites, visits.site[_checked(visits) & np.isin(visits.round, rounds)])


def sites_in_order(sites: Codes, visits: Visits, rounds: Codes) -> Mask:
    """Which sites (n,) were checked in one of these rounds and found in order each time."""
    findings = (visits.outcome == OUTCOME_CODE["findings"]) & np.isin(visits.round, rounds)
    return sites_visited(sites, visits, rounds) & ~_among(sites, visits.site[findings])


def townships_covered(townships: Codes, facility_township: Codes, counted: Mask) -> Mask:
    """Which townships (n,) have at least one of the counted facilities; both of those are (m,)."""
    return _among(townships, facility_township[counted])


def per_visit(found: int, made: int) -> float | None:
    """Problems found at a visit on average; None without visits."""
    return found / made if made else None


def share(counted: Mask, among: Mask) -> Rate:
    """How many of `among` are counted; raises ValueError if anything else is."""
    if (counted & ~among).any():
        raise ValueError("What is counted must be part of what it is counted among.")
    return Rate(int(counted.sum()), int(among.sum()))


def overdue(problems: Problems, period: Period, now_s: int) -> Mask:
    """Problems overdue at the end of the period, or now if that is to come, (n,)."""
    return overdue_at(problems, min(period.end_s, now_s), now_s=now_s)


# The rows behind a number, by the name that a Selection uses.
ROWS: Mapping[str, Callable[[Problems, Period, int], Mask]] = {
    "found": lambda problems, period, now_s: found(problems, period),
    "found_by_visits": lambda problems, period, now_s: found_by_visits(problems, period),
    "due": due,
    "closed_of_due": closed_of_due,
    "late_of_due": late_of_due,
    "in_time": in_time,
    "in_time_originally": in_time_originally,
    "timeliness_known": timeliness_known,
    "open": lambda problems, period, now_s: open_at(problems, min(period.end_s, now_s), now_s=now_s),
    "overdue": overdue,
    "put_right": lambda problems, period, now_s: put_right(problems, period),
    "rework": lambda problems, period, now_s: rework(problems, period),
    "can_relapse": lambda problems, period, now_s: found(problems, period) & can_relapse(problems),
    "relapse": lambda problems, period, now_s: relapse(problems, period),
}

# Each rate of problems and the rows it is counted among.
AMONG: Mapping[str, str] = {
    "closed_of_due": "due",
    "in_time": "timeliness_known",
    "in_time_originally": "timeliness_known",
    "late_of_due": "timeliness_known",
    "overdue": "open",
    "rework": "put_right",
    "relapse": "can_relapse",
}


def rates(problems: Problems, period: Period, now_s: int) -> dict[str, Rate]:
    """Every rate of problems by name, in the order of AMONG."""
    return {
        name: share(ROWS[name](problems, period, now_s), ROWS[among](problems, period, now_s))
        for name, among in AMONG.items()
    }


def _put_right_by(problems: Problems, deadline: Seconds) -> Mask:
    moment = put_right_at(problems)
    done: NDArray[np.bool_] = (moment != NO_TIME) & (moment <= deadline)
    return done


def _checked(visits: Visits) -> Mask:
    checked: Mask = (visits.outcome == OUTCOME_CODE["clean"]) | (visits.outcome == OUTCOME_CODE["findings"])
    return checked


def _among(codes: Codes, chosen: Codes) -> Mask:
    held: Mask = np.isin(codes, chosen) & (codes != ABSENT)
    return held


def _require_past(at_s: int, now_s: int) -> None:
    if at_s > now_s:
        raise BadInput("What is to come cannot be counted yet.")
