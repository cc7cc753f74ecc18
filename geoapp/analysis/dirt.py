"""Positions and times that cannot be what they say: what a map of them would show is not where trouble is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Positions are one where six digits behind the point are the same: a tenth of a metre.
DIGITS = 6
# A heap has at least so many reports, and so many times what a position has on the average.
FEWEST, TIMES_THE_MEAN = 30, 60
# In degrees: a position just outside of the district is meant.
MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Heap:
    """A position on which suspiciously many reports lie: degrees, and how many."""

    lon: float
    lat: float
    count: int


def heaped(lon: Floats, lat: Floats) -> tuple[Mask, list[Heap]]:
    """Which points (n,) lie on a heap, and the heaps, the largest first; NaN lies nowhere."""
    found = np.zeros(len(lon), bool)
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(placed):
        return found, []
    places = np.column_stack([lon[placed], lat[placed]]).round(DIGITS)
    distinct, which, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    suspicious = counts >= max(FEWEST, TIMES_THE_MEAN * counts.mean())
    found[placed] = suspicious[which.ravel()]
    order = np.argsort(-counts, kind="stable")
    largest = [one for one in order.tolist() if suspicious[one]]
    return found, [Heap(float(distinct[one, 0]), float(distinct[one, 1]), int(counts[one])) for one in largest]


def repeated(*columns: NDArray[np.generic]) -> Mask:
    """Which rows (n,) say the same in all columns as an earlier one."""
    found = np.zeros(len(columns[0]), bool)
    if not len(found):
        return found
    codes = np.zeros(len(found), np.int64)
    for column in columns:
        _, part = np.unique(column, return_inverse=True)
        # Renumbered each time, so that the product never outgrows its number.
        _, codes = np.unique(codes * (int(part.max()) + 1) + part.ravel(), return_inverse=True)
        codes = codes.ravel().astype(np.int64)
    order = np.argsort(codes, kind="stable")
    found[order[1:]] = codes[order[1:]] == codes[order[:-1]]
    return found


def exchanged(lon: Floats, lat: Floats, bbox: tuple[float, float, float, float]) -> Mask:
    """Which points lie outside of west, south, east, north, and inside once longitude and latitude are exchanged."""
    return ~_inside(lon, lat, bbox) & _inside(lat, lon, bbox)


def at_any(lon: Floats, lat: Floats, places_lon: Floats, places_lat: Floats) -> Mask:
    """Which points are exactly one of these places."""
    known = {tuple(place) for place in np.column_stack([places_lon, places_lat]).round(DIGITS).tolist()}
    points = np.column_stack([lon, lat]).round(DIGITS).tolist()
    return np.fromiter((tuple(point) in known for point in points), bool, len(points))


def _inside(lon: Floats, lat: Floats, bbox: tuple[float, float, float, float]) -> Mask:
    west, south, east, north = bbox
    inside: Mask = (lon > west - MARGIN) & (lon < east + MARGIN) & (lat > south - MARGIN) & (lat < north + MARGIN)
    return inside
