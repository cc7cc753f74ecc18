"""Rings that somebody has drawn, whatever they look like."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def within_ring(ring: Sequence[tuple[float, float]], x: Numbers, y: Numbers) -> NDArray[np.bool_]:
    """Which points a ring encloses an odd number of times; it may be open, and cross itself.

    The work is corners times points, and never more: to make a valid polygon of a ring that crosses itself takes with
    a few hundred corners minutes. Points on the ring itself may be on either side.
    """
    inside = np.zeros(len(x), bool)
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if y0 != y1:
            crossed = (y0 > y) != (y1 > y)
            inside ^= crossed & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    return inside
