"""From where one gets to some sources within a limit: the reached roads, and honest shapes round them, never hulls.

    shape = catchment(nearest, clinics, 900)                  # of all of them together, one (Multi)Polygon in degrees
    shapes = catchments(nearest, clinics, 900)                # one for each, which may lie over each other
    stretches = reached(roads.spread(clinics, limit=900))     # the roads themselves; `lines` draws them

`nearest` is a RoadNearest or a StraightNearest, `clinics` are what its `locate` gave; the limit is in seconds, or in
metres by Measure.METRES. A road of which only a part is reached is cut where the limit falls, from either end. Shapes
are what is within BESIDE_M of a reached road; the walk from there to the road is not counted.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.nearest import Located, Measure, RoadNearest, RoadSpread
from geoapp.routing.nearest_kernel import NOBODY
from geoapp.routing.nearest_straight import StraightNearest, degree_m
from geoapp.routing.network import METRES_PER_DEGREE, Network
from geoapp.routing.reaching_lines import pieces_of

Nearest = RoadNearest | StraightNearest
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Shapes = NDArray[np.object_]

# What is this near to a reached road belongs to the catchment.
BESIDE_M = 100.0
# Lines lose what nobody sees before something is drawn round them; a quarter of a circle has so many corners.
_FINE_M, _CORNERS = 2.0, 4
_CIRCLE_CORNERS = 16


@dataclass(frozen=True, slots=True)
class Stretches:
    """Parts of pieces of road (m,): the piece, and between which shares of its length; none overlaps another."""

    piece: Integers
    begin: Floats
    end: Floats

    def __len__(self) -> int:
        return len(self.piece)


def reached(spread: RoadSpread) -> Stretches:
    """The roads from which a source is reached within the limit of the spread."""
    parts = [_from_ends(spread, along=True), _from_ends(spread, along=False)]
    parts += [_beside_sources(spread, along=True), _beside_sources(spread, along=False)]
    piece, begin, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _merged(piece, begin, end)


def lines(network: Network, stretches: Stretches) -> Shapes:
    """Stretches as lines (m,) in degrees."""
    length_m = network.length_m[stretches.piece]
    return pieces_of(network).cut(stretches.piece, stretches.begin * length_m, stretches.end * length_m)


def catchment(
    nearest: Nearest, sources: Located, limit: float, *, by: Measure = Measure.TIME, beside_m: float = BESIDE_M
) -> Any:
    """From where one of the sources is reached within the limit: one (Multi)Polygon in degrees, empty if from nowhere.

    In straight lines circles whose radius is the line that the limit allows.
    """
    if isinstance(nearest, StraightNearest):
        return shapely.union_all(_circles(nearest, sources, limit, by))
    return _round(_roads_and_walks(nearest, sources, limit, by), beside_m)


def catchments(
    nearest: Nearest, sources: Located, limit: float, *, by: Measure = Measure.TIME, beside_m: float = BESIDE_M
) -> Shapes:
    """The catchment of each source (k,) as if it were the only one."""
    if isinstance(nearest, StraightNearest):
        return _circles(nearest, sources, limit, by)
    found = np.empty(len(sources), object)
    for number in range(len(sources)):
        alone = sources.part(number, number + 1)
        found[number] = _round(_roads_and_walks(nearest, alone, limit, by), beside_m)
    return found


def _from_ends(spread: RoadSpread, *, along: bool) -> tuple[Integers, Floats, Floats]:
    """What is reached of each piece by leaving it at its end, or at its beginning."""
    arcs = spread.roads.arcs(spread.by)
    arc = arcs.there if along else arcs.back
    piece = np.flatnonzero(arc >= 0)
    node = arcs.head[arc[piece]]
    piece, node = piece[spread.nodes.source[node] != NOBODY], node[spread.nodes.source[node] != NOBODY]
    share = np.minimum((spread.limit - spread.nodes.cost[node]) / arcs.cost[arc[piece]], 1.0)
    return (piece, 1.0 - share, np.ones(len(piece))) if along else (piece, np.zeros(len(piece)), share)


def _beside_sources(spread: RoadSpread, *, along: bool) -> tuple[Integers, Floats, Floats]:
    """What is reached of the pieces at which sources are, without a junction."""
    arcs, sources = spread.roads.arcs(spread.by), spread.sources
    rows = np.flatnonzero(sources.near & (sources.piece >= 0) & (sources.cost <= spread.limit))
    arc = (arcs.there if along else arcs.back)[sources.piece[rows]]
    rows, arc = rows[arc >= 0], arc[arc >= 0]
    at, share = sources.share[rows], (spread.limit - sources.cost[rows]) / arcs.cost[arc]
    begin, end = (np.maximum(at - share, 0.0), at) if along else (at, np.minimum(at + share, 1.0))
    return sources.piece[rows], begin, end


def _merged(piece: Integers, begin: Floats, end: Floats) -> Stretches:
    """Stretches without those that overlap, or touch."""
    order = np.lexsort((begin, piece))
    order = order[(end > begin)[order]]
    piece, begin, end = piece[order], begin[order], end[order]
    if not len(piece):
        return Stretches(piece, begin, end)
    # One running greatest end does for all pieces when each has its own room.
    highest = np.maximum.accumulate(2.0 * piece + end)
    fresh = np.ones(len(piece), bool)
    fresh[1:] = 2.0 * piece[1:] + begin[1:] > highest[:-1]
    first = np.flatnonzero(fresh)
    return Stretches(piece[first], begin[first], np.maximum.reduceat(end, first))


def _roads_and_walks(roads: RoadNearest, sources: Located, limit: float, by: Measure) -> Shapes:
    """What is reached as lines in degrees, the walks from the road to the sources among them."""
    spread = roads.spread(sources, by=by, limit=limit)
    found = lines(roads.graph.network, reached(spread))
    on, walk = sources.on, spread.sources.cost
    rows = np.flatnonzero(spread.sources.near)
    if on is None or not len(rows):
        return found
    share = np.minimum(spread.limit / np.maximum(walk[rows], 1), 1.0)[:, None]
    here = np.column_stack([sources.lon[rows], sources.lat[rows]])
    there = here + (np.column_stack([on.lon[rows], on.lat[rows]]) - here) * share
    return np.concatenate([found, shapely.linestrings(np.stack([here, there], axis=1))])


def _round(found: Shapes, beside_m: float) -> Any:
    """All within some metres of lines in degrees; of places far apart north and south nearly so (1 % a degree)."""
    if not len(found):
        return shapely.MultiPolygon()
    bounds = shapely.total_bounds(found)
    scale = np.array([np.cos(np.radians((bounds[1] + bounds[3]) / 2)), 1.0]) * METRES_PER_DEGREE
    metric = shapely.transform(found, lambda dots: dots * scale)
    drawn = shapely.buffer(shapely.simplify(metric, min(_FINE_M, beside_m / 10)), beside_m, quad_segs=_CORNERS)
    return shapely.transform(shapely.union_all(drawn), lambda dots: dots / scale)


def _circles(lines: StraightNearest, sources: Located, limit: float, by: Measure) -> Shapes:
    """Circles in degrees, empty where a source is unknown."""
    radius_m = limit * (lines.metres_per_s if by is Measure.TIME else 1.0) / lines.detour
    turn = np.linspace(0, 2 * np.pi, 4 * _CIRCLE_CORNERS, endpoint=False)
    found = np.full(len(sources), shapely.Polygon(), object)
    known = np.flatnonzero(sources.known)
    if len(known):
        middle = np.column_stack([sources.lon, sources.lat])[known, None, :]
        step = np.column_stack([np.cos(turn), np.sin(turn)])[None] * radius_m
        found[known] = shapely.polygons(middle + step / degree_m(sources.lat[known])[:, None, :])
    return found
