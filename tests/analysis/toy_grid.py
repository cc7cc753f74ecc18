"""Cells of a grid for tests, with the weights of geoapp and those of libpysal."""

from typing import Any

import libpysal
import numpy as np

from geoapp.analysis.neighbours import with_itself


def grid(rows: int, columns: int) -> tuple[Any, Any]:
    """Cells with up to four neighbours each, row by row."""
    known = libpysal.weights.lat2W(rows, columns)
    pairs = [(one, other) for one, others in known.neighbors.items() for other in others]
    one, other = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    return with_itself(rows * columns, (one, other)), known
