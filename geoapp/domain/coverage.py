"""What is asked about coverage: which facilities count, how people get there, and what is only supposed."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from geoapp.domain.errors import BadInput, UnknownParameter
from geoapp.domain.weekly_hours import Moment

PROFILES = ("foot", "bicycle", "car")
DEMANDS = ("population", "villages", "grid")
GROUPS = ("children", "elderly")
USUAL_MINUTES = {"foot": 15, "bicycle": 15, "car": 15}
MOST_MINUTES, MOST_METRES = 240, 100_000
MOST_PINS = 50
_PIN = re.compile(r"(-?\d{1,3}(?:\.\d{1,12})?) (-?\d{1,2}(?:\.\d{1,12})?)", re.ASCII)

Pin = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageQuestion:
    """A question about coverage; two equal questions are equal values.

    kind: kinds of facility, any of which will do; () for all that the table of kinds counts. by: how people go.
    minutes, metres: what counts as near: so many minutes along the roads, or so many metres of line where there are
    none; None for the usual. demand: where people are taken to be; None for the best that is known. group: of age.
    on: facilities of that day, None for now. planned: whether what is being built counts as open already. open_at:
    only what is open then, by its weekly hours. private: whether private facilities count. borders: whether people go
    to facilities of their own township only. closed: ids of facilities that are supposed to be closed. pin: places in
    degrees (lon, lat) where a facility is supposed to stand. township: codes of those that are reported, () for all.
    """

    kind: tuple[str, ...] = ()
    by: str = "foot"
    minutes: int | None = None
    metres: int | None = None
    demand: str | None = None
    group: str | None = None
    on: date | None = None
    planned: bool = False
    open_at: Moment | None = None
    private: bool = False
    borders: bool = False
    closed: tuple[str, ...] = ()
    pin: tuple[Pin, ...] = ()
    township: tuple[str, ...] = ()

    @classmethod
    def parse(cls, given: Mapping[str, Iterable[str]]) -> "CoverageQuestion":
        """From the parameters of a link, each with its values; lists by comma.

        Raises UnknownParameter for a name that is none, BadInput for a value that cannot be read.
        """
        values: dict[str, Any] = {}
        for name, texts in given.items():
            if name not in _READ:
                raise UnknownParameter("There is no parameter {name!r}; there are {known}.", name=name,
                                       known=", ".join(sorted(_READ)))  # fmt: skip
            text = ",".join(texts).strip()
            if text:
                values[_FIELD.get(name, name)] = _READ[name](name, text)
        return cls(**values)

    @property
    def minutes_meant(self) -> int:
        """How many minutes count as near."""
        return self.minutes or USUAL_MINUTES[self.by]

    def parameters(self) -> dict[str, str]:
        """The link parameters of this question in a fixed order; what is as usual is left out."""
        named = ((field, getattr(self, field.name)) for field in fields(self))
        return {_NAME.get(field.name, field.name): _text(value) for field, value in named if value != field.default}

    def query(self) -> str:
        """The same as a query string: what makes two equal questions one link and one cache key."""
        return urlencode(self.parameters())


def _list(name: str, text: str) -> tuple[str, ...]:
    # Sorted and without repeats, so that equal questions are equal values.
    return tuple(sorted({part.strip() for part in text.split(",")} - {""}))


def _one_of(known: tuple[str, ...]) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in known:
            raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=text, known=", ".join(known))
        return text

    return read


def _whole(most: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
            raise BadInput("{name}={value!r} is not a whole number from {least} to {most}.", name=name, value=text,
                           least=1, most=most)  # fmt: skip
        return int(text)

    return read


def _yes(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=text, known="yes, no")
    return text == "yes"


def day_of(name: str, text: str) -> date:
    """The day that a parameter names; raises BadInput for what is none, and for none of our times."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("{name}={value!r} is not a day such as 2026-05-03.", name=name, value=text) from None
    if not 1900 <= day.year <= 2199:
        raise BadInput("{name}={value!r} is not a day of our times.", name=name, value=text)
    return day


def _moment(name: str, text: str) -> Moment:
    return Moment.parse(text)


def _pins(name: str, text: str) -> tuple[Pin, ...]:
    pins = []
    for part in _list(name, text):
        found = _PIN.fullmatch(part)
        if not found or abs(float(found[1])) > 180 or abs(float(found[2])) > 90:
            raise BadInput("pin={value!r} is not a place such as 116.63 40.32, longitude before latitude.", value=part)
        pins.append((round(float(found[1]), 7), round(float(found[2]), 7)))
    if len(pins) > MOST_PINS:
        raise BadInput("{count} pins are too many; {most} are the most.", count=len(pins), most=MOST_PINS)
    return tuple(sorted(set(pins)))


_READ: dict[str, Callable[[str, str], Any]] = {
    "kind": _list,
    "by": _one_of(PROFILES),
    "minutes": _whole(MOST_MINUTES),
    "metres": _whole(MOST_METRES),
    "demand": _one_of(DEMANDS),
    "group": _one_of(GROUPS),
    "on": day_of,
    "planned": _yes,
    "open": _moment,
    "private": _yes,
    "borders": _yes,
    "closed": _list,
    "pin": _pins,
    "township": _list,
}
PARAMETERS = frozenset(_READ)
_FIELD = {"open": "open_at"}  # `open` is a function of Python's
_NAME = {field: name for name, field in _FIELD.items()}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{part[0]:.10g} {part[1]:.10g}" if isinstance(part, tuple) else str(part) for part in value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
