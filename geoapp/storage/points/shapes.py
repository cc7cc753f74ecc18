"""Areas and streets out of people's files, with a code and a name each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.storage.points.parquet_points import geometry_of, opened
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row

# Where a file's codes and names stand: told its headings, the names of two of them; the second may be absent.
Columns = Callable[[Sequence[str]], tuple[str, str | None]]
AREAL, LINEAR = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString")
_LEVELS = {"polygon": 2, "multipolygon": 3, "linestring": 1, "multilinestring": 2}
_TYPES = {
    "polygon": shapely.GeometryType.POLYGON,
    "multipolygon": shapely.GeometryType.MULTIPOLYGON,
    "linestring": shapely.GeometryType.LINESTRING,
    "multilinestring": shapely.GeometryType.MULTILINESTRING,
}


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes (n,) with their codes and names. crs: as pyproj reads it, None where the file does not say."""

    codes: tuple[str, ...]
    names: tuple[str | None, ...]
    shapes: NDArray[np.object_]
    crs: str | None


def read_shapes(path: Path, kinds: tuple[str, ...], columns: Columns, *, encoding: str | None = None) -> Shapes:
    """All shapes of a file that `open_source` reads, or of a GeoParquet file; those without a geometry are left out.

    Overlays, as geoapp's own files have them, cover nothing and are left out too. Raises BadInput for a file that
    cannot be read, a shape of another kind or without a code.
    """
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        return _collected(path, kinds, columns, *_from_parquet(path))
    with open_source(path, encoding=encoding) as source:
        rows = ((row.values, _shape(path, row)) for row in source.rows())
        return _collected(path, kinds, columns, source.fields, source.crs, rows)


def _shape(path: Path, row: Row) -> Any:
    if row.fault is not None:
        raise BadInput("{file}, feature {number}: {reason}", file=path.name, number=row.number, reason=row.fault)
    try:
        return None if row.geometry is None else shapely.from_geojson(orjson.dumps(row.geometry))
    except (shapely.GEOSException, TypeError) as error:
        raise BadInput("{file}, feature {number}: its geometry cannot be read ({reason}).",
                       file=path.name, number=row.number, reason=str(error)) from error  # fmt: skip


def _collected(path: Path, kinds: tuple[str, ...], columns: Columns, fields: Sequence[str], crs: str | None,
               rows: Iterator[tuple[Mapping[str, Any], Any]]) -> Shapes:  # fmt: skip
    code, name = columns(fields)
    found: list[tuple[str, str | None, Any]] = []
    for number, (values, shape) in enumerate(rows, start=1):
        if shape is None or shape.is_empty or _is_overlay(values):
            continue
        if shape.geom_type not in kinds:
            raise BadInput("{file}, feature {number}: it is a {kind}, not a {wanted}.",
                           file=path.name, number=number, kind=shape.geom_type, wanted=" or ".join(kinds))  # fmt: skip
        text = _text(values.get(code))
        if text is None:
            raise BadInput("{file}, feature {number}: there is nothing in its {column!r}.",
                           file=path.name, number=number, column=code)  # fmt: skip
        found.append((text, _text(values.get(name)) if name else None, shape))
    if not found:
        raise BadInput("{file} holds no {wanted}.", file=path.name, wanted=" or ".join(kinds))
    codes, names, shapes = zip(*found, strict=True)
    array = np.empty(len(shapes), object)
    array[:] = shapes
    return Shapes(codes, names, array, crs)


def _is_overlay(values: Mapping[str, Any]) -> bool:
    return str(values.get("overlay")).casefold() in ("true", "1", "1.0")


def _text(value: Any) -> str | None:
    """A code or a name as text; one that a table made a number is one without a fraction."""
    if value is None or value == "" or value != value:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _from_parquet(path: Path) -> tuple[Sequence[str], str | None, Iterator[tuple[Mapping[str, Any], Any]]]:
    with opened(path) as file:
        column = geometry_of(path, file.schema_arrow)
        if column is None:
            raise BadInput("{file} is no GeoParquet: it has no `geo` metadata.", file=path.name)
        try:
            table = file.read(use_threads=False)
            shapes = _shapes(table[column.name], column.encoding)
        except (pa.ArrowException, OSError, ValueError, KeyError, shapely.GEOSException) as error:
            raise BadInput("{file} cannot be read ({reason}).", file=path.name, reason=str(error)[:160]) from error
    values = table.drop_columns([column.name])
    return values.column_names, column.crs, zip(_rows(values), shapes, strict=True)


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    if not table.num_columns:
        return iter([{}] * len(table))
    return iter(table.to_pylist())


def _shapes(column: pa.ChunkedArray, encoding: str) -> Any:
    """From WKB, or from GeoArrow's nested lists of coordinates."""
    if encoding == "wkb":
        return shapely.from_wkb(np.array(column.to_pylist(), dtype=object))
    kind = encoding.removeprefix("geoarrow.")
    values = pa.concat_arrays(column.chunks)
    values = values.storage if isinstance(values, pa.ExtensionArray) else values
    known = values.drop_null()
    shapes = np.full(len(values), None, object)
    shapes[values.is_valid().to_numpy(zero_copy_only=False)] = _from_lists(known, kind)
    return shapes


def _from_lists(values: pa.Array, kind: str) -> NDArray[np.object_]:
    offsets = []
    for _ in range(_LEVELS[kind]):
        ends = values.offsets.to_numpy()
        offsets.append(ends - ends[0])
        values = values.flatten()
    axes = [values.field(axis) for axis in ("x", "y")] if pa.types.is_struct(values.type) else None
    if axes is None:
        flat = values.flatten().to_numpy(zero_copy_only=False).reshape(-1, values.type.list_size)[:, :2]
    else:
        flat = np.column_stack([axis.to_numpy(zero_copy_only=False) for axis in axes])
    made: NDArray[np.object_] = shapely.from_ragged_array(_TYPES[kind], flat, tuple(reversed(offsets)))
    return made
