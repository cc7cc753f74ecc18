"""The instance out of which a file is written, and the format that its name asks for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geoapp.config import Config
from geoapp.domain.errors import BadInput
from geoapp.services.district import District, open_district
from geoapp.services.keeping import require_instance
from geoapp.storage.filesystem import disk_errors, write_whole


@contextmanager
def opened(config: Config) -> Iterator[District]:
    """The instance of a configuration, closed afterwards; raises NoInstance."""
    require_instance(config)
    district = open_district(config)
    try:
        yield district
    finally:
        district.close()


def ending_of(target: Path, known: Iterable[str]) -> str:
    """The ending of a file to be written, such as shp.zip.

    Raises BadInput for one that is not known, and for a folder that is not there: before anything is computed for it.
    """
    endings = tuple(known)
    for ending in endings:
        if target.name.lower().endswith(f".{ending}"):
            require_folder(target)
            return ending
    raise BadInput("{file} does not end like a format that can be written: {known}.",
                   file=target.name, known=", ".join(f".{one}" for one in endings))  # fmt: skip


def require_folder(target: Path) -> None:
    """Raise BadInput where the folder of a file to be written is not there."""
    if not target.absolute().parent.is_dir():
        raise BadInput("There is no folder {folder} to write {file} into: make it first, or choose another one.",
                       folder=target.parent, file=target.name)  # fmt: skip


def write_file(target: Path, body: bytes) -> None:
    """Write a file as a whole, or leave what was there; raises StorageFull, StorageFailed."""
    with disk_errors(target):
        write_whole(target, body)
