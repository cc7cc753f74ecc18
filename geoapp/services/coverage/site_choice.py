"""A goal put to the model that answers it, and its answer in the unit of the goal."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.lscp import lscp
from geoapp.analysis.siting.mclp import mclp
from geoapp.analysis.siting.p_centre import p_centre
from geoapp.analysis.siting.p_median import p_median
from geoapp.services.coverage.proposals import COUNTS_PEOPLE, Situation, mean_min

BRIEF = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Chosen candidates. value, bound: people near, minutes on average, facilities, or minutes of the longest way.

    gap: between the two as a share of the value, None where no bound is known. method, seconds: how it was found.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float | None
    gap: float | None
    proven: bool
    method: str
    seconds: float


def chosen(known: Situation, goal: str, count: int, *, seconds: float) -> Choice:
    """The candidates that serve a goal best; seconds: what the search may take."""
    found, per = _MODELS[goal](known, count, Effort(seconds=seconds))
    # A bound beside an infinite value says nothing of how much better another choice could be.
    bound = found.bound / per if np.isfinite(found.bound) and np.isfinite(found.value) else None
    gap = found.gap if np.isfinite(found.gap) and bound is not None else None
    return Choice(found.chosen, found.value / per, bound, gap, found.proven, found.method, found.seconds)


def value_before(known: Situation, goal: str) -> float | None:
    """The same number as things stand; None where nothing stands yet."""
    if goal in COUNTS_PEOPLE:
        return float(known.weights @ known.base_near)
    if not known.stands:
        return None
    if goal == "shorten":
        return mean_min(known, known.base_s)
    return float(known.base_s.max()) / 60


def _cover(known: Situation, count: int, effort: Effort) -> tuple[Siting, float]:
    return mclp(known.near, known.weights, count, covered=known.base_near, effort=effort), 1.0


def _shorten(known: Situation, count: int, effort: Effort) -> tuple[Siting, float]:
    # What counts where there is no way is ours, so that values before and after are of one kind.
    costs = np.where(np.isfinite(known.seconds), known.seconds, known.no_way_s)
    base = np.where(np.isfinite(known.base_s), known.base_s, known.no_way_s)
    found = p_median(costs, known.weights, count, existing_cost=base, effort=effort)
    return found, 60.0 * float(known.weights.sum())


def _everyone(known: Situation, count: int, effort: Effort) -> tuple[Siting, float]:
    return lscp(known.near, covered=known.base_near, effort=effort), 1.0


def _worst(known: Situation, count: int, effort: Effort) -> tuple[Siting, float]:
    # Its bisection searches a dozen times, each with the whole of the iterations.
    briefly = replace(effort, iterations=BRIEF)
    return p_centre(known.seconds, count, existing_cost=known.base_s, effort=briefly), 60.0


_MODELS: dict[str, Callable[[Situation, int, Effort], tuple[Siting, float]]] = {
    "cover": _cover,
    "shorten": _shorten,
    "everyone": _everyone,
    "worst": _worst,
}
