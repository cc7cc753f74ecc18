"""The ways between the stops of a route, as lines and as streets with their lengths."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geoapp.domain.navigation import Place
from geoapp.domain.outings import StreetStep
from geoapp.domain.routes import PlannedRoute, RoutePlan
from geoapp.routing.profiles import PROFILES
from geoapp.routing.travel import Leg, StraightTravel, Travel
from geoapp.services.district import District
from geoapp.services.routes.travelling import road_names, travel_of
from geoapp.services.routes.ways import street_steps


@dataclass(frozen=True, slots=True)
class LegAlong:
    """One way: its line in degrees and its streets in their order; both empty where there is none."""

    line: tuple[Place, ...] = ()
    steps: tuple[StreetStep, ...] = ()


def legs_of(district: District, plan: RoutePlan, route: PlannedRoute) -> list[LegAlong]:
    """The way to each stop of a route and, where the team goes somewhere at the end, the way there."""
    places = _places(plan, route)
    seq = district.present.snapshot("roads").seq
    key = ("legs along", seq, plan.request.profile, plan.estimate, tuple(places))
    return district.derived.get(key, lambda: _legs(district, plan, places), _size)


def _places(plan: RoutePlan, route: PlannedRoute) -> list[Place]:
    """Where a route leads, from its start to its end; [] if it visits nothing."""
    if not route.stops:
        return []
    team = next(one for one in plan.request.teams if one.id == route.team)
    asked = {stop.id: (stop.lon, stop.lat) for stop in plan.request.stops}
    places = [team.start, *(asked[stop.id] for stop in route.stops)]
    return [*places, team.end] if team.end else places


def _legs(district: District, plan: RoutePlan, places: Sequence[Place]) -> list[LegAlong]:
    # A plan that was estimated stays one: its times are not those of roads that came later.
    travel: Travel = (
        StraightTravel(PROFILES[plan.request.profile]) if plan.estimate else travel_of(district, plan.request.profile)
    )
    names = [] if travel.estimate else road_names(district)
    return [_along(travel.leg(one, other), names) for one, other in pairwise(places)]


def _along(leg: Leg, names: Sequence[str | None]) -> LegAlong:
    return LegAlong(tuple(leg.line), tuple(street_steps(leg, names)))


def _size(legs: Sequence[LegAlong]) -> int:
    return sum(200 + 100 * len(leg.line) + 150 * len(leg.steps) for leg in legs)
