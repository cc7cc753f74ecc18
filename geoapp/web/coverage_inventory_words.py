"""The readers' words for inventories: verdicts with their signs, units, what is not known."""

from typing import Any

from flask import g, url_for
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.standards import Standard, Verdict
from geoapp.services.coverage.inventory_records import Line
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.standards import standards_table
from geoapp.web import labels
from geoapp.web.coverage_words import share
from geoapp.web.language import current

# A sign, so that a print without colours and an eye that sees none tell them apart.
SIGNS = {Verdict.MEETS: "✓", Verdict.SHORT: "◐", Verdict.MISSING: "✗", Verdict.UNKNOWN: "?"}
NOT_ASKED = "–"
VERDICTS = {
    Verdict.MEETS: _("meets the standard"),
    Verdict.SHORT: _("falls short"),
    Verdict.MISSING: _("missing"),
    Verdict.UNKNOWN: _("not known"),
}
NOTHING_ASKED = _("nothing asked here")
LEVELS = {"D": _("District"), "T": _("Each township"), "V": _("Each village")}
UNITS = {
    "facilities": _("how many"),
    "floor_area_m2": _("floor area of the largest one, m²"),
    "seats": _("seats of the largest one"),
    "books": _("books of the largest one"),
    "hours_per_week": _("hours a week of the longest open one"),
    "facilities_per_10000": _("how many for every 10,000 residents"),
    "floor_area_m2_per_10000": _("floor area for every 10,000 residents, m²"),
    "seats_per_10000": _("seats for every 10,000 residents"),
    "books_per_10000": _("books for every 10,000 residents"),
}
FACTS = {
    "township": _("Township"),
    "build_status": _("Build status"),
    "expected_opening": _("Expected opening"),
    "floor_area_m2": _("Floor area, m²"),
    "hours_per_week": _("Hours a week"),
    "seats": _("Seats"),
    "books": _("Books"),
    "position": _("Position"),
}
# What the table shows of every place and kind.
SHOWN = {
    "count": _("How many"),
    "floor_area_m2": _("Floor area, m²"),
    "seats": _("Seats"),
    "books": _("Books"),
    "hours_per_week": _("Hours a week"),
    "facilities_per_10000": _("How many for every 10,000 residents"),
    "floor_area_m2_per_10000": _("Floor area for every 10,000 residents"),
    "seats_per_10000": _("Seats for every 10,000 residents"),
    "books_per_10000": _("Books for every 10,000 residents"),
}


def number(value: float | None) -> str:
    """A number as people write it, or that it is unknown."""
    return str(labels.UNKNOWN) if value is None else str(format_decimal(round(value, 1 if abs(value) < 100 else 0)))


def verdict(value: Verdict | None) -> dict[str, Any]:
    """A verdict as it is shown: its name, sign and words."""
    if value is None:
        return {"name": "none", "sign": NOT_ASKED, "text": NOTHING_ASKED}
    return {"name": str(value), "sign": SIGNS[value], "text": VERDICTS[value]}


def standard(row: Standard) -> str:
    """A standard's name in the reader's language."""
    return row.en if current() == "en" else row.zh


def asked(row: Standard) -> str:
    """What a standard asks for, with its unit."""
    return str(gettext("%(unit)s: at least %(number)s", unit=UNITS[row.unit], number=number(row.number)))


def kinds(codes: tuple[str, ...]) -> str:
    """Kinds of facility by name, any of which will do."""
    named = kind_names(g.district, current())
    return str(gettext(" or ")).join(named.get(code, code) for code in codes)


def name(record: dict[str, Any]) -> str:
    """A record's name in the reader's language."""
    english = record.get("name_en") if current() == "en" else None
    return str(english or record.get("name") or record.get("id"))


def rows_address(rows: services.RowsBehind | None) -> str | None:
    """Where the rows behind a number stand."""
    if rows is None:
        return None
    return f"{url_for('tables.show', layer=rows.layer)}?{rows.selection.for_layer(rows.layer).query()}"


def is_proposed() -> bool:
    """Whether the standards are still those that geoapp proposes."""
    return standards_table(g.district).preset


def below(line: Line) -> str:
    """How far a township is below its standards; a dash where nothing is asked of it, which is not unknown."""
    asked = any(cell.judged for cell in line.cells.values()) or any(one.villages for one in line.villages)
    return share(line.below) if asked else "–"
