"""What is done to a commit's changes before the ledger is locked: check, hash, and stage the many."""

import hashlib
import re
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import orjson

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import DOCUMENTS, LAYERS
from geoapp.storage.database import connect, explained
from geoapp.storage.ledger import Change, frame

# From so many changes on, one INSERT ... SELECT under the lock is faster than handing rows over one by one, and it
# leaves Python to the other threads meanwhile.
STAGED_FROM = 5_000

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PUBLISH = (
    "INSERT INTO main.changes (seq, n, layer, id, patch, crc)"
    " SELECT ?, n, layer, id, patch, crc FROM staged.changes ORDER BY n"
)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change does to its item, without what it says: all that is looked at under the lock.

    whole: whether it may be a birth. gone: whether it deletes.
    """

    layer: str
    id: str
    whole: bool
    gone: bool
    based_on: int | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A commit's changes, ready to be written.

    few: the rows to be written, n first, unless they are staged. content: SHA-256 of the frames. connection: the one
    that holds the staged rows, None for a few changes.
    """

    touched: Sequence[Touched]
    content: str
    few: Sequence[tuple[object, ...]] = ()
    connection: sqlite3.Connection | None = None

    def rows(self, seq: int) -> list[tuple[object, ...]]:
        """The rows of `changes` for commit `seq`."""
        return [(seq, *row) for row in self.few]

    def close(self) -> None:
        """Drop what was staged."""
        if self.connection is not None:
            self.connection.close()


def prepare(changes: Iterable[Change], ledger: Path) -> Prepared:
    """Check and hash the changes one by one as they come, and stage them beside the ledger if they are many.

    However many they are, no more than STAGED_FROM of them are in memory at once. What the iterable raises is passed
    on, and nothing is left behind. Raises BadInput, which names the layer, the id and what is wrong with the change.
    """
    checking = _Checking()
    rows = checking.rows(changes)
    few = list(islice(rows, STAGED_FROM))
    if not few:
        raise BadInput("A commit needs at least one change.")
    connection = None
    if len(few) == STAGED_FROM:
        few, connection = [], _staged(chain(few, rows), ledger)
    return Prepared(checking.touched, checking.content.hexdigest(), few, connection)


class _Checking:
    """Looks at changes as they pass: which items they touch, and the digest of them all."""

    def __init__(self) -> None:
        self.touched: list[Touched] = []
        self.content = hashlib.sha256()

    def rows(self, changes: Iterable[Change]) -> Iterator[tuple[object, ...]]:
        """A row (n, layer, id, patch, crc) for every change; raises BadInput for one that cannot be kept."""
        for n, change in enumerate(changes):
            whole = _may_be_birth(change)
            self.touched.append(Touched(change.layer, change.id, whole, change.patch is None, change.based_on))
            framed = frame(change.layer, change.id, change.patch)
            self.content.update(framed)
            yield n, change.layer, change.id, change.patch, zlib.crc32(framed)


def publish(connection: sqlite3.Connection, seq: int) -> None:
    """Insert what is staged as the changes of commit `seq`, inside the connection's transaction."""
    connection.execute(_PUBLISH, (seq,))


def check_text(name: str, text: str) -> str:
    """The text itself; raises BadInput if it is empty, very long, or not of characters that can be kept."""
    well = isinstance(text, str) and 0 < len(text) <= 300 and not _CONTROL.search(text)
    if not well or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadInput(f"The {name} {text!r} must be a text of 1 to 300 characters without control characters.")
    return text


def _may_be_birth(change: Change) -> bool:
    """Whether the change holds a whole value; raises BadInput if it holds nothing that can be kept."""
    check_text("id", change.id)
    where = f"{change.layer}/{change.id}"
    if change.layer not in LAYERS and change.layer not in DOCUMENTS:
        raise BadInput(f"There is no layer {change.layer!r}; known are {', '.join(sorted([*LAYERS, *DOCUMENTS]))}.")
    if change.layer in DOCUMENTS and not _FILE_NAME.fullmatch(change.id):
        raise BadInput(f"The id of {where} becomes a file name: letters, digits, dot, dash and underscore only.")
    if change.patch is None:
        return False
    value = _json_object(change.patch, where)
    if change.layer in DOCUMENTS:
        return True
    if value.get("id", change.id) != change.id:
        raise BadInput(f"The change of {where} names another id, {value['id']!r}; an id stays what it is.")
    return value.get("type") == "Feature"


def _json_object(patch: bytes, where: str) -> dict[str, object]:
    try:
        value = orjson.loads(patch)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"The change of {where} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise BadInput(f"The change of {where} must be a JSON object, not {patch[:40]!r}.")
    return value


def _staged(rows: Iterable[tuple[object, ...]], ledger: Path) -> sqlite3.Connection:
    """A connection to the ledger with the rows in an attached file that has no name, so a crash leaves nothing."""
    with explained(ledger):
        connection = connect(ledger)
        try:
            _attach_unnamed(connection, ledger.parent)
            connection.execute("CREATE TABLE staged.changes (n INTEGER PRIMARY KEY, layer, id, patch BLOB, crc)")
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO staged.changes VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
    return connection


def _attach_unnamed(connection: sqlite3.Connection, folder: Path) -> None:
    with tempfile.NamedTemporaryFile(prefix=".staged-", dir=folder) as file:
        connection.execute("ATTACH ? AS staged", (file.name,))
        connection.execute("PRAGMA staged.journal_mode = OFF")
        connection.execute("PRAGMA staged.synchronous = OFF")
        # SQLite opens the file at its first use; after that the name may go.
        connection.execute("CREATE TABLE staged.opened (n)")
    # The publishing transaction may be large: its checkpoint runs after the lock, not inside it.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    # The index of histories is filled in no order: where it does not fit into memory, the lock is held twice as long.
    connection.execute("PRAGMA main.cache_size = -32000")
