"""What townships can be shaded by."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson

from geoapp.analysis.areas import area_km2
from geoapp.analysis.classes import class_bounds
from geoapp.domain.errors import UnknownParameter
from geoapp.domain.problem import OPEN
from geoapp.domain.selection import Due, Scope, Selection
from geoapp.services.browse import statistics
from geoapp.services.district import District

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Shading:
    """A measure of every selected township.

    values: by township code; None where the measure is unknown (never 0 for that); townships that are not selected are
    absent. breaks: upper bounds of up to five classes, lowest first. kind: count, rate or people.
    """

    measure: str
    kind: str
    breaks: list[float]
    values: Values


@dataclass(frozen=True, slots=True)
class _Township:
    code: str
    population: int | None
    area_km2: float | None


@dataclass(frozen=True, slots=True)
class _Asked:
    district: District
    selection: Selection
    scope: Scope
    townships: list[_Township]

    def count(self, layer: str, **narrower: Any) -> Values:
        """Selected features by township; 0 where there is none, since then it is known that there is none."""
        rows = statistics(self.district, layer, replace(self.selection, **narrower), self.scope, by=("township",))
        found = {row["township"]: float(row["count"]) for row in rows}
        return {township.code: found.get(township.code, 0.0) for township in self.townships}


def _problems(asked: _Asked) -> Values:
    return asked.count("problems")


def _open(asked: _Asked) -> Values:
    wanted = set(asked.selection.status or OPEN) & OPEN
    if not wanted:
        return {township.code: 0.0 for township in asked.townships}
    return asked.count("problems", status=tuple(sorted(wanted)))


def _overdue(asked: _Asked) -> Values:
    return asked.count("problems", due=Due.OVERDUE)


def _per_km2(asked: _Asked) -> Values:
    return _rate(asked.count("problems"), {place.code: place.area_km2 for place in asked.townships})


def _per_1000_residents(asked: _Asked) -> Values:
    people = {place.code: place.population and place.population / 1000 for place in asked.townships}
    return _rate(asked.count("problems"), people)


def _population(asked: _Asked) -> Values:
    return {place.code: place.population for place in asked.townships}


_MEASURES: dict[str, tuple[str, Callable[[_Asked], Values]]] = {
    "problems": ("count", _problems),
    "open": ("count", _open),
    "overdue": ("count", _overdue),
    "problems_per_km2": ("rate", _per_km2),
    "problems_per_1000_residents": ("rate", _per_1000_residents),
    "sites": ("count", lambda asked: asked.count("sites")),
    "facilities": ("count", lambda asked: asked.count("facilities")),
    "population": ("people", _population),
}


def measures() -> tuple[str, ...]:
    """The names of all measures."""
    return tuple(_MEASURES)


def shade(district: District, measure: str, selection: Selection, scope: Scope) -> Shading:
    """The measure of every selected township under this selection, and classes for it; raises UnknownParameter."""
    if measure not in _MEASURES:
        raise UnknownParameter(
            "{name}={value!r} is not one of {known}.", name="measure", value=measure, known=", ".join(_MEASURES)
        )
    kind, compute = _MEASURES[measure]
    values = compute(_Asked(district, selection, scope, _townships(district, selection)))
    return Shading(measure, kind, class_bounds(values.values()), values)


def _rate(numbers: Values, denominators: dict[str, float | None]) -> Values:
    """Numbers by their denominators; unknown where the denominator is unknown or nothing."""
    return {
        code: number / below if number is not None and (below := denominators[code]) else None
        for code, number in numbers.items()
    }


def _townships(district: District, selection: Selection) -> list[_Township]:
    """The selected townships that have an area of their own; published area before that of an official boundary."""
    snapshot = district.present.snapshot("townships")
    chosen = district.rows("townships", Selection(township=selection.township), Scope.FULL)
    records = [orjson.loads(text) for text in snapshot.encoded(chosen, Scope.FULL)]
    areas = area_km2(np.array(snapshot.geometries(chosen), dtype=object))
    return [
        _Township(
            record["properties"]["code"], record["properties"].get("population"), _area(record["properties"], area)
        )
        for record, area in zip(records, areas.tolist(), strict=True)
        if not record["properties"].get("overlay")
    ]


def _area(properties: dict[str, Any], drawn_km2: float) -> float | None:
    if properties.get("area_km2") is not None:
        return float(properties["area_km2"])
    return None if properties.get("schematic") or np.isnan(drawn_km2) else drawn_km2
