"""The ledger: every change, in order, in a chain of digests that shows any later alteration.

`commits` holds the chain; `changes` one row per changed feature or document: whole at birth, then a merge patch, NULL
for a deletion. `crc` says which of a commit's many changes was altered, where the digest only says that one was.
"""

import contextlib
import hashlib
import sqlite3
import struct
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import orjson

from geoapp.domain.errors import LedgerDamaged
from geoapp.storage.database import Schema, explained

FILE_NAME = "ledger.sqlite"
BEGINNING = "0" * 64  # what the first commit names as its previous digest

SCHEMA = Schema(
    mark=0x67656F6C,  # "geol"
    steps=(
        (
            "CREATE TABLE commits (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, actor TEXT NOT NULL, action TEXT"
            " NOT NULL, request_key TEXT UNIQUE, count INTEGER NOT NULL, digest TEXT NOT NULL, previous TEXT NOT NULL)",
            "CREATE TABLE changes (seq INTEGER NOT NULL, n INTEGER NOT NULL, layer TEXT NOT NULL, id TEXT NOT NULL,"
            " patch BLOB, crc INTEGER NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID",
            "CREATE INDEX history ON changes (layer, id, seq)",
        ),
    ),
)

ALL_COMMITS = "SELECT seq, time, actor, action, request_key, count, digest, previous FROM commits ORDER BY seq"
_INSERT_COMMITS = "INSERT INTO commits (seq, time, actor, action, request_key, count, digest, previous) VALUES"
_INSERT_CHANGES = "INSERT INTO main.changes (seq, n, layer, id, patch, crc) VALUES"
ROWS_A_STATEMENT = 50
_COMMITS_AFTER = (
    "SELECT seq, time, actor, action, request_key, count, digest, previous FROM commits WHERE seq > ? ORDER BY seq"
)
_COMMITS_OF_REQUESTS = (
    "SELECT seq, time, actor, action, request_key, count, digest, previous FROM commits"
    " WHERE request_key IN (SELECT value FROM json_each(?))"
)
_HISTORY = (
    "SELECT seq, time, actor, action, request_key, count, digest, previous, patch"
    " FROM changes JOIN commits USING (seq) WHERE layer = ? AND id = ? ORDER BY seq, n"
)
_LAYER_HISTORY = (
    "SELECT changes.seq, time, layer, id, patch FROM changes JOIN commits USING (seq) WHERE layer = ?"
    " ORDER BY changes.seq, n"
)
_CHANGES_SINCE = (
    "SELECT seq, time, actor, action, request_key, count, digest, previous, n, layer, id, patch"
    " FROM changes JOIN commits USING (seq) WHERE (changes.seq, n) > (?, ?) ORDER BY changes.seq, n LIMIT ?"
)
DELETED = 0xFFFFFFFF
_LENGTHS = struct.Struct("<III")

ChangeRow = tuple[str, str, bytes | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One feature or document becomes this.

    patch: JSON; the whole value at birth, later an RFC 7396 merge patch; None deletes. based_on: the sequence number
    up to which the caller had seen the ledger; if the item changed after it, the commit is refused with Conflict.
    """

    layer: str
    id: str
    patch: bytes | None
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """One durable step: who did what and when (RFC 3339 with offset), and its link in the chain (hex digests)."""

    seq: int
    time: str
    actor: str
    action: str
    request_key: str | None
    count: int
    digest: str
    previous: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One change as the ledger holds it: the n-th of its commit, counted from 0."""

    commit: Commit
    n: int
    layer: str
    id: str
    patch: bytes | None


class Memory(Protocol):
    """What the ledger comes to: it advances only by what is read back from the ledger.

    One thread at a time applies; meanwhile any other may ask. `apply` must take whatever a commit may hold: if it
    raised, nobody could open the ledger again.
    """

    seq: int

    def apply(self, seq: int, changes: Sequence[ChangeRow], /) -> None:
        """Take in one commit: (layer, id, patch) in order, None deletes."""

    def version(self, layer: str, id: str, /) -> int | None:
        """The seq of the item's last change; None if it does not exist."""

    def layers(self) -> Mapping[str, int]:
        """Each layer or collection of documents with the seq of its last change."""

    def encoded(self, layer: str, /) -> Iterator[bytes]:
        """The values as JSON in the order of their ids, as they were when this was called, whatever comes later."""


def frame(layer: str, id: str, patch: bytes | None) -> bytes:
    """One change as the bytes that are hashed: three little-endian lengths, then layer, id and patch."""
    layer_bytes, id_bytes = layer.encode(), id.encode()
    lengths = _LENGTHS.pack(len(layer_bytes), len(id_bytes), DELETED if patch is None else len(patch))
    return b"".join((lengths, layer_bytes, id_bytes, patch or b""))


def chained(previous: str, link: Sequence[object], content: str) -> str:
    """The digest (SHA-256, hex) of a commit.

    link: its seq, time, actor, action, request_key and count. content: the SHA-256 of its changes' frames.
    Raises TypeError if a value is of a kind that no commit has.
    """
    return hashlib.sha256(orjson.dumps([previous, *link, content])).hexdigest()


def link_of(commit: Commit) -> tuple[object, ...]:
    """What the digest of a commit covers besides its content and the commit before."""
    return commit.seq, commit.time, commit.actor, commit.action, commit.request_key, commit.count


def commits_of_requests(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Commit]:
    """The commits that answered these request keys before, by key."""
    if not keys:
        return {}
    found = (Commit(*row) for row in connection.execute(_COMMITS_OF_REQUESTS, (orjson.dumps(keys).decode(),)))
    return {commit.request_key: commit for commit in found if commit.request_key is not None}


def insert_commits(connection: sqlite3.Connection, commits: Sequence[Commit]) -> None:
    """Write rows of `commits`, inside the connection's transaction."""
    _insert(connection, _INSERT_COMMITS, [(*link_of(commit), commit.digest, commit.previous) for commit in commits])


def insert_changes(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows of `changes` (seq, n, layer, id, patch, crc), inside the connection's transaction."""
    _insert(connection, _INSERT_CHANGES, rows)


def _insert(connection: sqlite3.Connection, head: str, rows: Sequence[tuple[object, ...]]) -> None:
    # Many rows a statement: after each statement another thread may take Python's lock and keep it for a while.
    for first in range(0, len(rows), ROWS_A_STATEMENT):
        some = rows[first : first + ROWS_A_STATEMENT]
        marks = f"({', '.join('?' * len(some[0]))})"
        connection.execute(" ".join((head, ", ".join([marks] * len(some)))), list(chain.from_iterable(some)))


def digest_at(connection: sqlite3.Connection, seq: int) -> str:
    """The digest of a commit, or of the beginning for 0; raises LedgerDamaged if there is no such commit."""
    if seq == 0:
        return BEGINNING
    row = connection.execute("SELECT digest FROM commits WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        raise LedgerDamaged(f"The ledger has no commit {seq}, although it was read before.")
    return str(row[0])


def head_of(connection: sqlite3.Connection) -> tuple[int, str]:
    """The seq and digest of the last commit."""
    row = connection.execute("SELECT seq, digest FROM commits ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, BEGINNING) if row is None else (int(row[0]), str(row[1]))


def changes_after(connection: sqlite3.Connection, seq: int) -> int:
    """How many changes came after commit `seq`."""
    row = connection.execute("SELECT sum(count) FROM commits WHERE seq > ?", (seq,)).fetchone()
    return int(row[0] or 0)


def changed_after(connection: sqlite3.Connection, seq: int) -> set[tuple[str, str]]:
    """The items (layer, id) that were changed after commit `seq`."""
    return set(connection.execute("SELECT layer, id FROM changes WHERE seq > ?", (seq,)))


def version_of(connection: sqlite3.Connection, layer: str, id: str) -> int | None:
    """The seq of an item's last change; None if it does not exist."""
    row = connection.execute(
        "SELECT seq, patch IS NULL FROM changes WHERE layer = ? AND id = ? ORDER BY seq DESC, n DESC LIMIT 1",
        (layer, id),
    ).fetchone()
    return None if row is None or row[1] else int(row[0])


@contextlib.contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside sees the ledger as it is at one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def commits_after(
    connection: sqlite3.Connection, seq: int, path: Path
) -> Generator[tuple[Commit, list[ChangeRow]], None, None]:
    """Each commit after `seq` with its changes, checked against the chain while it is read.

    Raises LedgerDamaged, which names the first commit that does not read as it was written.
    """
    with explained(path), reading(connection):
        previous = digest_at(connection, seq)
        commits = connection.execute(_COMMITS_AFTER, (seq,))
        rows = connection.execute(
            "SELECT layer, id, patch, crc, seq FROM changes WHERE seq > ? ORDER BY seq, n", (seq,)
        )
        for row in commits:
            seq, commit = seq + 1, Commit(*row)
            yield commit, _checked(commit, rows, seq, previous)
            previous = commit.digest


def _checked(commit: Commit, rows: Iterator[Any], seq: int, previous: str) -> list[ChangeRow]:
    """The changes of a commit; raises LedgerDamaged unless it is the one that was written at this place."""
    changes: list[Any] = []
    try:
        changes = list(islice(rows, commit.count))
        whole = commit.seq == seq and commit.previous == previous and len(changes) == commit.count
        whole = whole and chained(previous, link_of(commit), content_digest(changes, seq)) == commit.digest
    except (TypeError, AttributeError, ValueError):
        whole = False  # a damaged page gives a number where a text stood
    if not whole:
        raise LedgerDamaged(
            f"The ledger is damaged at commit {seq}: it does not read as it was written. "
            "`geoapp ledger verify` names every fault; a backup can be restored."
        )
    return [row[:3] for row in changes]


def content_digest(rows: Sequence[Any], seq: int) -> str:
    """The SHA-256 of the frames of rows (layer, id, patch, crc, seq); raises ValueError if one is altered."""
    hashing = hashlib.sha256()
    for layer, id, patch, crc, row_seq in rows:
        framed = frame(layer, id, patch)
        if zlib.crc32(framed) != crc or row_seq != seq:
            raise ValueError(f"{layer}/{id}")
        hashing.update(framed)
    return hashing.hexdigest()


def history(connection: sqlite3.Connection, layer: str, id: str) -> list[tuple[Commit, bytes | None]]:
    """Every change of one item, oldest first."""
    return [(Commit(*row[:-1]), row[-1]) for row in connection.execute(_HISTORY, (layer, id))]


def layer_history(connection: sqlite3.Connection, layer: str) -> list[tuple[int, str, ChangeRow]]:
    """Every change of a layer's items, oldest first: the commit's seq and time, and (layer, id, patch)."""
    return [(row[0], row[1], row[2:]) for row in connection.execute(_LAYER_HISTORY, (layer,))]


def changes_since(connection: sqlite3.Connection, seq: int, n: int, limit: int) -> list[Recorded]:
    """At most `limit` changes that follow change `n` of commit `seq`, in order."""
    found = connection.execute(_CHANGES_SINCE, (seq, n, limit))
    return [Recorded(Commit(*row[:-4]), *row[-4:]) for row in found]
