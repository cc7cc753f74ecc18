"""Which features a person has asked for: parsed in one place, meant the same everywhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from geoapp.domain.errors import BadInput, UnknownParameter
from geoapp.domain.layers import LAYERS
from geoapp.domain.problem import Status


class Scope(StrEnum):
    """How much of a feature a person may see."""

    PUBLIC = "public"
    FULL = "full"


class Due(StrEnum):
    """Near its deadline (within DUE_SOON_DAYS), or past it with the work not done."""

    SOON = "soon"
    OVERDUE = "overdue"


DUE_SOON_DAYS = 3
LONGEST_QUERY = 100
# Days beyond these cannot be meant, and arithmetic with them ends somewhere.
FIRST_YEAR, LAST_YEAR = 1900, 2199

BBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Features to choose; an empty field chooses all.

    bbox: west, south, east, north in degrees, borders included. first_day, last_day: inclusive days in the district's
    time zone (`from` and `to` in links). category: two- or four-digit codes. site: ids of sites, for what was found or
    done there. role: roles of sites. without: ids to leave out. cell: cells of a map of hot spots, for the
    reports whose own position lies in one of them. standard: codes of standards of coverage, for places with one of
    their verdicts. indicator: only what a number of the leader's page counts, in the period from first_day to last_day,
    or what an inventory of coverage counts on last_day.
    """

    category: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    township: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    round: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    cell: tuple[str, ...] = ()
    standard: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    due: Due | None = None
    indicator: str | None = None
    bbox: BBox | None = None
    q: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Iterable[str]]) -> "Selection":
        """From the parameters of a link, each with its values; lists by comma.

        Raises UnknownParameter for a name that is none, BadInput for a value that cannot be read.
        """
        unknown = sorted(set(given) - PARAMETERS)
        if unknown:
            raise UnknownParameter(
                "There is no parameter {name!r}; there are {known}.",
                name=unknown[0],
                known=", ".join(sorted(PARAMETERS)),
            )
        values: dict[str, Any] = {
            _FIELD.get(name, name): _value(name, ",".join(texts)) for name, texts in given.items()
        }
        selection = cls(**{name: value for name, value in values.items() if value is not None})
        if selection.first_day and selection.last_day and selection.first_day > selection.last_day:
            raise BadInput("from={first} lies after to={last}.", first=selection.first_day, last=selection.last_day)
        return selection

    def parameters(self) -> dict[str, str]:
        """The link parameters of this selection in a fixed order; an empty field is left out."""
        named = ((_NAME.get(field.name, field.name), getattr(self, field.name)) for field in fields(self))
        return {name: _text(value) for name, value in named if value not in ((), None)}

    def query(self) -> str:
        """The same as a query string: what makes two equal selections one link and one cache key."""
        return urlencode(self.parameters())

    def for_layer(self, layer: str) -> "Selection":
        """The part of it that means something in a layer."""
        foreign = {_FIELD.get(name, name) for name in PARAMETERS - LAYERS[layer].parameters}
        if self.indicator not in INDICATORS.get(layer, ()):
            foreign |= {"indicator"} if LAYERS[layer].time_field else {"indicator", "standard", "last_day"}
        empty: dict[str, Any] = {field.name: field.default for field in fields(self) if field.name in foreign}
        return replace(self, **empty)

    @property
    def without_dirt(self) -> tuple[str, ...]:
        """The kinds of doubtful reports that are left out."""
        return tuple(value[1:] for value in self.without if value.startswith("@"))

    def require(self, layer: str) -> None:
        """Raise UnknownParameter if something is asked that this layer does not have."""
        foreign = sorted(set(self.parameters()) - LAYERS[layer].parameters)
        if foreign:
            known = ", ".join(sorted(LAYERS[layer].parameters))
            raise UnknownParameter(
                "{layer} cannot be chosen by {name!r}; possible: {known}.", layer=layer, name=foreign[0], known=known
            )
        if not self.indicator and not LAYERS[layer].time_field and (self.standard or self.last_day):
            raise BadInput("{name} chooses among {layer} only beside indicator.", layer=layer,
                           name="standard" if self.standard else "to")  # fmt: skip
        if self.indicator and self.indicator not in INDICATORS[layer]:
            raise UnknownParameter(
                "{layer} are not counted by {name!r}; possible: {known}.",
                layer=layer,
                name=self.indicator,
                known=", ".join(INDICATORS[layer]),
            )


_LISTS = (
    "category", "status", "kind", "township", "street", "unit", "round", "batch", "site", "role", "without", "cell",
    "standard",
)  # fmt: skip
# A hexagon by its width and axial coordinates, or a piece of a street by its length, the street's id and its number.
CELL = r"(hex:[1-9]\d{1,4}:-?\d{1,8}:-?\d{1,8}|street:[1-9]\d{1,4}:[^:,]+:\d{1,6})"
ROLES = ("demonstration", "survey", "trouble")
# What `without` may leave out beside single ids, as @heaps: reports that a map should not be drawn of.
DIRT = ("heaps", "duplicates", "centres", "exchanged", "future")
# What an inventory of coverage says of a place.
VERDICTS = ("missing", "short", "unknown", "meets")
# What a number of the leader's page counts, or counts among, by the layer whose features it counts;
# `analysis.definitions` says in words what each means. Facilities are those that an inventory of coverage counts.
INDICATORS: dict[str, tuple[str, ...]] = {
    "problems": (
        "found", "found_by_visits", "due", "closed_of_due", "late_of_due", "in_time", "in_time_originally",
        "timeliness_known", "open", "overdue", "put_right", "rework", "can_relapse", "relapse",
    ),
    "visits": ("visits_made",),
    "sites": ("in_order",),
    "townships": ("with_area", "with_culture", *VERDICTS),
    "villages": VERDICTS,
    "facilities": (
        "counted", "counted_after", "counted_with_private", "counted_with_private_after", "coming", "private",
        "sharing",
    ),
}  # fmt: skip
_KNOWN: dict[str, tuple[str, ...]] = {"status": tuple(Status), "role": ROLES}
_FIELD = {"from": "first_day", "to": "last_day"}  # `from` is no Python name
_NAME = {field: name for name, field in _FIELD.items()}
PARAMETERS = frozenset({*_LISTS, "from", "to", "due", "indicator", "bbox", "q"})


def _value(name: str, text: str) -> object:
    text = text.strip()
    if not text:
        return None
    if name in _LISTS:
        return _list(name, text)
    if name in _FIELD:
        return _day(name, text)
    if name == "due":
        return Due(_one_of(name, text, tuple(Due)))
    if name == "indicator":
        return _one_of(name, text, [one for names in INDICATORS.values() for one in names])
    if name == "bbox":
        return parse_bbox(text)
    if len(text) > LONGEST_QUERY:
        raise BadInput("{name} may have {most} characters at most.", name=name, most=LONGEST_QUERY)
    return text


def _list(name: str, text: str) -> tuple[str, ...]:
    # Sorted and without repeats, so that equal selections are equal values.
    values = tuple(sorted({part.strip() for part in text.split(",")} - {""}))
    for value in values:
        if name in _KNOWN:
            _one_of(name, value, _KNOWN[name])
        if name == "without" and value.startswith("@"):
            _one_of(name, value, [f"@{kind}" for kind in DIRT])
        if name == "cell" and not re.fullmatch(CELL, value, re.ASCII):
            raise BadInput("cell={value!r} is not a cell such as hex:500:12:-7.", value=value)
        if name == "category" and not (value.isascii() and value.isdigit() and len(value) in (2, 4)):
            raise BadInput("category={value!r} is not a code of two or four digits, such as 02 or 0201.", value=value)
    return values


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    known = tuple(known)
    if value not in known:
        raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=value, known=", ".join(known))
    return value


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput("{name}={value!r} is not a day such as 2026-05-03.", name=name, value=text) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("{name}={value!r} is not a day of our times.", name=name, value=text)
    return day


def parse_bbox(text: str) -> BBox:
    """west,south,east,north in degrees; raises BadInput."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput("bbox={value!r} is not four numbers west,south,east,north.", value=text) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput("bbox={value!r} is not west,south,east,north in degrees.", value=text)
    return west, south, east, north


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(f"{part:.10g}" if isinstance(part, float) else str(part) for part in value)
    return str(value)
