"""Shifted Chinese coordinates: GCJ-02, which Chinese web maps use by law, and BD-09, Baidu's own shift on top of it.

Both are deterministic functions of the position. GCJ-02's was published by those who worked it out; it is not official.
The formulas for it hold within a rectangle round China; outside of it all three are taken as the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoapp.domain.errors import BadInput

Floats = NDArray[np.float64]
Place = tuple[Floats, Floats]

DATUMS = ("wgs84", "gcj02", "bd09")
# Krasovsky 1940: GCJ-02's formulas speak of its axis and eccentricity.
AXIS_M, ECCENTRICITY2 = 6_378_245.0, 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
# Far below the centimetre; reached in five or six rounds.
TOLERANCE, MOST_ROUNDS = 1e-10, 30


def converted(lon: ArrayLike, lat: ArrayLike, source: str, target: str) -> Place:
    """Positions in degrees (n,) from one of DATUMS to another; NaN stays NaN. Raises BadInput for another name.

    There and back is the same within 1e-9 degrees.
    """
    for name in (source, target):
        if name not in DATUMS:
            raise BadInput("{value!r} is not one of {known}.", value=name, known=", ".join(DATUMS))
    place = np.array(lon, dtype=float), np.array(lat, dtype=float)
    # Through WGS 84: a step up the row of datums is a formula, a step down its inverse.
    first, last = DATUMS.index(source), DATUMS.index(target)
    for step in range(first, last):
        place = _STEPS[step](*place)
    for step in range(first - 1, last - 1, -1):
        place = _inverse(_STEPS[step], *place)
    return place


def in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Which positions lie in the rectangle where the shifts hold; not the country's border."""
    inside: NDArray[np.bool_] = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    return inside


def _to_gcj02(lon: Floats, lat: Floats) -> Place:
    """From WGS 84."""
    east, north = _offset_m(lon - 105.0, lat - 35.0)
    phi = np.radians(lat)
    bend = 1 - ECCENTRICITY2 * np.sin(phi) ** 2
    d_lat = np.degrees(north * bend * np.sqrt(bend) / (AXIS_M * (1 - ECCENTRICITY2)))
    d_lon = np.degrees(east * np.sqrt(bend) / (AXIS_M * np.cos(phi)))
    inside = in_china(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def _offset_m(x: Floats, y: Floats) -> Place:
    """By how many metres GCJ-02 lies east and north of a position x, y degrees from 105 east, 35 north."""
    pi = np.pi
    waves = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + waves
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y / 30 * pi)) * 2 / 3
    return east, north


def _to_bd09(lon: Floats, lat: Floats) -> Place:
    """From GCJ-02."""
    fast = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * fast)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * fast)
    inside = in_china(lon, lat)
    shifted_lon, shifted_lat = radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
    return np.where(inside, shifted_lon, lon), np.where(inside, shifted_lat, lat)


_STEPS: tuple[Callable[[Floats, Floats], Place], ...] = (_to_gcj02, _to_bd09)


def _inverse(forward: Callable[[Floats, Floats], Place], lon: Floats, lat: Floats) -> Place:
    """The position that is shifted to this one: from a guess, corrected by what its own shift is off.

    The shifts change by less than a hundredth of a degree per degree, so that each round adds two digits.
    """
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(MOST_ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        off_lon, off_lat = there_lon - lon, there_lat - lat
        if not (np.maximum(np.abs(off_lon), np.abs(off_lat)) > TOLERANCE).any():
            break
        guess_lon, guess_lat = guess_lon - off_lon, guess_lat - off_lat
    # At the rectangle's edge the shift begins with a jump: what nothing is shifted to stays where it is.
    lost = np.maximum(np.abs(off_lon), np.abs(off_lat)) > 1e-9
    return np.where(lost, lon, guess_lon), np.where(lost, lat, guess_lat)
