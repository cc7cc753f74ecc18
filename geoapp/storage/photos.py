"""Photos, each under the SHA-256 of its bytes: written once, never changed."""

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoapp.domain.errors import BadInput, NotFound
from geoapp.storage.filesystem import disk_errors, fsync_folder, make_folder, publish

FOLDER = "photos"
SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".new-"
_ABANDONED_S = 24 * 3600.0


class Photos:
    """The folder of photos; any thread and process may add to it."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / FOLDER
        make_folder(self.folder)
        self._sweep()

    def put(self, content: bytes) -> str:
        """Keep a photo durably, bytes and name, and give its SHA-256 (hex); twice the same is kept once.

        Raises StorageFull or StorageFailed, with nothing left behind.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.folder / sha256
        with disk_errors(path):
            if self._holds(path, content):
                # Whoever wrote it may not have come to its fsync yet.
                _fsync(path)
                fsync_folder(self.folder)
            else:
                self._write(path, content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The photo's bytes; raises NotFound if there is none, BadInput if this is no SHA-256 in hex."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"There is no photo {sha256}.") from error

    def path(self, sha256: str) -> Path:
        """Where the photo stands, whether it is there or not; raises BadInput if this is no SHA-256 in hex."""
        if not SHA256.fullmatch(sha256):
            raise BadInput(f"{sha256!r} names no photo: a photo's name is 64 digits from 0 to f.")
        return self.folder / sha256

    def names(self) -> Iterator[str]:
        """The SHA-256 of every photo, in no promised order."""
        return (path.name for path in self.folder.iterdir() if SHA256.fullmatch(path.name))

    def is_whole(self, sha256: str) -> bool:
        """Whether the photo is there and its bytes are those that were put."""
        path = self.path(sha256)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def verify(self) -> list[str]:
        """The names of photos whose bytes are not those that were put."""
        return sorted(name for name in self.names() if not self.is_whole(name))

    def _holds(self, path: Path, content: bytes) -> bool:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=self.folder)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            publish(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _sweep(self) -> None:
        """Remove what killed processes left unfinished; a younger file may be one that is being written."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            with contextlib.suppress(FileNotFoundError):  # finished in this moment
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    path.unlink()


@dataclass(frozen=True, slots=True)
class Naming:
    """Where the ledger names a photo."""

    sha256: str
    seq: int
    layer: str
    id: str


# The members under which features and documents name photos.
MEMBERS = frozenset({"photos", "evidence_photo", "evidence_notice", "evidence_area"})


def named_in(value: Any) -> Iterator[str]:
    """The photos that a feature, document or patch names: every SHA-256 below one of MEMBERS."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _digests(part) if name in MEMBERS else named_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from named_in(part)


def _digests(value: Any) -> Iterator[str]:
    if isinstance(value, str) and SHA256.fullmatch(value):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _digests(part)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
