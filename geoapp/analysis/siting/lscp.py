"""LSCP: the fewest sites that cover all demand.

C. Toregas, R. Swain, C. ReVelle and L. Bergman, "The location of emergency service facilities", Operations Research
19, 1971.
"""

import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.arcs import covering_arcs
from geoapp.analysis.siting.dominance import essential
from geoapp.analysis.siting.exact import Model, solved
from geoapp.analysis.siting.inputs import covered_of, covers_of
from geoapp.analysis.siting.interchange_kernel import Arcs, columns_of, greedy, interchange

Whole = NDArray[np.int64]
# HiGHS decides about covers quickly, so interchange takes only this part of its iterations.
LIGHTER = 4
# A count of sites that is so little above a whole number is that number.
ROUNDING = 1e-6


def lscp(covers: Any, *, covered: ArrayLike | None = None, effort: Effort | None = None) -> Siting:
    """The fewest new sites with which all demand is covered that any candidate covers.

    covers: (n demand, m candidates), dense booleans or sparse. covered: (n,) what existing facilities cover. value and
    bound: numbers of sites. unserved: demand that neither a facility nor a candidate covers. Raises BadInput for
    lengths that do not fit.
    """
    began = time.perf_counter()
    table = covers_of(covers)
    demand, candidates = table.shape
    before = covered_of(covered, demand)
    arcs = covering_arcs(table, np.where(before, 0.0, 1.0))
    answer = fewest(arcs, candidates, effort or Effort())
    missing = np.flatnonzero(~before & (np.diff(table.indptr) == 0))
    return replace(answer, seconds=time.perf_counter() - began, unserved=tuple(missing.tolist()))


def fewest(arcs: Arcs, candidates: int, effort: Effort, enough: int = 0) -> Siting:
    """The fewest candidates with an arc to every demand; no fewer are sought than `enough`."""
    small, kept = essential(arcs, candidates)
    answer = _fewest(small, len(kept), effort, enough)
    return replace(answer, chosen=tuple(kept[list(answer.chosen)].tolist()))


def _fewest(arcs: Arcs, candidates: int, effort: Effort, enough: int) -> Siting:
    sites = _greedy_cover(arcs, candidates)
    if len(sites) <= max(enough, 1):
        return _siting(sites, min(len(sites), 1), "nothing to choose" if len(sites) < 2 else "interchange")
    sites = _with_one_less(arcs, candidates, sites, effort, enough)
    if len(sites) <= enough:
        return _siting(sites, 1, "interchange")
    # HiGHS is asked for fewer than there are, and for no fewer than are enough.
    answer = solved(_model(arcs, candidates), seconds=effort.seconds, below=len(sites) - 0.5, enough=enough)
    if answer.x is not None and answer.x.sum() < len(sites) - 0.5:
        sites = np.flatnonzero(answer.x > 0.5)
    bound = min(len(sites), math.ceil(max(answer.bound, 1.0) - ROUNDING))
    return _siting(sites, bound, "HiGHS" if bound == len(sites) else "time")


def _siting(sites: Whole, bound: int, method: str) -> Siting:
    proven = bound == len(sites)
    return Siting(tuple(sorted(sites.tolist())), float(len(sites)), float(bound), proven, method, 0.0)


def _greedy_cover(arcs: Arcs, candidates: int) -> Whole:
    """Candidates in greedy order until all are covered."""
    order, saved = greedy(arcs, columns_of(arcs, candidates), candidates)
    return np.asarray(order[saved > 0], np.int64)


def _with_one_less(arcs: Arcs, candidates: int, sites: Whole, effort: Effort, enough: int) -> Whole:
    """Leave out one site after the other, or all but enough, as long as interchange covers everything without them."""
    columns = columns_of(arcs, candidates)
    while len(sites) > max(enough, 1):
        fewer = sites[: enough or len(sites) - 1]
        tried, left = interchange(arcs, columns, fewer, effort.iterations // LIGHTER, effort.seed)
        if left > 0:
            break
        sites = tried
    return sites


def _model(arcs: Arcs, candidates: int) -> Model:
    """Each demand has an arc from a site: rows as they are."""
    demand = len(arcs.base)
    table = csr_array((np.ones(len(arcs.candidate)), arcs.candidate, arcs.start), shape=(demand, candidates))
    return Model(np.ones(candidates), np.ones(candidates), csc_array(table), np.ones(demand), candidates)
