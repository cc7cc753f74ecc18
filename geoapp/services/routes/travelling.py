"""The roads of a district as something to travel on, kept until the roads change."""

import re
from dataclasses import dataclass

import numpy as np
import orjson

from geoapp.domain.routes import PROFILES as PROFILE_NAMES
from geoapp.domain.selection import Scope
from geoapp.routing.cch import Hierarchy
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.graph import Graph, graph
from geoapp.routing.network import Network, network
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road, road_lines
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel, StraightTravel, Travel
from geoapp.services.district import District

LAYER = "roads"
# How one-ways are written: by OpenStreetMap, by what is made of it for desktop programs, and by offices.
_AHEAD = frozenset({"forward", "yes", "true", "1", "f", "ft", "是", "单行", "正向", "顺向"})
_AGAINST = frozenset({"backward", "reverse", "-1", "t", "tf", "反向", "逆向"})
_BYTES_EACH = 600


@dataclass(frozen=True, slots=True)
class Roads:
    """The roads of a district, joined. names: of each road; schematic: whether they only show what hangs together."""

    network: Network
    roads: list[Road]
    schematic: bool


def district_roads(district: District) -> Roads:
    """The layer of roads as a network."""
    snapshot = district.present.snapshot(LAYER)
    return district.derived.get(("road network", snapshot.seq), lambda: _joined(district), _size)


def travel_of(district: District | None, profile: str) -> Travel:
    """Travel by a profile over the district's roads; in straight lines where it has none, or there is no district."""
    if district is None or not len(district.present.snapshot(LAYER)):
        return StraightTravel(PROFILES[profile])
    seq = district.present.snapshot(LAYER).seq
    made: Travel = district.derived.get(("travel", seq, profile), lambda: _travel(district, profile), _travel_size)
    return made


def plain_travel(district: District | None, profile: str) -> Travel:
    """The same by Dijkstra's search: what a plan is checked with, apart from what it was made with."""
    travel = travel_of(district, profile)
    if not isinstance(travel, RoadTravel):
        return travel
    return RoadTravel(travel.graph, Dijkstra(travel.graph), Snapper(travel.graph))


def road_names(district: District) -> list[str | None]:
    """Names of the roads by their numbers, as legs name them."""
    return [road.name for road in district_roads(district).roads]


def graph_of(district: District, profile: str) -> Graph:
    """The arcs of the district's roads that a profile may use."""
    known = district_roads(district)
    return graph(known.network, known.roads, PROFILES[profile])


def _travel(district: District, profile: str) -> Travel:
    found = graph_of(district, profile)
    if not len(found.tail):
        return StraightTravel(PROFILES[profile])
    return RoadTravel(found, Hierarchy(found) if Hierarchy.installed() else Dijkstra(found), Snapper(found))


def _joined(district: District) -> Roads:
    snapshot = district.present.snapshot(LAYER)
    rows = snapshot.alive()
    rows = rows[np.argsort(snapshot.born(rows), kind="stable")]
    properties = [orjson.loads(text)["properties"] for text in snapshot.encoded(rows, Scope.FULL)]
    lines = road_lines([_road(one) for one in properties], snapshot.geometries(rows))
    return Roads(network(lines), list(lines.roads), any(one.get("schematic") for one in properties))


def _road(properties: dict[str, object]) -> Road:
    return Road(
        name=_text(properties.get("name")) if properties.get("name") != properties.get("kind") else None,
        kind=_text(properties.get("kind")) or "",
        oneway=_oneway(properties.get("oneway")),
        two_way_for=_users(properties.get("two_way_for")) or frozenset(),
        uses=_users(properties.get("uses")),
        level=int(_number(properties.get("level")) or 0),
        limit_kmh=_number(properties.get("limit_kmh")),
        height_m=_number(properties.get("height_m")),
        width_m=_number(properties.get("width_m")),
    )


def _oneway(value: object) -> str | None:
    word = str(value).strip().lower() if value is not None else ""
    return "forward" if word in _AHEAD else "backward" if word in _AGAINST else None


def _users(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    return frozenset(word for word in re.split(r"[,;\s]+", str(value).lower()) if word in PROFILE_NAMES)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None


def _text(value: object) -> str | None:
    return str(value) if value else None


def _size(known: Roads) -> int:
    return int(known.network.vertices.nbytes * 2 + _BYTES_EACH * len(known.roads))


def _travel_size(travel: Travel) -> int:
    return _BYTES_EACH * len(travel.graph.tail) if isinstance(travel, RoadTravel) else 1_000
