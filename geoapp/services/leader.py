"""Ten numbers for a leader, each with what it is counted among, its last period, and the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np

from geoapp.analysis import indicators
from geoapp.analysis.indicators import SURVEY_STANDARD
from geoapp.analysis.intervals import Rate, Verdict
from geoapp.analysis.ranking import Ranked, Sample, Weights, rank
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.tables import MEASURES
from geoapp.services.browse import count
from geoapp.services.district import District
from geoapp.services.selected import selected

DAYS = 30
# The rates of problems that stand on the page, each with what it is counted among.
_RATES = ("closed_of_due", "in_time", "in_time_originally", "overdue", "rework", "relapse")


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """A layer and the selection that opens the rows behind a number."""

    layer: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Number:
    """A share, a count or a mean; None where there is nothing to count.

    rate: k of n for a share. value: what is shown for the others, n its denominator. before: the same of the last
    period. rows: what is counted; among: what it is counted among.
    """

    name: str
    rate: Rate | None
    value: float | None
    n: int | None
    before: float | None
    rows: RowsBehind | None
    among: RowsBehind | None = None
    verdict: Verdict | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A township's place in the ranking, and what it rests on."""

    code: str
    sample: Sample
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class Glance:
    """The leader's page: its days (inclusive), the days before, the round, numbers by name and places."""

    first_day: date
    last_day: date
    before: tuple[date, date]
    round: str | None
    round_before: str | None
    numbers: Mapping[str, Number]
    places: list[Place]


def at_a_glance(district: District, selection: Selection, scope: Scope, weights: Weights) -> Glance:
    """The numbers of a selection; without days of its own, for the last 30."""
    chosen = _with_days(district, selection)
    first, last = chosen.first_day or date.min, chosen.last_day or date.max
    length = last - first + timedelta(days=1)
    earlier = replace(chosen, first_day=first - length, last_day=first - timedelta(days=1))
    current, previous = _rounds(district, selection)
    view = _View(district, scope, chosen, earlier)
    numbers = [*view.problems(), *view.sites(current, previous), view.culture(), *_surveys(district, last)]
    return Glance(
        first_day=first,
        last_day=last,
        before=(first - length, first - timedelta(days=1)),
        round=current,
        round_before=previous,
        numbers={number.name: number for number in numbers},
        places=_places(district, replace(chosen, township=()), scope, current, weights),
    )


def last_days(selection: Selection, last: date, days: int) -> Selection:
    """The same selection over so many days up to a last one, included."""
    return replace(selection, first_day=last - timedelta(days=days - 1), last_day=last)


def _with_days(district: District, selection: Selection) -> Selection:
    today = district.today
    last = selection.last_day or max(today, selection.first_day or today)
    return replace(selection, first_day=selection.first_day or last - timedelta(days=DAYS - 1), last_day=last)


def _rounds(district: District, selection: Selection) -> tuple[str | None, str | None]:
    """The latest round that has begun (or the one that was chosen), and the one before it."""
    table: dict[str, Any] = district.present.document("tables", "rounds") or {"rows": []}
    today = district.today.isoformat()
    begun = sorted((row.get("first_day") or "", row["code"]) for row in table["rows"])
    codes = [code for first, code in begun if first <= today]
    if selection.round:
        codes = codes[: codes.index(selection.round[-1]) + 1] if selection.round[-1] in codes else [selection.round[-1]]
    return (codes[-1] if codes else None), (codes[-2] if len(codes) > 1 else None)


@dataclass(frozen=True, slots=True)
class _View:
    district: District
    scope: Scope
    chosen: Selection
    earlier: Selection

    def problems(self) -> list[Number]:
        """What concerns problems."""
        found = self._number("found", "problems", replace(self.chosen, indicator="found"))
        return [found, self._per_visit(), *(self._rate(name) for name in _RATES)]

    def _number(self, name: str, layer: str, chosen: Selection) -> Number:
        before = replace(chosen, first_day=self.earlier.first_day, last_day=self.earlier.last_day)
        value = self._count(layer, chosen)
        return Number(name, None, value, None, self._count(layer, before), RowsBehind(layer, chosen))

    def _per_visit(self) -> Number:
        def both(of: Selection) -> tuple[int, int]:
            made = self._count("visits", replace(of, indicator="visits_made"))
            return self._count("problems", replace(of, indicator="found_by_visits")), made

        found, made = both(self.chosen)
        return Number(
            "found_per_visit",
            None,
            indicators.per_visit(found, made),
            made,
            indicators.per_visit(*both(self.earlier)),
            RowsBehind("problems", replace(self.chosen, indicator="found_by_visits")),
            RowsBehind("visits", replace(self.chosen, indicator="visits_made").for_layer("visits")),
        )

    def _rate(self, name: str) -> Number:
        def rate(of: Selection) -> Rate:
            among = replace(of, indicator=indicators.AMONG[name])
            return Rate(self._count("problems", replace(of, indicator=name)), self._count("problems", among))

        return Number(
            name,
            rate(self.chosen),
            None,
            None,
            rate(self.earlier).value,
            RowsBehind("problems", replace(self.chosen, indicator=name)),
            RowsBehind("problems", replace(self.chosen, indicator=indicators.AMONG[name])),
        )

    def sites(self, current: str | None, previous: str | None) -> list[Number]:
        """What concerns sites: points of the survey that were visited, and sites in order, in a round."""
        here = replace(self.chosen, first_day=None, last_day=None).for_layer("sites")
        points = replace(here, role=("survey",), round=())

        def visited(code: str | None) -> Rate:
            among = self._count("sites", points)
            return Rate(self._count("sites", replace(points, round=(code,))) if code else 0, among if code else 0)

        def in_order(code: str | None) -> Rate:
            if code is None:
                return Rate(0, 0)
            of = replace(here, round=(code,))
            return Rate(self._count("sites", replace(of, indicator="in_order")), self._count("sites", of))

        this = (current,) if current else ()
        seen = replace(here, round=this)
        return [
            Number("survey_points_visited", visited(current), None, None, visited(previous).value,
                   RowsBehind("sites", replace(points, round=this)), RowsBehind("sites", points), on=current),
            Number("in_order", in_order(current), None, None, in_order(previous).value,
                   RowsBehind("sites", replace(seen, indicator="in_order")), RowsBehind("sites", seen), on=current),
        ]  # fmt: skip

    def culture(self) -> Number:
        """Townships with a culture centre of their own, among those that have an area."""
        here = Selection(township=self.chosen.township, indicator="with_area")
        covered = replace(here, indicator="with_culture")
        rate = Rate(self._count("townships", covered), self._count("townships", here))
        return Number(
            "culture_coverage", rate, None, None, None, RowsBehind("townships", covered), RowsBehind("townships", here)
        )

    def _count(self, layer: str, chosen: Selection) -> int:
        return count(self.district, layer, chosen, self.scope).count


def _surveys(district: District, last: date) -> list[Number]:
    """Of every measure the latest survey until a day, against the standard, and the one before it."""
    table: dict[str, Any] = district.present.document("tables", "surveys") or {"rows": []}
    ended = sorted((row for row in table["rows"] if row["ended_on"] <= last.isoformat()), key=_ended_on)
    numbers = []
    for measure in MEASURES:
        rows = [Rate(row["yes"], row["asked"]) for row in ended if row["measure"] == measure]
        days = [row["ended_on"] for row in ended if row["measure"] == measure]
        latest = rows[-1] if rows else None
        before = rows[-2].value if len(rows) > 1 else None
        verdict = latest.against(SURVEY_STANDARD) if latest and latest.n else None
        numbers.append(
            Number(measure, latest, None, None, before, None, verdict=verdict, on=days[-1] if days else None)
        )
    return numbers


def _ended_on(row: Mapping[str, Any]) -> str:
    return str(row["ended_on"])


def _places(district: District, chosen: Selection, scope: Scope, current: str | None, weights: Weights) -> list[Place]:
    """All townships that have an area, the best first; those whose sample is too small at the end."""
    snapshot = district.present.snapshot("townships")
    with_area = selected(district, "townships", Selection(indicator="with_area"), scope)
    codes = [str(code) for code in snapshot.texts("code", with_area)]
    samples = _samples(district, chosen, scope, current, codes)
    ranked = rank(samples, weights)
    places = [Place(*parts) for parts in zip(codes, samples, ranked, strict=True)]
    return sorted(places, key=lambda place: (place.ranked.rank or 10**6, -(place.ranked.score or 0.0), place.code))


def _samples(
    district: District, chosen: Selection, scope: Scope, current: str | None, codes: list[str]
) -> list[Sample]:
    def of_problems(*names: str) -> list[int]:
        rows = [selected(district, "problems", replace(chosen, indicator=name, due=None), scope) for name in names]
        both = reduce(np.intersect1d, rows)
        return _by_township(district, "problems", both, codes)

    def of_sites(indicator: str | None) -> list[int]:
        if current is None:
            return [0] * len(codes)
        seen = Selection(round=(current,), indicator=indicator)
        return _by_township(district, "sites", selected(district, "sites", seen, scope), codes)

    columns = zip(
        of_problems("timeliness_known"), of_problems("timeliness_known", "closed_of_due"), of_problems("in_time"),
        of_problems("closed_of_due", "in_time"), of_sites(None), of_sites("in_order"), strict=True,
    )  # fmt: skip
    return [
        Sample(due=due, closed=closed, in_time=in_time, both=both, visited=visited, in_order=in_order)
        for due, closed, in_time, both, visited, in_order in columns
    ]


def _by_township(district: District, layer: str, rows: Any, codes: list[str]) -> list[int]:
    snapshot = district.present.snapshot(layer)
    texts = snapshot.vocabularies["township"].texts
    numbers = np.bincount(snapshot.coded("township", rows) + 1, minlength=len(texts) + 1)[1:]
    by_code = dict(zip(texts, numbers.tolist(), strict=True))
    return [by_code.get(code, 0) for code in codes]
