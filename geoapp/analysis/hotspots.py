"""Where values lie together that are higher, or lower, than chance would put there.

The p-values are those of all permutations, not of some drawn by lot: under the hypothesis that the values are laid
over the cells at random, the sum over a cell and its neighbours is the sum of so many values drawn without
replacement. How often each sum occurs is a coefficient of the product of (1 + t x^value), an elementary symmetric
polynomial; Newton's identities give it from power sums, and those are one Fourier transform. The analytic p-value of
Gi* holds for large bell-shaped samples only, and is badly wrong for skewed counts.
"""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

# Values are told apart up to so many steps over the sum of a neighbourhood; whole numbers of a smaller range exactly.
STEPS = 1 << 20
# Of hot and cold cells together so many may be false: the share that is controlled.
FALSE_SHARE = 0.05
MORAN_PERMUTATIONS = 999
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class HotSpots:
    """Gi* of each cell (n,), its two-sided p and the q of Benjamini and Hochberg (1995).

    smallest_p: the smallest p that so few cells can give.
    """

    gi: Floats
    p: Floats
    q: Floats
    smallest_p: float

    @property
    def hot(self) -> NDArray[np.bool_]:
        """Cells whose surroundings are higher than chance, at FALSE_SHARE."""
        return (self.q <= FALSE_SHARE) & (self.gi > 0)

    @property
    def cold(self) -> NDArray[np.bool_]:
        """Cells whose surroundings are lower than chance."""
        return (self.q <= FALSE_SHARE) & (self.gi < 0)


@dataclass(frozen=True, slots=True)
class Moran:
    """Moran's I of a whole map, what it would be without any order, and the two-sided p by so many permutations."""

    value: float
    expected: float
    p: float
    permutations: int


def hot_spots(values: Floats, weights: Any) -> HotSpots:
    """Hot and cold spots of values (n,) under binary weights (n, n) that hold the cell itself.

    Method: J. K. Ord and A. Getis (1995) for the statistic; all permutations for p; Benjamini and Hochberg for q.
    """
    values = np.asarray(values, dtype=np.float64)
    if not len(values):
        nothing = np.empty(0)
        return HotSpots(nothing, nothing, nothing, 1.0)
    p, smallest = permutation_p(values, weights)
    return HotSpots(gi_star(values, weights), p, stats.false_discovery_control(p), smallest)


def gi_star(values: Floats, weights: Any) -> Floats:
    """Getis and Ord's Gi* of values (n,) or, for several periods, (n, t), as a z-score; 0 where all are alike."""
    number = weights.shape[0]
    sizes = np.asarray(weights.sum(axis=1)).ravel()
    sizes = sizes if values.ndim == 1 else sizes[:, None]
    mean, spread = values.mean(axis=0), values.std(axis=0)
    room = spread * np.sqrt(np.maximum(number * sizes - sizes**2, 0.0) / max(number - 1, 1))
    off = weights @ values - mean * sizes
    # What is left of equal values is rounding only.
    alike = room <= 1e-12 * np.maximum(np.abs(mean), 1e-300) * np.sqrt(sizes)
    z: Floats = np.divide(off, room, out=np.zeros_like(off, dtype=np.float64), where=~alike)
    return z


def permutation_p(values: Floats, weights: Any) -> tuple[Floats, float]:
    """The two-sided p (n,) of each cell's sum over itself and its neighbours among all permutations of the values.

    Also the smallest p that these numbers of cells and neighbours can give. Real values are rounded to steps first, as
    fine as STEPS allows; the p-value is exact for the rounded ones.
    """
    sizes = np.asarray(weights.sum(axis=1)).ravel().astype(np.int64)
    whole = _in_steps(values, int(sizes.max()))
    sums = np.rint(weights @ whole).astype(np.int64)
    chances = _Chances(whole, np.unique(sizes))
    p = np.empty(len(values))
    for size in np.unique(sizes).tolist():
        cells = np.flatnonzero(sizes == size)
        p[cells] = chances.two_sided(size, sums[cells])
    number = len(values)
    smallest = 1.0 / max(comb(number, int(size)) for size in np.unique(sizes))
    return np.clip(p, smallest, 1.0), smallest


def moran(values: Floats, weights: Any, *, seed: int = 0, permutations: int = MORAN_PERMUTATIONS) -> Moran:
    """Moran's I of values (n,); the cell's own weight is left out. p is two-sided, as far as so many draws can tell."""
    number = len(values)
    expected = -1.0 / (number - 1) if number > 1 else 0.0
    off = np.asarray(values, dtype=np.float64) - np.mean(values) if number else np.empty(0)
    around = weights - sparse.diags_array(weights.diagonal())
    links, power = float(around.sum()), float(off @ off)
    if number < 3 or not links or power <= 1e-18 * max(float(np.sum(np.square(values))), 1e-300):
        return Moran(0.0, expected, 1.0, 0)
    scale = number / links / power
    value = float(off @ (around @ off)) * scale
    random, beyond = np.random.default_rng(seed), 0
    for start in range(0, permutations, _BLOCK):
        draws = random.permuted(np.tile(off, (min(_BLOCK, permutations - start), 1)), axis=1).T
        drawn = np.einsum("ij,ij->j", draws, around @ draws) * scale
        beyond += int(np.count_nonzero(np.abs(drawn - expected) >= abs(value - expected) - 1e-12))
    return Moran(value, expected, (beyond + 1) / (permutations + 1), permutations)


class _Chances:
    """How often the sum of so many of the values, drawn without replacement, reaches each number.

    values: whole, from 0 on (n,). Of more than half of the values it is those left over that are drawn.
    """

    def __init__(self, values: Whole, sizes: Whole) -> None:
        self._number, self._total = len(values), int(values.sum())
        wanted = {min(int(size), self._number - int(size)) for size in sizes}
        self._tails = dict(self._made(values, wanted))

    def two_sided(self, size: int, sums: Whole) -> Floats:
        """2 min(P(sum ≥ s), P(sum ≤ s)), at most 1."""
        left_over = self._number - size
        drawn, at = (size, sums) if size <= left_over else (left_over, self._total - sums)
        tail = self._tails[drawn]
        reaching, below = _at(tail, at), 1.0 - _at(tail, at + 1)
        p: Floats = np.minimum(2 * np.minimum(reaching, below), 1.0)
        return p

    def _made(self, values: Whole, wanted: set[int]) -> Any:
        most = max(wanted)
        length = 1 << int(np.ceil(np.log2(max(most * int(values.max()) + 1, 2))))
        power = np.fft.fft(np.bincount(values, minlength=length)) / self._number
        angles = np.arange(length // 2 + 1)
        # The j-th power sum at an angle is the first one at j times that angle.
        sums = [power[angles * j % length] for j in range(1, most + 1)]
        means = [np.ones(len(angles), complex)]
        for size in range(1, most + 1):
            means.append(_newton(means, sums, size, self._number))
        for size in wanted:
            chances = np.maximum(np.fft.irfft(means[size], length), 0.0)
            yield size, np.cumsum(chances[::-1])[::-1]


def _newton(means: list[Any], sums: list[Any], size: int, number: int) -> Any:
    """The next elementary symmetric mean from those before it and the power means.

    Means instead of sums: the number of ways to draw 50 of 10,000 is no float.
    """
    found, ratio = np.zeros(len(means[0]), complex), 1.0
    for j in range(1, size + 1):
        ratio *= (size - j + 1) / (number - size + j)
        found += (-1.0) ** (j - 1) * ratio * means[size - j] * sums[j - 1]
    return found * (number / size)


def _at(tail: Floats, sums: Whole) -> Floats:
    """P(sum ≥ s): 1 at and below the least, 0 beyond the greatest."""
    inside: Floats = np.minimum(tail[np.clip(sums, 0, len(tail) - 1)], 1.0)
    return np.where(sums <= 0, 1.0, np.where(sums >= len(tail), 0.0, inside))


def _in_steps(values: Floats, most: int) -> Whole:
    """Values as whole numbers from 0 on, so that a sum of the most values stays below STEPS."""
    shifted = values - values.min()
    whole = np.rint(shifted)
    top = max((STEPS - 1) // most, 1)
    exact = np.array_equal(whole, shifted) and whole.max() <= top
    steps: Whole = np.rint(shifted * (1.0 if exact else top / shifted.max())).astype(np.int64)
    return steps
