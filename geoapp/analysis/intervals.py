"""Shares and how sure they are."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from geoapp.domain.errors import BadInput

# The 97.5 % quantile of the normal distribution: what lies within so many deviations is a 95 % interval.
Z95 = 1.959963984540054


class Verdict(StrEnum):
    """How a share stands to a standard, as far as its interval can tell."""

    ABOVE = "above"
    BELOW = "below"
    UNCLEAR = "not distinguishable"


@dataclass(frozen=True, slots=True)
class Rate:
    """k of n, with its 95 % interval (score interval of Wilson 1927); value, low and high are None if n is 0.

    Raises BadInput unless 0 <= k <= n.
    """

    k: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.k <= self.n:
            raise BadInput("{k} of {n} is no share.", k=self.k, n=self.n)

    @property
    def value(self) -> float | None:
        """The share itself, 0 to 1."""
        return self.k / self.n if self.n else None

    @property
    def low(self) -> float | None:
        """The lower end of the interval."""
        # At the ends the formula gives 0 and 1 only up to rounding.
        return (0.0 if self.k == 0 else self._end(-1)) if self.n else None

    @property
    def high(self) -> float | None:
        """The upper end of the interval."""
        return (1.0 if self.k == self.n else self._end(1)) if self.n else None

    def against(self, standard: float) -> Verdict:
        """Above or below a standard (0 to 1) if the whole interval is, else not distinguishable from it."""
        if self.low is None or self.high is None:
            return Verdict.UNCLEAR
        if self.low > standard:
            return Verdict.ABOVE
        return Verdict.BELOW if self.high < standard else Verdict.UNCLEAR

    def _end(self, side: int) -> float:
        k, n, square = self.k, self.n, Z95 * Z95
        return (k + square / 2 + side * Z95 * sqrt(k * (n - k) / n + square / 4)) / (n + square)
