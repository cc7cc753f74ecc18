"""Layer files that somebody changed outside geoapp, as with QGIS: what they are, and what they would change."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fiona
from fiona.errors import FionaError

from geoapp.domain.layers import DOCUMENTS
from geoapp.storage.projection import EDITED_FOLDER, LAYERS_FOLDER, file_of

# GDAL writes seven decimals, about a centimetre: a feature is not moved by being saved.
DECIMALS = 7
_NAME = re.compile(r"(.+)-(\d{8}T\d{6}Z)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class EditedFile:
    """One file that was set aside.

    found_at: when geoapp noticed it, RFC 3339. features: how many it holds. added, removed, changed: ids against the
    layer as it is projected now, sorted. unnamed: features without an id. trouble: why the file cannot be read, else
    None; the other fields are then empty.
    """

    layer: str
    path: Path
    found_at: str
    features: int = 0
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unnamed: int = 0
    trouble: str | None = None


def list_edited(instance: Path) -> list[EditedFile]:
    """Every file that was edited elsewhere and set aside, oldest first."""
    layers = [_edited_layer(instance, path) for path in _set_aside(instance / LAYERS_FOLDER, "geojson")]
    documents = [
        _edited_document(instance, name, path)
        for name in sorted(DOCUMENTS)
        for path in _set_aside(instance / name, "json")
    ]
    return sorted([*layers, *documents], key=lambda file: (file.found_at, str(file.path)))


def _set_aside(folder: Path, suffix: str) -> list[Path]:
    return sorted(path for path in (folder / EDITED_FOLDER).glob(f"*.{suffix}") if _NAME.fullmatch(path.stem))


def _found(path: Path) -> tuple[str, str]:
    """The name of the file before it was set aside, and when that was."""
    name, moment = _NAME.fullmatch(path.stem).groups()  # type: ignore[union-attr]
    return name, datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).isoformat()


def _edited_layer(instance: Path, path: Path) -> EditedFile:
    layer, found_at = _found(path)
    try:
        edited, unnamed = _features(path)
    except (FionaError, OSError, ValueError, TypeError) as error:
        return EditedFile(layer, path, found_at, trouble=_unreadable(path, error))
    ours = file_of(instance, layer)
    current = _features(ours)[0] if ours.is_file() else {}
    count = len(edited) + unnamed
    return EditedFile(layer, path, found_at, count, *_differences(edited, current), unnamed=unnamed)


def _edited_document(instance: Path, layer: str, path: Path) -> EditedFile:
    id, found_at = _found(path)
    try:
        edited = {id: json.loads(path.read_bytes())}
    except (OSError, ValueError) as error:
        return EditedFile(layer, path, found_at, trouble=_unreadable(path, error))
    ours = file_of(instance, layer, id)
    current = {id: json.loads(ours.read_bytes())} if ours.is_file() else {}
    return EditedFile(layer, path, found_at, 1, *_differences(_plain(edited), _plain(current)))


def _plain(documents: Mapping[str, Any]) -> dict[str, Any]:
    """The documents without our own mark, which every edit leaves behind or loses."""
    return {
        id: {name: part for name, part in value.items() if name != "geoapp"} if isinstance(value, dict) else value
        for id, value in documents.items()
    }


def _unreadable(path: Path, error: Exception) -> str:
    reason = " ".join(str(error).split()) or type(error).__name__
    return f"The file {path.name} cannot be read as GeoJSON: {reason}. It is kept as it was found."


def _features(path: Path) -> tuple[dict[str, Any], int]:
    """Geometry and properties of each feature by its id, and how many features have none.

    Both sides of a comparison are read by the same driver, so that what a driver does to values cancels out.
    """
    found: dict[str, Any] = {}
    unnamed = 0
    # Naming the driver keeps GDAL from taking the text for another format that opens further files.
    with fiona.open(path, driver="GeoJSON") as records:
        for record in records:
            properties = {name: value for name, value in record.properties.items() if value is not None}
            id = properties.pop("id", None)
            if id is None:
                unnamed += 1
            else:
                found[str(id)] = (_rounded(_geometry(record)), properties)
    return found, unnamed


def _geometry(record: Any) -> Any:
    geometry = record.geometry
    return None if geometry is None else geometry.__geo_interface__


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _rounded(part) for name, part in value.items()}
    return value


def _differences(
    edited: Mapping[str, Any], current: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    added = sorted(edited.keys() - current.keys())
    removed = sorted(current.keys() - edited.keys())
    changed = sorted(id for id in edited.keys() & current.keys() if edited[id] != current[id])
    return tuple(added), tuple(removed), tuple(changed)
