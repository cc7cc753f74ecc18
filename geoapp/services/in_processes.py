"""The same work on many pieces by several processes, the results in the order of the pieces."""

import gc
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any

from geoapp.domain.errors import GeoappError

Work = Callable[[Any], Any]
# How many pieces beyond those being worked on are read ahead: what is in memory does not grow with the file.
AHEAD = 1

_work: Work | None = None


@contextmanager
def uncollected() -> Iterator[None]:
    """A block in which Python does not look for objects that only refer to each other."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def processes_or_default(wanted: int | None) -> int:
    """As many as are wanted; else one less than there are cores for this process, at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(cores - 1, 1) if wanted is None else wanted


def ordered(
    make: Callable[[], Work], pieces: Iterable[tuple[int, Any]], *, processes: int
) -> Iterator[tuple[int, Any]]:
    """The note that came with each piece, and what the work makes of the piece, in the order of the pieces.

    make: called once in each process, for the work; both it and all pieces and results must bear pickling. With one
    process, or one piece, all is done in this one. What the work raises is raised here, in its turn.
    """
    given = iter(pieces)
    first = list(islice(given, 2))
    if processes == 1 or len(first) < 2:
        work = make()
        for note, piece in chain(first, given):
            yield note, work(piece)
        return
    # Forked from a clean process that has imported everything once: this one may have threads, which fork loses.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([make.func.__module__ if hasattr(make, "func") else __name__])
    pool = ProcessPoolExecutor(processes, context, _begin, (make,))
    try:
        yield from _in_turn(pool, chain(first, given), processes + AHEAD)
    except BrokenProcessPool as error:
        raise GeoappError("A process that did a part of the work ended before its time; is there too little memory? "
                          "Try again with fewer --processes.") from error  # fmt: skip
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_turn(pool: ProcessPoolExecutor, pieces: Iterator[tuple[int, Any]], most: int) -> Iterator[tuple[int, Any]]:
    waiting: deque[tuple[int, Future[Any]]] = deque()
    for note, piece in pieces:
        waiting.append((note, pool.submit(_do, piece)))
        if len(waiting) >= most:
            yield _next(waiting)
    while waiting:
        yield _next(waiting)


def _next(waiting: "deque[tuple[int, Future[Any]]]") -> tuple[int, Any]:
    note, future = waiting.popleft()
    return note, future.result()


def _begin(make: Callable[[], Work]) -> None:
    global _work
    # Ctrl-C reaches all processes of a terminal; it is the first one that says what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _work = make()
    except Exception as failed:  # it belongs to the first piece: raised here, it would only say that a process ended
        _work = partial(_refuse, failed)


def _refuse(failed: Exception, piece: Any) -> Any:
    raise failed


def _do(piece: Any) -> Any:
    if _work is None:
        raise RuntimeError("the process was not prepared")
    return _work(piece)
