"""Small road networks that can be checked by hand, in degrees near the equator: 0.001 degrees are 111.3 m."""

from typing import Any

import numpy as np
import shapely

from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.graph import Graph, graph
from geoapp.routing.network import Network, network
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road, road_lines
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel

MILLI = 1e-3


def line(*points: tuple[float, float]) -> Any:
    """A line through points in thousandths of a degree."""
    return shapely.LineString([(x * MILLI, y * MILLI) for x, y in points])


def joined(*roads: tuple[Road, Any]) -> Network:
    """The network of some roads."""
    rules = [rule for rule, _ in roads]
    return network(road_lines(rules, np.arange(len(rules)), [shape for _, shape in roads]))


def graph_of(*roads: tuple[Road, Any], profile: str = "car") -> Graph:
    """The arcs of some roads for a profile."""
    return graph(joined(*roads), [rule for rule, _ in roads], PROFILES[profile])


def travel_over(*roads: tuple[Road, Any]) -> RoadTravel:
    """Travel by car over some roads."""
    found = graph_of(*roads)
    return RoadTravel(found, Dijkstra(found), Snapper(found))


def grid(size: int, *, kind: str = "main", oneway: str | None = None) -> list[tuple[Road, Any]]:
    """Streets of a town: `size` from west to east, which may be one-way, and as many from south to north."""
    last = size - 1
    rows = [(Road(kind, oneway=oneway), line(*((x, y) for x in range(size)))) for y in range(size)]
    columns = [(Road(kind), line(*((x, y) for y in range(size)))) for x in range(size)]
    return [*rows, *columns] if last else []
