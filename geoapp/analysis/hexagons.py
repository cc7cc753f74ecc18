"""Hexagons of one size over a district: equal areas, six neighbours each.

A hexagon is named by its two axial coordinates (A. B. Patel, "Hexagonal grids", 2013). They are laid out in the
cylindrical equal-area projection whose true parallel is the district's own: a square kilometre is one everywhere, and
a point needs one sine.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geoapp.domain.errors import BadInput

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

NOWHERE = -1
RADIUS_M = 6_371_007.2  # of the sphere with the Earth's area
# Less of a hexagon than this is no cell of its own: what lies in it belongs to the nearest one that is.
LEAST_SHARE = 0.5
# The six neighbours in axial coordinates.
ROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
_ROOT3 = float(np.sqrt(3.0))
_SHIFT = 1 << 30


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees (WGS 84) to metres and back; areas are true, shapes at the parallel."""

    parallel: float

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """x and y in metres of places (n,) in degrees."""
        narrow = np.cos(np.radians(self.parallel))
        return RADIUS_M * narrow * np.radians(lon), RADIUS_M / narrow * np.sin(np.radians(lat))

    def degrees(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """lon and lat of places (n,) in metres."""
        narrow = np.cos(np.radians(self.parallel))
        sine = np.clip(np.asarray(y) * narrow / RADIUS_M, -1.0, 1.0)
        return np.degrees(np.asarray(x) / (RADIUS_M * narrow)), np.degrees(np.arcsin(sine))

    def laid_out(self, shape: Any) -> Any:
        """A shape in degrees as one in metres."""
        return shapely.transform(shape, lambda places: np.column_stack(self.metres(*places.T)))


class Hexagons:
    """The hexagons of a width (metres from side to side, and from middle to middle) that cover an area.

    area: (Multi)Polygon in degrees. Cells stand in a fixed order; `q` and `r` are their axial coordinates (n,),
    `area_km2` how much of the area belongs to each. A hexagon of which less than half lies in the area is no cell: its
    part belongs to the nearest cell, so that no point of the area is lost. Raises BadInput for a width that is not
    above 0 or would make more than `most` cells.
    """

    def __init__(self, area: Any, width_m: float, *, parallel: float, most: int = 50_000) -> None:
        if not width_m > 0:
            raise BadInput("A cell must be wider than 0 m, not {width} m.", width=width_m)
        self.width_m, self.plane = width_m, Plane(parallel)
        ground = self.plane.laid_out(area)
        if ground.area > most * width_m**2:
            raise BadInput("Cells of {width} m would be too many here; choose wider ones.", width=round(width_m))
        q, r = self._candidates(ground)
        self._build(q, r, self._sizes(q, r, ground))

    def __len__(self) -> int:
        return len(self.q)

    def of_points(self, lon: Floats, lat: Floats) -> Whole:
        """The cell of each point (n,) in degrees; NOWHERE beyond all of them and for what is no number."""
        found = np.full(len(lon), NOWHERE, np.int64)
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        found[known] = self._look_up(_key(*self._axial(*self.plane.metres(lon[known], lat[known]))))
        return found

    def find(self, q: int, r: int) -> int:
        """The number of the cell at these axial coordinates; NOWHERE if there is none."""
        if max(abs(q), abs(r)) >= _SHIFT:
            return NOWHERE
        number = int(self._look_up(_key(np.array([q]), np.array([r])))[0])
        return number if number >= 0 and (self.q[number], self.r[number]) == (q, r) else NOWHERE

    @cached_property
    def neighbours(self) -> tuple[Whole, Whole]:
        """Pairs (cell, neighbour), each both ways."""
        pairs = []
        for over, down in ROUND:
            other = self._own(_key(self.q + over, self.r + down))
            there = np.flatnonzero(other >= 0)
            pairs.append((there, other[there]))
        return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])

    def shapes(self, cells: Whole) -> NDArray[np.object_]:
        """The whole hexagons as polygons in degrees."""
        corners = self._corners(self.q[cells], self.r[cells])
        lon, lat = self.plane.degrees(corners[..., 0], corners[..., 1])
        shapes: NDArray[np.object_] = shapely.polygons(np.stack([lon, lat], axis=-1))
        return shapes

    def middles(self) -> tuple[Floats, Floats]:
        """lon and lat of all cells' middles in degrees."""
        return self.plane.degrees(*self._middles(self.q, self.r))

    def _candidates(self, ground: Any) -> tuple[Whole, Whole]:
        """All hexagons that may touch the box around an area."""
        west, south, east, north = ground.bounds
        height = self.width_m * _ROOT3 / 2
        r = np.arange(np.floor(south / height) - 1, np.ceil(north / height) + 2)
        across = np.arange(np.floor(west / self.width_m) - 1, np.ceil(east / self.width_m) + 2)
        rows, columns = (axis.ravel() for axis in np.meshgrid(r, across, indexing="ij"))
        return (columns - np.floor(rows / 2)).astype(np.int64), rows.astype(np.int64)

    def _sizes(self, q: Whole, r: Whole, ground: Any) -> Floats:
        """How much of each hexagon lies in the area, in m²."""
        shapes = shapely.polygons(self._corners(q, r))
        shapely.prepare(ground)
        sizes = np.where(shapely.contains_properly(ground, shapes), self.width_m**2 * _ROOT3 / 2, 0.0)
        cut = np.flatnonzero((sizes == 0) & shapely.intersects(ground, shapes))
        sizes[cut] = shapely.area(shapely.intersection(shapes[cut], ground))
        return sizes

    def _build(self, q: Whole, r: Whole, sizes: Floats) -> None:
        whole = self.width_m**2 * _ROOT3 / 2
        touched = np.flatnonzero(sizes > 0)
        kept = touched[sizes[touched] >= LEAST_SHARE * whole]
        # An area smaller than a cell still is one.
        kept = kept if len(kept) else touched[np.argsort(-sizes[touched], kind="stable")[:1]]
        keys = _key(q, r)
        order = np.argsort(keys[kept])
        kept = kept[order]
        self.q, self.r, self._keys, self._cells = q[kept], r[kept], keys[kept], np.arange(len(kept))
        area = sizes[kept].copy()
        slivers = np.setdiff1d(touched, kept)
        nearest = np.empty(0, np.int64)
        if len(slivers):
            middles = cKDTree(np.column_stack(self._middles(self.q, self.r)))
            nearest = middles.query(np.column_stack(self._middles(q[slivers], r[slivers])))[1]
            np.add.at(area, nearest, sizes[slivers])
        order = np.argsort(np.concatenate([self._keys, keys[slivers]]))
        self._all_keys = np.concatenate([self._keys, keys[slivers]])[order]
        self._all_cells = np.concatenate([self._cells, nearest])[order]
        self.area_km2: Floats = area / 1e6

    def _axial(self, x: Floats, y: Floats) -> tuple[Whole, Whole]:
        """Of places in metres the hexagons that they lie in: rounded in three axes, the worst of them mended."""
        r = y / (self.width_m * _ROOT3 / 2)
        q = x / self.width_m - r / 2
        near = np.rint(q), np.rint(r), np.rint(-q - r)
        off = np.abs(near[0] - q), np.abs(near[1] - r), np.abs(near[2] + q + r)
        first = (off[0] > off[1]) & (off[0] > off[2])
        second = ~first & (off[1] > off[2])
        return (np.where(first, -near[1] - near[2], near[0]).astype(np.int64),
                np.where(second, -near[0] - near[2], near[1]).astype(np.int64))  # fmt: skip

    def _middles(self, q: Whole, r: Whole) -> tuple[Floats, Floats]:
        return np.asarray(self.width_m * (q + r / 2)), np.asarray(self.width_m * _ROOT3 / 2 * r)

    def _corners(self, q: Whole, r: Whole) -> Floats:
        """(n, 6, 2) in metres."""
        x, y = self._middles(q, r)
        turn = np.radians(np.arange(30, 390, 60))
        reach = self.width_m / _ROOT3
        return np.stack([x[:, None] + reach * np.cos(turn), y[:, None] + reach * np.sin(turn)], axis=-1)

    def _look_up(self, keys: Whole) -> Whole:
        return _found(keys, self._all_keys, self._all_cells)

    def _own(self, keys: Whole) -> Whole:
        return _found(keys, self._keys, self._cells)


def _key(q: Whole, r: Whole) -> Whole:
    return (r + _SHIFT) * (2 * _SHIFT) + (q + _SHIFT)


def _found(keys: Whole, known: Whole, cells: Whole) -> Whole:
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[place] == keys, cells[place], NOWHERE)
