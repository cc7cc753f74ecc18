"""Which points to visit this round: drawn by quotas from a selection of sites, those at risk likelier than others."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from geoapp.analysis.sampling import allotted, drawn
from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import ValueRule
from geoapp.domain.problem import OPEN, Severity
from geoapp.domain.routes import DAY_S
from geoapp.domain.selection import Scope, Selection
from geoapp.services.browse import flat
from geoapp.services.district import District
from geoapp.services.routes.stops import visitable
from geoapp.services.selected import selected
from geoapp.services.township import last_visits

# Days without a visit count in parts of so many, up to so many parts, and those never visited as the longest.
PART_DAYS, MOST_PARTS = 30.0, 6.0
# A problem that came back counts so much, as long as it was found in so many days before.
RELAPSE, RELAPSE_DAYS = 2.0, 180
USUAL_PER_TOWNSHIP, MOST = 5, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingRule:
    """How a sample is drawn.

    per_township: points of each township; total: or so many altogether, shared out by how many each has; of neither,
    USUAL_PER_TOWNSHIP, unless kinds are named. kinds: kind and number, points of that kind in each township; the rest
    is shared out over the other kinds. days, risk: how much days without a visit and open problems count beside the 1
    that every point has. never_first: points that were never visited before all others.
    """

    per_township: int | None = None
    total: int | None = None
    kinds: tuple[tuple[str, int], ...] = ()
    seed: int = 1
    days: float = 1.0
    risk: float = 1.0
    never_first: bool = False

    def __post_init__(self) -> None:
        if self.per_township is not None and self.total is not None:
            raise BadInput("A sample has either so many points a township or so many altogether, not both.")
        numbers = (self.per_township or 0, self.total or 0, *(number for _, number in self.kinds))
        if not all(0 <= number <= MOST for number in numbers):
            raise BadInput("A sample has 0 to {most} points, a township and altogether.", most=f"{MOST:,}")
        if not (0 <= self.days <= 100 and 0 <= self.risk <= 100):
            raise BadInput("What days and risk count is from 0 to 100.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledPoint:
    """A point and why it weighs what it weighs. days: since its last visit, None if there was none. problems: open
    ones by severity; relapses: problems that came back lately.
    """

    id: str
    record: dict[str, Any]
    township: str | None
    kind: str
    days: int | None
    problems: dict[str, int]
    relapses: int
    weight: float


@dataclass(frozen=True, slots=True)
class SampleCell:
    """One kind in one township: how many points were wanted, are there, and are drawn."""

    township: str | None
    kind: str
    wanted: int
    available: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn. short: townships with fewer points than wanted, and by how many. unplaced: sites of the
    selection that nobody can be sent to.
    """

    points: tuple[SampledPoint, ...]
    cells: tuple[SampleCell, ...]
    short: dict[str | None, int]
    available: int
    unplaced: int


def sample_sites(district: District, selection: Selection, scope: Scope, rule: SamplingRule) -> Sample:
    """Draw points from the selected sites; the same seed draws the same from the same sites. Raises BadInput."""
    rows = selected(district, "sites", selection, scope)
    records = flat(district, "sites", rows, scope)
    points = [_point(one) for one in _weighed(district, [one for one in records if visitable(one)], scope, rule)]
    quotas, short = _quotas(points, rule)
    numbers = {cell: number for number, cell in enumerate(sorted(quotas, key=_cell_order))}
    strata = np.array([numbers[point.township, point.kind] for point in points], np.int64)
    chosen = drawn(
        [point.id for point in points], np.array([point.weight for point in points], float), strata,
        np.array([quotas[cell][1] for cell in numbers], np.int64), seed=rule.seed,
        first=np.array([point.days is None for point in points], bool) if rule.never_first else None,
    )  # fmt: skip
    found = tuple(points[at] for at in chosen.tolist())
    return Sample(found, _cells(points, found, quotas, list(numbers)), short, len(points), len(records) - len(points))


def weight(days: float | None, problems: dict[str, int], relapses: int, rule: SamplingRule) -> float:
    """What a point weighs: 1, more for days without a visit, more for open problems by severity and relapses."""
    parts = MOST_PARTS if days is None else min(days / PART_DAYS, MOST_PARTS)
    severities: dict[Severity, float] = {name: getattr(_VALUES, name) for name in Severity}
    risk = sum(severities[Severity(name)] * number for name, number in problems.items()) + RELAPSE * relapses
    return 1.0 + rule.days * parts + rule.risk * risk


_VALUES = ValueRule()
Cell = tuple[str | None, str]
_Weighed = tuple[dict[str, Any], int | None, dict[str, int], int, float]


def _point(weighed: _Weighed) -> SampledPoint:
    record, days, problems, relapses, weight_ = weighed
    return SampledPoint(id=record["id"], record=record, township=record.get("township"), kind=record.get("kind") or "",
                        days=days, problems=problems, relapses=relapses, weight=weight_)  # fmt: skip


def _weighed(district: District, records: Sequence[dict[str, Any]], scope: Scope, rule: SamplingRule) -> list[_Weighed]:
    now = district.clock()
    seen, relapses = last_visits(district, Selection(), scope), _relapses(district, scope, now)
    problems = _open_problems(district, scope)
    found: list[_Weighed] = []
    for record in records:
        at = seen.get(record["id"], (None, None))[0]
        days = None if at is None else max(int((now - at).total_seconds() // DAY_S), 0)
        known, back = problems.get(record["id"], {}), relapses.get(record["id"], 0)
        found.append((record, days, known, back, round(weight(days, known, back, rule), 3)))
    return found


def _open_problems(district: District, scope: Scope) -> dict[str, dict[str, int]]:
    """Open problems of each site by severity."""
    rows = selected(district, "problems", Selection(status=tuple(sorted(OPEN))), scope)
    snapshot = district.present.snapshot("problems")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for site, severity in zip(snapshot.texts("site_id", rows), snapshot.texts("severity", rows), strict=True):
        if site is not None:
            name = severity if severity in set(Severity) else Severity.MINOR
            found[site][str(name)] = found[site].get(str(name), 0) + 1
    return found


def _relapses(district: District, scope: Scope, now: datetime) -> dict[str, int]:
    today = now.astimezone(district.zone).date()
    lately = Selection(indicator="relapse", first_day=today - timedelta(days=RELAPSE_DAYS), last_day=today)
    rows = selected(district, "problems", lately, scope)
    sites = district.present.snapshot("problems").texts("site_id", rows)
    return dict(Counter(site for site in sites if site is not None))


def _quotas(points: Sequence[SampledPoint], rule: SamplingRule) -> tuple[dict[Cell, tuple[int, int]], dict[Any, int]]:
    """For each cell how many are wanted and how many are to be drawn; and which townships have too few points."""
    there: dict[str | None, Counter[str]] = defaultdict(Counter)
    for point in points:
        there[point.township][point.kind] += 1
    townships = sorted(there, key=str)
    totals = _totals(townships, there, rule)
    found: dict[Cell, tuple[int, int]] = {}
    short: dict[Any, int] = {}
    for township in townships:
        cells = _in_township(there[township], totals[township], rule)
        found |= {(township, kind): quota for kind, quota in cells.items()}
        wanted = max(totals[township] or 0, sum(number for _, number in rule.kinds))
        missing = wanted - sum(number for _, number in cells.values())
        if missing > 0:
            short[township] = missing
    return found, short


def _totals(
    townships: Sequence[str | None], there: dict[str | None, Counter[str]], rule: SamplingRule
) -> dict[str | None, int | None]:
    """How many points each township is to give; None where only kinds say so."""
    if rule.total is not None:
        sizes = np.array([there[one].total() for one in townships], np.int64)
        return dict(zip(townships, allotted(rule.total, sizes.astype(float), sizes).tolist(), strict=True))
    each = rule.per_township if rule.per_township is not None else None if rule.kinds else USUAL_PER_TOWNSHIP
    return dict.fromkeys(townships, each)


def _in_township(there: Counter[str], total: int | None, rule: SamplingRule) -> dict[str, tuple[int, int]]:
    """Of each kind in one township how many are wanted and how many are to be drawn."""
    found = {kind: (number, min(number, there[kind])) for kind, number in rule.kinds}
    others = sorted(kind for kind in there if kind not in found)
    left = 0 if total is None else max(total - sum(number for _, number in found.values()), 0)
    most = np.array([there[kind] for kind in others], np.int64)
    shared = allotted(left, most.astype(float), most).tolist()
    return found | {kind: (number, number) for kind, number in zip(others, shared, strict=True)}


def _cells(points: Sequence[SampledPoint], found: Sequence[SampledPoint], quotas: dict[Cell, tuple[int, int]],
           order: Sequence[Cell]) -> tuple[SampleCell, ...]:  # fmt: skip
    there = Counter((point.township, point.kind) for point in points)
    chosen = Counter((point.township, point.kind) for point in found)
    return tuple(SampleCell(*cell, quotas[cell][0], there[cell], chosen[cell]) for cell in order if quotas[cell][0])


def _cell_order(cell: Cell) -> tuple[str, str]:
    return str(cell[0] or "~"), cell[1]
