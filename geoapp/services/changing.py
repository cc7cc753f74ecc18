"""How trouble moves in time: week by week, one period beside another, and by weekday and hour."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.hexagons import NOWHERE
from geoapp.analysis.periods import Difference, difference, whole_change
from geoapp.analysis.trends import FEWEST_PERIODS, Change, change
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import of_rows
from geoapp.services.district import District
from geoapp.services.heating import DAY_S, LAYER, HeatStyle, scale_top
from geoapp.services.hotspots import CellMap, CellStyle, cell_map
from geoapp.services.selected import selected
from geoapp.storage.columns import NO_TIME
from geoapp.storage.snapshot import Rows

__all__ = ["FEWEST_PERIODS", "Courses", "Hours", "TwoPeriods", "courses", "hours", "two_periods", "weeks"]

Days = tuple[date, date]
USUAL_DAYS = 30
HALF_HOUR_S = 1_800
# A course is told in so many periods at the most, and each of them is so many days long.
MOST_PERIODS, STEPS_DAYS = 26, (7, 14, 28, 91, 365)
MOST_WEEKS = 52
# The scale of all weeks is read off those with the most reports.
BUSIEST = 3


@dataclass(frozen=True, slots=True)
class TwoPeriods:
    """Two periods of one length. reports: of the earlier and the later; p: whether the whole has changed.

    where: the cells that were tested; difference: what changed in each.
    """

    before: Days
    after: Days
    reports: tuple[int, int]
    p: float
    where: CellMap
    difference: Difference


@dataclass(frozen=True, slots=True)
class Courses:
    """What became of each cell over periods, the last of which ends with the selection."""

    periods: list[Days]
    where: CellMap
    change: Change
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hours:
    """Problems by weekday (Monday first) and hour of the day, (7, 24), as found on visits; and how many were not."""

    counts: NDArray[np.int64]
    others: int


def two_periods(district: District, selection: Selection, scope: Scope, style: CellStyle) -> TwoPeriods:
    """The selection's days (else the last 30) beside as many days before them."""
    first, last = _days(district, selection, scope)
    length = last - first + timedelta(days=1)
    earlier = replace(selection, first_day=first - length, last_day=first - timedelta(days=1))
    later = replace(selection, first_day=first, last_day=last)
    where = cell_map(district, replace(selection, first_day=first - length, last_day=last), scope, _counted(style))
    rows = [selected(district, LAYER, of, scope) for of in (earlier, later)]
    before, after = (_occasions(district, where, of)[where.tested] for of in rows)
    reports = len(rows[0]), len(rows[1])
    return TwoPeriods((first - length, first - timedelta(days=1)), (first, last), reports, whole_change(*reports),
                      where, difference(before, after, where.links))  # fmt: skip


def courses(district: District, selection: Selection, scope: Scope, style: CellStyle) -> Courses:
    """Classes of change of the cells, over the selection's days or all days with reports."""
    where = cell_map(district, selection, scope, _counted(style))
    rows = selected(district, LAYER, selection, scope)
    first, last = _span(district, rows, selection)
    steps = [step for step in STEPS_DAYS if ((last - first).days + 1) // step <= MOST_PERIODS]
    step = timedelta(days=steps[0] if steps else STEPS_DAYS[-1])
    number = max(min(((last - first).days + 1) // step.days, MOST_PERIODS), 1)
    ends = [last - step * back for back in range(number - 1, -1, -1)]
    periods = [(end - step + timedelta(days=1), end) for end in ends]
    found, days = of_rows(district, where.cells, LAYER, rows), _local_days(district, rows)
    columns = []
    for begin, end in periods:
        there = (found != NOWHERE) & (days >= np.datetime64(begin)) & (days <= np.datetime64(end))
        columns.append(np.bincount(found[there], minlength=len(where.cells))[where.tested])
    counts = np.column_stack(columns).astype(float)
    return Courses(periods, where, change(counts, where.links), counts)


def weeks(district: District, selection: Selection, scope: Scope, style: HeatStyle) -> tuple[list[Days], float]:
    """The weeks of the selection, the last one ending with it, and the end of one scale for all of them."""
    rows = selected(district, LAYER, selection, scope)
    if not len(rows):
        return [], 0.0
    first, last = _span(district, rows, selection)
    number = min(-(-((last - first).days + 1) // 7), MOST_WEEKS)
    ends = [last - timedelta(weeks=back) for back in range(number - 1, -1, -1)]
    found = [(end - timedelta(days=6), end) for end in ends]
    days = _local_days(district, rows)
    counts = [int(((days >= np.datetime64(one)) & (days <= np.datetime64(other))).sum()) for one, other in found]
    busiest = np.argsort(counts)[-BUSIEST:]
    tops = [scale_top(district, _between(selection, found[week]), scope, style) for week in busiest]
    return found, max(tops)


def hours(district: District, selection: Selection, scope: Scope) -> Hours:
    """When problems were found on visits: only then somebody looked at the clock."""
    rows = selected(district, LAYER, selection, scope)
    snapshot = district.present.snapshot(LAYER)
    found_at = snapshot.times("found_at", rows)
    on_visit = (snapshot.coded("visit_id", rows) >= 0) & (found_at != NO_TIME)
    local = _local(district, found_at[on_visit])
    # The first day of 1970 was a Thursday.
    weekday, hour = (local // DAY_S + 3) % 7, local % DAY_S // 3_600
    counts = np.bincount(weekday * 24 + hour, minlength=168)
    return Hours(counts.reshape(7, 24), int((~on_visit).sum()))


def _counted(style: CellStyle) -> CellStyle:
    """Changes are those of counts: days overdue and severities are no independent events."""
    return replace(style, weight="count", per=None)


def _between(selection: Selection, days: Days) -> Selection:
    return replace(selection, first_day=days[0], last_day=days[1])


def _days(district: District, selection: Selection, scope: Scope) -> Days:
    if selection.first_day and selection.last_day:
        return selection.first_day, selection.last_day
    _, last = _span(district, selected(district, LAYER, selection, scope), selection)
    return selection.first_day or last - timedelta(days=USUAL_DAYS - 1), last


def _span(district: District, rows: Rows, selection: Selection) -> Days:
    """The days that were asked for, else those of the first and last report, not later than today."""
    today = district.today
    days = _local_days(district, rows)
    days = days[~np.isnat(days) & (days <= np.datetime64(today))]
    first = selection.first_day or (days.min().astype(date) if len(days) else today)
    last = selection.last_day or (days.max().astype(date) if len(days) else today)
    return min(first, last), last


def _occasions(district: District, where: CellMap, rows: Rows) -> NDArray[np.float64]:
    """How many reports each cell has; those of one visit are one, since they are not independent of each other."""
    snapshot = district.present.snapshot(LAYER)
    cell, visit = of_rows(district, where.cells, LAYER, rows), snapshot.coded("visit_id", rows)
    alone = np.where(visit < 0, -1 - np.arange(len(rows)), visit)
    once = np.unique(np.column_stack([cell, alone]), axis=0)[:, 0]
    return np.bincount(once[once != NOWHERE], minlength=len(where.cells)).astype(float)


def _local(district: District, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Seconds of the district's own clock, whose summer time begins and ends with a half hour of UTC."""
    halves, which = np.unique(seconds // HALF_HOUR_S, return_inverse=True)
    offsets = [datetime.fromtimestamp(half * HALF_HOUR_S, district.zone).utcoffset() for half in halves.tolist()]
    shifts = np.array([int(offset.total_seconds()) if offset else 0 for offset in offsets], np.int64)
    return seconds + shifts[which] if len(seconds) else seconds


def _local_days(district: District, rows: Rows) -> NDArray[np.datetime64]:
    """The day of each row in the district's time zone, NaT where nobody knows."""
    found_at = district.present.snapshot(LAYER).times("found_at", rows)
    known = found_at != NO_TIME
    days = np.full(len(rows), np.datetime64("NaT"), "datetime64[D]")
    days[known] = (_local(district, found_at[known]) // DAY_S).astype("datetime64[D]")
    return days
