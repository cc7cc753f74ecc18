"""What could be visited: stops from a selection of problems and sites, or drawn on the map, with what each is worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.rings import within_ring
from geoapp.analysis.stop_values import problem_values, site_values
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.kept_plans import ValueRule, feature_of
from geoapp.domain.looking_hours import fitting, hours_of
from geoapp.domain.navigation import Place
from geoapp.domain.problem import OPEN, Severity
from geoapp.domain.routes import RequestedStop
from geoapp.domain.selection import Scope, Selection
from geoapp.services.browse import flat, table_rows, wording
from geoapp.services.district import District
from geoapp.services.selected import selected
from geoapp.services.township import last_visits
from geoapp.storage.columns import NO_TIME
from geoapp.storage.snapshot import LayerSnapshot, Rows

Record = dict[str, Any]

WHAT = ("problems", "sites")
MUST = ("none", "severe", "overdue")
# Nobody can be sent to a place that is known by its township or village only.
ROUGH = frozenset({"township", "village", "none"})
GRADES = {Severity.MINOR: 1.0, Severity.SERIOUS: 2.0, Severity.SEVERE: 3.0}
# More problems than this are narrowed to the weightiest before anything else is looked at.
MOST_PROBLEMS = 20_000
USUAL_MIN = 15
MOST_CORNERS = 1_000
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StopChoice:
    """How stops are made of a selection.

    what: problems (open ones) and sites. ids: only these stops, by their ids. points: drawn on the map, in degrees;
    they are must-visits. area: only what lies in this polygon. hours: whether sites are visited when their kind is to
    be looked at. deadlines: whether a stop has to be visited, if at all, by the first deadline there that is still
    ahead. must: whether stops with a severe or an overdue problem have to be visited. problem_min, more_min:
    minutes for a problem, and for every further one at the same place. most: so many stops at most, those worth most.
    """

    what: tuple[str, ...] = WHAT
    ids: tuple[str, ...] = ()
    points: tuple[Place, ...] = ()
    area: tuple[Place, ...] = ()
    hours: bool = True
    deadlines: bool = False
    must: str = "none"
    problem_min: float = 10.0
    more_min: float = 3.0
    most: int = 300

    def __post_init__(self) -> None:
        if not set(self.what) <= set(WHAT) or self.must not in MUST:
            raise BadInput("Stops are made of {known}; must-visits are {must}.", known=", ".join(WHAT),
                           must=", ".join(MUST))  # fmt: skip
        if self.area and not 3 <= len(self.area) <= MOST_CORNERS:
            raise BadInput("An area has 3 to {most} corners, not {number}.", most=f"{MOST_CORNERS:,}",
                           number=len(self.area))  # fmt: skip
        if not (0 <= self.problem_min <= 600 and 0 <= self.more_min <= 600 and 0 < self.most <= 1_000):
            raise BadInput("Minutes are from 0 to 600, and a plan has 1 to 1,000 stops.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStops:
    """The stops, those worth most first; matched: places before the cut; unplaced: problems known too roughly."""

    stops: tuple[RequestedStop, ...]
    matched: int
    unplaced: int


def stops_of(district: District, selection: Selection, scope: Scope, choice: StopChoice, rule: ValueRule
             ) -> ChosenStops:  # fmt: skip
    """The stops of a selection; problems at a site belong to the site's stop. Raises BadInput and NotFound."""
    wanted = _Wanted(district, selection, scope, choice, rule)
    found = [*wanted.features(), *_drawn(choice.points)]
    inside = [stop for stop, within in zip(found, _within(choice.area, found), strict=True) if within]
    # Stops that are named stand as they are named: a tour may visit them so.
    place = {id: number for number, id in enumerate(choice.ids)}
    inside.sort(key=lambda stop: (place.get(stop.id, len(place)), not stop.must, -stop.value, stop.id))
    return ChosenStops(stops=tuple(inside[: choice.most]), matched=len(inside), unplaced=wanted.unplaced)


class _Wanted:
    """The features of a selection on their way to become stops."""

    def __init__(self, district: District, selection: Selection, scope: Scope, choice: StopChoice, rule: ValueRule
                 ) -> None:  # fmt: skip
        self.district, self.selection, self.scope = district, selection, scope
        self.choice, self.rule, self.unplaced = choice, rule, 0
        self.now: datetime = district.clock()
        self.kinds = table_rows(district, "site_kinds")
        self.categories = wording(district, "categories", "zh")

    def features(self) -> Iterable[RequestedStop]:
        """Stops of sites and of problems apart from any."""
        sites = {record["id"]: record for record in self._sites()}
        problems = self._problems()
        at_site: dict[str, list[tuple[Record, float]]] = defaultdict(list)
        apart: list[tuple[Record, float]] = []
        known = self._sites_by_id({one.get("site_id") for one, _ in problems} - sites.keys())
        for problem, value in problems:
            site = problem.get("site_id")
            if site in sites or site in known:
                at_site[str(site)].append((problem, value))
            elif problem["lon"] is None or problem.get("position_precision") in ROUGH:
                self.unplaced += 1
            else:
                apart.append((problem, value))
        seen = last_visits(self.district, Selection(), self.scope)
        worth = self._worth(sites, seen)
        for id, record in sites.items():
            yield self._site(record, at_site.pop(id, []), worth[id])
        for id, found in at_site.items():
            yield self._site(known[id], found, None)
        for problem, value in apart:
            yield self._problem(problem, value)

    def _sites(self) -> list[Record]:
        if self.choice.ids:
            return self._named("sites")
        if "sites" not in self.choice.what:
            return []
        rows = selected(self.district, "sites", self.selection, self.scope)
        return [one for one in flat(self.district, "sites", rows, self.scope) if visitable(one)]

    def _sites_by_id(self, ids: set[Any]) -> dict[str, Record]:
        """Sites that problems lie at, without being selected themselves."""
        snapshot = self.district.present.snapshot("sites")
        rows = [row for id in ids if id is not None and (row := snapshot.row(id)) is not None]
        records = flat(self.district, "sites", np.array(rows, np.intp), self.scope)
        return {one["id"]: one for one in records if visitable(one)}

    def _problems(self) -> list[tuple[Record, float]]:
        """Open problems and their values."""
        if self.choice.ids:
            records = self._named("problems") + self._open_at(self.choice.ids)
        elif "problems" in self.choice.what:
            rows = selected(self.district, "problems", self.selection, self.scope)
            records = self._records(rows)
        else:
            records = self._open_at([f"sites/{one['id']}" for one in self._sites()])
        unique = {one["id"]: one for one in records}
        values = self._values(list(unique.values()))
        return list(zip(unique.values(), values.tolist(), strict=True))

    def _records(self, rows: Rows) -> list[Record]:
        snapshot = self.district.present.snapshot("problems")
        rows = rows[_of_status(snapshot, rows)]
        if len(rows) > MOST_PROBLEMS:
            rough = problem_values(_grades(snapshot, rows), np.zeros(len(rows), bool), self._days(snapshot, rows),
                                   self.rule)  # fmt: skip
            rows = rows[np.argsort(-rough, kind="stable")[:MOST_PROBLEMS]]
        # The values of what a person may see are those of all: the negative list is not private, words are.
        return flat(self.district, "problems", rows, self.scope)

    def _open_at(self, stops: Iterable[str]) -> list[Record]:
        """Open problems at the sites among these stops."""
        ids = tuple(sorted(id for stop in stops for layer, _, id in [stop.partition("/")] if layer == "sites"))
        if not ids:
            return []
        return self._records(selected(self.district, "problems", Selection(site=ids), self.scope))

    def _named(self, layer: str) -> list[Record]:
        """The features of the stops that were asked for by their ids; raises NotFound for one that is not there."""
        snapshot, rows = self.district.present.snapshot(layer), []
        for stop in dict.fromkeys(self.choice.ids):
            feature = feature_of(stop)
            if feature is None or feature[0] not in WHAT:
                raise BadInput("{value!r} is no stop such as sites/T110116004.", value=stop)
            if feature[0] == layer:
                row = snapshot.row(feature[1])
                if row is None:
                    raise NotFound("There is no {id!r} among the {layer}.", id=feature[1], layer=layer)
                rows.append(row)
        records = flat(self.district, layer, np.array(rows, np.intp), self.scope)
        return [one for one in records if layer == "problems" or visitable(one)]

    def _values(self, records: Sequence[Record]) -> NDArray[np.float64]:
        grades = np.array([GRADES.get(one.get("severity") or Severity.MINOR, 1.0) for one in records])
        negative = np.array([bool(one.get("negative_list")) for one in records], bool)
        days = np.array([self._days_left(one.get("deadline")) for one in records])
        return problem_values(grades, negative, days, self.rule)

    def _days_left(self, deadline: str | None) -> float:
        return (datetime.fromisoformat(deadline) - self.now).total_seconds() / DAY_S if deadline else np.nan

    def _days(self, snapshot: LayerSnapshot, rows: Rows) -> NDArray[np.float64]:
        at = snapshot.times("deadline", rows)
        return np.where(at == NO_TIME, np.nan, (at - self.now.timestamp()) / DAY_S)

    def _worth(self, sites: Mapping[str, Record], seen: Mapping[str, tuple[datetime | None, str | None]]
               ) -> dict[str, float]:  # fmt: skip
        last = [seen[id][0] if id in seen else None for id in sites]
        days = np.array([np.nan if at is None else (self.now - at).total_seconds() / DAY_S for at in last])
        return dict(zip(sites, site_values(days, self.rule).tolist(), strict=True))

    def _site(self, record: Record, problems: list[tuple[Record, float]], worth: float | None) -> RequestedStop:
        """worth: of seeing the site itself, None where only its problems are looked at."""
        kind = self.kinds.get(str(record.get("kind")), {})
        minutes = float(record.get("visit_minutes") or kind.get("minutes") or USUAL_MIN)
        if worth is None:
            minutes = min(minutes, self.choice.problem_min)
        more = len(problems) if worth is not None else len(problems) - 1
        minutes += self.choice.more_min * more
        hours = fitting(hours_of(kind.get("look_when")), minutes) if self.choice.hours else ()
        return RequestedStop(
            id=f"sites/{record['id']}", lon=record["lon"], lat=record["lat"], service_min=minutes,
            value=round((worth or 0.0) + sum(value for _, value in problems), 2),
            must=any(self._must(one) for one, _ in problems), windows=hours, name=record["name"],
            township=record.get("township"), deadline=self._deadline([one for one, _ in problems]),
        )  # fmt: skip

    def _problem(self, record: Record, value: float) -> RequestedStop:
        return RequestedStop(
            id=f"problems/{record['id']}", lon=record["lon"], lat=record["lat"], service_min=self.choice.problem_min,
            value=round(value, 2), must=self._must(record), name=self._title(record), township=record.get("township"),
            deadline=self._deadline([record]),
        )  # fmt: skip

    def _title(self, problem: Record) -> str:
        """Its kind and number: what people wrote of it stays out of plans, which anybody may see."""
        code = problem.get("subcategory") or problem["category"]
        return " ".join(filter(None, (self.categories.get(code), str(problem["number"]))))

    def _deadline(self, problems: Sequence[Record]) -> date | None:
        """The day of the first deadline that is still ahead, if deadlines bind."""
        if not self.choice.deadlines:
            return None
        ahead = [
            datetime.fromisoformat(one["deadline"]) for one in problems if self._days_left(one.get("deadline")) > 0
        ]
        return min(ahead).astimezone(self.district.zone).date() if ahead else None

    def _must(self, problem: Record) -> bool:
        if self.choice.must == "severe":
            return problem.get("severity") == Severity.SEVERE
        return self.choice.must == "overdue" and self._days_left(problem.get("deadline")) < 0


def visitable(site: Record) -> bool:
    """Whether somebody can be sent there: it has a place of its own, and stands."""
    return site["lon"] is not None and site.get("position_precision") not in ROUGH \
        and site.get("build_status") != "withdrawn"  # fmt: skip


def _of_status(snapshot: LayerSnapshot, rows: Rows) -> NDArray[np.bool_]:
    held = np.array([text in OPEN for text in snapshot.vocabularies["status"].texts] + [False], bool)
    return np.asarray(held[snapshot.coded("status", rows)])


def _grades(snapshot: LayerSnapshot, rows: Rows) -> NDArray[np.float64]:
    known = [GRADES.get(Severity(text), 1.0) if text in set(Severity) else 1.0
             for text in snapshot.vocabularies["severity"].texts]  # fmt: skip
    return np.array([*known, 1.0])[snapshot.coded("severity", rows)]


def _drawn(points: Sequence[Place]) -> list[RequestedStop]:
    return [RequestedStop(id=f"map/{number}", lon=lon, lat=lat, must=True, value=1.0, name=f"{lat:.5f}, {lon:.5f}")
            for number, (lon, lat) in enumerate(points, start=1)]  # fmt: skip


def _within(area: Sequence[Place], stops: Sequence[RequestedStop]) -> NDArray[np.bool_]:
    if not area:
        return np.ones(len(stops), bool)
    lon, lat = np.array([(stop.lon, stop.lat) for stop in stops], float).reshape(-1, 2).T
    return within_ring(area, lon, lat)
