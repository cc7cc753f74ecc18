"""What the parts of a coverage report hand to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.sentences import Sentence

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Demand:
    """Where people are taken to live: n places.

    basis: population (an uploaded grid), villages, or grid (points laid over the townships). weighting: counted (people
    were counted there), spread (townships' residents spread over places), or equal (nothing is known: every place
    counts 1). ids, names, township (n,): texts; township is a code, or "" outside all. An id is that of a village or
    cell, or begins with point: (of a laid grid), site: (a housing estate or hamlet that takes residents beside the
    villages) or township: (a seat that stands for a township without places). lon, lat (n,): degrees.
    people (n,): NaN where unknown; with equal weights 1; those of the question's age group where it asks for one.
    groups: people of an age group (n,), by its name.
    built_up (n,): whether the place is built-up (a community), or a village in the country.
    without_place: villages without coordinates, as flat records: they count in inventories, and not on the way.
    notes: what has to be said of these numbers wherever they are shown.
    """

    basis: str
    weighting: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    township: tuple[str, ...]
    lon: Floats
    lat: Floats
    people: Floats
    groups: Mapping[str, Floats]
    built_up: Flags
    without_place: tuple[dict[str, Any], ...]
    notes: tuple[Sentence, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def listed(self) -> Flags:
        """Which places (n,) count as places: not the sites and seats that only take residents."""
        return np.array([not id.startswith(("site:", "township:")) for id in self.ids], bool)


@dataclass(frozen=True, slots=True)
class Supply:
    """The facilities that count for a question: k of them, supposed ones among them.

    ids: of facilities, or pin:1, pin:2, … for supposed ones. records: their flat records ({} for a pin). lon, lat (k,):
    degrees. without_place: facilities that count, but stand nowhere on the map. notes: who was left out and why.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    township: tuple[str, ...]
    lon: Floats
    lat: Floats
    records: tuple[dict[str, Any], ...]
    without_place: tuple[dict[str, Any], ...]
    notes: tuple[Sentence, ...]

    def __len__(self) -> int:
        return len(self.ids)


class State(IntEnum):
    """How a place stands to the nearest facility."""

    REACHED = 0
    TOO_FAR_FROM_A_ROAD = 1
    NO_WAY = 2
    NO_FACILITY = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """One group of places in numbers: a township, a kind of facility, the district.

    places: listed ones. people: None where unknown for all of them, as with equal weights; unknown_people: places
    without a known number. near_places, near_people, near_area: shares in 0..1, None where nothing is known to share
    in. norm_places, norm_people: shares that keep the norm of their kind of place (15 minutes on foot in built-up
    places, 5 km in villages). median_min, mean_min, p90_min, worst_min: minutes to the nearest facility, weighted with
    people (alike where people are unknown), of places that reach one; worst_place: index of the demand place, -1 for
    none. fifth_min: mean minutes of the least-served fifth. too_far, no_way: places in these states. area_km2: of the
    group.
    """

    places: int
    people: float | None
    unknown_people: int
    near_places: float | None
    near_people: float | None
    near_area: float | None
    norm_places: float | None
    norm_people: float | None
    median_min: float | None
    mean_min: float | None
    p90_min: float | None
    worst_min: float | None
    worst_place: int
    fifth_min: float | None
    too_far: int
    no_way: int
    area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class TownshipReach:
    """A township's summary. character: urban, rural or mixed."""

    code: str
    character: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class Reach:
    """How far every place is from the nearest facility that counts.

    seconds, metres (n,): along the roads, NaN where not reached; metres by line where estimate is True, which says that
    there are no roads and times are estimates along straight lines. nearest (n,): index in supply, -1 for none.
    state (n,): of State. near, norm (n,): whether near by the question's limit, and by the norm of its kind of place.
    limit_s, limit_m: what counts as near. schematic: whether the roads only show what hangs together.
    """

    demand: Demand
    supply: Supply
    seconds: Floats
    metres: Floats
    nearest: Integers
    state: Integers
    near: Flags
    norm: Flags
    limit_s: float | None
    limit_m: float | None
    estimate: bool
    schematic: bool
    district: Summary
    townships: tuple[TownshipReach, ...]
    notes: tuple[Sentence, ...]
