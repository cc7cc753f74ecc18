"""What is asked of a search for sites, and what comes back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How much a search may do: the same iterations and seed find the same sites, unless the seconds run out.

    seconds: of the whole search; a bound that is not closed by then is told as it stands. iterations: of interchange
    after its first local best, a part of them where the proof comes early.
    """

    seconds: float = 20.0
    iterations: int = 100
    seed: int = 1


@dataclass(frozen=True)
class Siting:
    """Sites that were chosen, and how much better any others could be.

    chosen: candidates, ascending. value: what is minimised or maximised, in the units of the call. bound: no choice has
    a better value. proven: no choice is better (beyond a ten-millionth part, where values are not whole). method: what
    decided it, "nothing to choose", "interchange", "bound", "branches", "HiGHS" or "time". unserved: demand that
    no facility, old or chosen, reaches. seconds: of the search.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float
    proven: bool
    method: str
    seconds: float
    unserved: tuple[int, ...] = ()

    @property
    def gap(self) -> float:
        """The difference of value and bound as a part of the value: 0 if they meet, inf if nothing is known."""
        if self.value == self.bound:
            return 0.0
        return abs(self.value - self.bound) / abs(self.value) if self.value else float("inf")
