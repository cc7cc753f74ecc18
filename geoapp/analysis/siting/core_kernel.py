"""The compiled part of writing down what is left of a problem when bounds have decided the rest."""

from typing import Any

import numba
import numpy as np

from geoapp.analysis.siting import interchange_kernel, lagrangian_kernel
from geoapp.analysis.siting.interchange_kernel import Arcs, filled
from geoapp.analysis.siting.lagrangian_kernel import FREE, OPEN


@numba.njit(nogil=True, cache=True)
def radius_rows(arcs: Arcs, status: Any, number: Any, most: Any) -> Any:
    """Rows that tell how far each demand is from what is chosen: the radius formulation.

    number: (m,) the column of each free candidate. most: (n,) what each demand pays at most. For each distinct cost
    below that of what is open already, a column says whether the demand pays more than it. Returns entries (row,
    column, value), the cost of these columns (numbered on from the free candidates), least (rows,), what is paid in
    any case, and whether every demand can be served at all. S. Elloumi, "A tighter formulation of the p-median
    problem", Journal of Combinatorial Optimization 19, 2010.
    """
    size, columns = len(arcs.candidate), number[-1] + 1
    entries = np.empty((3 * size + len(arcs.base), 2), np.int64)
    values = filled(3 * size + len(arcs.base), 1.0)
    costs = np.empty(size, np.float64)
    least = filled(size, 0.0)
    entry, row, extra, paid, possible = 0, 0, 0, 0.0, True
    for i in range(len(arcs.base)):
        end, last = arcs.base[i], -1.0
        limit = arcs.start[i + 1]
        for k in range(arcs.start[i], arcs.start[i + 1]):
            if arcs.cost[k] > most[i]:
                limit = k
                break
            if status[arcs.candidate[k]] == OPEN:
                end, limit = arcs.cost[k], k
                break
        for k in range(arcs.start[i], limit):
            if status[arcs.candidate[k]] != FREE or arcs.cost[k] >= end:
                continue
            if last < 0.0:
                paid += arcs.cost[k]
                least[row] = 1.0
                last = arcs.cost[k]
            elif arcs.cost[k] > last:
                # Whoever is farther than the last cost pays the step to this one.
                costs[extra] = arcs.cost[k] - last
                last = arcs.cost[k]
                entries[entry, 0], entries[entry, 1] = row, columns + extra
                entries[entry + 1, 0], entries[entry + 1, 1] = row + 1, columns + extra
                values[entry + 1] = -1.0
                entry, row, extra = entry + 2, row + 1, extra + 1
            entries[entry, 0], entries[entry, 1] = row, number[arcs.candidate[k]]
            entry += 1
        if last < 0.0:
            paid += end
            possible = possible and end <= most[i]
            continue
        if end <= most[i]:
            costs[extra] = end - last
            entries[entry, 0], entries[entry, 1] = row, columns + extra
            entry, extra = entry + 1, extra + 1
        row += 1
    return entries[:entry], values[:entry], costs[:extra], least[:row], paid, possible


@numba.njit(nogil=True, cache=True)
def shortened(arcs: Arcs, status: Any, most: Any) -> Any:
    """Only arcs that a choice may use which costs no more than a limit.

    status: (m,) what is shut is left out, and what is farther than the nearest that is open. most: (n,) what each
    demand pays at most; where that is less than its base, it must have a site, and its base is inf.
    """
    n, size = len(arcs.base), 0
    start = np.empty(n + 1, np.int64)
    candidate = np.empty(len(arcs.candidate), np.int32)
    cost = np.empty(len(arcs.candidate), np.float64)
    base = arcs.base.copy()
    for i in range(n):
        start[i] = size
        if base[i] > most[i]:
            base[i] = np.inf
        for k in range(arcs.start[i], arcs.start[i + 1]):
            way = status[arcs.candidate[k]]
            if arcs.cost[k] > most[i]:
                break
            if way in (FREE, OPEN):
                candidate[size], cost[size] = arcs.candidate[k], arcs.cost[k]
                size += 1
            if way == OPEN:
                break
    start[n] = size
    return Arcs(start, candidate[:size], cost[:size], base)


def warm() -> None:
    """Compile for the types that are used, with all that choosing sites needs."""
    interchange_kernel.warm()
    lagrangian_kernel.warm()
    arcs = Arcs(np.array([0, 2]), np.array([0, 1], np.int32), np.array([1.0, 2.0]), np.array([3.0]))
    shortened(arcs, np.zeros(2, np.int8), np.array([4.0]))
    radius_rows(arcs, np.zeros(2, np.int8), np.arange(2), np.array([4.0]))
