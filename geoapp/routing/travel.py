"""Travel times between places: over roads, or in a straight line where there are none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geoapp.routing.graph import Graph
from geoapp.routing.profiles import WALKING_KMH, Profile
from geoapp.routing.snapping import Snapped, Snapper

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Points = Sequence[tuple[float, float]]

# A place farther from the roads than this cannot be planned with.
REACH_M = 500.0
DETOUR = 1.3
# What an estimate may be wrong by, both ways.
UNSURE = (0.7, 1.6)
_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Leg:
    """One way from place to place: whole seconds, metres, its line in degrees, and the roads' numbers with metres.

    walk_m: from the place to the road, and from the road to the other place; the metres hold both.
    """

    seconds: int
    metres: float
    line: list[tuple[float, float]]
    roads: list[tuple[int, float]] = field(default_factory=list)
    walk_m: tuple[float, float] = (0.0, 0.0)


class Shortest(Protocol):
    """Shortest ways over the arcs of a graph. An option is a node and what it costs (ms) to begin or end there."""

    def matrix_ms(self, origins: Sequence["Options"], targets: Sequence["Options"]) -> Floats:
        """Milliseconds from each origin to each target (n, m), infinite where there is no way."""

    def arcs(self, origin: "Options", target: "Options") -> tuple[list[int], float]:
        """The arcs of a shortest way, and its milliseconds."""


Options = list[tuple[int, int]]


class RoadTravel:
    """Travel over the arcs of a graph; places are walked to from the road nearest to them."""

    estimate = False

    def __init__(self, graph: Graph, shortest: Shortest, snapper: Snapper) -> None:
        self.graph, self._shortest, self._snapper = graph, shortest, snapper

    def by(self, shortest: Shortest) -> "RoadTravel":
        """The same roads, searched by another way of computing it."""
        return RoadTravel(self.graph, shortest, self._snapper)

    def snapped(self, places: Points) -> Snapped:
        """Where each place meets the roads."""
        lon, lat = np.array(places, float).reshape(-1, 2).T
        return self._snapper.snap(lon, lat)

    def cut_off_m(self, places: Points) -> Floats:
        """Metres from each place to the nearest road that one cannot get to and back from."""
        lon, lat = np.array(places, float).reshape(-1, 2).T
        return self._snapper.cut_off_m(lon, lat)

    def matrix_s(self, places: Points) -> Integers:
        """Whole seconds from each place to each (n, n), never less than it takes."""
        on = self.snapped(places)
        starts, ends = [self._out(on, one) for one in range(len(on))], [self._into(on, one) for one in range(len(on))]
        ms = self._shortest.matrix_ms(starts, ends)
        one, other = np.nonzero(on.piece[:, None] == on.piece[None, :])
        for at, to in zip(one.tolist(), other.tolist(), strict=True):
            ms[at, to] = min(ms[at, to], self._direct(on, at, to))
        walk = _walk_ms(on.distance_m)
        ms = ms + walk[:, None] + walk[None, :]
        lon, lat = np.array(places, float).reshape(-1, 2).T
        ms[(lon[:, None] == lon) & (lat[:, None] == lat)] = 0.0
        return np.asarray(np.ceil(ms / 1_000), np.int64)

    def leg(self, one: tuple[float, float], other: tuple[float, float]) -> Leg:
        """The way between two places, with its line."""
        on = self.snapped([one, other])
        arcs, ms = self._shortest.arcs(self._out(on, 0), self._into(on, 1))
        direct = self._direct(on, 0, 1) if on.piece[0] == on.piece[1] else np.inf
        parts = self._direct_parts(on) if direct <= ms else self._parts(on, arcs)
        walk = _walk_ms(on.distance_m)
        seconds = 0 if one == other else int(np.ceil((min(ms, direct) + float(walk.sum())) / 1_000))
        return self._drawn(parts, one, other, seconds, on)

    def _out(self, on: Snapped, place: int) -> Options:
        """The nodes at which one may begin, and the time to them."""
        return [(node, ms) for node, ms, _ in self._options(on, place, leaving=True)]

    def _into(self, on: Snapped, place: int) -> Options:
        return [(node, ms) for node, ms, _ in self._options(on, place, leaving=False)]

    def _options(self, on: Snapped, place: int, *, leaving: bool) -> list[tuple[int, int, float]]:
        """Node, time, and which end of the piece of road that is: 0 its beginning, 1 its end."""
        graph, piece, share = self.graph, int(on.piece[place]), float(on.share[place])
        there, back = int(graph.there[piece]), int(graph.back[piece])
        end = 1.0 if leaving else 0.0
        found = list[tuple[int, int, float]]()
        if there >= 0:
            node = graph.head[there] if leaving else graph.tail[there]
            found.append((int(node), _part(graph, there, abs(end - share)), end))
        if back >= 0:
            node = graph.head[back] if leaving else graph.tail[back]
            found.append((int(node), _part(graph, back, abs(1 - end - share)), 1 - end))
        return found if len(found) > 1 else [*found, *self._at_its_end(piece, share, found[0][2])]

    def _at_its_end(self, piece: int, share: float, other: float) -> list[tuple[int, int, float]]:
        """The other end of a one-way piece where a place stands right at the junction: any road may be taken there."""
        graph, near = self.graph, 1.0 - other
        if _part(graph, int(max(graph.there[piece], graph.back[piece])), abs(near - share)):
            return []
        return [(int(graph.node[(graph.network.head if near else graph.network.tail)[piece]]), 0, near)]

    def _direct(self, on: Snapped, one: int, other: int) -> float:
        """Along one piece of road without a junction."""
        ahead = float(on.share[other] - on.share[one])
        arc = int((self.graph.there if ahead >= 0 else self.graph.back)[on.piece[one]])
        return _part(self.graph, arc, abs(ahead)) if arc >= 0 else np.inf

    def _direct_parts(self, on: Snapped) -> list[tuple[int, float, float]]:
        return [(int(on.piece[0]), float(on.share[0]), float(on.share[1]))]

    def _parts(self, on: Snapped, arcs: list[int]) -> list[tuple[int, float, float]]:
        """Pieces of road from one share of their length to another."""
        graph = self.graph
        whole = [(int(graph.piece[arc]), *((0.0, 1.0) if graph.forward[arc] else (1.0, 0.0))) for arc in arcs]
        # Both ends of a loop are one node, and two roads may have the same ends: the fastest is meant.
        ends = (int(graph.tail[arcs[0]]), int(graph.head[arcs[-1]])) if arcs else None
        _, begin, end = min(
            (ms + more, here, there)
            for node, ms, here in self._options(on, 0, leaving=True)
            for other, more, there in self._options(on, 1, leaving=False)
            if (node == other if ends is None else (node, other) == ends)
        )
        return [(int(on.piece[0]), float(on.share[0]), begin), *whole, (int(on.piece[1]), end, float(on.share[1]))]

    def _drawn(self, parts: list[tuple[int, float, float]], one: tuple[float, float], other: tuple[float, float],
               seconds: int, on: Snapped) -> Leg:  # fmt: skip
        net = self.graph.network
        line, roads, metres = [one], list[tuple[int, float]](), float(on.distance_m.sum())
        for piece, begin, end in parts:
            long = float(net.length_m[piece]) * abs(end - begin)
            line += _cut(net.vertices, net.along_m, int(net.first[piece]), int(net.last[piece]), begin, end)
            metres += long
            number = int(net.road[piece])
            if roads and roads[-1][0] == number:
                roads[-1] = (number, roads[-1][1] + long)
            elif long > 0:
                roads.append((number, long))
        walk_m = (float(on.distance_m[0]), float(on.distance_m[1]))
        return Leg(seconds, metres, _without_repeats([*line, other]), roads, walk_m)


class StraightTravel:
    """A straight line × 1.3 at one speed: an estimate, and called so wherever it is shown."""

    estimate = True

    def __init__(self, profile: Profile) -> None:
        self._metres_per_s = profile.straight_kmh / 3.6

    def matrix_s(self, places: Points) -> Integers:
        """Whole seconds from each place to each (n, n)."""
        lon, lat = np.array(places, float).reshape(-1, 2).T
        one, other = (grid.ravel() for grid in np.indices((len(lon), len(lon))))
        _, _, metres = _WGS84.inv(lon[one], lat[one], lon[other], lat[other])
        seconds = np.ceil(metres.reshape(len(lon), -1) * DETOUR / self._metres_per_s)
        return np.asarray(seconds, np.int64)

    def leg(self, one: tuple[float, float], other: tuple[float, float]) -> Leg:
        """The straight line between two places."""
        _, _, metres = _WGS84.inv(*one, *other)
        return Leg(int(np.ceil(metres * DETOUR / self._metres_per_s)), metres * DETOUR, [one, other])


Travel = RoadTravel | StraightTravel


def _part(graph: Graph, arc: int, share: float) -> int:
    return round(float(graph.time_ms[arc]) * share)


def _walk_ms(metres: Floats) -> Floats:
    """To the road and from it, on foot."""
    return np.asarray(np.rint(metres * 3_600 / WALKING_KMH))


def _cut(
    vertices: Floats, along_m: Floats, first: int, last: int, begin: float, end: float
) -> list[tuple[float, float]]:
    """The line of a piece of road from one share of its length to another, backwards where begin is the greater."""
    low, high = min(begin, end), max(begin, end)
    if (low, high) == (0.0, 1.0):
        whole = vertices[first : last + 1].tolist()
        return [(lon, lat) for lon, lat in (whole if begin <= end else reversed(whole))]
    along = along_m[first : last + 1] - along_m[first]
    places = vertices[first : last + 1]
    marks = np.array([low, high]) * along[-1]
    inner = places[(along > marks[0]) & (along < marks[1])]
    edges = np.column_stack([np.interp(marks, along, places[:, axis]) for axis in (0, 1)])
    cut = np.vstack([edges[:1], inner, edges[1:]])
    ordered = cut if begin <= end else cut[::-1]
    return [(float(lon), float(lat)) for lon, lat in ordered]


def _without_repeats(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [point for number, point in enumerate(line) if number == 0 or point != line[number - 1]]
