"""A tour's hosts and the leaders' scores: what is known of a plan's stops beside the plan itself.

Hosts are names and phones of people, and so may be what a leader is called: all of it is private.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geoapp.domain.errors import BadInput

LONGEST_NAME, LONGEST_PHONE, LONGEST_REMARK, LONGEST_LEADER = 80, 40, 500, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Who receives the tour at a stop; an unknown name or phone is an empty text."""

    stop: str
    name: str = ""
    phone: str = ""

    def __post_init__(self) -> None:
        for text, most in ((self.name, LONGEST_NAME), (self.phone, LONGEST_PHONE)):
            if len(text) > most or (text and not text.isprintable()):
                raise BadInput("{value!r} is no name or phone of up to {most} letters.", value=text[:most], most=most)


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """From the worst to the best score."""

    least: float = 0.0
    most: float = 100.0

    def __post_init__(self) -> None:
        if not -1e6 <= self.least < self.most <= 1e6:
            raise BadInput("A scale goes from a score to a higher one, not from {least:g} to {most:g}.",
                           least=self.least, most=self.most)  # fmt: skip


SCALES = (ScoreScale(0, 100), ScoreScale(1, 10), ScoreScale(1, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one leader gave one stop. leader: a label such as "Leader 1"; score: None where only a remark was made."""

    leader: str
    stop: str
    score: float | None = None
    remark: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.leader) <= LONGEST_LEADER or not self.leader.isprintable():
            raise BadInput("A leader needs a label of 1 to {most} letters, such as Leader 1.", most=LONGEST_LEADER)
        if len(self.remark) > LONGEST_REMARK:
            raise BadInput("A remark has {most} letters at most.", most=LONGEST_REMARK)


def require_on_scale(scores: Iterable[Score], scale: ScoreScale) -> None:
    """Raise BadInput for a score that the scale does not have."""
    for one in scores:
        if one.score is not None and not scale.least <= one.score <= scale.most:
            raise BadInput("{value:g} is no score from {least:g} to {most:g}.", value=one.score, least=scale.least,
                           most=scale.most)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of those scores that were given, and how many they are; None and 0 where nobody gave one."""

    mean: float | None
    n: int


def average(scores: Iterable[float | None]) -> Average:
    """A score that is missing counts as missing, not as nothing."""
    given = [score for score in scores if score is not None]
    return Average(sum(given) / len(given) if given else None, len(given))
