"""The roads of a real small country against an account of the same extract that shares nothing with the package.

The account goes over the ways of the file: node by node, with its own reading of their tags, and scipy's search over
all nodes. It knows what occurs in this country only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from pyproj import Geod, Transformer
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geoapp import services
from geoapp.config import Config
from geoapp.routing.travel import RoadTravel
from geoapp.services.extracting import Wanted, init_osm
from geoapp.services.routes.orders import roads_of_instance
from geoapp.services.routes.travelling import district_roads, graph_of, plain_travel, road_names, travel_of

EXTRACT = "liechtenstein/liechtenstein-latest.osm.pbf"
CLASSES = {"primary": 45, "secondary": 45, "tertiary": 38, "unclassified": 32, "residential": 20, "living_street": 20,
           "service": 20, "primary_link": 45, "secondary_link": 45}  # fmt: skip
SHUT = {"no", "private", "agricultural", "forestry"}
OPEN = {"yes", "designated", "permissive", "destination"}
WGS84 = Geod(ellps="WGS84")
# A place of the file, in ten-millionths of a degree.
Spot = tuple[int, int]


@dataclass
class Account:
    """What the file says: km of streets by class, and arcs (from place, to place, metres, km/h) for cars.

    Places are nodes of the file; two of them at the very same place (there are some) are one.
    """

    km: Counter[str] = field(default_factory=Counter)
    closed_km: float = 0.0
    arcs: list[tuple[Spot, Spot, float, float]] = field(default_factory=list)
    places: dict[Spot, tuple[float, float]] = field(default_factory=dict)
    oneway: int = 0


@pytest.fixture(scope="module")
def file(shared_data: Path) -> Path:
    return shared_data / EXTRACT


@pytest.fixture(scope="module")
def country(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    config = Config(instance=tmp_path_factory.mktemp("liechtenstein") / "instance")
    init_osm(config, file, Wanted(timezone="Europe/Vaduz"))
    opened = services.open_district(config)
    yield services.at_this_moment(opened)
    opened.close()


@pytest.fixture(scope="module")
def account(file: Path) -> Account:
    made, bollards = Account(), set[Spot]()
    for thing in osmium.FileProcessor(str(file)).with_locations():
        if thing.is_node() and "barrier" in thing.tags:
            solid = thing.tags["barrier"] in ("bollard", "block", "cycle_barrier")
            bollards |= set() if open_to_cars(thing.tags, usual=not solid) else {spot_of(thing)}
        elif thing.is_way() and "highway" in thing.tags:
            count(thing, made, bollards)
    made.arcs += list(ends_that_miss(made))
    return made


def ends_that_miss(made: Account) -> Iterator[tuple[Spot, Spot, float, float]]:
    """Arcs from ends that touch no other road to the ends of a stretch of road that they miss by 2 m or less."""
    beside = defaultdict[Spot, set[Spot]](set)
    for tail, head, _, _ in made.arcs:
        beside[tail].add(head)
        beside[head].add(tail)
    metric = Transformer.from_crs("EPSG:4326", "EPSG:32632", always_xy=True)
    spots = {node: metric.transform(*place) for node, place in made.places.items()}
    tree = shapely.STRtree([shapely.LineString([spots[tail], spots[head]]) for tail, head, _, _ in made.arcs])
    for loose in [node for node, others in beside.items() if len(others) == 1]:
        for arc in tree.query(shapely.Point(spots[loose]), predicate="dwithin", distance=2.0).tolist():
            tail, head, _, speed = made.arcs[arc]
            for other in {tail, head} - {loose} if loose not in (tail, head) else set[Spot]():
                metres = float(np.hypot(*np.subtract(spots[loose], spots[other])))
                yield loose, other, metres, speed
                yield other, loose, metres, speed


def count(way: osmium.osm.Way, made: Account, bollards: set[Spot]) -> None:
    kind, nodes = way.tags["highway"], [node for node in way.nodes if node.location.valid()]
    metres = np.array(WGS84.line_lengths([node.lon for node in nodes], [node.lat for node in nodes]))
    made.km[kind] += metres.sum() / 1_000
    if kind not in {*CLASSES, "track", "footway", "path", "cycleway", "pedestrian", "bridleway"}:
        return
    if not open_to_cars(way.tags, usual=kind in CLASSES):
        made.closed_km += metres.sum() / 1_000 if kind in CLASSES else 0.0
        return
    speed = speed_of(kind, way.tags)
    word = way.tags.get("oneway", "yes" if way.tags.get("junction") == "roundabout" else "no")
    made.oneway += word in ("yes", "-1")
    made.places |= {spot_of(node): (node.lon, node.lat) for node in nodes}
    for (one, other), long in zip(pairwise(map(spot_of, nodes)), metres.tolist(), strict=True):
        if {one, other} & bollards:
            continue
        if word != "-1":
            made.arcs.append((one, other, long, speed))
        if word != "yes":
            made.arcs.append((other, one, long, speed))


def spot_of(node: osmium.osm.Node | osmium.osm.NodeRef) -> Spot:
    return node.location.x, node.location.y


def open_to_cars(tags: osmium.osm.TagList, *, usual: bool) -> bool:
    is_open = usual
    for key in ("access", "vehicle", "motor_vehicle", "motorcar"):
        word = tags.get(key)
        if word in SHUT:
            is_open = False
        elif word in OPEN and key != "access":
            is_open = True
    width = tags.get("width", "9").split()[0]
    return is_open and tags.get("area") != "yes" and not (0 < float(width) < 2.0)


def speed_of(kind: str, tags: osmium.osm.TagList) -> float:
    usual = CLASSES.get(kind, 15)
    limit = float(tags.get("maxspeed", "0")) * 0.8
    if not limit:
        return usual
    return limit if kind.startswith(("primary", "secondary")) else min(limit, usual * 1.5)


def test_drivable_roads_are_as_long_as_they_are_said_to_be(account: Account, country: services.District) -> None:
    streets = ("primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
    said = sum(account.km[kind] for kind in streets)
    arcs = {frozenset(arc[:2]): arc[2] for arc in account.arcs}
    usable = graph_of(country, "car").usable_km

    # 353 km by the classes of streets; cars also use ways to houses and car parks, and the tracks open to them.
    assert said == pytest.approx(353, abs=1)
    assert usable == pytest.approx(sum(arcs.values()) / 1_000, rel=0.005)
    assert said - account.closed_km < usable < said + account.km["service"] + 30


def test_geoapp_roads_tells_the_same(country: services.District) -> None:
    told = roads_of_instance(country.config)

    assert told["km"]["car"]["usable"] == pytest.approx(graph_of(country, "car").usable_km, abs=0.1)
    assert told["km"]["car"]["cut_off"] < 0.02 * told["km"]["car"]["usable"]
    assert "km cut off" in told["sentence"]


def test_one_ways_are_one_way(account: Account, country: services.District) -> None:
    known = district_roads(country)
    bound = {road for road, rule in zip(known.network.road.tolist(), known.network.rule.tolist(), strict=True)
             if known.rules[rule].oneway and known.rules[rule].uses != frozenset()}  # fmt: skip
    found = graph_of(country, "car")
    single = (found.there >= 0) ^ (found.back >= 0)

    assert account.oneway <= len(bound) <= account.oneway + 20
    assert {int(road) for road in known.network.road[single]} <= bound


def test_times_agree_with_a_search_over_the_nodes_of_the_file(account: Account, country: services.District) -> None:
    nodes, seconds = reachable(account)
    random = np.random.default_rng(5)
    origins, targets = random.choice(len(nodes), 20, replace=False), random.choice(len(nodes), 10, replace=False)
    reached = dijkstra(seconds, indices=origins)[:, targets]
    places = [account.places[nodes[at]] for at in (*origins, *targets)]
    travel = travel_of(country, "car")
    assert isinstance(travel, RoadTravel)

    assert travel.snapped(places).distance_m.max() < 0.05
    found = travel.matrix_s(places)[:20, 20:]
    # Whole seconds, rounded up; whole milliseconds for each piece of road; where an end missed a road, its gap of 2 m.
    assert np.abs(found - reached).max() < 1.5
    assert np.isfinite(reached).all()


def reachable(account: Account) -> tuple[list[Spot], csr_array]:
    """Nodes of the largest part in which all is reached from all, and the seconds between them."""
    nodes = sorted({node for arc in account.arcs for node in arc[:2]})
    number = {node: at for at, node in enumerate(nodes)}
    fastest = defaultdict[tuple[int, int], float](lambda: np.inf)
    for tail, head, metres, kmh in account.arcs:
        pair = number[tail], number[head]
        fastest[pair] = min(fastest[pair], metres / (kmh / 3.6))
    tails, heads = np.array(list(fastest)).T
    whole = csr_array((np.array(list(fastest.values())), (tails, heads)), shape=(len(nodes), len(nodes)))
    _, part = connected_components(whole, directed=True, connection="strong")
    kept = np.flatnonzero(part == np.bincount(part).argmax())
    return [nodes[at] for at in kept], whole[kept][:, kept]


def test_lines_follow_the_roads_and_are_as_long_as_they_say(country: services.District) -> None:
    travel, plain = travel_of(country, "car"), plain_travel(country, "car")
    assert isinstance(travel, RoadTravel)
    net, names = travel.graph.network, road_names(country)
    on_roads = [shapely.LineString(net.vertices[first : last + 1]) for first, last in
                zip(net.first.tolist(), net.last.tolist(), strict=True)]  # fmt: skip
    tree = shapely.STRtree(on_roads)
    random = np.random.default_rng(6)
    spots = [(float(lon), float(lat)) for lon, lat in net.vertices[random.choice(len(net.vertices), 60)]]
    for one, other in zip(spots[::2], spots[1::2], strict=True):
        leg = travel.leg(one, other)
        dots = shapely.points(np.array(leg.line[1:-1]))
        _, far = tree.query_nearest(dots, all_matches=False, return_distance=True)
        assert far.max(initial=0.0) < 1e-6
        assert WGS84.line_length(*np.array(leg.line).T) == pytest.approx(leg.metres, rel=0.002, abs=2)
        assert leg.seconds == plain.leg(one, other).seconds == travel.matrix_s([one, other])[0, 1]
        assert sum(metres for _, metres in leg.roads) + sum(leg.walk_m) == pytest.approx(leg.metres, abs=0.1)
        assert all(road < len(names) for road, _ in leg.roads)


def test_roads_over_and_under_each_other_stay_apart(country: services.District) -> None:
    """No junction lies inside a bridge and inside a road of another level."""
    known = district_roads(country)
    net = known.network
    level = np.array([rule.level for rule in known.rules])[net.rule]
    lines = shapely.linestrings(
        np.vstack([net.vertices[first : last + 1] for first, last in zip(net.first, net.last, strict=True)]),
        indices=np.repeat(np.arange(len(net.first)), net.last - net.first + 1),
    )
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    apart = (level[one] != level[other]) & (one < other)
    ends = [{int(net.tail[at]), int(net.head[at])} for at in range(len(lines))]

    assert apart.sum() > 20
    assert not any(ends[a] & ends[b] for a, b in zip(one[apart].tolist(), other[apart].tolist(), strict=True))
