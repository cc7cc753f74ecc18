"""Many threads, two processes, one import: each commit stands for itself."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from geoapp.domain.errors import Conflict, LedgerBusy, NotFound
from geoapp.storage.store import Store
from geoapp.storage.verify import verify
from tests.storage.conftest import NOW, OpenStore
from tests.storage.toy import born, gone, patched, write


def values(store: Store, layer: str = "problems") -> dict[str, Any]:
    store.follow()
    return {value["id"]: value for value in map(json.loads, store.memory.encoded(layer))}


def test_many_threads_lose_nothing_and_every_commit_has_its_own_number(store: Store) -> None:
    def work(thread: int) -> list[int]:
        return [write(store, born(f"p{thread}-{n}"), key=f"{thread}-{n}").seq for n in range(20)]

    with ThreadPoolExecutor(16) as threads:
        numbers = [seq for numbers in threads.map(work, range(16)) for seq in numbers]
    assert sorted(numbers) == list(range(1, 321))
    assert store.follow() == 320
    assert len(values(store)) == 320
    assert store.verify().ok


def test_one_members_conflict_fails_that_member_only(store: Store) -> None:
    write(store, born("p0"))
    write(store, patched("p0", status="x"))

    def work(thread: int) -> bool:
        changes = [born(f"p{thread}"), *([patched("p0", status="y", based_on=1)] if thread % 2 else [])]
        try:
            write(store, *changes)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        written = list(threads.map(work, range(1, 17)))
    assert written == [thread % 2 == 0 for thread in range(1, 17)]
    assert set(values(store)) == {"p0", *(f"p{thread}" for thread in range(2, 17, 2))}


def test_two_stores_see_each_others_changes(opened: OpenStore) -> None:
    one, other = opened(), opened()
    write(one, born("p1"))
    assert other.follow() == 1
    write(other, patched("p1", status="x"))
    assert values(one) == values(other)
    with pytest.raises(Conflict):
        write(one, patched("p1", status="y", based_on=1))
    assert one.verify().ok


def test_a_ledger_that_others_keep_to_themselves_is_busy_and_free_again_later(opened: OpenStore) -> None:
    store = opened(busy_s=0.05)
    other = sqlite3.connect(store.instance / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerBusy, match="Another process kept ledger"):
        write(store, born("p1"))
    other.execute("ROLLBACK")
    other.close()
    assert write(store, born("p1")).seq == 1


def test_readers_follow_while_others_write(store: Store) -> None:
    stop, seen = threading.Event(), list[int]()

    def read() -> None:
        while not stop.is_set():
            seen.append(store.follow())

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(50):
        write(store, born(f"p{n}"))
    stop.set()
    reader.join()
    assert seen == sorted(seen)
    assert store.follow() == 50


def test_a_forked_child_is_told_to_open_its_own(store: Store) -> None:
    store._process = os.getpid() + 1  # as a child sees it
    with pytest.raises(RuntimeError, match="child"):
        store.follow()
    store._process = os.getpid()


# --- many changes ----------------------------------------------------------------------------------


def test_an_import_of_many_is_one_commit_among_others(store: Store) -> None:
    many = [born(f"p{n}") for n in range(6_000)]
    with ThreadPoolExecutor(4) as threads:
        small = [threads.submit(write, store, born(f"q{n}")) for n in range(20)]
        commit = threads.submit(write, store, *many, key="import").result()
        assert len({future.result().seq for future in small}) == 20
    assert commit.count == 6_000
    assert len(values(store)) == 6_020
    assert store.verify().changes == 6_020
    assert write(store, *many, key="import") == commit
    assert not list(store.instance.glob(".staged*"))


def test_a_refused_import_leaves_nothing(store: Store) -> None:
    with pytest.raises(NotFound):
        write(store, *(born(f"p{n}") for n in range(6_000)), gone("q"))
    assert store.follow() == 0
    assert write(store, born("p1")).seq == 1


def test_an_interrupt_fails_the_commit_and_leaves_the_way_free(opened: OpenStore) -> None:
    interrupts = [KeyboardInterrupt()]

    def clock() -> datetime:
        if interrupts:
            raise interrupts.pop()
        return NOW

    store = opened(clock=clock)
    with pytest.raises(KeyboardInterrupt):
        write(store, born("p1"), key="k1")
    assert write(store, born("p1"), key="k1").seq == 1
    assert store.verify().ok


VISIT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM commits").fetchone()[0])
connection.close()
"""


def test_another_process_that_comes_and_goes_does_not_take_the_log_from_under_us(store: Store, tmp_path: Path) -> None:
    ledger = store.instance / "ledger.sqlite"
    write(store, born("p1"))
    for look in (store.verify, store.project, lambda: store.backup(tmp_path / "b.tar"), lambda: verify(store.instance)):
        look()
        # The last connection of all to close removes the log; the visitor must notice that it is not the last.
        subprocess.run([sys.executable, "-c", VISIT, ledger], check=True, capture_output=True)
        assert ledger.with_name("ledger.sqlite-wal").exists()
    write(store, born("p2"))
    assert store.verify().ok
