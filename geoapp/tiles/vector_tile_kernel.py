"""The compiled part of the vector tile encoder: point features, one after the other, into one buffer."""

import numba
import numpy as np
from numpy.typing import NDArray


@numba.njit(nogil=True, cache=True)
def _size(number):  # type: ignore[no-untyped-def]
    """Bytes that a varint takes."""
    size = 1
    while number >= 128:
        number >>= 7
        size += 1
    return size


@numba.njit(nogil=True, cache=True)
def _put(out, at, number):  # type: ignore[no-untyped-def]
    """Write a varint; where the next byte goes."""
    while number >= 128:
        out[at] = (number & 127) | 128
        number >>= 7
        at += 1
    out[at] = number
    return at + 1


@numba.njit(nogil=True, cache=True)
def _write(x, y, ids, table, out):  # type: ignore[no-untyped-def]
    at = 0
    for n in range(len(x)):
        east = (x[n] << 1) ^ (x[n] >> 63)
        south = (y[n] << 1) ^ (y[n] >> 63)
        geometry = 1 + _size(east) + _size(south)
        tags = 0
        for key in range(table.shape[1]):
            if table[n, key] >= 0:
                tags += _size(key) + _size(table[n, key])
        length = 1 + _size(ids[n]) + 2 + 1 + _size(geometry) + geometry
        if tags > 0:
            length += 1 + _size(tags) + tags
        out[at] = 0x12  # field 2 of the layer: a feature
        at = _put(out, at + 1, length)
        out[at] = 0x08  # field 1: its id
        at = _put(out, at + 1, ids[n])
        if tags > 0:
            out[at] = 0x12  # field 2: its tags, pairs of key and value
            at = _put(out, at + 1, tags)
            for key in range(table.shape[1]):
                if table[n, key] >= 0:
                    at = _put(out, _put(out, at, key), table[n, key])
        out[at] = 0x18  # field 3: it is a point
        out[at + 1] = 1
        out[at + 2] = 0x22  # field 4: its geometry, one move
        at = _put(out, at + 3, geometry)
        out[at] = 9
        at = _put(out, _put(out, at + 1, east), south)
    return at


def point_features(
    x: NDArray[np.int64], y: NDArray[np.int64], ids: NDArray[np.int64], table: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Encoded features of n points: tile units x, y, ids (0 or more), and per key the number of its value or -1."""
    # A feature takes at most 6 bytes of frame, 10 for each varint, and 20 for each tag.
    out = np.empty(len(x) * (64 + 20 * table.shape[1]), np.uint8)
    return out[: _write(x, y, ids, table, out)]


def warm() -> None:
    """Compile for the types that are used."""
    one = np.ones(1, np.int64)
    point_features(one, one, one, np.zeros((1, 1), np.int64))
