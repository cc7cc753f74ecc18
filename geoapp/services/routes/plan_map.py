"""A plan as features for a map: the ways on the roads, the stops in their order, and what is left out."""

from typing import Any

from geoapp.domain.kept_plans import KeptPlan
from geoapp.services.district import District
from geoapp.services.routes.legs import legs_of

Feature = dict[str, Any]


def plan_features(district: District, kept: KeptPlan) -> list[Feature]:
    """GeoJSON features in degrees, each with a `role`: way, stop, left_out, start or end.

    Ways and stops name team, date and number; a way leads to the stop of its number, the last one home.
    """
    plan = kept.plan
    asked = {stop.id: stop for stop in plan.request.stops}
    found: list[Feature] = []
    for route in plan.routes:
        about = {"team": route.team, "date": route.date.isoformat()}
        legs = legs_of(district, plan, route)
        found += [_feature("LineString", [list(place) for place in leg.line], role="way", number=number, **about)
                  for number, leg in enumerate(legs, start=1) if len(leg.line) > 1]  # fmt: skip
        found += [_stop(asked[one.id], "stop", number=number, start=one.start[:5], leave=one.leave[:5], **about)
                  for number, one in enumerate(route.stops, start=1)]  # fmt: skip
    for team in plan.request.teams:
        found.append(_feature("Point", list(team.start), role="start", team=team.id))
        if team.end not in (None, team.start):
            found.append(_feature("Point", list(team.end or ()), role="end", team=team.id))
    found += [_stop(asked[left.id], "left_out") for left in plan.left_out if left.id in asked]
    return found


def _stop(stop: Any, role: str, **more: object) -> Feature:
    return _feature("Point", [stop.lon, stop.lat], role=role, stop=stop.id, must=stop.must_visit, pinned=stop.pinned,
                    value=stop.value, **more)  # fmt: skip


def _feature(kind: str, coordinates: list[Any], **properties: object) -> Feature:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
