"""Which townships do clearly better than others, and which cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from geoapp.analysis.intervals import Z95
from geoapp.domain.errors import BadInput

# A smaller sample says too little to rank a township by it.
SMALLEST_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each share counts; only their proportions matter. Raises BadInput if one is negative, or all are 0."""

    closed: float = 1.0
    in_time: float = 1.0
    in_order: float = 1.0

    def __post_init__(self) -> None:
        given = (self.closed, self.in_time, self.in_order)
        if not all(isfinite(weight) and weight >= 0 for weight in given) or not sum(given) > 0:
            raise BadInput("Weights must be numbers of 0 or more, and at least one must be more than 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is known of one township; raises ValueError if the counts contradict each other.

    due: problems due, of which `closed` passed verification, `in_time` were put right in time, and `both` did both.
    visited: sites checked, of which `in_order` were in order.
    """

    due: int
    closed: int
    in_time: int
    both: int
    visited: int
    in_order: int

    def __post_init__(self) -> None:
        possible = max(0, self.closed + self.in_time - self.due) <= self.both <= min(self.closed, self.in_time)
        if not possible or max(self.closed, self.in_time) > self.due or not 0 <= self.in_order <= self.visited:
            raise ValueError(f"The counts of a township contradict each other: {self}.")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A township's score and place.

    score: weighted mean of its shares, 0 to 1, None without anything to count. low, high: its 95 % interval. rank: 1
    and up; None where `too_small` (a sample that counts is below SMALLEST_SAMPLE).
    """

    score: float | None
    low: float | None
    high: float | None
    rank: int | None

    @property
    def too_small(self) -> bool:
        """Whether there was too little to rank it by."""
        return self.rank is None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score after one success and one failure more in each sample, and its variance."""

    mean: float
    variance: float


def rank(townships: Sequence[Sample], weights: Weights) -> list[Ranked]:
    """The place of each township, in the order given: 1 and the number of townships that do clearly better.

    One does clearly better if the 95 % interval of the difference lies above 0; so all that cannot be told from the
    best share the first place. Each comparison stands for itself: among many some differ by chance. Method: Wald's
    interval after one more success and one more failure in each sample (Agresti & Caffo 2000), in which closing and
    timeliness of the same problem hang together, while problems and sites do not.
    """
    estimates = [estimate(sample, weights) for sample in townships]
    ranked = [own for own, sample in zip(estimates, townships, strict=True) if _large_enough(sample, weights)]
    return [_ranked(sample, weights, own, ranked) for sample, own in zip(townships, estimates, strict=True)]


def clearly_better(one: Sample, other: Sample, weights: Weights) -> bool:
    """Whether the 95 % interval of one township's lead over another lies above 0."""
    return _ahead(estimate(one, weights), estimate(other, weights))


def _ahead(one: Estimate, other: Estimate) -> bool:
    return one.mean - other.mean > Z95 * sqrt(one.variance + other.variance)


def _ranked(sample: Sample, weights: Weights, own: Estimate, ranked: list[Estimate]) -> Ranked:
    score = _score(sample, weights)
    if score is None:
        return Ranked(None, None, None, None)
    reach = Z95 * sqrt(own.variance)
    low, high = max(0.0, own.mean - reach), min(1.0, own.mean + reach)
    if not _large_enough(sample, weights):
        return Ranked(score, low, high, None)
    return Ranked(score, low, high, 1 + sum(_ahead(other, own) for other in ranked))


def _large_enough(sample: Sample, weights: Weights) -> bool:
    of_problems = weights.closed + weights.in_time == 0 or sample.due >= SMALLEST_SAMPLE
    return of_problems and (weights.in_order == 0 or sample.visited >= SMALLEST_SAMPLE)


def _score(sample: Sample, weights: Weights) -> float | None:
    """The weighted mean of the shares as observed; None if one that counts has nothing to count."""
    parts = (
        (weights.closed, sample.closed, sample.due),
        (weights.in_time, sample.in_time, sample.due),
        (weights.in_order, sample.in_order, sample.visited),
    )
    counting = [(weight, k, n) for weight, k, n in parts if weight > 0]
    if any(n == 0 for _, _, n in counting):
        return None
    return sum(weight * k / n for weight, k, n in counting) / sum(weight for weight, _, _ in counting)


def estimate(sample: Sample, weights: Weights) -> Estimate:
    """What a township's score is compared by: closing and timeliness of one problem vary together, sites apart."""
    total = weights.closed + weights.in_time + weights.in_order
    closed, in_time, in_order = weights.closed / total, weights.in_time / total, weights.in_order / total
    # A success more is closed and in time, a failure more is neither.
    n = sample.due + 2
    p_closed, p_in_time, p_both = (sample.closed + 1) / n, (sample.in_time + 1) / n, (sample.both + 1) / n
    sites, p_in_order = sample.visited + 2, (sample.in_order + 1) / (sample.visited + 2)
    of_problems = (
        closed**2 * p_closed * (1 - p_closed)
        + in_time**2 * p_in_time * (1 - p_in_time)
        + 2 * closed * in_time * (p_both - p_closed * p_in_time)
    )
    of_sites = in_order**2 * p_in_order * (1 - p_in_order)
    # Rounding can leave less than nothing of two parts that cancel out.
    return Estimate(
        closed * p_closed + in_time * p_in_time + in_order * p_in_order, max(of_problems, 0.0) / n + of_sites / sites
    )
