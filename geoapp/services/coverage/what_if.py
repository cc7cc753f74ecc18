"""What a supposed facility, or the closing of one, would change for whom."""

from dataclasses import dataclass, replace

import numpy as np

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage.reach_figures import counts_people
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Flags, Floats, Reach, Summary
from geoapp.services.district import District

# Ways that differ by less are the same way: whole seconds are rounded.
SAME_S = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """A place whose way changes. place: index in the demand; people None where unknown.

    before_s, after_s: to the nearest facility, None where there is no way. newly_near, no_longer_near: by the
    question's limit.
    """

    place: int
    name: str
    township: str
    people: float | None
    before_s: float | None
    after_s: float | None
    newly_near: bool
    no_longer_near: bool


@dataclass(frozen=True, slots=True)
class TownshipChange:
    """A township's summaries before and after."""

    code: str
    before: Summary
    after: Summary


@dataclass(frozen=True, slots=True)
class Differences:
    """A question against the same without what is supposed in it.

    gains, losses: places whose way becomes shorter or longer, those with most minutes times people first. newly_near,
    no_longer_near: people (listed places where nobody knows of any) on each side of the limit. townships: those that
    change.
    """

    before: Reach
    after: Reach
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]
    newly_near: float
    no_longer_near: float
    townships: tuple[TownshipChange, ...]


def as_it_is(question: CoverageQuestion) -> CoverageQuestion:
    """The same question without what is only supposed."""
    return replace(question, pin=(), closed=())


def compare(district: District, question: CoverageQuestion, scope: Scope) -> Differences:
    """What the pins and closed facilities of a question change."""
    after = reach(district, question, scope)
    without = as_it_is(question)
    before = after if without == question else reach(district, without, scope)
    return differences(before, after)


def differences(before: Reach, after: Reach) -> Differences:
    """What lies between two answers over the same places."""
    gained, lost = _shorter(before.seconds, after.seconds), _shorter(after.seconds, before.seconds)
    weights = np.nan_to_num(after.demand.people) if counts_people(after) else after.demand.listed.astype(float)
    return Differences(
        before=before,
        after=after,
        gains=_changes(before, after, gained),
        losses=_changes(before, after, lost),
        newly_near=float(weights[after.near & ~before.near].sum()),
        no_longer_near=float(weights[before.near & ~after.near].sum()),
        townships=_townships(before, after),
    )


def _shorter(one: Floats, other: Floats) -> Flags:
    """Where the other way is shorter, or the only one."""
    first, second = np.nan_to_num(one, nan=np.inf), np.nan_to_num(other, nan=np.inf)
    return np.asarray(second < first - SAME_S, np.bool_)


def _changes(before: Reach, after: Reach, chosen: Flags) -> tuple[Change, ...]:
    people = after.demand.people
    # A place that had no way, or has none any more, counts as the longest change.
    apart = np.abs(after.seconds - before.seconds)
    longest = float(np.nanmax(apart, initial=0.0)) if np.any(np.isfinite(apart)) else 0.0
    worth = np.nan_to_num(apart, nan=2 * longest + 3_600.0) * np.nan_to_num(people, nan=1.0)
    at = np.flatnonzero(chosen)
    order = at[np.argsort(-worth[at], kind="stable")]
    return tuple(_change(before, after, place) for place in order.tolist())


def _change(before: Reach, after: Reach, place: int) -> Change:
    demand = after.demand
    return Change(
        place=place,
        name=demand.names[place],
        township=demand.township[place],
        people=_known(demand.people[place]),
        before_s=_known(before.seconds[place]),
        after_s=_known(after.seconds[place]),
        newly_near=bool(after.near[place] and not before.near[place]),
        no_longer_near=bool(before.near[place] and not after.near[place]),
    )


def _known(value: np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None


def _townships(before: Reach, after: Reach) -> tuple[TownshipChange, ...]:
    earlier = {one.code: one.summary for one in before.townships}
    pairs = ((one.code, earlier[one.code], one.summary) for one in after.townships if one.code in earlier)
    return tuple(TownshipChange(code, old, new) for code, old, new in pairs if old != new)
