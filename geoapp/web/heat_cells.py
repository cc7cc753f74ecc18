"""Cells and streets for the map of the heat page, and why one of them has its class."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask_babel import format_decimal, gettext

from geoapp import services
from geoapp.domain.errors import NotFound
from geoapp.web import labels
from geoapp.web.heat_cell_accounts import (
    categories_text,
    cell_name,
    chosen_in,
    rate_text,
    rounded_sign,
    table_of,
)
from geoapp.web.heat_styles import HeatView, heat_view
from geoapp.web.labels import rounded
from geoapp.web.language import current
from geoapp.web.requests import VIEW as VIEW_PARAMETERS
from geoapp.web.requests import not_modified, selection, tagged, unchanged

blueprint = Blueprint("heat_cells", __name__)

LAYERS = ("problems", "townships", "tables", "streets", "roads", "sites", "visits", "villages", "facilities")


@blueprint.get("/heat/cells")
def cells() -> Response:
    """The cells or streets of a view that are worth drawing, each in its class (GeoJSON)."""
    view = heat_view(selection(*VIEW_PARAMETERS))
    tag, known = unchanged(LAYERS, view.chosen, request.query_string.decode())
    if known:
        return not_modified(tag)
    found = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown or "spots")
    return tagged(Response(found.geojson(everything=False), mimetype="application/geo+json"), tag)


@blueprint.get("/heat/cell")
def details() -> Response:
    """Why a cell has its class, for the map's panel."""
    view = heat_view(selection(*VIEW_PARAMETERS, "id"))
    id = request.args.get("id", "")
    if view.shown == "streets":
        return jsonify(_street(view, id))
    return jsonify(_cell(view, id) if view.name == "spots" else _changed(view, id))


def _cell(view: HeatView, id: str) -> dict[str, Any]:
    one = services.cell_account(g.district, view.chosen, g.scope, view.cells, id)
    per = view.cells.settled(g.district).per
    found = services.cell_map(g.district, view.chosen, g.scope, view.cells)
    verdicts = {"hot": gettext("Hot spot"), "cold": gettext("Cold spot"), "none": gettext("No more than chance")}
    rows = [
        (gettext("Here"), format_decimal(one.count)),
        (gettext("Rate"), rate_text(one.rate, per)),
        (gettext("Rate, drawn towards the whole"), rate_text(one.shrunk, per)),
        (gettext("Here and around: found"), format_decimal(one.observed)),
        (gettext("Here and around: expected"), rounded(one.expected)),
        (gettext("Gi* (standard deviations)"), rounded_sign(one.gi)),
        (gettext("p (all permutations)"), f"{one.p:.2g}"),
        (gettext("q (false discoveries)"), f"{one.q:.2g}"),
        (gettext("Commonest here and around"), categories_text(one.categories)),
    ]
    notes = [gettext("Uncertain: a small number, most of whose rate is the whole district's.")] if one.uncertain else []
    name = cell_name(view, found.cells, [found.cells.ids.index(id)])
    return _panel(name, verdicts[one.verdict], rows, notes, table_of(chosen_in(view, one.around)))


def _changed(view: HeatView, id: str) -> dict[str, Any]:
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown)
    if id not in shown.ids:
        raise NotFound("There is no cell {id!r} on this map.", id=id)
    cell = shown.ids.index(id)
    known = shown.row(cell)
    names = {
        "count": gettext("Here, in all periods"), "later_observed": gettext("Later period, here and around: found"),
        "later_expected": gettext("expected, had all places changed alike"), "p": "p", "q": "q",
        "trend_z": gettext("Trend (Mann and Kendall's z)"), "trend_p": gettext("p of the trend"),
        "periods_hot": gettext("Periods in which it was hot"),
    }  # fmt: skip
    rows = [(text, format_decimal(known[name])) for name, text in names.items() if known.get(name) is not None]
    over = shown.source.where.cells if isinstance(shown.source, services.Courses | services.TwoPeriods) else None
    name = cell_name(view, over, [over.ids.index(id)]) if over else id
    return _panel(name, str(labels.CELL_CLASSES[shown.classes[cell]]), rows, [], table_of(chosen_in(view, [id])))


def _street(view: HeatView, id: str) -> dict[str, Any]:
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, "streets")
    if id not in shown.ids:
        raise NotFound("There is no cell {id!r} on this map.", id=id)
    known = shown.row(shown.ids.index(id))
    words = services.wording(g.district, "streets", current())
    rows = [(gettext("Problems"), format_decimal(known["count"])), (gettext("Length (km)"), rounded(known["km"])),
            (gettext("per km"), rounded(known["per_km"])),
            (gettext("per km, drawn towards the whole"), rounded(known["per_km_shrunk"]))]  # fmt: skip
    there = table_of(replace(view.chosen, street=(id,)))
    return _panel(words.get(id, id), str(labels.LAYERS["streets"]), rows, [], there)


def _panel(title: str, subtitle: str, rows: list[tuple[str, str]], notes: list[str], href: str) -> dict[str, Any]:
    """What the map's panel shows of anything."""
    named = [{"label": str(label), "value": str(value)} for label, value in rows]
    return {"title": title, "subtitle": subtitle, "rows": named, "notes": notes, "href": href}
