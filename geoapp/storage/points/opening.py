"""Files of points, told apart by how their names end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from geoapp.domain.errors import BadInput
from geoapp.storage.filesystem import disk_errors
from geoapp.storage.points.chunk import Added, Chunk, Found, Layout, PointFile
from geoapp.storage.points.csv_points import Coordinates, CsvRows, open_csv
from geoapp.storage.points.geojson_points import FeatureRows, open_collection, open_lines
from geoapp.storage.points.parquet_points import ParquetRows, open_parquet

CSV, PARQUET, COLLECTION, LINES = "csv", "parquet", "geojson", "lines"
ENDINGS = {
    ".csv": CSV, ".parquet": PARQUET, ".geoparquet": PARQUET, ".geojson": COLLECTION, ".json": COLLECTION,
    ".geojsonl": LINES, ".geojsons": LINES, ".ndjson": LINES, ".jsonl": LINES,
}  # fmt: skip
Encode = Callable[[Chunk, Found], Any]


def format_of(path: Path) -> str:
    """One of CSV, PARQUET, COLLECTION and LINES; raises BadInput for a name that ends otherwise."""
    format = ENDINGS.get(path.suffix.lower())
    if format is None:
        raise BadInput("{file} does not end like a file of points: {known}.",
                       file=path.name, known=", ".join(ENDINGS))  # fmt: skip
    return format


def open_points(path: Path, coordinates: Coordinates, *, encoding: str | None = None) -> PointFile:
    """A file of points, opened; coordinates: finds their columns among others. Raises BadInput in one sentence."""
    format = format_of(path)
    if not path.is_file():
        raise BadInput("There is no file {file}.", file=path.name)
    if format == CSV:
        return open_csv(path, coordinates, encoding=encoding)
    if format == PARQUET:
        return open_parquet(path, coordinates)
    return open_collection(path) if format == COLLECTION else open_lines(path)


def keeps_features(points: PointFile, target: Path) -> bool:
    """Whether features may pass as they stand, so that nobody has to know their columns."""
    return points.layout is None and format_of(target) in (COLLECTION, LINES)


@dataclass(frozen=True, slots=True)
class Written:
    """How the points of one file become another one.

    layout: None where features pass as they stand. crs: of the points, None for WGS 84. degrees: whether it has any.
    """

    points: PointFile
    layout: Layout | None
    added: Sequence[Added]
    crs: str | None
    degrees: bool


def encoder(target: Path, written: Written) -> Encode:
    """What makes a chunk into a part of the target, in any process."""
    format, points = format_of(target), written.points
    layout = written.layout or Layout(pa.schema([]))
    if format == CSV:
        axes = ("lon", "lat") if written.degrees else ("x", "y")
        # The way it was written stays with a CSV that remains one.
        kept = (points.delimiter, points.marked) if points.format == "CSV" else (",", False)
        return CsvRows(layout, written.added, axes, *kept)
    if format == PARQUET:
        return ParquetRows(layout, written.added, written.crs)
    return FeatureRows(layout, written.added, b"\n")


class Sink(Protocol):
    """Takes the parts of a file in their order."""

    def write(self, part: Any) -> None:
        """One part, as the encoder made it."""

    def close(self) -> None:
        """The end of the file."""


@contextmanager
def writing(target: Path, written: Written, encode: Any) -> Iterator[Sink]:
    """A sink for what will stand at the target when the block ends well; else nothing changes there.

    Raises StorageFull, StorageFailed.
    """
    with disk_errors(target), TemporaryDirectory(dir=target.absolute().parent, prefix=f".{target.name}.") as folder:
        made = Path(folder) / target.name
        if format_of(target) == PARQUET:
            with pq.ParquetWriter(made, encode.schema()) as writer:
                yield _Tables(writer)
        else:
            with made.open("wb") as file:
                sink = _sink(file, target, written, encode)
                yield sink
                sink.close()
        made.replace(target)


def _sink(file: IO[bytes], target: Path, written: Written, encode: Any) -> "Sink":
    if format_of(target) == CSV:
        return _Text(file, encode.headings())
    if format_of(target) == LINES:
        return _Text(file, b"")
    return _Collection(file, written)


class _Text:
    """Lines, one part after another."""

    def __init__(self, file: IO[bytes], headings: bytes) -> None:
        self._file = file
        file.write(headings)

    def write(self, part: bytes) -> None:
        self._file.write(part)

    def close(self) -> None:
        """Lines have no end."""


class _Collection:
    """Features, one a line, within a FeatureCollection: the one that they came from, if they did."""

    def __init__(self, file: IO[bytes], written: Written) -> None:
        self._file, self._framing, self._first = file, written.points.framing, True
        file.write((self._framing.before if self._framing else _before(written)) + b"\n")

    def write(self, part: bytes) -> None:
        if not part:
            return
        # Every line is a feature: an end of a line within one is written as \\n.
        self._file.write((b"" if self._first else b",\n") + part[:-1].replace(b"\n", b",\n"))
        self._first = False

    def close(self) -> None:
        self._file.write(b"\n" + (self._framing.after().strip() if self._framing else b"]}") + b"\n")


def _before(written: Written) -> bytes:
    """The start of a collection; coordinates that are not those of WGS 84 are called by the old `crs` member."""
    members: dict[str, Any] = {"type": "FeatureCollection"}
    known = CRS.from_user_input(written.crs).to_authority() if written.crs else None
    if known:
        members["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:{}::{}".format(*known)}}
    return orjson.dumps(members)[:-1] + b',"features":['


class _Tables:
    """Tables as the row groups of a Parquet file."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer

    def write(self, part: pa.Table) -> None:
        if len(part):
            self._writer.write_table(part)

    def close(self) -> None:
        """The writer ends the file itself."""
