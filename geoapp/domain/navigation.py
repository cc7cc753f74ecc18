"""Addresses that open a place, or the way to it, in the map app of a phone.

Each app is given what its own documentation asks for: AMap, Tencent and Apple's maps of China GCJ-02, Baidu BD-09,
everything else WGS 84. Sources: lbs.amap.com/api/uri-api, lbsyun.baidu.com (URI API), lbs.qq.com/webApi/uriV1,
developer.apple.com (Map Links), developers.google.com/maps/documentation/urls, RFC 5870 (geo:).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

Place = tuple[float, float]

# Longer names make the squares of a QR code too small to be read from paper.
LONGEST_NAME = 12
# Who asks, as the apps want to be told.
SOURCE = "geoapp"
_AMAP = {"car": "car", "bus": "car", "bicycle": "ride", "foot": "walk"}
_TENCENT = {"car": "drive", "bus": "drive", "bicycle": "bike", "foot": "walk"}
_GOOGLE = {"car": "driving", "bus": "driving", "bicycle": "bicycling", "foot": "walking"}


@dataclass(frozen=True, slots=True)
class AppLink:
    """An address that leads to a place. app: amap, baidu, tencent, apple, google, osm, or phone: what answers geo:."""

    app: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place by its name, in degrees (lon, lat) of each datum; outside China gcj02 and bd09 are None."""

    name: str
    wgs84: Place
    gcj02: Place | None = None
    bd09: Place | None = None


def navigation_links(to: Destination, profile: str) -> tuple[AppLink, ...]:
    """Ways to a place from where one stands, the usual app first."""
    phone = AppLink("phone", _geo(to))
    if to.gcj02 is None or to.bd09 is None:
        return (_google(to, profile), _osm(to), _apple(to, to.wgs84, profile), phone)
    return (_amap(to, to.gcj02, profile), _baidu(to, to.bd09), _tencent(to, to.gcj02, profile),
            _apple(to, to.gcj02, profile), phone)  # fmt: skip


def place_url(to: Destination) -> str:
    """The address that shows a place: in AMap, outside China on OpenStreetMap."""
    if to.gcj02 is None:
        return _osm(to).url
    marked = {"position": _lon_lat(to.gcj02), "name": _named(to), "src": SOURCE, "coordinate": "gaode", "callnative": 1}
    return f"https://uri.amap.com/marker?{_query(marked)}"


def _amap(to: Destination, place: Place, profile: str) -> AppLink:
    asked = {"to": f"{_lon_lat(place)},{_named(to)}", "mode": _AMAP[profile], "src": SOURCE, "coordinate": "gaode",
             "callnative": 1}  # fmt: skip
    return AppLink("amap", f"https://uri.amap.com/navigation?{_query(asked)}")


def _baidu(to: Destination, place: Place) -> AppLink:
    # Its address for ways asks for where one starts; the one for places has a button that leads there.
    asked = {"location": _lat_lon(place), "title": _named(to), "content": _named(to), "coord_type": "bd09ll",
             "output": "html", "src": f"webapp.{SOURCE}.{SOURCE}"}  # fmt: skip
    return AppLink("baidu", f"https://api.map.baidu.com/marker?{_query(asked)}")


def _tencent(to: Destination, place: Place, profile: str) -> AppLink:
    asked = {"type": _TENCENT[profile], "to": _named(to), "tocoord": _lat_lon(place), "referer": SOURCE}
    return AppLink("tencent", f"https://apis.map.qq.com/uri/v1/routeplan?{_query(asked)}")


def _apple(to: Destination, place: Place, profile: str) -> AppLink:
    asked = {"daddr": _lat_lon(place), "q": _named(to), "dirflg": "w" if profile == "foot" else "d"}
    return AppLink("apple", f"https://maps.apple.com/?{_query(asked)}")


def _google(to: Destination, profile: str) -> AppLink:
    asked = {"api": 1, "destination": _lat_lon(to.wgs84), "travelmode": _GOOGLE[profile]}
    return AppLink("google", f"https://www.google.com/maps/dir/?{_query(asked)}")


def _osm(to: Destination) -> AppLink:
    lon, lat = (f"{value:.6f}" for value in to.wgs84)
    return AppLink("osm", f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}")


def _geo(to: Destination) -> str:
    place = _lat_lon(to.wgs84)
    return f"geo:{place}?q={place}({quote(_named(to), safe='')})"


def _named(to: Destination) -> str:
    """The name without what separates the parts of such addresses."""
    return re.sub(r"[\s,|:()&#]+", " ", to.name).strip()[:LONGEST_NAME]


def _lon_lat(place: Place) -> str:
    return f"{place[0]:.6f},{place[1]:.6f}"


def _lat_lon(place: Place) -> str:
    return f"{place[1]:.6f},{place[0]:.6f}"


def _query(values: Mapping[str, object]) -> str:
    return urlencode(values, safe=",", quote_via=quote)
