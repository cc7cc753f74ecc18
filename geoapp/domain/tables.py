"""The editable tables: categories, kinds, units, rounds and batches.

A table is a document with a version: {"name", "version", "preset", "note", "note_en", "rows": [...]}. What geoapp ships
are presets of its own making; every uncertain value carries "check": true and is shown as "check before use".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN_CATEGORY = "00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A problem category (two digits) or a subcategory (four digits).

    work_class: I 立行立改 at once, L 限期整改 by a date, S 长期整改 standing. deadline: a rule such as "4 wh" (h hours,
    wh working hours, wd working days, d days). units: roles, the lead first. recheck: same_time or None.
    """

    code: str
    zh: str
    en: str
    slug: str | None = None
    work_class: str | None = None
    deadline: str | None = None
    units: tuple[str, ...] = ()
    recheck: str | None = None
    proof: tuple[str, ...] = ()
    severe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A responsible unit (责任单位), found by its role so that another district can map its own."""

    code: str
    zh: str
    en: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of site or facility: a preset, since kinds are open text."""

    code: str
    zh: str
    en: str


def wording(rows: Iterable[Mapping[str, Any]], language: str) -> dict[str, str]:
    """Code to name in one language ("zh" or "en"), for a table's rows."""
    key = "zh" if language.startswith("zh") else "en"
    return {str(row["code"]): str(row.get(key) or row["zh"]) for row in rows}
