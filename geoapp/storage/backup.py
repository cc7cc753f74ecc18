"""Everything that must not be lost in one file, and back."""

import contextlib
import gzip
import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson

from geoapp.domain.errors import BackupDamaged, BadInput, InstanceExists, NewerSchema
from geoapp.domain.layers import DOCUMENTS
from geoapp.storage import ledger, photos, private
from geoapp.storage.database import connect, explained
from geoapp.storage.filesystem import disk_errors, fsync_folder, make_folder, publish, refuse_network
from geoapp.storage.projection import EDITED_FOLDER, LAYERS_FOLDER
from geoapp.storage.verify import walk_ledger

FORMAT = 1
MANIFEST = "manifest.json"
RESTORING = ".restoring"
_EDITED = rf"(?:{'|'.join(sorted({LAYERS_FOLDER, *DOCUMENTS}))})/{EDITED_FOLDER}/[^/\\.][^/\\]*"
_MEMBER = re.compile(rf"{ledger.FILE_NAME}|{private.FILE_NAME}|{photos.FOLDER}/[0-9a-f]{{64}}|{_EDITED}")
_UNREADABLE = (
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)
_CHUNK = 1 << 20


# --- out -----------------------------------------------------------------------------------------


def backup(instance: Path, target: Path, *, now: datetime) -> None:
    """Write ledger, private data, photos and files edited elsewhere to `target`, .tar or .tar.gz.

    Everybody may go on working meanwhile, and the file appears when it is whole. Raises BadInput if there is a file
    already or the name ends otherwise, StorageFull or StorageFailed when the disk does.
    """
    mode = _mode(target)
    if target.exists():
        raise BadInput(f"There is a file {target} already; a backup never overwrites one.")
    temporary = target.with_name(f".{target.name}.new")
    with disk_errors(target), tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
                    _fill(Packing(archive, now), instance, Path(folder))
                file.flush()
                os.fsync(file.fileno())
            publish(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _mode(target: Path) -> str:
    if target.name.endswith((".tar.gz", ".tgz")):
        return "w:gz"
    if target.name.endswith(".tar"):
        return "w"
    raise BadInput(f"A backup's name ends in .tar or .tar.gz, unlike {target.name!r}.")


@dataclass(slots=True)
class Packing:
    """An archive that is being written, and what its manifest will say."""

    archive: tarfile.TarFile
    now: datetime
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file under this name and note its digest while it passes."""
        with path.open("rb") as file:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
            hashing = _Hashing(file)
            self.archive.addfile(entry, hashing)
        self.members[name] = {"size": entry.size, "sha256": hashing.digest.hexdigest()}

    def finish(self) -> None:
        """Add the manifest, last: an archive that was cut off has none."""
        text = orjson.dumps(
            {"format": FORMAT, "made_at": self.now.isoformat(timespec="seconds"), "members": self.members},
            option=orjson.OPT_INDENT_2,
        )
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self.archive.addfile(entry, io.BytesIO(text))


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self.digest.update(part)
        return part


def _fill(packing: Packing, instance: Path, folder: Path) -> None:
    # The ledger first: a photo is durable before the commit that names it, so all that are named will be there.
    for name in (ledger.FILE_NAME, private.FILE_NAME):
        _copy(instance / name, folder / name)
        packing.add(name, folder / name)
    for sha256 in sorted(photos.Photos(instance).names()):
        packing.add(f"{photos.FOLDER}/{sha256}", instance / photos.FOLDER / sha256)
    for name in sorted({LAYERS_FOLDER, *DOCUMENTS}):
        for path in sorted((instance / name / EDITED_FOLDER).glob("[!.]*")):
            packing.add(f"{name}/{EDITED_FOLDER}/{path.name}", path)
    packing.finish()


def _copy(source: Path, target: Path) -> None:
    """A database as it is at one moment; writers need not stop."""
    closing = contextlib.closing
    with explained(source), closing(connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


# --- back ----------------------------------------------------------------------------------------


def restore(archive: Path, instance: Path) -> None:
    """Put a backup into a new or empty folder, after every byte of it has been verified.

    Raises BackupDamaged, with nothing placed, for an archive that is not as it was written; InstanceExists if the
    folder is not empty; NetworkFileSystem, StorageFull, StorageFailed.
    """
    refuse_network(instance)
    if instance.exists() and not _is_free(instance):
        raise InstanceExists(f"The folder {instance} is not empty; restore into a new one.")
    with disk_errors(instance):
        make_folder(instance)
        folder = instance / RESTORING
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            _unpack(archive, folder)
            _place(folder, instance)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def require_restored(instance: Path) -> None:
    """Raise BackupDamaged if a restore into this folder was cut off."""
    if (instance / RESTORING).exists():
        raise BackupDamaged(f"A restore into {instance} was cut off. Empty the folder and restore again.")


def _is_free(instance: Path) -> bool:
    return instance.is_dir() and all(path.name == RESTORING for path in instance.iterdir())


def _unpack(archive: Path, folder: Path) -> None:
    """Extract and verify; only names that a backup has are ever written."""
    try:
        with tarfile.open(archive, "r:*") as tar:
            found = {name: _extract(tar, entry, folder) for name, entry in _entries(tar)}
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        (folder / MANIFEST).unlink()
        _compare(manifest, {name: digest for name, digest in found.items() if name != MANIFEST})
    except FileNotFoundError as error:
        missing = archive if not archive.exists() else MANIFEST
        raise BackupDamaged(f"The backup {archive.name} cannot be restored: {missing} is missing.") from error
    except _UNREADABLE as error:
        raise BackupDamaged(f"The backup {archive.name} does not read as it was written: {error}.") from error
    walk = walk_ledger(folder / ledger.FILE_NAME)
    if walk.faults:
        raise BackupDamaged(f"The ledger in {archive.name} is damaged: {walk.faults[0].sentence}")


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo]]:
    seen = set()
    for entry in tar:
        known = entry.name == MANIFEST or _MEMBER.fullmatch(entry.name)
        if not known or not entry.isreg() or entry.name in seen:
            raise BackupDamaged(f"The backup holds {entry.name!r}, which no backup of geoapp does.")
        seen.add(entry.name)
        yield entry.name, entry


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    """Write one member durably and give its SHA-256."""
    path = folder / entry.name
    make_folder(path.parent)
    source = tar.extractfile(entry)
    hashing = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while source is not None and (part := source.read(_CHUNK)):
            hashing.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return hashing.hexdigest()


def _compare(manifest: Any, found: dict[str, str]) -> None:
    if manifest["format"] > FORMAT:
        raise NewerSchema(f"The backup has format {manifest['format']}, written by a newer geoapp.")
    told = {name: member["sha256"] for name, member in manifest["members"].items()}
    for name in sorted(told.keys() | found.keys() | {ledger.FILE_NAME, private.FILE_NAME}):
        if name not in found:
            raise BackupDamaged(f"The backup lacks {name}.")
        if told.get(name) != found[name]:
            raise BackupDamaged(f"{name} in the backup does not hold the bytes that were backed up.")


def _place(folder: Path, instance: Path) -> None:
    """Move everything to where it belongs, the ledger last: until it stands, nobody takes this for an instance."""
    for path in sorted(folder.rglob("*"), key=lambda path: path.name == ledger.FILE_NAME):
        if path.is_file():
            target = instance / path.relative_to(folder)
            make_folder(target.parent)
            os.replace(path, target)
            fsync_folder(target.parent)
    shutil.rmtree(folder)
    fsync_folder(instance)
