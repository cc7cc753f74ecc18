"""How many durable changes a second do many clients get: group commit against a commit each on its own connection.

    python -m tests.benchmarks.ledger --clients 32

Same schema, same durability (write-ahead log, synchronous=FULL), same disk, one run. Prints a JSON object a line.
"""

import argparse
import contextlib
import hashlib
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from uuid import uuid4

from geoapp.storage import ledger
from geoapp.storage.database import connect, create, explained
from geoapp.storage.ledger import BEGINNING, Change, Commit, frame, insert_commits
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory

BUILD = Path(__file__).parents[2] / "build"
Client = Callable[[int, int], object]


@dataclass(frozen=True)
class Found:
    """What the clients got of one method: durable changes a second, and how long they waited for an answer."""

    changes_per_s: float
    median_ms: float
    slowest_ms: float


def feature(client: int, n: int) -> Change:
    """A problem as a clerk would report it, about 400 bytes."""
    id = f"p{n:06d}-{client:03d}"
    properties = {"name": id, "category": "sanitation", "status": "reported", "description": "x" * 250}
    geometry = {"type": "Point", "coordinates": [116.6 + client / 1000, 40.3 + n / 1e6]}
    value = {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}
    return Change("problems", id, json.dumps(value).encode())


def measured(clients: int, seconds: float, write: Client) -> Found:
    """Let every client write one change after the other for so long, and count what was acknowledged."""
    stop, waited = threading.Event(), [list[float]() for _ in range(clients)]

    def work(client: int) -> None:
        while not stop.is_set():
            asked = time.perf_counter()
            write(client, len(waited[client]))
            waited[client].append(time.perf_counter() - asked)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    took, every = time.perf_counter() - started, sorted(chain.from_iterable(waited))
    return Found(len(every) / took, every[len(every) // 2] * 1000, every[-1] * 1000)


def group_commit(folder: Path, clients: int, seconds: float) -> Found:
    """The Store, projecting nothing, with its checks, request keys and chain."""
    store = Store.open(folder, PlainMemory(), clock=lambda: datetime.now(UTC), project=False)

    def write(client: int, n: int) -> Commit:
        return store.append([feature(client, n)], actor="a", action="b", request_key=uuid4().hex)

    with contextlib.closing(store):
        return measured(clients, seconds, write)


def commit_each(folder: Path, clients: int, seconds: float) -> Found:
    """A connection and a transaction of its own for every client's every change; the chain is kept as well."""
    path = folder / ledger.FILE_NAME
    create(path, ledger.SCHEMA)
    connections = [connect(path, busy_s=600.0) for _ in range(clients)]

    def write(client: int, n: int) -> None:
        change, connection = feature(client, n), connections[client]
        framed = frame(change.layer, change.id, change.patch)
        with explained(path):
            connection.execute("BEGIN IMMEDIATE")
            head = connection.execute("SELECT seq, digest FROM commits ORDER BY seq DESC LIMIT 1").fetchone()
            seq, previous = head or (0, BEGINNING)
            digest = hashlib.sha256(previous.encode() + framed).hexdigest()
            now, key = datetime.now(UTC).isoformat(), uuid4().hex
            insert_commits(connection, [Commit(seq + 1, now, "a", "b", key, 1, digest, previous)])
            row = (seq + 1, 0, change.layer, change.id, change.patch, 0)
            connection.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("COMMIT")

    try:
        return measured(clients, seconds, write)
    finally:
        for connection in connections:
            connection.close()


def main() -> None:
    """Print one line a method; `ratio` is to a commit each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    BUILD.mkdir(exist_ok=True)
    found = {}
    for method in (commit_each, group_commit):
        # A real disk: on one in memory, durability costs nothing and the comparison says nothing.
        folder = Path(tempfile.mkdtemp(prefix="ledger-", dir=BUILD))
        try:
            found[method.__name__] = method(folder, options.clients, options.seconds)
        finally:
            shutil.rmtree(folder)
    for name, values in found.items():
        ratio = round(values.changes_per_s / found["commit_each"].changes_per_s, 1)
        numbers = {field: round(value, 1) for field, value in asdict(values).items()}
        print(json.dumps({"method": name, "clients": options.clients, **numbers, "ratio": ratio}), flush=True)


if __name__ == "__main__":
    main()
