"""What a proposal of places for the next facilities says, and the reckoning behind its parts."""

from dataclasses import dataclass

import numpy as np

from geoapp.domain.sentences import Sentence
from geoapp.domain.siting import SitingQuestion
from geoapp.services.coverage.candidates import Candidates
from geoapp.services.coverage.records import Demand, Flags, Floats, Integers, Supply

# In these goals a step of the curve is people who come near, in the others minutes saved on average.
COUNTS_PEOPLE = ("cover", "everyone")


@dataclass(frozen=True, slots=True)
class Gain:
    """A place whose way a proposal shortens. place: index in the demand; people None where unknown.

    before_s: to what stands already, None where nothing is reached; after_s: to the proposed place.
    """

    place: int
    name: str
    township: str
    lon: float
    lat: float
    people: float | None
    before_s: float | None
    after_s: float
    newly_near: bool


@dataclass(frozen=True, slots=True)
class ProposedPlace:
    """One proposed place, in the order in which they help most.

    gain: what this one adds when those before it stand (people near, or minutes on average; None where there was
    nothing to compare with). total: what holds when it stands too. newly_near: people (places with equal weights) whom
    it brings near. gains: places for which it becomes the nearest, those with most people newly near first.
    """

    rank: int
    candidate: int
    id: str
    name: str
    township: str
    lon: float
    lat: float
    gain: float | None
    total: float
    newly_near: float
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True)
class TownshipGain:
    """People (places with equal weights) near before and after, of how many, those without any way among them.

    mean minutes: of those who have a way, None where nobody has.
    """

    code: str
    whole: float
    near_before: float
    near_after: float
    mean_before_min: float | None
    mean_after_min: float | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the next facilities should stand, how sure that is, and who gains.

    unit: people, or places with equal weights. whole: all of them that the model counts. before: what holds now, value:
    with the proposal, bound: what no choice can better, all in the unit of the goal (people near; minutes on average;
    number of facilities; minutes of the longest way), None where nothing was computed. gap: between value and bound, as
    a share of the value. proven: whether no choice is better. method, seconds: how it was found. notes: what has to be
    said wherever it is shown. refusal: why there is no proposal, None where there is one.
    """

    wanted: SitingQuestion
    demand: Demand
    supply: Supply
    candidates: Candidates
    unit: str
    whole: float
    before: float | None
    value: float | None
    bound: float | None
    gap: float | None
    proven: bool
    method: str
    seconds: float
    places: tuple[ProposedPlace, ...]
    townships: tuple[TownshipGain, ...]
    estimate: bool
    notes: tuple[Sentence, ...]
    refusal: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """The arrays of one question: n places that count, m candidates.

    place (n,): indices in the demand; weights (n,): people. base_s (n,): seconds to what stands already, inf for no
    way; base_near (n,). seconds (n, m), near (n, m): the same to each candidate. no_way_s: what counts where there is
    no way: twice the longest, so that reaching somebody is always worth most.
    """

    place: Integers
    weights: Floats
    base_s: Floats
    base_near: Flags
    seconds: Floats
    near: Flags
    no_way_s: float

    @property
    def stands(self) -> bool:
        """Whether anything stands yet that anybody reaches."""
        return bool(np.isfinite(self.base_s).any())


def situation(place: Integers, weights: Floats, base: tuple[Floats, Flags], others: tuple[Floats, Flags]) -> Situation:
    """The arrays of a question; base: seconds and near to what stands, others: to each candidate."""
    longest = max(float(np.max(one, where=np.isfinite(one), initial=3_600.0)) for one in (base[0], others[0]))
    return Situation(place, weights, *base, *others, no_way_s=2.0 * longest)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the marginal curve."""

    candidate: int
    gain: float | None
    total: float


def curve(known: Situation, chosen: list[int], goal: str) -> list[Step]:
    """The chosen candidates in the order in which each adds most to those before it; the gains never rise."""
    return _by_people(known, chosen) if goal in COUNTS_PEOPLE else _by_minutes(known, chosen)


def _by_people(known: Situation, chosen: list[int]) -> list[Step]:
    far = np.flatnonzero(~known.base_near & known.near[:, chosen].any(axis=1))
    weights, near = known.weights[far], known.near[:, chosen][far].astype(np.float64)
    total = float(known.weights @ known.base_near)
    left, steps = np.ones(len(chosen), np.bool_), list[Step]()
    for _ in chosen:
        gains = np.where(left, weights @ near, -1.0)
        best = int(np.argmax(gains))
        left[best] = False
        total += float(gains[best])
        steps.append(Step(chosen[best], float(gains[best]), total))
        rest = near[:, best] == 0
        weights, near = weights[rest], near[rest]
    return steps


def _by_minutes(known: Situation, chosen: list[int]) -> list[Step]:
    ways, left, steps = _counted(known.base_s, known), list(chosen), list[Step]()
    while left:
        means = [mean_min(known, np.minimum(ways, known.seconds[:, one])) for one in left]
        at = int(np.argmin(means))
        gain = mean_min(known, ways) - means[at] if known.stands or steps else None
        best = left.pop(at)
        ways = np.minimum(ways, known.seconds[:, best])
        steps.append(Step(best, gain, means[at]))
    return steps


def mean_min(known: Situation, ways_s: Floats) -> float:
    """Minutes of the way on average over people; no way counts as `no_way_s`."""
    whole = float(known.weights.sum())
    return float(known.weights @ _counted(ways_s, known)) / whole / 60 if whole > 0 else 0.0


def _counted(ways_s: Floats, known: Situation) -> Floats:
    return np.where(np.isfinite(ways_s), ways_s, known.no_way_s)


def served_by(known: Situation, chosen: list[int]) -> tuple[Integers, Floats]:
    """Which of the chosen each place goes to (its index in them, -1 for what stands already), and its seconds."""
    if not chosen:
        return np.full(len(known.place), -1), known.base_s
    ways = known.seconds[:, chosen]
    best = np.argmin(ways, axis=1)
    shortest = ways[np.arange(len(best)), best]
    shorter = shortest < known.base_s - 1.0
    return np.where(shorter, best, -1), np.where(shorter, shortest, known.base_s)


def township_gains(known: Situation, demand: Demand, chosen: list[int]) -> tuple[TownshipGain, ...]:
    """The townships whose people gain, those with most people newly near first."""
    near = known.base_near | known.near[:, chosen].any(axis=1)
    _, ways = served_by(known, chosen)
    every = np.array(demand.township, str)
    codes = every[known.place]
    found = []
    for code in sorted(set(codes.tolist())):
        here = codes == code
        if np.array_equal(ways[here], known.base_s[here]) and np.array_equal(near[here], known.base_near[here]):
            continue
        weights = known.weights[here]
        found.append(
            TownshipGain(
                code,
                float(np.nansum(demand.people[every == code])),
                float(weights @ known.base_near[here]),
                float(weights @ near[here]),
                _mean(known.base_s[here], weights),
                _mean(ways[here], weights),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.near_before - one.near_after, one.code)))


def _mean(ways_s: Floats, weights: Floats) -> float | None:
    """Of those who have a way."""
    have = np.isfinite(ways_s) & (weights > 0)
    return float(np.average(ways_s[have], weights=weights[have])) / 60 if have.any() else None
