"""Group commit: many threads' commits become durable in one transaction, each with its own number and digest.

Whoever reaches the lock first writes for all who wait; they find their answer when the lock is theirs. One member's
conflict fails that member alone, a failed transaction fails every member of it.
"""

import contextlib
import copy
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path

from geoapp.domain.errors import Conflict, GeoappError, NotFound
from geoapp.storage.database import BUSY_S, explained, open_existing
from geoapp.storage.follower import Follower
from geoapp.storage.ledger import INSERT_COMMIT, SCHEMA, Change, Commit, chained, commit_of_request
from geoapp.storage.staging import Prepared
from geoapp.storage.witness import Witness

# A transaction takes on no further member from so many changes on: the others need not wait for an import.
GROUP_CHANGES = 5_000

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Pending:
    """A commit that waits for its turn, then its outcome."""

    prepared: Prepared
    actor: str
    action: str
    request_key: str | None
    commit: Commit | None = None
    failure: BaseException | None = None

    @property
    def settled(self) -> bool:
        """Whether the outcome is known."""
        return self.commit is not None or self.failure is not None

    def outcome(self) -> Commit:
        """The durable commit, or the failure raised."""
        if self.failure is not None:
            # A copy for each thread: raising adds to the exception's traceback.
            raise copy.copy(self.failure) from self.failure
        assert self.commit is not None  # noqa: S101 - settled by whoever held the lock
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
        self._waiting: deque[Pending] = deque()
        self._lock = threading.Lock()

    def append(self, pending: Pending) -> Commit:
        """Make the commit durable, together with those of other threads; see Store.append."""
        if pending.prepared.connection is not None:
            with self._lock:
                self._settle([pending], pending.prepared.connection)
            self._checkpoint(pending.prepared.connection)
        else:
            self._waiting.append(pending)
            with self._lock:
                while not pending.settled:
                    self._settle(self._group(), self._connection)
        return pending.outcome()

    def _group(self) -> list[Pending]:
        members, changes = [], 0
        while self._waiting and changes < GROUP_CHANGES:
            members.append(self._waiting.popleft())
            changes += len(members[-1].prepared.changes)
        return members

    def _settle(self, members: list[Pending], connection: sqlite3.Connection) -> None:
        """Give every member its outcome: its own commit or refusal, or the failure they all share."""
        try:
            with explained(self._path), _transaction(connection):
                outcomes = self._write(members, connection)
            self._answer(members, outcomes)
        except BaseException as failure:
            # A member without an outcome would wait for ever; after an interrupt its request key tells what happened.
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
        """Insert every member that may be; nobody else writes meanwhile, so memory is at the head and stays there."""
        self._follower.follow()
        group = Group(self._follower, connection, self._clock)
        outcomes: list[Commit | GeoappError] = []
        for member in members:
            try:
                outcomes.append(group.record(member))
            except (Conflict, NotFound) as refusal:
                outcomes.append(refusal)
        return outcomes

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Let go of the ledger after the commit under way."""
        with self._lock, explained(self._path):
            self._connection.close()
            self._witness.close()


class Group:
    """The commits of one transaction while it is open: each stands on memory and on those before it."""

    def __init__(self, follower: Follower, connection: sqlite3.Connection, clock: Clock) -> None:
        self._memory = follower.memory
        self._connection = connection
        self._clock = clock
        self._base = self._seq = self._memory.seq
        self._digest = follower.head_digest
        self._changed: dict[tuple[str, str], int | None] = {}

    def record(self, member: Pending) -> Commit:
        """Insert a member's commit, or give the one that answered its request key before.

        Raises Conflict or NotFound, with nothing inserted, when an item is not what the change supposes.
        """
        if member.request_key is not None:
            earlier = commit_of_request(self._connection, member.request_key)
            if earlier is not None:
                return earlier
        changed = self._checked(member.prepared)
        commit = self._next(member)
        self._connection.execute(INSERT_COMMIT, astuple(commit))
        member.prepared.write(self._connection, commit.seq)
        self._changed |= changed
        self._seq, self._digest = commit.seq, commit.digest
        return commit

    def _next(self, member: Pending) -> Commit:
        time, count = self._clock().isoformat(timespec="milliseconds"), len(member.prepared.changes)
        commit = Commit(self._seq + 1, time, member.actor, member.action, member.request_key, count, "", self._digest)
        return replace(commit, digest=chained(commit, member.prepared.content))

    def _checked(self, prepared: Prepared) -> dict[tuple[str, str], int | None]:
        """What the changes make of their items: the seq each gets, None for those deleted."""
        seq, changed = self._seq + 1, dict[tuple[str, str], int | None]()
        for change, whole in zip(prepared.changes, prepared.whole, strict=True):
            key = change.layer, change.id
            if key not in changed:
                version = self._version(key)
                self._check_based_on(change, version)
            else:
                version = changed[key]
            if version is None and not whole:
                raise self._absent(change)
            changed[key] = None if change.patch is None else seq
        return changed

    def _version(self, key: tuple[str, str]) -> int | None:
        return self._changed[key] if key in self._changed else self._memory.version(*key)

    def _check_based_on(self, change: Change, version: int | None) -> None:
        if change.based_on is None or change.based_on >= self._seq:
            return
        if version is None:
            version = self._last_change(change)
        if version > change.based_on:
            raise Conflict(
                f"{change.layer}/{change.id} was changed by commit {version} after you saw it "
                f"(at {change.based_on}). Look at it again and repeat your change."
            )

    def _last_change(self, change: Change) -> int:
        """The seq of the deletion that made the item absent, 0 if it never was."""
        row = self._connection.execute(
            "SELECT max(seq) FROM changes WHERE layer = ? AND id = ?", (change.layer, change.id)
        ).fetchone()
        return int(row[0] or 0)

    def _absent(self, change: Change) -> NotFound:
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
