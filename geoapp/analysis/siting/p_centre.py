"""p-centre: the sites with which the worst-off demand has the least way.

E. Minieka, "The m-center problem", SIAM Review 12, 1970: a bisection over costs, each answered by covering.
"""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.arcs import covering_arcs
from geoapp.analysis.siting.inputs import costs_of, existing_of, sites_of, weights_of
from geoapp.analysis.siting.lscp import fewest
from geoapp.analysis.siting.mclp import mclp

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def p_centre(
    cost: ArrayLike,
    p: int,
    *,
    weights: ArrayLike | None = None,
    existing_cost: ArrayLike | None = None,
    effort: Effort | None = None,
) -> Siting:
    """The p new sites with which the greatest cost to the nearest facility, old or new, is least.

    cost: (n demand, m candidates) in any one unit, inf where there is no way. weights: (n,); demand that weighs 0 does
    not count. existing_cost: (n,) to the nearest facility there is. All candidates are chosen where p is m or more.
    value and bound: in the unit of cost; inf where p sites cannot reach everybody, and then those are chosen that reach
    the most weight. unserved: demand that reaches nothing; what no candidate reaches is left out of the value. Raises
    BadInput for NaN, values below 0 and lengths that do not fit.
    """
    began = time.perf_counter()
    costs = costs_of(cost)
    demand, candidates = costs.shape
    weight, existing = weights_of(weights, demand), existing_of(existing_cost, demand)
    sites = sites_of(p, candidates)
    effort = effort or Effort()
    best = np.minimum(existing, costs.min(axis=1, initial=np.inf))
    rows = np.flatnonzero((weight > 0) & np.isfinite(best))
    answer = _bisected(costs[rows], existing[rows], sites, effort)
    if np.isinf(answer.value):
        reached = mclp(np.isfinite(costs), weight, sites, covered=np.isfinite(existing), effort=effort)
        answer = replace(answer, chosen=reached.chosen)
    nearest = np.minimum(existing, costs[:, list(answer.chosen)].min(axis=1, initial=np.inf))
    missing = tuple(np.flatnonzero(np.isinf(nearest)).tolist())
    return replace(answer, seconds=time.perf_counter() - began, unserved=missing)


def _bisected(costs: Floats, existing: Floats, sites: int, effort: Effort) -> Siting:
    """Bisect the distinct costs: between those that p sites cannot keep and those that they can."""
    candidates = costs.shape[1]
    chosen: tuple[int, ...] = tuple(range(candidates)) if sites == candidates else ()
    worst = _worst(costs, existing, chosen)
    if sites in {0, candidates}:
        return Siting(chosen, worst, worst, True, "nothing to choose", 0.0)
    # What everybody pays at least, wherever sites are: the worst of the bests.
    least = float(np.minimum(existing, costs.min(axis=1)).max(initial=0.0))
    levels = np.unique(np.concatenate([costs.ravel(), existing, [least]]))
    levels = levels[(levels >= least) & np.isfinite(levels)]
    ends, low, high, sure = time.perf_counter() + effort.seconds, 0, len(levels), True
    while low < high:
        middle = (low + high) // 2
        left = max(0.1, ends - time.perf_counter())
        found, known = _within(costs, existing, float(levels[middle]), sites, replace(effort, seconds=left))
        sure = sure and known
        if found is None:
            low = middle + 1
        else:
            chosen = _filled(found, candidates, sites)
            # The sites that were found may do better than what was asked.
            high = int(np.searchsorted(levels, _worst(costs, existing, chosen)))
    value = float(levels[high]) if high < len(levels) else np.inf
    return Siting(chosen, value, value if sure else least, sure, "HiGHS" if sure else "time", 0.0)


def _worst(costs: Floats, existing: Floats, chosen: tuple[int, ...]) -> float:
    nearest = np.minimum(existing, costs[:, list(chosen)].min(axis=1, initial=np.inf))
    return float(nearest.max(initial=0.0))


def _within(costs: Floats, existing: Floats, radius: float, sites: int, effort: Effort) -> tuple[Whole | None, bool]:
    """So few sites that nobody pays more than the radius, None if there are none; and whether that is sure."""
    far = existing > radius
    covers = csr_array(costs[far] <= radius)
    if (np.diff(covers.indptr) == 0).any():
        return None, True
    answer = fewest(covering_arcs(covers, np.ones(covers.shape[0])), costs.shape[1], effort, enough=sites)
    if answer.value <= sites:
        return np.array(answer.chosen, np.int64), True
    return None, answer.bound > sites


def _filled(sites: Whole, candidates: int, wanted: int) -> tuple[int, ...]:
    """As many as are asked for, filled up from the lowest."""
    rest = np.setdiff1d(np.arange(candidates), sites)
    return tuple(sorted([*sites.tolist(), *rest[: wanted - len(sites)].tolist()]))
