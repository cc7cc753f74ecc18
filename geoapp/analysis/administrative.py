"""What the lines and areas of a map extract belong to: administrative levels, and streets of many parts."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# Fewer areas are no division, more are no list that a person reads.
FEWEST, MOST = 2, 400
# A level must cover the district: what it leaves out would belong to nobody.
LEAST_COVER = 0.9


def best_level(levels: Mapping[int, Sequence[Any]], whole: Any) -> int | None:
    """The finest level whose areas divide `whole` nearly completely; None if none does.

    levels: areas by admin_level. Areas and whole: polygons in one CRS, degrees will do, since only shares are compared.
    """
    fitting = [level for level, areas in levels.items() if FEWEST <= len(areas) <= MOST and _covers(areas, whole)]
    return max(fitting, default=None)


def inside(areas: Sequence[Any], whole: Any) -> list[int]:
    """The places in the list of those areas that lie in `whole`, judged by a point on their surface."""
    points = shapely.point_on_surface(np.array(areas, dtype=object))
    shapely.prepare(whole)
    covered: list[int] = np.flatnonzero(shapely.covers(whole, points)).tolist()
    return covered


def hanging_together(lines: Sequence[Any]) -> list[list[int]]:
    """Lines that touch, directly or through others: each group as places in the list, in order."""
    one, other = shapely.STRtree(lines).query(np.array(lines, dtype=object), predicate="intersects")
    touching = coo_array((np.ones(len(one)), (one, other)), shape=(len(lines), len(lines)))
    groups, group = connected_components(touching, directed=False)
    return [np.flatnonzero(group == number).tolist() for number in range(groups)]


def _covers(areas: Sequence[Any], whole: Any) -> bool:
    together = shapely.union_all(np.array(areas, dtype=object))
    return bool(shapely.area(shapely.intersection(together, whole)) >= LEAST_COVER * shapely.area(whole))
