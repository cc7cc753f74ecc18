"""Which area covers a point.

The answers are those of `geopandas.sjoin(points, areas, predicate="intersects")` with one rule for ties: a point that
several areas cover, on a shared border above all, goes to the first of them.
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.area_grid import ASK, OUTSIDE, AreaGrid
from geoapp.analysis.nearest import MetricTree, metric_crs
from geoapp.domain.errors import BadInput, InvalidGeometry

__all__ = ["OUTSIDE", "AreaIndex"]

# Fewer points than this are answered sooner than a grid is built.
WORTH_A_GRID = 5_000
_QUESTIONS = 4

Areas = Any  # a sequence, array, GeoSeries or GeoDataFrame
Axis = Sequence[float] | NDArray[np.float64]


class AreaIndex:
    """Finds the covering area of many points at once.

    areas: (Multi)Polygons, or a GeoSeries or GeoDataFrame of them, in one CRS whose axes are those of the points.
    None and empty areas cover nothing. Where several areas cover a point the one with the lowest of the codes has it;
    without codes it is the one that stands first. Safe to use from several threads.
    Raises InvalidGeometry, naming the code or position of an area that is no valid polygon: what crosses itself has no
    inside that two libraries would agree on. Raises BadInput unless there are as many codes as areas.

    Method: an AreaGrid answers for nearly all points; what it leaves open, on borders above all, is handed to GEOS,
    whose predicates are exact. The grid is built when it is first worth it.
    """

    def __init__(self, areas: Areas, *, codes: Sequence[str] | None = None) -> None:
        given = np.array(getattr(areas, "geometry", areas), dtype=object)
        self._turn = _turns(len(given), codes)
        _check(given, codes)
        self._areas = _prepared(given)
        self._tree = shapely.STRtree(self._areas)
        self._grid: AreaGrid | None = None
        self._can_grid = AreaGrid.fits(self._areas)
        self._borders: MetricTree | None = None
        self._lock = threading.Lock()

    def assign(self, lon: Axis, lat: Axis) -> NDArray[np.int64]:
        """For each point (n,) the index of the covering area; OUTSIDE where none does, or a coordinate is no number."""
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if not self._can_grid or (self._grid is None and len(x) < WORTH_A_GRID):
            return self._asked(x, y)
        index, asked = self._built().look_up(x, y)
        if asked:
            open_points = np.flatnonzero(index == ASK)
            index[open_points] = self._asked(x[open_points], y[open_points])
        return index

    @property
    def nbytes(self) -> int:
        """How much memory the grid takes, 0 before it is built."""
        return 0 if self._grid is None else self._grid.nbytes

    def near_border(self, lon: Axis, lat: Axis, distance_m: float) -> NDArray[np.bool_]:
        """For each point (n,) whether the border of an area is within distance_m, on whichever side of it.

        Points and areas must be in degrees (WGS 84). Measured in the metric CRS at the middle of the areas, true to
        0.1 % within 250 km of it. Raises BadInput if distance_m is negative or the areas are not in degrees.
        """
        if not len(self._tree):
            return np.zeros(len(lon), bool)
        return self._metric_borders().within(lon, lat, distance_m)

    def _asked(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """The same as assign, by GEOS: candidates by bounding box, then the exact test, area by area."""
        index = np.full(len(x), OUTSIDE)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        candidates, areas = self._tree.query(shapely.points(x[known], y[known]))
        # From the last area to the first, so that the first one has the last word.
        order = np.argsort(-self._turn[areas], kind="stable")
        candidates, areas = known[candidates[order]], areas[order]
        starts = np.flatnonzero(np.diff(areas, prepend=-1))
        # Not strict: without candidates there is one empty piece and no area.
        for area, near in zip(areas[starts], np.split(candidates, starts[1:]), strict=False):
            index[near[shapely.intersects_xy(self._areas[area], x[near], y[near])]] = area
        return index

    def _built(self) -> AreaGrid:
        with self._lock:
            if self._grid is None:
                self._grid = AreaGrid(self._areas)
            return self._grid

    def _metric_borders(self) -> MetricTree:
        with self._lock:
            if self._borders is None:
                west, south, east, north = shapely.total_bounds(self._areas)
                crs = metric_crs((west + east) / 2, (south + north) / 2)
                self._borders = MetricTree(shapely.boundary(self._areas), crs=crs)
            return self._borders


def _turns(number: int, codes: Sequence[str] | None) -> NDArray[np.int64]:
    """The place of each area in the order of precedence."""
    turns = np.arange(number)
    if codes is None:
        return turns
    if len(codes) != number:
        raise BadInput("There are {areas} areas, but {codes} codes.", areas=number, codes=len(codes))
    # Sorted as Python sorts text: numpy would cut or pad codes of different lengths.
    known = list(codes)
    turns[sorted(range(number), key=known.__getitem__)] = np.arange(number)
    return turns


def _check(areas: NDArray[np.object_], codes: Sequence[str] | None) -> None:
    names = range(len(areas)) if codes is None else list(codes)
    kinds = shapely.get_type_id(areas)
    something = (kinds != -1) & ~shapely.is_empty(areas)
    for number in np.flatnonzero(something & (kinds != 3) & (kinds != 6)):
        kind = areas[number].geom_type
        raise InvalidGeometry("Area {area} is a {kind}, not a Polygon or MultiPolygon.", area=names[number], kind=kind)
    for number in np.flatnonzero(something & ~shapely.is_valid(areas)):
        reason = shapely.is_valid_reason(areas[number])
        raise InvalidGeometry("Area {area} is not valid: {reason}.", area=names[number], reason=reason)


def _prepared(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """Copies of the areas, so that the caller's stay as they were, with all that GEOS needs to answer quickly.

    GEOS 3.14 builds an area's own index at the second question, without a lock: two threads that ask at once crash the
    process (libgeos/geos issue 825). So each area is asked a few times here, about a place within its bounds.
    """
    copies = shapely.force_2d(areas)
    shapely.prepare(copies)
    west, south, east, north = shapely.bounds(copies).reshape(-1, 4).T
    for _ in range(_QUESTIONS):
        shapely.intersects_xy(copies, (west + east) / 2, (south + north) / 2)
    return copies  # type: ignore[no-any-return]
