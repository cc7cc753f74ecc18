"""Roads as they are given: lines with what they say of who may use them, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.profiles import FAST_KINDS, KINDS, LIMIT_LIFTS, Profile

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Road:
    """What roads of one sort say of themselves; None where they do not say.

    oneway: "forward" along its line, "backward" against it. two_way_for, uses: names of profiles; uses None means
    everybody that its kind is for. level: of what lies over or under something else.
    """

    kind: str = ""
    oneway: str | None = None
    two_way_for: frozenset[str] = frozenset()
    uses: frozenset[str] | None = None
    level: int = 0
    limit_kmh: float | None = None
    height_m: float | None = None
    width_m: float | None = None

    def speed_kmh(self, profile: Profile) -> float:
        """How fast one goes here, 0 where one may not."""
        speed = profile.speeds_kmh.get(self.kind if self.kind in KINDS else "", 0.0)
        if self.uses is not None:
            # A road that says so is open to a means of travel that its kind is not for.
            speed = (speed or profile.elsewhere_kmh) if profile.name in self.uses else 0.0
        if self._too_low(profile) or self._too_narrow(profile):
            return 0.0
        if self.limit_kmh and profile.of_limit is not None and speed:
            speed = self._limited(profile, speed)
        return min(speed, profile.ceiling_kmh)

    def ways(self, profile: Profile) -> tuple[bool, bool]:
        """Whether one may go along its line, and against it."""
        if self.oneway is None or profile.both_ways or profile.name in self.two_way_for:
            return True, True
        return self.oneway == "forward", self.oneway == "backward"

    def _limited(self, profile: Profile, speed: float) -> float:
        reached = (self.limit_kmh or 0.0) * (profile.of_limit or 0.0)
        # A limit is what is allowed, not what a lane or a track lets one do.
        return reached if self.kind in FAST_KINDS else min(reached, speed * LIMIT_LIFTS)

    def _too_low(self, profile: Profile) -> bool:
        return self.height_m is not None and self.height_m < profile.height_m

    def _too_narrow(self, profile: Profile) -> bool:
        return self.width_m is not None and self.width_m < profile.width_m


@dataclass(frozen=True, slots=True)
class RoadLines:
    """Many roads as lines.

    rules: what they say of themselves; rule (r,): which of them each road says. road (l,): the road that each line is
    part of. vertices (v, 2) of all lines in degrees, line `i` at offsets[i] to offsets[i + 1].
    """

    rules: Sequence[Road]
    rule: Integers
    road: Integers
    vertices: Floats
    offsets: Integers


def road_lines(rules: Sequence[Road], rule: Integers, shapes: Sequence[Any]) -> RoadLines:
    """Roads, each with the number of its rule and its shape (shapely, degrees); what has no line has none here."""
    parts, owner = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    lines = np.flatnonzero((shapely.get_type_id(parts) == 1) & (shapely.get_num_points(parts) >= 2))
    vertices, line = shapely.get_coordinates(parts[lines], return_index=True)
    offsets = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    return RoadLines(rules, np.asarray(rule, np.int64), owner[lines].astype(np.int64), vertices, offsets)
