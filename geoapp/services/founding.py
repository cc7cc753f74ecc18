"""How a district comes to be: its first commit."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from geoapp.config import Config
from geoapp.domain.errors import InstanceExists
from geoapp.domain.layers import LAYERS
from geoapp.services.assigning import Feature, Surroundings, assigned
from geoapp.services.district import Clock, District, open_district, system_clock
from geoapp.storage.follower import Progress
from geoapp.storage.ledger import Change

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
    Raises InstanceExists if a district was founded there before.
    """
    district = open_district(config or Config(instance=instance), clock=clock, progress=progress)
    if district.memory.document("tables", "district") is not None:
        district.close()
        raise InstanceExists(f"There is a district in {instance} already.")
    changes = [*_documents(tables), *_features(layers, schematic=bool(tables["district"].get("schematic")))]
    district.store.append(changes, actor="geoapp", action="init", request_key="init")
    return district


def _documents(tables: Documents) -> Iterator[Change]:
    for name, value in tables.items():
        yield Change("tables", name, msgspec.json.encode(value))


def _features(layers: Layers, *, schematic: bool) -> Iterator[Change]:
    townships = list(layers.get("townships", ()))
    streets = list(layers.get("streets", ()))
    around = Surroundings.of(townships, streets, schematic=schematic)
    known: Layers = {**layers, "townships": townships, "streets": streets}
    for layer in LAYERS:
        for feature in assigned(layer, known.get(layer, ()), around):
            yield Change(layer, feature["id"], msgspec.json.encode(feature))
