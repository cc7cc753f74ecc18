"""Archives that people bring: looked at before anything is unpacked."""

import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geoapp.domain.errors import BadInput

MOST_FILES = 5_000
MOST_BYTES = 2 * 1024**3
# Texts and tables shrink to a twentieth; what shrinks to less than a two-hundredth is made to fill a disk.
MOST_RATIO, SMALL = 200, 10 * 1024**2
CHUNK = 1024 * 1024


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, if it is one that may be unpacked; raises BadInput."""
    try:
        archive = zipfile.ZipFile(path)
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise BadInput("{file} is a damaged archive; save it again.", file=path.name) from error
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_FILES or total > MOST_BYTES or (total > SMALL and total > MOST_RATIO * max(packed, 1)):
        archive.close()
        raise BadInput("{file} would unpack to far more than it should; bring its files one by one.", file=path.name)
    if any(member.flag_bits & 1 for member in members):
        archive.close()
        raise BadInput("{file} is locked by a password; save it without one.", file=path.name)
    return archive


def extract(archive: zipfile.ZipFile, endings: tuple[str, ...], folder: Path, file: str) -> list[Path]:
    """Unpack the members with these endings into a folder, under their bare names; never more than they claim."""
    found = []
    for member in archive.infolist():
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        if member.is_dir() or not name.lower().endswith(endings) or name.startswith("."):
            continue
        target = folder / name
        if target.exists():
            raise BadInput("{file} holds two files named {name}; bring them one by one.", file=file, name=name)
        _write(archive, member, target, file)
        found.append(target)
    return found


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, file: str) -> None:
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as out:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > member.file_size:
                    raise BadInput("{file} is a damaged archive; save it again.", file=file)
                out.write(chunk)
    except BadInput:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
            NotImplementedError) as error:  # fmt: skip
        raise BadInput("{file} is a damaged archive; save it again.", file=file) from error
