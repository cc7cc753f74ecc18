"""How memory follows the ledger: for own writes too, it advances only by what is read back."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from geoapp.domain.errors import GeoappError
from geoapp.storage.database import explained, open_existing
from geoapp.storage.ledger import SCHEMA, Memory, changes_after, commits_after, digest_at

Progress = Callable[[int, int], None]
PROGRESS_EVERY = 10_000
ATTEMPTS = 3
# So many changes take a noticeable part of a second to be taken in.
LONG = 20_000


class Follower:
    """A held connection that notices every commit of any process and applies it to memory."""

    def __init__(self, path: Path, memory: Memory, *, progress: Progress | None = None) -> None:
        self.memory = memory
        self.path = path
        self._lock = threading.RLock()
        self._connection = open_existing(path, SCHEMA)
        self._seen: int | None = None
        self._steps = 0  # odd while memory takes in a commit
        try:
            with explained(path):
                self.head_digest = digest_at(self._connection, memory.seq)
                self._catch_up(progress)
        except BaseException:
            self.close()
            raise

    def follow(self) -> int:
        """Apply what is new and give the head's sequence number; microseconds when nothing is new.

        Raises LedgerDamaged if what is new does not read as it was written; memory then stays before it.
        """
        with self._lock:
            with explained(self.path):
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
                if version != self._seen:
                    self._catch_up(None)
                    # Read before catching up: a commit in between is only looked for once more.
                    self._seen = version
            return self.memory.seq

    def follow_for(self, patience_s: float, *, at_least: int = 0) -> int:
        """As follow, but whoever asks waits no longer than patience_s for another process's long commit.

        It goes on being taken in meanwhile, and until then memory shows what was before it. Commits up to `at_least`
        are waited for in any case: they are the asker's own.
        """
        if self._lock.acquire(timeout=patience_s):
            try:
                if not self._is_long():
                    return self.follow()
            finally:
                self._lock.release()
            thread = threading.Thread(target=self._follow_quietly, name="follower", daemon=True)
            thread.start()
            thread.join(patience_s)
        return self.follow() if self.memory.seq < at_least else self.memory.seq

    def _is_long(self) -> bool:
        with explained(self.path):
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return version != self._seen and self._waiting() > LONG

    def _follow_quietly(self) -> None:
        with contextlib.suppress(GeoappError):  # who asks next is told
            self.follow()

    def _catch_up(self, progress: Progress | None) -> None:
        total = self._waiting() if progress else 0
        done = told = 0
        with contextlib.closing(commits_after(self._connection, self.memory.seq, self.path)) as commits:
            for commit, changes in commits:
                self._steps += 1
                self.memory.apply(commit.seq, changes)
                self._steps += 1
                self.head_digest = commit.digest
                done += len(changes)
                if progress and (done - told >= PROGRESS_EVERY or done == total):
                    progress(done, total)
                    told = done

    def _waiting(self) -> int:
        return changes_after(self._connection, self.memory.seq)

    def layer(self, layer: str) -> tuple[int, Iterator[bytes]]:
        """The seq of a layer's last change and its values, of one moment; those who follow seldom wait for it."""
        for _ in range(ATTEMPTS):
            before = self._steps
            found = self.memory.layers().get(layer, 0), self.memory.encoded(layer)
            if before % 2 == 0 and self._steps == before:
                return found
        with self._lock:
            return self.memory.layers().get(layer, 0), self.memory.encoded(layer)

    def close(self) -> None:
        """Let go of the ledger."""
        with self._lock, explained(self.path):
            self._connection.close()
