"""How people get to facilities: over the district's roads, or in straight lines where it has none."""

from geoapp.routing.nearest import RoadNearest
from geoapp.routing.nearest_straight import BY_LINE, StraightNearest
from geoapp.routing.profiles import PROFILES
from geoapp.services.coverage.records import Floats, Integers
from geoapp.services.district import District
from geoapp.services.routes.travelling import LAYER, district_roads, graph_of

Ways = RoadNearest | StraightNearest

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


def are_schematic(district: District) -> bool:
    """Whether the district's roads only show what hangs together."""
    return bool(len(district.present.snapshot(LAYER))) and district_roads(district).schematic


def nearest_by_line(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Integers:
    """For each place (n,) in degrees the index of the nearest of the others, -1 where there is none."""
    lines = StraightNearest(PROFILES["foot"], detour=BY_LINE)
    return lines.search(lines.locate(lon, lat), lines.locate(to_lon, to_lat)).nearest
