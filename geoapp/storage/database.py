"""How every SQLite file of an instance is made, opened and spoken about."""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoapp.domain.errors import GeoappError, LedgerBusy, LedgerDamaged, NewerSchema
from geoapp.storage.filesystem import disk_failure, fsync_folder, no_room

BUSY_S = 30.0
_PRIMARY = 0xFF


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file is: its mark in the header, and for each version the statements that lead to it."""

    mark: int
    steps: tuple[tuple[str, ...], ...]
    mode: int = 0o644

    @property
    def version(self) -> int:
        """The newest version this geoapp writes."""
        return len(self.steps)


def create(path: Path, schema: Schema) -> None:
    """Make an empty database at `path`, whole or not at all; if another process was faster, leave its file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with explained(path), contextlib.closing(connect(temporary)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {schema.mark}")
            _upgrade(connection, schema, 0)
        temporary.chmod(schema.mode)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        fsync_folder(path.parent)
    finally:
        for leftover in (temporary, *(temporary.with_name(temporary.name + end) for end in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


def connect(path: Path, *, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """A connection that commits durably and whose transactions are opened by hand; any thread may use it."""
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {64 << 20}")
    return connection


def open_existing(path: Path, schema: Schema, *, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """Open a database that must exist, and bring an older one up to this version.

    Raises LedgerDamaged when it is no such database (also an empty file: SQLite would take that for a new one)
    and NewerSchema when a newer geoapp wrote it.
    """
    require_content(path)
    with explained(path):
        connection = connect(path, busy_s=busy_s)
        try:
            version = _version(connection, path, schema)
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                connection.execute("PRAGMA journal_mode = WAL")  # a restored file comes without
            if version < schema.version:
                _upgrade(connection, schema, version)
        except BaseException:
            connection.close()
            raise
    return connection


def require_content(path: Path) -> None:
    """Raise LedgerDamaged if there is no file, or an empty one.

    It looks from outside: a process that opens a database's file by itself and closes it again loses the locks of all
    its connections to it (POSIX has it so), and then another process takes the log from under them.
    """
    if not path.exists():
        raise LedgerDamaged(f"The file {path} is missing.")
    if path.stat().st_size == 0:
        raise LedgerDamaged(f"The file {path} is empty: all that it held is lost.")


def _version(connection: sqlite3.Connection, path: Path, schema: Schema) -> int:
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if mark != schema.mark:
        raise LedgerDamaged(f"The file {path} was not written by geoapp, or its header is damaged.")
    if version > schema.version:
        raise NewerSchema(
            f"The file {path} has version {version}, written by a newer geoapp; this one knows versions up to "
            f"{schema.version}. Install the newer geoapp, or restore a backup made with this one."
        )
    return version


def _upgrade(connection: sqlite3.Connection, schema: Schema, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    # Another process may have upgraded while this one waited for the lock.
    version = max(version, int(connection.execute("PRAGMA user_version").fetchone()[0]))
    for statement in (text for step in schema.steps[version:] for text in step):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {schema.version}")
    connection.execute("COMMIT")


def integrity_faults(connection: sqlite3.Connection) -> Sequence[str]:
    """What SQLite itself finds wrong with its pages and indexes, at most twenty lines; empty when all is well."""
    try:
        lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if lines == ["ok"] else lines


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into the domain's."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # misuse, such as a closed connection, keeps its traceback
    except sqlite3.Error as error:
        raise in_words(error, path) from error


def in_words(error: sqlite3.Error, path: Path) -> GeoappError:
    """The domain's error for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own complaint, such as text that is not UTF-8
        return LedgerDamaged(f"The file {path} does not read as it was written: {error}.")
    match code & _PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerBusy(
                f"Another process kept {path.name} to itself for too long; nothing was changed. Try again in a moment."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_FORMAT | sqlite3.SQLITE_ERROR:
            return LedgerDamaged(f"The file {path} does not read as it was written: {error}.")
        case sqlite3.SQLITE_FULL:
            return no_room(path)
        case _:
            return disk_failure(path, str(error))
