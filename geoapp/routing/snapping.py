"""Where a place away from the roads meets them."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.graph import Graph
from geoapp.routing.network import Network

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
        # Degrees of longitude are made as long as those of latitude: what is nearest then is nearest in metres, too,
        # but for what a district's height does to it.
        self._squeeze = float(np.cos(np.radians(net.vertices[:, 1].mean()))) if len(net.vertices) else 1.0
        self._usable = _Lines(net, np.flatnonzero((graph.there >= 0) | (graph.back >= 0)), self._squeeze)
        self._cut_off = _Lines(net, np.flatnonzero(graph.cut_off), self._squeeze)

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of the network for each place (n,) in degrees."""
        return self._usable.nearest(lon, lat)

    def cut_off_m(self, lon: Floats, lat: Floats) -> Floats:
        """Metres (n,) to the nearest road that one cannot get to and back from, infinite where there is none."""
        return self._cut_off.nearest(lon, lat).distance_m


class _Lines:
    """Pieces of a network as lines in a tree."""

    def __init__(self, net: Network, pieces: Integers, squeeze: float) -> None:
        self._pieces, self._squeeze = pieces, squeeze
        counts = net.last[pieces] - net.first[pieces] + 1
        owner = np.repeat(np.arange(len(pieces)), counts)
        offset = np.cumsum(counts) - counts
        at = net.first[pieces][owner] + np.arange(len(owner)) - offset[owner]
        lines = shapely.linestrings(net.vertices[at] * (squeeze, 1.0), indices=owner) if len(at) else []
        self._lines = np.array(lines, dtype=object)
        self._tree = shapely.STRtree(self._lines)

    def nearest(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of any line for each place (n,) in degrees."""
        dots = shapely.points(np.column_stack([lon, lat]) * (self._squeeze, 1.0))
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


def _metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    squeeze = np.cos(np.radians((lat + other_lat) / 2))
    return np.asarray(np.hypot((lon - other_lon) * squeeze, lat - other_lat) * _METRES_PER_DEGREE)
