"""A heat surface over points: a Gaussian kernel of so many metres, drawn tile by tile without seams.

Points are counted in square cells an eighth of the bandwidth wide; a tile adds up the cells in it and round it, blurs
them by three running means each way, a Gaussian within some percent at any width, corrects what the district's
border cuts off (P. J. Diggle, 1985), and interpolates to pixels. Cells are the same for all tiles and zooms, and the
margin is as wide as the blur reaches, so that two tiles agree about every place.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from geoapp.tiles.heat_kernel import poured
from geoapp.tiles.morton import BITS, NOWHERE, interleave

Floats = NDArray[np.float32]

# A cell is so many times narrower than the bandwidth, at the most; then the running means are near to a Gaussian.
CELLS_A_BANDWIDTH = 8.0
EARTH_M = 40_075_016.686
TILE = 256
# Codes are looked up by blocks of cells, each of them one slice.
BLOCK_BITS = 6
# Where less than this share of the kernel lies in the district, the correction would only enlarge noise.
LEAST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Level:
    """Cells of one size: their zoom (2^zoom cells round the world), sorted codes, and what is counted in each."""

    zoom: int
    codes: NDArray[np.int64]
    weights: Floats


class HeatSurface:
    """The density of weighted points around a latitude, in weight per km².

    codes: (n,) Morton codes, in any order; NOWHERE is left out. weights: (n,) or None for 1 each. bandwidth_m: the
    standard deviation of the kernel. latitude: in degrees, where a metre is a metre: that of the district's middle.
    border: the district's cells, None where the surface is not cut. Safe to use from several threads.
    """

    def __init__(
        self, codes: NDArray[np.uint64], weights: NDArray[np.float64] | None, *, bandwidth_m: float, latitude: float,
        border: "Border | None" = None,
    ) -> None:  # fmt: skip
        self.bandwidth_m, self._border = bandwidth_m, border
        self._round_m = EARTH_M * float(np.cos(np.radians(latitude)))
        finest = finest_zoom(bandwidth_m, latitude)
        self._levels = {finest: _counted(codes, weights, finest)}
        self._finest = finest
        self._lock = threading.Lock()

    @property
    def finest(self) -> int:
        """The zoom of the finest cells."""
        return self._finest

    @property
    def nbytes(self) -> int:
        """Bytes held, when all coarser levels are made too."""
        level = self._levels[self._finest]
        return 2 * (level.codes.nbytes + level.weights.nbytes)

    @property
    def total(self) -> float:
        """The weight of all points."""
        return float(self._levels[self._finest].weights.sum())

    def tile(self, z: int, x: int, y: int) -> Floats:
        """The density at each pixel of a tile (256, 256), in weight per km²; 0 beyond the border."""
        zoom = min(z + 8, self._finest)
        cells = TILE >> (z + 8 - zoom) if z + 8 - zoom <= 8 else 0
        if not cells:
            return self._within_a_cell(z, x, y)
        step = TILE // cells
        density = self.grid(zoom, x * cells - 2, y * cells - 2, cells + 4, cells + 4)
        return (
            density[2:-2, 2:-2] if step == 1 else _enlarged(density, step)[2 * step : -2 * step, 2 * step : -2 * step]
        )

    def grid(self, zoom: int, left: int, top: int, columns: int, rows: int) -> Floats:
        """The density in cells of a zoom, from the cell (left, top) on (rows, columns)."""
        deviation = self.bandwidth_m / self._cell_m(zoom)
        reach, widths = blur(deviation)
        counts = self._counts(zoom, left - reach, top - reach, columns + 2 * reach, rows + 2 * reach)
        smooth = _blurred(counts, widths)[reach : reach + rows, reach : reach + columns]
        density: Floats = smooth / np.float32((self._cell_m(zoom) / 1000) ** 2)
        if self._border is None:
            return density
        inside, share = self._border.cells(zoom, left, top, columns, rows, deviation)
        return np.where(inside, density / np.maximum(share, LEAST_SHARE), np.float32(0))

    def _within_a_cell(self, z: int, x: int, y: int) -> Floats:
        """A tile so deep that it is a part of one cell."""
        deeper = z - self._finest
        parent = self.tile(self._finest, x >> deeper, y >> deeper)
        size = TILE >> min(deeper, 8)
        left, top = ((axis % (1 << deeper)) * TILE >> deeper for axis in (x, y))
        part = parent[top : top + max(size, 1), left : left + max(size, 1)]
        return _enlarged(part, TILE // part.shape[0])

    def _cell_m(self, zoom: int) -> float:
        return float(self._round_m / 2**zoom)

    def _counts(self, zoom: int, left: int, top: int, columns: int, rows: int) -> Floats:
        level, grid = self._level(zoom), np.zeros((rows, columns), np.float32)
        blocks = _blocks(zoom, left, top, columns, rows)
        bounds = np.searchsorted(level.codes, np.concatenate([blocks, blocks + (1 << 2 * BLOCK_BITS)]))
        poured(level.codes, level.weights, bounds[: len(blocks)], bounds[len(blocks) :], left, top, grid)
        return grid

    def _level(self, zoom: int) -> Level:
        with self._lock:
            if zoom not in self._levels:
                finer = self._levels[min(known for known in self._levels if known > zoom)]
                self._levels[zoom] = _gathered(finer.codes, finer.weights, finer.zoom, zoom)
            return self._levels[zoom]


class Border:
    """Which cells lie in the district, and how much of a kernel round each does.

    zoom: of the finest cells. left, top: the first of them. inside: (rows, columns) whether their middles lie in it.
    """

    def __init__(self, zoom: int, left: int, top: int, inside: NDArray[np.bool_]) -> None:
        self._zoom, self._left, self._top = zoom, left, top
        self._inside = inside.astype(np.float32)
        self._lock = threading.Lock()
        self._levels: dict[int, tuple[int, int, Floats]] = {zoom: (left, top, self._inside)}
        self._shares: dict[tuple[int, tuple[int, ...]], Floats] = {}

    @property
    def nbytes(self) -> int:
        """Bytes held, when all coarser levels are made too."""
        return 4 * self._inside.nbytes

    def cells(
        self, zoom: int, left: int, top: int, columns: int, rows: int, deviation: float
    ) -> tuple[NDArray[np.bool_], Floats]:
        """For a part of the cells of a zoom whether they are in the district, and the share of the kernel that is."""
        deeper = zoom - self._zoom
        if deeper > 0:
            return self._finer(deeper, left, top, columns, rows, deviation)
        west, north, inside = self._level(zoom)
        reach, widths = blur(deviation)
        with self._lock:
            if (zoom, widths) not in self._shares:
                share = _blurred(np.pad(inside, reach), widths)
                self._shares[zoom, widths] = share[reach : reach + inside.shape[0], reach : reach + inside.shape[1]]
            share = self._shares[zoom, widths]
        part = left - west, top - north, columns, rows
        return _window(inside, *part) > 0.5, _window(share, *part)

    def _finer(
        self, deeper: int, left: int, top: int, columns: int, rows: int, deviation: float
    ) -> tuple[NDArray[np.bool_], Floats]:
        """The same for cells smaller than those that are known: each is like the one that it lies in."""
        west, north = left >> deeper, top >> deeper
        wide, high = ((left + columns - 1) >> deeper) - west + 1, ((top + rows - 1) >> deeper) - north + 1
        inside, share = self.cells(self._zoom, west, north, wide, high, deviation / (1 << deeper))
        down = (np.arange(top, top + rows) >> deeper) - north
        across = (np.arange(left, left + columns) >> deeper) - west
        return inside[np.ix_(down, across)], share[np.ix_(down, across)]

    def _level(self, zoom: int) -> tuple[int, int, Floats]:
        with self._lock:
            if zoom not in self._levels:
                factor = 1 << (self._zoom - zoom)
                west, north = self._left // factor, self._top // factor
                before = (self._top - north * factor, self._left - west * factor)
                after = [-(size + lead) % factor for size, lead in zip(self._inside.shape, before, strict=True)]
                whole = np.pad(self._inside, list(zip(before, after, strict=True)))
                rows, columns = whole.shape[0] // factor, whole.shape[1] // factor
                shares = whole.reshape(rows, factor, columns, factor).mean(axis=(1, 3), dtype=np.float32)
                self._levels[zoom] = (west, north, shares)
            return self._levels[zoom]


def finest_zoom(bandwidth_m: float, latitude: float) -> int:
    """The zoom whose cells are an eighth of the bandwidth wide or a little less."""
    round_m = EARTH_M * float(np.cos(np.radians(latitude)))
    return int(np.clip(np.ceil(np.log2(round_m * CELLS_A_BANDWIDTH / bandwidth_m)), 0, BITS))


def blur(deviation: float) -> tuple[int, tuple[int, ...]]:
    """The widths of three running means whose variances add up to a Gaussian's, in cells, and how far they reach.

    The widths are odd, so that nothing moves, and chosen as W. M. Wells (1986) does.
    """
    ideal = np.sqrt(4 * deviation**2 + 1)
    lower = int(ideal)
    lower -= 1 - lower % 2
    lower = max(lower, 1)
    wanted = round((12 * deviation**2 - 3 * lower**2 - 12 * lower - 9) / (-4 * lower - 4))
    small = min(max(wanted, 0), 3)
    widths = (lower,) * small + (lower + 2,) * (3 - small)
    return sum(width // 2 for width in widths), widths


def _counted(codes: NDArray[np.uint64], weights: NDArray[np.float64] | None, zoom: int) -> Level:
    placed = np.flatnonzero(codes != NOWHERE)
    known = codes[placed].astype(np.int64)
    # Nearly sorted already: a stable sort is then almost free.
    order = np.argsort(known, kind="stable")
    given = np.ones(len(known), np.float32) if weights is None else weights[placed][order].astype(np.float32)
    return _gathered(known[order], given, BITS, zoom)


def _gathered(codes: NDArray[np.int64], weights: Floats, finer: int, zoom: int) -> Level:
    """Cells that share a parent, added up."""
    if not len(codes):
        return Level(zoom, codes, weights)
    parents = codes >> (2 * (finer - zoom))
    starts = np.flatnonzero(np.concatenate([[True], parents[1:] != parents[:-1]]))
    return Level(zoom, parents[starts], np.add.reduceat(weights, starts, dtype=np.float64).astype(np.float32))


def _blocks(zoom: int, left: int, top: int, columns: int, rows: int) -> NDArray[np.int64]:
    """The first codes of all blocks that a part of a zoom's cells meets."""
    edge = (1 << zoom) >> BLOCK_BITS
    across = np.arange(max(left >> BLOCK_BITS, 0), min((left + columns - 1) >> BLOCK_BITS, max(edge - 1, 0)) + 1)
    down = np.arange(max(top >> BLOCK_BITS, 0), min((top + rows - 1) >> BLOCK_BITS, max(edge - 1, 0)) + 1)
    column, row = (axis.ravel().astype(np.uint64) for axis in np.meshgrid(across, down))
    blocks: NDArray[np.int64] = interleave(column, row).astype(np.int64) << (2 * BLOCK_BITS)
    return blocks


def _blurred(grid: Floats, widths: tuple[int, ...]) -> Floats:
    for width in widths:
        if width > 1:
            grid = ndimage.uniform_filter(grid, width, mode="constant")
    return grid


def _enlarged(grid: Floats, step: int) -> Floats:
    """Each cell as step × step pixels, between the middles of cells by straight lines."""
    rows, columns = grid.shape
    places = [np.clip((np.arange(size * step) + 0.5) / step - 0.5, 0, size - 1) for size in (rows, columns)]
    low = [np.floor(place).astype(int) for place in places]
    high = [np.minimum(first + 1, size - 1) for first, size in zip(low, (rows, columns), strict=True)]
    down, across = (place - first for place, first in zip(places, low, strict=True))
    lines = grid[low[0]] * (1 - down)[:, None] + grid[high[0]] * down[:, None]
    drawn: Floats = (lines[:, low[1]] * (1 - across) + lines[:, high[1]] * across).astype(np.float32)
    return drawn


def _window(grid: Floats, left: int, top: int, columns: int, rows: int) -> Floats:
    """A part of a grid, 0 beyond it."""
    window = np.zeros((rows, columns), np.float32)
    first_row, last_row = max(top, 0), min(top + rows, grid.shape[0])
    first, last = max(left, 0), min(left + columns, grid.shape[1])
    if first_row < last_row and first < last:
        window[first_row - top : last_row - top, first - left : last - left] = grid[first_row:last_row, first:last]
    return window
