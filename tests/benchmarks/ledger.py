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
from datetime import UTC, datetime
from pathlib import Path

from geoapp.storage import ledger
from geoapp.storage.database import connect, create, explained
from geoapp.storage.ledger import BEGINNING, Change, Commit, frame, insert_commits
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory

BUILD = Path(__file__).parents[2] / "build"
Client = Callable[[int, int], None]


def feature(client: int, n: int) -> Change:
    """A problem as a clerk would report it, about 400 bytes."""
    id = f"p{client:03d}-{n:06d}"
    properties = {"name": id, "category": "sanitation", "status": "reported", "description": "x" * 250}
    geometry = {"type": "Point", "coordinates": [116.6 + client / 1000, 40.3 + n / 1e6]}
    value = {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}
    return Change("problems", id, json.dumps(value).encode())


def changes_per_s(clients: int, seconds: float, write: Client) -> float:
    """Let every client write one change after the other for so long, and count what was acknowledged."""
    stop, done = threading.Event(), [0] * clients

    def work(client: int) -> None:
        while not stop.is_set():
            write(client, done[client])
            done[client] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - started)


def group_commit(folder: Path, clients: int, seconds: float) -> float:
    """The Store, projecting nothing, with its checks, request keys and chain."""
    store = Store.open(folder, PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
    with contextlib.closing(store):
        return changes_per_s(
            clients,
            seconds,
            lambda client, n: (
                store.append([feature(client, n)], actor="a", action="b", request_key=f"{client}-{n}") and None
            ),
        )


def commit_each(folder: Path, clients: int, seconds: float) -> float:
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
            now, key = datetime.now(UTC).isoformat(), f"{client}-{n}"
            insert_commits(connection, [Commit(seq + 1, now, "a", "b", key, 1, digest, previous)])
            row = (seq + 1, 0, change.layer, change.id, change.patch, 0)
            connection.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute("COMMIT")

    try:
        return changes_per_s(clients, seconds, write)
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
    for name, speed in found.items():
        ratio = round(speed / found["commit_each"], 1)
        line = {"method": name, "clients": options.clients, "changes_per_s": round(speed), "ratio": ratio}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
