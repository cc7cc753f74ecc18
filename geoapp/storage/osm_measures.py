"""Speeds and lengths as OpenStreetMap's mappers write them."""

import re

LAYER = re.compile(r"-?\d")
_MILE_KM, _FOOT_M, _INCH_M = 1.609344, 0.3048, 0.0254
_WALK_KMH = 7.0
# What limits that are only named come to in most countries.
_NAMED_KMH = {"walk": _WALK_KMH, "living_street": 20.0, "urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0}
_SPEED = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh|kph)?")
_NAMED = re.compile(r"(?:[A-Za-z]{2}(?:-[A-Za-z]+)?:)?(?:zone:?)?([a-z_]+|\d{1,3})")
_METRES = re.compile(r"(\d{1,2}(?:[.,]\d+)?)\s*(?:m|metres|meters)?")
_FEET = re.compile(r"(\d{1,2}(?:[.,]\d+)?)\s*(?:'|ft|feet)(?:\s*(\d{1,2})\s*(?:\"|''|in)?)?")
_RANGE = re.compile(r"\s*(?:;|\||\s-\s|–|(?<=\d)-(?=\d))\s*")


def speed_kmh(text: str) -> float | None:
    """A speed limit: "50", "30 mph", "RU:urban", "DE:zone30", "walk"; the lowest of several; None for none."""
    found = [one for one in map(_one_speed, text.split(";")) if one]
    return min(found, default=None)


def metres(text: str) -> float | None:
    """A height or width: "3.5", "3,5 m", "12'6\\"", "2 - 3"; the smallest of several; None for words."""
    found = [one for one in map(_one_length, _RANGE.split(text)) if one]
    return min(found, default=None)


def _one_speed(text: str) -> float | None:
    text = text.strip()
    number = _SPEED.fullmatch(text)
    if number:
        return round(int(number[1]) * (_MILE_KM if number[2] == "mph" else 1.0), 1) or None
    named = _NAMED.fullmatch(text)
    if not named:
        return None
    return float(named[1]) or None if named[1].isdigit() else _NAMED_KMH.get(named[1])


def _one_length(text: str) -> float | None:
    text = text.strip().lower()
    metric = _METRES.fullmatch(text)
    if metric:
        return float(metric[1].replace(",", ".")) or None
    feet = _FEET.fullmatch(text)
    if not feet:
        return None
    return round(float(feet[1].replace(",", ".")) * _FOOT_M + int(feet[2] or 0) * _INCH_M, 2) or None
