"""What OpenStreetMap's tags say of who may use a road, and how."""

import re
from collections.abc import Mapping
from typing import Any

from geoapp.storage.osm_tags import DRIVABLE

KEYS = (
    *("access", "vehicle", "motor_vehicle", "motorcar", "bus", "psv", "bicycle", "foot", "oneway", "oneway:bicycle"),
    *("junction", "cycleway", "cycleway:left", "cycleway:both", "bridge", "tunnel", "layer", "maxspeed", "maxheight"),
    *("maxwidth", "width", "construction"),
)
_EVERYBODY = ("car", "bus", "bicycle", "foot")
# From the widest word to the narrowest: a later one says more than an earlier one.
_WORDS = (
    ("access", _EVERYBODY),
    ("vehicle", ("car", "bus", "bicycle")),
    ("motor_vehicle", ("car", "bus")),
    ("motorcar", ("car",)),
    ("psv", ("bus",)),
    ("bus", ("bus",)),
    ("bicycle", ("bicycle",)),
    ("foot", ("foot",)),
)
_NO = frozenset({"no", "private", "agricultural", "forestry", "military", "emergency", "dismount", "use_sidepath",
                 "delivery", "permit"})  # fmt: skip
_YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers", "public"})
_AHEAD, _AGAINST = frozenset({"yes", "true", "1"}), frozenset({"-1", "reverse"})
_MILE_KM = 1.609344
_WALK_KMH = 7.0


def road_properties(kind: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a road's record that its tags speak of; kind: as in osm_tags.ROADS."""
    said: dict[str, Any] = {
        "oneway": _oneway(tags),
        "two_way_for": "bicycle" if _contraflow(tags) else None,
        "uses": _uses(kind, tags),
        "level": _level(tags) or None,
        "limit_kmh": _speed(tags.get("maxspeed", "")),
        "height_m": _metres(tags.get("maxheight", "")),
        "width_m": _metres(tags.get("maxwidth") or tags.get("width", "")),
    }
    return {name: value for name, value in said.items() if value is not None}


def _usual(kind: str) -> set[str]:
    if kind in DRIVABLE:
        # A coach keeps out of lanes, unless they say that it need not.
        return {"highway": {"car", "bus"}, "lane": {"car", "bicycle", "foot"}}.get(kind, set(_EVERYBODY))
    return {"foot"} if kind in ("steps", "footway") else {"bicycle", "foot"}


def _uses(kind: str, tags: Mapping[str, str]) -> str | None:
    usual = _usual(kind)
    # Residential streets are lanes here, but wide enough for a coach.
    allowed = usual | ({"bus"} if tags.get("highway") == "residential" else set())
    for key, users in _WORDS:
        word = tags.get(key, "")
        if word in _NO:
            allowed -= set(users)
        elif word in _YES and key != "access":
            allowed |= set(users)
    return None if allowed == usual else ",".join(user for user in _EVERYBODY if user in allowed) or "none"


def _oneway(tags: Mapping[str, str]) -> str | None:
    word = tags.get("oneway", "")
    if word in _AGAINST:
        return "backward"
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") in ("motorway", "motorway_link")
    return "forward" if word in _AHEAD or (implied and word != "no") else None


def _contraflow(tags: Mapping[str, str]) -> bool:
    sides = (tags.get(key, "") for key in ("cycleway", "cycleway:left", "cycleway:both"))
    return tags.get("oneway:bicycle") == "no" or any(side.startswith("opposite") for side in sides)


def _level(tags: Mapping[str, str]) -> int:
    layer = tags.get("layer", "")
    if re.fullmatch(r"-?\d", layer):
        return int(layer)
    if tags.get("bridge", "no") != "no":
        return 1
    return -1 if tags.get("tunnel", "no") not in ("no", "building_passage") else 0


def _speed(text: str) -> float | None:
    if text == "walk":
        return _WALK_KMH
    found = re.fullmatch(r"(\d{1,3})(?:\s*(mph|km/h))?", text.strip())
    if not found or int(found[1]) == 0:
        return None
    return round(int(found[1]) * (_MILE_KM if found[2] == "mph" else 1.0), 1)


def _metres(text: str) -> float | None:
    found = re.fullmatch(r"(\d{1,2}(?:[.,]\d+)?)\s*m?", text.strip())
    value = float(found[1].replace(",", ".")) if found else 0.0
    return value or None
