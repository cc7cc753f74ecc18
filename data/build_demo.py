"""Builds the demo district: `python data/build_demo.py [FOLDER]` fills FOLDER (default layers/), always the same bytes.

Everything is made from the tables beside this file; README.md there says where each comes from. What is schematic or
synthetic carries that in its own fields.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import shapely
from demo_network import roads, streets
from demo_places import facilities, sites

from geoapp.domain.working_time import Calendar
from geoapp.simulation.campaign import World, simulate

DATA = Path(__file__).parent
LAYERS = DATA.parent / "layers"
BEIJING = timezone(timedelta(hours=8))
AS_OF = datetime(2026, 11, 22, 23, 59, tzinfo=BEIJING)
PROBLEMS, SEED = 1_200, 1
# Three problems of one subcategory at one site within the campaign's 90 days make a trouble spot.
TROUBLE_FROM = 3

Feature = dict[str, Any]


def main(folder: Path = LAYERS) -> None:
    """Build all layers and tables."""
    layers, tables = district()
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, features in layers.items():
        write(folder / f"{name}.geojson", name, features)
    for name, table in tables.items():
        text = json.dumps(table, ensure_ascii=False, indent=1)
        (folder / "tables" / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def district() -> tuple[dict[str, list[Feature]], dict[str, Any]]:
    """All layers and tables of the demo."""
    tables = preset_tables()
    places, known_townships = rows("places"), townships()
    villages_ = villages()
    streets_ = streets(places)
    facilities_ = facilities(places, rows("townships"))
    sites_ = sites(places, rows("townships"), (facilities_, villages_, streets_), tables["site_kinds"]["rows"])
    campaign = simulate(world_of(sites_, streets_, tables), problems=PROBLEMS, seed=SEED, as_of=AS_OF)
    problems = list(campaign.problems)
    mark_trouble_spots(sites_, problems)
    layers = {
        "townships": known_townships,
        "villages": villages_,
        "streets": streets_,
        "roads": roads(rows("townships"), villages_, streets_),
        "sites": sites_,
        "facilities": facilities_,
        "problems": problems,
        "visits": campaign.visits,
    }
    note = {"note": "模拟数据", "note_en": "Synthetic"}
    tables["rounds"] = {"name": "rounds", "version": 1, "preset": False, **note, "rows": campaign.rounds}
    tables["batches"] = {"name": "batches", "version": 1, "preset": False, **note, "rows": campaign.batches}
    tables["surveys"] = {"name": "surveys", "version": 1, "preset": False, **note, "rows": surveys()}
    return layers, tables


def surveys() -> list[dict[str, Any]]:
    """Two made-up surveys of residents."""
    return [
        row | {"asked": int(row["asked"]), "yes": int(row["yes"]), "synthetic": True} for row in rows("tables/surveys")
    ]


def world_of(sites_: list[Feature], streets_: list[Feature], tables: dict[str, Any]) -> World:
    """What the simulation needs to know."""
    lines = shapely.from_geojson([json.dumps(street["geometry"]) for street in streets_])
    corners = shapely.get_coordinates(shapely.segmentize(lines, 0.0006))
    subcategories = [row for row in tables["categories"]["rows"] if len(row["code"]) == 4]
    return World(sites_, corners, subcategories, calendar_of(tables["calendar"]), (116.6316, 40.3162))


def calendar_of(table: dict[str, Any]) -> Calendar:
    """The calendar of working days."""
    days = {date.fromisoformat(row["day"]): row["working"] for row in table["rows"]}
    return Calendar(days, known_until=date.fromisoformat(table["known_until"]))


def mark_trouble_spots(sites_: list[Feature], problems: list[Feature]) -> None:
    """Flag the sites that the rule makes trouble spots."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for problem in problems:
        if "site_id" in problem["properties"] and "subcategory" in problem["properties"]:
            counts[problem["properties"]["site_id"]][problem["properties"]["subcategory"]] += 1
    for site in sites_:
        if max(counts[site["id"]].values(), default=0) >= TROUBLE_FROM:
            site["properties"]["is_trouble_spot"] = True


def townships() -> list[Feature]:
    """Townships with the schematic boundaries, and the development zone, which has no area of its own."""
    with (DATA / "boundaries.geojson").open(encoding="utf-8") as file:
        areas = {feature["id"]: feature["geometry"] for feature in json.load(file)["features"]}
    counted = Counter((row["township"], row["kind"]) for row in rows("villages"))
    features = []
    for row in rows("townships"):
        numbers = {name: row[name] and float(row[name]) for name in ("area_km2", "seat_lon", "seat_lat")}
        fields: dict[str, Any] = {name: row[name] for name in ("code", "official_name", "name", "name_en", "kind")}
        fields |= numbers | {
            "area_source": row["area_source"],
            "population": row["population"] and int(row["population"]),
        }
        fields |= {"population_note": row["population_note"], "population_note_en": row["population_note_en"]}
        fields |= {"villages": counted[row["code"], "village"], "communities": counted[row["code"], "community"]}
        fields |= {"overlay": row["kind"] == "zone", "schematic": row["code"] in areas}
        fields["source"] = "示意边界，非官方 schematic boundary, not official" if row["code"] in areas else ""
        features.append(feature(row["code"], areas.get(row["code"]), fields))
    return features


def villages() -> list[Feature]:
    """All villages and communities; only a third of them could be found on a map."""
    features = []
    for row in rows("villages"):
        place = (float(row["lon"]), float(row["lat"])) if row["lon"] else None
        fields = {name: row[name] for name in ("code", "name", "kind")} | {"township_stated": row["township"]}
        fields |= {"position_precision": "village" if place else "none", "source": row["position_source"]}
        features.append(feature(row["code"], place, fields))
    return features


def preset_tables() -> dict[str, Any]:
    """The tables that geoapp proposes, and what the district says of itself."""
    note = {"note": "预置建议，使用前请核对", "note_en": "A preset of our own: check before use"}
    tables: dict[str, Any] = {}
    for name in ("categories", "site_kinds", "facility_kinds", "standards", "units", "line_standards"):
        found = [plain(row) for row in rows(f"tables/{name}")]
        tables[name] = {"name": name, "version": 1, "preset": True, **note, "rows": found}
    tables["calendar"] = {"name": "calendar", "version": 1, "preset": True, **note, "known_until": "2026-12-31",
                          "rows": [{"day": row["day"], "working": row["working"] == "yes", "zh": row["zh"]}
                                   for row in rows("tables/calendar")]}  # fmt: skip
    tables["district"] = json.loads((DATA / "district.json").read_text(encoding="utf-8")) | {"as_of": str(AS_OF.date())}
    return tables


def plain(row: dict[str, str]) -> dict[str, Any]:
    """A table row: lists where lists are meant, yes as true, and nothing that is empty."""
    value: dict[str, Any] = {name: text for name, text in row.items() if text}
    for name in ("units", "proof", "kinds", "streets", "sites", "facilities"):
        if name in value:
            value[name] = value[name].split()
    for name in ("severe", "check", "in_coverage"):
        if name in value or name == "severe":
            value[name] = value.get(name) == "yes"
    return value | {name: int(value[name]) for name in ("minutes", "metres", "number") if name in value}


def rows(name: str) -> list[dict[str, str]]:
    """A table of this folder."""
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def feature(id: str, geometry: Any, fields: dict[str, Any]) -> Feature:
    """A GeoJSON feature; a pair of numbers is a point, and what is empty or unknown is left out."""
    if isinstance(geometry, tuple):
        geometry = {"type": "Point", "coordinates": [round(ordinate, 7) for ordinate in geometry]}
    known = {name: value for name, value in fields.items() if value not in (None, "", False)}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": known}


def write(path: Path, name: str, features: Iterable[Feature]) -> None:
    """One feature a line."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    path.write_text(f'{{"type":"FeatureCollection","name":"{name}","features":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
