"""Result files of inspections: an archive of results.json and photos, of which nothing is unpacked to the disk."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geoapp.domain.errors import BadInput
from geoapp.storage.reading.archives import opened

RECORDS = "results.json"
LARGEST_RECORDS, LARGEST_PHOTO, MOST_PHOTOS = 5 * 1024**2, 10 * 1024**2, 1_000
_PHOTO = re.compile(r"photos/[A-Za-z0-9_-]{1,64}\.(jpe?g|png)")
# What programs that pack archives put into them unasked.
_BESIDE = re.compile(r"photos/|(__MACOSX/.*)|((.*/)?(\.DS_Store|Thumbs\.db))")


@dataclass(frozen=True, slots=True)
class ResultArchive:
    """The records as JSON, and by name what gives each photo's bytes; the file must still be there then."""

    records: bytes
    photos: Mapping[str, Callable[[], bytes]]


def holds_results(path: Path) -> bool:
    """Whether a file is an archive with records of inspections in it, by its content."""
    try:
        with zipfile.ZipFile(path) as archive:
            return RECORDS in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        return False


def read_results(path: Path) -> ResultArchive:
    """The records of a result file; raises BadInput if it holds anything else, or more than a day's work can be."""
    with opened(path) as archive:
        names = [member.filename for member in archive.infolist() if not _BESIDE.fullmatch(member.filename)]
        photos = [name for name in names if name != RECORDS]
        _require_names(names, photos, path.name)
        records = _bytes(path, RECORDS, LARGEST_RECORDS)
    return ResultArchive(records, {name: partial(_bytes, path, name, LARGEST_PHOTO) for name in photos})


def _require_names(names: list[str], photos: list[str], file: str) -> None:
    strange = next((name for name in photos if not _PHOTO.fullmatch(name)), None)
    if strange is not None:
        raise BadInput("{file} holds {name!r}, which no result file has; nothing was read.", file=file,
                       name=strange[:80])  # fmt: skip
    if len(set(names)) < len(names):
        raise BadInput("{file} holds two files of one name; nothing was read.", file=file)
    if len(photos) > MOST_PHOTOS:
        raise BadInput("{file} holds {count} photos, more than the {most} that are taken at once.", file=file,
                       count=len(photos), most=MOST_PHOTOS)  # fmt: skip


def _bytes(path: Path, name: str, most: int) -> bytes:
    """The content of one member, which is never more than it claims and never more than `most`."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as member:
            content = member.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, KeyError, ValueError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise BadInput("{name} in {file} is damaged.", name=name, file=path.name) from error
    if len(content) > most:
        raise BadInput("{name} in {file} is larger than {most} MB.", name=name, file=path.name, most=most // 1024**2)
    return content
