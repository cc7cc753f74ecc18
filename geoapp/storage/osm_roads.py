"""What OpenStreetMap's tags say of who may use a road, and how."""

from collections.abc import Mapping
from typing import Any

from geoapp.storage.osm_measures import LAYER, metres, speed_kmh
from geoapp.storage.osm_tags import DRIVABLE, ROADS

# From the widest word to the narrowest: a later one says more than an earlier one.
_WORDS = (
    ("access", ("car", "bus", "bicycle", "foot")),
    ("vehicle", ("car", "bus", "bicycle")),
    ("motor_vehicle", ("car", "bus")),
    ("motorcar", ("car",)),
    ("psv", ("bus",)),
    ("bus", ("bus",)),
    ("tourist_bus", ("bus",)),
    ("coach", ("bus",)),
    ("bicycle", ("bicycle",)),
    ("foot", ("foot",)),
)
# Words about buses in service. What they are let into is no way for a coach, but where cars go a coach fits, too.
_IN_SERVICE = frozenset({"psv", "bus"})
# Restrictions at times (in winter, at night): a graph knows no calendar, so that such roads count as open.
CONDITIONAL = tuple(f"{key}:conditional" for key in ("access", "vehicle", "motor_vehicle", "motorcar"))
KEYS = (
    *(key for key, _ in _WORDS),
    *CONDITIONAL,
    *("oneway", "oneway:bicycle", "junction", "cycleway", "cycleway:left", "cycleway:both", "motorroad", "service"),
    *("bridge", "tunnel", "covered", "layer", "area", "sac_scale", "smoothness", "impassable"),
    *("construction", "proposed", "disused", "abandoned", "ice_road", "winter_road", "locked"),
    *("maxspeed", "maxspeed:type", "zone:maxspeed", "maxspeed:forward", "maxspeed:backward"),
    *("maxheight", "maxheight:physical", "maxwidth", "maxwidth:physical", "width"),
)
# What is written beside OpenStreetMap's own tags: whom a barrier on this stretch keeps out.
BARRED = "geoapp:barred"
_EVERYBODY = ("car", "bus", "bicycle", "foot")
_NO = frozenset({"no", "private", "agricultural", "forestry", "military", "emergency", "dismount", "use_sidepath",
                 "delivery", "permit", "restricted", "impassable"})  # fmt: skip
_YES = frozenset({"yes", "designated", "permissive", "official", "destination", "customers", "public", "residents"})
_AHEAD, _AGAINST = frozenset({"yes", "true", "1"}), frozenset({"-1", "reverse"})
# What is not there yet, or no longer, or only while it freezes.
_ABSENT = {"construction": frozenset({"yes", "major"}), "proposed": frozenset({"yes"}), "disused": frozenset({"yes"}),
           "abandoned": frozenset({"yes"}), "impassable": frozenset({"yes"}), "ice_road": frozenset({"yes"}),
           "winter_road": frozenset({"yes"}), "service": frozenset({"emergency_access"})}  # fmt: skip
# Hikers' grades from which on one needs more than boots, and those on which nobody rides.
_CLIMBING = frozenset({"alpine_hiking", "demanding_alpine_hiking", "difficult_alpine_hiking"})
_HIKING = _CLIMBING | {"mountain_hiking", "demanding_mountain_hiking"}
# Who cannot pass which barrier; gates, barriers that lift, toll booths and grids for cattle are for all.
_VEHICLES, _RIDERS = frozenset({"car", "bus"}), frozenset({"car", "bus", "bicycle"})
_BARRED = {
    **dict.fromkeys(("bollard", "block", "cycle_barrier", "chain", "jersey_barrier", "log", "debris", "planter",
                     "motorcycle_barrier", "horse_stile", "sump_buster"), _VEHICLES),
    "bus_trap": frozenset({"car"}),
    **dict.fromkeys(("stile", "kissing_gate", "turnstile", "full-height_turnstile", "hampshire_gate"), _RIDERS),
}  # fmt: skip
# A vehicle needs more room than it is wide.
_BESIDE_M = 0.95


def road_kind(tags: Mapping[str, str]) -> str | None:
    """The kind of road, None for what is none: trunk roads are main roads unless they are closed to slow vehicles."""
    kind = ROADS.get(tags.get("highway", ""))
    return "highway" if kind == "main" and tags.get("motorroad") == "yes" else kind


def road_properties(kind: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a road's record that its tags speak of; kind: as road_kind says."""
    said: dict[str, Any] = {
        "oneway": _oneway(tags),
        "two_way_for": "bicycle" if _contraflow(tags) else None,
        "uses": _uses(kind, tags),
        "level": _level(tags) or None,
        "limit_kmh": _limit(tags),
        "height_m": metres(tags.get("maxheight", "")) or metres(tags.get("maxheight:physical", "")),
        "width_m": _width(tags),
    }
    return {name: value for name, value in said.items() if value is not None}


def barred(tags: Mapping[str, str]) -> frozenset[str]:
    """Whom a barrier keeps out, of its node's tags: who cannot pass it, unless its signs say otherwise."""
    kind = tags.get("barrier", "")
    allowed = set(_EVERYBODY) - _BARRED.get(kind, frozenset()) if tags.get("locked") != "yes" else {"foot"}
    for key, users in _WORDS:
        open_to = _meant(tags.get(key, ""))
        if open_to is not None and key not in _IN_SERVICE:
            allowed = allowed | set(users) if open_to else allowed - set(users)
    return frozenset(_EVERYBODY) - allowed


def closed_at_times(tags: Mapping[str, str]) -> bool:
    """Whether cars are kept out at some times, in winter or at night."""
    return any(tags.get(key, "").startswith(tuple(_NO)) for key in CONDITIONAL)


def _usual(kind: str) -> set[str]:
    """Who uses roads of a kind if nothing is said: as the profiles have it."""
    if kind in DRIVABLE:
        # A coach keeps out of lanes, unless they say that it need not.
        return {"highway": {"car", "bus"}, "lane": {"car", "bicycle", "foot"}}.get(kind, set(_EVERYBODY))
    return {"foot"} if kind in ("steps", "footway") else {"bicycle", "foot"}


def _uses(kind: str, tags: Mapping[str, str]) -> str | None:
    usual = _usual(kind)
    # Residential streets are lanes here, but wide enough for a coach.
    fit = usual | ({"bus"} if tags.get("highway") == "residential" else set())
    allowed = set(fit)
    for key, users in _WORDS:
        open_to = _meant(tags.get(key, ""))
        if open_to is False:
            allowed -= set(users)
        elif open_to:
            allowed |= _opened(key, users, fit, allowed)
    allowed -= _kept_out(tags) | set(tags.get(BARRED, "").split())
    return None if allowed == usual else ",".join(user for user in _EVERYBODY if user in allowed) or "none"


def _opened(key: str, users: tuple[str, ...], fit: set[str], allowed: set[str]) -> set[str]:
    """Whom a word lets in that the kind of road is not for."""
    if key == "access" or (key in _IN_SERVICE and "car" not in allowed):
        # That everybody may use it means everybody who can: no cars on stairs.
        return set()
    # That motor vehicles may does not mean that a coach has room: that has to be said of coaches.
    return {user for user in users if user != "bus" or "bus" in fit or len(users) == 1}


def _meant(word: str) -> bool | None:
    """Whether a word opens or closes a road, None if neither; of several words the open one counts."""
    words = {one.strip() for one in word.split(";")}
    return True if words & _YES else False if words & _NO else None


def _kept_out(tags: Mapping[str, str]) -> set[str]:
    """Whom the state of the road keeps out, whatever signs say."""
    if any(tags.get(key) in words for key, words in _ABSENT.items()) or tags.get("sac_scale") in _CLIMBING:
        return set(_EVERYBODY)
    out = {"car", "bus"} if tags.get("area") == "yes" else set()
    if tags.get("smoothness") == "impassable":
        out |= {"car", "bus", "bicycle"}
    if tags.get("sac_scale") in _HIKING and _meant(tags.get("bicycle", "")) is not True:
        out |= {"car", "bus", "bicycle"}
    return out


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
    """Above 0 on bridges, below in tunnels.

    A road in the open is on the ground whatever its layer says, which tells how to draw it. A gallery against
    avalanches and a passage through a house are on the ground, too.
    """
    bridge, tunnel = tags.get("bridge", "no") != "no", tags.get("tunnel", "no")
    under = tunnel not in ("no", "building_passage", "avalanche_protector")
    if not bridge and not under:
        return 0
    layer = LAYER.fullmatch(tags.get("layer", ""))
    return int(layer[0]) if layer else 1 if bridge else -1


def _limit(tags: Mapping[str, str]) -> float | None:
    words = (tags.get(key, "") for key in ("maxspeed", "maxspeed:type", "zone:maxspeed"))
    found = next((limit for limit in map(speed_kmh, words) if limit), None)
    sides = [speed_kmh(tags.get(f"maxspeed:{side}", "")) for side in ("forward", "backward")]
    return found or min((limit for limit in sides if limit), default=None)


def _width(tags: Mapping[str, str]) -> float | None:
    """Of the road; where only the widest vehicle is stated, as much more as a vehicle needs."""
    road = metres(tags.get("width", ""))
    vehicle = metres(tags.get("maxwidth", "")) or metres(tags.get("maxwidth:physical", ""))
    stated = [width for width in (road, None if vehicle is None else round(vehicle + _BESIDE_M, 2)) if width]
    return min(stated, default=None)
