"""The cells that a map of hot spots is made of: hexagons, townships, or pieces of streets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geoapp.analysis.areas import area_km2
from geoapp.analysis.hexagons import NOWHERE, Hexagons, Plane
from geoapp.analysis.nearest import MetricTree, metric_crs
from geoapp.analysis.neighbours import touching, with_itself
from geoapp.analysis.pieces import line_pieces
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.services.district import District
from geoapp.storage.snapshot import LayerSnapshot, Rows

KINDS = ("hexagons", "townships", "streets")
WIDTHS_M = (250, 500, 1_000, 2_000, 5_000)
MOST_CELLS = 40_000
PIECE_M = 250
# Pieces of one street, and of streets that cross, are neighbours; drawn ends do not always meet.
JOINED_M, BORDER_M = 5.0, 30.0
STREET_REACH_M = 200.0
# Positions that are only known to a village or township would pile up on its middle.
PRECISE = ("exact", "site")

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one kind over the district.

    ids: as a Selection names them (townships: their codes). weights: who is next to whom, itself included (n, n).
    area_km2: (n,), NaN for streets. shapes: all of them in degrees, made when asked for. place: the cell of each point
    (n,) in degrees, NOWHERE beyond. owner: what a cell is a part of: the row of its township or street, -1 for none.
    """

    kind: str
    width_m: int
    ids: list[str]
    area_km2: Floats
    weights: Any
    shapes: Callable[[], NDArray[np.object_]]
    place: Callable[[Floats, Floats], Whole]
    owner: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


def cells(district: District, kind: str, width_m: int) -> Cells:
    """The district's cells of a kind, kept for the next who asks; raises BadInput for a kind or width that is none."""
    if kind not in KINDS:
        raise BadInput("{value!r} is not one of {known}.", value=kind, known=", ".join(KINDS))
    if kind == "hexagons" and width_m not in WIDTHS_M:
        raise BadInput("{value!r} is not one of {known}.", value=width_m, known=", ".join(map(str, WIDTHS_M)))
    width_m = {"hexagons": width_m, "townships": 0, "streets": PIECE_M}[kind]
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in ("townships", "streets"))
    build = {"hexagons": _hexagons, "townships": _townships, "streets": _pieces}[kind]
    made: Cells = district.derived.get(("cells", kind, width_m, seqs), lambda: build(district, width_m), _size)
    return made


def usual_width_m(district: District) -> int:
    """The narrowest hexagons that are not too many for the district, and fine enough to tell quarters apart."""
    area = float(np.nansum(area_km2(np.array(_areas(district)[1], dtype=object))))
    fitting = [width for width in WIDTHS_M[1:] if area * 1e6 <= MOST_CELLS / 2 * width**2]
    return fitting[0] if fitting else WIDTHS_M[-1]


def of_rows(district: District, cells: Cells, layer: str, rows: Rows) -> Whole:
    """The cell of each row (n,) of a layer of points.

    A township has all that are assigned to it, hexagons and streets only what has a position of its own.
    """
    snapshot = district.present.snapshot(layer)

    def find() -> NDArray[np.int32]:
        alive = snapshot.alive()
        found = np.full(len(snapshot.base) + len(snapshot.tail), NOWHERE, np.int32)
        found[alive] = _of_township(cells, snapshot, alive) if cells.kind == "townships" else _of_place(
            cells, snapshot, alive
        )  # fmt: skip
        return found

    seqs = tuple(district.present.seqs.get(name, 0) for name in ("townships", "streets"))
    key = ("cell of rows", layer, snapshot.seq, cells.kind, cells.width_m, seqs)
    known: NDArray[np.int32] = district.derived.get(key, find, lambda made: made.nbytes)
    return known[rows].astype(np.int64)


def cell_mask(district: District, rows: Rows, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of the rows of problems lie in one of these cells; a cell that is not there has none."""
    mask = np.zeros(len(rows), bool)
    for kind, width_m in sorted({_kind_of(text) for text in wanted}):
        if kind == "hexagons" and width_m not in WIDTHS_M:
            continue
        among = cells(district, kind, width_m)
        numbers = {id: number for number, id in enumerate(among.ids)}
        chosen = [numbers[text] for text in wanted if text in numbers]
        mask |= np.isin(of_rows(district, among, "problems", rows), chosen)
    return mask


def precise(snapshot: LayerSnapshot, rows: Rows) -> Rows:
    """Those of the rows that have a position of their own, or their site's."""
    known = [text in (*PRECISE, None) for text in snapshot.vocabularies["position_precision"].texts]
    # Code -1 stands for nothing said, which is exact.
    fits = np.array([*known, True])[snapshot.coded("position_precision", rows)]
    lon, _ = snapshot.positions(rows)
    return rows[fits & ~np.isnan(lon)]


def _kind_of(text: str) -> tuple[str, int]:
    kind, width, *_ = text.split(":")
    return {"hex": "hexagons", "street": "streets"}[kind], int(width)


def _size(made: Cells) -> int:
    return int(made.weights.data.nbytes * 3 + 200 * len(made))


def _hexagons(district: District, width_m: int) -> Cells:
    rows, shapes = _areas(district)
    if not shapes:
        return _none("hexagons", width_m)
    whole = shapely.union_all(shapes)
    grid = Hexagons(whole, width_m, parallel=parallel_of(whole), most=MOST_CELLS)
    every = np.arange(len(grid))
    ids = [f"hex:{width_m}:{q}:{r}" for q, r in zip(grid.q.tolist(), grid.r.tolist(), strict=True)]
    within = shapely.STRtree(shapes).query(shapely.points(*grid.middles()), predicate="intersects")
    owner = np.full(len(grid), -1)
    owner[within[0]] = np.array(rows)[within[1]]
    return Cells("hexagons", width_m, ids, grid.area_km2, with_itself(len(grid), grid.neighbours),
                 lambda: grid.shapes(every), grid.of_points, owner)  # fmt: skip


def _townships(district: District, width_m: int) -> Cells:
    rows, shapes = _areas(district)
    if not shapes:
        return _none("townships", width_m)
    areas, numbers = np.array(shapes, dtype=object), np.array(rows)
    plane = Plane(parallel_of(shapely.union_all(areas)))
    pairs = touching(np.array([plane.laid_out(shape) for shape in areas]), BORDER_M)
    ids = [str(code) for code in district.present.snapshot("townships").texts("code", numbers)]
    return Cells("townships", width_m, ids, area_km2(areas), with_itself(len(areas), pairs), lambda: areas,
                 _no_place, numbers)  # fmt: skip


def _pieces(district: District, width_m: int) -> Cells:
    snapshot = district.present.snapshot("streets")
    rows = snapshot.alive()
    rows = rows[np.argsort(np.array(snapshot.ids(rows), dtype=object), kind="stable")]
    lines = [
        (row, line) for row, line in zip(rows.tolist(), snapshot.geometries(rows), strict=True) if line is not None
    ]
    if not lines:
        return _none("streets", width_m)
    everything = np.array([line for _, line in lines], dtype=object)
    plane = Plane(parallel_of(shapely.GeometryCollection(list(everything))))
    parts, owner, number = line_pieces(everything, plane, width_m)
    ids = snapshot.ids(np.array([lines[one][0] for one in owner]))
    named = zip(ids, number.tolist(), strict=True)
    middle = shapely.box(*shapely.total_bounds(everything)).centroid
    tree = MetricTree(parts, crs=metric_crs(middle.x, middle.y))
    return Cells("streets", width_m,
                 [f"street:{width_m}:{quote(id, safe='')}:{part}" for id, part in named],
                 np.full(len(parts), np.nan),
                 with_itself(len(parts), touching(np.array([plane.laid_out(part) for part in parts]), JOINED_M)),
                 lambda: parts,
                 lambda lon, lat: tree.nearest(lon, lat, max_distance_m=STREET_REACH_M)[0],
                 np.array([lines[one][0] for one in owner]))  # fmt: skip


def _none(kind: str, width_m: int) -> Cells:
    nothing = np.empty(0, np.int64)
    return Cells(kind, width_m, [], np.empty(0), with_itself(0, (nothing, nothing)),
                 lambda: np.empty(0, dtype=object), _no_place, nothing)  # fmt: skip


def _no_place(lon: Floats, lat: Floats) -> Whole:
    return np.full(len(lon), NOWHERE, np.int64)


def parallel_of(shape: Any) -> float:
    """The parallel on which a plane is laid: the shape's middle to a tenth of a degree, so that it stays."""
    _, south, _, north = shape.bounds
    return round(float(south + north) / 2, 1)


def _areas(district: District) -> tuple[list[int], list[Any]]:
    """Rows and shapes of the townships that have an area of their own, in the order of their codes."""
    snapshot = district.present.snapshot("townships")
    rows = snapshot.alive()
    # An overlay, such as a development zone, lies over townships and has no area of its own.
    own = [not orjson.loads(text)["properties"].get("overlay") for text in snapshot.encoded(rows, Scope.FULL)]
    rows = rows[np.array(own, bool)]
    codes = [str(code) for code in snapshot.texts("code", rows)]
    shapes = snapshot.geometries(rows)
    known = sorted(zip(codes, rows.tolist(), shapes, strict=True), key=lambda one: one[0])
    drawn = [(row, shape) for _, row, shape in known if shape is not None and not shape.is_empty]
    return [row for row, _ in drawn], [shape for _, shape in drawn]


def _of_township(cells: Cells, snapshot: LayerSnapshot, rows: Rows) -> Whole:
    numbers = {code: number for number, code in enumerate(cells.ids)}
    known = [numbers.get(str(text), NOWHERE) for text in snapshot.vocabularies["township"].texts]
    return np.array([*known, NOWHERE])[snapshot.coded("township", rows)]


def _of_place(cells: Cells, snapshot: LayerSnapshot, rows: Rows) -> Whole:
    found = np.full(len(rows), NOWHERE, np.int64)
    if len(cells) and len(rows):
        places = np.flatnonzero(np.isin(rows, precise(snapshot, rows), assume_unique=True))
        found[places] = cells.place(*snapshot.positions(rows[places]))
    return found
