"""Names and phones of people: kept apart, so that neither ledger nor layer ever holds them."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from geoapp.domain.errors import NotFound
from geoapp.storage.database import BUSY_S, Schema, create, explained, open_existing

FILE_NAME = "private.sqlite"
SCHEMA = Schema(
    mark=0x67656F70,  # "geop"
    steps=(
        (
            "CREATE TABLE persons (id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, unit TEXT NOT NULL)"
            " WITHOUT ROWID",
        ),
    ),
    mode=0o600,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named by `id` in the ledger; an unknown phone or unit is an empty text."""

    id: str
    name: str
    phone: str = ""
    unit: str = ""


class PrivateStore:
    """The private file of an instance; any thread and process may use it."""

    def __init__(self, instance: Path, *, busy_s: float = BUSY_S) -> None:
        self.path = instance / FILE_NAME
        if not self.path.exists():
            create(self.path, SCHEMA)
        self._lock = threading.Lock()
        self._connection = open_existing(self.path, SCHEMA, busy_s=busy_s)

    def put_person(self, person: Person) -> None:
        """Keep a person durably, in place of who had the id before."""
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO persons VALUES (?, ?, ?, ?)", astuple(person))

    def person(self, id: str) -> Person:
        """Who has this id; raises NotFound if nobody has."""
        with self._using() as connection:
            row = connection.execute("SELECT id, name, phone, unit FROM persons WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise NotFound(f"There is no person {id!r}.")
        return Person(*row)

    def persons(self) -> list[Person]:
        """Everybody, in the order of ids."""
        with self._using() as connection:
            rows = connection.execute("SELECT id, name, phone, unit FROM persons ORDER BY id").fetchall()
        return [Person(*row) for row in rows]

    def remove_person(self, id: str) -> None:
        """Forget a person; raises NotFound if nobody has this id."""
        with self._using() as connection:
            if connection.execute("DELETE FROM persons WHERE id = ?", (id,)).rowcount == 0:
                raise NotFound(f"There is no person {id!r}.")

    def close(self) -> None:
        """Let go of the file."""
        with self._using() as connection:
            connection.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.path):
            yield self._connection
