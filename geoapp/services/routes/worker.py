"""A process beside the service that plans: pages go on answering, whatever it computes.

It reads pickled orders from its standard input and writes what it finds to its standard output: both are pipes of the
process that started it, and nobody else's. It ends when its input does.
"""

import os
import pickle
import signal
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import BinaryIO

from geoapp.domain.errors import GeoappError
from geoapp.domain.routes import RoutePlan, RouteRequest
from geoapp.routing import explaining_kernel, neighbourhoods_kernel
from geoapp.routing.travel import Travel
from geoapp.services.routes.month import month_plan
from geoapp.services.routes.planning import Effort, Progress, Watch, make_plan
from geoapp.services.routes.travelling import SavedTravel, open_travel

NICE = 10
# Graphs of so many kinds of travel are kept open.
KEPT_OPEN = 2

Verb = Callable[[RouteRequest, Travel, Travel, Effort, Watch], RoutePlan]
VERBS: dict[str, Verb] = {"plan": make_plan, "month": month_plan}


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be planned, over which roads, and how much is searched."""

    verb: str
    request: RouteRequest
    travel: SavedTravel
    effort: Effort


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no plan: an error's sentence and its values; a fault of ours, which is in the log, has none."""

    sentence: str = ""
    values: dict[str, object] = field(default_factory=dict)


# What is sent to end a search early; its best is kept.
STOP = "stop"
Answer = Progress | RoutePlan | Refused


class _Worker:
    """Works on one order at a time."""

    def __init__(self, read: BinaryIO, write: BinaryIO) -> None:
        self._read, self._write = read, write
        self._orders: SimpleQueue[Work | None] = SimpleQueue()
        self._stop = threading.Event()
        self._open: OrderedDict[SavedTravel, tuple[Travel, Travel]] = OrderedDict()

    def run(self) -> None:
        """Until the input ends."""
        threading.Thread(target=self._listen, daemon=True).start()
        neighbourhoods_kernel.warm()
        explaining_kernel.warm()
        while (work := self._orders.get()) is not None:
            self._send(self._answer(work))

    def _listen(self) -> None:
        while True:
            try:
                said = pickle.load(self._read)  # noqa: S301  written by the process that started this one
            except (EOFError, OSError):
                # Nobody waits for an answer any more.
                self._stop.set()
                self._orders.put(None)
                return
            if said == STOP:
                self._stop.set()
            else:
                self._stop.clear()
                self._orders.put(said)

    def _answer(self, work: Work) -> Answer:
        try:
            return VERBS[work.verb](work.request, *self._travel(work.travel), work.effort, self._tell)
        except GeoappError as refused:
            return Refused(refused.sentence, dict(refused.values))
        except Exception:  # whatever it is, whoever waits is told, and the next order is served
            traceback.print_exc()
            return Refused()

    def _travel(self, saved: SavedTravel) -> tuple[Travel, Travel]:
        if saved not in self._open:
            self._open[saved] = open_travel(saved)
            while len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(saved)
        return self._open[saved]

    def _tell(self, progress: Progress) -> bool:
        self._send(progress)
        return not self._stop.is_set()

    def _send(self, answer: Answer) -> None:
        try:
            pickle.dump(answer, self._write)
            self._write.flush()
        except OSError:
            self._stop.set()


def main() -> None:
    """Work for the process that started this one."""
    # Ctrl-C reaches all processes of a terminal; it is the service that says what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    write = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not come between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _Worker(sys.stdin.buffer, write).run()
