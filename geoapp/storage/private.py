"""Names and phones of people: kept apart, so that neither ledger nor layer ever holds them."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from geoapp.domain.errors import NotFound
from geoapp.domain.tours import Host, Score, ScoreScale
from geoapp.storage.database import BUSY_S, Schema, create, explained, open_existing

FILE_NAME = "private.sqlite"
SCHEMA = Schema(
    mark=0x67656F70,  # "geop"
    steps=(
        (
            "CREATE TABLE persons (id TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, unit TEXT NOT NULL)"
            " WITHOUT ROWID",
        ),
        (
            "CREATE TABLE hosts (plan TEXT NOT NULL, stop TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,"
            " PRIMARY KEY (plan, stop)) WITHOUT ROWID",
            "CREATE TABLE scores (plan TEXT NOT NULL, leader TEXT NOT NULL, stop TEXT NOT NULL, score REAL,"
            " remark TEXT NOT NULL, PRIMARY KEY (plan, leader, stop)) WITHOUT ROWID",
            "CREATE TABLE score_scales (plan TEXT PRIMARY KEY, least REAL NOT NULL, most REAL NOT NULL) WITHOUT ROWID",
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

    def put_hosts(self, plan: str, hosts: Iterable[Host]) -> None:
        """Keep who receives at these stops of a plan; who has neither name nor phone is forgotten."""
        with self._writing() as connection:
            for host in hosts:
                connection.execute("DELETE FROM hosts WHERE plan = ? AND stop = ?", (plan, host.stop))
                if host.name or host.phone:
                    connection.execute("INSERT INTO hosts VALUES (?, ?, ?, ?)", (plan, *astuple(host)))

    def hosts(self, plan: str) -> dict[str, Host]:
        """Who receives at the stops of a plan, by stop."""
        with self._using() as connection:
            rows = connection.execute("SELECT stop, name, phone FROM hosts WHERE plan = ?", (plan,)).fetchall()
        return {stop: Host(stop=stop, name=name, phone=phone) for stop, name, phone in rows}

    def put_scores(self, plan: str, leader: str, scores: Iterable[Score]) -> None:
        """Keep what a leader gave, in place of all that was kept of this leader before."""
        kept = [(plan, leader, one.stop, one.score, one.remark) for one in scores]
        with self._writing() as connection:
            connection.execute("DELETE FROM scores WHERE plan = ? AND leader = ?", (plan, leader))
            connection.executemany("INSERT INTO scores VALUES (?, ?, ?, ?, ?)", kept)

    def scores(self, plan: str) -> list[Score]:
        """All scores of a plan, by leader and stop."""
        with self._using() as connection:
            rows = connection.execute(
                "SELECT leader, stop, score, remark FROM scores WHERE plan = ? ORDER BY leader, stop", (plan,)
            ).fetchall()
        return [Score(leader=leader, stop=stop, score=score, remark=remark) for leader, stop, score, remark in rows]

    def put_scale(self, plan: str, scale: ScoreScale) -> None:
        """Keep from where to where scores of a plan go."""
        with self._using() as connection:
            connection.execute("INSERT OR REPLACE INTO score_scales VALUES (?, ?, ?)", (plan, *astuple(scale)))

    def scale(self, plan: str) -> ScoreScale:
        """From where to where scores of a plan go; the usual scale where nobody said so."""
        with self._using() as connection:
            row = connection.execute("SELECT least, most FROM score_scales WHERE plan = ?", (plan,)).fetchone()
        return ScoreScale(*row) if row else ScoreScale()

    def forget_plan(self, plan: str) -> None:
        """Forget hosts and scores of a plan."""
        with self._writing() as connection:
            for table in ("hosts", "scores", "score_scales"):
                connection.execute(f"DELETE FROM {table} WHERE plan = ?", (plan,))  # noqa: S608  our own names

    def close(self) -> None:
        """Let go of the file."""
        with self._using() as connection:
            connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.path):
            yield self._connection
