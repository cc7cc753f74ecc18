"""Time and metres from very many places to the nearest of some sources, over the roads: which one, and how far.

    roads = RoadNearest(graph)                      # of one profile; may be kept as long as the graph
    homes, clinics = roads.locate(lon, lat), roads.locate(their_lon, their_lat)     # may be kept likewise
    found = roads.search(homes, clinics)            # the fastest way; Measure.METRES: the shortest one
    found.seconds, found.metres, found.nearest, found.state

People go to the source: arcs are followed against their direction in one Dijkstra search from all sources at once.
As in routes between stops, a place is on a piece of road: one at the far end of a one-way piece is got to along that
piece only. StraightNearest (nearest_straight.py) answers the same where there are no roads. What a search says of the
whole network (`spread`) serves catchments and lines, too.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from geoapp.routing.graph import Graph
from geoapp.routing.nearest_kernel import NEVER, NOBODY, Arcs, Reached, Spots, at_places, search, told
from geoapp.routing.nearest_snapping import ManySnapper
from geoapp.routing.profiles import WALKING_KMH
from geoapp.routing.snapping import Snapped
from geoapp.routing.travel import REACH_M

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Measure(Enum):
    """What is made least: a way's time, or its length."""

    TIME = "time"
    METRES = "metres"


class State(IntEnum):
    """How it stands with a place.

    UNREACHABLE: there is no source by any road. TOO_FAR: the nearest road is farther than REACH_M. BEYOND: a source
    can be reached, but not within the limit that was asked for. UNKNOWN: the place has no coordinates.
    """

    REACHED = 0
    UNREACHABLE = 1
    TOO_FAR = 2
    BEYOND = 3
    UNKNOWN = 4


@dataclass(frozen=True, slots=True)
class Located:
    """Places lon, lat (n,) in degrees (WGS 84), NaN for unknown ones, and where they meet the roads, if there are any.

    Only for the Nearest that made it.
    """

    lon: Floats
    lat: Floats
    on: Snapped | None

    def __len__(self) -> int:
        return len(self.lon)

    def part(self, first: int, last: int) -> "Located":
        """The places from first to last - 1."""
        on, rows = self.on, slice(first, last)
        part = None if on is None else Snapped(on.piece[rows], on.share[rows], on.lon[rows], on.lat[rows],
                                               on.distance_m[rows])  # fmt: skip
        return Located(self.lon[rows], self.lat[rows], part)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which places (n,) have coordinates."""
        return np.asarray(np.isfinite(self.lon) & np.isfinite(self.lat))

    @property
    def away_m(self) -> Floats:
        """Metres (n,) from the road: walked, and too far where more than REACH_M; zeros where there are no roads."""
        return np.zeros(len(self.lon)) if self.on is None else self.on.distance_m


@dataclass(frozen=True, slots=True)
class Found:
    """The way from each place (n,) to its nearest source.

    nearest: number of the source, of equally near ones the lowest, -1 where there is none. seconds, metres: of that way
    with the walks at both ends; infinite where there is none, NaN for places that are unknown or too far from a road.
    state: of State.
    """

    seconds: Floats
    metres: Floats
    nearest: Integers
    state: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.nearest)


class RoadNearest:
    """The nearest over the arcs of a graph. Any thread may ask."""

    estimate = False

    def __init__(self, graph: Graph) -> None:
        self.graph, self._snapper = graph, ManySnapper(graph)
        length_mm = np.maximum(np.rint(graph.network.length_m[graph.piece] * 1_000), 1).astype(np.int64)
        self._arcs = {
            Measure.TIME: _arcs(graph, graph.time_ms, length_mm),
            Measure.METRES: _arcs(graph, length_mm, graph.time_ms),
        }

    def locate(self, lon: Floats, lat: Floats) -> Located:
        """Where places (n,) in degrees meet the roads."""
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        return Located(lon, lat, self._snapper.snap(lon, lat))

    def search(
        self, places: Located, sources: Located, *, by: Measure = Measure.TIME, limit: float | None = None
    ) -> Found:
        """From each place to the nearest source; limit in seconds, or in metres by metres: no way that is longer."""
        return self.spread(sources, by=by, limit=limit).at(places)

    def spread(self, sources: Located, *, by: Measure = Measure.TIME, limit: float | None = None) -> "RoadSpread":
        """What every junction is from its nearest source, from which every place's way follows at once."""
        arcs, spots = self.arcs(by), self.spots(sources, by)
        heap, nodes = room(arcs, len(sources))
        most = whole_limit(limit)
        search(arcs, spots, 0, len(sources), most, heap, nodes)
        return RoadSpread(self, spots, nodes, by, most)

    def arcs(self, by: Measure) -> Arcs:
        """The graph as the kernels read it: costs in whole milliseconds, or in whole millimetres."""
        return self._arcs[by]

    def spots(self, places: Located, by: Measure) -> Spots:
        """Places as the kernels read them."""
        on = places.on
        if on is None:
            raise TypeError("places of straight lines were given to roads: locate them by the roads first")
        near = np.asarray(on.distance_m <= REACH_M)
        walk_m = np.where(near, on.distance_m, 0.0)
        # As travel times between stops have it, walks are rounded one by one.
        walk_ms = np.rint(walk_m * 3_600 / WALKING_KMH).astype(np.int64)
        walk_mm = np.rint(walk_m * 1_000).astype(np.int64)
        cost, other = (walk_ms, walk_mm) if by is Measure.TIME else (walk_mm, walk_ms)
        return Spots(on.piece, on.share, cost, other, places.lon, places.lat, near)


@dataclass(frozen=True, slots=True)
class RoadSpread:
    """What a search from some sources says of the whole network.

    nodes: cost in ms or mm from each node to its nearest source, other along that way, and source. limit: in ms or mm.
    """

    roads: RoadNearest
    sources: Spots
    nodes: Reached
    by: Measure
    limit: int

    def at(self, places: Located) -> Found:
        """From each place to its nearest source."""
        arcs, spots = self.roads.arcs(self.by), self.roads.spots(places, self.by)
        found = Reached(*(np.empty(len(places), np.int64) for _ in range(3)))
        order, starts = by_piece(self.sources, len(arcs.there))
        at_places(arcs, self.sources, order, starts, self.nodes, spots, found, NOBODY)
        return self._told(found, spots)

    def _told(self, found: Reached, spots: Spots) -> Found:
        without = State.BEYOND if self.sources.near.any() else State.UNREACHABLE
        states = np.array([State.REACHED, without, State.TOO_FAR, State.UNKNOWN], np.uint8)
        cost, other, state = np.empty(len(found.cost)), np.empty(len(found.cost)), np.empty(len(found.cost), np.uint8)
        told(found, spots, self.limit, states, cost, other, state)
        seconds, metres = (cost, other) if self.by is Measure.TIME else (other, cost)
        return Found(seconds, metres, found.source, state)


def by_piece(sources: Spots, pieces: int) -> tuple[Integers, Integers]:
    """Numbers of the sources in the order of their pieces, and where those of each piece begin (pieces + 1,)."""
    order = np.argsort(sources.piece, kind="stable")
    return order, np.searchsorted(sources.piece[order], np.arange(pieces + 1))


def room(arcs: Arcs, sources: int) -> tuple[Integers, Reached]:
    """What a search needs to work with: its heap, and what it finds for each node."""
    nodes = Reached(*(np.empty(len(arcs.first) - 1, np.int64) for _ in range(3)))
    return np.empty(len(arcs.tail) + 2 * sources + 1, np.int64), nodes


def whole_limit(limit: float | None) -> int:
    """A limit in ms or mm, from seconds or metres."""
    return NEVER - 1 if limit is None else int(min(np.floor(limit * 1_000), NEVER - 1))


def _arcs(graph: Graph, cost: Integers, other: Integers) -> Arcs:
    into = np.argsort(graph.head, kind="stable")
    first = np.searchsorted(graph.head[into], np.arange(len(graph.lon) + 1))
    return Arcs(graph.tail, graph.head, cost, other, first, graph.tail[into], cost[into], other[into],
                graph.there, graph.back)  # fmt: skip
