"""Is an acknowledged change ever lost, or a repeated one written twice, when the process is killed?

    python -m tests.benchmarks.kill --kills 100 --writers 16

Clients send changes to a child process at full speed; it is killed (SIGKILL) at random, and at named points: between
commit and answer, between a photo's fsync and its commit, inside a projection. Every client sends what was not answered
again, with its request key, to the next child. Prints one JSON object; `lost`, `twice`, `half_written` and `faults`
should be 0.
"""

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from geoapp.storage.projection import own_claim, projected_files
from geoapp.storage.verify import verify
from tests.storage.plain_memory import PlainMemory

ROOT = Path(__file__).parents[2]
POINTS = ("answer", "photo", "replace", "random", "random", "fsync", "random", "random")
PATIENCE_S = 60.0
VERIFY_EVERY = 10


class Line:
    """The line to the child of the moment: clients ask, and ask the next child what the last one did not answer."""

    def __init__(self, instance: Path, writers: int) -> None:
        self.retried = 0
        self._instance = instance
        self._writers = writers
        self._changed = threading.Condition()
        self._answers: dict[int, int] = {}
        self._child: subprocess.Popen[bytes] | None = None
        self._generation = 0

    def connect(self, point: str, after: int) -> subprocess.Popen[bytes]:
        """Start a child, and let the clients speak when it is ready."""
        arm = [] if point == "random" else ["--point", point, "--after", str(after)]
        command = [
            sys.executable,
            "-m",
            "tests.storage.crashing_child",
            self._instance,
            "--writers",
            self._writers,
            *arm,
        ]
        child = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        assert child.stdout is not None
        # A child that is armed may die before it is ready: nobody has spoken to it then.
        if not child.stdout.readline():
            close_line(child)
        else:
            with self._changed:
                self._child = child
                self._generation += 1
                self._changed.notify_all()
            threading.Thread(target=self._listen, args=(child,), daemon=True).start()
        return child

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        for line in iter(child.stdout.readline, b""):
            answer = json.loads(line)
            with self._changed:
                self._answers[answer["client"]] = answer["seq"]
                self._changed.notify_all()
        with self._changed:
            close_line(child)
            self._child = None
            self._changed.notify_all()

    def ask(self, request: dict[str, Any]) -> int:
        """Send a request until it is answered; gives the seq of its commit."""
        text, client = json.dumps(request).encode() + b"\n", request["client"]
        for attempt in range(1_000):
            with self._changed:
                self._changed.wait_for(lambda: self._child is not None)
                self.retried += attempt > 0
                spoken_to = self._generation
                self._send(text)
                self._changed.wait_for(lambda: client in self._answers or self._is_gone(spoken_to))  # noqa: B023
                if client in self._answers:
                    return self._answers.pop(client)
        raise AssertionError(f"nobody answered {request['key']}")

    def _send(self, text: bytes) -> None:
        assert self._child is not None
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):
            self._child.stdin.write(text)

    def _is_gone(self, generation: int) -> bool:
        return self._child is None or self._generation != generation


def close_line(child: subprocess.Popen[bytes]) -> None:
    """Let go of a dead child's input and output."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


class Client(threading.Thread):
    """Writes, changes and deletes features of its own, and knows what must have come of it."""

    def __init__(self, number: int, line: Line, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.acknowledged: dict[str, int] = {}
        self.expected: dict[str, Any] = {}
        self._number = number
        self._line = line
        self._stop_asked = stop
        self._chance = random.Random(number)

    def run(self) -> None:
        """One request after the other."""
        while not self._stop_asked.is_set():
            request = self._request(len(self.acknowledged))
            self.acknowledged[request["key"]] = self._line.ask(request)

    def _request(self, n: int) -> dict[str, Any]:
        key, photo, patch = f"{self._number}-{n}", None, None
        id = self._chance.choice(list(self.expected)) if self.expected and self._chance.random() < 0.6 else f"p{key}"
        if id not in self.expected:
            photo = f"photo {key} " * 20 if self._chance.random() < 0.3 else None
            named = [hashlib.sha256(photo.encode()).hexdigest()] if photo else []
            point = {"type": "Point", "coordinates": [116.6, 40.3]}
            patch = {"type": "Feature", "id": id, "geometry": point, "properties": {"last": n, "photos": named}}
            self.expected[id] = patch
        elif self._chance.random() < 0.3:
            del self.expected[id]
        else:
            patch = {"properties": {"last": n}}
            self.expected[id]["properties"]["last"] = n
        return {"client": self._number, "key": key, "photo": photo, "layer": "problems", "id": id, "patch": patch}


def kill(child: subprocess.Popen[bytes], point: str, chance: random.Random) -> str:
    """See the child die, at its own hand or, at random or when its point never came, at ours; gives where."""
    try:
        child.wait(chance.uniform(0.02, 0.5) if point == "random" else 10.0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return "random"
    return point


def run(instance: Path, *, kills: int, writers: int, seed: int = 0) -> dict[str, Any]:
    """Kill so many times, then stop cleanly and compare what was acknowledged with what is there."""
    chance, died, half_written, faults = random.Random(seed), Counter[str](), 0, list[Any]()
    line, stop = Line(instance, writers), threading.Event()
    clients = [Client(number, line, stop) for number in range(writers)]
    for client in clients:
        client.start()
    for n in range(kills):
        point = POINTS[n % len(POINTS)]
        child = line.connect(point, chance.randrange(1, 40))
        died[kill(child, point, chance)] += 1
        half_written += sum(own_claim(path) is None for path in projected_files(instance))
        if n % VERIFY_EVERY == 0:
            faults += verify(instance).faults
    last = line.connect("random", 0)
    stop.set()
    for client in clients:
        client.join(PATIENCE_S)
    assert last.stdin is not None
    last.stdin.close()
    last.wait(PATIENCE_S)
    faults += verify(instance, memory := PlainMemory()).faults
    found = compared(instance, clients, memory)
    return (
        {"kills": kills, "writers": writers, "at": dict(died), "retried": line.retried}
        | found
        | {
            "half_written": half_written,
            "faults": len(faults),
            "clean_stop": last.returncode == 0,
        }
    )


def compared(instance: Path, clients: list[Client], memory: PlainMemory) -> dict[str, int]:
    """How many acknowledged changes are not there, and how many commits are there that nobody should find twice."""
    with closing(sqlite3.connect(instance / "ledger.sqlite")) as connection:
        rows = connection.execute("SELECT request_key, seq FROM commits").fetchall()
    acknowledged = {key: seq for client in clients for key, seq in client.acknowledged.items()}
    expected = {id: value for client in clients for id, value in client.expected.items()}
    written = dict(rows)
    values = memory.values.get("problems", {})
    wrong = sum(values.get(id) != expected.get(id) for id in values.keys() | expected.keys())
    return {
        "acknowledged": len(acknowledged),
        "lost": sum(written.get(key) != seq for key, seq in acknowledged.items()) + wrong,
        "twice": len(rows) - len(acknowledged),
    }


def main() -> None:
    """Run and print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    folder, started = Path(tempfile.mkdtemp(prefix="kill-", dir=ROOT / "build")), time.monotonic()
    try:
        found = run(folder, kills=options.kills, writers=options.writers, seed=options.seed)
        print(json.dumps(found | {"seconds": round(time.monotonic() - started, 1)}))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
