"""The nearest street where points lie far from one another, so that no one projection is true for all of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.nearest import NONE, MetricTree, metric_crs

# The zones of China's CRS, 3 degrees wide round every third meridian; and bands of latitude that end where it does.
WIDTH_DEG, HEIGHT_DEG = 3.0, 18.0
# How far a zone's streets reach beyond it: more than any distance asked for, up to 88 degrees of latitude.
MARGIN_DEG = 0.1


class StreetsInZones:
    """The nearest of many streets (degrees, WGS 84) to many points, each measured in the metric CRS of its own zone.

    The answers are those of `nearest_street` within every zone, true to 0.1 %. Zones are laid out when the first point
    in them comes. Not safe to use from several threads.
    """

    def __init__(self, streets: NDArray[np.object_], *, max_distance_m: float) -> None:
        self._streets, self._reach_m = np.array(streets, dtype=object), max_distance_m
        self._finder = shapely.STRtree(self._streets)
        self._zones: dict[tuple[int, int], tuple[NDArray[np.int64], MetricTree] | None] = {}

    def nearest(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """For each point (n,) the index of the nearest street; NONE where none is near enough, or it has no place."""
        index = np.full(len(lon), NONE)
        for zone, rows in _by_zone(lon, lat):
            if zone not in self._zones:
                self._zones[zone] = self._laid_out(zone)
            known = self._zones[zone]
            if known is not None:
                streets, tree = known
                found, _ = tree.nearest(lon[rows], lat[rows], max_distance_m=self._reach_m)
                index[rows] = np.where(found == NONE, NONE, streets[found])
        return index

    def _laid_out(self, zone: tuple[int, int]) -> tuple[NDArray[np.int64], MetricTree] | None:
        """The streets in and near a zone, in the order of all; None if there is none."""
        column, row = zone
        middle, south = column * WIDTH_DEG, row * HEIGHT_DEG
        west, east = middle - WIDTH_DEG / 2, middle + WIDTH_DEG / 2
        box = shapely.box(west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, south + HEIGHT_DEG + MARGIN_DEG)
        near: NDArray[np.int64] = np.sort(self._finder.query(box))
        if not len(near):
            return None
        crs = metric_crs(max(-180.0, min(middle, 180.0)), min(south + HEIGHT_DEG / 2, 90.0))
        # Only what lies in the zone is true to scale, and what lies far beyond it may have no place at all.
        return near, MetricTree(shapely.clip_by_rect(self._streets[near], *box.bounds), crs=crs)


def _by_zone(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Iterator[tuple[tuple[int, int], Any]]:
    """The points of each zone, by their rows."""
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    column = np.floor(lon[known] / WIDTH_DEG + 0.5).astype(np.int64)
    row = np.floor(lat[known] / HEIGHT_DEG).astype(np.int64)
    zones, which = np.unique(np.column_stack([column, row]), axis=0, return_inverse=True)
    for number, (east, north) in enumerate(zones.tolist()):
        yield (east, north), known[which.ravel() == number]
