"""From each of many places to each of many sources: what floating catchments and the choice of sites stand on.

    seconds = matrix(roads, homes, clinics, limit=1_800)        # (n, k) float32, infinite beyond the limit
    pairs = within(roads, homes, clinics, limit=1_800)          # only those within it: for very many of both

`roads` is a RoadNearest or a StraightNearest, `homes` and `clinics` are what its `locate` gave.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.routing.nearest import Located, Measure, RoadNearest, by_piece, room, whole_limit
from geoapp.routing.nearest_kernel import Reached, columns
from geoapp.routing.nearest_straight import StraightNearest, arc_m, on_ellipsoid

Nearest = RoadNearest | StraightNearest
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]

# 600 MB. Whoever needs more takes `within`, with a limit.
MOST_CELLS = 150_000_000
# So many numbers of a block are held at once (float64: 64 MB).
_BLOCK_CELLS = 8_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places and sources that are within a limit of each other (m,), source after source, places in their order.

    cost: seconds, or metres by Measure.METRES.
    """

    place: Integers
    source: Integers
    cost: Singles


def matrix(
    nearest: Nearest, places: Located, sources: Located, *, by: Measure = Measure.TIME, limit: float | None = None
) -> Singles:
    """Seconds, or metres by Measure.METRES, from each place to each source (n, k); infinite beyond the limit.

    Infinite, too, where a place or a source is unknown or too far from a road. Single precision: exact to a millisecond
    up to two hours, to 4 ms up to half a day. It takes n × k × 4 bytes; raises BadInput beyond MOST_CELLS.
    The columns stand one after another in memory (Fortran's order).
    """
    if len(places) * len(sources) > MOST_CELLS:
        raise BadInput("{places} places times {sources} sources are too many to compare each with each; "
                       "please take fewer of one of them.", places=len(places), sources=len(sources))  # fmt: skip
    found = np.empty((len(sources), len(places)), np.float32)
    for first, last in _blocks(len(places), len(sources)):
        found[first:last] = _columns(nearest, places, sources, (first, last), by, limit)
    return found.T


def within(nearest: Nearest, places: Located, sources: Located, limit: float, *, by: Measure = Measure.TIME) -> Pairs:
    """The pairs of a place and a source within a limit in seconds, or in metres by Measure.METRES.

    It takes 20 bytes a pair, and a block of some sources at a time.
    """
    parts = list[tuple[Integers, Integers, Singles]]()
    for first, last in _blocks(len(places), len(sources)):
        block = _columns(nearest, places, sources, (first, last), by, limit)
        source, place = np.nonzero(np.isfinite(block))
        parts.append((place, source + first, block[source, place]))
    if not parts:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    place, source, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Pairs(place, source, cost)


def _blocks(places: int, sources: int) -> list[tuple[int, int]]:
    step = max(_BLOCK_CELLS // max(places, 1), 1)
    return [(first, min(first + step, sources)) for first in range(0, sources, step)]


def _columns(
    nearest: Nearest, places: Located, sources: Located, block: tuple[int, int], by: Measure, limit: float | None
) -> Singles:
    """Costs (sources of the block, n)."""
    chosen = sources.part(*block)
    if isinstance(nearest, RoadNearest):
        return _by_road(nearest, places, chosen, by, limit)
    return _by_line(nearest, places, chosen, by, limit)


def _by_road(roads: RoadNearest, places: Located, sources: Located, by: Measure, limit: float | None) -> Singles:
    arcs, spots, targets = roads.arcs(by), roads.spots(places, by), roads.spots(sources, by)
    heap, nodes = room(arcs, len(sources))
    found = Reached(*(np.empty(len(places), np.int64) for _ in range(3)))
    costs = np.empty((len(sources), len(places)), np.float32)
    order, starts = by_piece(targets, len(arcs.there))
    columns(arcs, targets, order, starts, spots, whole_limit(limit), heap, nodes, found, costs)
    return costs


def _by_line(lines: StraightNearest, places: Located, sources: Located, by: Measure, limit: float | None) -> Singles:
    dots, ends = on_ellipsoid(places.lon, places.lat), on_ellipsoid(sources.lon, sources.lat)
    costs = np.empty((len(ends), len(dots)), np.float32)
    per = lines.detour / (lines.metres_per_s if by is Measure.TIME else 1.0)
    for row, end in enumerate(ends):
        cost = arc_m(np.sqrt(((dots - end) ** 2).sum(axis=1)), places.lat) * per
        costs[row] = np.where(cost <= (np.inf if limit is None else limit), cost, np.inf)
    return costs
