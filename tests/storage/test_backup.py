"""A backup comes back whole, or it is refused and nothing is placed."""

import io
import json
import os
import tarfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoapp.domain.errors import BackupDamaged, BadInput, InstanceExists, NewerSchema
from geoapp.storage.backup import RESTORING, restore
from geoapp.storage.private import Person
from geoapp.storage.store import Store
from geoapp.storage.verify import verify
from tests.storage.conftest import OpenStore
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import born, feature, patched, table, write


@pytest.fixture
def full(store: Store) -> Store:
    """A store with something of everything."""
    photo = store.photos.put(b"a picture")
    write(store, born("p1", photos=[photo]), table("kinds", rows=[1]))
    write(store, patched("p1", status="x"))
    store.private.put_person(Person("u1", "李雷"))
    store.project()
    (store.instance / "layers/problems.geojson").write_text("edited")
    return store


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz", "b.tgz"])
def test_everything_comes_back(full: Store, opened: OpenStore, tmp_path: Path, name: str) -> None:
    full.backup(tmp_path / name)
    restore(tmp_path / name, tmp_path / "again")
    again = opened(instance=tmp_path / "again")
    full.follow()
    for layer in ("problems", "tables"):
        assert list(again.memory.encoded(layer)) == list(full.memory.encoded(layer))
    assert again.private.persons() == [Person("u1", "李雷")]
    assert again.verify().ok
    assert again.verify().digest == full.verify().digest
    (edited,) = (again.instance / "layers/edited").iterdir()
    assert edited.read_text() == "edited"
    assert write(again, born("p2")).seq == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "again", "instance"])


def test_a_backup_projects_first(full: Store, tmp_path: Path) -> None:
    write(full, born("p9"))
    full.backup(tmp_path / "b.tar")
    assert full.verify().ok
    assert json.loads((full.instance / "layers/problems.geojson").read_text())["geoapp"]["seq"] == 3


def test_a_backup_under_way_stops_nobody_and_shows_one_moment(full: Store, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        for n in range(10_000):
            if stop.is_set():
                return
            photo = full.photos.put(b"picture %d" % n)
            write(full, born(f"q{n}", photos=[photo]))

    writer = threading.Thread(target=work)
    writer.start()
    for n in range(3):
        full.backup(tmp_path / f"{n}.tar")
        restore(tmp_path / f"{n}.tar", tmp_path / f"again{n}")
        assert verify(tmp_path / f"again{n}", PlainMemory()).ok
    stop.set()
    writer.join()


def test_the_archive_is_for_its_owner_alone_and_never_overwrites(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="never overwrites"):
        full.backup(tmp_path / "b.tar")
    with pytest.raises(BadInput, match=r"ends in \.tar"):
        full.backup(tmp_path / "b.zip")


def test_a_folder_with_something_in_it_is_left_alone(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    with pytest.raises(InstanceExists):
        restore(tmp_path / "b.tar", full.instance)
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b.tar", tmp_path / "empty")
    assert verify(tmp_path / "empty").ok


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_a_truncated_archive_is_refused_wherever_it_ends(full: Store, tmp_path: Path, name: str) -> None:
    full.backup(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    # An archive ends in zeros and checksums that say nothing more; all before them is needed.
    length = len(whole.rstrip(b"\0")) if name == "b.tar" else len(whole)
    for size in [0, 1, 300, 512, length // 3, length // 2, length - 200]:
        (tmp_path / name).write_bytes(whole[:size])
        with pytest.raises(BackupDamaged):
            restore(tmp_path / name, tmp_path / "again")
        assert os.listdir(tmp_path / "again") == []


def test_a_flipped_byte_in_any_member_is_refused(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    with tarfile.open(tmp_path / "b.tar") as archive:
        places = [(entry.offset_data, entry.size) for entry in archive]
    for start, size in places:
        content = bytearray(whole)
        content[start + size // 2] ^= 4
        (tmp_path / "b.tar").write_bytes(content)
        with pytest.raises(BackupDamaged):
            restore(tmp_path / "b.tar", tmp_path / "again")
        assert os.listdir(tmp_path / "again") == []


def repacked(source: Path, target: Path, entry: tarfile.TarInfo, content: bytes = b"") -> Path:
    """The archive with one more member."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        entry.size = len(content)
        new.addfile(entry, io.BytesIO(content))
    return target


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "photos/../../escaped", "photos/" + "0" * 64, "x"])
def test_no_archive_writes_outside_or_beside_what_a_backup_has(full: Store, tmp_path: Path, name: str) -> None:
    full.backup(tmp_path / "b.tar")
    evil = repacked(tmp_path / "b.tar", tmp_path / "evil.tar", tarfile.TarInfo(name), b"evil")
    with pytest.raises(BackupDamaged):
        restore(evil, tmp_path / "again")
    assert not (tmp_path / "escaped").exists()
    assert os.listdir(tmp_path / "again") == []


def test_no_link_is_followed_out_of_an_archive(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    entry = tarfile.TarInfo("photos/" + "1" * 64)
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(BackupDamaged, match="which no backup of geoapp does"):
        restore(repacked(tmp_path / "b.tar", tmp_path / "evil.tar", entry), tmp_path / "again")


def rewritten(source: Path, target: Path, name: str, content: bytes) -> Path:
    """The archive with another content of one member."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = io.BytesIO(content) if member.name == name else old.extractfile(member)
            member.size = len(content) if member.name == name else member.size
            new.addfile(member, file)
    return target


def test_an_archive_of_a_newer_geoapp_is_refused(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    manifest = json.dumps({"format": 99, "members": {}}).encode()
    with pytest.raises(NewerSchema, match="format 99"):
        restore(rewritten(tmp_path / "b.tar", tmp_path / "n.tar", "manifest.json", manifest), tmp_path / "again")


@pytest.mark.parametrize(
    "manifest", [b"{}", b"[]", b"nothing", b'{"format":1,"members":{}}', b'{"format":1,"members":[]}']
)
def test_an_archive_with_another_manifest_is_refused(full: Store, tmp_path: Path, manifest: bytes) -> None:
    full.backup(tmp_path / "b.tar")
    with pytest.raises(BackupDamaged):
        restore(rewritten(tmp_path / "b.tar", tmp_path / "n.tar", "manifest.json", manifest), tmp_path / "again")


def test_a_backup_of_a_damaged_ledger_is_not_placed(full: Store, tmp_path: Path) -> None:
    other = json.dumps(feature("p1", 117)).encode()
    full._queries.execute("UPDATE changes SET patch = ? WHERE seq = 1 AND id = 'p1'", (other,))
    full.backup(tmp_path / "b.tar")
    with pytest.raises(BackupDamaged, match="Change 0 of commit 1, problems/p1"):
        restore(tmp_path / "b.tar", tmp_path / "again")


def test_a_restore_that_was_cut_off_is_no_instance_and_can_be_repeated(full: Store, tmp_path: Path) -> None:
    full.backup(tmp_path / "b.tar")
    (tmp_path / "again" / RESTORING).mkdir(parents=True)
    with pytest.raises(BackupDamaged, match="cut off"):
        Store.open(tmp_path / "again", PlainMemory(), clock=lambda: datetime.now(UTC), project=False)
    restore(tmp_path / "b.tar", tmp_path / "again")
    assert verify(tmp_path / "again").ok


def test_a_missing_archive_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BackupDamaged, match="missing"):
        restore(tmp_path / "none.tar", tmp_path / "again")
