"""What need not be looked at in a cover: demand covered with another, candidates that cover less than another."""

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.siting.interchange_kernel import Arcs

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
# Tables of more entries, or with longer sides, stay as they are: comparing all pairs would take longer than it saves.
LARGEST, LONGEST = 3_000_000, 4000


def essential(arcs: Arcs, candidates: int) -> tuple[Arcs, Whole]:
    """The arcs between demand and candidates that decide how few cover all, renumbered, and these candidates.

    A demand is covered whenever one is whose candidates are among its own; a candidate is as good as another if it
    covers all that the other covers (C. Toregas and C. ReVelle, "Binary logic solutions to a class of location
    problem", Geographical Analysis 5, 1973).
    """
    demand = len(arcs.base)
    rows, columns = np.arange(demand), np.arange(candidates)
    if demand * candidates > LARGEST or max(demand, candidates) > LONGEST:
        return arcs, columns
    table = np.zeros((demand, candidates), bool)
    table[np.repeat(rows, np.diff(arcs.start)), arcs.candidate] = True
    before = None
    while before != table.shape:
        before = table.shape
        table = table[~_needless(table)]
        kept = ~_needless(~table.T)
        table, columns = table[:, kept], columns[kept]
    owner, candidate = np.nonzero(table)
    start = np.searchsorted(owner, np.arange(len(table) + 1))
    base = np.ones(len(table))
    return Arcs(start.astype(np.int64), candidate.astype(np.int32), np.zeros(len(candidate)), base), columns


def _needless(table: Flags) -> Flags:
    """Rows that hold all of another row; of equal ones all but the first."""
    numbers = table.astype(np.float32)
    size = table.sum(axis=1)
    inside = numbers @ numbers.T == size[:, None]
    first = np.arange(len(table))
    later = (size[:, None] < size) | ((size[:, None] == size) & (first[:, None] < first))
    return np.asarray((inside & later).any(axis=0))
