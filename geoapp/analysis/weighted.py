"""Shares, means and quantiles of values that stand for different numbers of people."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIFTH = 0.2
ROUNDING = 1e-12


def share(chosen: Flags, weights: Floats) -> float | None:
    """The share of all weight (n,) that is chosen (n,), in 0..1; unknown weights (NaN) take no part.

    None where no weight is known, or there is none.
    """
    known = np.isfinite(weights)
    total = float(weights[known].sum())
    if total <= 0:
        return None
    # All are all, and no part is more than that, whatever rounding makes of the sums.
    whole = not (weights[known & ~chosen] > 0).any()
    return 1.0 if whole else min(float(weights[known & chosen].sum()) / total, 1.0)


def mean(values: Floats, weights: Floats) -> float | None:
    """The weighted mean of values (n,); None without weight. Unknown values and weights (NaN) take no part."""
    values, weights = _known(values, weights)
    return float(np.average(values, weights=weights)) if len(values) else None


def quantile(values: Floats, weights: Floats, q: float) -> float | None:
    """The least value up to which at least the share q (0..1) of all weight lies; None without weight.

    Method: the inverse of the weighted distribution function (Hyndman and Fan 1996, definition 1), so that the answer
    is always a value that occurs. Unknown values and weights (NaN), and weights of 0, take no part.
    """
    values, weights = _known(values, weights)
    if not len(values):
        return None
    reached = np.cumsum(weights)
    # Sums of fractions of residents may fall short of a half that they are by a last digit.
    wanted = q * reached[-1] * (1 - ROUNDING)
    return float(values[min(int(np.searchsorted(reached, wanted, side="left")), len(values) - 1)])


def mean_of_worst(values: Floats, weights: Floats, part: float = FIFTH) -> float | None:
    """The mean of the greatest values that together have this part (0..1) of all weight; None without weight.

    The value on the boundary counts with that much of its weight as is needed.
    """
    values, weights = _known(values, weights)
    if not len(values):
        return None
    values, weights = values[::-1], weights[::-1]
    wanted = part * weights.sum()
    taken = np.clip(wanted - (np.cumsum(weights) - weights), 0, weights)
    return float(np.average(values, weights=taken))


def _known(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """What is known and weighs anything, least values first."""
    known = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    order = np.argsort(values[known], kind="stable")
    return values[known][order], weights[known][order]
