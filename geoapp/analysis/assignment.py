"""Which area covers a point.

The answers are those of `geopandas.sjoin(points, areas, predicate="intersects")` with one rule for ties: a point that
several areas cover, on a shared border above all, goes to the first of them.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from geoapp.domain.errors import InvalidGeometry

OUTSIDE = -1
# A cell of the grid that a border may cross, or that several areas cover: its points are asked one by one.
_ASK = -2
GRID_CELLS = 1_000_000
# Fewer points than this are answered sooner than a grid is built.
WORTH_A_GRID = 20_000
_CORNERS = np.ones((3, 3), bool)

Areas = Sequence[Any] | NDArray[np.object_]


class AreaIndex:
    """Finds the covering area of many points at once.

    areas: (Multi)Polygons in one CRS whose axes are those of the points, in the order of precedence: sort them by code,
    and the lower code has the shared border. None and empty areas cover nothing. Raises InvalidGeometry, naming the
    position of an area that is no valid polygon. Safe to use from several threads.

    Method: a grid over all areas says for each cell which area covers it whole; only points in cells that a border
    touches are handed to GEOS, whose predicates are exact. The grid is built when it is first worth it.
    """

    def __init__(self, areas: Areas) -> None:
        self._areas = _checked(areas)
        shapely.prepare(self._areas)
        self._tree = shapely.STRtree(self._areas)
        self._grid: _Grid | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._areas)

    def assign(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """For each point (n,) the index of the covering area; OUTSIDE where none does, or a coordinate is no number."""
        x, y = (np.asarray(axis, dtype=np.float64) for axis in (lon, lat))
        if self._grid is None and len(x) < WORTH_A_GRID:
            return self._asked(x, y)
        grid = self._built()
        index = grid.look_up(x, y) if grid else np.full(len(x), OUTSIDE)
        open_points = np.flatnonzero(index == _ASK)
        index[open_points] = self._asked(x[open_points], y[open_points])
        return index

    def _asked(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """The same, by GEOS: candidates by bounding box, then the exact test, area by area."""
        index = np.full(len(x), OUTSIDE)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        candidates, areas = self._tree.query(shapely.points(x[known], y[known]))
        # From the last area to the first, so that the first one has the last word.
        for area in np.unique(areas)[::-1]:
            near = known[candidates[areas == area]]
            index[near[shapely.intersects_xy(self._areas[area], x[near], y[near])]] = area
        return index

    def _built(self) -> "_Grid | None":
        with self._lock:
            if self._grid is None and len(self._tree):
                self._grid = _Grid(self._areas, self._asked)
            return self._grid


class _Grid:
    """Square cells over the bounds of all areas, and one spare cell all round."""

    def __init__(self, areas: NDArray[np.object_], ask: Any) -> None:
        west, south, east, north = shapely.total_bounds(areas)
        # Very flat bounds must not make a grid of endless length.
        shorter = max(min(east - west, north - south), max(east - west, north - south) / GRID_CELLS, 1e-300)
        self.size = float(np.sqrt(max(east - west, north - south) * shorter / GRID_CELLS))
        self.origin = (west - self.size, south - self.size)
        self.shape = (int((north - south) / self.size) + 3, int((east - west) / self.size) + 3)
        self.cells = self._filled(self._touched(areas), areas, ask)

    def look_up(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        rows, columns = self.shape
        with np.errstate(invalid="ignore"):
            column, row = (x - self.origin[0]) / self.size, (y - self.origin[1]) / self.size
            inside = (column >= 0) & (row >= 0) & (column < columns) & (row < rows)
        cell = np.where(inside, row, 0).astype(np.int64) * columns + np.where(inside, column, 0).astype(np.int64)
        return np.where(inside, self.cells[cell], OUTSIDE).astype(np.int64)

    def _touched(self, areas: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Cells that a border may pass through: those of points along it, half a cell apart, and their neighbours."""
        borders = shapely.segmentize(shapely.boundary(areas), self.size / 2)
        x, y = shapely.get_coordinates(borders).T
        touched = np.zeros(self.shape, bool)
        touched[((y - self.origin[1]) / self.size).astype(int), ((x - self.origin[0]) / self.size).astype(int)] = True
        return ndimage.binary_dilation(touched, _CORNERS)  # type: ignore[no-any-return]

    def _filled(self, touched: NDArray[np.bool_], areas: NDArray[np.object_], ask: Any) -> NDArray[np.int32]:
        """The area of each cell. Cells that hang together without a border between them lie in the same areas, so that
        one point answers for all of them."""
        regions, number = ndimage.label(~touched)
        flat = regions.ravel()
        sample = np.zeros(number + 1, np.int64)
        sample[flat[::-1]] = np.arange(flat.size)[::-1]
        row, column = np.divmod(sample[1:], self.shape[1])
        x, y = self.origin[0] + (column + 0.5) * self.size, self.origin[1] + (row + 0.5) * self.size
        answer = np.full(number + 1, _ASK, np.int32)
        # The first of several areas that cover a whole region covers all its points: no second question is needed.
        answer[1:] = ask(x, y)
        cells: NDArray[np.int32] = answer[flat]
        return cells


def _checked(areas: Areas) -> NDArray[np.object_]:
    checked = np.array(areas, dtype=object)
    kinds = shapely.get_type_id(checked)
    for number in np.flatnonzero((kinds != -1) & (kinds != 3) & (kinds != 6)):
        raise InvalidGeometry(f"Area {number} is a {checked[number].geom_type}, not a Polygon or MultiPolygon.")
    for number in np.flatnonzero((kinds != -1) & ~shapely.is_valid(checked)):
        raise InvalidGeometry(f"Area {number} is not valid: {shapely.is_valid_reason(checked[number])}.")
    return checked
