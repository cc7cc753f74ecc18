"""A full disk is named and waited out, a network file system refused."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoapp.domain.errors import NetworkFileSystem, StorageFailed, StorageFull
from geoapp.storage.filesystem import file_system_type, refuse_network
from geoapp.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.toy import born, until, write


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk needs the right to mount one: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return path


def test_a_full_disk_fails_every_waiter_in_words_and_loses_nothing(small_disk: Path, opened: OpenStore) -> None:
    store = opened(instance=small_disk / "instance")
    write(store, born("p0"))
    store.project()
    filler = fill(small_disk)

    def attempt(n: int) -> bool:
        try:
            write(store, born(f"p{n}", text="x" * 20_000), key=f"k{n}")
        except StorageFull:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(attempt, range(1, 17)))
    assert not all(written)
    with pytest.raises(StorageFull, match="no room left"):
        write(store, born("big", text="x" * 500_000))
    with pytest.raises(StorageFull, match="no room left"):
        store.photos.put(os.urandom(50_000))
    verdict = store.verify()
    assert (verdict.ok, verdict.commits) == (True, 1 + written.count(True))
    filler.unlink()
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(attempt, range(1, 17)))
    store.project()
    verdict = store.verify()
    assert (verdict.ok, verdict.commits) == (True, 17)


def test_a_layer_that_does_not_fit_leaves_the_old_file_and_no_half_one(small_disk: Path, opened: OpenStore) -> None:
    store = opened(instance=small_disk / "instance")
    write(store, born("p0"))
    store.project()
    before = (store.instance / "layers/problems.geojson").read_bytes()
    write(store, born("p1", text="x" * 100_000))
    filler = fill(small_disk)
    with pytest.raises(StorageFull):
        store.project()
    assert (store.instance / "layers/problems.geojson").read_bytes() == before
    assert os.listdir(store.instance / "layers") == ["problems.geojson"]
    filler.unlink()
    store.project()
    assert store.verify().ok


def test_a_ledger_that_may_not_grow_says_so_and_goes_on_when_it_may(store: Store) -> None:
    write(store, born("p0"))
    connection = store._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="no room left"):
        write(store, born("p1", text="x" * 50_000), key="k")
    connection.execute("PRAGMA max_page_count = 1000000")
    assert write(store, born("p1", text="x" * 50_000), key="k").seq == 2
    assert store.verify().ok


# --- a disk elsewhere ------------------------------------------------------------------------------

MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /srv rw,relatime - nfs4 server:/srv rw,vers=4.2
31 30 8:2 / /srv/local rw,relatime shared:5 - xfs /dev/sdb1 rw
32 21 0:41 / /mnt/with\\040space rw - cifs //server/share rw
33 21 0:42 / /twice rw - ext4 /dev/sdc1 rw
34 33 0:43 / /twice rw - fuse.sshfs me@there:/ rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/geoapp", "ext4"),
        ("/srv/instance", "nfs4"),
        ("/srv/local/instance", "xfs"),
        ("/srvelse", "ext4"),
        ("/mnt/with space/x", "cifs"),
        ("/twice/x", "fuse.sshfs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount(folder: str, kind: str) -> None:
    assert file_system_type(Path(folder), MOUNTS) == kind


def test_a_network_file_system_is_refused_with_the_reason(
    tmp_path: Path, opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS + f"35 21 0:44 / {tmp_path} rw - nfs server:/x rw\n")
    monkeypatch.setattr("geoapp.storage.filesystem.MOUNTS", mounts)
    with pytest.raises(NetworkFileSystem, match=r"network file system \(nfs\)"):
        opened()
    assert not (tmp_path / "instance").exists()


def test_where_the_system_does_not_tell_its_mounts_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geoapp.storage.filesystem.MOUNTS", tmp_path / "absent")
    refuse_network(tmp_path)


def test_a_backup_that_does_not_fit_leaves_nothing_behind(small_disk: Path, store: Store) -> None:
    write(store, *(born(f"p{n}", text="x" * 50_000) for n in range(100)))
    with pytest.raises(StorageFull):
        store.backup(small_disk / "b.tar")
    assert os.listdir(small_disk) == []


def test_the_running_projector_tells_its_trouble_and_gets_over_it(small_disk: Path, opened: OpenStore) -> None:
    store = opened(instance=small_disk / "instance", project=True)
    filler = fill(small_disk)
    other = opened(instance=small_disk / "instance")
    with contextlib.suppress(StorageFull):
        write(other, born("p1"))
    blocker = store.instance / "layers/.problems.geojson.new"
    blocker.mkdir()
    filler.unlink()
    write(other, born("p2"))
    until(lambda: store.trouble)
    blocker.rmdir()
    until(lambda: store.trouble is None)


def test_an_instance_that_cannot_be_a_folder_is_refused_in_words(tmp_path: Path, opened: OpenStore) -> None:
    (tmp_path / "file").write_text("something else")
    with pytest.raises(StorageFailed, match="refused to keep"):
        opened(instance=tmp_path / "file")
