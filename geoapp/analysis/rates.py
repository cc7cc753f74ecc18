"""Rates with what they are counted among, and how far small numbers can be trusted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A rate that borrows more than this from all others is marked as uncertain.
MOST_BORROWED = 0.5


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts by their denominators (n,), NaN where there is no denominator.

    whole: the rate of all together. shrunk: drawn towards it the more, the smaller the denominator. borrowed: how much
    of the shrunk rate is the whole's, 0 to 1. standard: the distance to the whole in standard deviations of a cell of
    its size, comparable between large and small ones.
    """

    raw: Floats
    whole: float
    shrunk: Floats
    borrowed: Floats
    standard: Floats

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Rates of small numbers, more than half of which is the whole's."""
        return np.isfinite(self.raw) & (self.borrowed > MOST_BORROWED)


def rates(counts: Floats, among: Floats) -> Rates:
    """Empirical Bayes rates of counts (n,) among denominators (n,); one of 0 or NaN has no rate.

    Methods: R. J. Marshall (1991), global; R. M. Assunção and E. A. Reis (1999) for the standard.
    """
    known = np.isfinite(among) & (among > 0)
    raw, shrunk, borrowed, standard = (np.full(len(counts), np.nan) for _ in range(4))
    if not known.any():
        return Rates(raw, np.nan, shrunk, borrowed, standard)
    number, size = counts[known], among[known]
    rate, whole = number / size, float(number.sum() / size.sum())
    spread = float((size * (rate - whole) ** 2).sum() / size.sum())
    between, within = max(spread - whole / float(size.mean()), 0.0), whole / size
    both = between + within
    trusted = np.divide(between, both, out=np.zeros_like(both), where=both > 0)
    raw[known], borrowed[known], shrunk[known] = rate, 1 - trusted, whole + trusted * (rate - whole)
    standard[known] = np.divide(rate - whole, np.sqrt(both), out=np.zeros_like(both), where=both > 0)
    return Rates(raw, whole, shrunk, borrowed, standard)
