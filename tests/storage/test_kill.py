"""Killed at any moment, with everybody at work: nothing acknowledged is lost, nothing is written twice."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoapp.storage.store import Store
from tests.benchmarks.kill import run
from tests.storage.conftest import OpenStore
from tests.storage.toy import born, write

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", [1])
def test_five_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, seed: int) -> None:
    found = run(tmp_path / "instance", kills=5, writers=16, seed=seed)
    assert found["acknowledged"] > 50
    assert {name: found[name] for name in ("lost", "twice", "half_written", "faults")} == {
        "lost": 0,
        "twice": 0,
        "half_written": 0,
        "faults": 0,
    }
    assert found["clean_stop"]


WRITING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import born, write
store = Store.open(Path(sys.argv[1]), PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
with ThreadPoolExecutor(8) as threads:
    list(threads.map(lambda n: write(store, born(f"{sys.argv[2]}-{n}")), range(200)))
print(store.follow())
store.close()
"""


def test_three_processes_write_at_once_and_each_change_is_seen_by_all(store: Store) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", WRITING, store.instance, name], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: write(store, born(f"c-{n}")), range(200)))
    said = [int(child.communicate()[0]) for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert store.follow() == 600
    assert max(said) <= 600
    ids = {json.loads(value)["id"] for value in store.memory.encoded("problems")}
    assert ids == {f"{name}-{n}" for name in "abc" for n in range(200)}
    assert store.verify().ok


IMPORTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import born, write
store = Store.open(Path(sys.argv[1]), PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
many = [born(f"p{n}") for n in range(20_000)]
print("importing", flush=True)
write(store, *many, key="import")
print("imported", flush=True)
"""


@pytest.mark.parametrize("delay_s", [0.05, 0.25, 0.4])
def test_an_import_that_is_killed_is_there_as_a_whole_or_not_at_all(
    instance: Path, opened: OpenStore, delay_s: float
) -> None:
    command = [sys.executable, "-c", IMPORTING, str(instance)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay_s)
    child.kill()
    acknowledged = child.communicate()[0] == "imported\n"
    store = opened()
    verdict = store.verify()
    assert verdict.ok
    assert verdict.changes in ((20_000,) if acknowledged else (0, 20_000))
    many = [born(f"p{n}") for n in range(20_000)]
    assert write(store, *many, key="import").seq == 1
