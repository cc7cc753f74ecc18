"""The fields of every layer: under which names readers see them, in which words, and as what they are taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import format_date, format_datetime, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope
from geoapp.web import labels
from geoapp.web.language import current

Value = Any
Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a layer.

    kind: text, id, number, metres, moment, day, flag, rule, pictures (of which only the number is told), enum (words: a
    name in labels.ENUMS) or word (words: a table or layer that names the codes).
    """

    name: str
    label: Any
    kind: str = "text"
    words: str = ""


# Fields that stand in any layer, after its own ones.
_PLACE = (
    Field("township", _("Township"), "word", "townships"),
    Field("township_joined", _("Township by position"), "word", "townships"),
    Field("nearest_township", _("Nearest township"), "word", "townships"),
    Field("nearest_township_m", _("Distance to it"), "metres"),
    Field("street", _("Street"), "word", "streets"),
    Field("position_precision", _("Position"), "enum", "position_precision"),
    Field("placed_by", _("Placed by the name")),
    Field("source", _("Source")),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    "problems": (
        Field("number", _("Number"), "id"),
        Field("category", _("Category"), "category"),
        Field("subcategory", _("Subcategory"), "word", "categories"),
        Field("status", _("State"), "enum", "status"),
        Field("severity", _("Severity"), "enum", "severity"),
        Field("description", _("Description")),
        Field("found_at", _("Found"), "moment"),
        Field("entered_at", _("Entered"), "moment"),
        Field("deadline", _("Deadline"), "moment"),
        Field("original_deadline", _("Original deadline"), "moment"),
        Field("deadline_rule", _("Rule of the deadline"), "rule"),
        Field("lead_unit", _("Lead unit"), "word", "units"),
        Field("responsible_unit", _("Unit in charge"), "word", "units"),
        Field("helping_units", _("Helping units"), "word", "units"),
        Field("origin", _("Reported by"), "enum", "origin"),
        Field("site_id", _("Site"), "word", "sites"),
        Field("round_id", _("Round"), "word", "rounds"),
        Field("batch_id", _("Batch"), "word", "batches"),
        Field("measures", _("Measures")),
        Field("rectified_at", _("Put right on"), "moment"),
        Field("closed_at", _("Closed on"), "moment"),
        Field("rework", _("Times sent back"), "number"),
        Field("negative_list", _("On the negative list"), "flag"),
        Field("special_action", _("Special action")),
    ),
    "sites": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("kind", _("Kind"), "word", "site_kinds"),
        Field("is_demonstration", _("Demonstration site"), "flag"),
        Field("group", _("Group"), "enum", "group"),
        Field("is_survey_point", _("Survey point"), "flag"),
        Field("is_trouble_spot", _("Trouble spot"), "flag"),
        Field("build_status", _("Build status"), "enum", "build_status"),
        Field("lead_unit", _("Lead unit"), "word", "units"),
        Field("facility_id", _("Facility"), "word", "facilities"),
        Field("address", _("Address")),
        Field("visit_minutes", _("Minutes for a visit"), "number"),
    ),
    "facilities": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("kind", _("Kind"), "word", "facility_kinds"),
        Field("level", _("Level"), "enum", "level"),
        Field("build_status", _("Build status"), "enum", "build_status"),
        Field("expected_opening", _("Expected opening"), "day"),
        Field("ownership", _("Ownership"), "enum", "ownership"),
        Field("operator", _("Operator")),
        Field("floor_area_m2", _("Floor area, m²"), "number"),
        Field("seats", _("Seats"), "number"),
        Field("books", _("Books"), "number"),
        Field("opening_hours", _("Opening hours")),
        Field("hours_per_week", _("Hours a week"), "number"),
        Field("step_free", _("Step-free"), "flag"),
        Field("free_of_charge", _("Free of charge"), "flag"),
        Field("shared_with", _("Shares its building with"), "word", "facilities"),
        Field("evidence_photo", _("Photo as evidence"), "pictures"),
        Field("evidence_notice", _("Notice of opening hours as evidence"), "pictures"),
        Field("evidence_area", _("Proof of floor area"), "pictures"),
        Field("address", _("Address")),
    ),
    "villages": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("kind", _("Kind"), "enum", "village_kind"),
        Field("code", _("Code"), "id"),
        Field("population", _("Residents"), "number"),
        Field("children", _("Children up to 14"), "number"),
        Field("elderly", _("People of 65 and older"), "number"),
    ),
    "population": (
        Field("name", _("Name")),
        Field("people", _("People"), "number"),
        Field("children", _("Children up to 14"), "number"),
        Field("elderly", _("People of 65 and older"), "number"),
    ),
    "visits": (
        Field("name", _("Site")),
        Field("visited_at", _("Visited"), "moment"),
        Field("round_id", _("Round"), "word", "rounds"),
        Field("outcome", _("Outcome"), "enum", "outcome"),
        Field("findings", _("Findings"), "number"),
        Field("put_right", _("Known problems seen put right")),
        Field("still_there", _("Known problems still there")),
        Field("note", _("Note")),
    ),
    "townships": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("official_name", _("Official name")),
        Field("kind", _("Kind"), "enum", "township_kind"),
        Field("code", _("Code"), "id"),
        Field("population", _("Residents"), "number"),
        Field("population_note", _("What was counted")),
        Field("area_km2", _("Published area, km²"), "number"),
        Field("villages", _("Villages"), "number"),
        Field("communities", _("Communities"), "number"),
        Field("schematic", _("Boundary is schematic"), "flag"),
    ),
    "streets": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("kind", _("Kind"), "enum", "street_kind"),
    ),
    "roads": (
        Field("name", _("Name")),
        Field("name_en", _("English name")),
        Field("kind", _("Kind"), "enum", "street_kind"),
        Field("oneway", _("One way")),
        Field("two_way_for", _("Both ways for")),
        Field("uses", _("Open to")),
        Field("level", _("Level"), "number"),
        Field("limit_kmh", _("Speed limit, km/h"), "number"),
        Field("height_m", _("Greatest height, m"), "number"),
        Field("width_m", _("Width, m"), "number"),
    ),
}
# Numbers that everybody asks for: when nobody knows them, the details say so.
ASKED_FOR = {
    "townships": {"population", "area_km2"},
    "villages": {"population"},
    "facilities": {"floor_area_m2", "seats", "books", "hours_per_week"},
    "problems": {"deadline"},
}


def fields_of(layer: str, scope: Scope) -> dict[str, Field]:
    """All fields of a layer that this scope may see, by name."""
    private = frozenset() if scope is Scope.FULL else LAYERS[layer].private
    return {field.name: field for field in (*FIELDS[layer], *_PLACE) if field.name not in private}


def shown(layer: str, field: Field, row: Properties) -> str:
    """A cell for people: a number that nobody knows is "unknown", any other absent value a dash."""
    value = row.get(field.name)
    if field.name == "name" and current() == "en":
        # A list is read by its first column: in the reader's letters where there are any.
        value = row.get("name_en") or value
    if value is None:
        return str(labels.UNKNOWN) if field.name in ASKED_FOR.get(layer, ()) else "–"
    return written(field, value)


def written(field: Field, value: Value) -> str:
    """A known value in the reader's words; one that is not what its field should hold stays as it is."""
    try:
        return _WRITERS[field.kind](value, field.words)
    except (TypeError, ValueError):
        return str(value)


def exported(field: Field, value: Value) -> str | float | date | None:
    """A value for a spreadsheet: numbers and times as what they are, all else in the reader's words."""
    if value is None:
        return None
    if field.kind in ("number", "metres") and isinstance(value, int | float):
        return value
    try:
        if field.kind == "moment":
            return datetime.fromisoformat(value).astimezone(g.district.zone).replace(tzinfo=None)
        if field.kind == "day":
            return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        return str(value)
    return written(field, value)


def described(layer: str, properties: Properties, scope: Scope) -> list[tuple[Field, str]]:
    """All fields that are known, and those that everybody asks for, each as it is shown."""
    asked = ASKED_FOR.get(layer, set())
    return [
        (field, shown(layer, field, properties))
        for name, field in fields_of(layer, scope).items()
        if properties.get(name) is not None or name in asked
    ]


def title(properties: Properties) -> str:
    """The feature's name in the reader's language; a problem is called by its number and what it is."""
    if properties.get("number"):
        kind = properties.get("subcategory") or properties.get("category")
        return " · ".join([str(properties["number"]), *([_category(kind, "")] if kind else [])])
    english = properties.get("name_en") if current() == "en" else None
    return str(english or properties.get("name") or properties.get("number") or "")


def _text(value: Value, _words: str) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _number(value: Value, _words: str) -> str:
    return str(format_decimal(value))


def _pictures(value: Value, _words: str) -> str:
    return str(gettext("%(count)s pictures", count=format_decimal(len(value))))


def _metres(value: Value, _words: str) -> str:
    return str(gettext("%(number)s m", number=format_decimal(round(value))))


def _moment(value: Value, _words: str) -> str:
    return str(format_datetime(datetime.fromisoformat(value), "short"))


def _day(value: Value, _words: str) -> str:
    return str(format_date(datetime.fromisoformat(value), "medium"))


def _rule(value: Value, _words: str) -> str:
    """A rule such as "4 wh" in words."""
    number, _, unit = str(value).partition(" ")
    words = labels.RULES.get(unit)
    return str(words) % {"number": number} if words else str(value)


def _flag(value: Value, _words: str) -> str:
    return str(gettext("yes") if value else gettext("no"))


def _enum(value: Value, words: str) -> str:
    return str(labels.ENUMS[words].get(value, value))


def _word(value: Value, words: str) -> str:
    known = services.wording(g.district, words, current())
    codes = value if isinstance(value, list) else [value]
    return ", ".join(str(known.get(code, code)) for code in codes)


def _category(value: Value, _words: str) -> str:
    return str(labels.UNCLASSIFIED) if value == "00" else _word(value, "categories")


_WRITERS: dict[str, Callable[[Value, str], str]] = {
    "text": _text,
    "id": _text,
    "number": _number,
    "pictures": _pictures,
    "metres": _metres,
    "moment": _moment,
    "day": _day,
    "flag": _flag,
    "rule": _rule,
    "enum": _enum,
    "word": _word,
    "category": _category,
}
