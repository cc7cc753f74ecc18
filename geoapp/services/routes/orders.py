"""What a terminal or a page orders of routes: a plan for a request, and the check of a plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from geoapp.analysis.assignment import OUTSIDE, AreaIndex
from geoapp.config import Config
from geoapp.domain.errors import NoInstance
from geoapp.domain.routes import PROFILES, RoutePlan, RouteRequest, Verdict
from geoapp.routing.network import JOIN_M
from geoapp.routing.travel import DETOUR
from geoapp.services.district import District, open_district
from geoapp.services.keeping import require_instance
from geoapp.services.routes.planning import Effort, Watch, make_plan
from geoapp.services.routes.reading import plan_json, read_file, read_plan, read_request
from geoapp.services.routes.travelling import (
    district_roads,
    graph_of,
    plain_travel,
    slow_sentence,
    travel_files,
    travel_of,
)
from geoapp.services.routes.verdicts import verdict
from geoapp.services.writing_files import require_folder, write_file
from geoapp.storage.ledger import FILE_NAME


def plan_routes(
    district: District | None, request: RouteRequest, effort: Effort, progress: Watch | None = None
) -> RoutePlan:
    """The plan of a request over a district's roads; in straight lines where there are none. Raises BadInput."""
    known = with_townships(district, request)
    travel, plain = travel_of(district, request.profile), plain_travel(district, request.profile)
    made = make_plan(known, travel, plain, effort, progress)
    return made if district is None else as_seen(district, made)


def as_seen(district: District, plan: RoutePlan) -> RoutePlan:
    """The plan with what it was made from: how far the ledger was, and whether the roads are schematic."""
    schematic = not plan.estimate and district_roads(district).schematic
    return replace(plan, ledger_seq=district.present.seq, schematic=schematic)


def check_routes(district: District | None, plan: RoutePlan) -> Verdict:
    """What the checker says of a plan, also of one that was edited by hand."""
    return verdict(plan, plain_travel(district, plan.request.profile))


def with_townships(district: District | None, request: RouteRequest) -> RouteRequest:
    """The request whose stops have the township that covers them, where they state none and teams keep to theirs."""
    if district is None or not any(team.townships for team in request.teams):
        return request
    snapshot = district.present.snapshot("townships")
    rows = snapshot.alive()
    rows = rows[np.argsort(np.array([code or "" for code in snapshot.texts("code", rows)]), kind="stable")]
    codes, areas = snapshot.texts("code", rows), np.array(snapshot.geometries(rows), dtype=object)
    places = np.array([[stop.lon, stop.lat] for stop in request.stops])
    found = AreaIndex(areas).assign(places[:, 0], places[:, 1]).tolist()
    stops = (
        stop if stop.township or at == OUTSIDE else replace(stop, township=codes[at])
        for stop, at in zip(request.stops, found, strict=True)
    )
    return replace(request, stops=tuple(stops))


def plan_file(config: Config, request: Path, target: Path, effort: Effort, *,
              progress: Watch | None = None) -> dict[str, Any]:  # fmt: skip
    """Plan what a file asks for, and write the plan to another; raises BadInput."""
    require_folder(target)
    with _opened(config) as district:
        made = plan_routes(district, read_request(read_file(request)), effort, progress)
    write_file(target, plan_json(made))
    visited = sum(len(route.stops) for route in made.routes)
    left = len(made.left_out)
    told = f"{visited} stops are visited and {left} left out, at a value of {made.value:g}"
    told += "; travel is estimated on straight lines × 1.3." if made.estimate else "."
    told += (
        "" if made.check.ok else f" The checker finds {len(made.check.faults)} faults: {made.check.faults[0].sentence}"
    )
    slow = None if made.estimate else slow_sentence()
    told += f" {slow}" if slow else ""
    return {"visited": visited, "left_out": left, "value": made.value, "ok": made.check.ok, "seed": made.seed,
            "iterations": made.iterations, "of": made.of, "seconds": made.seconds, "estimate": made.estimate,
            "sentence": told}  # fmt: skip


def check_file(config: Config, plan: Path) -> dict[str, Any]:
    """What the checker says of the plan in a file: {"ok", "faults": [{"kind", "sentence", …}], "sentence"}."""
    found = read_plan(read_file(plan))
    with _opened(config) as district:
        said = check_routes(district, found)
    sentences = [fault.sentence for fault in said.faults]
    return {
        "ok": said.ok,
        "faults": [{"kind": fault.kind, "team": fault.team, "date": fault.date and str(fault.date), "stop": fault.stop,
                    "minutes": fault.minutes, "sentence": fault.sentence} for fault in said.faults],
        "sentence": "\n".join(sentences) if sentences else "The plan keeps every rule.",
    }  # fmt: skip


def roads_of_instance(config: Config) -> dict[str, Any]:
    """What the roads of an instance are good for: {"junctions", "pieces", "joined", "km": {profile: …}, "sentence"}."""
    require_instance(config)
    with _opened(config) as district:
        if district is None:
            raise NoInstance("There is no district here.")
        known = district_roads(district)
        # Whatever is planned next finds the files there.
        saved = [travel_files(district, name) for name in PROFILES]
        graphs = {name: graph_of(district, name) for name in PROFILES}
    km = {
        name: {"usable": round(one.usable_km, 1), "cut_off": round(one.cut_off_km, 1)} for name, one in graphs.items()
    }
    parts = [f"{name} {one['usable'] - one['cut_off']:,.1f} km ({one['cut_off']:,.1f} km cut off)"
             for name, one in km.items()]  # fmt: skip
    told = f"{len(known):,} roads with {len(known.network.lon):,} junctions; {known.network.joined} ends joined "
    told += f"that missed by {JOIN_M:g} m or less. To be travelled on: {', '.join(parts)}."
    told += " The roads are schematic." if known.schematic else ""
    if all(one.estimate for one in saved):
        told = f"There are no roads to travel on: travel is estimated on straight lines × {DETOUR:g}."
    slow = slow_sentence()
    told += f" {slow}" if slow else ""
    return {"roads": len(known), "junctions": len(known.network.lon), "pieces": len(known.network.tail),
            "joined": known.network.joined, "km": km, "schematic": known.schematic, "sentence": told}  # fmt: skip


@contextmanager
def _opened(config: Config) -> Iterator[District | None]:
    """The configured district, None where none was founded: then travel is estimated."""
    if not (config.instance / FILE_NAME).exists():
        yield None
        return
    district = open_district(config)
    try:
        yield district
    finally:
        district.close()
