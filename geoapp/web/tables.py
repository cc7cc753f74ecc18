"""Tables and details: which fields are shown, under which names, in which words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import format_date, format_datetime, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.web import labels
from geoapp.web.language import current

Value = Any
Writer = Callable[[Value], str]


def _text(value: Value) -> str:
    return str(value)


def _number(value: Value) -> str:
    return str(format_decimal(value))


def _metres(value: Value) -> str:
    return str(gettext("%(number)s m", number=format_decimal(round(value))))


def _moment(value: Value) -> str:
    return str(format_datetime(datetime.fromisoformat(value), "short"))


def _day(value: Value) -> str:
    return str(format_date(datetime.fromisoformat(value), "medium"))


def _rule(value: Value) -> str:
    """A rule such as "4 wh" in words."""
    number, _, unit = str(value).partition(" ")
    words = labels.RULES.get(unit)
    return str(words) % {"number": number} if words else str(value)


def _yes_or_no(value: Value) -> str:
    return str(gettext("yes") if value else gettext("no"))


def _enum(name: str) -> Writer:
    return lambda value: str(labels.ENUMS[name].get(value, value))


def _word(table: str) -> Writer:
    def written(value: Value) -> str:
        words = services.wording(g.district, table, current())
        codes = value if isinstance(value, list) else [value]
        return ", ".join(str(words.get(code, code)) for code in codes)

    return written


def _category(value: Value) -> str:
    return str(labels.UNCLASSIFIED) if value == "00" else _word("categories")(value)


# Fields that stand in any layer, after its own ones.
_PLACE: list[tuple[str, Any, Writer]] = [
    ("township", _("Township"), _word("townships")),
    ("township_joined", _("Township by position"), _word("townships")),
    ("nearest_township", _("Nearest township"), _word("townships")),
    ("nearest_township_m", _("Distance to it"), _metres),
    ("street", _("Street"), _word("streets")),
    ("position_precision", _("Position"), _enum("position_precision")),
    ("source", _("Source"), _text),
]

FIELDS: dict[str, list[tuple[str, Any, Writer]]] = {
    "problems": [
        ("number", _("Number"), _text),
        ("category", _("Category"), _category),
        ("subcategory", _("Subcategory"), _word("categories")),
        ("status", _("State"), _enum("status")),
        ("severity", _("Severity"), _enum("severity")),
        ("description", _("Description"), _text),
        ("found_at", _("Found"), _moment),
        ("deadline", _("Deadline"), _moment),
        ("deadline_rule", _("Rule of the deadline"), _rule),
        ("lead_unit", _("Lead unit"), _word("units")),
        ("helping_units", _("Helping units"), _word("units")),
        ("origin", _("Reported by"), _enum("origin")),
        ("round_id", _("Round"), _word("rounds")),
        ("measures", _("Measures"), _text),
        ("rectified_at", _("Put right"), _moment),
        ("closed_at", _("Closed"), _moment),
        ("rework", _("Times sent back"), _number),
        ("negative_list", _("On the negative list"), _yes_or_no),
    ],
    "sites": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("kind", _("Kind"), _word("site_kinds")),
        ("is_demonstration", _("Demonstration site"), _yes_or_no),
        ("group", _("Group"), _enum("group")),
        ("is_survey_point", _("Survey point"), _yes_or_no),
        ("is_trouble_spot", _("Trouble spot"), _yes_or_no),
        ("build_status", _("Build status"), _enum("build_status")),
        ("address", _("Address"), _text),
        ("visit_minutes", _("Minutes for a visit"), _number),
    ],
    "facilities": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("kind", _("Kind"), _word("facility_kinds")),
        ("level", _("Level"), _enum("level")),
        ("build_status", _("Build status"), _enum("build_status")),
        ("ownership", _("Ownership"), _enum("ownership")),
        ("floor_area_m2", _("Floor area, m²"), _number),
        ("seats", _("Seats"), _number),
        ("books", _("Books"), _number),
        ("opening_hours", _("Opening hours"), _text),
        ("hours_per_week", _("Hours a week"), _number),
    ],
    "villages": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("kind", _("Kind"), _enum("village_kind")),
        ("code", _("Code"), _text),
        ("population", _("Residents"), _number),
    ],
    "visits": [
        ("name", _("Site"), _text),
        ("visited_at", _("Visited"), _moment),
        ("round_id", _("Round"), _word("rounds")),
        ("outcome", _("Outcome"), _enum("outcome")),
        ("findings", _("Findings"), _number),
        ("note", _("Note"), _text),
    ],
    "townships": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("official_name", _("Official name"), _text),
        ("kind", _("Kind"), _enum("township_kind")),
        ("code", _("Code"), _text),
        ("population", _("Residents"), _number),
        ("population_note", _("What was counted"), _text),
        ("area_km2", _("Published area, km²"), _number),
        ("villages", _("Villages"), _number),
        ("communities", _("Communities"), _number),
        ("schematic", _("Boundary is schematic"), _yes_or_no),
    ],
    "streets": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("kind", _("Kind"), _enum("street_kind")),
    ],
    "roads": [
        ("name", _("Name"), _text),
        ("name_en", _("English name"), _text),
        ("kind", _("Kind"), _enum("street_kind")),
    ],
}
# Numbers that everybody asks for: when nobody knows them, the details say so.
ASKED_FOR = {
    "townships": {"population", "area_km2"},
    "villages": {"population"},
    "facilities": {"floor_area_m2", "seats", "books", "hours_per_week"},
    "problems": {"deadline"},
}
TABLE = {
    "problems": ("number", "category", "subcategory", "status", "township", "lead_unit", "found_at", "deadline"),
    "sites": ("name", "kind", "is_demonstration", "is_survey_point", "is_trouble_spot", "township"),
    "facilities": ("name", "kind", "level", "build_status", "township", "position_precision"),
    "villages": ("name", "kind", "code", "township", "position_precision"),
    "visits": ("name", "visited_at", "round_id", "outcome", "findings", "township"),
    "townships": ("name", "kind", "code", "population", "area_km2", "villages", "communities"),
    "streets": ("name", "kind"),
    "roads": ("name", "kind"),
}


def columns(layer: str) -> list[tuple[str, str]]:
    """Names and headings of a layer's table."""
    known = _fields(layer)
    return [(name, str(known[name][0])) for name in TABLE[layer]]


def shown(layer: str, row: dict[str, Any]) -> list[str]:
    """The cells of one row; a number that nobody knows is "unknown", any other absent value a dash."""
    known = _fields(layer)
    asked = ASKED_FOR.get(layer, set())
    return [_cell(row.get(name), known[name][1], name in asked) for name in TABLE[layer]]


def _cell(value: Value, write: Writer, is_asked_for: bool) -> str:
    if value is None:
        return str(labels.UNKNOWN) if is_asked_for else "–"
    return write(value)


def described(layer: str, properties: dict[str, Any]) -> list[dict[str, str]]:
    """All fields that are known, and those that everybody asks for."""
    asked = ASKED_FOR.get(layer, set())
    return [
        {"label": str(label), "value": _cell(properties.get(name), write, True)}
        for name, (label, write) in _fields(layer).items()
        if properties.get(name) is not None or name in asked
    ]


def title(properties: dict[str, Any]) -> str:
    """The feature's name in the reader's language."""
    english = properties.get("name_en") if current() == "en" else None
    return str(english or properties.get("name") or properties.get("number") or "")


def _fields(layer: str) -> dict[str, tuple[Any, Writer]]:
    return {name: (label, write) for name, label, write in [*FIELDS[layer], *_PLACE]}
