"""What every format is read into."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it stands in a file.

    number: as a person finds it there (Excel's row, the line of a CSV, the place among the features). values: by
    heading. geometry: GeoJSON in the file's coordinate system, None where the file has none for it. fault: an English
    sentence about why the record cannot be read, None if it can.
    """

    number: int
    values: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None
    fault: str | None = None


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
    remarks: tuple[str, ...] = field(default=())
