"""The editable tables: categories, kinds, units, rounds and batches.

A table is a document with a version: {"name", "version", "preset", "note", "note_en", "rows": [...]}. What geoapp ships
are presets of its own making; every uncertain value carries "check": true and is shown as "check before use".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoapp.domain.errors import BadInput
from geoapp.domain.inspection import Batch, Round
from geoapp.domain.line_standards import LineStandard
from geoapp.domain.standards import Standard


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
    check: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A responsible unit (责任单位), found by its role so that another district can map its own."""

    code: str
    zh: str
    en: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKind:
    """A kind of site: a preset, since kinds are open text.

    group: T, W, C or M, in which the programme wants demonstration sites. minutes: how long a visit takes.
    """

    code: str
    zh: str
    en: str
    group: str | None = None
    minutes: int | None = None
    look_when: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityKind:
    """A kind of facility: a preset. level: D district, T township, V village, or several of them by slash.

    in_coverage: whether it counts in the usual denominator of coverage.
    """

    code: str
    zh: str
    en: str
    level: str | None = None
    in_coverage: bool = False


MEASURES = ("awareness", "participation", "support", "satisfaction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What residents answered to one question: `yes` of the `asked` who answered it, on the day the survey ended.

    measure: awareness, participation, support or satisfaction.
    """

    code: str
    measure: str
    ended_on: date
    asked: int
    yes: int
    source: str | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise BadInput("{value!r} is not one of {known}.", value=self.measure, known=", ".join(MEASURES))
        if not 0 <= self.yes <= self.asked:
            raise BadInput("{yes} of {asked} cannot have said yes.", yes=self.yes, asked=self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How an office lays out its tables of one layer.

    headings: its columns in their order. fields: beside each the field that it means, "" for none. fixed: values by
    field for all rows. datum: in which its coordinates stand.
    """

    code: str
    zh: str
    en: str
    layer: str
    headings: tuple[str, ...]
    fields: tuple[str, ...]
    fixed: Mapping[str, str]
    datum: str = "wgs84"

    def __post_init__(self) -> None:
        if len(self.headings) != len(self.fields):
            raise BadInput("A template needs a field, or an empty text, for every heading.")


# What a row of each table is.
TABLES: dict[str, type] = {
    "categories": Category,
    "units": Unit,
    "site_kinds": SiteKind,
    "facility_kinds": FacilityKind,
    "standards": Standard,
    "rounds": Round,
    "batches": Batch,
    "surveys": Survey,
    "templates": Template,
    "line_standards": LineStandard,
}


def wording(rows: Iterable[Mapping[str, Any]], language: str) -> dict[str, str]:
    """Code to name in one language ("zh" or "en"), for a table's rows."""
    key = "zh" if language.startswith("zh") else "en"
    return {str(row["code"]): str(row.get(key) or row["zh"]) for row in rows}
