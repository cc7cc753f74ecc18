"""Whether points are shifted: told by how near they come to places whose positions are known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.stats import binomtest

from geoapp.analysis.datum import DATUMS, converted

Floats = NDArray[np.float64]

# Fewer points prove nothing; a shift is some 500 m, so that who is not brought much nearer is not shifted.
FEWEST, SUREST = 20, 1e-3
CLEARLY_NEARER = 0.5
# Farther than this from every known place a point says nothing about a shift.
FARTHEST_M = 3_000.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each datum.

    points: how many near known places there were. median_m: by datum, the median distance in metres to the nearest
    known place if the points are in it. verdict: the datum that fits clearly better than WGS 84; None if none does, or
    it cannot be told.
    """

    points: int
    median_m: Mapping[str, float]
    verdict: str | None


def evidence(lon: Floats, lat: Floats, known_lon: Floats, known_lat: Floats) -> Evidence:
    """Compare points (n,) in degrees, read in each datum, with known places (m,) in WGS 84; NaN is left out.

    A shifted datum is believed if it halves the median distance, and brings so many of the points nearer that chance
    would do it once in a thousand times (sign test, by point).
    """
    placed = np.isfinite(lon) & np.isfinite(lat)
    known = np.isfinite(known_lon) & np.isfinite(known_lat)
    if placed.sum() < FEWEST or not known.any():
        return Evidence(int(placed.sum()), {}, None)
    scale = np.array([np.cos(np.radians(np.nanmedian(known_lat))), 1.0]) * METRES_PER_DEGREE
    tree = KDTree(np.column_stack([known_lon[known], known_lat[known]]) * scale)
    away = {
        name: tree.query(np.column_stack(converted(lon[placed], lat[placed], name, "wgs84")) * scale)[0]
        for name in DATUMS
    }
    near = np.min([away[name] for name in DATUMS], axis=0) < FARTHEST_M
    medians = {
        name: float(np.median(distance[near])) if near.any() else float("nan") for name, distance in away.items()
    }
    best = min(DATUMS, key=lambda name: medians[name]) if near.any() else "wgs84"
    return Evidence(int(near.sum()), medians, best if _is_clear(away["wgs84"][near], away[best][near]) else None)


def is_clear_gain(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> bool:
    """Whether so many more points (n,) are held after than before that chance would do it once in a thousand times."""
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    if len(before) < FEWEST or gained < len(before) / 10:
        return False
    return bool(binomtest(gained, gained + lost, alternative="greater").pvalue < SUREST)


def _is_clear(before: Floats, after: Floats) -> bool:
    if len(before) < FEWEST or np.median(after) > CLEARLY_NEARER * np.median(before):
        return False
    nearer, farther = int((after < before).sum()), int((after > before).sum())
    if nearer + farther == 0:
        return False
    return bool(binomtest(nearer, nearer + farther, alternative="greater").pvalue < SUREST)
