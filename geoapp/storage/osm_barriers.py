"""Bollards, gates and the like that stand on a road: the road is closed there to those who cannot pass.

The road is cut at the barrier, and a stretch of three metres behind it says who may use it. Where a barrier stands at
the junction of several ways, those that end there are meant and not the one that goes through.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.storage.osm_roads import barred

Floats = NDArray[np.float64]
_STUB_M = 3.0
_METRES_PER_DEGREE = 111_320.0
# Degrees times this are whole numbers in OpenStreetMap; so are those of the places where roads are cut.
_DECIMALS = 7
_PARTS = 10**_DECIMALS


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a way: its number in the way, its line, and who may not use it (names of profiles)."""

    number: int
    line: Any
    barred: frozenset[str] = frozenset()


def barriers_of(nodes: Sequence[tuple[float, float, Mapping[str, str]]]) -> dict[int, frozenset[str]]:
    """Whom each barrier keeps out, of nodes (lon, lat, tags); those that keep nobody out are none."""
    places = _keys(np.array([(lon, lat) for lon, lat, _ in nodes], float).reshape(-1, 2)).tolist()
    found = {place: barred(tags) for place, (_, _, tags) in zip(places, nodes, strict=True)}
    return {place: users for place, users in found.items() if users}


class Cutter:
    """Cuts lines (shapely, degrees) at barriers; the lines are those of all ways."""

    def __init__(self, barriers: Mapping[int, frozenset[str]], lines: Sequence[Any]) -> None:
        self._barriers, self._lines = barriers, lines
        vertices, way = shapely.get_coordinates(np.array(lines, dtype=object), return_index=True)
        places = _keys(vertices)
        at = np.isin(places, np.fromiter(barriers, np.int64, len(barriers)))
        pairs = {(one, place) for one, place in zip(way[at].tolist(), places[at].tolist(), strict=True)}
        self._ways = Counter(place for _, place in pairs)
        self._with_barrier = {one for one, _ in pairs}

    def cut(self, number: int) -> list[Stretch]:
        """The stretches of a line by its number, one if no barrier stands on it."""
        line = self._lines[number]
        if number not in self._with_barrier:
            return [Stretch(0, line)]
        vertices = shapely.get_coordinates(line)
        places = _keys(vertices).tolist()
        last = len(places) - 1
        at = [spot for spot, place in enumerate(places) if place in self._barriers
              and (self._ways[place] > 1 if spot in (0, last) else self._ways[place] == 1)]  # fmt: skip
        return [
            Stretch(part, shapely.LineString(points), self._barriers[places[spot]] if spot >= 0 else frozenset())
            for part, (points, spot) in enumerate(_parts(vertices, at))
        ]


def _keys(vertices: Floats) -> NDArray[np.int64]:
    """One whole number for each place (n, 2) in degrees, as exact as OpenStreetMap has them."""
    whole = np.rint(vertices * _PARTS).astype(np.int64)
    return np.asarray((whole[:, 0] << 32) + whole[:, 1])


def _parts(vertices: Floats, at: list[int]) -> list[tuple[Floats, int]]:
    """Parts of a line with the number of the vertex whose barrier they are behind, -1 for those between."""
    squeeze = np.cos(np.radians(vertices[:, 1].mean()))
    steps = np.hypot(*(np.diff(vertices, axis=0) * (squeeze, 1.0) * _METRES_PER_DEGREE).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    marks = [(0.0, 0.0, -1), *(_closed(along, number) for number in at), (along[-1], along[-1], -1)]
    parts = list[tuple[Floats, int]]()
    for (_, done, _), (begin, end, barrier) in pairwise(marks):
        parts += [(_between(vertices, along, done, begin), -1)] if begin > done else []
        parts += [(_between(vertices, along, max(begin, done), end), barrier)] if end > max(begin, done) else []
    return [(points, barrier) for points, barrier in parts if (points != points[0]).any()]


def _closed(along: Floats, number: int) -> tuple[float, float, int]:
    """From where to where a way is closed: behind the barrier, before it where the way ends, within one segment."""
    here = float(along[number])
    if number == len(along) - 1:
        return max(here - _STUB_M, float(along[number - 1])), here, number
    return here, min(here + _STUB_M, float(along[number + 1])), number


def _between(vertices: Floats, along: Floats, begin: float, end: float) -> Floats:
    inner = vertices[(along > begin) & (along < end)]
    edges = np.column_stack([np.interp([begin, end], along, vertices[:, axis]) for axis in (0, 1)]).round(_DECIMALS)
    return np.vstack([edges[:1], inner, edges[1:]])
