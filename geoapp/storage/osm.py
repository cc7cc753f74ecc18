"""Reads a district out of an OpenStreetMap extract (.osm.pbf or .osm), by osmium."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium.osm import Area, Node, Relation, Way

from geoapp.domain.errors import BadInput
from geoapp.storage.osm_barriers import Cutter, barriers_of
from geoapp.storage.osm_roads import BARRED, road_kind
from geoapp.storage.osm_roads import KEYS as ROAD_KEYS
from geoapp.storage.osm_tags import FACILITIES, NAMELESS, NOT_PUBLIC, ROADS, SETTLEMENTS, SITES, STREETS

KEYS = ("amenity", "tourism", "office", "leisure", "shop", "railway", "place", "highway", "boundary", "barrier")
NAMES = ("name", "name:en", "int_name", "name:zh", "population", "ref", "official_name", "opening_hours", "operator")


@dataclass(frozen=True, slots=True)
class Thing:
    """One named or tagged object: its id (n1, w2, r3), tags and shape in degrees (WGS 84)."""

    id: str
    tags: Mapping[str, str]
    shape: Any


@dataclass(slots=True)
class Extract:
    """What an extract holds: boundaries by admin_level, points of interest, settlements, streets and roads.

    A road on which a barrier stands is several. barriers: bollards, gates and the like, wherever they stand.
    incomplete: names of boundaries whose lines are not all in the file, so that no area could be put together.
    """

    boundaries: dict[int, list[Thing]] = field(default_factory=dict)
    facilities: list[tuple[str, Thing]] = field(default_factory=list)
    sites: list[tuple[str, Thing]] = field(default_factory=list)
    settlements: list[tuple[str, Thing]] = field(default_factory=list)
    streets: list[tuple[str, Thing]] = field(default_factory=list)
    roads: list[tuple[str, Thing]] = field(default_factory=list)
    barriers: list[Thing] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)


def read_extract(path: Path, progress: Callable[[int], None] | None = None) -> Extract:
    """Everything of use in an extract; raises BadInput for a file that is none. progress: told how many came."""
    found, relations = Extract(), dict[str, str]()
    try:
        for number, thing in enumerate(_objects(path)):
            if progress and number % 50_000 == 0:
                progress(number)
            if isinstance(thing, Relation):
                _note_boundary(thing, relations)
            else:
                _take(thing, found)
    except (RuntimeError, OSError) as error:
        raise BadInput(
            "{file} cannot be read as OpenStreetMap data ({reason}): it must be a whole .osm.pbf or .osm file.",
            file=path.name,
            reason=error,
        ) from error
    found.roads = list(_cut_at_barriers(found))
    built = {area.id for areas in found.boundaries.values() for area in areas}
    found.incomplete = sorted(name for id, name in relations.items() if id not in built)
    return found


def _objects(path: Path) -> Iterator[Any]:
    if not path.is_file():
        raise BadInput("There is no file {file}.", file=path.name)
    # Only what bears one of our keys reaches Python; areas are put together before that.
    return iter(osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter(*KEYS)))


def _note_boundary(relation: Relation, relations: dict[str, str]) -> None:
    tags = relation.tags
    if tags.get("boundary") == "administrative" and (tags.get("admin_level") or "").isdigit():
        relations[f"r{relation.id}"] = tags.get("name") or f"r{relation.id}"


def _take(thing: Any, found: Extract) -> None:
    if isinstance(thing, Way) and "highway" in thing.tags:
        _take_road(thing, found)
    elif isinstance(thing, Area):
        _take_area(thing, found)
    elif isinstance(thing, Node):
        node = _thing(f"n{thing.id}", thing.tags, shapely.Point(thing.location.lon, thing.location.lat))
        if "barrier" in node.tags:
            found.barriers.append(node)
        _take_place(node, found)


_to_wkb = osmium.geom.WKBFactory


def _take_area(area: Area, found: Extract) -> None:
    try:
        shape = shapely.from_wkb(_to_wkb().create_multipolygon(area))
    except (RuntimeError, osmium.InvalidLocationError):  # an area without a valid ring
        return
    tags = area.tags
    thing = _thing(f"{'w' if area.from_way() else 'r'}{area.orig_id()}", tags, shape)
    level = tags.get("admin_level") or ""
    if tags.get("boundary") == "administrative" and level.isdigit() and "name" in tags:
        found.boundaries.setdefault(int(level), []).append(thing)
    elif "highway" not in tags:
        # As exact as OpenStreetMap's own places, so that what is exported comes back the same.
        inside = shapely.transform(shapely.point_on_surface(shape), lambda place: place.round(7))
        _take_place(Thing(thing.id, thing.tags, inside), found)


def _take_place(place: Thing, found: Extract) -> None:
    tags = place.tags
    facility = next((kind for (key, value), kind in FACILITIES.items() if tags.get(key) == value), None)
    if facility:
        found.facilities.append((facility, place))
        return
    site = next((kind for (key, value), kind in SITES.items() if tags.get(key) == value), None)
    if site and ("name" in tags or _counts_nameless(site, tags)):
        found.sites.append((site, place))
    elif tags.get("place") in SETTLEMENTS and "name" in tags:
        found.settlements.append((SETTLEMENTS[tags["place"]], place))


def _counts_nameless(kind: str, tags: Mapping[str, str]) -> bool:
    return kind in NAMELESS and tags.get("access") not in NOT_PUBLIC


def _take_road(way: Way, found: Extract) -> None:
    kind = way.tags["highway"]
    if kind not in ROADS and kind not in STREETS:
        return
    shape = _line(way)
    if shape is None:
        return
    thing = _thing(f"w{way.id}", way.tags, shape)
    road = road_kind(thing.tags)
    if road is not None:
        found.roads.append((road, thing))
    if kind in STREETS and "name" in way.tags:
        found.streets.append((STREETS[kind], thing))


def _line(way: Way) -> Any:
    """The line of a way, of its longest part where some of its nodes are not in the file; None if there is none."""
    try:
        return shapely.from_wkb(_to_wkb().create_linestring(way))
    except osmium.InvalidLocationError:  # cut off at the edge of the extract
        runs = groupby(way.nodes, lambda node: node.location.valid())
        known = ([(node.lon, node.lat) for node in run] for valid, run in runs if valid)
        longest = max(known, key=len, default=[])
        return shapely.LineString(longest) if len(longest) > 1 else None
    except RuntimeError:  # a way of one place
        return None


def _cut_at_barriers(found: Extract) -> Iterator[tuple[str, Thing]]:
    barriers = barriers_of([(one.shape.x, one.shape.y, one.tags) for one in found.barriers])
    cutter = Cutter(barriers, [road.shape for _, road in found.roads])
    for number, (kind, road) in enumerate(found.roads):
        for stretch in cutter.cut(number):
            id = road.id if stretch.number == 0 else f"{road.id}-{stretch.number + 1}"
            tags = dict(road.tags) | ({BARRED: " ".join(sorted(stretch.barred))} if stretch.barred else {})
            yield kind, Thing(id, tags, stretch.line)


def _thing(id: str, tags: Any, shape: Any) -> Thing:
    # osmium's objects live only while they are looked at.
    return Thing(id, {name: tags[name] for name in (*NAMES, *KEYS, *ROAD_KEYS) if name in tags}, shape)
