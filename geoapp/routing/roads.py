"""Roads as they are given: lines with what they say of who may use them, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.profiles import KINDS, Profile

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Road:
    """What one road says of itself; None where it does not say.

    oneway: "forward" along its line, "backward" against it. two_way_for, uses: names of profiles; uses None means
    everybody that its kind is for. level: of what lies over or under something else.
    """

    name: str | None = None
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
            allowed = profile.name in self.uses
            # A road that says so is open to a means of travel that its kind is not for; such are slow.
            speed = (speed or min(profile.speeds_kmh.values())) if allowed else 0.0
        if self.height_m is not None and self.height_m < profile.height_m:
            return 0.0
        if self.width_m is not None and self.width_m < profile.width_m:
            return 0.0
        if self.limit_kmh and profile.of_limit is not None and speed:
            speed = self.limit_kmh * profile.of_limit
        return min(speed, profile.ceiling_kmh)

    def ways(self, profile: Profile) -> tuple[bool, bool]:
        """Whether one may go along its line, and against it."""
        if self.oneway is None or profile.both_ways or profile.name in self.two_way_for:
            return True, True
        return self.oneway == "forward", self.oneway == "backward"


@dataclass(frozen=True, slots=True)
class RoadLines:
    """Many roads: roads (n,), and all vertices in degrees (v, 2), road `i` at offsets[i] to offsets[i + 1]."""

    roads: Sequence[Road]
    vertices: Floats
    offsets: Integers


def road_lines(roads: Sequence[Road], shapes: Sequence[Any]) -> RoadLines:
    """Roads with their lines (shapely, degrees); each part becomes a road, and what has no line none."""
    parts, owner = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    lines = np.flatnonzero((shapely.get_type_id(parts) == 1) & (shapely.get_num_points(parts) >= 2))
    vertices, line = shapely.get_coordinates(parts[lines], return_index=True)
    offsets = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    return RoadLines([roads[place] for place in owner[lines].tolist()], vertices, offsets)
