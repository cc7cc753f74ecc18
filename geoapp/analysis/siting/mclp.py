"""MCLP: the sites that cover the most demand.

R. Church and C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32, 1974.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.arcs import covering_arcs
from geoapp.analysis.siting.choosing import chosen
from geoapp.analysis.siting.inputs import covered_of, covers_of, sites_of, weights_of


def mclp(
    covers: Any,
    weights: ArrayLike | None,
    p: int,
    *,
    covered: ArrayLike | None = None,
    effort: Effort | None = None,
) -> Siting:
    """The p new sites with which the weight that is covered, by old facilities or new, is greatest.

    covers: (n demand, m candidates), dense booleans or sparse. weights: (n,) of 0 or more. covered: (n,) what existing
    facilities cover. All candidates are chosen where p is m or more. value and bound: in the unit of the weights, what
    is covered already included. unserved: demand that is not covered. Raises BadInput for NaN, values below 0 and
    lengths that do not fit.
    """
    began = time.perf_counter()
    table = covers_of(covers)
    demand, candidates = table.shape
    weight, before = weights_of(weights, demand), covered_of(covered, demand)
    arcs = covering_arcs(table, np.where(before, 0.0, weight))
    choice = chosen(arcs, candidates, sites_of(p, candidates), effort or Effort())
    most = float(weight[before].sum() + arcs.base.sum())
    after = before | (table[:, choice.chosen].sum(axis=1) > 0)
    return Siting(
        chosen=tuple(sorted(choice.chosen.tolist())),
        value=most - choice.value,
        bound=most - choice.bound,
        proven=choice.method != "time",
        method=choice.method,
        seconds=time.perf_counter() - began,
        unserved=tuple(np.flatnonzero(~after).tolist()),
    )
