"""What every format is read into."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from geoapp.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in a row: its file's name, and what gives its bytes."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it stands in a file.

    number: as a person finds it there (Excel's row, the line of a CSV, the place among the features). values: by
    heading. geometry: GeoJSON in the file's coordinate system, None where the file has none for it. fault: why the
    record cannot be read, None if it can. pictures: those in its cells, in the order of their columns.
    """

    number: int
    values: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None
    fault: Sentence | None = None
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file.

    fields: its headings in their order. crs: as pyproj reads it, None where the file does not say. encoding: that of
    its texts, None where the format fixes it. remarks: what a person should know about how it was read. rows: gives
    all records, each time anew.
    """

    format: str
    fields: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    crs: str | None = None
    encoding: str | None = None
    remarks: tuple[Sentence, ...] = field(default=())
