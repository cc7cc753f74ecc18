"""From where facilities are reached within the limit: shapes round the reached roads, circles where there are none."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely

from geoapp.analysis.areas import area_km2
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.routing.catchments import catchment, lines, reached
from geoapp.routing.nearest import Measure, RoadNearest
from geoapp.routing.network import METRES_PER_DEGREE
from geoapp.services.coverage.records import Integers, Supply
from geoapp.services.coverage.supply import PIN, supply_of
from geoapp.services.coverage.township_units import TownshipUnit, township_units
from geoapp.services.coverage.ways import Ways, by_line, limit_of, serving, stands, ways_of
from geoapp.services.district import District

# What nobody sees on the map.
FINE_M = 10.0
PLACES = 1e-6


@dataclass(frozen=True, slots=True)
class Catchment:
    """The shape in degrees, and its share of each township by code and of them all; None for one without an area."""

    shape: Any
    shares: dict[str, float | None]
    of_all: float | None


def catchments(district: District, question: CoverageQuestion, scope: Scope) -> dict[str, Any]:
    """A GeoJSON FeatureCollection: the catchment of all facilities together, and the roads that are in it.

    Properties: part (catchment or roads), limit_s or limit_m, estimate. Simplified to FINE_M.
    """
    supply, ways = supply_of(district, question, scope), ways_of(district, question.by)
    found = catchment_of(district, question, supply)
    limit, by = limit_of(ways, question)
    said = {"limit_s" if by is Measure.TIME else "limit_m": limit, "estimate": ways.estimate}
    parts = {"catchment": found.shape, "roads": _roads(ways, supply, question)}
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": orjson.loads(shapely.to_geojson(_fine(shape))),
             "properties": {"part": part, **said}}
            for part, shape in parts.items() if not shape.is_empty
        ],
    }  # fmt: skip


def catchment_of(district: District, question: CoverageQuestion, supply: Supply) -> Catchment:
    """The catchment of these facilities, and how much of the townships lies in it.

    With borders nobody goes to another township's facilities: then each township has the catchment of its own.
    """
    ways = ways_of(district, question.by)
    units = township_units(district).covering
    if question.borders:
        parts = {
            unit.code: shapely.intersection(_shape(district, ways, supply, question, unit), unit.shape)
            for unit in units
        }
        shape = shapely.union_all(list(parts.values()))
    else:
        shape = _shape(district, ways, supply, question, None)
        shapely.prepare(shape)
        parts = {unit.code: shapely.intersection(shape, unit.shape) for unit in units}
    sizes = dict(zip(parts, np.nan_to_num(area_km2([*parts.values()])).tolist(), strict=True))
    whole = {unit.code: unit.drawn_km2 for unit in units}
    shares = {code: _share(sizes[code], whole[code]) for code in parts}
    reported = [code for code in parts if not question.township or code in question.township]
    total = sum(whole[code] or 0.0 for code in reported)
    return Catchment(shape, shares, _share(sum(sizes[code] for code in reported), total))


def _share(part_km2: float, whole_km2: float | None) -> float | None:
    return min(part_km2 / whole_km2, 1.0) if whole_km2 else None


def _shape(
    district: District, ways: Ways, supply: Supply, question: CoverageQuestion, unit: TownshipUnit | None
) -> Any:
    """The catchment of the facilities that serve a township, or of all; that of the pins is joined to that of the rest.

    All together reach what each of them reaches: so a pin that is dropped costs no more than its own surroundings.
    """
    rows = np.arange(len(supply)) if unit is None else serving(unit, supply)
    pinned = np.array([supply.ids[row].startswith(PIN) for row in rows.tolist()], bool)
    parts = [_kept_shape(district, ways, supply, question, part) for part in (rows[~pinned], rows[pinned]) if len(part)]
    return shapely.union_all(parts) if len(parts) > 1 else parts[0] if parts else shapely.MultiPolygon()


def _kept_shape(
    district: District, ways: Ways, supply: Supply, question: CoverageQuestion, rows: Integers
) -> Any:  # fmt: skip
    limit, by = limit_of(ways, question)
    measured = by_line() if by is Measure.METRES else ways
    where = supply.lon[rows].tobytes(), supply.lat[rows].tobytes()
    key = ("catchment", district.present.seqs.get("roads", 0), question.by, limit, by.value, where)
    return district.derived.get(
        key,
        lambda: catchment(measured, stands(measured, supply, rows), limit, by=by),
        lambda shape: 16 * int(shapely.get_num_coordinates(shape)) + 1_000,
    )


def _roads(ways: Ways, supply: Supply, question: CoverageQuestion) -> Any:
    if not isinstance(ways, RoadNearest) or question.borders:
        return shapely.MultiLineString()
    limit, by = limit_of(ways, question)
    found = lines(ways.graph.network, reached(ways.spread(stands(ways, supply), by=by, limit=limit)))
    return shapely.line_merge(shapely.multilinestrings(found)) if len(found) else shapely.MultiLineString()


def _fine(shape: Any) -> Any:
    plain = shapely.simplify(shape, FINE_M / METRES_PER_DEGREE)
    return shapely.set_precision(plain, PLACES)
