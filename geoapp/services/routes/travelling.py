"""The roads of a district as something to travel on, kept in memory and in files until the roads change."""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from geoapp.domain.errors import GeoappError
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.routing.cch import Hierarchy, order_of
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.graph import Graph, graph
from geoapp.routing.profiles import PROFILES
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel, Shortest, StraightTravel, Travel
from geoapp.services.district import District
from geoapp.services.routes.road_files import (
    Order,
    roads_path,
    save_roads,
    save_travel,
    saved_roads,
    saved_travel,
    travel_path,
)
from geoapp.services.routes.road_layer import DistrictRoads, ordered_rows, read_roads
from geoapp.storage.filesystem import disk_errors

LAYER = "roads"
_BYTES_EACH = 240


@dataclass(frozen=True, slots=True)
class SavedTravel:
    """Travel that another process can open without the district. roads, travel: files, None for straight lines.

    estimate: whether times are estimated on straight lines; schematic: whether the roads only show what hangs together.
    """

    profile: str
    roads: Path | None = None
    travel: Path | None = None
    estimate: bool = True
    schematic: bool = False


def district_roads(district: District) -> DistrictRoads:
    """The layer of roads as a network."""
    seq = district.present.snapshot(LAYER).seq
    return district.derived.get(("road network", seq), lambda: _roads(district), _size)


def travel_of(district: District | None, profile: str) -> Travel:
    """Travel by a profile over the district's roads; in straight lines where it has none, or there is no district."""
    if district is None or not len(district.present.snapshot(LAYER)):
        return StraightTravel(PROFILES[profile])
    seq = district.present.snapshot(LAYER).seq
    made: Travel = district.derived.get(("travel", seq, profile), lambda: _travel(district, profile), _travel_size)
    return made


def plain_travel(district: District | None, profile: str) -> Travel:
    """The same by Dijkstra's search: what a plan is checked with, apart from what it was made with."""
    return _plain(travel_of(district, profile))


def travel_files(district: District | None, profile: str) -> SavedTravel:
    """Travel as files that open_travel opens, made if they are not there; raises StorageFull, StorageFailed."""
    found = travel_of(district, profile)
    if district is None or not isinstance(found, RoadTravel):
        return SavedTravel(profile)
    roads, travel = _paths(district, profile)
    known = district_roads(district)
    with disk_errors(travel):
        if saved_roads(roads) is None:
            save_roads(roads, known)
        if saved_travel(travel, known.network, profile) is None:
            save_travel(travel, found.graph, order_of(found.graph) if Hierarchy.installed() else None)
    return SavedTravel(profile, roads, travel, estimate=False, schematic=known.schematic)


def open_travel(saved: SavedTravel) -> tuple[Travel, Travel]:
    """Travel from its files, fast and by Dijkstra's plain search; raises GeoappError where the files are gone."""
    if saved.roads is None or saved.travel is None:
        straight = StraightTravel(PROFILES[saved.profile])
        return straight, straight
    known = saved_roads(saved.roads)
    found = None if known is None else saved_travel(saved.travel, known.network, saved.profile)
    if found is None:
        raise GeoappError("The saved roads were removed meanwhile; please try again.")
    travel = _road_travel(*found)
    return travel, _plain(travel)


def road_names(district: District) -> list[str | None]:
    """Names of the roads by their numbers, as legs name them."""
    return district_roads(district).names


def graph_of(district: District, profile: str) -> Graph:
    """The arcs of the district's roads that a profile may use."""
    known = district_roads(district)
    return graph(known.network, known.rules, PROFILES[profile])


def slow_sentence() -> Sentence | None:
    """What to tell where travel times are computed the slow way, None where they are not."""
    if Hierarchy.installed():
        return None
    return Sentence("routingkit-cch is not installed here: travel times come from scipy's Dijkstra search, as exact, "
                    "but slower.")  # fmt: skip


def _roads(district: District) -> DistrictRoads:
    path = _paths(district)[0]
    found = saved_roads(path)
    if found is None:
        snapshot = district.present.snapshot(LAYER)
        rows = ordered_rows(snapshot)
        found = read_roads(snapshot.encoded(rows, Scope.FULL), snapshot.geometries(rows))
        # What cannot be kept is made anew the next time.
        with contextlib.suppress(OSError):
            save_roads(path, found)
    return found


def _travel(district: District, profile: str) -> Travel:
    known, path = district_roads(district), _paths(district, profile)[1]
    found = saved_travel(path, known.network, profile)
    if found is None or (found[1] is None and Hierarchy.installed()):
        arcs = graph_of(district, profile)
        found = arcs, order_of(arcs) if Hierarchy.installed() and len(arcs.tail) else None
        with contextlib.suppress(OSError):
            save_travel(path, *found)
    return _road_travel(*found) if len(found[0].tail) else StraightTravel(PROFILES[profile])


def _road_travel(graph: Graph, order: Order | None) -> RoadTravel:
    shortest: Shortest = Hierarchy(graph, order) if Hierarchy.installed() else Dijkstra(graph)
    return RoadTravel(graph, shortest, Snapper(graph))


def _plain(travel: Travel) -> Travel:
    return travel.by(Dijkstra(travel.graph)) if isinstance(travel, RoadTravel) else travel


def _paths(district: District, profile: str = "car") -> tuple[Path, Path]:
    snapshot = district.present.snapshot(LAYER)
    digest = district.derived.get(("road digest", snapshot.seq), lambda: _digest(district), len)
    folder = district.config.instance / "cache"
    return roads_path(folder, snapshot.seq, digest), travel_path(folder, snapshot.seq, digest, profile)


def _digest(district: District) -> str:
    """Of the whole layer: another instance, or one that was restored, may have the same numbers of commits."""
    snapshot = district.present.snapshot(LAYER)
    texts = snapshot.encoded(ordered_rows(snapshot), Scope.FULL)
    return hashlib.blake2b(b"\n".join(texts), digest_size=16).hexdigest()


def _size(known: DistrictRoads) -> int:
    net = known.network
    arrays = (net.vertices, net.along_m, net.tail, net.head, net.road, net.rule, net.length_m, net.first, net.last)
    return sum(array.nbytes for array in arrays) + 100 * len(known.names)


def _travel_size(travel: Travel) -> int:
    return _BYTES_EACH * len(travel.graph.tail) if isinstance(travel, RoadTravel) else 1_000
