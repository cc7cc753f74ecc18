"""A process that serves clients from one Store until it is killed, or kills itself at a named point.

Requests come as lines of JSON on standard input,
`{"client", "key", "photo", "layer", "id", "patch"}`; each is answered
by a line `{"client", "key", "seq"}` on standard output once its change is durable. At the end of input it stops
cleanly.

    python -m tests.storage.crashing_child INSTANCE --writers 16 --point answer --after 20
"""

import argparse
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geoapp.storage.ledger import Change
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory

POINTS = ("answer", "photo", "replace", "fsync")


class Fuse:
    """Kills this very process, as SIGKILL does, when its point is passed for the given time."""

    def __init__(self, point: str | None, after: int) -> None:
        self._point = point
        self._left = after
        self._lock = threading.Lock()

    def passes(self, point: str) -> None:
        """Come to a point."""
        with self._lock:
            if point == self._point:
                self._left -= 1
                if self._left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, call: str) -> None:
        """Take a call of the operating system, made while projecting, for a point."""
        real: Callable[..., Any] = getattr(os, call)

        def watched(*values: Any, **options: Any) -> Any:
            if threading.current_thread().name == "projecting":
                self.passes(call)
            return real(*values, **options)

        setattr(os, call, watched)


def serve(store: Store, requests: "queue.SimpleQueue[Any]", fuse: Fuse) -> None:
    """Answer requests until there are no more."""
    while (request := requests.get()) is not None:
        if request["photo"]:
            store.photos.put(request["photo"].encode())
            fuse.passes("photo")
        patch = None if request["patch"] is None else json.dumps(request["patch"]).encode()
        change = Change(request["layer"], request["id"], patch)
        commit = store.append([change], actor="client", action="test", request_key=request["key"])
        fuse.passes("answer")
        answer = {"client": request["client"], "key": request["key"], "seq": commit.seq}
        # One write of a short line: it arrives whole or not at all.
        os.write(sys.stdout.fileno(), json.dumps(answer).encode() + b"\n")


def keep_projecting(store: Store, stop: threading.Event) -> None:
    """Project without a pause, so that a kill often finds a projection under way."""
    while not stop.wait(0.002):
        store.project()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--point", choices=POINTS)
    parser.add_argument("--after", type=int, default=1)
    options = parser.parse_args()
    fuse, stop = Fuse(options.point, options.after), threading.Event()
    fuse.watch("replace")
    fuse.watch("fsync")
    store = Store.open(options.instance, PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threads = [threading.Thread(target=serve, args=(store, requests, fuse)) for _ in range(options.writers)]
    threads.append(threading.Thread(target=keep_projecting, args=(store, stop), name="projecting"))
    for thread in threads:
        thread.start()
    os.write(sys.stdout.fileno(), b'{"ready": true}\n')
    for line in sys.stdin:
        requests.put(json.loads(line))
    stop.set()
    for _ in range(options.writers):
        requests.put(None)
    for thread in threads:
        thread.join()
    store.project()
    store.close()


if __name__ == "__main__":
    main()
