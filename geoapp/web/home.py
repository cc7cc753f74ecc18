"""The first page: the district on one map, with the same selection as a table below."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask_babel import format_date, format_datetime, format_decimal
from markupsafe import Markup

from geoapp import services
from geoapp.domain.errors import GeoappError
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Selection
from geoapp.maps.layers import CATEGORY_COLOURS
from geoapp.web import filters, labels
from geoapp.web.errors import status_of, told
from geoapp.web.language import current, place_name
from geoapp.web.mapping import EVERYTHING, district_parts
from geoapp.web.requests import not_modified, page_selection, tagged, unchanged
from geoapp.web.tables import plain_view, table_of, view_of

blueprint = Blueprint("home", __name__)


@blueprint.app_template_filter("number")
def _number(value: float) -> str:
    return str(format_decimal(value))


@blueprint.app_template_filter("day")
def _day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "medium"))


@blueprint.app_template_filter("day_of")
def _day_of(moment: datetime) -> str:
    return str(format_date(moment, "medium"))


@blueprint.app_template_filter("moment")
def _moment(moment: datetime) -> str:
    return str(format_datetime(moment, "short"))


@blueprint.app_template_filter("with_nonce")
def _with_nonce(markup: str) -> Markup:
    """Folium's own links, allowed to load: nothing that people wrote is among them."""
    return Markup(markup.replace("<script", f'<script nonce="{g.nonce}"'))  # noqa: S704


@blueprint.app_context_processor
def _district() -> dict[str, Any]:
    """What the head of every page says of the district."""
    if "district" not in g:
        return {}
    facts = g.district.describe()
    return {"facts": facts, "place": place_name(), "labels": labels, "now": g.district.clock()}


SHOWN_AT_FIRST = ("townships", "roads", "streets", "problems")


@blueprint.get("/")
def home() -> tuple[str, int]:
    """The page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        chosen = page_selection()
        table = _table(chosen)
    except GeoappError as error:
        refusal, status, chosen = told(error), status_of(error), Selection()
        table = table_of("problems", chosen, plain_view("problems"))
    populated = bool(services.count(g.district, "population", Selection(), g.scope).count)
    page = render_template(
        "map/index.html",
        parts=district_parts([layer for layer in EVERYTHING if populated or layer != "population"]),
        populated=populated,
        chosen=chosen.parameters(),
        counts=services.counts(g.district, chosen, g.scope),
        choices=filters.choices(filters.FIRST_PAGE),
        chips=filters.chips(chosen.parameters(), filters.FIRST_PAGE, table["layer"]),
        filter_names=filters.NAMES,
        preset_categories=services.is_preset(g.district, "categories"),
        shown_layers=_shown_layers(),
        measure=request.args.get("measure", "problems"),
        refusal=refusal,
        colours=CATEGORY_COLOURS,
        at="/",
        **table,
    )
    return page, status


@blueprint.get("/table")
def table() -> Response:
    """The table below the map alone, for the page to put in place of the one it has."""
    chosen = page_selection()
    layer = request.args.get("layer", "problems")
    tag, known = unchanged([layer, "tables"], chosen, request.query_string.decode(), current())
    return (
        not_modified(tag)
        if known
        else tagged(Response(render_template("tables/_table.html", at="/", **_table(chosen))), tag)
    )


@blueprint.get("/counts")
def counts() -> Response:
    """How many features of each layer are selected, and how many of them have no place."""
    found = services.counts(g.district, page_selection(), g.scope)
    return jsonify({layer: asdict(count) for layer, count in found.items()})


@blueprint.get("/shading")
def shading() -> Response:
    """A measure of every township, and the classes to shade it by."""
    chosen = page_selection()
    measure = request.args.get("measure", "problems")
    tag, known = unchanged(LAYERS, chosen, measure, current())
    if known:
        return not_modified(tag)
    return tagged(jsonify(asdict(services.shade(g.district, measure, chosen, g.scope))), tag)


def _table(chosen: Selection) -> dict[str, Any]:
    layer = services.district_layer(request.args.get("layer", "problems"))
    return table_of(layer, chosen, view_of(layer))


def _shown_layers() -> set[str]:
    wanted = request.args.get("layers")
    return set(SHOWN_AT_FIRST if wanted is None else wanted.split(",")) & set(LAYERS)
