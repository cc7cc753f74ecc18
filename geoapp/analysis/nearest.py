"""What is nearest to a point, in metres."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geoapp.domain.errors import NotMetric

NONE = -1
Shapes = Sequence[Any] | NDArray[np.object_]
Found = tuple[NDArray[np.int64], NDArray[np.float64]]

# Where China's 3-degree zones of CGCS2000 lie: central meridians 75 to 135 degrees east are EPSG:4534 to 4554.
_CHINA = (73.5, 18.0, 136.5, 54.0)
_FIRST_MERIDIAN, _FIRST_CODE = 75, 4534


def metric_crs(lon: float, lat: float) -> str:
    """A CRS in metres for the surroundings of a place in degrees (WGS 84).

    CGCS2000 3-degree Gauss-Krüger by central meridian in China, UTM elsewhere.
    """
    west, south, east, north = _CHINA
    if west <= lon < east and south <= lat <= north:
        return f"EPSG:{_FIRST_CODE + round((lon - _FIRST_MERIDIAN) / 3)}"
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32700 if lat < 0 else 32600) + zone}"


def nearest_street(
    lon: NDArray[np.float64], lat: NDArray[np.float64], streets: Shapes, *, max_distance_m: float, crs: str
) -> Found:
    """For each point (n,) in degrees the index of the nearest line (degrees too), and the way to it in metres.

    NONE and NaN where no line is within max_distance_m, or the point has no place. Of several lines equally near the
    first counts. crs: the CRS to measure in; raises NotMetric unless its unit is the metre.
    """
    return _nearest(lon, lat, streets, crs=crs, max_distance=max_distance_m)


def nearest_area(lon: NDArray[np.float64], lat: NDArray[np.float64], areas: Shapes, *, crs: str) -> Found:
    """For each point (n,) in degrees the index of the nearest area and the way to it in metres, 0 inside.

    NONE and NaN where the point has no place or there is no area. Of several areas equally near the first counts.
    crs: as for nearest_street.
    """
    return _nearest(lon, lat, areas, crs=crs, max_distance=None)


def near_border(
    lon: NDArray[np.float64], lat: NDArray[np.float64], areas: Shapes, *, distance_m: float, crs: str
) -> NDArray[np.bool_]:
    """For each point (n,) in degrees whether the border of an area is within distance_m, on whichever side."""
    borders = shapely.boundary(np.array(areas, dtype=object))
    index, _ = _nearest(lon, lat, borders, crs=crs, max_distance=distance_m)
    near: NDArray[np.bool_] = index != NONE
    return near


def _nearest(lon: Any, lat: Any, shapes: Shapes, *, crs: str, max_distance: float | None) -> Found:
    x, y = (np.asarray(axis, dtype=np.float64) for axis in (lon, lat))
    index, distance = np.full(len(x), NONE), np.full(len(x), np.nan)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    to_metres = _projection(crs)
    metric = shapely.transform(np.array(shapes, dtype=object), lambda points: np.column_stack(to_metres(*points.T)))
    points = shapely.points(*to_metres(x[placed], y[placed]))
    (rows, found), metres = shapely.STRtree(metric).query_nearest(
        points, max_distance=max_distance, return_distance=True, all_matches=True
    )
    # All matches come, in no promised order: the last to be written is the first of the shapes.
    order = np.argsort(found, kind="stable")[::-1]
    index[placed[rows[order]]], distance[placed[rows[order]]] = found[order], metres[order]
    return index, distance


def _projection(crs: str) -> Any:
    target = CRS.from_user_input(crs)
    if not target.is_projected or target.axis_info[0].unit_name != "metre":
        raise NotMetric(f"{crs} does not measure in metres.")
    return Transformer.from_crs(4326, target, always_xy=True).transform
