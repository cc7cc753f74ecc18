"""How large areas are, and how long lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod


def area_km2(areas: Sequence[Any] | NDArray[np.object_]) -> NDArray[np.float64]:
    """Area in km2 of (Multi)Polygons in degrees (WGS 84), NaN for None and empty ones.

    Method: geodesic area on the WGS 84 ellipsoid (Karney 2013, by pyproj), so that no projection has to be chosen.
    """
    ellipsoid = Geod(ellps="WGS84")
    sizes = (np.nan if area is None or area.is_empty else _size(ellipsoid, area) for area in areas)
    return np.fromiter(sizes, dtype=np.float64, count=len(areas))


def _size(ellipsoid: Geod, area: Any) -> float:
    # The sign tells the direction of the rings: only the size is asked for.
    return abs(float(ellipsoid.geometry_area_perimeter(area)[0])) / 1e6


def length_km(lines: Sequence[Any] | NDArray[np.object_]) -> NDArray[np.float64]:
    """Length in km of (Multi)LineStrings in degrees (WGS 84), on the ellipsoid; NaN for None and empty ones."""
    ellipsoid = Geod(ellps="WGS84")
    lengths = (
        np.nan if line is None or line.is_empty else float(ellipsoid.geometry_length(line)) / 1e3 for line in lines
    )
    return np.fromiter(lengths, dtype=np.float64, count=len(lines))
