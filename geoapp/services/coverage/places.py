"""How many places there are for how many people: what facilities offer, shared by all within their reach."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from geoapp.analysis.distance import distance_m
from geoapp.analysis.floating_catchment import (
    Competition,
    competition,
    equal_weights,
    gaussian_weights,
    third_weights,
)
from geoapp.analysis.inventory import buildings
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.services.coverage.demand import demand_of
from geoapp.services.coverage.matrices import Costs, costs_to
from geoapp.services.coverage.records import Demand, Floats, Integers, Supply
from geoapp.services.coverage.supply import supply_of
from geoapp.services.district import District

# What a facility offers: itself, or one of these fields.
CAPACITIES = {"facilities": None, "floor_area": "floor_area_m2", "seats": "seats", "books": "books"}
# What a building that several share offers once.
_OF_BUILDINGS = ("facilities", "floor_area")
SAME_BUILDING_M = 100.0
# How the way counts: alike within the limit (2SFCA), less in each third of it (E2SFCA), or by Gauss's curve, which has
# fallen to 1 % at the limit (Dai 2010).
WEIGHTINGS: dict[str, Callable[[Floats, float], Floats]] = {
    "equal": equal_weights,
    "thirds": third_weights,
    "gaussian": lambda costs, limit: gaussian_weights(costs, limit, limit / float(np.sqrt(2 * np.log(100)))),
}


@dataclass(frozen=True, slots=True)
class TownshipAccess:
    """What a resident of a township has on average. people: counted ones; per_person None where there are none."""

    code: str
    people: float
    per_person: float | None
    without: float


@dataclass(frozen=True, slots=True)
class Load:
    """A facility and those who share it.

    index: in the supply. people: known ones, weighted by the way; per_person None where that is nobody. unknown: places
    that have it near, of which nobody knows how many live there.
    """

    index: int
    capacity: float
    people: float
    per_person: float | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Access:
    """Access to places: floor area, seats, books or facilities for each resident.

    offered: of all facilities whose capacity is known; used: of those that anybody reaches, which is access summed over
    people. unit: people, or places with equal weights. people: those of whom it is known what they have; without: those
    of them who reach nothing. townships: those that the question reports, least access first; everybody competes.
    loads: the fullest facilities first; one for those that share a building, where what is shared is the building's.
    """

    demand: Demand
    supply: Supply
    capacity: str
    weighting: str
    competition: Competition
    estimate: bool
    unit: str
    people: float
    offered: float
    used: float
    without: float
    townships: tuple[TownshipAccess, ...]
    loads: tuple[Load, ...]
    notes: tuple[Sentence, ...]


def access(
    district: District, question: CoverageQuestion, scope: Scope, *, capacity: str = "facilities",
    weighting: str = "equal",
) -> Access:  # fmt: skip
    """What is left for each person within the question's limit; raises BadInput for a capacity or weighting unknown."""
    if capacity not in CAPACITIES or weighting not in WEIGHTINGS:
        name, value, known = ("capacity", capacity, CAPACITIES) if capacity not in CAPACITIES else (
            "weighting", weighting, WEIGHTINGS)  # fmt: skip
        raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=value, known=", ".join(known))
    # People of other townships compete, too, whichever are reported.
    demand, supply = demand_of(district, replace(question, township=())), supply_of(district, question, scope)
    costs = costs_to(district, question, demand, supply, at_home=True)
    together = _shared_buildings(supply, capacity)
    capacities = _capacities(supply, capacity, together)
    weights = WEIGHTINGS[weighting](costs.cost, costs.limit)
    shared = _where_known(competition(capacities, demand.people, weights), capacities, weights)
    within = {row for rows in together for row in rows[1:]}
    told = _told(demand, supply, (capacities, shared, weights, within), (capacity, weighting), costs)
    chosen = question.township
    return replace(told, townships=tuple(one for one in told.townships if not chosen or one.code in chosen))


def _capacities(supply: Supply, capacity: str, together: Iterable[list[int]]) -> Floats:
    """What each offers, NaN where unknown: a building that several share stands once, with the first of them.

    together: the rows of facilities that share a building.
    As in the inventory its floor area is the largest that any of them names; seats and books are theirs each.
    """
    field = CAPACITIES[capacity]
    values = [1.0 if field is None else record.get(field) for record in supply.records]
    own = np.array([np.nan if value is None else float(value) for value in values], dtype=float)
    for rows in together:
        own[rows[0]] = np.fmax.reduce(own[rows])
        own[rows[1:]] = np.nan if np.isnan(own[rows[0]]) else 0.0
    return own


def _shared_buildings(supply: Supply, capacity: str) -> list[list[int]]:
    """The rows of facilities that share a building, for each building that several share and that offers this once.

    What is said to share one and stands elsewhere is by itself.
    """
    if capacity not in _OF_BUILDINGS:
        return []
    records = zip(supply.ids, supply.records, strict=True)
    house = buildings({id: record.get("shared_with") for id, record in records})
    found: dict[str, list[list[int]]] = {}
    for row, id in enumerate(supply.ids):
        there = found.setdefault(house[id], [])
        # One that is said to be of the building and stands elsewhere does not keep the others apart.
        near = next((rows for rows in there if _apart_m(supply, row, rows[0]) <= SAME_BUILDING_M), None)
        if near is None:
            there.append([row])
        else:
            near.append(row)
    return [rows for there in found.values() for rows in there if len(rows) > 1]


def _apart_m(supply: Supply, row: int, other: int) -> float:
    return distance_m(supply.lon[row], supply.lat[row], supply.lon[other], supply.lat[other])


def _where_known(shared: Competition, capacities: Floats, weights: Floats) -> Competition:
    """Access that is unknown for places that reach some facilities, and none of which is known what it offers."""
    known = ~np.isnan(capacities)
    within = weights > 0
    dark = within.any(axis=1) & ~within[:, known].any(axis=1)
    return replace(shared, access=np.where(dark, np.nan, shared.access))


def _told(
    demand: Demand, supply: Supply, found: tuple[Floats, Competition, Floats, set[int]], names: tuple[str, str],
    costs: Costs,
) -> Access:  # fmt: skip
    """The account of what was found: capacities, competition, weights of the ways, rows that stand with another one."""
    capacities, shared, weights, within = found
    known = ~np.isnan(shared.access)
    return Access(
        demand=demand,
        supply=supply,
        capacity=names[0],
        weighting=names[1],
        competition=shared,
        estimate=costs.estimate,
        unit="places" if demand.weighting == "equal" else "people",
        people=float(demand.people[known].sum()),
        offered=float(np.nansum(capacities)),
        used=float(np.nansum(capacities[shared.competing > 0])),
        without=float(demand.people[known & (shared.access <= 0)].sum()),
        townships=_by_township(demand, shared),
        loads=_loads(capacities, shared, (weights[np.isnan(demand.people)] > 0).sum(axis=0), within),
        notes=(*demand.notes, *supply.notes, *_unknown(demand, supply, (capacities, shared))),
    )


def _by_township(demand: Demand, shared: Competition) -> tuple[TownshipAccess, ...]:
    """Least access first, townships of unknown people last."""
    codes = np.array(demand.township, dtype=object)
    found = []
    for code in sorted(set(demand.township)):
        here = (codes == code) & ~np.isnan(shared.access)
        people, has = demand.people[here], shared.access[here]
        whole = float(people.sum())
        mean = float(people @ has) / whole if whole > 0 else None
        found.append(TownshipAccess(code, whole, mean, float(people[has <= 0].sum())))
    return tuple(sorted(found, key=lambda one: (one.per_person is None, one.per_person or 0.0, one.code)))


def _loads(capacities: Floats, shared: Competition, unknown: Integers, within: set[int]) -> tuple[Load, ...]:
    columns = (capacities.tolist(), shared.competing.tolist(), shared.ratio.tolist(), unknown.tolist())
    loads = [
        Load(index, capacity, people, None if np.isnan(ratio) else ratio, places)
        for index, (capacity, people, ratio, places) in enumerate(zip(*columns, strict=True))
        if not np.isnan(capacity) and index not in within
    ]
    return tuple(sorted(loads, key=lambda one: (one.per_person is None, one.per_person or 0.0)))


def _unknown(demand: Demand, supply: Supply, found: tuple[Floats, Competition]) -> Iterable[Sentence]:
    """What was left out because nobody knows."""
    capacities, shared = found
    lacking, nobody = int(np.isnan(capacities).sum()), int(np.isnan(demand.people).sum())
    deserted = int(((shared.competing <= 0) & (capacities > 0)).sum())
    if not len(supply) and supply.without_place:
        yield Sentence("No facility of this choice has a place on the map: nobody knows who shares it.")
    elif not len(supply):
        yield Sentence("No facility of this choice stands anywhere: there is nothing to share.")
    if lacking:
        yield Sentence("Facilities of which nobody knows how much they offer are left out: {missing} of {count}.",
                       missing=lacking, count=len(supply))  # fmt: skip
    if nobody:
        yield Sentence("Places of which nobody knows how many people live there are left out, so that those who share "
                       "with them seem to have more: {missing} of {count}.", missing=nobody,
                       count=len(demand))  # fmt: skip
    dark = int((np.isnan(shared.access) & ~np.isnan(demand.people)).sum())
    if dark:
        yield Sentence("Places that reach only facilities of which nobody knows how much they offer are left out: "
                       "{missing} of {count}.", missing=dark, count=len(demand))  # fmt: skip
    if deserted:
        yield Sentence("Facilities with nobody within reach of whom we know, whose places go to nobody: {count}.",
                       count=deserted)  # fmt: skip
