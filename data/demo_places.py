"""The demo's facilities and sites: real places from OpenStreetMap, with roles that were given for the demo."""

from typing import Any

Feature = dict[str, Any]
Row = dict[str, str]
OSM = "OpenStreetMap contributors, ODbL 1.0"

FACILITY_CLASSES = {
    "museum": "museum",
    "library": "library",
    "theatre": "theatre",
    "arts_centre": "art_gallery",
    "cinema": "cinema",
    "bookshop": "bookshop",
    "memorial": "memorial",
    "sports_centre": "sports_centre",
    "stadium": "sports_centre",
}
# Kinds that only the name tells; the first that fits.
FACILITY_NAMES = (
    ("综合文化室", "village_culture_room"),
    ("文化活动中心", "township_culture_centre"),
    ("文体中心", "township_culture_centre"),
    ("美术馆", "art_gallery"),
    ("纪念馆", "memorial"),
    ("科技展示馆", "science_hall"),
    ("妇女儿童活动中心", "youth_palace"),
)
# What stands in these classes and is no cultural facility, or belongs to a university that does not serve the public.
NOT_CULTURAL = ("Henkel", "石刻", "林", "实事求是", "题字碑", "融合", "训练", "法治文化公园", "遗址", "敞车女")
PRIVATE = ("二锅头", "老爷车", "田凤银", "Stone Museum", "影城", "书店", "光影", "千人剧场", "科技展示", "长城文化展览")
NAMES_EN = {
    "怀柔博物馆": "Huairou Museum",
    "怀柔图书馆": "Huairou Library",
    "怀柔剧场": "Huairou Theatre",
    "中国科学院大学图书馆": "Library of the University of Chinese Academy of Sciences",
    "中信书店": "CITIC Bookshop",
    "二锅头酒博物馆": "Erguotou Liquor Museum",
    "老爷车博物馆": "Classic Car Museum",
    "万达影城": "Wanda Cinema",
    "喇叭沟门乡满族文化陈列馆": "Labagoumen Manchu Culture Exhibition",
    "田凤银长城美术馆": "Tian Fengyin Great Wall Gallery",
    "李佩先生纪念馆": "Li Pei Memorial",
    "沙峪抗日纪念碑": "Shayu War Memorial",
}
# Named by the district itself, without a position that is known.
WITHOUT_POSITION = (("怀柔区文化馆", "Huairou Culture Hall", "culture_hall"),)
LEVELS = {"village_culture_room": "village", "township_culture_centre": "township"}

SITE_CLASSES = {
    "hospital": "hospital",
    "clinic": "community_health",
    "school": "school",
    "university": "school",
    "college": "school",
    "park": "park",
    "playground": "square",
    "hotel": "hotel",
    "restaurant": "restaurant",
    "supermarket": "mall",
    "mall": "mall",
    "bank": "bank_post_telecom",
    "post_office": "bank_post_telecom",
    "police": "police_window",
    "toilet": "public_toilet",
    "attraction": "scenic_area",
    "theme_park": "scenic_area",
    "residential": "residential_estate",
    "market_place": "market",
    "kindergarten": "school_surroundings",
}
# So that the demo is not mostly restaurants: at most so many of a kind, spread evenly over the list.
AT_MOST = {"restaurant": 45, "residential_estate": 150, "mall": 40, "hotel": 30, "scenic_area": 15}
WINDOWS, COMMUNITIES = 22, 36
NOT_A_SITE = ("Tower", "Glass Ladder", "水果超市")


def facilities(places: list[Row], townships: list[Row]) -> list[Feature]:
    """Cultural facilities from OpenStreetMap, then the township culture centres that no map shows."""
    found = [made for place in places if (made := _facility(place))]
    has_centre = {one["properties"].get("township_stated") for one in found}
    for row in townships:
        if row["kind"] != "zone" and row["code"] not in has_centre:
            found.append(_township_centre(row))
    for number, (name, name_en, kind) in enumerate(WITHOUT_POSITION, start=1):
        fields = {"name": name, "name_en": name_en, "kind": kind, "level": "district", "position_precision": "none"}
        fields |= {"source": "district website"}
        found.append({"type": "Feature", "id": f"FD{number:02d}", "geometry": None, "properties": fields})
    return found


def _facility(place: Row) -> Feature | None:
    name, osm = place["name"], place["class"]
    by_name = next((kind for part, kind in FACILITY_NAMES if part in name), None)
    kind = by_name or FACILITY_CLASSES.get(osm)
    if kind is None or any(part in name for part in NOT_CULTURAL):
        return None
    fields: dict[str, Any] = {"name": name, "kind": kind, "level": LEVELS.get(kind, "district")}
    fields |= {"name_en": NAMES_EN[name]} if name in NAMES_EN else {}
    fields |= {"ownership": "private"} if any(part in name for part in PRIVATE) else {}
    fields |= {"township_stated": stated} if (stated := _stated(name)) else {}
    fields |= {"build_status": "built", "position_precision": "exact", "source": OSM}
    return _point(f"F{place['osm_id']}", (place["lon"], place["lat"]), fields)


def _stated(name: str) -> str | None:
    return {"桥梓镇文体中心": "110116105", "宝山镇文化活动中心": "110116111"}.get(name)


def _township_centre(row: Row) -> Feature:
    """A culture centre at its township's seat: that it is there is known, where exactly is not."""
    fields: dict[str, Any] = {
        "name": f"{row['name']}综合文化中心",
        "name_en": f"Culture centre of {row['name_en']}",
        "kind": "township_culture_centre",
        "level": "township",
        "township_stated": row["code"],
        "build_status": "built",
        "position_precision": "township" if row["seat_lon"] else "none",
        "source": "district website; placed at the seat of the township",
    }
    return _point(f"FT{row['code']}", (row["seat_lon"], row["seat_lat"]) if row["seat_lon"] else None, fields)


def sites(
    places: list[Row], townships: list[Row], others: tuple[list[Feature], ...], kinds: list[dict[str, Any]]
) -> list[Feature]:
    """Survey points from OpenStreetMap, one site for each facility and township office, and the demonstration sites."""
    facilities_, villages, streets = others
    minutes = {row["code"]: row["minutes"] for row in kinds}
    offices = [_office(row) for row in townships if row["seat_lon"]]
    found = offices + _survey_points(places) + [_of_facility(one) for one in facilities_ if one["geometry"]]
    found += _demonstrations(found, villages, streets)
    for site in found:
        site["properties"]["visit_minutes"] = minutes[site["properties"]["kind"]]
    return found


def _office(row: Row) -> Feature:
    """A township's office: a demonstration site of the first group."""
    fields = {"name": f"{row['name']}机关", "name_en": f"Office of {row['name_en']}", "kind": "township_office"}
    return _point(f"T{row['code']}", (row["seat_lon"], row["seat_lat"]),
                  fields | _role("T") | {"township_stated": row["code"], "source": row["seat_source"]})  # fmt: skip


def _survey_points(places: list[Row]) -> list[Feature]:
    by_kind: dict[str, list[Row]] = {}
    for place in places:
        kind = SITE_CLASSES.get(place["class"])
        if kind and not any(part in place["name"] for part in NOT_A_SITE):
            by_kind.setdefault(kind, []).append(place)
    chosen = [
        (kind, place) for kind, known in by_kind.items() for place in _spread(known, AT_MOST.get(kind, len(known)))
    ]
    return [
        _point(
            f"O{place['osm_id']}",
            (place["lon"], place["lat"]),
            {
                "name": place["name"],
                "kind": kind,
                "is_survey_point": True,
                "position_precision": "exact",
                "source": OSM,
            },
        )
        for kind, place in chosen
    ]


def _of_facility(facility: Feature) -> Feature:
    """The site that a facility is: one place, two layers, joined by facility_id."""
    known = facility["properties"]
    fields = {
        name: known[name]
        for name in ("name", "name_en", "position_precision", "source", "township_stated")
        if name in known
    }
    fields |= {"kind": "cultural_venue", "is_survey_point": True, "facility_id": facility["id"]}
    return {"type": "Feature", "id": f"C{facility['id']}", "geometry": facility["geometry"], "properties": fields}


def _demonstrations(found: list[Feature], villages: list[Feature], streets: list[Feature]) -> list[Feature]:
    """Give the role to windows among the sites, and make sites of communities and main streets that have it."""
    windows = ("hospital", "community_health", "police_window", "bank_post_telecom", "cultural_venue")
    for site in _spread([site for site in found if site["properties"]["kind"] in windows], WINDOWS):
        site["properties"] |= _role("W") | {"synthetic": True}
    placed = [village for village in villages if village["geometry"]]
    made = [_of_village(village) for village in _spread(placed, COMMUNITIES)]
    return made + [_of_street(street) for street in streets]


def _of_village(village: Feature) -> Feature:
    known = village["properties"]
    fields = {"name": known["name"], "kind": "community" if known["kind"] == "community" else "village"}
    fields |= _role("C") | {"position_precision": "village", "township_stated": known["township_stated"]}
    fields |= {"village": village["id"], "synthetic": True, "source": known["source"]}
    return {"type": "Feature", "id": f"D{village['id']}", "geometry": village["geometry"], "properties": fields}


def _of_street(street: Feature) -> Feature:
    known = street["properties"]
    fields = {"name": known["name"], "kind": "main_street"} | _role("M")
    fields |= {"name_en": known["name_en"]} if "name_en" in known else {}
    fields |= {"position_precision": "street", "synthetic": True, "source": known["source"]}
    place = {"type": "Point", "coordinates": street["geometry"]["coordinates"][1]}
    return {"type": "Feature", "id": f"D{street['id']}", "geometry": place, "properties": fields}


def _role(group: str) -> dict[str, Any]:
    return {"is_demonstration": True, "group": group, "build_status": "built"}


def _spread(known: list[Any], number: int) -> list[Any]:
    """So many of them, evenly spread over the list."""
    if number >= len(known):
        return known
    return [known[step * len(known) // number] for step in range(number)]


def _point(id: str, place: tuple[str, str] | None, fields: dict[str, Any]) -> Feature:
    geometry = place and {"type": "Point", "coordinates": [round(float(place[0]), 7), round(float(place[1]), 7)]}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": fields}
