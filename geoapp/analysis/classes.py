"""Classes for a choropleth."""

from collections.abc import Iterable

import jenkspy
import numpy as np


def class_bounds(values: Iterable[float | None], classes: int = 5) -> list[float]:
    """Upper bounds of natural classes, lowest first; unknown values (None, NaN) take no part.

    With fewer distinct values than classes each value is its own class; without any, there is none.
    Method: Fisher-Jenks natural breaks (jenkspy), which are optimal and repeatable.
    """
    known = np.array([value for value in values if value is not None and np.isfinite(value)], dtype=float)
    distinct = np.unique(known)
    if len(distinct) <= classes:
        return [float(value) for value in distinct]
    bins = jenkspy.jenks_breaks(known, n_classes=classes)[1:]
    # Values that differ by less than rounding can upset the order.
    return sorted({float(bound) for bound in bins})


def class_of(value: float | None, bounds: list[float]) -> int | None:
    """The number of the class (from 0) that a value falls into; None for an unknown one."""
    if value is None or not bounds or not np.isfinite(value):
        return None
    return min(int(np.searchsorted(bounds, value, side="left")), len(bounds) - 1)
