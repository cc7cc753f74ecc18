"""Keeps the layer files up with the ledger: one process of an instance does, in a thread of its own."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from geoapp.domain.errors import LedgerDamaged
from geoapp.domain.layers import DOCUMENTS
from geoapp.storage.database import explained
from geoapp.storage.filesystem import FileLock, disk_errors, fsync_folder, make_folder
from geoapp.storage.follower import Follower
from geoapp.storage.patch import merge_patch
from geoapp.storage.projection import (
    LAYERS_FOLDER,
    Stat,
    document_parts,
    file_of,
    layer_parts,
    own_claim,
    projected_files,
    set_aside,
    write,
)

LOCK_NAME = ".projector.lock"
POLL_S = 1.0
# A layer that took a second to write is left alone for twenty: projecting never costs more than a twentieth.
REST = 20.0


@dataclass(frozen=True, slots=True)
class Target:
    """One file to keep: its layer, its document's id, and the seq of the last change it must show."""

    layer: str
    id: str | None
    seq: int


@dataclass(slots=True)
class Kept:
    """What is known of a file: as which it was last seen, the commit it shows, and when it may be written again."""

    stat: Stat | None = None
    seq: int = -1
    due: float = 0.0


class Projector:
    """Writes what is new to `layers/`, `tables/` and `plans/`, and sets aside what others wrote there."""

    def __init__(self, instance: Path, follower: Follower, ledger: "Documents", clock: Callable[[], datetime]) -> None:
        self.trouble: str | None = None
        self._instance = instance
        self._follower = follower
        self._documents = ledger
        self._clock = clock
        self._kept: dict[Path, Kept] = {}
        self._lock = FileLock(instance / LOCK_NAME)
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        for name in (LAYERS_FOLDER, *DOCUMENTS):
            make_folder(instance / name)

    def start(self) -> None:
        """Keep the files up with the ledger from now on; where another process does so already, wait to take over."""
        self._thread = threading.Thread(target=self._keep_up, name="projector", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the file it is writing, write what is new, and leave the files to other processes."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self.project()
        self._lock.release()

    def project(self) -> None:
        """Write everything that is new now; nothing if another process keeps the files.

        Raises LedgerDamaged, StorageFull or StorageFailed.
        """
        with self._turn:
            held = self._lock.held
            try:
                if self._lock.try_acquire():
                    self._round(patient=False)
            finally:
                if not held and self._thread is None:
                    self._lock.release()

    def _keep_up(self) -> None:
        while not self._stop.is_set():
            try:
                with self._turn:
                    if self._lock.try_acquire():
                        self._round(patient=True)
                self.trouble = None
            except Exception as error:
                # Nothing may end this thread in silence: a full disk, say, is shown and then tried again.
                self.trouble = str(error) or repr(error)
            self._stop.wait(POLL_S)

    def _round(self, *, patient: bool) -> None:
        self._follower.follow()
        targets = {file_of(self._instance, target.layer, target.id): target for target in self._targets()}
        for path, target in targets.items():
            kept = self._kept.setdefault(path, Kept())
            unchanged = kept.seq >= target.seq and Stat.of(path) == kept.stat
            if unchanged or (patient and time.monotonic() < kept.due):
                continue
            if patient and self._stop.is_set():
                return
            started = time.monotonic()
            try:
                with disk_errors(path):
                    self._bring_up(path, target, kept)
            finally:
                kept.due = time.monotonic() + REST * (time.monotonic() - started)
        self._clear(targets)

    def _clear(self, targets: Container[Path]) -> None:
        """Set aside files that stand for no layer or document of the ledger, unless they are our own."""
        for path in projected_files(self._instance):
            if path not in targets:
                with disk_errors(path):
                    self._examined(path)

    def _targets(self) -> Iterator[Target]:
        for layer, seq in sorted(self._follower.memory.layers().items()):
            if layer in DOCUMENTS:
                yield from (Target(layer, id, newest) for id, newest in self._documents.heads(layer))
            elif seq > 0:
                yield Target(layer, None, seq)

    def _bring_up(self, path: Path, target: Target, kept: Kept) -> None:
        """Make one file show its target, unless it shows it or something later already."""
        if Stat.of(path) != kept.stat or kept.stat is None:
            kept.stat, kept.seq = self._examined(path)
        if kept.seq >= target.seq:
            return
        if target.id is None:
            self._write_layer(path, target.layer, kept)
        else:
            self._write_document(path, target, kept)

    def _write_layer(self, path: Path, layer: str, kept: Kept) -> None:
        seq, features = self._follower.layer(layer)
        self._write(path, layer_parts(seq, features), seq, kept)

    def _write_document(self, path: Path, target: Target, kept: Kept) -> None:
        assert target.id is not None  # noqa: S101 - documents have one
        value, seq = self._documents.value(target.layer, target.id)
        if value is not None:
            self._write(path, document_parts(seq, value), seq, kept)
            return
        path.unlink(missing_ok=True)
        fsync_folder(path.parent)
        kept.stat, kept.seq = None, seq

    def _write(self, path: Path, parts: Iterable[bytes], seq: int, kept: Kept) -> None:
        kept.stat, kept.seq = write(path, self._checked_last(path, parts, kept)), seq

    def _checked_last(self, path: Path, parts: Iterable[bytes], kept: Kept) -> Iterator[bytes]:
        """The pieces; then, just before the new file takes the old one's place, look whether that is still ours.

        Writing a large layer takes seconds, and somebody may have saved the file in QGIS meanwhile.
        """
        yield from parts
        if Stat.of(path) != kept.stat:
            self._examined(path)

    def _examined(self, path: Path) -> tuple[Stat | None, int]:
        """The stat and seq of an own file; a file of others is set aside, and counts as absent.

        Raises LedgerDamaged for an own file that shows what is not in the ledger.
        """
        stat = Stat.of(path)
        if stat is None:
            return None, -1
        claimed = own_claim(path)
        if claimed is None:
            set_aside(path, self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
            return None, -1
        if claimed.seq > self._follower.follow():
            raise LedgerDamaged(beyond_ledger(path, claimed.seq, self._follower.memory.seq))
        return stat, claimed.seq


def beyond_ledger(path: Path, seq: int, head: int) -> str:
    """The sentence for a file that shows a later commit than the ledger's last."""
    return (
        f"The end of the ledger is lost: it ends at commit {head}, but {path.parent.name}/{path.name} was written from "
        f"commit {seq}. Restore a backup; or, to go on without what is lost, move that file out of the instance."
    )


class Documents:
    """Tables and plans as the ledger tells them; they are few, so each is put together from its own history."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock, path: Path) -> None:
        self._connection = connection
        self._lock = lock
        self._path = path

    def heads(self, layer: str) -> list[tuple[str, int]]:
        """Each id that ever was in the collection, with the seq of its last change."""
        with self._rows("SELECT id, max(seq) FROM changes WHERE layer = ? GROUP BY id ORDER BY id", layer) as rows:
            return [(str(id), int(seq)) for id, seq in rows]

    def value(self, layer: str, id: str) -> tuple[dict[str, object] | None, int]:
        """The document, None if it is deleted, and the seq of its last change."""
        value: Any = None
        with self._rows("SELECT seq, patch FROM changes WHERE layer = ? AND id = ? ORDER BY seq, n", layer, id) as rows:
            for _, patch in rows:
                change = None if patch is None else orjson.loads(patch)
                value = change if value is None or change is None else merge_patch(value, change)
        return value, int(rows[-1][0]) if rows else 0

    @contextlib.contextmanager
    def _rows(self, query: str, *values: str) -> Iterator[list[Any]]:
        with explained(self._path), self._lock:
            rows = self._connection.execute(query, values).fetchall()
        yield rows
