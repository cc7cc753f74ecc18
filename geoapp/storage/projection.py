"""What the ledger's layers and documents look like as files, and how a file proves that it is our own.

A layer is `{"type":"FeatureCollection","geoapp":{"seq":N,"sha256":"…"},"features":[` and one feature a line; a
document is itself with the same `geoapp` member in front. The digest is the SHA-256 of the whole file with its own 64
digits read as zeros, so that not a byte can be altered without showing.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import orjson

from geoapp.domain.layers import DOCUMENTS
from geoapp.storage.filesystem import disk_errors, publish

LAYERS_FOLDER = "layers"
EDITED_FOLDER = "edited"
ZEROS = b"0" * 64
CHUNK_FEATURES = 1_000
CHUNK_BYTES = 1 << 20

_HEAD = re.compile(rb'\{(?:"type":"FeatureCollection",)?"geoapp":\{"seq":(\d{1,18}),"sha256":"([0-9a-f]{64})"\}')
_HEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of itself in its first bytes: the commit it shows, its digest, and where that stands."""

    seq: int
    sha256: str
    offset: int


@dataclass(frozen=True, slots=True)
class Stat:
    """What changes whenever a file is written or replaced."""

    inode: int
    size: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "Stat | None":
        """The file's stat; None if there is no such file."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def file_of(instance: Path, layer: str, id: str | None = None) -> Path:
    """Where a layer, or one document of a collection, is projected to."""
    if layer in DOCUMENTS:
        return instance / layer / f"{id}.json"
    return instance / LAYERS_FOLDER / f"{layer}.geojson"


def layer_parts(seq: int, features: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a layer's file at commit `seq`, in pieces, with zeros for its digest."""
    yield b'{"type":"FeatureCollection","geoapp":{"seq":%d,"sha256":"%s"},"features":[\n' % (seq, ZEROS)
    remaining, separator = iter(features), b""
    while some := list(islice(remaining, CHUNK_FEATURES)):
        yield separator + b",\n".join(some)
        separator = b",\n"
    yield b"\n]}\n"


def document_parts(seq: int, value: dict[str, object]) -> Iterator[bytes]:
    """The bytes of a document's file whose last change is commit `seq`, with zeros for its digest."""
    head = b'{"geoapp":{"seq":%d,"sha256":"%s"}' % (seq, ZEROS)
    rest = orjson.dumps({name: part for name, part in value.items() if name != "geoapp"}, option=orjson.OPT_INDENT_2)
    yield head + b"\n}\n" if rest == b"{}" else head + b"," + rest[1:] + b"\n"


def digest_of(parts: Iterable[bytes]) -> str:
    """The digest that a file of these pieces carries."""
    hashing = hashlib.sha256()
    for part in parts:
        hashing.update(part)
    return hashing.hexdigest()


def write(path: Path, parts: Iterable[bytes]) -> Stat | None:
    """Write the pieces and put the digest into them; the file is the old or the new one at every moment.

    Raises StorageFull or StorageFailed, and leaves no half file behind then.
    """
    temporary = path.with_name(f".{path.name}.new")
    with disk_errors(path):
        try:
            _write_aside(temporary, parts)
            publish(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return Stat.of(path)


def _write_aside(temporary: Path, parts: Iterable[bytes]) -> None:
    hashing, remaining = hashlib.sha256(), iter(parts)
    first = next(remaining)
    with temporary.open("wb") as file:
        for part in chain([first], remaining):
            hashing.update(part)
            file.write(part)
        file.seek(first.index(ZEROS))
        file.write(hashing.hexdigest().encode())
        file.flush()
        os.fsync(file.fileno())


def claim(path: Path) -> Claim | None:
    """What the file says of itself, believed or not; None if it says nothing or is not there."""
    try:
        with path.open("rb") as file:
            return _claim(file)
    except FileNotFoundError:
        return None


def own_claim(path: Path) -> Claim | None:
    """What the file says of itself, if its digest bears it out; None if it was written or changed by others."""
    try:
        # One open file for both readings: the projector may put another in its place meanwhile.
        with path.open("rb") as file:
            claimed = _claim(file)
            whole = claimed is not None and digest_of(_with_zeros(file, claimed.offset)) == claimed.sha256
    except FileNotFoundError:
        return None
    return claimed if whole else None


def _claim(file: BinaryIO) -> Claim | None:
    found = _HEAD.match(file.read(_HEAD_BYTES))
    return None if found is None else Claim(int(found[1]), found[2].decode(), found.start(2))


def _with_zeros(file: BinaryIO, offset: int) -> Iterator[bytes]:
    file.seek(0)
    yield file.read(offset)
    file.seek(len(ZEROS), os.SEEK_CUR)
    yield ZEROS
    while part := file.read(CHUNK_BYTES):
        yield part


def projected_files(instance: Path) -> list[Path]:
    """Every file that stands where a projection stands, ours or not."""
    layers = (instance / LAYERS_FOLDER).glob("[!.]*.geojson")
    documents = (path for name in sorted(DOCUMENTS) for path in (instance / name).glob("[!.]*.json"))
    return sorted(path for path in chain(layers, documents) if path.is_file())


def beyond(instance: Path, head: Callable[[], int]) -> Iterator[tuple[Path, int]]:
    """Own files with the commit they show, where that is not in the ledger: what they were made from had more.

    head: gives the ledger's last seq; it is asked after a file is read, because another process may go on writing.
    """
    for path in projected_files(instance):
        claimed = claim(path)
        if claimed is not None and claimed.seq > head():
            claimed = own_claim(path)
            if claimed is not None and claimed.seq > head():
                yield path, claimed.seq


def set_aside(path: Path, now: str) -> Path:
    """Move a file that others wrote to `edited/` beside it, under a name that holds the moment; gives the new path."""
    folder = path.parent / EDITED_FOLDER
    folder.mkdir(exist_ok=True)
    kept, n = folder / f"{path.stem}-{now}{path.suffix}", 1
    while kept.exists():
        n += 1
        kept = folder / f"{path.stem}-{now}.{n}{path.suffix}"
    publish(path, kept)
    return kept
