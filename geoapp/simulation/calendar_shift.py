"""Moving a campaign through time without changing its weeks."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

TIMES = ("found_at", "entered_at", "deadline", "original_deadline", "rectified_at", "closed_at", "visited_at")
DAYS = ("first_day", "last_day", "ended_on")


def weeks_between(as_of: date, today: date) -> int:
    """Whole weeks by which a campaign that ends on `as_of` may move so that it ends yesterday, or as little before that
    as keeping its weekdays allows (at most six days). Negative where today lies before it."""
    return ((today - timedelta(days=1)) - as_of).days // 7


def shifted(rows: Iterable[dict[str, Any]], weeks: int) -> Iterator[dict[str, Any]]:
    """GeoJSON features or table rows with every time and day moved by whole weeks."""
    for row in rows:
        fields = row.get("properties", row)
        moved = fields | {name: _moved(fields[name], weeks) for name in (*TIMES, *DAYS) if name in fields}
        yield row | {"properties": moved} if "properties" in row else moved


def _moved(text: str, weeks: int) -> str:
    step = timedelta(weeks=weeks)
    if len(text) == len("2026-05-04"):
        return (date.fromisoformat(text) + step).isoformat()
    return (datetime.fromisoformat(text) + step).isoformat()
