"""Many lines in degrees, cut at metres along them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geoapp.routing.network import Network

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Shapes = NDArray[np.object_]

_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Polylines:
    """Lines (l,) of vertices (v, 2) in degrees, those of line `i` from first[i] up to and with last[i].

    along_m (v,): metres along the line, which grow with the vertex.
    """

    vertices: Floats
    along_m: Floats
    first: Integers
    last: Integers

    def __len__(self) -> int:
        return len(self.first)

    @property
    def length_m(self) -> Floats:
        """Metres (l,) from beginning to end."""
        return np.asarray(self.along_m[self.last] - self.along_m[self.first])

    def at(self, line: Integers, metres: Floats) -> Floats:
        """The points (m, 2) in degrees so many metres from the beginnings of lines (m,)."""
        low, share = self.between(line, metres)
        share = share[:, None]
        return np.asarray(self.vertices[low] * (1.0 - share) + self.vertices[low + 1] * share)

    def between(self, line: Integers, metres: Floats) -> tuple[Integers, Floats]:
        """After which vertex that is, and at which share of the way to the next one."""
        low, high = self.first[line], self.last[line] - 1
        target = self.along_m[low] + metres
        while (low < high).any():
            middle = (low + high + 1) // 2
            before = self.along_m[middle] <= target
            low, high = np.where(before, middle, low), np.where(before, high, middle - 1)
        step = np.maximum(self.along_m[low + 1] - self.along_m[low], 1e-12)
        return low, np.clip((target - self.along_m[low]) / step, 0.0, 1.0)

    def cut(self, line: Integers, begin_m: Floats, end_m: Floats) -> Shapes:
        """Parts of lines (m,) as shapes in degrees, from so many metres from their beginnings to so many."""
        first = self.first[line]
        counts = self.last[line] - first + 1
        owner = np.repeat(np.arange(len(line)), counts)
        vertex = np.arange(len(owner)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        along = self.along_m[vertex] - self.along_m[first][owner]
        inner = (along > begin_m[owner]) & (along < end_m[owner])
        rows = np.arange(len(line))
        dots = np.concatenate([self.at(line, begin_m), self.vertices[vertex[inner]], self.at(line, end_m)])
        owners = np.concatenate([rows, owner[inner], rows])
        order = np.argsort(owners, kind="stable")
        return np.asarray(shapely.linestrings(dots[order], indices=owners[order]), object)


def pieces_of(network: Network) -> Polylines:
    """The pieces of a network as lines."""
    return Polylines(network.vertices, network.along_m, network.first, network.last)


def polylines(shapes: Any) -> tuple[Polylines, Integers]:
    """Lines of shapes (n,) in degrees, and the number of the shape that each is of; parts that touch are one line.

    Shapes that are no lines, and lines without length, have none.
    """
    given = np.array(shapes, object).reshape(-1)
    several = shapely.get_type_id(given) == shapely.GeometryType.MULTILINESTRING
    given[several] = shapely.line_merge(given[several])
    parts, owner = shapely.get_parts(given, return_index=True)
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > 0)
    parts, owner = parts[kept], owner[kept].astype(np.int64)
    vertices, line = shapely.get_coordinates(parts, return_index=True)
    first = np.searchsorted(line, np.arange(len(parts))).astype(np.int64)
    last = np.searchsorted(line, np.arange(len(parts)), side="right").astype(np.int64) - 1
    lon, lat = vertices.T
    step = _WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] if len(lon) else np.empty(0)
    step = np.where(line[1:] == line[:-1], step, 0.0)
    along = np.concatenate([[0.0], np.cumsum(step)])[: len(lon)]
    return Polylines(vertices, along - along[first][line], first, last), owner
