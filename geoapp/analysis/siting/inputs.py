"""What callers bring, looked at once: no NaN, nothing below 0, lengths that fit."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from geoapp.domain.errors import BadInput

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def costs_of(cost: ArrayLike) -> Floats:
    """Costs (demand, candidates); inf where a candidate is out of reach."""
    costs = np.asarray(cost, np.float64)
    if costs.ndim != 2:
        raise BadInput("Costs must be a table of demand by candidates, not of {n} dimensions.", n=costs.ndim)
    # A comparison with NaN is false.
    if not (costs >= 0).all():
        raise BadInput("Costs must be 0 or more, or infinite where there is no way; one is {value}.", value=_bad(costs))
    return costs


def weights_of(weights: ArrayLike | None, demand: int) -> Floats:
    """Weights (demand,), finite; without any, 1 for each."""
    if weights is None:
        return np.ones(demand)
    given = _as_long(weights, demand, "weights")
    if not ((given >= 0) & np.isfinite(given)).all():
        raise BadInput("Weights must be known numbers of 0 or more; one is {value}.", value=_bad(given))
    return given


def existing_of(existing_cost: ArrayLike | None, demand: int) -> Floats:
    """Costs (demand,) to the nearest facility there is; inf where none is within reach."""
    if existing_cost is None:
        return np.full(demand, np.inf)
    given = _as_long(existing_cost, demand, "existing_cost")
    if not (given >= 0).all():
        raise BadInput("Costs must be 0 or more, or infinite where there is no way; one is {value}.", value=_bad(given))
    return given


def sites_of(p: int, candidates: int) -> int:
    """How many are chosen: no more than there are."""
    if isinstance(p, bool) or not isinstance(p, int | np.integer) or p < 0:
        raise BadInput("The number of new facilities must be a whole number of 0 or more, not {value}.", value=p)
    return min(int(p), candidates)


def covers_of(covers: Any) -> csr_array:
    """Which candidate covers which demand: (demand, candidates), sorted, without what is stored as false."""
    table = covers if issparse(covers) else np.asarray(covers, bool)
    if table.ndim != 2:
        raise BadInput("Covers must be a table of demand by candidates, not of {n} dimensions.", n=table.ndim)
    rows = csr_array(table, dtype=bool, copy=True)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def covered_of(covered: ArrayLike | None, demand: int) -> Flags:
    """What is covered by facilities there are."""
    if covered is None:
        return np.zeros(demand, bool)
    given = np.asarray(covered, bool)
    if given.shape != (demand,):
        raise BadInput(
            "There are {n} rows of {name}, but {demand} of demand.", n=given.size, name="covered", demand=demand
        )
    return given


def _as_long(values: ArrayLike, demand: int, name: str) -> Floats:
    given = np.asarray(values, np.float64)
    if given.shape != (demand,):
        raise BadInput("There are {n} rows of {name}, but {demand} of demand.", n=given.size, name=name, demand=demand)
    return given


def _bad(values: Floats) -> float:
    return float(values[~((values >= 0) & np.isfinite(values))][0])
