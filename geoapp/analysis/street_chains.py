"""Streets as people mean them: what was drawn in several lines of one name is one street again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# As the layers are written: a hundredth of a metre. What touches there is meant to touch.
DIGITS = 7
# Lines of one name that are farther apart than this are two streets that only share a name, as in two villages.
ONE_STREET_M = 100.0
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Chains:
    """Unbroken lines, and the streets that they make.

    lines (n,): LineStrings in degrees (WGS 84), each from its western end. street (n,): number of its street. names,
    members: of each street its name and the places, in what was given, of the shapes that it was drawn in.
    """

    lines: NDArray[np.object_]
    street: Integers
    names: list[str]
    members: list[list[int]]


def street_chains(names: Sequence[str], shapes: Sequence[Any] | NDArray[np.object_]) -> Chains:
    """Join (Multi)LineStrings (n,) in degrees (WGS 84) that touch at their ends and have one name; "" joins nothing.

    Neither the order nor the direction in which they were drawn changes the chains; what was drawn twice counts once.
    Where three or more ends of one name meet, none of them goes on: a carriageway that divides is three chains.
    """
    groups = defaultdict[str, list[int]](list)
    for place, name in enumerate(names):
        groups[name or f"\x00{place}"].append(place)
    lines: list[Any] = []
    street: list[int] = []
    named: list[str] = []
    members: list[list[int]] = []
    for name, places in groups.items():
        chains = _chains([shapes[place] for place in places])
        number, whose = _streets(chains, [shapes[place] for place in places])
        lines += chains
        street += [len(named) + one for one in number]
        for one in range(max(number, default=-1) + 1):
            named.append("" if name.startswith("\x00") else name)
            members.append([place for place, belongs in zip(places, whose, strict=True) if belongs == one])
    return Chains(np.array(lines, dtype=object), np.array(street, np.int64), named, members)


def _chains(shapes: Sequence[Any]) -> list[Any]:
    """Lines joined where two ends meet, each from its western (of two, southern) end."""
    known = shapely.transform(np.array(shapes, dtype=object), lambda points: np.round(points, DIGITS))
    parts = shapely.normalize(shapely.get_parts(known))
    distinct = {one.wkb: one for one in parts if one is not None and one.length > 0}
    merged = shapely.line_merge(shapely.MultiLineString([distinct[text] for text in sorted(distinct)]))
    chains = shapely.get_parts(shapely.normalize(merged))
    return sorted(map(_from_the_west, chains), key=lambda line: line.coords[0])


def _from_the_west(line: Any) -> Any:
    return line if line.coords[0] <= line.coords[-1] else shapely.reverse(line)


def _streets(chains: Sequence[Any], shapes: Sequence[Any]) -> tuple[list[int], list[int]]:
    """The number of the street of each chain and of each shape: what is near to each other is one street."""
    if not chains:
        return [], [-1] * len(shapes)
    squeeze = float(np.cos(np.radians(chains[0].coords[0][1])))
    metric = shapely.transform(np.array(chains, dtype=object), lambda points: points * [squeeze, 1.0])
    tree = shapely.STRtree(metric)
    one, other = tree.query(metric, predicate="dwithin", distance=ONE_STREET_M / METRES_PER_DEGREE)
    near = csr_array((np.ones(len(one), np.int8), (one, other)), shape=(len(chains), len(chains)))
    number = connected_components(near, directed=False)[1]
    there = shapely.transform(np.array(shapes, dtype=object), lambda points: points * [squeeze, 1.0])
    whose = [-1 if shape is None or shape.is_empty else int(number[tree.nearest(shape)]) for shape in there]
    return number.tolist(), whose


class Measured:
    """A LineString in degrees (WGS 84) with metres along it, on the ellipsoid."""

    def __init__(self, line: Any) -> None:
        self.places: Floats = shapely.get_coordinates(line)
        lon, lat = self.places.T
        _, _, step = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        self.along_m: Floats = np.concatenate([[0.0], np.cumsum(step)])

    @property
    def length_m(self) -> float:
        """Of the whole line."""
        return float(self.along_m[-1])

    def at(self, metres: Floats) -> Floats:
        """Places (n, 2) in degrees at so many metres (n,) from the beginning."""
        return np.column_stack([np.interp(metres, self.along_m, axis) for axis in self.places.T])

    def part(self, from_m: float, to_m: float) -> Any:
        """The part between two distances from the beginning, as a LineString."""
        between = (self.along_m > from_m) & (self.along_m < to_m)
        ends = self.at(np.array([from_m, to_m]))
        return shapely.LineString(np.vstack([ends[:1], self.places[between], ends[1:]]))
