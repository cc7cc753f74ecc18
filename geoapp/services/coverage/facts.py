"""What should be known of a facility, and what proves it."""

from collections.abc import Iterable, Mapping
from typing import Any

from geoapp.domain.places import COMING
from geoapp.domain.standards import AMOUNTS, Standard
from geoapp.domain.weekly_hours import WeeklyHours
from geoapp.services.coverage.kinds import SITES, place_of

_ALWAYS = ("build_status", "floor_area_m2", "hours_per_week")
_OF_KINDS = {"seats": ("theatre",), "books": ("library", "library_branch")}


def unknown_facts(record: Mapping[str, Any], standards: Iterable[Standard]) -> tuple[str, ...]:
    """Names of the fields of a facility that nobody has filled in, though they are asked for.

    Asked for are township and place, build status (and when it opens, where it does not stand yet), floor area and
    weekly hours of every facility; seats of theatres and books of libraries; and whatever a standard measures. Of sites
    only township and place are asked for: they have no field for the rest.
    """
    kind = record.get("kind")
    if place_of(str(record["id"])).layer == SITES:
        return tuple(name for name, known in (("township", record.get("township")), ("position", record.get("placed")))
                     if not known)  # fmt: skip
    asked = [*_ALWAYS, *(name for name, kinds in _OF_KINDS.items() if kind in kinds)]
    asked += [one.measured for one in standards if kind in one.kinds and one.measured in AMOUNTS]
    asked += ["expected_opening"] if record.get("build_status") in COMING else []
    known = {**record, "hours_per_week": hours_of(record)}
    missing = [name for name in dict.fromkeys(("township", *asked)) if known.get(name) is None]
    return tuple(missing) + (() if record.get("placed") else ("position",))


def hours_of(record: Mapping[str, Any]) -> float | None:
    """Hours a week as they were given, or by the weekly table; None where neither is known."""
    given: float | None = record.get("hours_per_week")
    if given is not None:
        return given
    table = WeeklyHours.parse(record.get("opening_hours"))
    return None if table is None else table.hours_per_week
