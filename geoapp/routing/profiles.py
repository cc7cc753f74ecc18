"""How fast one gets along which roads, by car, coach, bicycle and on foot. Presets of our own, shown on the page."""

from collections.abc import Mapping
from dataclasses import dataclass

WALKING_KMH = 4.5
# What roads are called; people's own words for them count as unknown.
KINDS = frozenset({"highway", "main", "secondary", "country_road", "lane", "cycleway", "track", "path", "footway",
                   "steps"})  # fmt: skip
# Where one gets as fast as a limit lets one; elsewhere a high limit makes one faster by so much at most.
FAST_KINDS, LIMIT_LIFTS = frozenset({"highway", "main"}), 1.5


@dataclass(frozen=True, slots=True)
class Profile:
    """A means of travel.

    speeds_kmh: by kind of road; a kind that is missing cannot be used, "" stands for unknown ones. elsewhere_kmh: on a
    road of such a kind that says that one may. ceiling_kmh: what is never exceeded. of_limit: the share of a stated
    speed limit that is reached on the whole, None where limits do not matter. both_ways: whether one-ways do not bind.
    height_m, width_m: of the room that is needed. straight_kmh: along a straight line × 1.3 where there are no roads.
    """

    name: str
    speeds_kmh: Mapping[str, float]
    elsewhere_kmh: float
    ceiling_kmh: float
    of_limit: float | None
    straight_kmh: float
    both_ways: bool = False
    height_m: float = 0.0
    width_m: float = 0.0


PROFILES: Mapping[str, Profile] = {
    "car": Profile(
        "car",
        {"highway": 80.0, "main": 45.0, "secondary": 38.0, "country_road": 32.0, "lane": 20.0, "": 30.0},
        elsewhere_kmh=15.0, ceiling_kmh=110.0, of_limit=0.8, straight_kmh=40.0, height_m=1.6, width_m=2.0,
    ),
    "bus": Profile(
        "bus",
        {"highway": 70.0, "main": 38.0, "secondary": 32.0, "country_road": 26.0, "": 25.0},
        elsewhere_kmh=12.0, ceiling_kmh=90.0, of_limit=0.7, straight_kmh=35.0, height_m=3.8, width_m=3.5,
    ),
    "bicycle": Profile(
        "bicycle",
        {"main": 15.0, "secondary": 15.0, "country_road": 15.0, "lane": 14.0, "cycleway": 16.0, "track": 11.0,
         "path": 9.0, "": 14.0},
        elsewhere_kmh=9.0, ceiling_kmh=18.0, of_limit=None, straight_kmh=14.0,
    ),
    "foot": Profile(
        "foot",
        {"main": 4.5, "secondary": 4.5, "country_road": 4.5, "lane": 4.5, "cycleway": 4.5, "track": 4.2, "path": 4.2,
         "footway": 4.5, "steps": 2.0, "": 4.5},
        elsewhere_kmh=4.2, ceiling_kmh=5.0, of_limit=None, straight_kmh=4.5, both_ways=True,
    ),
}  # fmt: skip
