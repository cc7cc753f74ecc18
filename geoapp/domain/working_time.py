"""Deadlines in working time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, count, islice

from geoapp.domain.errors import BadInput

Hours = tuple[tuple[time, time], ...]
OFFICE_HOURS: Hours = ((time(9), time(12)), (time(13, 30), time(17, 30)))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When work is due; provisional where the calendar does not reach that far."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and office hours of a district.

    exceptions: days that differ from Monday to Friday (True: a working day). known_until: the last day for which
    exceptions are known; later ones are taken as Monday to Friday and deadlines there are provisional.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    hours: Hours = OFFICE_HOURS
    known_until: date = date.max

    def is_working(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return self.exceptions.get(day, day.weekday() < 5)

    def due(self, found: datetime, rule: str) -> Deadline:
        """When work found at this moment is due by a rule: "4 h", "4 wh", "3 wd" or "30 d".

        h: hours by the clock. wh: office hours, counted from the next moment offices are open. wd: the end of the n-th
        working day after the day it was found. d: the end of the n-th day after it. Raises BadInput for another rule.
        """
        number, unit = _parsed(rule)
        if unit == "h":
            at = found + timedelta(hours=number)
        elif unit == "wh":
            at = self._after_office_hours(found, timedelta(hours=number))
        else:
            days = self._days(found.date()) if unit == "wd" else _all_days(found.date())
            at = datetime.combine(_nth(days, number), self.hours[-1][1], found.tzinfo)
        return Deadline(at, at.date() > self.known_until)

    def _after_office_hours(self, found: datetime, left: timedelta) -> datetime:
        for opens, closes in self._open_times(found):
            begins = max(opens, found)
            if begins < closes:
                if left <= closes - begins:
                    return begins + left
                left -= closes - begins
        raise AssertionError("the days never end")

    def _open_times(self, found: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in chain([found.date()], _all_days(found.date())):
            if self.is_working(day):
                for opens, closes in self.hours:
                    yield datetime.combine(day, opens, found.tzinfo), datetime.combine(day, closes, found.tzinfo)

    def _days(self, after: date) -> Iterator[date]:
        return filter(self.is_working, _all_days(after))


def _parsed(rule: str) -> tuple[int, str]:
    number, _, unit = rule.partition(" ")
    if not (number.isdigit() and unit in ("h", "wh", "wd", "d")):
        raise BadInput("{rule!r} is not a rule such as 4 h, 4 wh, 3 wd or 30 d.", rule=rule)
    return int(number), unit


def _all_days(after: date) -> Iterator[date]:
    return (after + timedelta(days=number) for number in count(1))


def _nth(days: Iterator[date], number: int) -> date:
    return next(islice(days, max(number, 1) - 1, None))
