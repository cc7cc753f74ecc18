"""The nearest in a straight line, where a district has no roads: an estimate, and called so wherever it is shown.

    lines = StraightNearest(PROFILES["foot"])           # answers like RoadNearest: line × 1.3 at the profile's speed
    StraightNearest(PROFILES["foot"], detour=BY_LINE)   # for norms that say "N metres by line": metres without × 1.3

What an estimate may be wrong by is in travel.UNSURE.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geoapp.routing.nearest import Found, Located, Measure, State
from geoapp.routing.nearest_kernel import NOBODY
from geoapp.routing.profiles import Profile
from geoapp.routing.travel import DETOUR

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Metres as the crow flies.
BY_LINE = 1.0
_MAJOR_M, _SQUARED_ECCENTRICITY = 6_378_137.0, 0.00669437999014
# Sources that are equally far but for this are the same distance away: the one of the lowest number is meant.
_SAME_M, _SEVERAL = 1e-4, 4


class StraightNearest:
    """The nearest in a straight line × detour, at the speed of a profile along straight lines.

    Lines are chords between points of the ellipsoid, made arcs by its mean radius where a place is: within 1 cm of the
    geodesic up to 100 km. Every distance grows with its chord, so that one more source makes no way longer.
    """

    estimate = True

    def __init__(self, profile: Profile, *, detour: float = DETOUR) -> None:
        self.detour, self.metres_per_s = detour, profile.straight_kmh / 3.6

    def locate(self, lon: Floats, lat: Floats) -> Located:
        """Places (n,) in degrees: there is nothing to meet."""
        return Located(np.asarray(lon, np.float64), np.asarray(lat, np.float64), None)

    def search(
        self, places: Located, sources: Located, *, by: Measure = Measure.TIME, limit: float | None = None
    ) -> Found:
        """See RoadNearest; no place is too far from a road."""
        return self.spread(sources, by=by, limit=limit).at(places)

    def spread(self, sources: Located, *, by: Measure = Measure.TIME, limit: float | None = None) -> "StraightSpread":
        """The sources laid out to be searched."""
        known = np.flatnonzero(sources.known)
        dots = on_ellipsoid(sources.lon[known], sources.lat[known])
        # What stands at one place is one source: the first of them.
        dots, first = np.unique(dots, axis=0, return_index=True)
        return StraightSpread(self, sources, known[first], cKDTree(dots) if len(dots) else None, by, limit)


@dataclass(frozen=True, slots=True)
class StraightSpread:
    """Sources laid out to be searched: their numbers, and a tree of their places on the ellipsoid."""

    lines: StraightNearest
    sources: Located
    numbers: Integers
    tree: cKDTree | None
    by: Measure
    limit: float | None

    def at(self, places: Located) -> Found:
        """From each place to its nearest source."""
        metres, nearest = np.full(len(places), np.inf), np.full(len(places), NOBODY)
        known = np.flatnonzero(places.known)
        if self.tree is not None and len(known):
            lon, lat = places.lon[known], places.lat[known]
            chord, nearest[known] = self._nearest(on_ellipsoid(lon, lat))
            metres[known] = arc_m(chord, lat) * self.lines.detour
        seconds = metres / self.lines.metres_per_s
        cost = seconds if self.by is Measure.TIME else metres
        beyond = np.isfinite(cost) & (cost > (np.inf if self.limit is None else self.limit))
        state = np.select(
            [~places.known, nearest < 0, beyond], [State.UNKNOWN, State.UNREACHABLE, State.BEYOND], State.REACHED
        ).astype(np.uint8)
        empty = np.where(state == State.UNKNOWN, np.nan, np.inf)
        reached = state == State.REACHED
        return Found(np.where(reached, seconds, empty), np.where(reached, metres, empty),
                     np.where(reached, nearest, NOBODY), state)  # fmt: skip

    def _nearest(self, dots: Floats) -> tuple[Floats, Integers]:
        """Chord to the nearest source, and the lowest number of those that are as near."""
        several = min(_SEVERAL, len(self.numbers))
        chord, place = self.tree.query(dots, k=[*range(1, several + 1)])  # type: ignore[union-attr]
        same = chord <= chord[:, :1] + _SAME_M
        numbers = np.where(same, self.numbers[place], np.iinfo(np.int64).max)
        return chord[:, 0], numbers.min(axis=1)


def on_ellipsoid(lon: Floats, lat: Floats) -> Floats:
    """Places in degrees (WGS 84) as (n, 3) metres from the middle of the earth."""
    east, north = np.radians(lon), np.radians(lat)
    across = _MAJOR_M / np.sqrt(1 - _SQUARED_ECCENTRICITY * np.sin(north) ** 2)
    return np.column_stack([across * np.cos(north) * np.cos(east), across * np.cos(north) * np.sin(east),
                            across * (1 - _SQUARED_ECCENTRICITY) * np.sin(north)])  # fmt: skip


def arc_m(chord: Floats, lat: Floats) -> Floats:
    """Metres along the ground of a straight line through it, by the mean radius of the earth at a latitude."""
    bent = 1 - _SQUARED_ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    radius = _MAJOR_M * np.sqrt(1 - _SQUARED_ECCENTRICITY) / bent
    return np.asarray(2 * radius * np.arcsin(np.minimum(chord / (2 * radius), 1.0)))


def degree_m(lat: Floats) -> Floats:
    """Metres (n, 2) of a degree of longitude and of latitude at latitudes (n,)."""
    bent = 1 - _SQUARED_ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    across = _MAJOR_M / np.sqrt(bent) * np.cos(np.radians(lat))
    return np.radians(np.column_stack([across, _MAJOR_M * (1 - _SQUARED_ECCENTRICITY) / bent**1.5]))
