"""The inner loop of heat tiles: counts of cells from their Morton codes into a grid."""

import numba
import numpy as np
from numpy.typing import NDArray


@numba.njit(nogil=True, cache=True)
def _even_bits(code: int) -> int:
    bits = code & 0x5555555555555555
    bits = (bits | (bits >> 1)) & 0x3333333333333333
    bits = (bits | (bits >> 2)) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | (bits >> 4)) & 0x00FF00FF00FF00FF
    bits = (bits | (bits >> 8)) & 0x0000FFFF0000FFFF
    return (bits | (bits >> 16)) & 0x00000000FFFFFFFF


@numba.njit(nogil=True, cache=True)
def poured(
    codes: NDArray[np.int64], weights: NDArray[np.float32], starts: NDArray[np.int64], ends: NDArray[np.int64],
    left: int, top: int, grid: NDArray[np.float32],
) -> None:  # fmt: skip
    """Add the weights of cells, in slices of their sorted codes, to a grid whose first cell is (left, top)."""
    rows, columns = grid.shape
    for part in range(len(starts)):
        for number in range(starts[part], ends[part]):
            column = _even_bits(codes[number]) - left
            row = _even_bits(codes[number] >> 1) - top
            if 0 <= column < columns and 0 <= row < rows:
                grid[row, column] += weights[number]


def warm() -> None:
    """Compile the kernel, or read it from the cache."""
    one = np.zeros(1, np.int64)
    poured(one, np.ones(1, np.float32), one, one + 1, 0, 0, np.zeros((1, 1), np.float32))
