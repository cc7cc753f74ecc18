"""Which cells are next to which."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

Whole = NDArray[np.int64]


def touching(shapes: NDArray[np.object_], within_m: float) -> tuple[Whole, Whole]:
    """Pairs (cell, neighbour), each both ways, of shapes in metres that are no further apart than within_m."""
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="dwithin", distance=within_m)
    apart = one != other
    return one[apart].astype(np.int64), other[apart].astype(np.int64)


def with_itself(count: int, pairs: tuple[Whole, Whole]) -> Any:
    """The binary weights of Gi* (count, count): 1 for each neighbour and for the cell itself, as scipy's CSR matrix."""
    one, other = (np.concatenate([side, np.arange(count)]) for side in pairs)
    return sparse.csr_matrix((np.ones(len(one)), (one, other)), shape=(count, count))
