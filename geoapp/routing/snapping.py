"""Where a place away from the roads meets them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoapp.routing.graph import Graph
from geoapp.routing.network import METRES_PER_DEGREE, Network
from geoapp.routing.segments import Segments

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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
        squeeze = float(np.cos(np.radians(net.vertices[:, 1].mean()))) if len(net.vertices) else 1.0
        scale = np.array([squeeze, 1.0]) * METRES_PER_DEGREE
        self._usable = _Pieces(net, np.flatnonzero((graph.there >= 0) | (graph.back >= 0)), scale)
        self._cut_off = _Pieces(net, np.flatnonzero(graph.cut_off), scale)

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of the network for each place (n,) in degrees."""
        return self._usable.nearest(lon, lat)

    def cut_off_m(self, lon: Floats, lat: Floats) -> Floats:
        """Metres (n,) to the nearest road that one cannot get to and back from, infinite where there is none."""
        return self._cut_off.nearest(lon, lat).distance_m


class _Pieces:
    """Some pieces of a network. scale: metres (2,) of a degree of longitude and of latitude."""

    def __init__(self, net: Network, pieces: Integers, scale: Floats) -> None:
        self._net, self._scale = net, scale
        counts = net.last[pieces] - net.first[pieces]
        self._piece = np.repeat(pieces, counts)
        self._start = np.arange(len(self._piece)) + np.repeat(net.first[pieces] - (np.cumsum(counts) - counts), counts)
        metric = net.vertices * scale
        self._segments = Segments(metric[self._start], metric[self._start + 1])

    def nearest(self, lon: Floats, lat: Floats) -> Snapped:
        """The nearest point of any piece for each place (n,) in degrees; of several the piece of the least number."""
        number = len(lon)
        nothing, nowhere = np.full(number, -1), np.full(number, np.nan)
        if not len(self._segments) or not number:
            return Snapped(nothing, np.zeros(number), nowhere, nowhere, np.full(number, np.inf))
        dots = np.column_stack([lon, lat]) * self._scale
        place, segment = self._segments.nearby(dots)
        share, metres = self._segments.feet(dots[place], segment)
        order = np.lexsort((segment, metres, place))
        best = order[np.unique(place[order], return_index=True)[1]]
        return self._snapped(np.asarray(lon), np.asarray(lat), segment[best], share[best])

    def _snapped(self, lon: Floats, lat: Floats, segment: Integers, share: Floats) -> Snapped:
        net, piece, start = self._net, self._piece[segment], self._start[segment]
        spot = net.vertices[start] + (net.vertices[start + 1] - net.vertices[start]) * share[:, None]
        along = net.along_m[start] + (net.along_m[start + 1] - net.along_m[start]) * share
        part = np.clip((along - net.along_m[net.first[piece]]) / net.length_m[piece], 0.0, 1.0)
        return Snapped(piece, part, spot[:, 0], spot[:, 1], _metres(lon, lat, *spot.T))


def _metres(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    squeeze = np.cos(np.radians((lat + other_lat) / 2))
    return np.asarray(np.hypot((lon - other_lon) * squeeze, lat - other_lat) * METRES_PER_DEGREE)
