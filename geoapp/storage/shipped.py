"""The layers and tables that geoapp brings along: what a demo starts from, and nothing that a page ever reads."""

from pathlib import Path
from typing import Any

import orjson

Feature = dict[str, Any]


def read_layers(folder: Path) -> dict[str, list[Feature]]:
    """Every <layer>.geojson of a folder, as features by layer."""
    return {path.stem: orjson.loads(path.read_bytes())["features"] for path in sorted(folder.glob("*.geojson"))}


def read_tables(folder: Path) -> dict[str, dict[str, Any]]:
    """Every tables/<name>.json of a folder, by name."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted((folder / "tables").glob("*.json"))}


def read_table(folder: Path, name: str) -> dict[str, Any]:
    """tables/<name>.json of a folder."""
    table: dict[str, Any] = orjson.loads((folder / "tables" / f"{name}.json").read_bytes())
    return table
