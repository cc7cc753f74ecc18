"""The demo's schematic streets and roads: lines through places that are really there, and nothing surveyed.

A street runs through the buildings whose address names it. Roads join seats, villages and streets as neighbours would
be joined: two places are linked unless a third one lies nearer to both (relative neighbourhood graph, Toussaint 1980).
"""

import re
from collections import defaultdict
from typing import Any

import numpy as np
from scipy.spatial import distance_matrix

ADDRESS = re.compile(r"^([\u4e00-\u9fff]{1,5}?(?:大街|北街|南街|东街|西街|大道|路))(?:\d|[一二三四五六七八九十]|$)")
NAMES_EN = {
    "青春路": "Qingchun Road", "迎宾北路": "Yingbin North Road", "府前东街": "Fuqian East Street",
    "迎宾中路": "Yingbin Middle Road", "开放路": "Kaifang Road", "滨湖南街": "Binhu South Street",
    "南华大街": "Nanhua Avenue", "兴怀大街": "Xinghuai Avenue", "南大街": "South Avenue",
    "于家园南街": "Yujiayuan South Street", "富乐大街": "Fule Avenue", "雁栖路": "Yanqi Road",
    "红螺东路": "Hongluo East Road",
}  # fmt: skip
# Where street addresses are: the built-up area around the district's seat.
TOWN = (116.60, 40.29, 116.70, 40.38)
HALF_LENGTH_DEGREES = 0.004
SOURCE = "示意线位，非测绘 schematic line, not surveyed"
Feature = dict[str, Any]


def streets(places: list[dict[str, str]]) -> list[Feature]:
    """One line for each street that an address names, through the buildings of that address."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    west, south, east, north = TOWN
    for place in places:
        match = ADDRESS.match(place["name"])
        lon, lat = float(place["lon"]), float(place["lat"])
        if match and west < lon < east and south < lat < north:
            found[match.group(1)].append((lon, lat))
    return [_street(number, name, found[name]) for number, name in enumerate(sorted(found), start=1)]


def _street(number: int, name: str, points: list[tuple[float, float]]) -> Feature:
    """The line of best fit, a little longer than its points; with one point only, along the compass."""
    known = np.array(points)
    centre = known.mean(axis=0)
    along = np.array([1.0, 0.0] if name.endswith("街") else [0.0, 1.0])
    if len(points) > 1:
        along = np.linalg.svd(known - centre)[2][0]
        along = along * np.sign(along[np.argmax(np.abs(along))])
    reach = max(np.abs((known - centre) @ along).max(), 0.001) + HALF_LENGTH_DEGREES / 2
    line = [np.round(centre + along * step, 7).tolist() for step in (-reach, 0.0, reach)]
    kind = "main" if name.endswith("大街") or "迎宾" in name else "secondary"
    return _line(f"S{number:03d}", line, name, kind, NAMES_EN.get(name))


def roads(townships: list[dict[str, str]], villages: list[Feature], streets_: list[Feature]) -> list[Feature]:
    """The network that joins all of them; it hangs together, since the graph holds a minimum spanning tree."""
    nodes = [
        (row["name"], float(row["seat_lon"]), float(row["seat_lat"]), True) for row in townships if row["seat_lon"]
    ]
    nodes += [
        (one["properties"]["name"], *one["geometry"]["coordinates"], False) for one in villages if one["geometry"]
    ]
    nodes += [(one["properties"]["name"], *one["geometry"]["coordinates"][1], False) for one in streets_]
    nodes = list({node[1:3]: node for node in nodes}.values())
    places = np.array([node[1:3] for node in nodes])
    metres = distance_matrix(*[places * [np.cos(np.radians(40.6)), 1.0]] * 2)
    features = []
    for one, other in _neighbours(metres):
        kind = "highway" if nodes[one][3] and nodes[other][3] else "country_road"
        name = f"{nodes[one][0]}—{nodes[other][0]}"
        features.append(
            _line(f"R{len(features) + 1:04d}", [list(nodes[one][1:3]), list(nodes[other][1:3])], name, kind)
        )
    return features


def _neighbours(distance: np.ndarray) -> list[tuple[int, int]]:
    """Pairs to which no third place is nearer than they are to each other."""
    pairs = []
    for one in range(len(distance)):
        for other in range(one + 1, len(distance)):
            between = np.maximum(distance[one], distance[other]) < distance[one, other]
            if not between.any():
                pairs.append((one, other))
    return pairs


def _line(id: str, line: list[list[float]], name: str, kind: str, name_en: str | None = None) -> Feature:
    fields = {"name": name, "kind": kind, "schematic": True, "source": SOURCE} | (
        {"name_en": name_en} if name_en else {}
    )
    return {"type": "Feature", "id": id, "geometry": {"type": "LineString", "coordinates": line}, "properties": fields}
