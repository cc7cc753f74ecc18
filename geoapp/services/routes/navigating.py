"""Where places lie for the map apps of phones."""

from collections.abc import Sequence

import numpy as np

from geoapp.analysis.datum import converted, in_china
from geoapp.domain.navigation import Destination
from geoapp.services.district import District

# The formulas of the shift hold in a rectangle that neighbouring countries reach into; the zone tells them apart.
ZONES_OF_CHINA = frozenset(
    {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC"}
)


def destinations(district: District, places: Sequence[tuple[str, float, float]]) -> list[Destination]:
    """Places as (name, lon, lat in WGS 84), in every datum that apps ask for; unshifted outside China."""
    lon, lat = np.array([place[1:] for place in places], float).reshape(-1, 2).T
    shifted = in_china(lon, lat) & (str(district.zone) in ZONES_OF_CHINA)
    gcj02, bd09 = (np.column_stack(converted(lon, lat, "wgs84", datum)).tolist() for datum in ("gcj02", "bd09"))
    return [
        Destination(name=name, wgs84=(x, y), gcj02=tuple(one) if here else None, bd09=tuple(other) if here else None)
        for (name, x, y), one, other, here in zip(places, gcj02, bd09, shifted.tolist(), strict=True)
    ]
