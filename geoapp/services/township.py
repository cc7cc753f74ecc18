"""One township on one sheet: its numbers, its sites, what culture it has and lacks."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from geoapp.domain.errors import NotFound
from geoapp.domain.problem import OPEN, Status
from geoapp.domain.selection import Due, Scope, Selection
from geoapp.services.browse import count, flat, statistics
from geoapp.services.district import BBox, District
from geoapp.services.selected import selected
from geoapp.storage.columns import NO_TIME


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Problems of one category: all, open and overdue ones."""

    category: str | None
    all: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site, when it was last checked with which outcome (None: never), and its open problems."""

    record: dict[str, Any]
    visited_at: datetime | None
    outcome: str | None
    open: int


@dataclass(frozen=True, slots=True)
class TownshipSheet:
    """What stands on the sheet.

    numbers: a name, how many problems, and the selection that opens them. lacks: codes of the kinds of facility that a
    township is meant to have and this one has not. bbox: None for a township without an area of its own.
    """

    record: dict[str, Any]
    bbox: BBox | None
    numbers: tuple[tuple[str, int, Selection], ...]
    categories: tuple[CategoryLine, ...]
    sites: tuple[SiteLine, ...]
    facilities: tuple[dict[str, Any], ...]
    lacks: tuple[str, ...]
    villages: tuple[dict[str, Any], ...]


def township_sheet(district: District, code: str, scope: Scope) -> TownshipSheet:
    """All that stands on a township's sheet; raises NotFound."""
    snapshot = district.present.snapshot("townships")
    chosen = selected(district, "townships", Selection(township=(code,)), scope)
    if not len(chosen):
        raise NotFound("There is no {id!r} among the {layer}.", id=code, layer="townships")
    here = Selection(township=(code,))
    bounds = snapshot.bounds(chosen)[0]
    facilities = _records(district, "facilities", here, scope)
    return TownshipSheet(
        record=flat(district, "townships", chosen[:1], scope)[0],
        bbox=None if np.isnan(bounds).any() else (bounds[0], bounds[1], bounds[2], bounds[3]),
        numbers=_numbers(district, here, scope),
        categories=_categories(district, here, scope),
        sites=_sites(district, here, scope),
        facilities=facilities,
        lacks=_lacking(district, facilities),
        villages=_records(district, "villages", here, scope),
    )


def _numbers(district: District, here: Selection, scope: Scope) -> tuple[tuple[str, int, Selection], ...]:
    wanted = {
        "found": here,
        "open": replace(here, status=tuple(sorted(OPEN))),
        "overdue": replace(here, due=Due.OVERDUE),
        "soon": replace(here, due=Due.SOON),
        "rectified": replace(here, status=(Status.RECTIFIED,)),
        "closed": replace(here, status=(Status.CLOSED,)),
    }
    return tuple((name, count(district, "problems", chosen, scope).count, chosen) for name, chosen in wanted.items())


def _categories(district: District, here: Selection, scope: Scope) -> tuple[CategoryLine, ...]:
    def by_category(chosen: Selection) -> dict[str | None, int]:
        rows = statistics(district, "problems", chosen, scope, by=("category",))
        return {row["category"]: row["count"] for row in rows}

    every = by_category(here)
    still = by_category(replace(here, status=tuple(sorted(OPEN))))
    late = by_category(replace(here, due=Due.OVERDUE))
    return tuple(CategoryLine(name, number, still.get(name, 0), late.get(name, 0)) for name, number in every.items())


NEVER: tuple[datetime | None, str | None] = (None, None)


def _sites(district: District, here: Selection, scope: Scope) -> tuple[SiteLine, ...]:
    """Demonstration sites and survey points first, then those with the most open problems."""
    seen = last_visits(district, here, scope)
    open_rows = statistics(district, "problems", replace(here, status=tuple(sorted(OPEN))), scope, by=("site",))
    still = {row["site"]: row["count"] for row in open_rows}
    lines = [
        SiteLine(record, *seen.get(record["id"], NEVER), still.get(record["id"], 0))
        for record in _records(district, "sites", here, scope)
    ]
    return tuple(sorted(lines, key=_weight))


def _weight(line: SiteLine) -> tuple[bool, bool, int]:
    return not line.record.get("is_demonstration"), not line.record.get("is_survey_point"), -line.open


def last_visits(district: District, here: Selection, scope: Scope) -> dict[str, tuple[datetime | None, str | None]]:
    """Of every site the time and outcome of its latest visit."""
    snapshot, rows = district.present.snapshot("visits"), selected(district, "visits", here, scope)
    seconds = snapshot.times("visited_at", rows)
    rows = rows[np.argsort(seconds, kind="stable")]
    columns = zip(
        snapshot.texts("site_id", rows), np.sort(seconds).tolist(), snapshot.texts("outcome", rows), strict=True
    )
    # The later one overwrites the earlier one.
    return {
        site: (datetime.fromtimestamp(at, district.zone), outcome)
        for site, at, outcome in columns
        if site is not None and at != NO_TIME
    }


def _lacking(district: District, facilities: tuple[dict[str, Any], ...]) -> tuple[str, ...]:
    table = district.present.document("tables", "facility_kinds") or {"rows": []}
    built = {record["kind"] for record in facilities if record.get("build_status") in (None, "built")}
    return tuple(
        row["code"]
        for row in table["rows"]
        if row.get("in_coverage") and "T" in (row.get("level") or "").split("/") and row["code"] not in built
    )


def _records(district: District, layer: str, here: Selection, scope: Scope) -> tuple[dict[str, Any], ...]:
    snapshot, rows = district.present.snapshot(layer), selected(district, layer, here, scope)
    rows = rows[np.argsort(snapshot.born(rows), kind="stable")]
    return tuple(flat(district, layer, rows, scope))
