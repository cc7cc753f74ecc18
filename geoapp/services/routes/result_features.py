"""Records of a day as features: visits of sites in a round, and the problems that were found on them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from geoapp.domain.kept_plans import KeptPlan, feature_of
from geoapp.domain.places import Precision
from geoapp.domain.problem import UNCLASSIFIED, Status
from geoapp.domain.results import DayResults, RecordedProblem, RecordedVisit
from geoapp.domain.routes import RequestedStop
from geoapp.domain.selection import Scope
from geoapp.services.browse import flat, table_rows
from geoapp.services.district import District
from geoapp.services.recording import Feature
from geoapp.services.routes.result_records import cleaned

Record = dict[str, Any]

# What a district's own teams are, where the round does not say who looked.
USUAL_ORIGIN = "district_supervision"
LONGEST_NAME = 60


def visit_id(visit: RecordedVisit) -> str:
    """The id that a visit has wherever it is brought from: it follows from the id made on the phone."""
    return "V" + _digest(visit.id)


def problem_id(problem: RecordedProblem) -> str:
    """The id of a problem, likewise."""
    return "P" + _digest(problem.id)


def _digest(id: str) -> str:
    return hashlib.sha256(f"record {id}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class VisitedPlace:
    """Where a stop is. stands: what its features say of that place."""

    name: str
    site: str | None
    geometry: Mapping[str, Any]
    stands: Mapping[str, Any]


class FeatureMaker:
    """Makes features of one day's records."""

    def __init__(self, district: District, kept: KeptPlan, day: DayResults, round_id: str) -> None:
        self._district, self._kept, self._day, self._round = district, kept, day, round_id
        self._stops = {stop.id: stop for stop in kept.plan.request.stops}

    def visit(self, visit: RecordedVisit) -> Feature:
        """The visit with as many findings as it has problems."""
        place = self._place(visit.stop)
        own = {
            "name": place.name,
            "site_id": place.site,
            "round_id": self._round,
            "visited_at": self._moment(visit.arrived_at or visit.changed_at),
            "outcome": visit.outcome,
            "findings": len(visit.problems),
            "plan_id": self._kept.id,
            "stop_id": visit.stop,
            **self.said_of(visit),
        }
        return self._feature(visit_id(visit), place, own)

    def said_of(self, visit: RecordedVisit) -> Record:
        """What of a visit may be told anew when more was recorded: its words, and known problems as they were found."""
        known = self._district.present.snapshot("problems")
        seen = {"put_right": visit.put_right, "still_there": visit.still_there}
        told = {name: [id for id in dict.fromkeys(ids) if known.row(id) is not None] for name, ids in seen.items()}
        note = "\n".join(filter(None, (cleaned(visit.reason), cleaned(visit.words))))
        return {"note": note or None, **told, "recorded_at": visit.changed_at.isoformat(timespec="milliseconds")}

    def problem(self, visit: RecordedVisit, problem: RecordedProblem, photos: Sequence[str]) -> Feature:
        """A problem as it is reported. photos: SHA-256 of each, kept already."""
        place, id, words = self._place(visit.stop), problem_id(problem), cleaned(problem.words)
        category, subcategory = self._classified(problem)
        own = {
            "name": (words or "").replace("\n", " ")[:LONGEST_NAME] or id,
            "number": id,
            "category": category,
            "subcategory": subcategory,
            "description": words,
            "severity": problem.severity,
            "status": Status.REPORTED.value,
            "found_at": self._moment(problem.found_at),
            "entered_at": self._moment(self._district.clock()),
            "origin": self._origin,
            "site_id": place.site,
            "visit_id": visit_id(visit),
            "round_id": self._round,
            "photos": list(photos),
        }
        return self._feature(id, place, own)

    def _moment(self, moment: datetime) -> str:
        return moment.astimezone(self._district.zone).isoformat(timespec="seconds")

    def _feature(self, id: str, place: VisitedPlace, own: Mapping[str, Any]) -> Feature:
        given = {name: value for name, value in own.items() if value not in (None, [])}
        source = f"route-pack {self._kept.id} {self._day.team} {self._day.date}"
        return {"type": "Feature", "id": id, "geometry": dict(place.geometry),
                "properties": {**given, **place.stands, "source": source}}  # fmt: skip

    def _classified(self, problem: RecordedProblem) -> tuple[str, str | None]:
        """Category and subcategory as the district's table has them; what is not in it is not yet classified."""
        known = self._codes
        if problem.subcategory in known and len(problem.subcategory) == 4:
            return problem.subcategory[:2], problem.subcategory
        return (problem.category if problem.category in known and len(problem.category) == 2 else UNCLASSIFIED), None

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(table_rows(self._district, "categories"))

    @cached_property
    def _origin(self) -> str:
        return str(round_of(self._district, self._round).get("origin") or USUAL_ORIGIN)

    def _place(self, stop_id: str) -> VisitedPlace:
        """The place of a stop: it is of the site that the stop is, or that its problem or facility belongs to."""
        stop = self._stops[stop_id]
        layer, id = feature_of(stop_id) or (None, "")
        record = self._record(layer, id) if layer else None
        site = self._site(layer, id, record)
        own = site or record or {}
        stands = {name: own[name] for name in ("township_stated", "village") if own.get(name)}
        stands["position_precision"] = (Precision.SITE if layer != "problems" else _precision(own)).value
        if layer is None:
            stands["position_precision"] = Precision.EXACT.value
        site_id = id if layer == "sites" else (site or {}).get("id")
        name = str((site or {}).get("name") or stop.name or own.get("name") or stop_id)
        return VisitedPlace(name, site_id, _point(stop), stands)

    def _site(self, layer: str | None, id: str, record: Record | None) -> Record | None:
        if layer == "sites":
            return record
        if layer == "problems":
            return self._record("sites", str(record["site_id"])) if record and record.get("site_id") else None
        return self._sites_by_facility.get(id) if layer == "facilities" else None

    @cached_property
    def _sites_by_facility(self) -> dict[str, Record]:
        snapshot = self._district.present.snapshot("sites")
        sites = flat(self._district, "sites", snapshot.alive(), Scope.FULL)
        return {str(site["facility_id"]): site for site in sites if site.get("facility_id")}

    def _record(self, layer: str, id: str) -> Record | None:
        row = self._district.present.snapshot(layer).row(id)
        return flat(self._district, layer, np.array([row]), Scope.FULL)[0] if row is not None else None


def round_of(district: District, code: str) -> Mapping[str, Any]:
    """A round's row in the table of rounds; nothing where there is none of this code."""
    return table_rows(district, "rounds").get(code, {})


def _precision(record: Mapping[str, Any]) -> Precision:
    known = record.get("position_precision")
    return Precision(known) if known in set(Precision) - {Precision.NONE} else Precision.EXACT


def _point(stop: RequestedStop) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(stop.lon, 7), round(stop.lat, 7)]}


def decoded(district: District, layer: str, id: str) -> Feature | None:
    """A feature as it stands now; None if there is none."""
    snapshot = district.present.snapshot(layer)
    row = snapshot.row(id)
    if row is None:
        return None
    value: Feature = msgspec.json.decode(snapshot.encoded(np.array([row]), Scope.FULL)[0])
    return value
