"""The ways of a plan in words: along which streets, and turning where."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geoapp.domain.outings import StreetStep
from geoapp.routing.travel import Leg

Floats = NDArray[np.float64]

# Pieces shorter than this are told with the street before them: the arm of a junction, the edge of a square.
TINY_M = 15.0
# Directions are taken from so far before a junction to so far behind it.
_LOOK_M = 12.0
AHEAD_DEG, BACK_DEG = 35.0, 155.0
_WGS84 = Geod(ellps="WGS84")


def street_steps(leg: Leg, names: Sequence[str | None]) -> list[StreetStep]:
    """The streets of a way in their order; names: of roads by their numbers. None for what has no roads."""
    told = _merged(StreetStep(name=names[road] if road < len(names) else None, distance_m=metres)
                   for road, metres in leg.roads)  # fmt: skip
    while len(told) > 1 and (tiny := _first_tiny(told)) is not None:
        into = tiny - 1 if tiny else 1
        told[into] = replace(told[into], distance_m=told[into].distance_m + told[tiny].distance_m)
        del told[tiny]
        told = _merged(told)
    return _with_turns(told, leg)


def _merged(steps: Iterable[StreetStep]) -> list[StreetStep]:
    """Stretches of one name after another are one."""
    made: list[StreetStep] = []
    for step in steps:
        if made and made[-1].name == step.name:
            made[-1] = replace(made[-1], distance_m=made[-1].distance_m + step.distance_m)
        else:
            made.append(step)
    return made


def _first_tiny(steps: list[StreetStep]) -> int | None:
    return next((number for number, step in enumerate(steps) if step.distance_m < TINY_M), None)


def _with_turns(steps: list[StreetStep], leg: Leg) -> list[StreetStep]:
    if len(leg.line) < 2:
        return steps
    degrees = np.array(leg.line, float)
    flat = (degrees - degrees[0]) * (np.cos(np.radians(degrees[0, 1])), 1.0)
    along = np.concatenate([[0.0], np.cumsum(_WGS84.line_lengths(*degrees.T))])
    at, told = leg.walk_m[0], list[StreetStep]()
    for step in steps:
        turned = _bearing(flat, along, at, at + _LOOK_M) - _bearing(flat, along, at - _LOOK_M, at)
        told.append(replace(step, turn=_turn(turned) if told else None))
        at += step.distance_m
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
