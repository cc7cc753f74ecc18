"""The Store: the one way by which a change becomes durable, and by which memory learns of it."""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from geoapp.domain.errors import BadInput, LedgerDamaged
from geoapp.storage import ledger
from geoapp.storage.backup import backup, require_restored
from geoapp.storage.database import BUSY_S, create, explained, open_existing
from geoapp.storage.filesystem import disk_errors, make_folder, refuse_network
from geoapp.storage.follower import Follower, Progress
from geoapp.storage.ledger import Change, Commit, Memory, Recorded
from geoapp.storage.photos import Photos
from geoapp.storage.private import PrivateStore
from geoapp.storage.projection import beyond
from geoapp.storage.projector import Documents, Projector, beyond_ledger
from geoapp.storage.staging import check_text, prepare
from geoapp.storage.verify import Verdict, examine, walk_ledger
from geoapp.storage.witness import lost_tail, remembered
from geoapp.storage.writer import Pending, Writer

__all__ = ["Change", "Commit", "Memory", "Recorded", "Store", "Verdict"]

Clock = Callable[[], datetime]


class Store:
    """An opened instance folder. Any thread may use it; a forked child must open its own."""

    def __init__(self, instance: Path, memory: Memory, clock: Clock, progress: Progress | None, busy_s: float) -> None:
        """Opened by `Store.open`."""
        self.instance = instance
        self.memory = memory
        self._path = instance / ledger.FILE_NAME
        self._clock = clock
        self._process = os.getpid()
        self._own = 0
        with ExitStack() as undo:
            self._follower = Follower(self._path, memory, progress=progress)
            undo.callback(self._follower.close)
            _require_whole(instance, self._follower)
            self.photos = Photos(instance)
            self.private = PrivateStore(instance, busy_s=busy_s)
            undo.callback(self.private.close)
            self._queries = open_existing(self._path, ledger.SCHEMA, busy_s=busy_s)
            undo.callback(self._queries.close)
            self._query_lock = threading.Lock()
            self._writer = Writer(self._path, self._follower, clock=clock, busy_s=busy_s)
            undo.callback(self._writer.close)
            documents = Documents(self._queries, self._query_lock, self._path)
            self._projector = Projector(instance, self._follower, documents, clock)
            self._closing = undo.pop_all()

    @classmethod
    def open(
        cls,
        instance: Path,
        memory: Memory,
        *,
        clock: Clock,
        progress: Progress | None = None,
        project: bool = True,
        busy_s: float = BUSY_S,
    ) -> "Store":
        """Open an instance, make it if there is none, and bring `memory` to the ledger's head.

        progress: told (changes done, changes in all) during replay. project: keep the layer files, if no other process
        does. busy_s: how long to wait for another process's write.
        Raises NetworkFileSystem, NewerSchema, BackupDamaged (a restore was cut off), LedgerDamaged, StorageFailed.
        """
        refuse_network(instance)
        with disk_errors(instance):
            make_folder(instance)
        require_restored(instance)
        if not (instance / ledger.FILE_NAME).exists():
            _require_new(instance)
            create(instance / ledger.FILE_NAME, ledger.SCHEMA)
        store = cls(instance, memory, clock, progress, busy_s)
        if project:
            store._projector.start()
        return store

    @property
    def trouble(self) -> str | None:
        """Why the layer files are not kept up at present; None when they are, or another process keeps them."""
        return self._projector.trouble

    def append(self, changes: Iterable[Change], *, actor: str, action: str, request_key: str | None = None) -> Commit:
        """Make the changes durable as one commit, all or none; memory has them after the next `follow`.

        Many changes may come from a generator: they are staged on disk as they come, and what it raises is passed on
        with nothing written. A request key that was used before gives the commit of then, and nothing is written.
        Raises BadInput, Conflict (an item changed after `based_on`), NotFound (an absent item was to be changed or
        deleted), LedgerBusy, StorageFull, StorageFailed, LedgerDamaged; nothing is changed then.
        """
        self._require_own_process()
        for name, text in (("actor", actor), ("action", action), ("request key", request_key)):
            if text is not None:
                check_text(name, text)
        prepared = prepare(changes, self._path)
        try:
            commit = self._writer.append(Pending(prepared, actor, action, request_key))
        finally:
            prepared.close()
        self._own = max(self._own, commit.seq)
        return commit

    def follow(self, *, patience_s: float | None = None) -> int:
        """Bring memory to the ledger's head, whoever wrote to it, and give the seq that memory has then.

        patience_s: how long to wait for a long commit of another process; own commits are always there afterwards.
        """
        self._require_own_process()
        if patience_s is None:
            return self._follower.follow()
        return self._follower.follow_for(patience_s, at_least=self._own)

    def history(self, layer: str, id: str) -> list[tuple[Commit, bytes | None]]:
        """Every change of an item, oldest first."""
        with explained(self._path), self._query_lock:
            return ledger.history(self._queries, layer, id)

    def layer_history(self, layer: str) -> list[tuple[int, str, ledger.ChangeRow]]:
        """Every change of a layer, oldest first: seq and time (RFC 3339) of the commit, and (layer, id, patch)."""
        with explained(self._path), self._query_lock:
            return ledger.layer_history(self._queries, layer)

    def changes_since(self, seq: int, limit: int, *, n: int | None = None) -> list[Recorded]:
        """At most `limit` changes, in order, after commit `seq`, or after its n-th change if `n` is given."""
        if limit < 0:
            raise BadInput(f"The limit must be 0 or more, not {limit}.")
        after = ledger.DELETED if n is None else n
        with explained(self._path), self._query_lock:
            return ledger.changes_since(self._queries, seq, after, limit)

    def project(self) -> None:
        """Write every layer and document that is new to its file now; nothing if another process keeps the files."""
        self._require_own_process()
        self._projector.project()

    def verify(self) -> Verdict:
        """Check ledger, photos, private data and layer files; every fault is in the verdict, none is raised."""
        walk = walk_ledger(self._path)
        return examine(self.instance, walk, None if walk.faults else self._follower)

    def backup(self, target: Path) -> None:
        """Write everything to one .tar or .tar.gz while all go on working; see `geoapp.storage.backup`."""
        self.project()
        backup(self.instance, target, now=self._clock())

    def close(self) -> None:
        """Stop cleanly: what is new goes to the layer files, then every file is let go."""
        with self._closing:
            self._projector.stop()

    def _require_own_process(self) -> None:
        # SQLite's connections and our locks do not survive a fork.
        if os.getpid() != self._process:
            raise RuntimeError("This Store was opened by the parent process; open another one in the child.")


def _require_new(instance: Path) -> None:
    """Raise LedgerDamaged where there was a ledger once: a new one would hide that."""
    known = remembered(instance)
    if known is not None and known.seq > 0:
        raise LedgerDamaged(
            f"The ledger of {instance} is missing; it went up to commit {known.seq}. "
            "Restore a backup into a new folder."
        )
    for path, seq in beyond(instance, lambda: 0):
        raise LedgerDamaged(beyond_ledger(path, seq, 0))


def _require_whole(instance: Path, follower: Follower) -> None:
    """Raise LedgerDamaged if witness or files show more than the ledger has."""
    sentence = lost_tail(instance, follower.follow)
    if sentence:
        raise LedgerDamaged(sentence)
    for path, seq in beyond(instance, follower.follow):
        raise LedgerDamaged(beyond_ledger(path, seq, follower.memory.seq))
