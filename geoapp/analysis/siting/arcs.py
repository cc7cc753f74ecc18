"""From tables of costs and covers to arcs: only what can matter to the choice of sites."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geoapp.analysis.siting.interchange_kernel import Arcs

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def arcs_of(cost: Floats, weights: Floats, base: Floats) -> tuple[Arcs, Whole]:
    """Arcs that cost less than base (n,), and the rows of the demand that has any and weighs something."""
    useful = cost < base[:, None]
    rows = np.flatnonzero(useful.any(axis=1) & (weights > 0))
    if len(rows) < len(cost):
        cost, useful, weights, base = cost[rows], useful[rows], weights[rows], base[rows]
    order = np.argsort(np.where(useful, cost, np.inf), axis=1, kind="stable")
    numbers = useful.sum(axis=1)
    inside = np.arange(cost.shape[1]) < numbers[:, None]
    weighted = np.take_along_axis(cost, order, axis=1) * weights[:, None]
    start = np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
    return Arcs(start, order[inside].astype(np.int32), weighted[inside], base * weights), rows


def covering_arcs(covers: csr_array, weights: Floats) -> Arcs:
    """Arcs of demand that pays its weight unless it is covered; what the same candidates cover is one demand."""
    numbers = np.diff(covers.indptr)
    rows = np.flatnonzero((numbers > 0) & (weights > 0))
    groups, first = grouped(covers, rows)
    base = np.bincount(groups, weights[rows], minlength=len(first))
    kept = covers[first]
    size = len(kept.indices)
    return Arcs(kept.indptr.astype(np.int64), kept.indices.astype(np.int32), np.zeros(size), base)


def grouped(covers: csr_array, rows: Whole) -> tuple[Whole, Whole]:
    """The group of each of these rows, and the first row of each group: rows that the same candidates cover."""
    number: dict[bytes, int] = {}
    first: list[int] = []
    groups = np.empty(len(rows), np.int64)
    starts, indices = covers.indptr, covers.indices
    for place, row in enumerate(rows):
        group = number.setdefault(indices[starts[row] : starts[row + 1]].tobytes(), len(first))
        if group == len(first):
            first.append(int(row))
        groups[place] = group
    return groups, np.array(first, np.int64)
