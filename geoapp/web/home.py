"""The first page: the district on one map, with the same selection as a table below."""

from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_babel import format_date, format_decimal, gettext
from markupsafe import Markup

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError
from geoapp.domain.layers import LAYERS, LINE_LAYERS, POINT_LAYERS
from geoapp.domain.selection import Selection
from geoapp.maps.canvas import MapParts, district_map, render
from geoapp.maps.layers import CATEGORY_COLOURS, add_lines, add_points, add_townships, connect_page
from geoapp.web import labels
from geoapp.web.errors import status_of, told
from geoapp.web.language import current
from geoapp.web.requests import not_modified, selection, tagged, unchanged
from geoapp.web.tables import columns, shown

blueprint = Blueprint("home", __name__)


@blueprint.app_template_filter("number")
def _number(value: float) -> str:
    return str(format_decimal(value))


@blueprint.app_template_filter("day")
def _day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "medium"))


@blueprint.app_template_filter("with_nonce")
def _with_nonce(markup: str) -> Markup:
    """Folium's own links, allowed to load: nothing that people wrote is among them."""
    return Markup(markup.replace("<script", f'<script nonce="{g.nonce}"'))  # noqa: S704


@blueprint.app_template_global("page_query")
def _page_query(page: int) -> str:
    return "/?" + urlencode({**request.args, "page": page})


# What the page's link carries beside the selection.
VIEW = ("measure", "layer", "layers", "page")
ROWS_A_PAGE = 50
SHOWN_AT_FIRST = ("townships", "roads", "streets", "problems")


@blueprint.get("/")
def home() -> tuple[str, int]:
    """The page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        chosen = selection(*VIEW)
        table = _table(chosen)
    except GeoappError as error:
        refusal, status, chosen = told(error), status_of(error), Selection()
        table = _table_of("problems", chosen, 1)
    page = render_template(
        "map/index.html",
        facts=g.district.describe(),
        parts=_map(),
        chosen=chosen.parameters(),
        counts=services.counts(g.district, chosen, g.scope),
        choices=_choices(),
        preset_categories=services.is_preset(g.district, "categories"),
        shown_layers=_shown_layers(),
        measure=request.args.get("measure", "problems"),
        refusal=refusal,
        labels=labels,
        colours=CATEGORY_COLOURS,
        **table,
    )
    return page, status


@blueprint.get("/table")
def table() -> Response:
    """The table below the map alone, for the page to put in place of the one it has."""
    chosen = selection(*VIEW)
    layer = request.args.get("layer", "problems")
    tag, known = unchanged([layer, "tables"], chosen, request.args.get("page", "1"), current())
    return not_modified(tag) if known else tagged(Response(render_template("map/_table.html", **_table(chosen))), tag)


@blueprint.get("/counts")
def counts() -> Response:
    """How many features of each layer are selected, and how many of them have no place."""
    found = services.counts(g.district, selection(*VIEW), g.scope)
    return jsonify({layer: asdict(count) for layer, count in found.items()})


@blueprint.get("/shading")
def shading() -> Response:
    """A measure of every township, and the classes to shade it by."""
    chosen = selection(*VIEW)
    measure = request.args.get("measure", "problems")
    tag, known = unchanged(LAYERS, chosen, measure, current())
    if known:
        return not_modified(tag)
    return tagged(jsonify(asdict(services.shade(g.district, measure, chosen, g.scope))), tag)


def _table(chosen: Selection) -> dict[str, Any]:
    layer, page = request.args.get("layer", "problems"), request.args.get("page", "1")
    services.district_layer(layer)
    if not (page.isascii() and page.isdigit() and 0 < int(page) < 10**7):
        raise BadInput("page={value!r} is not a page number.", value=page)
    return _table_of(layer, chosen, int(page))


def _table_of(layer: str, chosen: Selection, page: int) -> dict[str, Any]:
    found = services.records(g.district, layer, chosen, g.scope, limit=ROWS_A_PAGE, offset=(page - 1) * ROWS_A_PAGE)
    count = services.count(g.district, layer, chosen, g.scope)
    return {
        "layer": layer,
        "layer_name": labels.LAYERS[layer],
        "columns": columns(layer),
        "rows": [(row["id"], row["lon"], row["lat"], shown(layer, row)) for row in found.rows],
        "matched": found.matched,
        "without_place": count.without_place,
        "page": page,
        "pages": max(1, -(-found.matched // ROWS_A_PAGE)),
    }


def _shown_layers() -> set[str]:
    wanted = request.args.get("layers")
    return set(SHOWN_AT_FIRST if wanted is None else wanted.split(",")) & set(LAYERS)


def _choices() -> dict[str, dict[str, Any]]:
    """What each filter offers, in the reader's words."""
    language = current()
    categories = services.wording(g.district, "categories", language)
    places = services.wording(g.district, "townships", language)
    units = services.wording(g.district, "units", language)
    return {
        "category": {code: name for code, name in categories.items() if len(code) == 2} | {"00": labels.UNCLASSIFIED},
        "status": labels.STATUSES,
        "township": places,
        "unit": units,
        "round": services.wording(g.district, "rounds", language),
        "due": labels.DUE,
    }


def _map() -> MapParts:
    canvas = district_map(g.district.describe().bbox)
    said = _words()
    add_townships(canvas, features=url_for("api.collection", layer="townships", limit=10_000),
                  shading=url_for("home.shading"), details=url_for("details.show", layer="townships", id=""),
                  labels=said)  # fmt: skip
    for layer in reversed(LINE_LAYERS):
        add_lines(canvas, layer, tiles=_tiles(layer), language=current())
    for layer in reversed(POINT_LAYERS):
        words = said | {"layer": str(labels.LAYERS[layer])}
        details, items = url_for("details.show", layer=layer, id=""), url_for("api.collection", layer=layer)
        add_points(canvas, layer, tiles=_tiles(layer), details=details, items=items, labels=words)
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def _tiles(layer: str) -> str:
    """The address of a layer's tiles, with the places for z, x and y."""
    return url_for("tiles.tile", layer=layer, z=0, x=0, y=0).replace("/0/0/0", "/{z}/{x}/{y}")


def _words() -> dict[str, str]:
    """What the page's scripts say."""
    return {
        "unknown": str(labels.UNKNOWN),
        "cluster": gettext("%(layer)s: %(count)s here", layer="{layer}", count="{count}"),
        "items": gettext("%(count)s at this place", count="{count}"),
        "more": gettext("and %(count)s more", count="{count}"),
        "failed": gettext("The map could not be brought up to date."),
        "loading": gettext("Loading …"),
        "language": current(),
    }
