"""Roads joined to a network: junctions, and the pieces of road between them.

Roads join where one of them ends at a point of the other, and where they cross at a point that both have on the same
level. A bridge has no point in common with the road beneath, or another level: the two stay apart. An end that misses
another road by 2 m or less was drawn so by mistake, and is joined.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geoapp.routing.roads import RoadLines
from geoapp.routing.segments import Segments

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

JOIN_M = 2.0
# Places are told apart by a hundredth of a metre, as the layers are written.
PLACES_DEG = 1e-7
_WGS84 = Geod(ellps="WGS84")
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Network:
    """Pieces of road between junctions.

    lon, lat (j,): of the junctions, in degrees. tail, head (p,): junctions at which a piece begins and ends along its
    line; road, rule (p,): numbers of its road and of its road's rule; length_m (p,). vertices (v, 2) in degrees, those
    of piece `i` from first[i] up to and with last[i]; along_m (v,) from the beginning of its line. joined: how many
    ends were joined that missed.
    """

    lon: Floats
    lat: Floats
    tail: Integers
    head: Integers
    road: Integers
    rule: Integers
    length_m: Floats
    vertices: Floats
    first: Integers
    last: Integers
    along_m: Floats
    joined: int


@dataclass(slots=True)
class _Points:
    """All vertices of all lines in a row: their line, their level, and which place they are."""

    vertices: Floats
    line: Integers
    place: Integers
    level: Integers

    @property
    def ends(self) -> NDArray[np.bool_]:
        """Whether a vertex ends its line."""
        ends = np.ones(len(self.line), bool)
        ends[1:-1] = (self.line[1:-1] != self.line[:-2]) | (self.line[1:-1] != self.line[2:])
        return ends


def network(lines: RoadLines) -> Network:
    """The network of roads whose vertices are in degrees (WGS 84)."""
    line = np.repeat(np.arange(len(lines.road)), np.diff(lines.offsets))
    if not len(line):
        none, nothing = np.empty(0), np.empty(0, np.int64)
        return Network(none, none, nothing, nothing, nothing, nothing, none, lines.vertices, nothing, nothing, none, 0)
    level = np.array([rule.level for rule in lines.rules], np.int64)[lines.rule[lines.road]]
    points = _Points(lines.vertices, line, np.empty(0, np.int64), level[line])
    points.place = _places(points)
    points, joined = _join_ends(points)
    return _pieces(points, joined, lines)


def _places(points: _Points) -> Integers:
    """The same number for vertices that are one place of the network."""
    whole = np.rint(points.vertices / PLACES_DEG).astype(np.int64)
    _, spot = np.unique(whole[:, 0] * (1 << 32) + whole[:, 1], return_inverse=True)
    ended = np.zeros(int(spot.max()) + 1, bool)
    ended[spot[points.ends]] = True
    storey = np.where(ended[spot], 0, points.level - points.level.min() + 1)
    _, place = np.unique(spot * (int(storey.max()) + 1) + storey, return_inverse=True)
    return place.astype(np.int64)


def _join_ends(points: _Points) -> tuple[_Points, int]:
    """Join ends that touch nothing to what is within JOIN_M: to a vertex there, or to a new one in its line."""
    loose = np.flatnonzero(points.ends & (np.bincount(points.place)[points.place] == 1))
    metric = points.vertices * METRES_PER_DEGREE
    metric[:, 0] *= np.cos(np.radians(points.vertices[:, 1].mean()))
    starts = np.flatnonzero(points.line[1:] == points.line[:-1])
    segments = Segments(metric[starts], metric[starts + 1])
    end, segment = segments.within(metric[loose], JOIN_M)
    _, far = segments.feet(metric[loose[end]], segment)
    near_enough = far <= JOIN_M
    at, start, far = loose[end[near_enough]], starts[segment[near_enough]], far[near_enough]
    other = (points.line[at] != points.line[start]) & (points.place[at] != points.place[start])
    # A loose end of another level may be joined to an end, never to what passes over or under it.
    near = np.where(_nearer(metric, at, start), start, start + 1)
    to_vertex = np.hypot(*(metric[near] - metric[at]).T) <= JOIN_M
    allowed = other & ((points.level[at] == points.level[start]) | (to_vertex & points.ends[near]))
    order = np.lexsort((far, at))
    order = order[allowed[order]]
    order = order[np.unique(at[order], return_index=True)[1]]
    return _joined(points, at[order], start[order], np.where(to_vertex, near, -1)[order], metric), len(order)


def _nearer(metric: Floats, at: Integers, start: Integers) -> NDArray[np.bool_]:
    """Whether a segment's beginning is nearer to a vertex than its end."""
    first, last = (np.hypot(*(metric[place] - metric[at]).T) for place in (start, start + 1))
    return np.asarray(first <= last)


def _joined(points: _Points, at: Integers, start: Integers, vertex: Integers, metric: Floats) -> _Points:
    to_vertex = vertex >= 0
    place = _one_place(points.place, at[to_vertex], vertex[to_vertex])
    at, start = at[vertex < 0], start[vertex < 0]
    share = ((metric[at] - metric[start]) * (metric[start + 1] - metric[start])).sum(axis=1)
    order = np.lexsort((share, start))
    at, start = at[order], start[order]
    where = start + 1
    return _Points(np.insert(points.vertices, where, points.vertices[at], axis=0),
                   np.insert(points.line, where, points.line[start]), np.insert(place, where, place[at]),
                   np.insert(points.level, where, points.level[start]))  # fmt: skip


def _one_place(place: Integers, at: Integers, vertex: Integers) -> Integers:
    """Places with those joined of which an end is at a vertex of the other."""
    number = int(place.max()) + 1
    pairs = csr_array((np.ones(len(at), np.int8), (place[at], place[vertex])), shape=(number, number))
    return np.asarray(connected_components(pairs, directed=False)[1], np.int64)[place]


def _pieces(points: _Points, joined: int, lines: RoadLines) -> Network:
    """Cut the roads at every place where one could go elsewhere."""
    ends = points.ends
    uses = np.bincount(points.place, np.where(ends, 1, 2))
    cut = ends.copy()
    junction = np.zeros(len(uses), bool)
    junction[points.place[ends]] = True
    cut |= (junction | (uses > 2))[points.place]
    cuts = np.flatnonzero(cut)
    pieces = np.flatnonzero(points.line[cuts[1:]] == points.line[cuts[:-1]])
    first, last = cuts[pieces], cuts[pieces + 1]
    along = _along(points)
    kept = along[last] > along[first]
    first, last = first[kept], last[kept]
    used, number = np.unique(points.place[np.concatenate([first, last])], return_inverse=True)
    where = np.zeros(len(uses), np.int64)
    where[points.place] = np.arange(len(points.place))
    spot = points.vertices[where[used]]
    road = lines.road[points.line[first]]
    return Network(spot[:, 0], spot[:, 1], number[: len(first)], number[len(first) :], road, lines.rule[road],
                   along[last] - along[first], points.vertices, first, last, along, joined)  # fmt: skip


def _along(points: _Points) -> Floats:
    """Metres from the beginning of its line to each vertex."""
    lon, lat = points.vertices.T
    _, _, step = _WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[points.line[1:] != points.line[:-1]] = 0.0
    total = np.concatenate([[0.0], np.cumsum(step)])
    first = np.searchsorted(points.line, np.arange(int(points.line.max()) + 1))
    return np.asarray(total - total[first][points.line])
