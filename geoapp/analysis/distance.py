"""Ways in metres."""

from pyproj import Geod

_WGS84 = Geod(ellps="WGS84")


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """The geodesic between two points in degrees, in metres on the WGS 84 ellipsoid (Karney 2013)."""
    _, _, metres = _WGS84.inv(lon, lat, other_lon, other_lat)
    return float(metres)
