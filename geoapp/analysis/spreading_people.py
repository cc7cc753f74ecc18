"""Residents of townships, spread over the places in them where nobody counted."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def spread(township: NDArray[np.str_], counted: Floats, residents: Mapping[str, float | None]) -> Floats:
    """People (n,) of places: what was counted there (n,), else an equal part of what is left of the township's.

    township (n,): codes. residents: by code; unknown (None) or absent ones leave uncounted places unknown (NaN), and so
    does a township of which less than nothing is left: then the two numbers do not count the same people.
    """
    people = counted.astype(np.float64, copy=True)
    for code in np.unique(township):
        here = township == code
        bare = here & np.isnan(counted)
        total = residents.get(str(code))
        if total is None or not bare.any():
            continue
        left = total - float(counted[here & ~bare].sum())
        if left >= 0:
            people[bare] = left / np.count_nonzero(bare)
    return people
