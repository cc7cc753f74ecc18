"""The layer files: always whole, never older than they were, and nobody else's work is ever lost."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import fiona
import pytest

from geoapp.domain.errors import LedgerDamaged, StorageFailed
from geoapp.storage import projector
from geoapp.storage.projection import claim, document_parts, layer_parts, own_claim
from geoapp.storage.projection import write as write_file
from geoapp.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.toy import born, feature, gone, patched, table, until, write


def layer_file(store: Store, layer: str = "problems") -> Path:
    return store.instance / "layers" / f"{layer}.geojson"


@pytest.fixture
def projected(store: Store) -> Store:
    """Two problems, in their file."""
    write(store, born("p1", note="读者"), born("p2"))
    store.project()
    return store


def test_a_layer_is_a_feature_collection_with_a_feature_a_line(projected: Store) -> None:
    text = layer_file(projected).read_text()
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    assert collection["features"] == [feature("p1", note="读者"), feature("p2")]
    assert collection["geoapp"]["seq"] == 1
    assert len(text.splitlines()) == 4


def test_the_digest_can_be_recomputed_by_anybody(projected: Store) -> None:
    content = layer_file(projected).read_bytes()
    told = json.loads(content)["geoapp"]["sha256"]
    assert hashlib.sha256(content.replace(told.encode(), b"0" * 64, 1)).hexdigest() == told


def test_gdal_reads_the_file_as_it_is(projected: Store) -> None:
    with fiona.open(layer_file(projected)) as records:
        assert [record.properties["name"] for record in records] == ["p1", "p2"]


def test_a_layer_whose_features_are_all_gone_is_an_empty_collection(projected: Store) -> None:
    write(projected, gone("p1"), gone("p2"))
    projected.project()
    assert json.loads(layer_file(projected).read_text())["features"] == []
    assert own_claim(layer_file(projected)) is not None


def test_a_file_carries_the_number_of_its_layers_own_last_change(projected: Store) -> None:
    write(projected, born("s1", "sites"))
    projected.project()
    assert json.loads(layer_file(projected).read_text())["geoapp"]["seq"] == 1
    assert json.loads(layer_file(projected, "sites").read_text())["geoapp"]["seq"] == 2


def test_what_has_not_changed_is_not_written_again(projected: Store) -> None:
    before = layer_file(projected).stat()
    write(projected, born("s1", "sites"))
    projected.project()
    assert layer_file(projected).stat() == before


def test_tables_and_plans_are_a_file_each_and_go_when_they_are_deleted(store: Store) -> None:
    write(store, table("kinds", version=1, rows=[1, 2], old=True))
    write(store, table("kinds", rows=[3], old=None), table("units", rows=[]))
    store.project()
    kinds = json.loads((store.instance / "tables/kinds.json").read_text())
    assert kinds.pop("geoapp")["seq"] == 2
    assert kinds == {"version": 1, "rows": [3]}
    write(store, gone("units", "tables"))
    store.project()
    assert [path.name for path in (store.instance / "tables").glob("*.json")] == ["kinds.json"]
    assert store.verify().ok


def test_an_empty_document_has_a_file_too(tmp_path: Path) -> None:
    write_file(tmp_path / "x.json", document_parts(3, {}))
    assert json.loads((tmp_path / "x.json").read_text()).keys() == {"geoapp"}
    assert own_claim(tmp_path / "x.json") is not None


def test_a_clean_stop_projects(opened: OpenStore) -> None:
    store = opened(project=True)
    write(store, born("p1"))
    store.close()
    assert json.loads(layer_file(store).read_text())["geoapp"]["seq"] == 1


def test_the_running_projector_keeps_up_with_other_processes(opened: OpenStore) -> None:
    keeper, other = opened(project=True), opened()
    write(other, born("p1"))
    until(lambda: layer_file(keeper).exists())
    assert claim(layer_file(keeper)) is not None
    assert keeper.trouble is None


def test_one_process_keeps_the_files_and_another_takes_over_when_it_stops(opened: OpenStore) -> None:
    first, second = opened(project=True), opened(project=True)
    until(lambda: first._projector._lock.held or second._projector._lock.held)
    holder, waiting = (first, second) if first._projector._lock.held else (second, first)
    write(waiting, born("p1"))
    holder.close()
    until(lambda: waiting._projector._lock.held)
    write(waiting, patched("p1", status="x"))
    until(lambda: (claim(layer_file(waiting)) or claim(layer_file(holder))).seq == 2)  # type: ignore[union-attr]


def test_a_layer_rests_twenty_times_as_long_as_its_writing_took(store: Store) -> None:
    write(store, born("p1"))
    store.project()
    kept = store._projector._kept[layer_file(store)]
    kept.due = time.monotonic() + 3600
    write(store, patched("p1", status="x"))
    store._projector._round(patient=True)
    assert json.loads(layer_file(store).read_text())["geoapp"]["seq"] == 1
    store.project()
    assert json.loads(layer_file(store).read_text())["geoapp"]["seq"] == 2
    assert projector.REST == 20


# --- never backwards -------------------------------------------------------------------------------


def test_an_older_state_never_replaces_a_newer_file(projected: Store, opened: OpenStore) -> None:
    behind = opened()
    write(projected, patched("p1", status="x"))
    projected.project()
    newer = layer_file(projected).read_bytes()
    behind.project()
    assert layer_file(projected).read_bytes() == newer


def test_a_file_beyond_the_ledger_is_kept_and_named_at_start_and_by_verify(projected: Store, opened: OpenStore) -> None:
    write_file(layer_file(projected), layer_parts(57, [json.dumps(feature("p1")).encode()]))
    beyond = layer_file(projected).read_bytes()
    with pytest.raises(
        LedgerDamaged, match=r"ends at commit 1, but layers/problems.geojson was written from commit 57"
    ):
        projected.project()
    assert [(fault.kind, fault.seq, fault.layer) for fault in projected.verify().faults] == [("tail", 57, "problems")]
    projected.close()
    with pytest.raises(LedgerDamaged, match="commit 57"):
        opened()
    assert layer_file(projected).read_bytes() == beyond


def test_a_file_that_shows_something_else_than_the_ledger_says_is_named(projected: Store) -> None:
    write_file(layer_file(projected), layer_parts(1, [json.dumps(feature("p1")).encode()]))
    assert [(fault.kind, fault.layer) for fault in projected.verify().faults] == [("layer", "problems")]


def test_a_file_that_is_behind_is_no_fault(projected: Store) -> None:
    write(projected, born("p3"))
    verdict = projected.verify()
    assert verdict.ok
    assert verdict.notes == ("layers/problems.geojson shows commit 1 and is due to be written from commit 2.",)


def test_a_folder_that_cannot_be_written_is_named_and_stops_no_write(projected: Store) -> None:
    blocker = layer_file(projected).with_name(".problems.geojson.new")
    blocker.mkdir()
    write(projected, patched("p1", status="x"))
    with pytest.raises(StorageFailed, match="problems"):
        projected.project()
    blocker.rmdir()
    projected.project()
    assert projected.verify().ok


CHILD = """
import os, signal, sys
from pathlib import Path
from datetime import UTC, datetime
from geoapp.storage.store import Store
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import patched, write
store = Store.open(Path(sys.argv[1]), PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
write(store, patched("p1", status="x"))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], die)
store.project()
"""


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_process_killed_while_projecting_leaves_the_old_file_whole(projected: Store, call: str) -> None:
    before = layer_file(projected).read_bytes()
    root = Path(__file__).parents[2]
    child = subprocess.run([sys.executable, "-c", CHILD, projected.instance, call], cwd=root, check=False)
    assert child.returncode == -9
    assert layer_file(projected).read_bytes() == before
    projected.project()
    assert json.loads(layer_file(projected).read_text())["geoapp"]["seq"] == 2
    assert os.listdir(layer_file(projected).parent) == ["problems.geojson"]


def test_a_layer_is_written_as_of_one_moment_while_others_write(store: Store) -> None:
    """Each commit gives every feature the same number, so a file of two moments would show two numbers."""
    write(store, *(born(f"p{n}", round=0) for n in range(50)))
    stop = threading.Event()

    def keep_writing() -> None:
        for number in range(1, 10_000):
            if stop.is_set():
                return
            write(store, *(patched(f"p{n}", round=number) for n in range(50)))
            store.follow()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    for _ in range(20):
        store.project()
        shown = json.loads(layer_file(store).read_text())
        assert {value["properties"]["round"] for value in shown["features"]} == {shown["geoapp"]["seq"] - 1}
    stop.set()
    writer.join()
