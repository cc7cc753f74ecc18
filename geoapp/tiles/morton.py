"""Positions as Morton codes: one number whose order keeps neighbours together.

The world in Web Mercator is a unit square, x eastwards, y southwards. A code interleaves 24 bits of x and of y, so that
every tile of every zoom up to 24 is one unbroken range of codes (G. M. Morton, 1966).
"""

import numpy as np
from numpy.typing import NDArray

BITS = 24
# Web Mercator ends where the world becomes a square.
LATITUDE_LIMIT = 85.05112877980659
# What has no place on the map sorts behind everything that has one.
NOWHERE = np.uint64(1) << np.uint64(2 * BITS)

_MASKS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def world(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit-square Web Mercator (EPSG:3857 scaled) of lon, lat in degrees (WGS 84), NaN beyond the limit of latitude."""
    sine = np.sin(np.radians(np.where(np.abs(lat) <= LATITUDE_LIMIT, lat, np.nan)))
    return (lon + 180.0) / 360.0, 0.5 - np.arctanh(sine) / (2.0 * np.pi)


def encode(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Codes (n,) of positions in degrees (WGS 84); NOWHERE for NaN and for what Web Mercator cannot show."""
    x, y = world(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    placed = (x >= 0) & (x <= 1) & np.isfinite(y)
    column, row = (_cells(np.where(placed, axis, 0.0)) for axis in (x, y))
    codes: NDArray[np.uint64] = np.where(placed, interleave(column, row), NOWHERE)
    return codes


def _cells(axis: NDArray[np.float64]) -> NDArray[np.uint64]:
    cells: NDArray[np.uint64] = np.minimum(np.maximum(axis, 0.0) * 2**BITS, 2**BITS - 1).astype(np.uint64)
    return cells


def interleave(column: NDArray[np.uint64], row: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Codes of columns and rows: x in the even bits, y in the odd ones."""
    return _spread(column) | (_spread(row) << np.uint64(1))


def deinterleave(codes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Columns and rows of codes: the inverse of `interleave`."""
    return _gather(codes), _gather(codes >> np.uint64(1))


def tile_range(z: int, x: int, y: int) -> tuple[int, int]:
    """The codes of a tile: from the first up to, and without, the second."""
    tile = int(interleave(np.array([x], np.uint64), np.array([y], np.uint64))[0])
    shift = 2 * (BITS - z)
    return tile << shift, (tile + 1) << shift


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for shift, mask in _MASKS:
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _gather(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = bits & np.uint64(0x5555555555555555)
    for shift, mask in ((1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF),
                        (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF)):  # fmt: skip
        bits = (bits | (bits >> np.uint64(shift))) & np.uint64(mask)
    return bits
