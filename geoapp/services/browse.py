"""Looking at features: how many, which, and what one of them says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from geoapp.domain.errors import NotFound, UnknownParameter
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.tables import wording as table_wording
from geoapp.services.district import District
from geoapp.services.ordering import AS_THEY_CAME, Sort, ordered
from geoapp.services.selected import selected
from geoapp.storage.snapshot import LayerSnapshot, Rows

# What statistics can be split by, and the column that holds it.
DIMENSIONS = {
    "township": "township",
    "status": "status",
    "category": "category",
    "subcategory": "subcategory",
    "severity": "severity",
    "origin": "origin",
    "street": "street",
    "site": "site_id",
    "unit": "lead_unit",
    "round": "round_id",
    "batch": "batch_id",
    "kind": "kind",
    "level": "level",
    "outcome": "outcome",
    "build_status": "build_status",
}


@dataclass(frozen=True, slots=True)
class LayerCount:
    """How many features are selected, and how many of them have no place on the map."""

    count: int
    without_place: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A page of features as one JSON array, the number of all selected ones, and of those on this page."""

    features: bytes
    matched: int
    returned: int


@dataclass(frozen=True, slots=True)
class Records:
    """A page of features as flat values, and the number of all selected ones."""

    matched: int
    rows: list[dict[str, Any]]


def counts(district: District, selection: Selection, scope: Scope) -> dict[str, LayerCount]:
    """Selected features of every layer, each by the part of the selection that means something there."""
    return {layer: count(district, layer, selection, scope) for layer in LAYERS}


def count(district: District, layer: str, selection: Selection, scope: Scope) -> LayerCount:
    """Selected features of one layer, by the part of the selection that means something there."""
    chosen = selected(district, layer, selection, scope)
    lon, _ = district.present.snapshot(layer).positions(chosen)
    return LayerCount(len(chosen), int(np.count_nonzero(np.isnan(lon))))


def collection(
    district: District, layer: str, selection: Selection, scope: Scope, *, limit: int, offset: int = 0
) -> Collection:
    """Features in the order in which they first appeared, as stored bytes put side by side."""
    snapshot = _snapshot(district, layer)
    chosen = selected(district, layer, selection, scope)
    page = ordered(district, layer, selection, scope, AS_THEY_CAME)[offset : offset + limit]
    features = b"[" + b",".join(snapshot.encoded(page, scope)) + b"]"
    return Collection(features, len(chosen), len(page))


def records(
    district: District,
    layer: str,
    selection: Selection,
    scope: Scope,
    *,
    limit: int,
    offset: int = 0,
    sort: Sort | None = None,
) -> Records:
    """Features as flat values with id, lon and lat: sorted, else the newest first, else as they came."""
    page = ordered(district, layer, selection, scope, sort or newest_first(layer))
    return Records(len(page), flat(district, layer, page[offset : offset + limit], scope))


def flat(district: District, layer: str, rows: Rows, scope: Scope) -> list[dict[str, Any]]:
    """The properties of these rows with id, lon and lat (None without a place)."""
    snapshot = district.present.snapshot(layer)
    lon, lat = snapshot.positions(rows)
    places = zip(lon.tolist(), lat.tolist(), strict=True)
    return [_flat(text, *place) for text, place in zip(snapshot.encoded(rows, scope), places, strict=True)]


def newest_first(layer: str) -> Sort:
    """How a table stands when nobody asked for anything else."""
    field = LAYERS[layer].time_field
    return Sort(field, descending=True) if field else AS_THEY_CAME


def _flat(text: bytes, lon: float, lat: float) -> dict[str, Any]:
    value = orjson.loads(text)
    place = {"lon": None, "lat": None} if np.isnan(lon) else {"lon": lon, "lat": lat}
    return {"id": value["id"], **place, **value["properties"]}


def feature(district: District, layer: str, id: str, scope: Scope) -> bytes:
    """One feature as GeoJSON; raises NotFound."""
    snapshot = _snapshot(district, layer)
    row = snapshot.row(id)
    if row is None:
        raise NotFound("There is no {id!r} among the {layer}.", id=id, layer=layer)
    return snapshot.encoded(np.array([row]), scope)[0]


def details(district: District, layer: str, id: str, scope: Scope) -> dict[str, Any]:
    """One feature as a value, with its layer; raises NotFound."""
    value: dict[str, Any] = orjson.loads(feature(district, layer, id, scope))
    return value | {"layer": layer}


def problem_photo(district: District, id: str, sha256: str) -> bytes:
    """The bytes (JPEG) of one of a problem's photos, for who may see all of it; raises NotFound for any other."""
    if sha256 not in (details(district, "problems", id, Scope.FULL)["properties"].get("photos") or ()):
        raise NotFound("There is no such picture any more.")
    return district.store.photos.get(sha256)


def statistics(
    district: District, layer: str, selection: Selection, scope: Scope, by: Sequence[str] = ("township", "status")
) -> list[dict[str, Any]]:
    """Counts of the selected features by one or more dimensions; None stands for features without that value."""
    snapshot = _snapshot(district, layer)
    columns = [_column(snapshot, name) for name in by]
    chosen = selected(district, layer, selection, scope)
    if not len(chosen):
        return []
    codes = np.stack([snapshot.coded(column, chosen) for column in columns])
    groups, numbers = _groups(codes)
    texts = [snapshot.vocabularies[column].texts for column in columns]
    found = [
        {name: None if code < 0 else known[code] for name, known, code in zip(by, texts, group, strict=True)}
        | {"count": number}
        for group, number in zip(groups.T.tolist(), numbers.tolist(), strict=True)
    ]
    return sorted(found, key=lambda row: [str(row[name] or "") for name in by])


def _groups(codes: Any) -> tuple[Any, Any]:
    """Distinct columns of a (dimensions, n) array of codes, and how often each occurs."""
    key = np.zeros(codes.shape[1], np.int64)
    for row in codes:
        key = key * (int(row.max()) + 2) + row + 1
    _, first, numbers = np.unique(key, return_index=True, return_counts=True)
    return codes[:, first], numbers


def _column(snapshot: LayerSnapshot, name: str) -> str:
    column = DIMENSIONS.get(name)
    if snapshot.layer == "townships" and name == "township":
        column = "code"
    if column is None or column not in snapshot.vocabularies:
        known = ", ".join(sorted(name for name, column in DIMENSIONS.items() if column in snapshot.vocabularies))
        raise UnknownParameter(
            "{layer} cannot be counted by {name!r}; possible: {known}.", layer=snapshot.layer, name=name, known=known
        )
    return column


def require_layer(layer: str, selection: Selection) -> None:
    """Raise NotFound for a layer that is none, UnknownParameter for a selection that it cannot be chosen by."""
    district_layer(layer)
    selection.require(layer)


def district_layer(layer: str) -> str:
    """The layer's name; raises NotFound for one that is none."""
    if layer not in LAYERS:
        raise NotFound("There is no layer {layer!r}; there are {known}.", layer=layer, known=", ".join(LAYERS))
    return layer


def _snapshot(district: District, layer: str) -> LayerSnapshot:
    return district.present.snapshot(district_layer(layer))


def wording(district: District, table: str, language: str) -> dict[str, str]:
    """Code to name for a table (categories, site_kinds, …) or for the layer townships, in the order of the table."""
    key = ("wording", table, district.present.seqs.get(table if table in LAYERS else "tables", 0), language)
    return district.derived.get(key, lambda: _wording(district, table, language), lambda words: 100 * len(words) + 100)


def _wording(district: District, table: str, language: str) -> dict[str, str]:
    if table in LAYERS:
        return _names(district, table, language)
    document = district.present.document("tables", table)
    return {} if document is None else table_wording(document["rows"], language)


def table_rows(district: District, table: str) -> dict[str, dict[str, Any]]:
    """The rows of a table (categories, rounds, …) by their codes, in its order; {} where the district has none."""
    document = district.present.document("tables", table)
    return {} if document is None else {str(row["code"]): row for row in document["rows"]}


def is_preset(district: District, table: str) -> bool:
    """Whether a table is still the one that geoapp proposed, and nobody's own."""
    document = district.present.document("tables", table)
    return bool(document and document.get("preset"))


def _names(district: District, layer: str, language: str) -> dict[str, str]:
    snapshot = district.present.snapshot(layer)
    chosen = snapshot.alive()
    values = [orjson.loads(text) for text in snapshot.encoded(chosen, Scope.PUBLIC)]
    key = "name" if language.startswith("zh") else "name_en"
    named = {value["id"]: value["properties"].get(key) or value["properties"]["name"] for value in values}
    return dict(sorted(named.items()))
