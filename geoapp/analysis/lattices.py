"""Points in even rows over areas that may lie far apart."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def within_boxes(x: Floats, y: Floats, boxes: Floats) -> tuple[Floats, Floats]:
    """The points of the lattice of columns x (m,) and rows y (n,), both rising, in any of the boxes, row after row.

    boxes (k, 4): west, south, east, north, their edges included, in the unit of x and y. What lies between boxes takes
    neither time nor memory: a district on both sides of the antimeridian, or one with an island, is as small as it is.
    """
    if not len(boxes):
        return np.zeros(0), np.zeros(0)
    places = []
    for west, south, east, north in boxes.tolist():
        columns = np.arange(np.searchsorted(x, west), np.searchsorted(x, east, side="right"))
        rows = np.arange(np.searchsorted(y, south), np.searchsorted(y, north, side="right"))
        places.append((rows[:, None] * len(x) + columns[None, :]).ravel())
    at = np.unique(np.concatenate(places))
    return x[at % len(x)], y[at // len(x)]
