"""Exact clusters: how many points lie in each cell of a tile.

A tile of 256 pixels has 4 × 4 cells of 64, and close to the ground 32 × 32 cells of 8. Every point lies in exactly one
cell of exactly one tile of a zoom, so the counts of all tiles add up to the number of points, at every zoom.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoapp.tiles.morton import BITS, NOWHERE, tile_range

# A tile's cells are the tiles so many zooms further in. From CLOSE on a tile is 600 m wide or less: there only points
# that could not be told apart share a cell.
CELL_ZOOM, CLOSE_CELL_ZOOM = 2, 5
CLOSE = 16
MAX_ZOOM = BITS - CELL_ZOOM


@dataclass(frozen=True, slots=True)
class Cells:
    """Non-empty cells in Morton order.

    key: (m,) cell number at its level. count: (m,) points inside. x, y: (m,) sums of their world coordinates.
    first: (m,) index of the first point inside, among the sorted points.
    """

    key: NDArray[np.uint64]
    count: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    first: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(part.nbytes for part in (self.key, self.count, self.x, self.y, self.first))


@dataclass(frozen=True, slots=True)
class TileCells:
    """The cells of one tile: count, mean position in world units, and for count 1 the point's row."""

    count: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    row: NDArray[np.int64]


class ClusterPyramid:
    """Cells of every zoom over one selection of points, each level made when it is first asked for.

    codes: (n,) Morton codes. x, y: (n,) world coordinates. rows: (n,) the caller's numbers for the points.
    Points without a place (NOWHERE) are left out. Safe to use from several threads.
    """

    def __init__(
        self, codes: NDArray[np.uint64], x: NDArray[np.float64], y: NDArray[np.float64], rows: NDArray[np.intp]
    ) -> None:
        placed = np.flatnonzero(codes != NOWHERE)
        # Nearly sorted already (a sorted block and a short tail): a stable sort is then almost free.
        order = placed[np.argsort(codes[placed], kind="stable")]
        self.codes, self.rows, self._x, self._y = codes[order], rows[order], x[order], y[order]
        self._levels: dict[int, Cells] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def nbytes(self) -> int:
        """Bytes held when all levels are made; each level has at most a quarter of the cells of the one below."""
        return 3 * (self.codes.nbytes + self.rows.nbytes + self._x.nbytes + self._y.nbytes)

    def cells(self, z: int, x: int, y: int) -> TileCells:
        """The cells of a tile, z at most MAX_ZOOM."""
        depth = min(z + (CLOSE_CELL_ZOOM if z >= CLOSE else CELL_ZOOM), BITS)
        level = self._level(depth)
        shift = 2 * (BITS - depth)
        part = _part(level.key, *(bound >> shift for bound in tile_range(z, x, y)))
        count = level.count[part]
        return TileCells(count, level.x[part] / count, level.y[part] / count, self.rows[level.first[part]])

    def _level(self, zoom: int) -> Cells:
        with self._lock:
            if zoom not in self._levels:
                self._levels[zoom] = self._made(zoom)
            return self._levels[zoom]

    def _made(self, zoom: int) -> Cells:
        # The nearest finer level has fewer cells than there are points, and the same sums.
        finer = min((level for level in self._levels if level > zoom), default=None)
        if finer is None:
            ones = np.ones(len(self.codes), np.int64)
            source = Cells(self.codes, ones, self._x, self._y, np.arange(len(self.codes)))
            return _gathered(source, 2 * (BITS - zoom))
        return _gathered(self._levels[finer], 2 * (finer - zoom))


def _gathered(finer: Cells, shift: int) -> Cells:
    """Cells that share a parent, added up."""
    if not len(finer.key):
        return finer
    parent = finer.key >> np.uint64(shift)
    start = np.flatnonzero(np.concatenate([[True], parent[1:] != parent[:-1]]))
    return Cells(
        key=parent[start],
        count=np.add.reduceat(finer.count, start),
        x=np.add.reduceat(finer.x, start),
        y=np.add.reduceat(finer.y, start),
        first=finer.first[start],
    )


def _part(sorted_keys: NDArray[np.uint64], low: int, high: int) -> slice:
    first, last = np.searchsorted(sorted_keys, np.array([low, high], np.uint64))
    return slice(int(first), int(last))
