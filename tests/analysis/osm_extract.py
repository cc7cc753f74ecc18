"""Reads somebody else's areas, and somebody else's answer, out of an OpenStreetMap extract."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium.osm import Area, Node


@dataclass(frozen=True, slots=True)
class Extract:
    """Municipalities by name (degrees), and addressed points with the city that their address names."""

    municipalities: dict[str, Any]
    points: list[tuple[float, float, str]]


def read(path: Path) -> Extract:
    """Administrative areas of level 8, and every node and building with addr:city."""
    to_wkb = osmium.geom.WKBFactory()
    found = Extract({}, [])
    for thing in osmium.FileProcessor(str(path)).with_areas():
        if isinstance(thing, Node) and "addr:city" in thing.tags:
            found.points.append((thing.location.lon, thing.location.lat, thing.tags["addr:city"]))
        elif isinstance(thing, Area) and ("addr:city" in thing.tags or thing.tags.get("admin_level") == "8"):
            _take_area(thing.tags, shapely.from_wkb(to_wkb.create_multipolygon(thing)), found)
    return found


def _take_area(tags: Any, area: Any, found: Extract) -> None:
    if "addr:city" in tags:
        inside = area.point_on_surface()
        found.points.append((inside.x, inside.y, tags["addr:city"]))
    elif tags.get("boundary") == "administrative" and "name" in tags:
        found.municipalities[tags["name"]] = area
