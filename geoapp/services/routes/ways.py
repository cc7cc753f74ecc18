"""The ways of a plan: along which streets, turning where, and as lines for other programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geoapp.domain.routes import PlannedRoute, RoutePlan
from geoapp.routing.travel import Leg, Travel

Floats = NDArray[np.float64]
Place = tuple[float, float]

# Pieces shorter than this are told with the street before them: the arm of a junction, the edge of a square.
TINY_M = 15.0
# Directions are taken from so far before a junction to so far behind it.
_LOOK_M = 12.0
AHEAD_DEG, BACK_DEG = 35.0, 155.0
SIMPLE_M = 1.0
_METRES_PER_DEGREE = 111_320.0
_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a way along one street. name: None where it has none. turn: how one gets into it: ahead, left,
    right or back; None for the first one. bearing_deg: in which direction it begins, clockwise from the north.
    """

    name: str | None
    metres: float
    turn: str | None = None
    bearing_deg: int = 0


def street_steps(leg: Leg, names: Sequence[str | None]) -> list[Step]:
    """The streets of a way in their order; names: of roads by their numbers. None for what has no roads."""
    told = _merged(Step(names[road] if road < len(names) else None, metres) for road, metres in leg.roads)
    while len(told) > 1 and (tiny := _first_tiny(told)) is not None:
        into = tiny - 1 if tiny else 1
        told[into] = replace(told[into], metres=told[into].metres + told[tiny].metres)
        del told[tiny]
        told = _merged(told)
    return _with_turns(told, leg)


def plan_lines(plan: RoutePlan, travel: Travel) -> dict[str, Any]:
    """The ways of a plan as a GeoJSON FeatureCollection in degrees, one line each, simplified to about a metre.

    Properties: team, date, order (from 1), from, to (ids of stops, start, end), travel_min, distance_m, estimate.
    """
    features = [feature for route in plan.routes for feature in _lines(plan, route, travel)]
    return {"type": "FeatureCollection", "features": features}


def _lines(plan: RoutePlan, route: PlannedRoute, travel: Travel) -> Iterable[dict[str, Any]]:
    team = next((one for one in plan.request.teams if one.id == route.team), None)
    spots = {stop.id: (stop.lon, stop.lat) for stop in plan.request.stops}
    if team is None or not route.stops:
        return
    halts = [("start", team.start), *((stop.id, spots[stop.id]) for stop in route.stops if stop.id in spots)]
    halts += [("end", team.end)] if team.end is not None else []
    for order, ((one, here), (other, there)) in enumerate(pairwise(halts), start=1):
        leg = travel.leg(here, there)
        said = {"team": route.team, "date": str(route.date), "order": order, "from": one, "to": other,
                "travel_min": round(leg.seconds / 60, 2), "distance_m": round(leg.metres, 1),
                "estimate": travel.estimate}  # fmt: skip
        line = {"type": "LineString", "coordinates": simplified(leg.line)}
        yield {"type": "Feature", "geometry": line, "properties": said}


def simplified(line: Sequence[Place], within_m: float = SIMPLE_M) -> list[list[float]]:
    """A line with fewer points, nowhere farther from the given one than so; always two points at least."""
    degrees = np.array(line, float).reshape(-1, 2)
    squeeze = np.cos(np.radians(degrees[:, 1].mean()))
    if len(degrees) < 2:
        degrees = np.repeat(degrees, 2, axis=0)
    flat = shapely.LineString(degrees * (squeeze, 1.0))
    kept = shapely.get_coordinates(shapely.simplify(flat, within_m / _METRES_PER_DEGREE, preserve_topology=False))
    return [[round(float(x / squeeze), 6), round(float(y), 6)] for x, y in kept]


def _merged(steps: Iterable[Step]) -> list[Step]:
    """Stretches of one name after another are one."""
    made: list[Step] = []
    for step in steps:
        if made and made[-1].name == step.name:
            made[-1] = replace(made[-1], metres=made[-1].metres + step.metres)
        else:
            made.append(step)
    return made


def _first_tiny(steps: list[Step]) -> int | None:
    return next((number for number, step in enumerate(steps) if step.metres < TINY_M), None)


def _with_turns(steps: list[Step], leg: Leg) -> list[Step]:
    if len(leg.line) < 2:
        return steps
    degrees = np.array(leg.line, float)
    flat = (degrees - degrees[0]) * (np.cos(np.radians(degrees[0, 1])), 1.0)
    along = np.concatenate([[0.0], np.cumsum(_WGS84.line_lengths(*degrees.T))])
    at, told = leg.walk_m[0], list[Step]()
    for step in steps:
        ahead = _bearing(flat, along, at, at + _LOOK_M)
        turn = _turn(ahead - _bearing(flat, along, at - _LOOK_M, at)) if told else None
        told.append(replace(step, turn=turn, bearing_deg=round(ahead) % 360))
        at += step.metres
    return told


def _bearing(flat: Floats, along: Floats, first: float, last: float) -> float:
    """Degrees clockwise from the north, from one place along a line to another."""
    east, north = (float(np.diff(np.interp([first, last], along, flat[:, axis]))[0]) for axis in (0, 1))
    return float(np.degrees(np.arctan2(east, north)))


def _turn(degrees: float) -> str:
    turned = (degrees + 180) % 360 - 180
    if abs(turned) < AHEAD_DEG:
        return "ahead"
    if abs(turned) > BACK_DEG:
        return "back"
    return "right" if turned > 0 else "left"
