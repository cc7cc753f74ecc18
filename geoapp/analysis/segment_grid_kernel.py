"""The inner loop of the search for the nearest edge: rings of cells round a point, as long as one may be nearer."""

import numba
import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.area_grid_kernel import FIRST_CELL, Frame, touched

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NONE = -1


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _squared(px: float, py: float, edge: Floats) -> float:
    """The squared distance from p to an edge; at its ends exactly that to the end, which other edges may share."""
    ax, ay, bx, by = edge[0], edge[1], edge[2], edge[3]
    dx, dy = bx - ax, by - ay
    length, along = dx * dx + dy * dy, (px - ax) * dx + (py - ay) * dy
    if along <= 0.0 or length == 0.0:
        return float((px - ax) * (px - ax) + (py - ay) * (py - ay))
    if along >= length:
        return float((px - bx) * (px - bx) + (py - by) * (py - by))
    share = along / length
    x, y = px - ax - share * dx, py - ay - share * dy
    return float(x * x + y * y)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _clear(px: float, py: float, column: int, row: int, ring: int, frame: Frame) -> float:
    """How far from p the nearest cell is that does not belong to the rings before this one; infinite without any."""
    clear = np.inf
    if column - ring >= 0:
        clear = min(clear, px - (frame.west + (column - ring + 1) * frame.size))
    if column + ring < frame.columns:
        clear = min(clear, frame.west + (column + ring) * frame.size - px)
    if row - ring >= 0:
        clear = min(clear, py - (frame.south + (row - ring + 1) * frame.size))
    if row + ring < frame.rows:
        clear = min(clear, frame.south + (row + ring) * frame.size - py)
    return clear


@numba.njit(nogil=True, cache=True, error_model="numpy")
def nearest(
    x: Floats, y: Floats, edges: Floats, owners: Integers, codes: NDArray[np.int32], starts: Integers,
    numbers: NDArray[np.int32], frame: Frame, reach: float,
) -> tuple[Integers, Floats]:  # fmt: skip
    """For each point the owner of the nearest edge within reach, of equally near ones the lowest, and the distance.

    NONE and NaN where there is none, or a coordinate is no number.
    """
    found, distance = np.full(len(x), NONE), np.full(len(x), np.nan)
    for number in range(len(x)):
        px, py = x[number], y[number]
        if not (np.isfinite(px) and np.isfinite(py)):
            continue
        column = int(min(max((px - frame.west) * frame.inverse, 0.0), frame.columns - 1.0))
        row = int(min(max((py - frame.south) * frame.inverse, 0.0), frame.rows - 1.0))
        best, least = NONE, reach * reach
        ring = 0
        while True:
            if ring > 0:
                clear = _clear(px, py, column, row, ring, frame)
                if clear == np.inf or (clear > 0.0 and clear * clear > least):
                    break
            for up in range(max(row - ring, 0), min(row + ring, frame.rows - 1) + 1):
                # Of the rows between the first and the last only both ends belong to this ring.
                step = 1 if ring == 0 or abs(up - row) == ring else 2 * ring
                for across in range(column - ring, column + ring + 1, step):
                    if across < 0 or across >= frame.columns:
                        continue
                    place = FIRST_CELL - codes[up * frame.columns + across]
                    if place < 0:
                        continue
                    for index in numbers[starts[place] : starts[place + 1]]:
                        squared = _squared(px, py, edges[index])
                        if squared < least or (squared == least and (best == NONE or owners[index] < best)):
                            best, least = owners[index], squared
            ring += 1
        if best != NONE:
            found[number], distance[number] = best, np.sqrt(least)
    return found, distance


def warm() -> None:
    """Compile the kernels, or read them from the cache."""
    frame = Frame(0.0, 0.0, 1.0, 1.0, 2, 2)
    edges = np.array([[0.2, 0.2, 1.5, 0.2]])
    codes, starts, numbers = touched(edges, frame)
    point = np.array([0.5])
    nearest(point, point, edges, np.zeros(1, np.int64), codes, starts, numbers, frame, 1.0)
