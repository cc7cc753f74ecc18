"""Standards of coverage: of which facilities how many, how large and how long open there have to be, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from geoapp.domain.errors import BadInput

# Of whom a standard asks: the district as a whole, every township, every village and community.
LEVELS = ("D", "T", "V")
PEOPLE = 10_000
AMOUNTS = ("floor_area_m2", "seats", "books", "hours_per_week")
_PER_PEOPLE = {f"{name}_per_{PEOPLE}": name for name in ("facilities", "floor_area_m2", "seats", "books")}
# facilities: how many there are. An amount: of one facility, so that the best one decides. _per_10000: of all together,
# among the residents.
UNITS = ("facilities", *AMOUNTS, *_PER_PEOPLE)
LONGEST_NAME, LARGEST_NUMBER = 80, 1e9


class Verdict(StrEnum):
    """What a standard says of a place, from the worst to the best."""

    MISSING = "missing"
    SHORT = "short"
    UNKNOWN = "unknown"
    MEETS = "meets"

    @property
    def rank(self) -> int:
        """0 for the worst; a further facility never lowers it."""
        return _RANKS[self]


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The worst of several verdicts; None where nothing is asked."""
    return min(verdicts, key=_RANKS.__getitem__, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard. level: of LEVELS. kinds: of facility, any of which does. number: at least so many of `unit`.

    source: the norm that asks it, dated on that day. valid_from: it counts only from that day on, None for always.
    check: whether somebody has still to hold it against its source.
    """

    code: str
    zh: str
    en: str
    level: str
    kinds: tuple[str, ...]
    number: float
    unit: str
    source: str | None = None
    dated: date | None = None
    valid_from: date | None = None
    check: bool = False

    def __post_init__(self) -> None:
        for name, text in (("code", self.code), ("zh", self.zh), ("en", self.en)):
            if not 0 < len(text.strip()) <= LONGEST_NAME:
                raise BadInput("{name}={value!r} is not a text of 1 to {most} letters.", name=name, value=text,
                               most=LONGEST_NAME)  # fmt: skip
        for name, value, known in (("level", self.level, LEVELS), ("unit", self.unit, UNITS)):
            if value not in known:
                raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=value,
                               known=", ".join(known))  # fmt: skip
        if not self.kinds:
            raise BadInput("kinds={value!r} names no kind of facility.", value="")
        if not self.number > 0:
            raise BadInput("number={value!r} is not a number above 0.", value=self.number)
        if self.number > LARGEST_NUMBER:
            raise BadInput("number={value!r} is larger than anything that is counted here.", value=self.number)

    @property
    def measured(self) -> str:
        """What is measured: facilities, or one of AMOUNTS."""
        return _PER_PEOPLE.get(self.unit, self.unit)

    @property
    def per_people(self) -> bool:
        """Whether it is asked per 10,000 residents."""
        return self.unit in _PER_PEOPLE

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from is None or self.valid_from <= day


class Standing(StrEnum):
    """Whether a facility is there on a day: stands, is still to come, or has been given up."""

    STANDS = "stands"
    COMING = "coming"
    GONE = "gone"


def standing(facility: Mapping[str, Any], day: date) -> Standing:
    """How a facility stands on a day, by its build status.

    What is planned, being built or renovated stands from its expected opening on. A facility whose build status nobody
    has given is taken to stand, as lists of facilities mean it; an inventory names it among what is not known.
    """
    status = facility.get("build_status") or "built"
    if status == "built":
        return Standing.STANDS
    if status not in ("planned", "building", "renovating"):
        return Standing.GONE
    opening = facility.get("expected_opening")
    return Standing.STANDS if opening and str(opening) <= day.isoformat() else Standing.COMING
