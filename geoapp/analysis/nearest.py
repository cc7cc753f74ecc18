"""What is nearest to a point, in metres."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geoapp.analysis.segment_grid import SegmentGrid
from geoapp.domain.errors import BadInput, NotMetric

NONE = -1
Floats = NDArray[np.float64]
Axis = Sequence[float] | Floats
Shapes = Sequence[Any] | NDArray[np.object_]
Found = tuple[NDArray[np.int64], NDArray[np.float64]]

# Where China's 3-degree zones of CGCS2000 lie: central meridians 75 to 135 degrees east are EPSG:4534 to 4554.
_CHINA = (73.5, 18.0, 136.5, 54.0)
_FIRST_MERIDIAN, _FIRST_CODE = 75, 4534
# What is straight in degrees is bent in metres: an edge of 2 km by 5 cm in the latitude of Beijing, one of 200 km by
# half a kilometre. Longer edges are measured in pieces, so that a border is the same one in both.
_STRAIGHT_DEG = 0.02


def metric_crs(lon: float, lat: float) -> str:
    """A CRS in metres for the surroundings of a place in degrees (WGS 84).

    CGCS2000 3-degree Gauss-Krüger by central meridian in and around China, UTM elsewhere. Raises BadInput if lon or
    lat is no degree.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput("{lon}, {lat} is no place in degrees of longitude and latitude.", lon=lon, lat=lat)
    west, south, east, north = _CHINA
    if west <= lon < east and south <= lat <= north:
        return f"EPSG:{_FIRST_CODE + round((lon - _FIRST_MERIDIAN) / 3)}"
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32700 if lat < 0 else 32600) + zone}"


def nearest_street(lon: Axis, lat: Axis, streets: Shapes, *, max_distance_m: float, crs: str) -> Found:
    """For each point (n,) in degrees the index of the nearest line (degrees too), and the way to it in metres.

    NONE and NaN where no line is within max_distance_m, or the point has no place. Of several lines equally near the
    first counts. crs: the CRS to measure in; raises NotMetric unless its unit is the metre, BadInput unless
    max_distance_m is more than 0.
    """
    if not max_distance_m > 0:
        raise BadInput("The greatest distance must be more than 0 m, not {metres} m.", metres=max_distance_m)
    return MetricTree(streets, crs=crs).nearest(lon, lat, max_distance_m=max_distance_m)


def nearest_area(lon: Axis, lat: Axis, areas: Shapes, *, crs: str) -> Found:
    """For each point (n,) in degrees the index of the nearest area and the way to it in metres, 0 inside.

    NONE and NaN where the point has no place or there is no area. Of several areas equally near the first counts.
    crs: as for nearest_street.
    """
    return MetricTree(areas, crs=crs).nearest(lon, lat)


def stepped(shapes: Shapes, step_deg: float) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The parts of lines or areas with a vertex every so many degrees at least, and the number of each one's shape.

    What has no length, as a line that ends where it begins without leaving, has no parts.
    """
    parts, owner = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    long = shapely.length(parts) > 0
    return shapely.segmentize(parts[long], step_deg), owner[long]


class MetricTree:
    """Lines or areas given in degrees (WGS 84), laid out in metres to be searched. None and empty ones are nowhere.

    crs: the CRS to measure in; raises NotMetric unless it is a projected one whose unit is the metre.
    """

    def __init__(self, shapes: Shapes, *, crs: str) -> None:
        self._to_metres = _projection(crs)
        straight, owner = stepped(shapes, _STRAIGHT_DEG)
        parts = shapely.transform(straight, lambda points: np.column_stack(self._to_metres(*points.T)))
        areal = shapely.get_dimensions(parts) == 2
        edges, line = _edges(parts[~areal])
        self._lines = SegmentGrid(edges, owner[~areal][line]) if len(edges) else None
        self._tree, self._owner = shapely.STRtree(parts[areal]), owner[areal]

    def nearest(self, lon: Axis, lat: Axis, *, max_distance_m: float | None = None) -> Found:
        """The nearest shape of each point (n,) and the way to it in metres; NONE and NaN where there is none."""
        x, y = self._metres(lon, lat)
        reach_m = np.inf if max_distance_m is None else max_distance_m
        if self._lines is None:
            return self._nearest_area(x, y, max_distance_m)
        by_line = self._lines.nearest(x, y, reach_m)
        return _nearer(self._nearest_area(x, y, max_distance_m), by_line) if len(self._tree) else by_line

    def within(self, lon: Axis, lat: Axis, distance_m: float) -> NDArray[np.bool_]:
        """Whether any shape is within distance_m of each point (n,). Raises BadInput if distance_m is below 0."""
        if not distance_m >= 0:
            raise BadInput("A distance must be 0 m or more, not {metres} m.", metres=distance_m)
        near: NDArray[np.bool_] = self.nearest(lon, lat, max_distance_m=distance_m)[0] != NONE
        return near

    def _nearest_area(self, x: Floats, y: Floats, max_distance_m: float | None) -> Found:
        index, distance_m = np.full(len(x), NONE), np.full(len(x), np.nan)
        placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        (rows, found), metres = self._tree.query_nearest(
            shapely.points(x[placed], y[placed]), max_distance=max_distance_m, return_distance=True, all_matches=True
        )
        # All matches come, in no promised order: the last to be written is the first of the shapes.
        owner = self._owner[found]
        order = np.argsort(-owner, kind="stable")
        index[placed[rows[order]]], distance_m[placed[rows[order]]] = owner[order], metres[order]
        return index, distance_m

    def _metres(self, lon: Axis, lat: Axis) -> tuple[Floats, Floats]:
        x, y = self._to_metres(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        return np.atleast_1d(x), np.atleast_1d(y)


def _nearer(one: Found, other: Found) -> Found:
    """Of two answers for each point the nearer one, of equally near ones the first shape."""
    gap = np.where(one[0] == NONE, np.inf, one[1]) - np.where(other[0] == NONE, np.inf, other[1])
    first = (gap < 0) | ((gap == 0) & (one[0] < other[0]))
    return np.where(first, one[0], other[0]), np.where(first, one[1], other[1])


def _edges(lines: NDArray[np.object_]) -> tuple[Floats, NDArray[np.int64]]:
    """Every edge of lines, or points as edges without length (m, 4), and the place of its line."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    known = np.isfinite(points).all(axis=1)
    starts = np.flatnonzero((line[1:] == line[:-1]) & known[1:] & known[:-1])
    return np.concatenate([points[starts], points[starts + 1]], axis=1), line[starts]


def _projection(crs: str) -> Any:
    try:
        target = CRS.from_user_input(crs)
    except CRSError as error:
        raise NotMetric("{crs} is no known coordinate reference system.", crs=crs) from error
    if not target.is_projected or target.axis_info[0].unit_name != "metre":
        raise NotMetric("{crs} does not measure in metres.", crs=crs)
    # The degrees of the CRS itself stand for those of WGS 84: datums differ in place by metres, in distance by nothing,
    # and PROJ takes 70 ms in every thread to search for a way between the two. Degrees from Paris are another matter.
    greenwich = target.prime_meridian is None or target.prime_meridian.longitude == 0
    return Transformer.from_crs(target.geodetic_crs if greenwich else 4326, target, always_xy=True).transform
