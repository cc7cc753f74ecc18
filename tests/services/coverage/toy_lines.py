"""A straight street of two kilometres with a road along it, on the equator, where a degree is a degree."""

from pathlib import Path
from typing import Any

from pyproj import Geod

from geoapp import services
from geoapp.domain.line_standards import LineStandard
from tests.conftest import NOW, feature, toy_layers, toy_tables

WGS84 = Geod(ellps="WGS84")
WEST, LAT = 0.99, 0.5
TOILETS = LineStandard(code="toilets", zh="公共厕所", en="public toilet", streets=("main",), metres=500, rule="within",
                       sites=("public_toilet",))  # fmt: skip
NOTICES = LineStandard(code="notices", zh="宣传栏", en="notice board", streets=("main",), metres=300, rule="every",
                       sites=("notice",))  # fmt: skip


def at(metres: float, lat: float = LAT) -> tuple[float, float]:
    """The place so many metres east of the street's western end; the township border is at lon = 1."""
    lon, _, _ = WGS84.fwd(WEST, lat, 90.0, metres)
    return round(float(lon), 7), lat


def line(*metres: float, lat: float = LAT) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(at(one, lat)) for one in metres]}


def street(id: str, geometry: Any, **more: Any) -> dict[str, Any]:
    return feature(id, geometry, **({"name": "长街", "name_en": "Long Street", "kind": "main"} | more))


def site(id: str, metres: float, kind: str = "public_toilet", lat: float = LAT, **more: Any) -> dict[str, Any]:
    return feature(id, at(metres, lat), name=id, kind=kind, **more)


def road(geometry: Any, id: str = "R1") -> dict[str, Any]:
    return feature(id, geometry, name="长街", kind="main")


def along(folder: Path, *, streets: list[Any], sites: list[Any], roads: list[Any] | None = None, **more: Any
          ) -> services.District:  # fmt: skip
    """The toy district with these streets, sites and roads (for None one road all along the street)."""
    layers = toy_layers() | {"streets": streets, "sites": sites, "problems": [], "visits": []} | more
    layers["roads"] = [road(line(0, 1_000, 2_000))] if roads is None else roads
    opened = services.found(folder, layers, toy_tables(), clock=lambda: NOW)
    return services.at_this_moment(opened)
