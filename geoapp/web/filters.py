"""Which filters a page offers, and in which words."""

from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.layers import LAYERS
from geoapp.services.coverage.standards import standards_table
from geoapp.web import labels
from geoapp.web.language import current

NAMES = {
    "category": _("Category"),
    "status": _("State"),
    "due": _("Deadline"),
    "township": _("Township"),
    "unit": _("Unit"),
    "round": _("Round"),
    "kind": _("Kind"),
    "role": _("Role"),
    "street": _("Street"),
    "batch": _("Batch"),
    "site": _("Site"),
    "standard": _("Standard"),
    "indicator": _("Counted as"),
    "bbox": _("Part of the map"),
    "without": _("Left out"),
}
# In this order; the rest of a selection comes by links and is shown as a chip that can be taken away.
_OFFERED = ("category", "status", "due", "kind", "role", "township", "unit", "round", "batch")
FIRST_PAGE = ("category", "status", "due", "township", "unit", "round")
_KINDS = {"sites": "site_kinds", "facilities": "facility_kinds"}


def offered(layer: str) -> tuple[str, ...]:
    """The filters that mean something in a layer."""
    return tuple(name for name in _OFFERED if name in LAYERS[layer].parameters and _words_of(name, layer))


def choices(names: tuple[str, ...], layer: str = "problems") -> dict[str, dict[str, Any]]:
    """What each of these filters offers, in the reader's words."""
    offers = {name: _words_of(name, layer) for name in names}
    if "category" in offers:
        # Nine, and not their seventy subcategories: a list must be read at a glance.
        offers["category"] = {code: text for code, text in offers["category"].items() if len(code) == 2}
    return offers


def chips(chosen: dict[str, str], names: tuple[str, ...], layer: str) -> list[tuple[str, str, str]]:
    """What was chosen beside these filters and the days and words: name, label and value in words."""
    beside = [name for name in chosen if name in NAMES and name not in names]
    return [(name, str(NAMES[name]), _said(name, chosen[name], layer)) for name in beside]


def in_words(chosen: dict[str, str], layer: str) -> str:
    """A selection in one line, for a picture or a sheet."""
    days = {"from": gettext("From"), "to": gettext("To"), "q": gettext("Words")}
    parts = [
        f"{days.get(name) or NAMES[name]}: {chosen[name] if name in days else _said(name, chosen[name], layer)}"
        for name in chosen
    ]
    return " · ".join(parts) or gettext("Everything")


def _said(name: str, value: str, layer: str) -> str:
    if name == "bbox":
        return str(gettext("as drawn"))
    known = _words_of(name, layer)
    return ", ".join(str(known.get(part, part)) for part in value.split(","))


def _words_of(name: str, layer: str) -> dict[str, Any]:
    """Codes of a filter and their names; empty where there is nothing to choose from."""
    language = current()
    fixed: dict[str, dict[str, Any]] = {
        "status": labels.STATUSES,
        "due": labels.DUE,
        "role": labels.ROLES,
        "indicator": labels.INDICATORS,
        "without": {f"@{kind}": text for kind, text in labels.DIRT.items()},
    }
    if name in fixed:
        return fixed[name]
    if name == "category":
        return _categories(language)
    if name == "kind":
        return _kinds(layer, language)
    if name == "standard":
        # Those that count, also where the district has no table of its own yet.
        return {row.code: row.en if language == "en" else row.zh for row in standards_table(g.district).rows}
    table = {"township": "townships", "unit": "units", "round": "rounds", "batch": "batches", "street": "streets",
             "site": "sites"}.get(name)  # fmt: skip
    return services.wording(g.district, table, language) if table else {}


def _categories(language: str) -> dict[str, Any]:
    named = services.wording(g.district, "categories", language)
    return named | {"00": labels.UNCLASSIFIED}


def _kinds(layer: str, language: str) -> dict[str, Any]:
    if layer in _KINDS:
        return services.wording(g.district, _KINDS[layer], language)
    own = {"villages": "village_kind", "streets": "street_kind", "roads": "street_kind", "townships": "township_kind"}
    return labels.ENUMS[own[layer]] if layer in own else {}
