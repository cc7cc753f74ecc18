"""The inner loop of the search for the nearest stretch of road of many places: down a tree of boxes, nearest first."""

import math
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NONE = -1
# Stretches in a box, and boxes in the box above it.
WIDE = 4
# Levels of WIDE boxes each: for more stretches than a computer holds.
_ROOM = 128


class Tree(NamedTuple):
    """Stretches in boxes of boxes.

    order (s,): the stretches in the order of the lowest boxes. boxes (b, 4): west, south, east, north, level after
    level from the lowest up; levels (l + 1,): where each begins. The boxes below box `i` of a level are those from
    WIDE × i of the level under it.
    """

    order: Integers
    boxes: Floats
    levels: Integers


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _away(x: float, y: float, boxes: Floats, box: int) -> float:
    """The squared distance to a box."""
    dx = max(boxes[box, 0] - x, x - boxes[box, 2], 0.0)
    dy = max(boxes[box, 1] - y, y - boxes[box, 3], 0.0)
    return float(dx * dx + dy * dy)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _foot(x: float, y: float, begin: Floats, along: Floats, number: int) -> tuple[float, float]:
    """The share of a stretch at which it is nearest, and the squared distance: in the steps of Segments.feet."""
    dx, dy = along[number, 0], along[number, 1]
    px, py = x - begin[number, 0], y - begin[number, 1]
    share = (px * dx + py * dy) / max(dx * dx + dy * dy, 1e-12)
    share = min(max(share, 0.0), 1.0)
    ex, ey = px - dx * share, py - dy * share
    return share, ex * ex + ey * ey


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _metres(x: float, y: float, begin: Floats, along: Floats, number: int, share: float) -> float:
    return math.hypot(x - begin[number, 0] - along[number, 0] * share, y - begin[number, 1] - along[number, 1] * share)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def nearest(dots: Floats, begin: Floats, along: Floats, tree: Tree, numbers: Integers, shares: Any) -> None:
    """Fill in for each dot (n, 2) the nearest stretch, of equally near ones the first, and the share of it.

    begin, along (s, 2): from where the stretches go, and how far. NONE for dots that are no numbers.
    """
    waiting, distances = np.empty(_ROOM, np.int64), np.empty(_ROOM)
    depths = np.empty(_ROOM, np.int64)
    top, before = len(tree.levels) - 2, tree.order[0]
    for dot in range(len(dots)):
        x, y = dots[dot, 0], dots[dot, 1]
        if not (math.isfinite(x) and math.isfinite(y)):
            numbers[dot] = NONE
            continue
        # Places often come in some order: what was the nearest of the last one says how far it is at most.
        best = before
        part, squared = _foot(x, y, begin, along, best)
        least = _metres(x, y, begin, along, best, part)
        size = 1
        waiting[0], depths[0], distances[0] = 0, top, 0.0
        while size > 0:
            size -= 1
            # Squares decide but for the last digits, where the distance itself does.
            if distances[size] > squared * 1.000001:
                continue
            first, depth = waiting[size] * WIDE, depths[size]
            if depth == 0:
                for place in range(first, min(first + WIDE, len(tree.order))):
                    number = tree.order[place]
                    share, square = _foot(x, y, begin, along, number)
                    if square > squared * 1.000001:
                        continue
                    metres = _metres(x, y, begin, along, number, share)
                    if metres < least or (metres == least and number < best):
                        best, least, part, squared = number, metres, share, square
                continue
            lower = tree.levels[depth - 1]
            start = size
            for child in range(first, min(first + WIDE, tree.levels[depth] - lower)):
                away = _away(x, y, tree.boxes, lower + child)
                if away > squared * 1.000001:
                    continue
                # The nearest child is looked at first: it stands last.
                place = size
                while place > start and distances[place - 1] < away:
                    waiting[place], distances[place] = waiting[place - 1], distances[place - 1]
                    place -= 1
                waiting[place], distances[place], depths[size] = child, away, depth - 1
                size += 1
        numbers[dot], shares[dot], before = best, part, best


def warm() -> None:
    """Compile the search, or read it from the cache."""
    begin, one = np.zeros((1, 2)), np.zeros(1, np.int64)
    tree = Tree(one, np.array([[0.0, 0.0, 1.0, 1.0]]), np.array([0, 1]))
    nearest(begin, begin, begin + 1.0, tree, one.copy(), np.zeros(1))
