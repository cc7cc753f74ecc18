"""What every layer looks like at the head of the ledger.

Readers take a `LayerSnapshot`, which never changes: a large block in Morton order (the base), a mask of its rows that
have been superseded, and a small block of newer versions (the tail). When the tail has grown, a thread merges it into a
new base while readers and writers go on.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from geoapp.domain.layers import DOCUMENTS, LAYERS
from geoapp.domain.selection import Scope
from geoapp.storage.columns import Block, Columns, SortKey, joined, take
from geoapp.storage.patch import merge_patch
from geoapp.storage.snapshot import LayerSnapshot, Pinned

# Up to so many changed features wait in the tail; more than that are built into a base at once.
TAIL_LIMIT = 4096
# A commit of so many changes is built into columns before it is shown, so that nobody waits for that.
MANY = 20_000

# By id the value, None where it was deleted, and the seq of the commit that made it so.
Changed = dict[str, tuple[bytes | None, int]]


@dataclass(slots=True)
class _Layer:
    """One layer's present snapshot and the changes that are not in it yet."""

    columns: Columns
    snapshot: LayerSnapshot
    pending: Changed = field(default_factory=dict)
    since_merge: Changed | None = None
    births: dict[str, int] = field(default_factory=dict)
    seq: int = 0


class Memory:
    """All layers and documents; `apply` is called by one thread at a time, everything else by any."""

    def __init__(self, sort_key: SortKey) -> None:
        self.seq = 0
        self._sort_key = sort_key
        self._lock = threading.RLock()
        self._layers: dict[str, _Layer] = {}
        self._documents: dict[str, dict[str, tuple[bytes, int]]] = {name: {} for name in DOCUMENTS}
        self._document_seq: dict[str, int] = {}
        self._born = 0

    # --- what the ledger tells ---------------------------------------------------------------------

    def apply(self, seq: int, changes: Sequence[tuple[str, str, bytes | None]]) -> None:
        """Take in one commit: (layer, id, patch), None deletes."""
        if len(changes) >= MANY:
            self._apply_many(seq, changes)
            return
        with self._lock:
            for layer, id, patch in changes:
                if layer in DOCUMENTS:
                    self._apply_document(layer, id, patch, seq)
                else:
                    self._apply_feature(self._layer(layer), id, patch, seq)
            self.seq = seq

    def _apply_many(self, seq: int, changes: Sequence[tuple[str, str, bytes | None]]) -> None:
        """The same for an import: its columns are built while others go on reading, and then shown all at once."""
        by_layer: dict[str, list[tuple[str, bytes | None]]] = {}
        for layer, id, patch in changes:
            by_layer.setdefault(layer, []).append((id, patch))
        built = {
            layer: self._built(layer, changed, seq) for layer, changed in by_layer.items() if layer not in DOCUMENTS
        }
        with self._lock:
            for layer in by_layer.keys() & DOCUMENTS:
                for id, patch in by_layer[layer]:
                    self._apply_document(layer, id, patch, seq)
            for layer, (values, blocks) in built.items():
                held = self._layer(layer)
                held.seq = seq
                self._install(held, values, blocks)
            self.seq = seq

    def _built(self, layer: str, changed: Sequence[tuple[str, bytes | None]], seq: int) -> tuple[Changed, list[Block]]:
        """What a commit makes of a layer's features, and its columns; only this thread writes meanwhile."""
        snapshot, held = self.snapshot(layer), self._layer(layer)
        values: Changed = {}
        for id, patch in changed:
            row = None if id in values else snapshot.row(id)
            current = values[id][0] if id in values else None
            if row is not None:
                current = snapshot.encoded(np.array([row]), Scope.FULL)[0]
            if current is None:
                self._born += 1
                held.births[id] = self._born
            values[id] = (_value(current, patch), seq)
        return values, self._blocks(held, values)

    def _apply_document(self, layer: str, id: str, patch: bytes | None, seq: int) -> None:
        known = self._documents[layer]
        self._document_seq[layer] = seq
        if patch is None:
            known.pop(id, None)
        else:
            known[id] = (_patched(known[id][0], patch) if id in known else patch, seq)

    def _apply_feature(self, layer: _Layer, id: str, patch: bytes | None, seq: int) -> None:
        layer.seq = seq
        current = self._current(layer, id)
        if current is None:
            self._born += 1
            layer.births[id] = self._born
        layer.pending[id] = (_value(current, patch), seq)

    def _current(self, layer: _Layer, id: str) -> bytes | None:
        if id in layer.pending:
            return layer.pending[id][0]
        row = layer.snapshot.row(id)
        return None if row is None else layer.snapshot.encoded(np.array([row]), Scope.FULL)[0]

    # --- what readers ask ----------------------------------------------------------------------------

    def version(self, layer: str, id: str) -> int | None:
        """Sequence number of the last change of a feature or document; None if it does not exist."""
        with self._lock:
            if layer in DOCUMENTS:
                return self._documents[layer][id][1] if id in self._documents[layer] else None
            held = self._layers.get(layer)
            if held is None:
                return None
            if id in held.pending:
                value, seq = held.pending[id]
                return None if value is None else seq
            row = held.snapshot.row(id)
            if row is None:
                return None
            base, tail = held.snapshot.base, held.snapshot.tail
            return int(base.version[row] if row < len(base) else tail.version[row - len(base)])

    def layers(self) -> dict[str, int]:
        """Every layer and collection of documents with the sequence number of its last change."""
        with self._lock:
            return {name: layer.seq for name, layer in self._layers.items()} | self._document_seq

    def snapshot(self, layer: str) -> LayerSnapshot:
        """The layer as it is now; an empty one if nothing was ever written to it."""
        with self._lock:
            held = self._layer(layer)
            if held.pending:
                self._fold(held)
            return held.snapshot

    def pinned(self) -> "Pinned":
        """Everything as it is now, all of one sequence number."""
        with self._lock:
            snapshots = {name: self.snapshot(name) for name in LAYERS}
            documents = {name: dict(known) for name, known in self._documents.items()}
            return Pinned(self.seq, snapshots, documents, self.layers())

    def document(self, collection: str, id: str) -> Any:
        """A document's value, None if there is none."""
        with self._lock:
            found = self._documents[collection].get(id)
        return None if found is None else orjson.loads(found[0])

    def encoded(self, layer: str) -> Iterator[bytes]:
        """The current values as JSON, in the order of their ids."""
        return (text for _, text in self.items(layer))

    def items(self, layer: str) -> Iterator[tuple[str, bytes]]:
        """Ids and current values as JSON, in the order of the ids."""
        if layer in DOCUMENTS:
            with self._lock:
                known = sorted(self._documents[layer].items())
            return ((id, text) for id, (text, _) in known)
        snapshot = self.snapshot(layer)
        rows = snapshot.alive()
        pairs = zip(snapshot.ids(rows), snapshot.encoded(rows, Scope.FULL), strict=True)
        return iter(sorted(pairs, key=lambda pair: pair[0]))

    # --- from changes to blocks ----------------------------------------------------------------------

    def _layer(self, name: str) -> _Layer:
        held = self._layers.get(name)
        if held is None:
            columns = Columns(name, self._sort_key)
            none = columns.empty()
            snapshot = LayerSnapshot(name, 0, none, np.zeros(0, bool), none, columns.vocabularies)
            held = self._layers[name] = _Layer(columns, snapshot)
        return held

    def _fold(self, held: _Layer) -> None:
        """Move the pending changes into the snapshot: into its tail, or into a new base where they are many."""
        pending, held.pending = held.pending, {}
        self._install(held, pending, self._blocks(held, pending))

    def _install(self, held: _Layer, pending: Changed, blocks: Sequence[Block]) -> None:
        """Show what has changed: behind the base, or as a new base where it is much."""
        old = held.snapshot
        dead = old.dead.copy()
        dead[[row for id in pending if (row := old.base.row_of.get(id)) is not None]] = True
        kept = take(
            old.tail, np.array([row for row, id in enumerate(old.tail.ids) if id not in pending], dtype=np.intp)
        )
        newer = [kept, *blocks]
        held.births = {}
        if held.since_merge is not None:
            held.since_merge.update(pending)
        size = sum(map(len, newer))
        if size > max(TAIL_LIMIT, len(old.base)):
            base = joined([take(old.base, np.flatnonzero(~dead)), *newer])
            self._show(held, base, np.zeros(len(base), bool), held.columns.empty())
            return
        self._show(held, old.base, dead, joined(newer))
        if size > TAIL_LIMIT and held.since_merge is None:
            held.since_merge = {}
            threading.Thread(target=self._merge, args=(held, held.snapshot), daemon=True).start()

    def _show(self, held: _Layer, base: Block, dead: NDArray[np.bool_], tail: Block) -> None:
        held.snapshot = LayerSnapshot(held.snapshot.layer, held.seq, base, dead, tail, held.columns.vocabularies)

    def _blocks(self, held: _Layer, changed: Changed) -> list[Block]:
        living = [(id, text, seq) for id, (text, seq) in changed.items() if text is not None]
        born = np.fromiter((self._birth(held, id) for id, _, _ in living), dtype=np.int64, count=len(living))
        version = np.fromiter((seq for _, _, seq in living), dtype=np.int64, count=len(living))
        return held.columns.blocks([id for id, _, _ in living], [text for _, text, _ in living], born, version)

    def _birth(self, held: _Layer, id: str) -> int:
        row = None if id in held.births else held.snapshot.row(id)
        return held.births[id] if row is None else int(held.snapshot.born(np.array([row]))[0])

    def _merge(self, held: _Layer, old: LayerSnapshot) -> None:
        """Build a new base from an older snapshot while others go on, then set what has changed since on top of it."""
        base = joined([take(old.base, np.flatnonzero(~old.dead)), old.tail])
        with self._lock:
            recent, held.since_merge = held.since_merge or {}, None
            dead = np.zeros(len(base), bool)
            dead[[row for id in recent if (row := base.row_of.get(id)) is not None]] = True
            held.snapshot = replace(
                held.snapshot, base=base, dead=dead, tail=joined(self._blocks(held, recent)), _public={}
            )


def _value(current: bytes | None, patch: bytes | None) -> bytes | None:
    """What a patch makes of a feature."""
    return patch if patch is None or current is None else _patched(current, patch, {"geometry": None})


def _patched(current: bytes, patch: bytes, kept: dict[str, Any] | None = None) -> bytes:
    """The value with its patch; what is `kept` stays there although a merge patch can only take a null away."""
    # Not orjson, whose results keep several times their length in memory.
    return msgspec.json.encode((kept or {}) | merge_patch(orjson.loads(current), orjson.loads(patch)))
