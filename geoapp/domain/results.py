"""What a team brings back from a day of visits: records under ids that were made on the phone.

A result file is a zip of `results.json`, which is a DayResults, and of the photos that it names.
"""

from dataclasses import dataclass
from datetime import date, datetime

FORMAT, VERSION = "geoapp-results", 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedProblem:
    """A problem that was found. photos: names of files in the archive. words: what was written of it."""

    id: str
    found_at: datetime
    category: str | None = None
    subcategory: str | None = None
    severity: str = "minor"
    words: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVisit:
    """What was recorded at one stop.

    outcome: clean, findings or not_checked (with a reason); None while only the arrival is known. changed_at: when
    anything of it was last changed. put_right, still_there: ids of problems known before, as they were found.
    """

    id: str
    stop: str
    changed_at: datetime
    arrived_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    words: str | None = None
    put_right: tuple[str, ...] = ()
    still_there: tuple[str, ...] = ()
    problems: tuple[RecordedProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResults:
    """All that one phone has recorded of one team's day; the same file may be given out again with more in it."""

    format: str
    version: int
    pack: str
    plan: str
    team: str
    date: date
    visits: tuple[RecordedVisit, ...] = ()
