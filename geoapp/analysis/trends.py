"""Whether trouble comes, grows, stays or goes: classes of change from hot spots period by period."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geoapp.analysis.hotspots import FALSE_SHARE, gi_star, permutation_p

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# With fewer periods the normal approximation of Mann and Kendall's S does not hold, and no trend could be shown.
FEWEST_PERIODS = 8
# Hot in so many of the periods is hot throughout.
THROUGHOUT = 0.9
# The finer classes, each with the one that stands on a page.
CLASSES = {
    "new": "new",
    "consecutive": "new",
    "intensifying": "intensifying",
    "persistent": "persistent",
    "diminishing": "fading",
    "historical": "fading",
    "sporadic": "sporadic",
    "oscillating": "sporadic",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of each cell (n,) over periods (n, t).

    fine: a class of CLASSES or "", with "cold " before it for cold spots. trend, trend_p: Mann and Kendall's z of Gi*
    and its two-sided p. hot: whether the cell was hot in each period. enough: whether there were FEWEST_PERIODS.
    """

    fine: NDArray[np.str_]
    trend: Floats
    trend_p: Floats
    gi: Floats
    hot: Flags
    enough: bool

    @property
    def shown(self) -> list[str]:
        """The class of hot cells as a page names it, "" for all others."""
        return [CLASSES.get(str(name), "") for name in self.fine]


def change(values: Floats, weights: Any) -> Change:
    """Classes of change of values (n, t) in periods, the earliest first, under the weights of Gi*.

    A cell is hot in a period by permutation p-values, all cells and periods under one control of false discoveries.
    Classes as in emerging hot spot analysis (time series of Gi* and Mann and Kendall's test).
    """
    gi = gi_star(values, weights)
    p = np.column_stack([permutation_p(column, weights)[0] for column in values.T])
    found = stats.false_discovery_control(p.ravel()).reshape(p.shape) <= FALSE_SHARE
    hot, cold = found & (gi > 0), found & (gi < 0)
    trend, trend_p = mann_kendall(gi)
    enough = values.shape[1] >= FEWEST_PERIODS
    fine = np.full(len(values), "", dtype="U20")
    if enough:
        warm, cool = _classes(hot, cold, trend, trend_p), _classes(cold, hot, -trend, trend_p)
        fine = np.where(warm != "", warm, np.where(cool != "", np.char.add("cold ", cool), ""))
    return Change(fine, trend, trend_p, gi, hot, enough)


def mann_kendall(series: Floats) -> tuple[Floats, Floats]:
    """Mann (1945) and Kendall's z of each row (n, t), with ties and continuity corrected, and its two-sided p."""
    periods = series.shape[1]
    score = np.zeros(len(series))
    for first in range(periods - 1):
        score += np.sign(series[:, first + 1 :] - series[:, first : first + 1]).sum(axis=1)
    room = periods * (periods - 1) * (2 * periods + 5) - _ties(series)
    moved = np.where(score > 0, score - 1, np.where(score < 0, score + 1, 0.0))
    z = np.divide(moved, np.sqrt(room / 18), out=np.zeros_like(moved), where=room > 0)
    return z, 2 * stats.norm.sf(np.abs(z))


def _ties(series: Floats) -> Floats:
    """The sum of t (t − 1) (2 t + 5) over groups of t equal values of each row."""
    ordered = np.sort(series, axis=1)
    found = np.zeros(len(series))
    run = np.ones(len(series))
    for column in range(1, series.shape[1] + 1):
        goes_on = (
            ordered[:, column] == ordered[:, column - 1]
            if column < series.shape[1]
            else np.zeros(len(series), dtype=bool)
        )
        found += np.where(goes_on, 0.0, run * (run - 1) * (2 * run + 5))
        run = np.where(goes_on, run + 1, 1)
    return found


def _classes(hot: Flags, opposite: Flags, trend: Floats, trend_p: Floats) -> NDArray[np.str_]:
    """The class of each cell on one side; later lines go before earlier ones."""
    now, times, share = hot[:, -1], hot.sum(axis=1), hot.mean(axis=1)
    lasting = np.cumprod(hot[:, ::-1], axis=1).sum(axis=1)
    throughout = share >= THROUGHOUT
    growing, shrinking = (trend_p < FALSE_SHARE) & (trend > 0), (trend_p < FALSE_SHARE) & (trend < 0)
    conditions = {
        "intensifying": now & throughout & growing,
        "diminishing": now & throughout & shrinking,
        "persistent": now & throughout,
        "new": now & (times == 1),
        "consecutive": now & (times == lasting),
        "oscillating": now & opposite.any(axis=1),
        "sporadic": now,
        "historical": ~now & throughout,
    }
    return np.select(list(conditions.values()), list(conditions), default="")
