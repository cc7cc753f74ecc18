"""The compiled part of finding relapses: a tree of boxes over places and times, asked whether it holds anything."""

import numba
import numpy as np
from numpy.typing import NDArray

# Points below one box of the lowest level.
LEAF = 8


@numba.njit(nogil=True, cache=True)
def _boxes(points, leaves):  # type: ignore[no-untyped-def]
    """Least and greatest values below each node; the children of node k are 2k and 2k + 1, its root is 1."""
    low = np.full((2 * leaves, 4), np.inf)
    high = np.full((2 * leaves, 4), -np.inf)
    for n in range(len(points)):
        node = leaves + n // LEAF
        for axis in range(4):
            low[node, axis] = min(low[node, axis], points[n, axis])
            high[node, axis] = max(high[node, axis], points[n, axis])
    for node in range(leaves - 1, 0, -1):
        for axis in range(4):
            low[node, axis] = min(low[2 * node, axis], low[2 * node + 1, axis])
            high[node, axis] = max(high[2 * node, axis], high[2 * node + 1, axis])
    return low, high


@numba.njit(nogil=True, cache=True)
def _holds_any(points, low, high, ask, scale, reach_m, stack):  # type: ignore[no-untyped-def]
    """Whether a point of the asked group lies within reach_m and between the two times of `ask`."""
    group, lon, lat, first, last = ask
    leaves = len(low) // 2
    reach = reach_m * reach_m
    stack[0] = 1
    top = 1
    while top > 0:
        top -= 1
        node = stack[top]
        if low[node, 0] > group or high[node, 0] < group or low[node, 3] > last or high[node, 3] < first:
            continue
        x = max(low[node, 1] - lon, lon - high[node, 1], 0.0) * scale[0]
        y = max(low[node, 2] - lat, lat - high[node, 2], 0.0) * scale[1]
        if x * x + y * y > reach:
            continue
        # A box that lies within reach as a whole need not be opened: this keeps the thickest crowds cheap.
        x = max(high[node, 1] - lon, lon - low[node, 1]) * scale[0]
        y = max(high[node, 2] - lat, lat - low[node, 2]) * scale[1]
        whole = low[node, 0] == high[node, 0] and low[node, 3] >= first and high[node, 3] <= last
        if whole and x * x + y * y <= reach:
            return True
        if node < leaves:
            stack[top] = 2 * node
            stack[top + 1] = 2 * node + 1
            top += 2
            continue
        start = (node - leaves) * LEAF
        for n in range(start, min(start + LEAF, len(points))):
            x = (points[n, 1] - lon) * scale[0]
            y = (points[n, 2] - lat) * scale[1]
            if points[n, 0] == group and first <= points[n, 3] <= last and x * x + y * y <= reach:
                return True
    return False


@numba.njit(nogil=True, cache=True)
def _each(points, low, high, asked, scales, reach_m):  # type: ignore[no-untyped-def]
    found = np.zeros(len(asked), np.bool_)
    stack = np.empty(128, np.int64)  # two entries a level at most, and never 64 levels
    for n in range(len(asked)):
        ask = (asked[n, 0], asked[n, 1], asked[n, 2], asked[n, 3], asked[n, 4])
        found[n] = _holds_any(points, low, high, ask, scales[n], reach_m, stack)
    return found


def near_in_time(
    points: NDArray[np.float64], asked: NDArray[np.float64], scales: NDArray[np.float64], *, reach_m: float
) -> NDArray[np.bool_]:
    """For each question (m,) whether any point is of its group, within reach and between its two times, both included.

    points: (n, 4) group, lon, lat in degrees, time; right in any order, fast if neighbours stand together. asked:
    (m, 5) group, lon, lat, first and last time. scales: (m, 2) metres of a degree of longitude and of latitude there.
    """
    leaves = 1
    while leaves * LEAF < len(points):
        leaves *= 2
    low, high = _boxes(points, leaves)
    found: NDArray[np.bool_] = _each(points, low, high, asked, scales, reach_m)
    return found


def warm() -> None:
    """Compile for the types that are used."""
    near_in_time(np.zeros((1, 4)), np.zeros((1, 5)), np.ones((1, 2)), reach_m=1.0)
