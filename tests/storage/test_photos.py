"""Photos are kept durably under the digest of their bytes."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoapp.domain.errors import BadInput, NotFound
from geoapp.storage.photos import Photos, named_in
from geoapp.storage.store import Store
from geoapp.storage.verify import verify
from tests.storage.toy import born, table, write

PICTURE = b"\xff\xd8 a picture"
NAME = hashlib.sha256(PICTURE).hexdigest()


def test_a_photo_comes_back_by_the_digest_of_its_bytes(store: Store) -> None:
    assert store.photos.put(PICTURE) == NAME
    assert store.photos.get(NAME) == PICTURE
    assert store.photos.path(NAME).read_bytes() == PICTURE


def test_the_same_photo_from_many_threads_is_kept_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(store.photos.put, [PICTURE] * 32)) == {NAME}
    assert os.listdir(store.photos.folder) == [NAME]


def test_a_damaged_photo_is_mended_by_putting_it_again(store: Store) -> None:
    store.photos.put(PICTURE)
    store.photos.path(NAME).write_bytes(b"\xff\xd8 A picture")
    assert store.photos.verify() == [NAME]
    store.photos.put(PICTURE)
    assert store.photos.verify() == []


def test_an_absent_photo_and_a_name_that_is_none_are_refused(store: Store) -> None:
    with pytest.raises(NotFound, match=NAME):
        store.photos.get(NAME)
    with pytest.raises(BadInput, match="names no photo"):
        store.photos.get("../ledger.sqlite")


def test_verify_names_the_problem_whose_photo_is_missing_or_damaged(store: Store) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    store.photos.put(PICTURE)
    write(store, born("p1", photos=[NAME, {"sha256": other, "taken_at": "2026-11-01"}]), born("p2", photos=[]))
    (fault,) = store.verify().faults
    assert (fault.kind, fault.seq, fault.layer, fault.id) == ("photo", 1, "problems", "p1")
    assert fault.sentence == f"The photo {other} of problems/p1 is missing."
    store.photos.put(b"other")
    assert store.verify().ok
    store.photos.path(NAME).write_bytes(b"something else")
    assert [fault.sentence.endswith("does not hold the bytes that were put.") for fault in store.verify().faults] == [
        True
    ]


def test_a_damaged_photo_that_no_commit_names_is_named_too(store: Store) -> None:
    store.photos.put(PICTURE)
    store.photos.path(NAME).write_bytes(b"?")
    assert [fault.kind for fault in verify(store.instance).faults] == ["photo"]


def test_photos_are_found_wherever_a_value_names_them() -> None:
    value = {
        "properties": {"photos": [NAME], "name": "a" * 64},
        "visits": [{"photos": {"front": NAME.replace("0", "1")}}],
    }
    assert list(named_in(value)) == [NAME, NAME.replace("0", "1")]


def test_a_photo_in_a_document_is_looked_after_as_well(store: Store) -> None:
    write(store, table("rounds", photos=[NAME]))
    assert [fault.layer for fault in store.verify().faults] == ["tables"]


def test_what_a_killed_process_left_unfinished_is_swept_a_day_later(store: Store) -> None:
    old, young = (store.photos.folder / f".new-{name}" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    Photos(store.instance)
    assert [path.name for path in store.photos.folder.iterdir()] == [".new-young"]
    assert store.verify().ok


CHILD = """
import os, signal, sys
from pathlib import Path
from geoapp.storage.photos import Photos
photos = Photos(Path(sys.argv[1]))
setattr(os, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
photos.put(b"a picture" * 1000)
"""


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_process_killed_while_putting_leaves_no_half_photo(store: Store, call: str) -> None:
    root = Path(__file__).parents[2]
    child = subprocess.run([sys.executable, "-c", CHILD, store.instance, call], cwd=root, check=False)
    assert child.returncode == -9
    assert list(store.photos.names()) == []
    assert store.verify().ok
