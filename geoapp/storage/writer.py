"""Group commit: many threads' commits become durable in one transaction, each with its own number and digest.

The first to come leads: it writes for all who wait, then hands the lead to the next who came meanwhile. One member's
conflict fails that member alone, a failed transaction fails every member of it.
"""

import contextlib
import copy
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Iterator
from datetime import datetime
from pathlib import Path

from geoapp.domain.errors import Conflict, GeoappError, NotFound
from geoapp.storage.database import BUSY_S, explained, open_existing
from geoapp.storage.follower import LONG, Follower
from geoapp.storage.ledger import (
    SCHEMA,
    Commit,
    chained,
    changed_after,
    changes_after,
    commits_of_requests,
    head_of,
    insert_changes,
    insert_commits,
    version_of,
)
from geoapp.storage.staging import Prepared, Touched, publish
from geoapp.storage.witness import Witness

# A transaction takes on no further member from so many changes on: the others need not wait for an import.
GROUP_CHANGES = 5_000
GATHER_S = 0.0005

Clock = Callable[[], datetime]


class Pending:
    """A commit that waits for its turn, then its outcome."""

    def __init__(self, prepared: Prepared, actor: str, action: str, request_key: str | None) -> None:
        self.prepared = prepared
        self.actor = actor
        self.action = action
        self.request_key = request_key
        self.checked_at: int | None = None
        self.commit: Commit | None = None
        self.failure: BaseException | None = None
        # Held until it is either settled or has to lead; a bare lock wakes faster than an Event.
        self.turn = threading.Lock()
        self.turn.acquire()

    @property
    def settled(self) -> bool:
        """Whether the outcome is known."""
        return self.commit is not None or self.failure is not None

    def outcome(self) -> Commit:
        """The durable commit, or the failure raised."""
        if self.failure is not None:
            # A copy for each thread: raising adds to the exception's traceback.
            raise copy.copy(self.failure) from self.failure
        assert self.commit is not None  # noqa: S101 - settled, so it is one or the other
        return self.commit


class Writer:
    """The one connection of this process that writes to the ledger."""

    def __init__(self, path: Path, follower: Follower, *, clock: Clock, busy_s: float = BUSY_S) -> None:
        self._path = path
        self._follower = follower
        self._clock = clock
        self._connection = open_existing(path, SCHEMA, busy_s=busy_s)
        self._witness = Witness(path.parent)
        self._witness.remember(follower.memory.seq, follower.head_digest)
        self._queue = threading.Lock()
        self._waiting: deque[Pending] = deque()
        self._led = False
        self._group_size = 0
        self._writing = threading.Lock()

    def append(self, pending: Pending) -> Commit:
        """Make the commit durable, together with those of other threads; see Store.append."""
        staged = pending.prepared.connection
        if staged is None:
            self._join(pending)
        else:
            # Most of the checking is done before anybody has to wait for it.
            pending.checked_at = self._follower.follow()
            with explained(self._path):
                Group(self._follower, staged, self._clock).check(pending.prepared)
            with self._writing:
                self._settle([pending], staged)
            with contextlib.suppress(sqlite3.Error):
                staged.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return pending.outcome()

    def _join(self, pending: Pending) -> None:
        with self._queue:
            self._waiting.append(pending)
            leads, self._led = not self._led, True
        if not leads:
            pending.turn.acquire()
        if not pending.settled:
            self._lead(pending)

    def _lead(self, pending: Pending) -> None:
        """Write for all who wait, of whom `pending` is the first; then the first of those who came meanwhile leads."""
        members: list[Pending] = []
        try:
            if len(self._waiting) < self._group_size:
                # Who was answered just now is back in a moment: one sync for all beats two for two halves.
                time.sleep(GATHER_S)
            with self._writing:
                self._gather(members)
                self._settle(members, self._connection)
        finally:
            self._hand_over(pending, members)

    def _hand_over(self, pending: Pending, members: list[Pending]) -> None:
        for member in members:
            if not member.settled:
                member.failure = RuntimeError("The commit was interrupted; its request key tells whether it happened.")
            member.turn.release()
        with self._queue:
            if self._waiting and self._waiting[0] is pending:
                self._waiting.popleft()  # interrupted before its turn came
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].turn.release()

    def _gather(self, members: list[Pending]) -> None:
        changes = 0
        with self._queue:
            while self._waiting and changes < GROUP_CHANGES:
                members.append(self._waiting.popleft())
                changes += len(members[-1].prepared.touched)
        self._group_size = len(members)

    def _settle(self, members: list[Pending], connection: sqlite3.Connection) -> None:
        """Give every member its outcome: its own commit or refusal, or the failure they all share."""
        try:
            with explained(self._path), _transaction(connection):
                outcomes = self._write(members, connection)
            self._answer(members, outcomes)
        except BaseException as failure:
            for member in members:
                if not member.settled:
                    member.failure = failure
            if not isinstance(failure, Exception):
                raise

    def _answer(self, members: list[Pending], outcomes: list[Commit | GeoappError]) -> None:
        written = [outcome for outcome in outcomes if isinstance(outcome, Commit)]
        if written:
            newest = max(written, key=lambda commit: commit.seq)
            self._witness.remember(newest.seq, newest.digest)
        for member, outcome in zip(members, outcomes, strict=True):
            if isinstance(outcome, Commit):
                member.commit = outcome
            else:
                member.failure = outcome

    def _write(self, members: list[Pending], connection: sqlite3.Connection) -> list[Commit | GeoappError]:
        """Insert every member that may be; nobody else writes meanwhile, so that the head stays where it is."""
        group = Group(self._follower, connection, self._clock)
        group.find_head()
        keys = [member.request_key for member in members if member.request_key is not None]
        group.answered = commits_of_requests(connection, keys)
        outcomes = [group.outcome(member) for member in members]
        group.insert()
        return outcomes

    def close(self) -> None:
        """Let go of the ledger after the commit under way."""
        with self._writing, explained(self._path):
            self._connection.close()
            self._witness.close()


class Group:
    """The commits of one transaction while it is open: each stands on the ledger's head and on those before it."""

    def __init__(self, follower: Follower, connection: sqlite3.Connection, clock: Clock) -> None:
        self.answered: dict[str, Commit] = {}
        self._follower = follower
        self._memory = follower.memory
        self._connection = connection
        self._clock = clock
        self._seq = self._memory.seq
        self._digest = follower.head_digest
        self._versions: dict[tuple[str, str], int | None] = {}
        self._written: list[tuple[Commit, Prepared]] = []

    def find_head(self) -> None:
        """Bring memory to the head; where it is far behind an import, ask the ledger itself instead of waiting."""
        if changes_after(self._connection, self._memory.seq) <= LONG:
            self._follower.follow()
            self._seq, self._digest = self._memory.seq, self._follower.head_digest
        else:
            self._seq, self._digest = head_of(self._connection)

    def outcome(self, member: Pending) -> Commit | GeoappError:
        """The member's next commit, the one that answered its request key before, or why it may not be."""
        if member.request_key in self.answered:
            return self.answered[member.request_key]
        try:
            versions = self._checked(member)
        except (Conflict, NotFound) as refusal:
            return refusal
        commit = self._next(member)
        self._versions |= versions
        self._written.append((commit, member.prepared))
        self._seq, self._digest = commit.seq, commit.digest
        if member.request_key is not None:
            self.answered[member.request_key] = commit
        return commit

    def insert(self) -> None:
        """Write the commits in few statements: between two of them any other thread may take Python's lock."""
        insert_commits(self._connection, [commit for commit, _ in self._written])
        rows: list[tuple[object, ...]] = []
        for commit, prepared in self._written:
            if prepared.connection is not None:
                publish(prepared.connection, commit.seq)
            else:
                rows += prepared.rows(commit.seq)
        insert_changes(self._connection, rows)

    def _next(self, member: Pending) -> Commit:
        seq, count = self._seq + 1, len(member.prepared.touched)
        time = self._clock().isoformat(timespec="milliseconds")
        link = (seq, time, member.actor, member.action, member.request_key, count)
        return Commit(*link, chained(self._digest, link, member.prepared.content), self._digest)

    def _checked(self, member: Pending) -> dict[tuple[str, str], int | None]:
        """What the changes make of their items: the seq each gets, None for those deleted."""
        if member.checked_at is None:
            return self.check(member.prepared)
        # Its items were looked at before the lock: only what has changed since is looked at again.
        since = changed_after(self._connection, member.checked_at)
        return self.check(member.prepared, only=since) if since else {}

    def check(
        self, prepared: Prepared, *, only: Container[tuple[str, str]] | None = None
    ) -> dict[tuple[str, str], int | None]:
        """Raise Conflict or NotFound for a change (of `only` these items, if given) that may not be made."""
        seq, changed = self._seq + 1, dict[tuple[str, str], int | None]()
        for change in prepared.touched:
            key = change.layer, change.id
            if only is not None and key not in only:
                continue
            if key not in changed:
                version = self._version(key)
                self._check_based_on(change, version)
            else:
                version = changed[key]
            if version is None and not change.whole:
                raise self._absent(change)
            changed[key] = None if change.gone else seq
        return changed

    def _version(self, key: tuple[str, str]) -> int | None:
        if key in self._versions:
            return self._versions[key]
        behind = self._memory.seq < self._seq - len(self._written)
        return version_of(self._connection, *key) if behind else self._memory.version(*key)

    def _check_based_on(self, change: Touched, version: int | None) -> None:
        if change.based_on is None or change.based_on >= self._seq:
            return
        if version is None:
            version = self._last_change(change)
        if version > change.based_on:
            raise Conflict(
                f"{change.layer}/{change.id} was changed by commit {version} after you saw it "
                f"(at {change.based_on}). Look at it again and repeat your change."
            )

    def _last_change(self, change: Touched) -> int:
        """The seq of the deletion that made the item absent, 0 if it never was."""
        row = self._connection.execute(
            "SELECT max(seq) FROM changes WHERE layer = ? AND id = ?", (change.layer, change.id)
        ).fetchone()
        return int(row[0] or 0)

    def _absent(self, change: Touched) -> NotFound:
        return NotFound(
            f"There is no {change.layer}/{change.id}: it can neither be changed nor deleted, only written whole."
        )


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction: committed durably at the end, rolled back by whatever is raised inside."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
