"""A reach in figures: groups of places, the two norms, the curve of minutes, who is nearest to whom."""

from dataclasses import dataclass

import numpy as np

from geoapp.analysis.weighted import mean, mean_of_worst, quantile, share
from geoapp.services.coverage.demand import EQUAL
from geoapp.services.coverage.records import Demand, Flags, Floats, Integers, Reach, State, Summary

MEDIAN, MOST = 0.5, 0.9
CURVE_STEPS = 60


@dataclass(frozen=True, slots=True)
class NormKept:
    """How many places of one kind keep the norm of their kind.

    places, kept: numbers of listed places; people, people_kept: those known to live there, None where nobody knows of
    any.
    """

    places: int
    kept: int
    people: float | None
    people_kept: float | None

    @property
    def share(self) -> float | None:
        """Of places, in 0..1; None without any."""
        return self.kept / self.places if self.places else None

    @property
    def people_share(self) -> float | None:
        """Of people known to live there, in 0..1; None where that is nobody."""
        return self.people_kept / self.people if self.people and self.people_kept is not None else None


@dataclass(frozen=True, slots=True)
class Curve:
    """How many have a facility within so many minutes: shares (m,) in 0..1 at minutes (m,), both rising.

    of_people: whether shares are of people known; else of places.
    """

    minutes: Floats
    shares: Floats
    of_people: bool


@dataclass(frozen=True, slots=True)
class Served:
    """For whom a facility is the nearest. people: None where unknown for all of these places; unknown: for how many."""

    places: int
    people: float | None
    unknown: int = 0


def summary(
    demand: Demand, rows: Flags, ways: tuple[Floats, Integers], flags: tuple[Flags, Flags, Flags],
    area: tuple[float | None, float | None],
) -> Summary:  # fmt: skip
    """The places (n,) that are meant. ways: seconds and state; flags: near, norm, listed; all (n,). area: share, km2.

    Minutes are weighted with people where any are known, else every place counts the same; see analysis.weighted for
    what a quantile is. Shares of places are among listed ones: villages, cells or points, not what takes residents
    beside them.
    """
    seconds, state = ways
    people = demand.people[rows]
    known = np.full(len(people), np.nan) if demand.weighting == EQUAL else people
    any_known = bool(np.isfinite(known).any())
    near, norm, are_listed = (each[rows] for each in flags)
    listed = are_listed.astype(float)
    minutes = seconds[rows] / 60
    weights = known if any_known else np.ones(len(people))
    worst = np.where(rows, np.nan_to_num(seconds, nan=-1.0), -1.0)
    reached = bool((worst >= 0).any())
    return Summary(
        places=int(listed.sum()),
        people=float(np.nansum(known)) if any_known else None,
        unknown_people=int(np.isnan(known).sum()),
        near_places=share(near, listed),
        near_people=share(near, known),
        near_area=area[0],
        norm_places=share(norm, listed),
        norm_people=share(norm, known),
        median_min=quantile(minutes, weights, MEDIAN),
        mean_min=mean(minutes, weights),
        p90_min=quantile(minutes, weights, MOST),
        worst_min=float(worst.max()) / 60 if reached else None,
        worst_place=int(np.argmax(worst)) if reached else -1,
        fifth_min=mean_of_worst(minutes, weights),
        too_far=int((state[rows] == State.TOO_FAR_FROM_A_ROAD).sum()),
        no_way=int((state[rows] == State.NO_WAY).sum()),
        area_km2=area[1],
    )


def two_norms(reach: Reach) -> tuple[NormKept, NormKept]:
    """The norm of built-up places, and that of villages."""
    built_up = reach.demand.built_up
    return _kept(reach, built_up), _kept(reach, ~built_up)


def counts_people(reach: Reach) -> bool:
    """Whether weights are people, not places that all count the same."""
    return reach.demand.weighting != EQUAL and bool(np.isfinite(reach.demand.people).any())


def minutes_curve(reach: Reach) -> Curve | None:
    """Shares by minutes up to where nine in ten of those who reach one have arrived; None where nobody reaches any.

    Everybody known counts below the line, those too who reach none: then the curve ends below 1.
    """
    of_people = counts_people(reach)
    weights = np.nan_to_num(reach.demand.people) if of_people else np.ones(len(reach.demand))
    arrived = np.isfinite(reach.seconds) & (weights > 0)
    if not arrived.any():
        return None
    way_min = np.sort(reach.seconds[arrived]) / 60
    summed = np.cumsum(weights[arrived][np.argsort(reach.seconds[arrived], kind="stable")])
    limit_min = (reach.limit_s or 0.0) / 60
    last = max(2 * limit_min, float(way_min[np.searchsorted(summed, MOST * summed[-1])]), 5.0)
    minutes = np.linspace(0.0, last, CURVE_STEPS + 1)
    at = np.searchsorted(way_min, minutes, side="right")
    # Added up in one order, so that all are all and nothing is more.
    whole = float(np.cumsum(np.append(summed[-1], weights[~arrived]))[-1])
    shares = np.concatenate([[0.0], summed])[at] / whole
    return Curve(minutes, shares, of_people)


def served_by(reach: Reach) -> tuple[Served, ...]:
    """For each facility, for whom it is the nearest."""
    went = reach.nearest >= 0
    nearest, people = reach.nearest[went], reach.demand.people[went]
    known, many = np.isfinite(people) & counts_people(reach), len(reach.supply)
    places = np.bincount(nearest, minlength=many)
    counted = np.bincount(nearest[known], minlength=many)
    summed = np.bincount(nearest[known], weights=people[known], minlength=many)
    rows = zip(places.tolist(), counted.tolist(), summed.tolist(), strict=True)
    return tuple(Served(number, total if of_them else None, number - of_them) for number, of_them, total in rows)


def farthest_first(reach: Reach) -> list[int]:
    """Indices of the demand places: those without a way first, then the longest ways; too far from a road come last."""
    longest = np.where(np.isfinite(reach.seconds), -reach.seconds, -np.inf)
    longest[reach.state == State.TOO_FAR_FROM_A_ROAD] = np.inf
    return [int(place) for place in np.argsort(longest, kind="stable")]


def in_state(reach: Reach, state: State) -> list[int]:
    """Indices of the demand places in a state."""
    return [int(place) for place in np.flatnonzero(reach.state == state)]


def _kept(reach: Reach, chosen: Flags) -> NormKept:
    people, kept = reach.demand.people, chosen & reach.norm
    known = counts_people(reach) and bool(np.isfinite(people[chosen]).any())
    return NormKept(
        places=int((chosen & reach.demand.listed).sum()),
        kept=int((kept & reach.demand.listed).sum()),
        people=float(np.nansum(people[chosen])) if known else None,
        people_kept=float(np.nansum(people[kept])) if known else None,
    )
