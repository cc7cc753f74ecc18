"""A flipped byte, a torn tail, a full disk: each is named, none is a traceback, and what can go on goes on."""

import json
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import GeoappError, LedgerDamaged
from geoapp.storage.store import Store
from geoapp.storage.verify import Fault, verify
from geoapp.storage.witness import FILE_NAME as WITNESS
from tests.storage.conftest import NOW, OpenStore
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import born, feature, patched, write


def kinds(faults: tuple[Fault, ...]) -> list[str]:
    return [fault.kind for fault in faults]


def alter(instance: Path, statement: str, *values: object) -> None:
    """Change the ledger behind its back."""
    connection = sqlite3.connect(instance / "ledger.sqlite")
    with connection:
        connection.execute(statement, values)
    connection.close()


@pytest.fixture
def stopped(opened: OpenStore) -> Path:
    """An instance of three commits that was stopped cleanly."""
    store = opened()
    write(store, born("p1"), born("p2"))
    write(store, patched("p1", status="assigned"))
    write(store, born("s1", "sites"))
    store.close()
    return store.instance


def test_an_altered_change_is_named_with_commit_layer_and_id(stopped: Path) -> None:
    alter(stopped, "UPDATE changes SET patch = ? WHERE id = 'p2'", json.dumps(feature("p2", 116.7)).encode())
    (fault,) = verify(stopped).faults
    assert (fault.kind, fault.seq, fault.layer, fault.id) == ("patch", 1, "problems", "p2")
    assert fault.sentence == "Change 1 of commit 1, problems/p2, does not read as it was written."


@pytest.mark.parametrize("column", ["time", "actor", "action", "digest"])
def test_an_altered_commit_is_named(stopped: Path, column: str) -> None:
    alter(stopped, f"UPDATE commits SET {column} = 'x' WHERE seq = 2")
    assert [(fault.kind, fault.seq) for fault in verify(stopped).faults] == [("commit", 2)]


def test_a_commit_that_was_taken_out_is_named(stopped: Path) -> None:
    alter(stopped, "DELETE FROM commits WHERE seq = 2")
    faults = verify(stopped).faults
    assert [(fault.kind, fault.seq) for fault in faults] == [("chain", 3), ("chain", 2)]
    assert faults[0].sentence == "Commit 2 is missing; the next one is 3."


def test_a_change_that_was_taken_out_is_named_by_its_commits_count(stopped: Path) -> None:
    alter(stopped, "DELETE FROM changes WHERE id = 'p2'")
    (fault,) = verify(stopped).faults
    assert fault.sentence == "Commit 1 says it has 2 changes, but 1 are there."


def test_a_history_rewritten_with_good_digests_still_breaks_the_chain(stopped: Path, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "other", PlainMemory(), clock=lambda: NOW, project=False)
    commit = write(other, born("p1"), born("p3"))
    other.close()
    alter(stopped, "UPDATE commits SET digest = ? WHERE seq = 1", commit.digest)
    alter(stopped, "DELETE FROM changes WHERE seq = 1")
    alter(stopped, f"ATTACH '{other.instance / 'ledger.sqlite'}' AS other")
    connection = sqlite3.connect(stopped / "ledger.sqlite")
    with connection:
        connection.execute("ATTACH ? AS other", (str(other.instance / "ledger.sqlite"),))
        connection.execute("INSERT INTO main.changes SELECT * FROM other.changes")
    connection.close()
    assert [(fault.kind, fault.seq) for fault in verify(stopped).faults] == [("chain", 2)]


def test_a_damaged_ledger_is_refused_at_start_with_the_place(stopped: Path, opened: OpenStore) -> None:
    alter(stopped, "UPDATE commits SET actor = 'x' WHERE seq = 2")
    with pytest.raises(LedgerDamaged, match="damaged at commit 2"):
        opened()


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 6000, 12288])
def test_a_truncated_ledger_is_named_at_start_and_by_verify(stopped: Path, opened: OpenStore, size: int) -> None:
    os.truncate(stopped / "ledger.sqlite", size)
    assert verify(stopped).faults
    with pytest.raises(LedgerDamaged):
        opened()


def test_a_missing_ledger_is_not_replaced_by_an_empty_one(stopped: Path, opened: OpenStore) -> None:
    (stopped / "ledger.sqlite").unlink()
    with pytest.raises(LedgerDamaged, match="is missing; it went up to commit 3"):
        opened()
    assert kinds(verify(stopped).faults)[0] == "file"


def test_a_flipped_byte_anywhere_is_found_or_harmless_and_never_a_traceback(
    stopped: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = (stopped / "ledger.sqlite").read_bytes()
    chance = random.Random(4)
    for position in [16, 18, 60, *chance.sample(range(100, len(whole)), 120)]:
        content = bytearray(whole)
        content[position] ^= 1 << chance.randrange(8)
        (stopped / "ledger.sqlite").write_bytes(content)
        verdict = verify(stopped, PlainMemory())
        assert all(fault.sentence.encode() for fault in verdict.faults)
        try:
            store = Store.open(stopped, PlainMemory(), clock=lambda: NOW, project=False)
        except GeoappError:
            assert verdict.faults
            continue
        values = {layer: list(store.memory.encoded(layer)) for layer in store.memory.layers()}
        store.close()
        # What opens reads as it was written: the byte stood where nothing is kept, or in an index.
        assert [json.loads(value)["id"] for value in values["problems"]] == ["p1", "p2"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_change_goes_unnoticed(stopped: Path, place: float, bit: int) -> None:
    whole = (stopped / "ledger.sqlite").read_bytes()
    patch = json.dumps(feature("p2")).encode()
    position = whole.index(patch) + int(place * len(patch))
    content = bytearray(whole)
    content[position] ^= 1 << bit
    (stopped / "ledger.sqlite").write_bytes(content)
    faults = verify(stopped).faults
    (stopped / "ledger.sqlite").write_bytes(whole)
    assert [(fault.kind, fault.seq, fault.id) for fault in faults] == [("patch", 1, "p2")]


# --- the write-ahead log ---------------------------------------------------------------------------


@pytest.fixture
def killed(store: Store, tmp_path: Path) -> Path:
    """An instance as a killed process leaves it: the last commits stand in the log alone."""
    for n in range(5):
        write(store, born(f"p{n}"))
    copy = tmp_path / "killed"
    shutil.copytree(store.instance, copy)
    return copy


def test_what_stands_in_the_log_alone_is_there_after_a_kill(killed: Path) -> None:
    assert (killed / "ledger.sqlite-wal").stat().st_size > 0
    verdict = verify(killed, PlainMemory())
    assert (verdict.ok, verdict.commits) == (True, 5)


def test_a_write_that_was_cut_off_does_no_harm(killed: Path) -> None:
    with (killed / "ledger.sqlite-wal").open("ab") as log:
        log.write(b"\x00\x00\x00\x03half a frame")
    verdict = verify(killed, PlainMemory())
    assert (verdict.ok, verdict.commits) == (True, 5)


@pytest.mark.parametrize("cut", [1, 5_000, 40_000])
def test_a_torn_tail_that_held_acknowledged_commits_is_named(killed: Path, opened: OpenStore, cut: int) -> None:
    log = killed / "ledger.sqlite-wal"
    os.truncate(log, log.stat().st_size - cut)
    (fault,) = verify(killed).faults
    assert fault.kind == "tail"
    assert "but commit 5 was written and acknowledged" in fault.sentence
    with pytest.raises(LedgerDamaged, match="The end of the ledger is lost"):
        opened(instance=killed)


def test_a_log_that_is_gone_is_named_and_one_can_go_on_without_it(killed: Path, opened: OpenStore) -> None:
    for end in ("-wal", "-shm"):
        (killed / f"ledger.sqlite{end}").unlink()
    with pytest.raises(LedgerDamaged, match="remove the file"):
        opened(instance=killed)
    (killed / WITNESS).unlink()
    store = opened(instance=killed)
    assert write(store, born("q")).seq == 1
    assert store.verify().ok


def test_a_ledger_that_is_gone_is_told_by_the_layer_files_alone(store: Store, opened: OpenStore) -> None:
    write(store, born("p1"))
    store.project()
    store.close()
    for name in ("ledger.sqlite", WITNESS):
        (store.instance / name).unlink()
    with pytest.raises(LedgerDamaged, match=r"ends at commit 0, but layers/\S+ was written from commit 1"):
        opened()


def test_a_ledger_that_lost_what_memory_knew_is_named(stopped: Path) -> None:
    memory = PlainMemory()
    memory.seq = 9
    with pytest.raises(LedgerDamaged, match="no commit 9"):
        Store.open(stopped, memory, clock=lambda: NOW, project=False)
