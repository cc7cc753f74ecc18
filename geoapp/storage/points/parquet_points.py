"""Points in GeoParquet, as WKB or as GeoArrow's own points; or in a Parquet file with two columns of coordinates."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geoapp.domain.errors import BadInput
from geoapp.storage.points.chunk import (
    Added,
    BadRow,
    Chunk,
    Found,
    Layout,
    Piece,
    PointFile,
    beside,
    free_name,
    numbers,
    with_added,
)
from geoapp.storage.points.csv_points import Coordinates

ROWS = 200_000
BUFFER = 1024 * 1024
GEO, PANDAS = b"geo", b"pandas"
# A point as WKB: the order of its bytes, its kind, and two numbers.
_WKB_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
XY = NDArray[np.float64]


def open_parquet(path: Path, coordinates: Coordinates) -> PointFile:
    """A Parquet file; without `geo` metadata, with columns that `coordinates` finds. Raises BadInput."""
    with opened(path) as file:
        schema, total = file.schema_arrow, file.metadata.num_rows
    column = geometry_of(path, schema)
    if column is None:
        place = coordinates(schema.names)
        layout = Layout(schema, place, frozenset({"parquet", "csv"}))
    else:
        layout = Layout(schema, (column.name,), frozenset({"parquet"}))
    return PointFile(
        format="Parquet" if column is None else "GeoParquet",
        crs=None if column is None else column.crs,
        total=total,
        first_row=1,
        layout=layout,
        pieces=lambda: _pieces(path),
        decode=lambda _: partial(_decoded, place=layout.place, encoding=column.encoding if column else None),
    )


def opened(path: Path) -> pq.ParquetFile:
    """The file, open; raises BadInput if it is no Parquet file."""
    try:
        # Read ahead, all that was read would stay in memory until the file is closed; without a buffer a whole group
        # of rows, which may be the whole file, is taken in at once.
        return pq.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadInput("{file} is no Parquet file, or was not saved, or not copied, to its end.",
                       file=path.name) from error  # fmt: skip


@dataclass(frozen=True, slots=True)
class Geometry:
    """The column of a GeoParquet file that holds its shapes. crs: as pyproj reads it, None for an unknown one."""

    name: str
    encoding: str
    crs: str | None


def geometry_of(path: Path, schema: pa.Schema) -> Geometry | None:
    """The main geometry of a GeoParquet file, None for a plain Parquet file; raises BadInput for damaged metadata."""
    text = (schema.metadata or {}).get(GEO)
    if text is None:
        return None
    try:
        known = json.loads(text)
        name = known["primary_column"]
        column = known["columns"][name]
        encoding = str(column["encoding"]).lower()
        # What is not said is longitude and latitude; what is said to be unknown is unknown.
        crs = column.get("crs", "OGC:CRS84")
        crs = json.dumps(crs) if isinstance(crs, Mapping) else crs
        schema.field(name)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput("{file} has `geo` metadata that does not describe its geometry.", file=path.name) from error
    return Geometry(name, encoding, crs)


def _pieces(path: Path) -> Iterator[Piece]:
    done = 0
    with opened(path) as file:
        batches = file.iter_batches(ROWS, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError, ValueError) as error:
                raise BadInput("{file} is damaged after row {row}.", file=path.name, row=done) from error
            if batch is None:
                return
            done += len(batch)
            yield Piece(batch, done)


def _decoded(batch: pa.RecordBatch, *, place: tuple[str, ...], encoding: str | None) -> Chunk:
    table = pa.Table.from_batches([batch])
    if encoding is None:
        x, y = (_numbers(table, name) for name in place)
    elif encoding == "wkb":
        x, y = _from_wkb(_whole(table[place[0]]))
    elif encoding in ("point", "geoarrow.point"):
        x, y = _from_arrow(_whole(table[place[0]]))
    else:
        raise BadRow(0, "The geometry is of the kind {kind!r}; points are wanted, as WKB or as GeoArrow points.",
                     kind=encoding)  # fmt: skip
    return Chunk(x, y, table)


def _numbers(table: pa.Table, name: str) -> XY:
    try:
        return numbers(table[name])
    except pa.ArrowException as error:
        raise BadRow(0, "The column {name!r} holds no numbers.", name=name) from error


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    return whole.storage if isinstance(whole, pa.ExtensionArray) else whole


def _from_wkb(column: pa.Array) -> tuple[XY, XY]:
    """By their bytes where all are plain points, else by GEOS."""
    size = _WKB_POINT.itemsize
    if pa.types.is_binary(column.type) and not column.null_count and len(column):
        ends = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
        if (np.diff(ends) == size).all():
            points = np.frombuffer(column.buffers()[2], np.uint8)[ends[0] : ends[-1]].view(_WKB_POINT)
            if (points["order"] == 1).all() and (points["kind"] == 1).all():
                return _finite(points["x"].copy(), points["y"].copy())
    return _by_geos(column)


def _by_geos(column: pa.Array) -> tuple[XY, XY]:
    values = np.array(column.to_pylist(), dtype=object)
    shapes = shapely.from_wkb(values, on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    broken = np.flatnonzero((kinds == -1) & np.array([value is not None for value in values], bool))
    if len(broken):
        raise BadRow(int(broken[0]), "Its geometry is no WKB.")
    others = np.flatnonzero((kinds != -1) & (kinds != 0))
    if len(others):
        raise BadRow(int(others[0]), "Its geometry is {kind}, not a Point.", kind=shapes[others[0]].geom_type)
    shapes[shapely.is_empty(shapes)] = None
    return _finite(shapely.get_x(shapes), shapely.get_y(shapes))


def _from_arrow(column: pa.Array) -> tuple[XY, XY]:
    """From records of x and y, or from lists of two numbers and more."""
    kind = column.type
    if pa.types.is_struct(kind) and {"x", "y"} <= {kind.field(n).name for n in range(kind.num_fields)}:
        x, y = (pc.struct_field(column, name) for name in "xy")
    elif pa.types.is_fixed_size_list(kind) and kind.list_size >= 2:
        x, y = (pc.list_element(column, place) for place in (0, 1))
    else:
        raise BadRow(0, "Its geometry is {kind}, not GeoArrow's point.", kind=str(kind))
    return _finite(*(numbers(pa.chunked_array([axis])) for axis in (x, y)))


def _finite(x: XY, y: XY) -> tuple[XY, XY]:
    """Both NaN where either is no place."""
    known = np.isfinite(x) & np.isfinite(y)
    return np.where(known, x, np.nan), np.where(known, y, np.nan)


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """How chunks become the rows of a GeoParquet file; what was no Parquet gets a column of WKB points.

    crs: of the points, None for WGS 84.
    """

    layout: Layout
    added: Sequence[Added]
    crs: str | None

    def __call__(self, chunk: Chunk, found: Found) -> pa.Table:
        """A chunk's rows."""
        if chunk.table is None:
            raise TypeError("Parquet is made of tables")
        if "parquet" in self.layout.keeps:
            return with_added(chunk.table, self.added, found)
        table = chunk.table.drop_columns([name for name in self.layout.place if name in chunk.table.column_names])
        return beside(with_added(table, self.added, found), self._geometry(), _wkb(chunk.x, chunk.y))

    def schema(self) -> pa.Schema:
        """The columns of the file, and what it says about them."""
        nothing = Chunk(np.zeros(0), np.zeros(0), self.layout.schema.empty_table())
        made = self(nothing, {one.by: np.zeros(0, np.int64) for one in self.added}).schema
        return made.with_metadata(self._metadata() or None)

    def _metadata(self) -> dict[bytes, bytes]:
        known = dict(self.layout.schema.metadata or {})
        if set(self.layout.schema.names) & {one.name for one in self.added}:
            # It would make pandas read the new column as the type of the old one.
            known.pop(PANDAS, None)
        if "parquet" in self.layout.keeps:
            return known
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
        column |= {"crs": json.loads(CRS.from_user_input(self.crs).to_json())} if self.crs else {}
        geo = {"version": "1.0.0", "primary_column": self._geometry(), "columns": {self._geometry(): column}}
        return known | {GEO: json.dumps(geo).encode()}

    def _geometry(self) -> str:
        names = [name for name in self.layout.schema.names if name not in self.layout.place]
        return free_name("geometry", [*names, *(one.name for one in self.added)])


def _wkb(x: XY, y: XY) -> pa.Array:
    points = np.zeros(len(x), _WKB_POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, x, y
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(_WKB_POINT.itemsize), len(points), [None, pa.py_buffer(points.tobytes())]
    )
    known = pa.array(np.isfinite(x) & np.isfinite(y))
    return pc.if_else(known, fixed.cast(pa.binary()), pa.scalar(None, pa.binary()))
