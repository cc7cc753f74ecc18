"""Where teams begin and end, and on which days they go out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from geoapp.analysis.values import Unreadable, pair
from geoapp.domain.errors import BadInput
from geoapp.domain.routes import MOST_DATES, require_day
from geoapp.domain.selection import Scope
from geoapp.services.browse import flat
from geoapp.services.calendars import district_calendar
from geoapp.services.district import District
from geoapp.services.known_words import township_names

# Layers in whose names a start may be given, the likeliest first.
_NAMED_IN = ("sites", "facilities", "villages")
OFFICES = ("township_office", "service_hall")
OFFERED = 60
# A start may lie a little outside of the district.
NEAR_DEG = 0.5


@dataclass(frozen=True, slots=True)
class StartPlace:
    """A place from which a team may set out, in degrees."""

    name: str
    lon: float
    lat: float


def start_places(district: District) -> list[StartPlace]:
    """Places to choose from: offices first, else villages; never an empty list where anything at all has a place."""
    offices = [StartPlace(one["name"], one["lon"], one["lat"]) for one in _placed(district, "sites")
               if one.get("kind") in OFFICES]  # fmt: skip
    if offices:
        return offices[:OFFERED]
    others = [one for layer in ("villages", "facilities", "sites") for one in _placed(district, layer)]
    return [StartPlace(one["name"], one["lon"], one["lat"]) for one in others[:OFFERED]]


def place_named(district: District, text: str) -> tuple[float, float]:
    """Longitude and latitude of a place that is given by them, in either order, or by its name; raises BadInput."""
    text = text.strip()
    if not text:
        raise BadInput("A team has no start yet: choose a place of the list, or point at it on the map.")
    try:
        return _here(district, *pair(text))
    except Unreadable:
        if text in (known := _places_by_name(district)):
            return known[text]
    raise BadInput("There is no place {value!r} here: choose one of the list, or point at it on the map.", value=text)


def _here(district: District, lon: float, lat: float) -> tuple[float, float]:
    """The two the other way round, if only so they lie in the district: many programs write the latitude first."""
    west, south, east, north = district.describe().bbox

    def inside(x: float, y: float) -> bool:
        return west - NEAR_DEG <= x <= east + NEAR_DEG and south - NEAR_DEG <= y <= north + NEAR_DEG

    return (lat, lon) if inside(lat, lon) and not inside(lon, lat) else (lon, lat)


def township_codes(district: District, names: Sequence[str]) -> tuple[str, ...]:
    """The codes of townships that are given by their names or codes; raises BadInput."""
    known = township_names(district)
    for name in names:
        if name.casefold() not in known:
            raise BadInput("{value!r} is no township of this district", value=name)
    return tuple(dict.fromkeys(known[name.casefold()] for name in names))


def working_days(district: District, first: date, number: int) -> tuple[date, ...]:
    """So many working days, beginning with `first` whatever day that is; raises BadInput."""
    require_day(first)
    if not 1 <= number <= MOST_DATES:
        raise BadInput("A plan is for 1 to {most} days, not {number}.", most=MOST_DATES, number=number)
    calendar = district_calendar(district)
    days, day = [first], first
    while len(days) < number:
        day += timedelta(days=1)
        if calendar.is_working(day):
            days.append(day)
    return tuple(days)


def next_working_day(district: District) -> date:
    """The working day after today: for which most plans are made."""
    calendar, day = district_calendar(district), district.today
    while True:
        day += timedelta(days=1)
        if calendar.is_working(day):
            return day


def _places_by_name(district: District) -> dict[str, tuple[float, float]]:
    """Where every name is, looked up once for all teams of a form; of several places the likeliest."""

    def found() -> dict[str, tuple[float, float]]:
        made: dict[str, tuple[float, float]] = {}
        for layer in _NAMED_IN:
            for one in _placed(district, layer):
                for name in filter(None, (one["name"], one.get("name_en"))):
                    made.setdefault(name, (one["lon"], one["lat"]))
        return made

    key = ("start names", *(district.present.seqs.get(layer, 0) for layer in _NAMED_IN))
    known: dict[str, tuple[float, float]] = district.derived.get(key, found, lambda names: 200 * len(names) + 100)
    return known


def _placed(district: District, layer: str) -> Iterator[dict[str, Any]]:
    """Features of a layer that have a place, in the order in which they came."""
    snapshot = district.present.snapshot(layer)
    rows = snapshot.alive()
    rows = rows[~np.isnan(snapshot.positions(rows)[0])]
    rows = rows[np.argsort(snapshot.born(rows), kind="stable")]
    return iter(flat(district, layer, rows, Scope.PUBLIC))
