"""How a district comes to be: its first commit, and the demo's synthetic problems."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import shapely

from geoapp.config import Config
from geoapp.domain.errors import BadInput, InstanceExists, NotADemo
from geoapp.domain.layers import LAYERS
from geoapp.paths import room
from geoapp.services.assigning import CHUNK, Feature, Surroundings, assigned
from geoapp.services.calendars import district_calendar
from geoapp.services.checking import require_sound_table, sound
from geoapp.services.district import Clock, District, open_district, system_clock
from geoapp.services.keeping import require_instance
from geoapp.simulation.calendar_shift import shifted, weeks_between
from geoapp.simulation.campaign import Campaign, World, simulate
from geoapp.storage.follower import Progress
from geoapp.storage.ledger import Change
from geoapp.storage.patch import patch_between
from geoapp.storage.shipped import read_layers, read_tables

Layers = Mapping[str, Iterable[Feature]]
Documents = Mapping[str, Mapping[str, Any]]


def found(
    instance: Path,
    layers: Layers,
    tables: Documents,
    *,
    clock: Clock = system_clock,
    config: Config | None = None,
    progress: Progress | None = None,
) -> District:
    """A new district in an instance folder: every point assigned, everything in one commit.

    layers: GeoJSON features by layer. tables: documents by name; `district` (name, timezone, …) must be among them.
    Raises InstanceExists if a district was founded there before, BadInput for what is no sound record.
    """
    district = open_district(config or Config(instance=instance), clock=clock, progress=progress)
    if district.memory.document("tables", "district") is not None:
        district.close()
        raise InstanceExists(f"There is a district in {instance} already.")
    try:
        changes = [*_documents(tables), *_features(layers, schematic=bool(tables["district"].get("schematic")))]
        district.store.append(changes, actor="geoapp", action="init", request_key="init")
    except BaseException:
        district.close()
        raise
    return district


def _documents(tables: Documents) -> Iterator[Change]:
    for name, value in tables.items():
        require_sound_table(name, value)
        yield Change("tables", name, msgspec.json.encode(value))


def _features(layers: Layers, *, schematic: bool) -> Iterator[Change]:
    townships = list(layers.get("townships", ()))
    streets = list(layers.get("streets", ()))
    around = Surroundings.of(townships, streets, schematic=schematic)
    known: Layers = {**layers, "townships": townships, "streets": streets}
    for layer in LAYERS:
        for feature in sound(layer, assigned(layer, _with_ids(layer, known.get(layer, ())), around)):
            yield Change(layer, feature["id"], msgspec.json.encode(feature))


def _with_ids(layer: str, features: Iterable[Feature]) -> Iterator[Feature]:
    for feature in features:
        if not feature.get("id"):
            raise BadInput("A feature of {layer} has no id.", layer=layer)
        yield feature


def init_demo(config: Config, *, clock: Clock = system_clock, progress: Progress | None = None) -> dict[str, Any]:
    """Found the demo district in the instance folder, moved in time so that it ends yesterday or just before.

    Raises InstanceExists.
    """
    folder = room("layers")
    layers, tables = read_layers(folder), read_tables(folder)
    moved_layers, moved_tables = _moved_to_now(layers, tables, clock())
    district = found(config.instance, moved_layers, moved_tables, clock=clock, config=config, progress=progress)
    try:
        number, name = len(layers["problems"]), tables["district"]["name_en"]
        return {
            "instance": str(config.instance),
            "district": name,
            "problems": number,
            "sentence": f"{name} stands in {config.instance} with {number} synthetic problems.",
        }
    finally:
        district.close()


def simulate_demo(
    config: Config, *, problems: int, seed: int, clock: Clock = system_clock, progress: Progress | None = None
) -> dict[str, Any]:
    """Give the demo district so many synthetic problems and visits in place of those it has, in one commit.

    Raises NoInstance, NotADemo for a district whose problems are real.
    """
    require_instance(config)
    district = open_district(config, clock=clock)
    try:
        if not district.describe().demo:
            raise NotADemo(f"The district in {config.instance} is no demo: its problems are real and stay.")
        campaign = _campaign(district, problems, seed, clock())
        fresh = _replacing(district, campaign, problems, progress)
        district.store.append(list(fresh), actor="geoapp", action=f"demo --problems {problems} --seed {seed}")
        return {
            "instance": str(config.instance),
            "problems": problems,
            "seed": seed,
            "hot_spots": [list(spot) for spot in campaign.truth.hot_spots],
            "sentence": f"The demo in {config.instance} has {problems:,} synthetic problems now.",
        }
    finally:
        district.close()


def _moved_to_now(
    layers: Mapping[str, list[Feature]], tables: Mapping[str, Any], now: datetime
) -> tuple[Layers, Documents]:
    zone = ZoneInfo(tables["district"]["timezone"])
    ends = date.fromisoformat(tables["district"]["as_of"])
    weeks = weeks_between(ends, now.astimezone(zone).date())
    moved = {name: shifted(features, weeks) for name, features in layers.items()}
    rounds = tables["rounds"] | {"rows": list(shifted(tables["rounds"]["rows"], weeks))}
    surveys = tables["surveys"] | {"rows": list(shifted(tables["surveys"]["rows"], weeks))}
    facts = tables["district"] | {"as_of": str(ends + timedelta(weeks=weeks))}
    return moved, {**tables, "rounds": rounds, "surveys": surveys, "district": facts}


def _campaign(district: District, problems: int, seed: int, now: datetime) -> Campaign:
    """A campaign over the district's own sites and streets that ends on the last Sunday."""
    zone = district.zone
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    sunday = yesterday - timedelta(days=(yesterday.weekday() + 1) % 7)
    sites = [feature for feature in _decoded(district, "sites") if feature["geometry"]]
    lines = [msgspec.json.encode(feature["geometry"]) for feature in _decoded(district, "streets")]
    corners = shapely.get_coordinates(shapely.segmentize(shapely.from_geojson(lines), STEP_ALONG_STREETS))
    categories = district.memory.document("tables", "categories")["rows"]
    world = World(
        sites=sites,
        corners=corners,
        subcategories=[row for row in categories if len(row["code"]) == 4],
        calendar=district_calendar(district),
        centre=tuple(corners.mean(axis=0).round(7).tolist()),
    )
    return simulate(world, problems=problems, seed=seed, as_of=datetime.combine(sunday, time(23, 59), zone))


# Degrees, about 50 m: where along a street a report may lie.
STEP_ALONG_STREETS = 0.0006


def _decoded(district: District, layer: str) -> list[Feature]:
    return [msgspec.json.decode(text) for text in district.memory.encoded(layer)]


def _replacing(district: District, campaign: Campaign, problems: int, progress: Progress | None) -> Iterator[Change]:
    """What goes is what is not made again under the same id: an id that stays is one change, not two."""
    around = Surroundings.of(
        _decoded(district, "townships"), _decoded(district, "streets"), schematic=district.describe().schematic
    )
    for name, table in (("rounds", campaign.rounds), ("batches", campaign.batches)):
        yield Change("tables", name, msgspec.json.encode({"rows": table}))
    for layer, features in (("problems", campaign.problems), ("visits", campaign.visits)):
        old = {id: msgspec.json.decode(text) for id, text in district.memory.items(layer)}
        for number, feature in enumerate(sound(layer, assigned(layer, features, around)), start=1):
            known = old.pop(feature["id"], None)
            patch = feature if known is None else patch_between(known, feature)
            yield Change(layer, feature["id"], msgspec.json.encode(patch))
            if progress and layer == "problems" and number % CHUNK == 0:
                progress(number, problems)
        for gone in old:
            yield Change(layer, gone, None)
