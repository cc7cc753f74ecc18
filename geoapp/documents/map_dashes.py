"""Where a dashed line is drawn."""

import math
from collections.abc import Iterator
from itertools import pairwise

Corners = list[tuple[float, float]]


def dashes(corners: Corners, dash: float, gap: float) -> Iterator[Corners]:
    """The parts of a path that are drawn, in its own unit: a dash, a gap, a dash, on around its corners."""
    left, drawing = dash, True
    for (x, y), (to_x, to_y) in pairwise(corners):
        length = math.hypot(to_x - x, to_y - y)
        done = 0.0
        while done < length:
            step = min(left, length - done)
            if drawing:
                first, last = done / length, (done + step) / length
                yield [(x + (to_x - x) * part, y + (to_y - y) * part) for part in (first, last)]
            done, left = done + step, left - step
            if left <= 0:
                drawing = not drawing
                left = dash if drawing else gap
