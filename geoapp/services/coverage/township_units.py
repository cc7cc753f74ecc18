"""The townships of a district as coverage counts in them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from geoapp.analysis.areas import area_km2
from geoapp.analysis.assignment import OUTSIDE, AreaIndex
from geoapp.analysis.norms import township_character
from geoapp.domain.selection import Scope
from geoapp.services.coverage.records import Floats
from geoapp.services.district import District

_BYTES_EACH = 20_000


@dataclass(frozen=True, slots=True)
class TownshipUnit:
    """One township. name_en: its English name, else the other one. population, area_km2 (published, else of an official
    boundary): None where unknown.

    drawn_km2: of the shape as it is drawn. seat: degrees, None where it is nowhere. shape: (Multi)Polygon in degrees,
    None for one without an area. character: urban, rural or mixed. overlay: whether it lies over others and covers
    nothing itself.
    """

    code: str
    name: str
    name_en: str
    population: int | None
    area_km2: float | None
    drawn_km2: float | None
    seat: tuple[float, float] | None
    shape: Any
    character: str
    overlay: bool


@dataclass(frozen=True, slots=True)
class TownshipUnits:
    """All townships in the order of their codes. covering: those with an area of their own, in which points lie."""

    units: tuple[TownshipUnit, ...]
    covering: tuple[TownshipUnit, ...]
    _index: AreaIndex

    def __iter__(self) -> Any:
        return iter(self.units)

    def of_points(self, lon: Floats, lat: Floats) -> tuple[str, ...]:
        """The code of the township that covers each point (n,) in degrees, "" where none does."""
        found = self._index.assign(lon, lat)
        return tuple("" if one == OUTSIDE else self.covering[one].code for one in found.tolist())

    def by_code(self) -> dict[str, TownshipUnit]:
        """All of them by their codes."""
        return {unit.code: unit for unit in self.units}


def township_units(district: District) -> TownshipUnits:
    """The district's townships."""
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in ("townships", "villages"))
    made: TownshipUnits = district.derived.get(
        ("coverage townships", seqs), lambda: _made(district), lambda found: _BYTES_EACH * (len(found.units) + 1)
    )
    return made


def _made(district: District) -> TownshipUnits:
    snapshot = district.present.snapshot("townships")
    rows = snapshot.alive()
    records = [orjson.loads(text)["properties"] for text in snapshot.encoded(rows, Scope.FULL)]
    shapes, listed = snapshot.geometries(rows), _listed(district)
    areas = area_km2(np.array([*shapes, None], dtype=object))[:-1]
    units = sorted(
        (_unit(record, shape, area, listed) for record, shape, area in zip(records, shapes, areas, strict=True)),
        key=lambda unit: unit.code,
    )
    covering = tuple(unit for unit in units if unit.shape is not None and not unit.overlay)
    index = AreaIndex(np.array([*(unit.shape for unit in covering), None], dtype=object))
    return TownshipUnits(tuple(units), covering, index)


def _unit(record: dict[str, Any], shape: Any, area: float, listed: dict[str, dict[str, int]]) -> TownshipUnit:
    code = str(record["code"])
    shape = None if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon") else shape
    known = listed.get(code, {})
    drawn = None if shape is None or np.isnan(area) else float(area)
    return TownshipUnit(
        code=code,
        name=str(record.get("name") or code),
        name_en=str(record.get("name_en") or record.get("name") or code),
        population=record.get("population"),
        area_km2=record.get("area_km2") or (None if record.get("schematic") else drawn),
        drawn_km2=drawn,
        seat=_seat(record, shape),
        shape=shape,
        character=township_character(record.get("kind"), _either(record.get("villages"), known.get("village")),
                                     _either(record.get("communities"), known.get("community"))),
        overlay=bool(record.get("overlay")),
    )  # fmt: skip


def _either(published: int | None, listed: int | None) -> int | None:
    return listed if published is None else published


def _seat(record: dict[str, Any], shape: Any) -> tuple[float, float] | None:
    if record.get("seat_lon") is not None and record.get("seat_lat") is not None:
        return float(record["seat_lon"]), float(record["seat_lat"])
    if shape is None:
        return None
    point = shape.representative_point()
    return float(point.x), float(point.y)


def _listed(district: District) -> dict[str, dict[str, int]]:
    """How many villages and communities the layer of villages has of each township."""
    snapshot = district.present.snapshot("villages")
    rows = snapshot.alive()
    found: dict[str, dict[str, int]] = {}
    for township, kind in zip(snapshot.texts("township", rows), snapshot.texts("kind", rows), strict=True):
        if township and kind:
            counts = found.setdefault(township, {})
            counts[kind] = counts.get(kind, 0) + 1
    return found
