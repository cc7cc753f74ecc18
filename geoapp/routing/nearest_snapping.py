"""Where very many places meet the roads: what Snapper says, for 200,000 places in a fraction of a second.

`ManySnapper(graph).snap(lon, lat)` gives a Snapped, which may be kept as long as the graph is.
"""

import numpy as np
from numpy.typing import NDArray

from geoapp.routing.graph import Graph
from geoapp.routing.nearest_tree_kernel import NONE, WIDE, Tree, nearest
from geoapp.routing.network import METRES_PER_DEGREE
from geoapp.routing.snapping import Snapped

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# So fine is the order in which stretches are put into boxes.
_FINE = (1 << 16) - 1


class ManySnapper:
    """The pieces of road that a profile may use, in boxes of boxes. The same answers as Snapper's.

    Beyond segments.FAR_M, where that one gives a place of a road that is nearly the nearest, this gives the nearest.
    Places that are no numbers (NaN) meet no road: piece -1, an infinite distance.
    """

    def __init__(self, graph: Graph) -> None:
        net = self._net = graph.network
        # Degrees of longitude are made as long as those of latitude: see Snapper.
        squeeze = float(np.cos(np.radians(net.vertices[:, 1].mean()))) if len(net.vertices) else 1.0
        self._scale = np.array([squeeze, 1.0]) * METRES_PER_DEGREE
        pieces = np.flatnonzero((graph.there >= 0) | (graph.back >= 0))
        counts = net.last[pieces] - net.first[pieces]
        self._piece = np.repeat(pieces, counts)
        self._start = np.arange(len(self._piece)) + np.repeat(net.first[pieces] - (np.cumsum(counts) - counts), counts)
        metric = net.vertices * self._scale
        self._begin, end = metric[self._start], metric[self._start + 1]
        self._along = end - self._begin
        self._tree = _tree(np.minimum(self._begin, end), np.maximum(self._begin, end)) if len(pieces) else None

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of the network for each place (n,) in degrees; of several the piece of the least number."""
        lon, lat = np.asarray(lon, float), np.asarray(lat, float)
        dots = np.column_stack([lon, lat]) * self._scale
        stretch, share = np.full(len(dots), NONE), np.zeros(len(dots))
        if self._tree is not None:
            # Neighbours one after another: what is nearest to the one is near the other, too.
            order = _by_place(dots)
            one, part = stretch[order], share[order]
            nearest(dots[order], self._begin, self._along, self._tree, one, part)
            stretch[order], share[order] = one, part
        return self._snapped(lon, lat, stretch, share)

    def _snapped(self, lon: Floats, lat: Floats, stretch: Integers, share: Floats) -> Snapped:
        piece, part = np.full(len(lon), NONE), np.zeros(len(lon))
        x, y, metres = np.full(len(lon), np.nan), np.full(len(lon), np.nan), np.full(len(lon), np.inf)
        on = np.flatnonzero(stretch != NONE)
        net, start, share = self._net, self._start[stretch[on]], share[on]
        piece[on] = self._piece[stretch[on]]
        spot = net.vertices[start] + (net.vertices[start + 1] - net.vertices[start]) * share[:, None]
        along = net.along_m[start] + (net.along_m[start + 1] - net.along_m[start]) * share
        part[on] = np.clip((along - net.along_m[net.first[piece[on]]]) / net.length_m[piece[on]], 0.0, 1.0)
        x[on], y[on] = spot.T
        squeeze = np.cos(np.radians((lat[on] + y[on]) / 2))
        metres[on] = np.hypot((lon[on] - x[on]) * squeeze, lat[on] - y[on]) * METRES_PER_DEGREE
        return Snapped(piece, part, x, y, metres)


def _tree(low: Floats, high: Floats) -> Tree:
    """Stretches between corners (s, 2), those that are near each other in one box, and boxes likewise."""
    order = _by_place((low + high) / 2)
    low, high = low[order], high[order]
    boxes, levels = list[Floats](), [0]
    while True:
        groups = np.arange(0, len(low), WIDE)
        low, high = np.minimum.reduceat(low, groups), np.maximum.reduceat(high, groups)
        boxes.append(np.column_stack([low, high]))
        levels.append(levels[-1] + len(low))
        if len(low) == 1:
            return Tree(order, np.concatenate(boxes), np.array(levels))


def _by_place(dots: Floats) -> Integers:
    """An order of dots (n, 2) in which neighbours are mostly one after another; those that are no numbers last."""
    known = np.isfinite(dots[:, 0]) & np.isfinite(dots[:, 1])
    low, high = (end(dots[known], axis=0, initial=start) for end, start in ((np.min, np.inf), (np.max, -np.inf)))
    wide = max(float((high - low).max()), 1e-9) if known.any() else 1.0
    whole = (np.where(known[:, None], dots - low, 0.0) / wide * _FINE).astype(np.uint64)
    place = _spread(whole[:, 0]) | (_spread(whole[:, 1]) << np.uint64(1))
    return np.argsort(np.where(known, place, np.iinfo(np.uint64).max), kind="stable")


def _spread(whole: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The 16 bits of each number with a gap after each, where those of the other axis go (Morton 1966)."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        whole = (whole | (whole << np.uint64(shift))) & np.uint64(mask)
    return whole
