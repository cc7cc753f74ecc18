"""Where the next facility could stand: in villages, at given sites, or on the points of a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoapp.analysis.hexagons import Plane
from geoapp.analysis.lattices import within_boxes
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.sentences import Sentence
from geoapp.domain.siting import SitingQuestion
from geoapp.routing.nearest import RoadNearest
from geoapp.routing.travel import REACH_M
from geoapp.services.browse import flat
from geoapp.services.coverage.demand_places import placed_records
from geoapp.services.coverage.records import Floats
from geoapp.services.coverage.township_units import TownshipUnit, township_units
from geoapp.services.coverage.ways import nearest_by_line, on_roads
from geoapp.services.district import District

MOST_CANDIDATES = 5_000
# A grid is laid as finely as some hundred points near roads allow, in distances that people say.
USUAL_POINTS, MOST_LAID = 600, 60_000
ROUND_M = (100, 200, 250, 500, 1_000, 1_500, 2_000, 2_500, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True)
class Candidates:
    """m places where a facility could stand. ids, names, township: texts ("" outside all); lon, lat (m,): degrees.

    without_place: how many were asked for that stand nowhere on the map. spacing_m: of a grid. notes: what has to be
    said of them.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    township: tuple[str, ...]
    lon: Floats
    lat: Floats
    without_place: int = 0
    spacing_m: int | None = None
    notes: tuple[Sentence, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


def candidates_of(district: District, wanted: SitingQuestion, scope: Scope) -> Candidates:
    """The places that a question chooses among, within its townships; raises BadInput where there are too many."""
    if wanted.among == "grid":
        return _grid(district, wanted)
    layer = wanted.among
    chosen = Selection(township=wanted.coverage.township, kind=wanted.site_kind if layer == "sites" else ())
    records = flat(district, layer, district.rows(layer, chosen, scope), scope)
    if layer == "sites" and wanted.site:
        records = _named(records, wanted.site)
    placed = sorted((one for one in records if one["lon"] is not None), key=lambda one: str(one["id"]))
    _require_few(len(placed))
    missing = len(records) - len(placed)
    return _made(
        [(str(one["id"]), _name(one), one.get("township") or "", one["lon"], one["lat"]) for one in placed],
        without_place=missing,
        notes=_missing(layer, missing, len(records)),
    )


def _named(records: list[dict[str, Any]], ids: tuple[str, ...]) -> list[dict[str, Any]]:
    found = [one for one in records if one["id"] in ids]
    unknown = sorted(set(ids) - {one["id"] for one in found})
    if unknown:
        raise BadInput("site={value!r} is no site here, or not one of those chosen.", value=unknown[0])
    return found


def _name(record: dict[str, Any]) -> str:
    return str(record.get("name") or record["id"])


def _missing(layer: str, missing: int, all_of_them: int) -> tuple[Sentence, ...]:
    if not missing:
        return ()
    if layer == "sites":
        return (Sentence("Sites without a place on the map, which cannot be chosen: {missing} of {count}.",
                         missing=missing, count=all_of_them),)  # fmt: skip
    return (Sentence("Villages without a place on the map, where nothing can be proposed until they are given one: "
                     "{missing} of {count}.", missing=missing, count=all_of_them),)  # fmt: skip


def _grid(district: District, wanted: SitingQuestion) -> Candidates:
    """Points in rows over the townships, near the roads where there are any, each in the township that it lies in."""
    codes = wanted.coverage.township
    covering = [one for one in township_units(district).covering if not codes or one.code in codes]
    if not covering:
        return _made([])
    roads = on_roads(district, wanted.coverage.by)
    for spacing_m in _spacings(wanted.spacing_m, 1e6 * sum(one.drawn_km2 or 0.0 for one in covering)):
        points = _points(district, covering, spacing_m, roads)
        if len(points) <= USUAL_POINTS:
            break
    _require_few(len(points))
    names = _named_by(district, np.array([point[1:] for point in points], dtype=float).reshape(-1, 2))
    rows = [(f"grid:{x:.5f} {y:.5f}", name, code, x, y) for name, (code, x, y) in zip(names, points, strict=True)]
    return _made(rows, spacing_m=spacing_m, notes=(_laid(spacing_m, len(rows), roads is not None),))


def _spacings(asked_m: int | None, area_m2: float) -> Sequence[int]:
    """The spacing that was asked for, else those that may suit, the finest first."""
    if asked_m is not None:
        _require_few(int(area_m2 / asked_m**2), MOST_LAID)
        return (asked_m,)
    return [metres for metres in ROUND_M if area_m2 / metres**2 <= MOST_LAID] or ROUND_M[-1:]


def _points(
    district: District, covering: Sequence[TownshipUnit], spacing_m: int, roads: RoadNearest | None
) -> list[tuple[str, float, float]]:
    """Township, lon and lat of the points of a grid, row after row."""
    boxes = shapely.bounds(shapely.get_parts([one.shape for one in covering]))
    plane = Plane(float(boxes[:, 1].min() + boxes[:, 3].max()) / 2)
    corners = (*plane.metres(boxes[:, 0], boxes[:, 1]), *plane.metres(boxes[:, 2], boxes[:, 3]))
    lon, lat = plane.degrees(*_rows(np.column_stack(corners), spacing_m))
    if roads is not None:
        near = roads.locate(lon, lat).away_m <= REACH_M
        lon, lat = lon[near], lat[near]
    within = {one.code for one in covering}
    codes = township_units(district).of_points(lon, lat)
    return [one for one in zip(codes, lon.tolist(), lat.tolist(), strict=True) if one[0] in within]


def _named_by(district: District, points: Floats) -> list[str]:
    """Points (n, 2) in degrees as their coordinates, after the village that is nearest."""
    villages, _ = placed_records(district, "villages")
    at = [f"{lon:.4f}, {lat:.4f}" for lon, lat in points.tolist()]
    if not villages:
        return at
    lon, lat = (np.array([one[name] for one in villages], dtype=float) for name in ("lon", "lat"))
    nearest = nearest_by_line(points[:, 0], points[:, 1], lon, lat)
    return [f"{_name(villages[one])} · {text}" for one, text in zip(nearest.tolist(), at, strict=True)]


def _laid(spacing_m: int, count: int, on_roads: bool) -> Sentence:
    if on_roads:
        return Sentence("Candidates are {count} points of a grid, {spacing} m apart, within {metres} m of a road.",
                        count=f"{count:,}", spacing=f"{spacing_m:,}", metres=f"{REACH_M:.0f}")  # fmt: skip
    return Sentence("Candidates are {count} points of a grid, {spacing} m apart.", count=f"{count:,}",
                    spacing=f"{spacing_m:,}")  # fmt: skip


def _rows(boxes: Floats, spacing_m: float) -> tuple[Floats, Floats]:
    """x and y of points in rows over boxes (k, 4) in metres, the outer ones as far from every edge of them all."""
    (left, low), (right, high) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    x, y = (
        (begin + end) / 2 + spacing_m * (np.arange(count) - (count - 1) / 2)
        for begin, end, count in (
            (start, stop, max(int((stop - start) // spacing_m), 1)) for start, stop in ((left, right), (low, high))
        )
    )
    return within_boxes(x, y, boxes)


def _require_few(count: int, most: int = MOST_CANDIDATES) -> None:
    if count > most:
        raise BadInput("{count} places to choose among are too many; {most} are the most: narrow the townships or "
                       "kinds, or lay a wider grid.", count=f"{count:,}", most=f"{most:,}")  # fmt: skip


def _made(
    rows: Iterable[tuple[str, str, str, float, float]], *, without_place: int = 0, spacing_m: int | None = None,
    notes: tuple[Sentence, ...] = (),
) -> Candidates:  # fmt: skip
    known = list(rows)
    ids, names, township, lon, lat = zip(*known, strict=True) if known else ((), (), (), (), ())
    return Candidates(
        ids, names, township, np.array(lon, dtype=float), np.array(lat, dtype=float), without_place, spacing_m, notes
    )
