"""p-median: the sites with which demand has the least way, weighted and summed.

S. Hakimi, "Optimum locations of switching centers and the absolute centers and medians of a graph", Operations
Research 12, 1964.
"""

import time

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.arcs import arcs_of
from geoapp.analysis.siting.choosing import chosen
from geoapp.analysis.siting.inputs import costs_of, existing_of, sites_of, weights_of

Floats = NDArray[np.float64]
# Who reaches nothing counts as if it were so many times as far as the farthest that is within reach.
BEYOND = 10.0


def p_median(
    cost: ArrayLike,
    weights: ArrayLike | None,
    p: int,
    *,
    existing_cost: ArrayLike | None = None,
    effort: Effort | None = None,
) -> Siting:
    """The p new sites with which the sum of weight times cost to the nearest facility, old or new, is least.

    cost: (n demand, m candidates) in any one unit, 0 or more, inf where there is no way. weights: (n,) of 0 or more.
    existing_cost: (n,) to the nearest facility there is, inf where there is none. All candidates are chosen where p is
    m or more. value and bound: weight times the unit of cost. Demand that reaches nothing with this choice, but could
    with another, counts as `beyond` away; what nothing reaches counts in no value, and both are `unserved`. Raises
    BadInput for NaN, values below 0 and lengths that do not fit.
    """
    began = time.perf_counter()
    costs = costs_of(cost)
    demand, candidates = costs.shape
    weight, existing = weights_of(weights, demand), existing_of(existing_cost, demand)
    base = np.where(np.isfinite(existing), existing, beyond(costs, existing))
    arcs, rows = arcs_of(costs, weight, base)
    choice = chosen(arcs, candidates, sites_of(p, candidates), effort or Effort())
    rest = np.isfinite(existing)
    rest[rows] = False
    constant = float(weight[rest] @ existing[rest])
    nearest = np.minimum(existing, costs[:, choice.chosen].min(axis=1, initial=np.inf))
    return Siting(
        chosen=tuple(sorted(choice.chosen.tolist())),
        value=choice.value + constant,
        bound=choice.bound + constant,
        proven=choice.method != "time",
        method=choice.method,
        seconds=time.perf_counter() - began,
        unserved=tuple(np.flatnonzero(np.isinf(nearest)).tolist()),
    )


def beyond(costs: Floats, existing: Floats) -> float:
    """The cost that counts for demand that reaches nothing: BEYOND times the largest that is finite, never 0."""
    finite = max(np.max(part[np.isfinite(part)], initial=0.0) for part in (costs, existing))
    return BEYOND * float(finite) if finite else 1.0
