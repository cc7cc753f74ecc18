"""Is everything still as it was written? Every fault by name, and never more than a sentence of it."""

import contextlib
import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from geoapp.domain.errors import GeoappError
from geoapp.domain.layers import DOCUMENTS
from geoapp.storage import ledger, private
from geoapp.storage.database import Schema, integrity_faults, open_existing
from geoapp.storage.follower import Follower
from geoapp.storage.ledger import ALL_COMMITS, BEGINNING, Commit, Memory, chained, frame, link_of
from geoapp.storage.photos import MEMBERS, Naming, Photos, named_in
from geoapp.storage.projection import Claim, digest_of, document_parts, layer_parts, own_claim, projected_files
from geoapp.storage.projector import Documents, beyond_ledger
from geoapp.storage.witness import lost_tail


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written.

    kind: file, page, chain, commit, patch, tail, photo, private, edited or layer.
    """

    kind: str
    sentence: str
    seq: int | None = None
    layer: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, with what was counted on the way; notes are worth knowing and no faults."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()
    commits: int = 0
    changes: int = 0
    photos: int = 0
    digest: str = BEGINNING

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults


def verify(instance: Path, memory: Memory | None = None) -> Verdict:
    """Check the whole instance, whether it can still be opened or not.

    memory: an empty one, which is filled to compare the layer files with what the ledger comes to; None leaves that
    comparison out. Another process may go on writing meanwhile.
    """
    walk = walk_ledger(instance / ledger.FILE_NAME)
    if memory is None or walk.faults:
        return examine(instance, walk, None)
    try:
        follower = Follower(instance / ledger.FILE_NAME, memory)
    except GeoappError as error:
        walk.faults.append(Fault("file", str(error)))
        return examine(instance, walk, None)
    with contextlib.closing(follower):
        return examine(instance, walk, follower)


def examine(instance: Path, walk: "Walk", follower: Follower | None) -> Verdict:
    """The verdict on the instance whose ledger was walked; a follower lets the layer files be compared as well."""
    faults = [*walk.faults, *_photo_faults(instance, walk), *_private_faults(instance)]
    notes: list[str] = []
    faults += _file_faults(instance, walk, follower, notes)
    return Verdict(tuple(faults), tuple(notes), walk.commits, walk.changes, len(walk.photos), walk.digest)


# --- the ledger ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Walk:
    """A walk along the chain: what was seen so far. It goes on behind a fault as long as pages can be read."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    commits: int = 0
    changes: int = 0
    seq: int = 0
    digest: str = BEGINNING
    known: set[str] = field(default_factory=lambda: {BEGINNING})
    alive: set[tuple[str, str]] = field(default_factory=set)
    photos: dict[str, Naming] = field(default_factory=dict)

    def commit(self, row: Any, rows: list[Any]) -> None:
        """Take the next commit and its changes (n, layer, id, patch, crc)."""
        commit, found = Commit(*row), len(self.faults)
        if commit.seq != self.seq + 1:
            self._fault("chain", f"Commit {self.seq + 1} is missing; the next one is {commit.seq}.", commit.seq)
        elif commit.previous not in self.known:
            self._fault("chain", f"Commit {commit.seq} does not follow from the one before it.", commit.seq)
        self.seq, self.commits = commit.seq, self.commits + 1
        content = self._changes(commit.seq, rows)
        computed = _digest(commit, content)
        if computed != commit.digest and len(self.faults) == found:
            self._fault("commit", _altered(commit, len(rows)), commit.seq)
        # Of an altered commit either digest may be what its follower names; one alteration is one fault.
        self.digest, self.known = commit.digest, {commit.digest, computed}

    def _changes(self, seq: int, rows: list[Any]) -> str:
        hashing = hashlib.sha256()
        for n, layer, id, patch, crc in rows:
            self.changes += 1
            try:
                framed = frame(layer, id, patch)
            except (TypeError, AttributeError, ValueError):
                framed = b""
            hashing.update(framed)
            if zlib.crc32(framed) != crc:
                text = f"Change {n} of commit {seq}, {layer}/{id}, does not read as it was written."
                self._fault("patch", text, seq, str(layer), str(id))
            else:
                self._value(seq, layer, id, patch)
        return hashing.hexdigest()

    def _value(self, seq: int, layer: str, id: str, patch: bytes | None) -> None:
        """Whether the change makes sense where it stands, and the photos it names."""
        if patch is None:
            self.alive.discard((layer, id))
            return
        value = orjson.loads(patch) if patch[:1] == b"{" else None
        birth = isinstance(value, dict) and (layer in DOCUMENTS or value.get("type") == "Feature")
        if not birth and (layer, id) not in self.alive:
            self._fault("patch", f"Commit {seq} changes {layer}/{id}, which did not exist.", seq, layer, id)
        self.alive.add((layer, id))
        if any(member in patch for member in _PHOTO_MEMBERS):
            for sha256 in named_in(value):
                self.photos.setdefault(sha256, Naming(sha256, seq, layer, id))

    def _fault(self, kind: str, text: str, seq: int | None, layer: str | None = None, id: str | None = None) -> None:
        self.faults.append(Fault(kind, _printable(text), seq, layer and _printable(layer), id and _printable(id)))


# Most changes name no photo: that is seen without decoding them.
_PHOTO_MEMBERS = tuple(f'"{name}"'.encode() for name in sorted(MEMBERS))


def _printable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def walk_ledger(path: Path) -> Walk:
    """Read the ledger from its first commit to its last."""
    walk = Walk(path)
    try:
        connection = open_existing(path, ledger.SCHEMA)
    except GeoappError as error:
        walk.faults.append(Fault("file", str(error)))
        return walk
    # A damaged text is still to be named: what is not UTF-8 is carried through and found by its digest.
    connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    with contextlib.closing(connection):
        for line in integrity_faults(connection):
            walk.faults.append(Fault("page", f"SQLite finds fault with {path.name}: {line}."))
        try:
            with ledger.reading(connection):
                _walk(connection, walk)
        except (sqlite3.DatabaseError, orjson.JSONDecodeError) as error:
            text = f"{path.name} cannot be read beyond commit {walk.seq}: {error}."
            walk.faults.append(Fault("page", text, walk.seq + 1))
    return walk


def _walk(connection: sqlite3.Connection, walk: Walk) -> None:
    for row in connection.execute(ALL_COMMITS):
        rows = connection.execute("SELECT n, layer, id, patch, crc FROM changes WHERE seq = ? ORDER BY n", row[:1])
        walk.commit(row, rows.fetchall())
    orphans = connection.execute(
        "SELECT seq, count(*) FROM changes WHERE seq NOT IN (SELECT seq FROM commits) GROUP BY seq"
    )
    for seq, count in orphans:
        walk.faults.append(Fault("chain", f"{count} changes name commit {seq}, which does not exist.", seq))


def _digest(commit: Commit, content: str) -> str:
    try:
        return chained(commit.previous, link_of(commit), content)
    except TypeError:
        return ""


def _altered(commit: Commit, rows: int) -> str:
    if commit.count != rows:
        return f"Commit {commit.seq} says it has {commit.count} changes, but {rows} are there."
    return f"Commit {commit.seq} does not read as it was written: its time, actor, action, key or digest was altered."


# --- what stands beside it -----------------------------------------------------------------------


def _photo_faults(instance: Path, walk: Walk) -> Iterator[Fault]:
    photos = Photos(instance)
    for naming in walk.photos.values():
        if not photos.is_whole(naming.sha256):
            there = photos.path(naming.sha256).exists()
            state = "does not hold the bytes that were put" if there else "is missing"
            text = f"The photo {naming.sha256} of {naming.layer}/{naming.id} {state}."
            yield Fault("photo", text, naming.seq, naming.layer, naming.id)
    for sha256 in photos.verify():
        if sha256 not in walk.photos:
            yield Fault("photo", f"The photo {sha256}, which no commit names, does not hold the bytes that were put.")


def _private_faults(instance: Path) -> Iterator[Fault]:
    path, schema = instance / private.FILE_NAME, private.SCHEMA
    yield from (Fault("private", sentence) for sentence in _database_faults(path, schema))


def _database_faults(path: Path, schema: Schema) -> list[str]:
    try:
        connection = open_existing(path, schema)
    except GeoappError as error:
        return [str(error)]
    with contextlib.closing(connection):
        return [f"SQLite finds fault with {path.name}: {line}." for line in integrity_faults(connection)]


def _file_faults(instance: Path, walk: Walk, follower: Follower | None, notes: list[str]) -> list[Fault]:
    head = follower.follow if follower else lambda: walk.seq
    lost = lost_tail(instance, head)
    faults = [Fault("tail", lost, walk.seq + 1)] if lost else []
    for path in projected_files(instance):
        layer = path.parent.name if path.suffix == ".json" else path.stem
        claimed = own_claim(path)
        if claimed is None:
            text = f"{path.parent.name}/{path.name} was written or changed outside geoapp."
            faults.append(Fault("edited", text, None, layer))
        elif claimed.seq > head():
            faults.append(Fault("tail", beyond_ledger(path, claimed.seq, head()), claimed.seq, layer))
        elif follower is not None:
            faults += _content_faults(path, layer, claimed, follower, notes)
    return faults


def _content_faults(path: Path, layer: str, claimed: Claim, follower: Follower, notes: list[str]) -> Iterator[Fault]:
    """Whether an own file shows what the ledger comes to; one that is only behind gets a note."""
    name = f"{path.parent.name}/{path.name}"
    seq, digest = _expected(path, layer, follower)
    if claimed.seq < seq:
        notes.append(f"{name} shows commit {claimed.seq} and is due to be written from commit {seq}.")
    elif (claimed.seq, claimed.sha256) != (seq, digest):
        text = f"{name} says it shows commit {claimed.seq}, but the ledger comes to something else there."
        yield Fault("layer", text, claimed.seq, layer)


def _expected(path: Path, layer: str, follower: Follower) -> tuple[int, str]:
    if layer in DOCUMENTS:
        with contextlib.closing(open_existing(follower.path, ledger.SCHEMA)) as connection:
            value, seq = Documents(connection, threading.Lock(), follower.path).value(layer, path.stem)
        return seq, "" if value is None else digest_of(document_parts(seq, value))
    seq, features = follower.layer(layer)
    return seq, digest_of(layer_parts(seq, features))
