"""A grid over areas in which nearly every point finds its area with a few comparisons, and the others know to ask."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.area_grid_kernel import ASK, OUTSIDE, Frame, crossings, filled, gathered, look_up, touched

__all__ = ["ASK", "OUTSIDE", "AreaGrid"]

Floats = NDArray[np.float64]

# Eight cells an edge: more take longer to lay out than they save in walks.
CELLS_AN_EDGE = 8
FEWEST_CELLS, MOST_CELLS = 2**16, 2**24
# A cell must be so many times as large as the steps between numbers at its place, or rounding would count.
COARSEST = 1e7


class AreaGrid:
    """Polygons and multipolygons laid out in square cells.

    Most cells lie in one area, or in none, and answer at once. A cell that edges pass through knows which areas hold
    its reference point; a point in it lies in the same ones but for those whose edges are crossed on the way there.
    Where rounding leaves anything open, or several areas hold a point, the answer is ASK.
    """

    def __init__(self, areas: NDArray[np.object_]) -> None:
        edges, owner = _edges(areas)
        self._frame, self._tolerance = _frame(areas, len(edges))
        self._codes, starts, numbers = touched(edges, self._frame)
        self._cells, self._edges, self._bits = gathered(edges, owner, self._codes, starts, numbers, self._frame)
        rows, crossed, places = crossings(edges, self._frame)
        order = np.lexsort((places, owner[crossed], rows))
        filled(self._codes, self._cells, rows[order], owner[crossed[order]], places[order], self._tolerance,
               self._frame)  # fmt: skip

    @property
    def nbytes(self) -> int:
        """How much memory the grid takes."""
        return sum(part.nbytes for part in (self._codes, self._cells, self._edges, self._bits))

    def look_up(self, x: Floats, y: Floats) -> tuple[NDArray[np.int64], int]:
        """For each point (n,) the number of the one area that holds it, OUTSIDE, or ASK; and how many the last are."""
        found, asked = look_up(x, y, self._frame, self._codes, self._cells, self._edges, self._bits)
        return found, int(asked)

    @staticmethod
    def fits(areas: NDArray[np.object_]) -> bool:
        """Whether these areas can be laid out: there must be room between the numbers of their coordinates."""
        if not len(areas) or np.isnan(shapely.total_bounds(areas)).any():
            return False
        return _frame(areas, 1)[1] < 1


def _edges(areas: NDArray[np.object_]) -> tuple[Floats, NDArray[np.int32]]:
    """Every edge of every ring (m, 4), and the area that it belongs to."""
    parts, part_area = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = np.flatnonzero((ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1))
    edges = np.concatenate([points[follows], points[follows + 1]], axis=1)
    return np.ascontiguousarray(edges), part_area[ring_part[ring[follows]]].astype(np.int32)


def _frame(areas: NDArray[np.object_], edges: int) -> tuple[Frame, float]:
    """The cells over all areas with a spare one all round, and how uncertain a place is in cells."""
    west, south, east, north = bounds = shapely.total_bounds(areas)
    cells = float(np.clip(CELLS_AN_EDGE * edges, FEWEST_CELLS, MOST_CELLS))
    # Very flat bounds must not make a grid of endless length.
    longer, shorter = max(east - west, north - south), min(east - west, north - south)
    size = float(np.sqrt(longer * max(shorter, longer / cells) / cells))
    step = float(np.spacing(np.abs(bounds).max()))
    if not size > step * COARSEST:
        return Frame(west, south, 1.0, 1.0, 1, 1), 1.0
    columns, rows = int((east - west) / size) + 3, int((north - south) / size) + 3
    return Frame(west - size, south - size, size, 1 / size, columns, rows), max(1e-7, 16 * step / size)
