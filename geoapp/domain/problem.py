"""A reported problem and the states it may pass through."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from geoapp.domain.errors import InvalidTransition


class Status(StrEnum):
    """上报 → 交办 → 整改 → 复核 → 销号, with the two ways aside: 挂账 and 不予受理."""

    REPORTED = "reported"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    RECTIFIED = "rectified"
    CLOSED = "closed"
    DEFERRED = "deferred"
    REJECTED = "rejected"


# A failed verification goes back to IN_PROGRESS, a unit that is not responsible hands back to REPORTED.
NEXT: dict[Status, frozenset[Status]] = {
    Status.REPORTED: frozenset({Status.ASSIGNED, Status.REJECTED}),
    Status.ASSIGNED: frozenset({Status.IN_PROGRESS, Status.RECTIFIED, Status.REPORTED}),
    Status.IN_PROGRESS: frozenset({Status.RECTIFIED, Status.DEFERRED, Status.REPORTED}),
    Status.RECTIFIED: frozenset({Status.CLOSED, Status.IN_PROGRESS}),
    Status.DEFERRED: frozenset({Status.IN_PROGRESS, Status.RECTIFIED}),
    Status.CLOSED: frozenset({Status.IN_PROGRESS}),
    Status.REJECTED: frozenset({Status.REPORTED}),
}

OPEN = frozenset(Status) - {Status.CLOSED, Status.REJECTED}

# Work that waits for the unit in charge: only these can be late. What awaits verification has been done, and what is
# deferred (挂账) follows a plan of its own.
AWAITING_WORK = frozenset({Status.REPORTED, Status.ASSIGNED, Status.IN_PROGRESS})


class Severity(StrEnum):
    """一般, 较重, 严重."""

    MINOR = "minor"
    SERIOUS = "serious"
    SEVERE = "severe"


UNCLASSIFIED = "00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem found at one place.

    category: two digits (or "00", not yet classified); subcategory: four digits. found_at and entered_at are apart,
    because a ledger is often typed in days later. deadline_rule says in words what set the deadline, original_deadline
    stays when it is extended. person is the id of the person in charge, whose name and phone are private.
    """

    number: str
    category: str
    status: Status
    found_at: datetime
    subcategory: str | None = None
    description: str | None = None
    severity: Severity = Severity.MINOR
    negative_list: bool = False
    entered_at: datetime | None = None
    origin: str | None = None
    site_id: str | None = None
    visit_id: str | None = None
    round_id: str | None = None
    batch_id: str | None = None
    lead_unit: str | None = None
    responsible_unit: str | None = None
    helping_units: tuple[str, ...] = ()
    person: str | None = None
    deadline: datetime | None = None
    original_deadline: datetime | None = None
    deadline_rule: str | None = None
    measures: str | None = None
    rectified_at: datetime | None = None
    closed_at: datetime | None = None
    rework: int = 0
    photos: tuple[str, ...] = ()
    special_action: str | None = None

    def moved_to(self, status: Status) -> "Problem":
        """The same problem in its next status; raises InvalidTransition."""
        if status not in NEXT[self.status]:
            raise InvalidTransition(f"Problem {self.number} cannot go from {self.status} to {status}.")
        return replace(self, status=status)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its work should have been done before `now` and has not."""
        return self.status in AWAITING_WORK and self.deadline is not None and self.deadline < now
