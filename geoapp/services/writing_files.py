"""The instance out of which a file is written, and the format that its name asks for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geoapp.config import Config
from geoapp.domain.errors import BadInput
from geoapp.services.district import District, open_district
from geoapp.services.keeping import require_instance


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
    """The ending of a file to be written, such as shp.zip; raises BadInput for one that is not known."""
    endings = tuple(known)
    for ending in endings:
        if target.name.lower().endswith(f".{ending}"):
            return ending
    raise BadInput("{file} does not end like a format that can be written: {known}.",
                   file=target.name, known=", ".join(f".{one}" for one in endings))  # fmt: skip
