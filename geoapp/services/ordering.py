"""In which order selected features are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.collation import collation_key
from geoapp.domain.problem import Severity, Status
from geoapp.domain.selection import Scope, Selection
from geoapp.services.district import District
from geoapp.services.selected import basis, selected
from geoapp.storage.columns import NO_TIME
from geoapp.storage.snapshot import LayerSnapshot, Rows


@dataclass(frozen=True, slots=True)
class Sort:
    """By which field of a feature; by None as they first appeared. What has no value comes last either way."""

    field: str | None
    descending: bool = False


AS_THEY_CAME = Sort(None)

# Fields whose values have an order of their own; names go by their sound, codes and numbers by their characters.
_RANKS: dict[str, tuple[str, ...]] = {"status": tuple(Status), "severity": tuple(Severity)}
_NAMES = frozenset({"name", "township_name", "address", "official_name"})


def ordered(district: District, layer: str, selection: Selection, scope: Scope, sort: Sort) -> Rows:
    """The selected rows in this order; kept for the next page."""
    snapshot, meant = district.present.snapshot(layer), selection.for_layer(layer)

    def order() -> Rows:
        chosen = selected(district, layer, meant, scope)
        first_come = chosen[np.argsort(snapshot.born(chosen), kind="stable")]
        if sort.field is None:
            return first_come
        rank = _ranks(district, snapshot, sort.field)[_places(snapshot, first_come)]
        known = np.flatnonzero(~np.isnan(rank))
        by_rank = np.argsort(-rank[known] if sort.descending else rank[known], kind="stable")
        sorted_rows: Rows = first_come[np.concatenate([known[by_rank], np.flatnonzero(np.isnan(rank))])]
        return sorted_rows

    key = ("ordered", layer, basis(district, layer, meant), meant, scope, sort)
    kept: Rows = district.derived.get(key, order, lambda rows: rows.nbytes)
    return kept


def _places(snapshot: LayerSnapshot, rows: Rows) -> Rows:
    """Where these rows stand among all that live: ranks are kept for those only."""
    alive = snapshot.alive()
    place = np.empty(int(alive.max(initial=-1)) + 1, np.intp)
    place[alive] = np.arange(len(alive))
    return place[rows]


def _ranks(district: District, snapshot: LayerSnapshot, field: str) -> NDArray[np.float64]:
    """A number for every living row that says where it stands by this field, NaN without a value."""
    key = ("ranks", snapshot.layer, snapshot.seq, field)
    return district.derived.get(key, lambda: _ranked(snapshot, field), lambda ranks: ranks.nbytes)


def _ranked(snapshot: LayerSnapshot, field: str) -> NDArray[np.float64]:
    rows = snapshot.alive()
    if field in snapshot.base.times:
        seconds = snapshot.times(field, rows)
        return np.where(seconds == NO_TIME, np.nan, seconds.astype(float))
    if field in snapshot.base.numbers:
        return snapshot.numbers(field, rows)
    if field in snapshot.vocabularies:
        texts = snapshot.vocabularies[field].texts
        of_code = _ranks_of(list(texts), field)
        return np.append(of_code, np.nan)[snapshot.coded(field, rows)]  # -1, without a value, is the last one
    return _ranks_of(_values(snapshot, rows, field), field)


def _ranks_of(values: list[Any], field: str) -> NDArray[np.float64]:
    distinct = sorted({value for value in values if value is not None}, key=_key(field))
    place = {value: float(number) for number, value in enumerate(distinct)}
    return np.array([place.get(value, np.nan) for value in values], dtype=float)


def _key(field: str) -> Callable[[Any], Any]:
    if field in _RANKS:
        known = _RANKS[field]
        return lambda value: (known.index(value) if value in known else len(known), str(value))
    if field in _NAMES:
        return lambda value: collation_key(str(value))
    # Numbers before texts: a field may hold both where a source was careless.
    return lambda value: (0, value, "") if isinstance(value, int | float) else (1, 0, str(value))


def _values(snapshot: LayerSnapshot, rows: Rows, field: str) -> list[Any]:
    """One property of every row, read without the rest; what is neither text nor number counts as its JSON."""
    wanted = msgspec.defstruct("Wanted", [("value", Any, None)], rename={"value": field}, gc=False)
    read: Callable[[bytes], Any] = msgspec.json.Decoder(
        msgspec.defstruct("Feature", [("properties", wanted)], gc=False)
    ).decode
    values = [read(text).properties.value for text in snapshot.encoded(rows, Scope.FULL)]
    return [
        value if value is None or isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
        for value in values
    ]
