"""What townships can be shaded by, of all that coverage says of them."""

from collections import Counter
from collections.abc import Callable

from geoapp.analysis.classes import class_bounds
from geoapp.analysis.inventory import buildings
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import UnknownParameter
from geoapp.domain.selection import Scope
from geoapp.services.coverage.places import Access, access
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach, Summary, Supply
from geoapp.services.coverage.township_units import township_units
from geoapp.services.district import District
from geoapp.services.measures import Shading, Values

PEOPLE = 10_000

_OF_SUMMARY: dict[str, tuple[str, Callable[[Summary], float | None]]] = {
    "near_people": ("share", lambda one: one.near_people),
    "near_places": ("share", lambda one: one.near_places),
    "near_area": ("share", lambda one: one.near_area),
    "norm_people": ("share", lambda one: one.norm_people),
    "norm_places": ("share", lambda one: one.norm_places),
    "median_min": ("minutes", lambda one: one.median_min),
    "mean_min": ("minutes", lambda one: one.mean_min),
    "p90_min": ("minutes", lambda one: one.p90_min),
    "worst_min": ("minutes", lambda one: one.worst_min),
    "fifth_min": ("minutes", lambda one: one.fifth_min),
}
MEASURES = (*_OF_SUMMARY, "facilities", f"per_{PEOPLE}", "access")


def coverage_shading(
    district: District, measure: str, question: CoverageQuestion, scope: Scope, *, capacity: str = "facilities",
    weighting: str = "equal",
) -> Shading:  # fmt: skip
    """A measure of every township that the question reports, and classes for it.

    kind: share (0..1), minutes, count, or rate (facilities among 10,000 residents; access: what they share within their
    reach). capacity, weighting: of access what is shared, and how the way to it counts, as places.access has them.
    Raises UnknownParameter for a measure that is none, what places.access does for access.
    """
    if measure not in MEASURES:
        raise UnknownParameter(
            "{name}={value!r} is not one of {known}.", name="measure", value=measure, known=", ".join(MEASURES)
        )
    found = reach(district, question, scope)
    if measure in _OF_SUMMARY:
        kind, of = _OF_SUMMARY[measure]
        values: Values = {one.code: of(one.summary) for one in found.townships}
    elif measure == "access":
        shared = access(district, question, scope, capacity=capacity, weighting=weighting)
        kind, values = "rate", _shared(shared)
    else:
        kind, values = _counted(district, measure, found)
    values = evened(values)
    return Shading(measure, kind, class_bounds(values.values()), values)


def evened(values: Values) -> Values:
    """The same to nine digits: one sixth of some is one sixth of others, whatever it was added up from."""
    return {code: None if value is None else round(value, 9) for code, value in values.items()}


def _shared(found: Access) -> Values:
    """What each resident shares with others (2SFCA), for 10,000 of them; unknown where only places are counted."""
    known = found.unit == "people"
    return {
        one.code: one.per_person * PEOPLE if known and one.per_person is not None else None for one in found.townships
    }


def facilities_by_township(supply: Supply) -> dict[str, int]:
    """How many facilities of a supply each township has, those without a place among them.

    As in the inventory, those that share a building are one.
    """
    records = [*supply.records, *supply.without_place]
    house = buildings({str(one["id"]): one.get("shared_with") for one in records if one})
    known = {(house[str(one["id"])], str(one.get("township") or "")) for one in records if one}
    pins = [code for code, record in zip(supply.township, supply.records, strict=True) if not record]
    return dict(Counter([*(code for _, code in known), *pins]))


def _counted(district: District, measure: str, found: Reach) -> tuple[str, Values]:
    numbers = facilities_by_township(found.supply)
    counts = {one.code: float(numbers.get(one.code, 0)) for one in found.townships}
    if measure == "facilities":
        return "count", dict(counts)
    people = {unit.code: unit.population for unit in township_units(district)}
    return "rate", {
        code: number / known * PEOPLE if (known := people[code]) else None for code, number in counts.items()
    }
