"""Figures that pages, sheets and files tell of a reach: the two norms, the curve of minutes, who is nearest to whom."""

from dataclasses import dataclass

import numpy as np

from geoapp.services.coverage.records import Flags, Floats, Reach, State

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
    """For whom a facility is the nearest. people: None where unknown for all of these places."""

    places: int
    people: float | None


def two_norms(reach: Reach) -> tuple[NormKept, NormKept]:
    """The norm of built-up places, and that of villages."""
    built_up = reach.demand.built_up
    return _kept(reach, built_up), _kept(reach, ~built_up)


def counts_people(reach: Reach) -> bool:
    """Whether weights are people, not places that all count the same."""
    return reach.demand.weighting != "equal" and bool(np.isfinite(reach.demand.people).any())


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
    last = max(2 * limit_min, float(way_min[np.searchsorted(summed, 0.9 * summed[-1])]), 5.0)
    minutes = np.linspace(0.0, last, CURVE_STEPS + 1)
    at = np.searchsorted(way_min, minutes, side="right")
    shares = np.concatenate([[0.0], summed])[at] / weights.sum()
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
    return tuple(Served(number, total if of_them else None) for number, of_them, total in rows)


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
