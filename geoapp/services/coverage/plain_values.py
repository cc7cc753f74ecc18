"""Coverage for other programs: plain values and GeoJSON."""

from dataclasses import asdict
from typing import Any

import orjson

from geoapp.domain.standards import Verdict
from geoapp.services.coverage.inventory_records import Inventory, Line
from geoapp.services.coverage.papers import CoveragePaper, far_places
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.records import Reach, State, Summary
from geoapp.services.coverage.siting_words import headline, verdict


def places_geojson(answer: Reach, head: dict[str, Any]) -> bytes:
    """Every place where people live as a point (WGS 84) with its way to the nearest facility: a FeatureCollection."""
    demand, supply = answer.demand, answer.supply
    features = []
    for one in far_places(answer):
        at = one.place
        properties = {
            "name": one.name, "township": one.township or None, "people": one.people,
            "built_up": bool(demand.built_up[at]), "minutes": _rounded(one.minutes), "metres": _rounded(one.metres),
            "nearest": supply.ids[answer.nearest[at]] if answer.nearest[at] >= 0 else None,
            "nearest_name": one.nearest, "state": State(one.state).name.lower(), "near": one.near,
            "norm": bool(answer.norm[at]),
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [float(demand.lon[at]), float(demand.lat[at])]}
        features.append({"type": "Feature", "id": demand.ids[at], "geometry": point, "properties": properties})
    return orjson.dumps({"type": "FeatureCollection", **head, "features": features})


def inventory_values(listed: Inventory) -> dict[str, Any]:
    """An inventory as plain values."""
    return {
        "day": listed.day.isoformat(),
        "kinds": list(listed.kinds),
        "townships": [_line(listed, line) for line in listed.townships],
        "district": _line(listed, listed.district),
        "missing": [
            {"standard": one.standard.code, "township": one.township,
             "village": one.village and one.village.get("code"), "verdict": one.verdict, "after": one.after}
            for one in listed.missing
        ],
        "notes": [str(one) for one in listed.notes],
    }  # fmt: skip


def _line(listed: Inventory, line: Line) -> dict[str, Any]:
    cells = {
        kind: {"now": cell.now.count, "after": cell.after.count, "verdict": listed.verdict(line, kind),
               "verdict_after": listed.verdict(line, kind, later=True)}
        for kind, cell in line.cells.items()
    }  # fmt: skip
    villages = {
        one.standard.code: {"villages": one.villages, "meet": one.counts[Verdict.MEETS]} for one in line.villages
    }
    return {"code": line.code, "name": line.record.get("name"), "residents": line.residents, "kinds": cells,
            "villages": villages, "below": line.below, "below_after": line.below_after}  # fmt: skip


def reach_values(answer: Reach) -> dict[str, Any]:
    """How far people go, as plain values."""
    return {
        "district": _summary(answer.district, answer),
        "townships": [
            {"code": one.code, "character": one.character, **_summary(one.summary, answer)} for one in answer.townships
        ],
        "facilities": len(answer.supply), "limit_s": answer.limit_s, "limit_m": answer.limit_m,
        "estimate": answer.estimate, "schematic": answer.schematic, "basis": answer.demand.basis,
        "weighting": answer.demand.weighting, "notes": [str(one) for one in answer.notes],
    }  # fmt: skip


def _summary(summary: Summary, answer: Reach) -> dict[str, Any]:
    worst = answer.demand.names[summary.worst_place] if summary.worst_place >= 0 else None
    return asdict(summary) | {"worst_place": worst}


def proposal_values(proposal: Proposal) -> dict[str, Any]:
    """A proposal as plain values."""
    names = ("unit", "whole", "before", "value", "bound", "gap", "proven", "method", "seconds", "estimate")
    places = [
        {"rank": one.rank, "id": one.id, "name": one.name, "township": one.township or None, "lon": one.lon,
         "lat": one.lat, "gain": one.gain, "total": one.total, "newly_near": one.newly_near, "gaining": len(one.gains)}
        for one in proposal.places
    ]  # fmt: skip
    return {
        "goal": proposal.wanted.goal,
        **{name: getattr(proposal, name) for name in names},
        "candidates": len(proposal.candidates),
        "places": places,
        "sentence": str(headline(proposal)),
        "verdict": str(verdict(proposal)),
        "refusal": None if proposal.refusal is None else str(proposal.refusal),
        "notes": [str(one) for one in proposal.notes],
    }


_WHOM = {None: "residents", "children": "children", "elderly": "elderly people"}


def report_values(paper: CoveragePaper) -> dict[str, Any]:
    """A whole report as plain values, with its sentence."""
    reached = paper.reach.district
    share = reached.near_places if reached.near_people is None else reached.near_people
    whom = "places" if reached.near_people is None else f"{_WHOM[paper.question.group]} whose number is known"
    near = "nobody knows who has one near" if share is None else f"{_percent(share)} of the {whom} have one near"
    count, missing = paper.inventory.district.total.count, len(paper.inventory.missing)
    return {
        "question": paper.question.parameters(),
        "inventory": inventory_values(paper.inventory),
        "reach": reach_values(paper.reach),
        "by_kind": {kind: _summary(one.district, one) for kind, one in paper.by_kind.items()},
        "proposal": proposal_values(paper.proposal) if paper.proposal else None,
        "sentence": f"{count} facilities count; {near}; {missing} times a standard is not kept.",
    }


def _percent(share: float) -> str:
    """A share in per cent: what is not all is never rounded up to all, nor to none."""
    if 0 < share < 0.0005:
        return "under 0.1%"
    return "over 99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
