"""Mapbox Vector Tiles 2.1: points, lines and areas as protocol buffers.

Source of the format: github.com/mapbox/vector-tile-spec, version 2.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.tiles.morton import LATITUDE_LIMIT, world
from geoapp.tiles.vector_tile_kernel import point_features

EXTENT = 4096
# Strokes and labels reach over a tile's edge by so many of its units.
BUFFER = 64

_MOVE, _LINE, _CLOSE = 1, 2, 7
_LINESTRING, _POLYGON = 2, 3

Tag = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the usual pyramid: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    def units(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """World coordinates as units of this tile, 0 to EXTENT inside."""
        scale = EXTENT * 2.0**self.z
        return (
            np.floor(x * scale - self.x * EXTENT).astype(np.int64),
            np.floor(y * scale - self.y * EXTENT).astype(np.int64),
        )


def encode_points(
    name: str,
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    ids: NDArray[np.int64],
    tags: Mapping[str, Sequence[Tag]],
) -> bytes:
    """A layer of points at tile units x, y (n,), with numeric ids and columns of tags (None: no such tag there)."""
    keys, values, table = _tables(tags, len(x))
    features = point_features(
        np.ascontiguousarray(x, np.int64), np.ascontiguousarray(y, np.int64), np.ascontiguousarray(ids, np.int64), table
    )
    return _layer(name, [features.tobytes()], keys, values)


def encode_shapes(name: str, shapes: Sequence[Any], tags: Mapping[str, Sequence[Tag]], tile: Tile) -> bytes:
    """A layer of lines or areas (shapely, degrees WGS 84), cut to the tile and its buffer; ids are 1 to n in order."""
    keys, values, table = _tables(tags, len(shapes))
    cut = _in_tile(shapes, tile)
    features = [
        _shape_feature(number + 1, shape, table[number])
        for number, shape in enumerate(cut)
        if shape is not None and not shape.is_empty
    ]
    return _layer(name, [feature for feature in features if feature], keys, values)


def _tables(tags: Mapping[str, Sequence[Tag]], n: int) -> tuple[list[str], list[Tag], NDArray[np.int64]]:
    """Keys, distinct values, and for n features the number of each key's value (-1: absent)."""
    known: dict[tuple[type, Tag], int] = {}
    table = np.empty((n, len(tags)), np.int64)
    for column, given in enumerate(tags.values()):
        # 1, 1.0 and True are equal in Python, but not in a tile; most columns hold texts alone, and go fast.
        alike = set(map(type, given)) <= {str, type(None)}
        keys: Sequence[Any] = given if alike else [(type(value), value) for value in given]
        numbers: dict[Any, int] = {None: -1, (type(None), None): -1}
        for key in dict.fromkeys(keys):
            if key not in numbers:
                numbers[key] = known.setdefault((str, key) if alike else key, len(known))
        table[:, column] = list(map(numbers.__getitem__, keys))
    return list(tags), [value for _, value in known], table


def _in_tile(shapes: Sequence[Any], tile: Tile) -> list[Any]:
    """The shapes in tile units, simplified to half a unit, cut to the tile and its buffer."""
    degrees = np.array(shapes, dtype=object)
    units = shapely.transform(degrees, lambda points: _to_units(points, tile))
    edge = (-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    near = shapely.intersects(units, shapely.box(*edge))
    kept = shapely.simplify(np.where(near, units, None), 0.5)
    # Clipping needs valid rings, and simplifying may have broken some.
    return [None if shape is None else shapely.clip_by_rect(_valid(shape), *edge) for shape in kept]


def _valid(shape: Any) -> Any:
    return shape if shape.is_valid else shapely.make_valid(shape)


def _to_units(points: NDArray[np.float64], tile: Tile) -> NDArray[np.float64]:
    x, y = world(points[:, 0], np.clip(points[:, 1], -LATITUDE_LIMIT, LATITUDE_LIMIT))
    scale = EXTENT * 2.0**tile.z
    return np.column_stack([x * scale - tile.x * EXTENT, y * scale - tile.y * EXTENT])


def _shape_feature(id: int, shape: Any, values: NDArray[np.int64]) -> bytes:
    areas = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    lines = [part for part in shapely.get_parts(shape) if part.geom_type in ("LineString", "LinearRing")]
    kind, commands = (_POLYGON, _rings(areas)) if areas else (_LINESTRING, _lines(lines))
    if not commands:
        return b""
    pairs = [number for key, value in enumerate(values.tolist()) if value >= 0 for number in (key, value)]
    body = b"\x08" + _varint(id) + (_field(2, _packed(pairs)) if pairs else b"")
    return _field(2, body + b"\x18" + _varint(kind) + _field(4, _packed(commands)))


def _lines(parts: Iterable[Any]) -> list[int]:
    commands: list[int] = []
    at = (0, 0)
    for part in parts:
        points = _distinct(shapely.get_coordinates(part))
        if len(points) >= 2:
            at = _draw(commands, points, at)
    return commands


def _rings(areas: Iterable[Any]) -> list[int]:
    commands: list[int] = []
    at = (0, 0)
    for area in areas:
        for number, ring in enumerate((area.exterior, *area.interiors)):
            points = _distinct(shapely.get_coordinates(ring))[:-1]
            size = _signed_area(points)
            if len(points) < 3 or size == 0:
                if number == 0:
                    break  # an area without an outline has no holes either
                continue
            # y grows downwards: an outline is clockwise on the screen, which is a positive area, a hole negative.
            if (size > 0) != (number == 0):
                points.reverse()
            at = _draw(commands, points, at)
            commands.append(_CLOSE | 1 << 3)
    return commands


def _distinct(coordinates: NDArray[np.float64]) -> list[tuple[int, int]]:
    points = [(int(x), int(y)) for x, y in np.rint(coordinates)]
    return [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]


def _signed_area(points: list[tuple[int, int]]) -> int:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True))


def _draw(commands: list[int], points: list[tuple[int, int]], at: tuple[int, int]) -> tuple[int, int]:
    """Move to the first point and draw to the others, each relative to the one before; where the pen ends."""
    for number, (x, y) in enumerate(points):
        if number == 0:
            commands.append(_MOVE | 1 << 3)
        elif number == 1:
            commands.append(_LINE | (len(points) - 1) << 3)
        commands += [_zigzag(x - at[0]), _zigzag(y - at[1])]
        at = (x, y)
    return at


def _layer(name: str, features: Iterable[bytes], keys: Iterable[str], values: Iterable[Tag]) -> bytes:
    body = b"\x78\x02" + _field(1, name.encode()) + b"".join(features)
    body += b"".join(_field(3, key.encode()) for key in keys)
    body += b"".join(_field(4, _value(value)) for value in values)
    return _field(3, body + b"\x28" + _varint(EXTENT))


def _value(value: Tag) -> bytes:
    if isinstance(value, bool):
        return b"\x38" + _varint(value)
    if isinstance(value, int):
        return b"\x30" + _varint(_zigzag(value))
    if isinstance(value, float):
        return b"\x19" + np.float64(value).tobytes()
    return _field(1, str(value).encode())


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _zigzag(number: int) -> int:
    return number << 1 ^ number >> 63
