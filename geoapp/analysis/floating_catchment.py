"""How much of what facilities offer is left for each person, where those within reach compete for it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Weights of the first, second and last third of the way (Luo and Qi 2009, the slowly falling set).
THIRDS = (1.0, 0.68, 0.22)


@dataclass(frozen=True, slots=True)
class Competition:
    """What n places have of k facilities.

    access (n,): capacity per person, 0 where nothing is within reach, NaN where the place's people are unknown.
    ratio (k,): capacity per person who competes for it; NaN where the capacity is unknown or nobody is within reach.
    competing (k,): people within reach, weighted.
    """

    access: Floats
    ratio: Floats
    competing: Floats


def equal_weights(times: Floats, threshold: float) -> Floats:
    """1 for what is within the threshold, 0 beyond: the catchments of 2SFCA (Luo and Wang 2003).

    times (n, k): in any unit, inf or NaN where there is no way; threshold: in the same unit.
    """
    return (times <= threshold).astype(np.float64)


def step_weights(times: Floats, steps: Mapping[float, float]) -> Floats:
    """The weight of the first bound that a time keeps within, 0 beyond all: those of E2SFCA (Luo and Qi 2009).

    times (n, k): as above; steps: weights by their upper bounds.
    """
    bounds = np.array(sorted(steps), dtype=np.float64)
    weights = np.array([*(steps[bound] for bound in sorted(steps)), 0.0])
    step = np.searchsorted(bounds, times, side="left")
    step[np.isnan(times)] = len(bounds)
    return weights[step]


def third_weights(times: Floats, threshold: float) -> Floats:
    """The steps of Luo and Qi at thirds of a threshold."""
    return step_weights(times, {threshold * part / 3: weight for part, weight in zip((1, 2, 3), THIRDS, strict=True)})


def gaussian_weights(times: Floats, threshold: float, sigma: float) -> Floats:
    """exp(-t² / 2 sigma²) within the threshold, 0 beyond; all in one unit."""
    with np.errstate(invalid="ignore"):
        return np.where(times <= threshold, np.exp(-np.square(times) / (2 * sigma**2)), 0.0)


def competition(capacity: Floats, people: Floats, weights: Floats) -> Competition:
    """The two steps: each facility's capacity by the people it serves, then the sum of these for each place.

    capacity (k,), people (n,): NaN where unknown; these neither offer nor compete. weights (n, k): by one of the
    functions above. Access summed over people is the capacity of the facilities that anybody reaches.
    Luo and Wang, Environment and Planning B 30 (2003) 865-884; Luo and Qi, Health & Place 15 (2009) 1100-1107.
    """
    competing = np.nan_to_num(people) @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(competing > 0, capacity / competing, np.nan)
    access = weights @ np.nan_to_num(ratio)
    return Competition(np.where(np.isnan(people), np.nan, access), ratio, competing)
