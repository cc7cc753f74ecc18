"""Two periods beside each other: where a place has grown or shrunk more than the whole has."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geoapp.analysis.hotspots import FALSE_SHARE

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """Cells (n,) in two periods: how many more in the later one, expected if all places had changed alike, p and q.

    expected: of the later period, around each cell. observed: the same, counted.
    """

    observed: Floats
    expected: Floats
    p: Floats
    q: Floats

    @property
    def grown(self) -> NDArray[np.bool_]:
        """Where the later period has more than its share."""
        return (self.q <= FALSE_SHARE) & (self.observed > self.expected)

    @property
    def shrunk(self) -> NDArray[np.bool_]:
        """Where it has less."""
        return (self.q <= FALSE_SHARE) & (self.observed < self.expected)


def difference(before: Floats, after: Floats, weights: Any) -> Difference:
    """Counts (n,) of two periods, each cell taken together with its neighbours.

    Method: given what was found around a cell in both periods, the later part of it is hypergeometric if the periods
    were handed out by lot among all reports (Fisher's exact test); two-sided, with Benjamini and Hochberg's q.
    """
    early, late = (np.rint(weights @ np.rint(counts)).astype(np.int64) for counts in (before, after))
    total, later = int(np.rint(before).sum() + np.rint(after).sum()), int(np.rint(after).sum())
    both = early + late
    least, most = stats.hypergeom.cdf(late, total, later, both), stats.hypergeom.sf(late - 1, total, later, both)
    p = np.where(both > 0, np.clip(2 * np.minimum(least, most), 0.0, 1.0), 1.0)
    q = stats.false_discovery_control(p) if len(p) else p
    return Difference(late.astype(float), both * (later / total if total else 0.0), p, q)


def whole_change(before: int, after: int) -> float:
    """The two-sided p of as many against as many, if both periods were alike (binomial test)."""
    return float(stats.binomtest(after, before + after).pvalue) if before + after else 1.0
