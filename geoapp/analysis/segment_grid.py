"""A grid over line edges in which the nearest one is found by looking at few of them."""

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.area_grid_kernel import Frame, touched
from geoapp.analysis.segment_grid_kernel import nearest

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELLS_AN_EDGE = 2
FEWEST_CELLS, MOST_CELLS = 2**10, 2**22
# In metres: cells smaller than this tell nothing apart that a map shows.
SMALLEST_M = 0.01


class SegmentGrid:
    """Edges (m, 4) of lines in one CRS in metres, and the number of the line that owns each (m,)."""

    def __init__(self, edges: Floats, owners: Integers) -> None:
        # Every edge runs the same way, whichever way it was drawn: of two that coincide neither is nearer by rounding.
        backwards = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
        self._edges = np.where(backwards[:, None], edges[:, [2, 3, 0, 1]], edges).copy()
        self._owners = owners.astype(np.int64)
        self._frame = _frame(self._edges)
        self._codes, self._starts, self._numbers = touched(self._edges, self._frame)

    def nearest(self, x: Floats, y: Floats, reach_m: float) -> tuple[Integers, Floats]:
        """For each point (n,) the owner of the nearest edge within reach, and its distance in metres.

        -1 and NaN where there is none; of several equally near the lowest owner counts.
        """
        found, distance = nearest(x, y, self._edges, self._owners, self._codes, self._starts, self._numbers,
                                  self._frame, reach_m)  # fmt: skip
        return found, distance


def _frame(edges: Floats) -> Frame:
    west, south = edges.reshape(-1, 2).min(axis=0).tolist()
    east, north = edges.reshape(-1, 2).max(axis=0).tolist()
    cells = float(np.clip(CELLS_AN_EDGE * len(edges), FEWEST_CELLS, MOST_CELLS))
    longer, shorter = max(east - west, north - south), min(east - west, north - south)
    size = max(float(np.sqrt(longer * max(shorter, longer / cells) / cells)), SMALLEST_M)
    return Frame(
        west - size, south - size, size, 1 / size, int((east - west) / size) + 3, int((north - south) / size) + 3
    )
