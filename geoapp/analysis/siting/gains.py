"""Who gains by a choice of sites, how much, and from which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoapp.analysis.siting.inputs import costs_of, existing_of
from geoapp.domain.errors import BadInput

Floats = NDArray[np.float64]
# Served by no chosen candidate: a facility there is stays as near, or nothing is within reach.
NONE = -1


@dataclass(frozen=True)
class Gains:
    """For each demand (n,): the chosen candidate that serves it now, NONE if none does better than what there was; its
    cost before and after, inf where nothing is within reach; and what it saves, inf where something is for the first
    time. All in the unit of cost."""

    served_by: NDArray[np.int64]
    before: Floats
    after: Floats
    saved: Floats


def gains(cost: ArrayLike, chosen: Sequence[int], *, existing_cost: ArrayLike | None = None) -> Gains:
    """What each demand gains if these candidates are built; of equally near ones the lowest serves.

    cost: (n demand, m candidates); existing_cost: (n,). Raises BadInput for NaN, values below 0, lengths that do not
    fit, and candidates that are none.
    """
    costs = costs_of(cost)
    demand, candidates = costs.shape
    before = existing_of(existing_cost, demand)
    sites = np.unique(np.asarray(chosen, np.int64))
    unknown = sites[(sites < 0) | (sites >= candidates)]
    if len(unknown):
        raise BadInput("There is no candidate {value}; there are {n}.", value=int(unknown[0]), n=candidates)
    if not len(sites):
        return Gains(np.full(demand, NONE), before, before.copy(), np.zeros(demand))
    near = costs[:, sites]
    best = near.argmin(axis=1)
    nearest = near[np.arange(demand), best]
    better = nearest < before
    after = np.where(better, nearest, before)
    saved = np.zeros(demand)
    saved[better] = before[better] - after[better]
    return Gains(np.where(better, sites[best], NONE), before, after, saved)
