"""Where a place away from the roads meets them."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.graph import Graph

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the network (n,): piece of road, -1 where there is none at all; share of its length from its beginning;
    lon, lat in degrees of the nearest point of it; distance_m to that point.
    """

    piece: Integers
    share: Floats
    lon: Floats
    lat: Floats
    distance_m: Floats

    def __len__(self) -> int:
        return len(self.piece)


class Snapper:
    """The pieces of road that a profile may use, laid out to be searched."""

    def __init__(self, graph: Graph) -> None:
        net = graph.network
        self._pieces = np.flatnonzero((graph.there >= 0) | (graph.back >= 0))
        self._net = net
        counts = net.last[self._pieces] - net.first[self._pieces] + 1
        owner = np.repeat(np.arange(len(self._pieces)), counts)
        offset = np.concatenate([[0], np.cumsum(counts)])[:-1]
        at = net.first[self._pieces][owner] + np.arange(len(owner)) - offset[owner] if len(owner) else owner
        # Degrees of longitude are made as long as those of latitude: what is nearest then is nearest in metres, too,
        # but for what a district's height does to it.
        self._squeeze = float(np.cos(np.radians(net.vertices[at, 1].mean()))) if len(at) else 1.0
        lines = shapely.linestrings(self._flat(net.vertices[at]), indices=owner) if len(at) else []
        self._lines = np.array(lines, dtype=object)
        self._tree = shapely.STRtree(self._lines)

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of the network for each place (n,) in degrees."""
        dots = shapely.points(self._flat(np.column_stack([lon, lat])))
        piece, share = np.full(len(dots), -1), np.zeros(len(dots))
        spot = np.full((len(dots), 2), np.nan)
        away = np.full(len(dots), np.inf)
        if len(self._lines) and len(dots):
            which, line = self._tree.query_nearest(dots, all_matches=False)
            along = shapely.line_locate_point(self._lines[line], dots[which])
            flat = shapely.line_interpolate_point(self._lines[line], along)
            spot[which] = shapely.get_coordinates(flat) / (self._squeeze, 1.0)
            piece[which] = self._pieces[line]
            share[which] = np.clip(along / shapely.length(self._lines[line]), 0.0, 1.0)
            away[which] = _metres(np.asarray(lon)[which], np.asarray(lat)[which], *spot[which].T)
        return Snapped(piece, share, spot[:, 0], spot[:, 1], away)

    def _flat(self, points: Floats) -> Floats:
        return np.asarray(points * (self._squeeze, 1.0))


def _metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    squeeze = np.cos(np.radians((lat + other_lat) / 2))
    return np.asarray(np.hypot((lon - other_lon) * squeeze, lat - other_lat) * _METRES_PER_DEGREE)
