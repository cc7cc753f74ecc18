"""What each further site adds: greedy order, whose gains never rise.

Each step takes the site that adds most to those before it; for such sums the value is at least 63 % of the best
possible (G. Nemhauser, L. Wolsey and M. Fisher, "An analysis of approximations for maximizing submodular set
functions", Mathematical Programming 14, 1978).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoapp.analysis.siting.arcs import arcs_of, covering_arcs
from geoapp.analysis.siting.inputs import costs_of, covered_of, covers_of, existing_of, sites_of, weights_of
from geoapp.analysis.siting.interchange_kernel import Arcs, columns_of, greedy
from geoapp.analysis.siting.p_median import beyond


@dataclass(frozen=True)
class Curve:
    """Candidates in greedy order (k,), and what each adds to those before it (k,), 0 or more and never rising."""

    candidates: NDArray[np.int64]
    gains: NDArray[np.float64]


def coverage_curve(covers: Any, weights: ArrayLike | None, p: int, *, covered: ArrayLike | None = None) -> Curve:
    """The weight that each of p further sites newly covers, in the unit of the weights.

    Arguments and errors as for `mclp`; of equal candidates the lowest comes first.
    """
    table = covers_of(covers)
    demand, candidates = table.shape
    weight, before = weights_of(weights, demand), covered_of(covered, demand)
    return _curve(covering_arcs(table, np.where(before, 0.0, weight)), candidates, sites_of(p, candidates))


def median_curve(
    cost: ArrayLike, weights: ArrayLike | None, p: int, *, existing_cost: ArrayLike | None = None
) -> Curve:
    """The weighted cost that each of p further sites saves, in weight times the unit of cost.

    Arguments and errors as for `p_median`; demand that reaches nothing counts as `p_median.beyond` away, so the first
    site saves much where there is no facility yet.
    """
    costs = costs_of(cost)
    demand, candidates = costs.shape
    weight, existing = weights_of(weights, demand), existing_of(existing_cost, demand)
    base = np.where(np.isfinite(existing), existing, beyond(costs, existing))
    return _curve(arcs_of(costs, weight, base)[0], candidates, sites_of(p, candidates))


def _curve(arcs: Arcs, candidates: int, sites: int) -> Curve:
    order, saved = greedy(arcs, columns_of(arcs, candidates), sites)
    # Sums of doubles may differ in their last digit from step to step.
    return Curve(order, np.minimum.accumulate(saved))
