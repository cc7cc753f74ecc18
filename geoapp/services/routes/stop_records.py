"""What is known of the stops of a plan: their features, the problems that wait there, and what was found before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from geoapp.domain.kept_plans import feature_of
from geoapp.domain.outings import OpenProblem, PastFinding, PastVisit
from geoapp.domain.problem import AWAITING_WORK, OPEN, UNCLASSIFIED, Severity
from geoapp.domain.selection import Scope, Selection
from geoapp.services.browse import flat, table_rows, wording
from geoapp.services.district import District
from geoapp.services.selected import selected

Record = dict[str, Any]

# A paper tells of so many visits, and of so many things that were found most often.
MOST_VISITS, MOST_OFTEN = 3, 3
# No table has a row for it: it is no tenth category.
_UNCLASSIFIED = {"zh": "待分类", "en": "Not yet classified"}
_GRADES = {Severity.SEVERE: 0, Severity.SERIOUS: 1, Severity.MINOR: 2}


@dataclass(frozen=True, slots=True)
class StopRecord:
    """A stop's feature as a flat record, and the problems and visits of its site, the latest visit first."""

    layer: str | None
    feature: Record | None
    problems: Sequence[Record] = field(default_factory=tuple)
    visits: Sequence[Record] = field(default_factory=tuple)


class StopRecords:
    """All that is known of some stops, read once for all of them, as far as a scope may see it."""

    def __init__(self, district: District, stops: Iterable[str], scope: Scope, language: str) -> None:
        self.district, self.scope, self.language = district, scope, language
        self._wanted = {stop: feature_of(stop) for stop in stops}
        self._problems = self._by_site("problems")
        self._visits = self._by_site("visits")

    def of(self, stop: str) -> StopRecord:
        """What is known of a stop."""
        layer, id = self._wanted[stop] or (None, "")
        if layer is None:
            return StopRecord(None, None)
        found = self._features[layer].get(id)
        site = id if layer == "sites" else str((found or {}).get("site_id") or "")
        problems = self._problems.get(site, [])
        if layer == "problems":
            problems = [found] if found else []
        return StopRecord(layer, found, problems, self._visits.get(site, []))

    def words(self, table: str, code: Any) -> str | None:
        """A code in words; the code itself where the table does not know it."""
        if code is None:
            return None
        if table == "categories" and code == UNCLASSIFIED:
            return _UNCLASSIFIED[self.language]
        return wording(self.district, table, self.language).get(str(code), str(code))

    def name(self, record: Mapping[str, Any]) -> str | None:
        """A feature's own name in the language; a problem's kind."""
        if "category" in record:
            return self.finding(record)
        english = record.get("name_en") if self.language == "en" else None
        return english or record.get("name")

    def finding(self, problem: Mapping[str, Any]) -> str:
        """What a problem is, as exactly as it was classified."""
        return self.words("categories", problem.get("subcategory") or problem.get("category")) or ""

    def address(self, record: Mapping[str, Any]) -> str | None:
        """A feature's address, or that of the facility that it is."""
        return record.get("address") or (self.facility(record) or {}).get("address")

    def facility(self, record: Mapping[str, Any]) -> Record | None:
        """The facility that a site is."""
        id = record.get("facility_id")
        return self._one("facilities", str(id)) if id else None

    @cached_property
    def site_kinds(self) -> dict[str, Record]:
        """The table of site kinds by their codes."""
        return table_rows(self.district, "site_kinds")

    @cached_property
    def _features(self) -> dict[str, dict[str, Record]]:
        ids: dict[str, list[str]] = {"sites": [], "problems": [], "facilities": []}
        for feature in filter(None, self._wanted.values()):
            ids[feature[0]].append(feature[1])
        return {layer: self._records(layer, wanted) for layer, wanted in ids.items()}

    def _records(self, layer: str, ids: Iterable[str]) -> dict[str, Record]:
        snapshot = self.district.present.snapshot(layer)
        rows = [row for id in ids if (row := snapshot.row(id)) is not None]
        return {one["id"]: one for one in flat(self.district, layer, np.array(rows, np.intp), self.scope)}

    def _one(self, layer: str, id: str) -> Record | None:
        return self._records(layer, [id]).get(id)

    def _by_site(self, layer: str) -> dict[str, list[Record]]:
        """The records of a layer at the stops' sites, the latest first."""
        sites = {feature[1] for feature in self._wanted.values() if feature and feature[0] == "sites"}
        apart = [feature[1] for feature in self._wanted.values() if feature and feature[0] == "problems"]
        sites |= {str(one["site_id"]) for one in self._records("problems", apart).values() if one.get("site_id")}
        if not sites:
            return {}
        rows = selected(self.district, layer, Selection(site=tuple(sorted(sites))), self.scope)
        made: dict[str, list[Record]] = defaultdict(list)
        time = "found_at" if layer == "problems" else "visited_at"
        records = flat(self.district, layer, rows, self.scope)
        for record in sorted(records, key=lambda one: (_moment(one.get(time)), one["id"]), reverse=True):
            made[str(record["site_id"])].append(record)
        return made


def open_problems(known: StopRecords, problems: Sequence[Record], now: datetime) -> tuple[OpenProblem, ...]:
    """Those that wait, the gravest and nearest deadline first; words that people wrote for full scope only."""
    waiting = [one for one in problems if one.get("status") in OPEN]
    waiting.sort(key=lambda one: (_GRADES.get(one.get("severity") or Severity.MINOR, 2),
                                  one.get("deadline") or "9", one["id"]))  # fmt: skip
    return tuple(_open(known, one, now) for one in waiting)


def past_visits(visits: Sequence[Record], scope: Scope) -> tuple[PastVisit, ...]:
    """The latest visits; words that people wrote for full scope only."""
    return tuple(
        PastVisit(id=one["id"], visited_at=one["visited_at"], outcome=one["outcome"], findings=one.get("findings") or 0,
                  note=one.get("note") if scope is Scope.FULL else None)
        for one in visits[:MOST_VISITS]
    )  # fmt: skip


def last_findings(known: StopRecords, record: StopRecord) -> tuple[PastFinding, ...]:
    """What was found at the latest visit that could be made, and what became of it."""
    made = next((one["id"] for one in record.visits if one.get("outcome") != "not_checked"), None)
    found = [one for one in record.problems if made is not None and one.get("visit_id") == made]
    return tuple(
        PastFinding(id=one["id"], number=one["number"], what=known.finding(one), status=one["status"],
                    found_at=one["found_at"], since=_since(one), rework=one.get("rework") or 0)
        for one in found
    )  # fmt: skip


def found_often(known: StopRecords, problems: Sequence[Record]) -> tuple[tuple[str, int], ...]:
    """What was found most often among problems that are settled, at least twice."""
    counts = Counter(known.finding(one) for one in problems if one.get("status") not in OPEN)
    common = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple((what, times) for what, times in common[:MOST_OFTEN] if times > 1)


def _open(known: StopRecords, problem: Record, now: datetime) -> OpenProblem:
    deadline, subcategory = problem.get("deadline"), problem.get("subcategory")
    late = problem["status"] in AWAITING_WORK and deadline is not None and datetime.fromisoformat(deadline) < now
    return OpenProblem(
        id=problem["id"], number=problem["number"], category=known.words("categories", problem["category"]) or "",
        subcategory=known.words("categories", subcategory), status=problem["status"],
        severity=problem.get("severity") or Severity.MINOR, deadline=deadline, overdue=late,
        negative_list=bool(problem.get("negative_list")),
        description=problem.get("description") if known.scope is Scope.FULL else None,
    )  # fmt: skip


def _since(problem: Record) -> str | None:
    return problem.get("closed_at") if problem["status"] == "closed" else problem.get("rectified_at")


def _moment(text: str | None) -> float:
    return datetime.fromisoformat(text).timestamp() if text else 0.0
