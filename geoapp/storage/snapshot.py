"""One layer, or all of them, at one sequence number: what readers look at while others write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope
from geoapp.storage.columns import Block, Vocabulary

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LayerSnapshot:
    """One layer at one sequence number; rows count the base first, then the tail."""

    layer: str
    seq: int
    base: Block
    dead: NDArray[np.bool_]
    tail: Block
    vocabularies: Mapping[str, Vocabulary]
    _public: dict[int, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(len(self.base) - np.count_nonzero(self.dead) + len(self.tail))

    def alive(self) -> Rows:
        """All rows, in no promised order."""
        return np.concatenate([np.flatnonzero(~self.dead), len(self.base) + np.arange(len(self.tail))])

    def row(self, id: str) -> int | None:
        """The row of a feature, None if there is none."""
        in_tail = self.tail.row_of.get(id)
        if in_tail is not None:
            return len(self.base) + in_tail
        in_base = self.base.row_of.get(id)
        return None if in_base is None or self.dead[in_base] else in_base

    def coded(self, name: str, rows: Rows) -> NDArray[np.int32]:
        """Codes of a text column; `vocabularies[name].texts` names them."""
        return _gather(self.base.coded[name], self.tail.coded[name], rows)

    def times(self, name: str, rows: Rows) -> NDArray[np.int64]:
        """Seconds since 1970, NO_TIME where there is none."""
        return _gather(self.base.times[name], self.tail.times[name], rows)

    def numbers(self, name: str, rows: Rows) -> NDArray[np.float64]:
        """Numbers, NaN where there is none; yes and no are 1 and 0."""
        return _gather(self.base.numbers[name], self.tail.numbers[name], rows)

    def texts(self, name: str, rows: Rows) -> list[str | None]:
        """The texts of a text column."""
        known = self.vocabularies[name].texts
        return [None if code < 0 else known[code] for code in self.coded(name, rows).tolist()]

    def positions(self, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """lon and lat in degrees, NaN without a position."""
        return _gather(self.base.lon, self.tail.lon, rows), _gather(self.base.lat, self.tail.lat, rows)

    def codes(self, rows: Rows) -> NDArray[np.uint64]:
        """The sort keys of the positions."""
        return _gather(self.base.codes, self.tail.codes, rows)

    def born(self, rows: Rows) -> NDArray[np.int64]:
        """Running numbers: the order in which features first appeared."""
        return _gather(self.base.born, self.tail.born, rows)

    def bounds(self, rows: Rows) -> NDArray[np.float64]:
        """West, south, east, north in degrees (n, 4), NaN without a position."""
        if not len(self.tail):
            return self.base.bounds[rows]
        return np.vstack([self.base.bounds, self.tail.bounds])[rows]

    def geometries(self, rows: Rows) -> list[Any]:
        """Shapely lines and areas (None where there is none)."""
        return [self._geometry(row) for row in rows.tolist()]

    def ids(self, rows: Rows) -> list[str]:
        """The features' ids."""
        first, base, tail = len(self.base), self.base.ids, self.tail.ids
        return [base[row] if row < first else tail[row - first] for row in rows.tolist()]

    def encoded(self, rows: Rows, scope: Scope) -> list[bytes]:
        """The features as JSON, without their private fields unless the scope is full."""
        first, base, tail = len(self.base), self.base.encoded, self.tail.encoded
        full = [base[row] if row < first else tail[row - first] for row in rows.tolist()]
        private = LAYERS[self.layer].private
        if scope is Scope.FULL or not private:
            return full
        return [self._open(row, text, private) for row, text in zip(rows.tolist(), full, strict=True)]

    def _open(self, row: int, text: bytes, private: frozenset[str]) -> bytes:
        known = self._public.get(row)
        if known is None:
            known = self._public[row] = without_private(text, private)
        return known

    def _geometry(self, row: int) -> Any:
        block, row = (self.base, row) if row < len(self.base) else (self.tail, row - len(self.base))
        return None if block.geometries is None else block.geometries[row]


def without_private(feature: bytes, private: frozenset[str]) -> bytes:
    """The encoded feature without these properties."""
    if not any(f'"{name}"'.encode() in feature for name in private):
        return feature
    value = orjson.loads(feature)
    value["properties"] = {name: item for name, item in value["properties"].items() if name not in private}
    return msgspec.json.encode(value)


def _gather(base: NDArray[Any], tail: NDArray[Any], rows: Rows) -> NDArray[Any]:
    if not len(tail):
        return base[rows]
    return np.where(
        rows < len(base),
        base[np.minimum(rows, len(base) - 1)] if len(base) else tail[0],
        tail[np.maximum(rows - len(base), 0)],
    )


@dataclass(frozen=True, slots=True)
class Pinned:
    """All layers and documents at one sequence number: what one request sees, whatever is written meanwhile."""

    seq: int
    snapshots: Mapping[str, LayerSnapshot]
    documents: Mapping[str, Mapping[str, tuple[bytes, int]]]
    seqs: Mapping[str, int]

    def snapshot(self, layer: str) -> LayerSnapshot:
        """The layer as it was."""
        return self.snapshots[layer]

    def document(self, collection: str, id: str) -> Any:
        """A document's value, None if there is none."""
        found = self.documents[collection].get(id)
        return None if found is None else orjson.loads(found[0])
