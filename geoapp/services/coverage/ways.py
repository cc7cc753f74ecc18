"""How people get to facilities: over the district's roads, or in straight lines where it has none."""

from typing import Protocol

import numpy as np
import shapely

from geoapp.domain.coverage import CoverageQuestion
from geoapp.routing.nearest import Located, Measure, RoadNearest
from geoapp.routing.nearest_straight import BY_LINE, StraightNearest
from geoapp.routing.profiles import PROFILES
from geoapp.services.coverage.records import Floats, Integers, Supply
from geoapp.services.coverage.township_units import TownshipUnit
from geoapp.services.district import District
from geoapp.services.routes.travelling import LAYER, district_roads, graph_of

Ways = RoadNearest | StraightNearest

# A metre or so: what stands on a border serves both sides.
ON_BORDER_DEG = 1e-5
_BYTES_AN_ARC = 120


def ways_of(district: District, profile: str) -> Ways:
    """The nearest of something by a profile; in straight lines where there are no roads that it may use."""
    return on_roads(district, profile) or StraightNearest(PROFILES[profile])


def on_roads(district: District, profile: str) -> RoadNearest | None:
    """The nearest over the roads that a profile may use, None where there are none."""
    if not len(district.present.snapshot(LAYER)):
        return None
    seq = district.present.seqs.get(LAYER, 0)
    made: RoadNearest = district.derived.get(
        ("nearest over roads", seq, profile),
        lambda: RoadNearest(graph_of(district, profile)),
        lambda found: _BYTES_AN_ARC * len(found.graph.tail) + 1_000,
    )
    return made if len(made.graph.tail) else None


def limit_of(ways: Ways, question: CoverageQuestion) -> tuple[float, Measure]:
    """What counts as near: seconds, or metres by line where there are no roads and the question says metres."""
    if ways.estimate and question.metres is not None:
        return float(question.metres), Measure.METRES
    return question.minutes_meant * 60.0, Measure.TIME


def by_line() -> StraightNearest:
    """What is nearest as the crow flies."""
    return StraightNearest(PROFILES["foot"], detour=BY_LINE)


def stands(ways: Ways, supply: Supply, rows: Integers | None = None) -> Located:
    """Where facilities meet the ways; rows: only those."""
    if rows is None:
        return ways.locate(supply.lon, supply.lat)
    return ways.locate(supply.lon[rows], supply.lat[rows])


class Standing(Protocol):
    """What stands somewhere, or could: facilities or candidates (k,) in degrees, with the codes of their townships."""

    @property
    def township(self) -> tuple[str, ...]: ...
    @property
    def lon(self) -> Floats: ...
    @property
    def lat(self) -> Floats: ...


def serving(unit: TownshipUnit, others: Standing) -> Integers:
    """Those (their rows) that serve a township where borders hold: its own, and those that stand on its border."""
    own = np.array([code == unit.code for code in others.township], bool)
    if unit.shape is not None and len(own):
        dots = shapely.points(others.lon, others.lat)
        own |= shapely.dwithin(shapely.boundary(unit.shape), dots, ON_BORDER_DEG)
    return np.flatnonzero(own)


def are_schematic(district: District) -> bool:
    """Whether the district's roads only show what hangs together."""
    return bool(len(district.present.snapshot(LAYER))) and district_roads(district).schematic


def nearest_by_line(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Integers:
    """For each place (n,) in degrees the index of the nearest of the others, -1 where there is none."""
    lines = by_line()
    return lines.search(lines.locate(lon, lat), lines.locate(to_lon, to_lat)).nearest
