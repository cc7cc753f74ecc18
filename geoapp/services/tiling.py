"""Vector tiles of every layer: clusters or single points, lines and areas."""

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import POINT_LAYERS
from geoapp.domain.selection import Due, Scope, Selection
from geoapp.services.browse import district_layer
from geoapp.services.district import District
from geoapp.services.selected import basis, selected
from geoapp.storage.selecting import is_due
from geoapp.storage.snapshot import LayerSnapshot, Rows
from geoapp.tiles.clusters import MAX_ZOOM, ClusterPyramid
from geoapp.tiles.morton import LATITUDE_LIMIT, world
from geoapp.tiles.vector_tile import Tag, Tile, encode_points, encode_shapes

TILE_BYTES = 4_096

Place = tuple[int, int, int]

# What the map draws by, and a program may style by.
_TAGS = {
    "problems": ("category", "status", "severity"),
    "visits": ("outcome",),
    "sites": ("kind",),
    "facilities": ("kind", "level"),
    "villages": ("kind",),
    "population": (),
}


def tile(district: District, layer: str, place: Place, selection: Selection, scope: Scope) -> bytes:
    """One vector tile (z, x, y) of the selected features.

    Point layers: clusters (tag `count`, at the mean position of their points) and single points (tag `id`, and what the
    map draws by). The counts of all tiles of a zoom, a point counting 1, add up to the selection's count without those
    that have no place; so point tiles have no buffer. Lines and areas carry their names and have one.
    Raises NotFound for a layer that is none, BadInput for a tile that is none.
    """
    require_tile(layer, place)
    snapshot = district.present.snapshot(layer)
    meant = selection.for_layer(layer)
    moment = district.clock() if layer == "problems" else None
    key = ("tile", layer, basis(district, layer, meant), meant, scope, moment, place)
    draw = _point_tile if layer in POINT_LAYERS else _shape_tile
    return district.derived.get(
        key, lambda: draw(district, snapshot, Tile(*place), (meant, scope)), lambda drawn: len(drawn) + TILE_BYTES
    )


def require_tile(layer: str, place: Place) -> None:
    """Raise NotFound for a layer that is none, BadInput for a tile that is none."""
    district_layer(layer)
    z, x, y = place
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise BadInput("{tile} is not a tile z/x/y with z from 0 to {most}.", tile=f"{z}/{x}/{y}", most=MAX_ZOOM)


def _point_tile(district: District, snapshot: LayerSnapshot, place: Tile, asked: tuple[Selection, Scope]) -> bytes:
    cells = _pyramid(district, snapshot, *asked).cells(place.z, place.x, place.y)
    column, row = place.units(cells.x, cells.y)
    tags = _point_tags(district, snapshot, cells.row, cells.count)
    return encode_points(snapshot.layer, column, row, cells.row, tags)


def _pyramid(district: District, snapshot: LayerSnapshot, selection: Selection, scope: Scope) -> ClusterPyramid:
    def build() -> ClusterPyramid:
        rows = selected(district, snapshot.layer, selection, scope)
        return ClusterPyramid(snapshot.codes(rows), *world(*snapshot.positions(rows)), rows)

    key = ("pyramid", snapshot.layer, basis(district, snapshot.layer, selection), selection, scope)
    return district.derived.get(key, build, lambda built: built.nbytes)


def _point_tags(district: District, snapshot: LayerSnapshot, rows: Rows, counts: Any) -> dict[str, list[Tag]]:
    """Clusters carry their count; single points their id, their name and what the map draws by."""
    single = np.flatnonzero(counts == 1)
    chosen = rows[single]
    tags: dict[str, list[Tag]] = {"count": [count if count > 1 else None for count in counts.tolist()]}
    tags["id"] = _spread(snapshot.ids(chosen), single, len(rows))
    properties = [orjson.loads(text)["properties"] for text in snapshot.encoded(chosen, Scope.PUBLIC)]
    for name in ("name", *_TAGS[snapshot.layer]):
        tags[name] = _spread([place.get(name) for place in properties], single, len(rows))
    if snapshot.layer == "problems":
        late = is_due(snapshot, chosen, Due.OVERDUE, district.clock())
        tags["overdue"] = _spread([True if is_late else None for is_late in late.tolist()], single, len(rows))
    return tags


def _spread(values: list[Any], places: Any, n: int) -> list[Tag]:
    spread: list[Tag] = [None] * n
    for place, value in zip(places.tolist(), values, strict=True):
        spread[place] = value
    return spread


def _shape_tile(district: District, snapshot: LayerSnapshot, place: Tile, asked: tuple[Selection, Scope]) -> bytes:
    rows = selected(district, snapshot.layer, *asked)
    rows = rows[_meets(snapshot.bounds(rows), place)]
    properties = [orjson.loads(text) for text in snapshot.encoded(rows, Scope.PUBLIC)]
    tags: dict[str, list[Tag]] = {"id": [feature["id"] for feature in properties]}
    for name in ("name", "name_en", "kind", "schematic"):
        tags[name] = [feature["properties"].get(name) for feature in properties]
    return encode_shapes(snapshot.layer, snapshot.geometries(rows), tags, place)


def _meets(bounds: NDArray[np.float64], place: Tile) -> NDArray[np.bool_]:
    """Which bounds (n, 4) in degrees come near a tile: within its own width of it, which is more than its buffer."""
    width = 1.0 / 2**place.z
    west, south = world(bounds[:, 0], np.clip(bounds[:, 1], -LATITUDE_LIMIT, LATITUDE_LIMIT))
    east, north = world(bounds[:, 2], np.clip(bounds[:, 3], -LATITUDE_LIMIT, LATITUDE_LIMIT))
    left, top = (place.x - 1) * width, (place.y - 1) * width
    near: NDArray[np.bool_] = (east >= left) & (west <= left + 3 * width) & (south >= top) & (north <= top + 3 * width)
    return near
