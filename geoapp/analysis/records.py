"""Problems and visits as the columns that indicators are computed from."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.domain.problem import Status

NO_TIME = np.iinfo(np.int64).min
ABSENT = -1

# The codes that `Problems.status` and `Visits.outcome` are written in.
STATUS_CODE = {status: code for code, status in enumerate(Status)}
OUTCOME_CODE = {"clean": 0, "findings": 1, "not_checked": 2}

# The unit's work is done: it awaits verification, or has passed it.
DONE = frozenset({Status.RECTIFIED, Status.CLOSED})

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32] | NDArray[np.int64]
Seconds = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Columns of n problems, all (n,).

    lon, lat: degrees (WGS 84), NaN without a place. subcategory, site: codes, ABSENT for none. status: STATUS_CODE, or
    ABSENT for one that cannot be read, which is then neither open nor closed. Times are seconds since 1970, NO_TIME for
    none. from_visit: found by a visit. rework: how often it was sent back. Raises ValueError unless equally long.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    subcategory: Codes
    site: Codes
    status: Codes
    found: Seconds
    deadline: Seconds
    original_deadline: Seconds
    rectified: Seconds
    closed: Seconds
    from_visit: Mask
    rework: NDArray[np.int64] | NDArray[np.float64]

    def __post_init__(self) -> None:
        _require_equal_lengths(self)

    def __len__(self) -> int:
        return len(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Columns of n visits, all (n,): codes of site and round, OUTCOME_CODE (each ABSENT for none), seconds since 1970.

    Raises ValueError unless equally long.
    """

    site: Codes
    round: Codes
    at: Seconds
    outcome: Codes

    def __post_init__(self) -> None:
        _require_equal_lengths(self)


@dataclass(frozen=True, slots=True)
class Period:
    """From first_s until just before end_s, in seconds since 1970; raises BadInput if it ends before it begins."""

    first_s: int
    end_s: int

    def __post_init__(self) -> None:
        if self.end_s < self.first_s:
            raise BadInput("A period cannot end before it begins.")

    def holds(self, times: Seconds) -> Mask:
        """Which of these times lie in it; NO_TIME never does."""
        inside: Mask = (times != NO_TIME) & (times >= self.first_s) & (times < self.end_s)
        return inside


def has_status(problems: Problems, statuses: Iterable[Status]) -> Mask:
    """Which problems are in one of these statuses, (n,)."""
    # The last place of the table answers for ABSENT.
    table = np.zeros(len(STATUS_CODE) + 1, bool)
    table[[STATUS_CODE[status] for status in statuses]] = True
    chosen: Mask = table[problems.status]
    return chosen


def put_right_at(problems: Problems) -> Seconds:
    """When the unit's work was done, else when it was closed, (n,); NO_TIME if it is not done or nobody knows when.

    A time of work that verification has sent back does not count: that work was not done.
    """
    known = np.where(problems.rectified != NO_TIME, problems.rectified, problems.closed)
    return np.where(has_status(problems, DONE), known, NO_TIME)


def _require_equal_lengths(columns: Problems | Visits) -> None:
    lengths = {field.name: len(getattr(columns, field.name)) for field in fields(columns)}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"Columns must be equally long: {lengths}.")
