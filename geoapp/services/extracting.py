"""A whole district from one OpenStreetMap extract."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import msgspec
import shapely

from geoapp.analysis.administrative import best_level, hanging_together, inside
from geoapp.config import Config
from geoapp.domain.errors import BadInput
from geoapp.paths import room
from geoapp.services.district import Clock, system_clock
from geoapp.services.founding import found
from geoapp.storage.follower import Progress
from geoapp.storage.osm import Extract, Thing, read_extract
from geoapp.storage.osm_roads import closed_at_times, road_properties
from geoapp.storage.osm_tags import COMMERCIAL, LEVELS
from geoapp.storage.shipped import read_tables

Feature = dict[str, Any]

SOURCE = "OpenStreetMap contributors, ODbL 1.0"
ATTRIBUTION = [{"zh": "数据 © OpenStreetMap 贡献者（ODbL 1.0）", "en": "Data © OpenStreetMap contributors (ODbL 1.0)"}]
# Tables that any district may begin with; the others speak of the demo.
PRESETS = ("categories", "site_kinds", "facility_kinds", "standards", "units", "calendar", "line_standards")
EMPTY = ("rounds", "batches", "surveys")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to make of an extract. within: the name of the boundary that is the district, None for the whole file.

    admin_level: of the townships, None for the one that divides the district best. timezone: an IANA name.
    """

    within: str | None = None
    admin_level: int | None = None
    name: str | None = None
    timezone: str = "UTC"


def init_osm(
    config: Config, file: Path, wanted: Wanted, *, clock: Clock = system_clock, progress: Progress | None = None
) -> dict[str, Any]:
    """Found a district from an extract; raises BadInput, InstanceExists."""
    require_timezone(wanted.timezone)
    extract = read_extract(file)
    whole, boundary = _district(extract, wanted)
    level, townships = _townships(extract, whole, wanted)
    layers = dict(_layers(extract, whole, townships))
    name = wanted.name or (boundary.tags["name"] if boundary else file.name.split(".")[0])
    english = _english(boundary) if boundary else None
    tables = own_tables({"code": boundary.id if boundary else "", "name": name, "name_en": english or name,
                      "timezone": wanted.timezone, "attribution": ATTRIBUTION, "source": SOURCE})  # fmt: skip
    district = found(config.instance, layers, tables, clock=clock, config=config, progress=progress)
    district.close()
    return _account(extract, layers, level, name, whole)


def _district(extract: Extract, wanted: Wanted) -> tuple[Any, Thing | None]:
    """The area of the district, and the boundary that gives it its name."""
    every = [area for level in sorted(extract.boundaries) for area in extract.boundaries[level]]
    if wanted.within is None:
        if not every:
            raise BadInput("There is no administrative boundary in this file: give another one.")
        return shapely.union_all([area.shape for area in every]), every[0] if _is_whole(every) else None
    known = [area for area in every if wanted.within in (area.tags.get("name"), area.tags.get("name:en"))]
    if not known:
        names = ", ".join(sorted({area.tags["name"] for area in every})[:20])
        raise BadInput("There is no boundary named {name!r}; there are {known}.", name=wanted.within, known=names)
    return known[0].shape, known[0]


def _is_whole(every: list[Thing]) -> bool:
    """Whether the highest boundary holds all the others."""
    rest = shapely.union_all([area.shape for area in every[1:]]) if len(every) > 1 else None
    return rest is None or bool(shapely.area(shapely.difference(rest, every[0].shape)) < 0.01 * shapely.area(rest))


def _townships(extract: Extract, whole: Any, wanted: Wanted) -> tuple[int, list[Thing]]:
    here = {
        level: [areas[place] for place in inside([area.shape for area in areas], whole)]
        for level, areas in extract.boundaries.items()
    }
    level = wanted.admin_level or best_level(
        {key: [area.shape for area in areas] for key, areas in here.items()}, whole
    )
    if level is None or not here.get(level):
        known = ", ".join(f"{key} ({len(areas)})" for key, areas in sorted(here.items()))
        raise BadInput("No level of boundaries divides this district; choose one of {known}.", known=known)
    return level, here[level]


def _layers(extract: Extract, whole: Any, townships: list[Thing]) -> Iterator[tuple[str, list[Feature]]]:
    shapely.prepare(whole)
    yield "townships", [_settlement("municipality", one) for one in townships]
    yield "villages", [_settlement(kind, one) for kind, one in _within(extract.settlements, whole)]
    facilities = list(_within(extract.facilities, whole))
    yield "facilities", [_facility(kind, one) for kind, one in facilities]
    sites = [_feature(one, kind=kind, is_survey_point=True) for kind, one in _within(extract.sites, whole)]
    venues = [_venue(one) for _, one in facilities if "name" in one.tags]
    yield "sites", sites + venues
    yield "streets", _streets(_within(extract.streets, whole))
    yield (
        "roads",
        [_feature(one, kind=kind, **road_properties(kind, one.tags)) for kind, one in _within(extract.roads, whole)],
    )


def _within(things: Iterable[tuple[str, Thing]], whole: Any) -> Iterator[tuple[str, Thing]]:
    return ((kind, thing) for kind, thing in things if shapely.intersects(whole, thing.shape))


def _feature(thing: Thing, *, otherwise: str | None = None, **record: Any) -> Feature:
    name = thing.tags.get("name") or otherwise or record["kind"].replace("_", " ")
    names = {"name": name, "name_en": _english(thing), "source": SOURCE}
    properties = {key: value for key, value in {**names, **record}.items() if value is not None}
    geometry = msgspec.json.decode(shapely.to_geojson(thing.shape))
    return {"type": "Feature", "id": thing.id, "geometry": geometry, "properties": properties}


def _settlement(kind: str, one: Thing) -> Feature:
    return _feature(one, code=one.id, kind=kind, population=_whole_number(one))


def _facility(kind: str, one: Thing) -> Feature:
    ownership = "private" if kind in COMMERCIAL else None
    return _feature(one, kind=kind, level=LEVELS.get(kind), build_status="built", ownership=ownership,
                    opening_hours=one.tags.get("opening_hours"), operator=one.tags.get("operator"))  # fmt: skip


def _venue(one: Thing) -> Feature:
    """A facility is a place to be inspected too."""
    site = _feature(one, kind="cultural_venue", is_survey_point=True, facility_id=one.id)
    return site | {"id": f"site-{one.id}"}


def _streets(things: Iterable[tuple[str, Thing]]) -> list[Feature]:
    """One street of all ways that bear its name and hang together; its id is that of its first way."""
    by_name: dict[str, list[tuple[str, Thing]]] = {}
    for kind, thing in things:
        by_name.setdefault(thing.tags["name"], []).append((kind, thing))
    streets = []
    for ways in by_name.values():
        for part in hanging_together([thing.shape for _, thing in ways]):
            kind, first = ways[part[0]]
            line = shapely.line_merge(shapely.union_all([ways[place][1].shape for place in part]))
            streets.append(_feature(Thing(first.id, first.tags, line), kind=kind))
    return streets


def _english(thing: Thing) -> str | None:
    return thing.tags.get("name:en") or thing.tags.get("int_name")


def _whole_number(thing: Thing) -> int | None:
    text = thing.tags.get("population", "").replace(",", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() else None


def require_timezone(name: str) -> None:
    """Raise BadInput unless this is the name of a time zone."""
    if name not in available_timezones():
        raise BadInput("{value!r} is no time zone such as Asia/Shanghai or Europe/Vaduz.", value=name)


def own_tables(district: dict[str, Any]) -> dict[str, Any]:
    """The tables that any district begins with: presets, and what it says of itself. Raises BadInput."""
    require_timezone(district["timezone"])
    shipped = read_tables(room("layers"))
    empty = {name: {"name": name, "version": 1, "preset": False, "rows": []} for name in EMPTY}
    return {**{name: shipped[name] for name in PRESETS}, **empty, "district": district}


def _account(extract: Extract, layers: dict[str, list[Feature]], level: int, name: str, whole: Any) -> dict[str, Any]:
    counts = {layer: len(features) for layer, features in layers.items()}
    said = ", ".join(f"{number:,} {layer}" for layer, number in counts.items())
    # Boundaries of the neighbours are cut off by every extract: only those that lie here are a loss.
    sentence = f"{name} stands with {said}; its townships are the boundaries of admin_level {level}."
    if extract.incomplete:
        sentence += f" Incomplete in the file and left out: {', '.join(extract.incomplete[:5])}"
        sentence += f" and {len(extract.incomplete) - 5} more." if len(extract.incomplete) > 5 else "."
    at_times = sum(closed_at_times(one.tags) for _, one in _within(extract.roads, whole))
    if at_times:
        sentence += f" {at_times} roads are closed at times (in winter, at night): they count as open."
    return {"district": name, "admin_level": level, **counts, "incomplete": extract.incomplete, "sentence": sentence}
