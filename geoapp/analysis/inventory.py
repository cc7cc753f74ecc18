"""What stands in a place, added up without counting a building twice, and held against a standard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from geoapp.domain.standards import AMOUNTS, PEOPLE, Standard, Verdict

# What lies in a building that several share is theirs each; the building itself stands once.
_OF_BUILDINGS = ("floor_area_m2",)


@dataclass(frozen=True, slots=True)
class Item:
    """A facility. building: one text for all that share a building. amounts: of AMOUNTS, None where unknown."""

    id: str
    kind: str
    building: str
    amounts: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Amount:
    """One thing measured over several facilities.

    known: the sum of what is known, None where facilities stand and nothing is. best: the largest that is known.
    unknown: for how many facilities (buildings, where they share one) nobody knows it.
    """

    known: float | None
    best: float | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Facilities added up. count: those that share a building count once."""

    count: int
    amounts: Mapping[str, Amount]

    def per_people(self, measured: str, residents: float | None) -> float | None:
        """How much (facilities, or one of AMOUNTS) there is for every 10,000 residents; None where not all is known."""
        sum_known = self.count if measured == "facilities" else self.amounts[measured].known
        unknown = 0 if measured == "facilities" else self.amounts[measured].unknown
        return None if not residents or sum_known is None or unknown else PEOPLE * sum_known / residents


def buildings(shared_with: Mapping[str, str | None]) -> dict[str, str]:
    """Of every facility its building: the lowest id of all that share it, one with another.

    shared_with: by id, the id of another facility in the same building, None for one alone.
    """
    first = {id: id for id in shared_with}

    def root(id: str) -> str:
        while first[id] != id:
            id = first[id]
        return id

    for id, other in shared_with.items():
        if other in first:
            low, high = sorted((root(id), root(other)))
            first[high] = low
    return {id: root(id) for id in first}


def totals(items: Iterable[Item]) -> Totals:
    """All of these facilities together."""
    items = tuple(items)
    return Totals(len({item.building for item in items}), {name: _amount(name, items) for name in AMOUNTS})


def _amount(name: str, items: Sequence[Item]) -> Amount:
    if name in _OF_BUILDINGS:
        # Each of those that share a building may name all of it, so the largest is the building's; where one of them
        # is unknown it may be larger still.
        values, unknown = _of_buildings(name, items)
    else:
        given = [item.amounts.get(name) for item in items]
        values = [value for value in given if value is not None]
        unknown = len(given) - len(values)
    if not values:
        return Amount(None if items else 0.0, None, unknown)
    return Amount(sum(values), max(values), unknown)


def _of_buildings(name: str, items: Sequence[Item]) -> tuple[list[float], int]:
    known: dict[str, float] = {}
    unsure = set()
    for item in items:
        value = item.amounts.get(name)
        if value is None:
            unsure.add(item.building)
        else:
            known[item.building] = max(value, known.get(item.building, 0.0))
    return list(known.values()), len(unsure)


def judged(standard: Standard, there: Totals, residents: float | None) -> Verdict:
    """What a standard says of a place with these facilities (of its kinds) and so many residents, None for unknown.

    An amount is asked of one facility: the place meets it with its best one. A further facility never makes a verdict
    worse; what is not known is never taken for nothing.
    """
    if not there.count:
        return Verdict.MISSING
    if standard.measured == "facilities":
        have, open_end = float(there.count), False
    else:
        amount = there.amounts[standard.measured]
        have = (amount.known if standard.per_people else amount.best) or 0.0
        open_end = amount.unknown > 0
    if standard.per_people:
        if not residents:
            return Verdict.UNKNOWN
        have = PEOPLE * have / residents
    if have >= standard.number:
        return Verdict.MEETS
    return Verdict.UNKNOWN if open_end else Verdict.SHORT


def value_of(standard: Standard, there: Totals, residents: float | None) -> float | None:
    """What a place has, in the standard's unit; None where that is not known."""
    if standard.per_people:
        return there.per_people(standard.measured, residents)
    return float(there.count) if standard.measured == "facilities" else there.amounts[standard.measured].best


def shortfall(verdict: Verdict) -> float | None:
    """How far below a standard a place is: 1 where nothing is there, half for what falls short, None for unknown."""
    return {Verdict.MISSING: 1.0, Verdict.SHORT: 0.5, Verdict.MEETS: 0.0}.get(verdict)


def mean_known(parts: Iterable[float | None]) -> float | None:
    """The mean of what is known; None where nothing is."""
    known = [part for part in parts if part is not None]
    return sum(known) / len(known) if known else None


def furthest_first(share: float | None) -> float:
    """A key that puts the place furthest below its standards first, and those of which nothing is known last."""
    return inf if share is None else -share
