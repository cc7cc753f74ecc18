"""Where reports lie thickest, whether that is more than chance, and whether it grows: one page of six views."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from geoapp import services
from geoapp.domain.errors import GeoappError
from geoapp.domain.selection import Selection
from geoapp.web import filters, labels
from geoapp.web.errors import status_of, told
from geoapp.web.heat_accounts import account
from geoapp.web.heat_styles import SHOWN, HeatView, heat_view
from geoapp.web.mapping import heat_parts
from geoapp.web.parameters import HEAT_STYLE, SELECTION, strictly
from geoapp.web.parameters import chosen as chosen_of
from geoapp.web.requests import not_modified, page_selection, tagged, unchanged

blueprint = Blueprint("heat", __name__)

FILTERS = ("category", "status", "due", "township", "unit", "round")
# What any of the views reads.
LAYERS = ("problems", "townships", "tables", "streets", "roads", "sites", "visits", "villages", "facilities")
# Views without a map that can be moved.
STILL = ("categories", "times")


@blueprint.get("/heat")
def show() -> tuple[str, int]:
    """The page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        view = heat_view(page_selection())
        context = account(view)
    except GeoappError as error:
        refusal, status, view = told(error), status_of(error), HeatView.usual()
        context = account(view)
    page = render_template(
        "heat/index.html",
        parts=None if view.name in STILL else heat_parts(view.name),
        chosen=view.chosen.parameters(),
        choices=filters.choices(FILTERS),
        chips=filters.chips(view.chosen.parameters(), FILTERS, "problems"),
        filter_names=filters.NAMES,
        fields=_fields(view),
        views=[(name, text, _link(view.chosen, name)) for name, text in labels.HEAT_VIEWS.items()],
        view={"sorted_by": ""},
        refusal=refusal,
        at="/heat",
        **context,
    )
    return page, status


@blueprint.get("/heat/table")
def table() -> Response:
    """What the map shows, in words and numbers, for the page to put in place of what it has."""
    view = heat_view(page_selection())
    tag, known = unchanged(LAYERS, view.chosen, request.query_string.decode())
    if known:
        return not_modified(tag)
    return tagged(Response(render_template("heat/_account.html", at="/heat", **account(view))), tag)


@blueprint.get("/tiles/heat/<int:z>/<int:x>/<int:y>.png")
def tile(z: int, x: int, y: int) -> Response:
    """One tile of the surface."""
    services.require_tile("problems", (z, x, y))
    wanted = chosen_of(strictly({**SELECTION, **HEAT_STYLE}))
    style = heat_view(wanted).heat
    tag, known = unchanged(["problems", "townships"], wanted, str(style))
    if known:
        return not_modified(tag)
    return tagged(
        Response(services.heat_tile(g.district, (z, x, y), wanted, g.scope, style), mimetype="image/png"), tag
    )


def _link(chosen: Selection, view: str) -> str:
    """The page of the same selection in another view."""
    parts = [f"view={view}"] if view != "surface" else []
    query = "&".join(filter(None, (chosen.query(), *parts)))
    return url_for("heat.show") + (f"?{query}" if query else "")


def _fields(view: HeatView) -> list[tuple[str, str, list[tuple[str, Any]], str, str]]:
    """The selects of a view beside its filters: name, label, choices, what is chosen and what is usual."""
    bandwidths = [(str(metres), f"{metres:,} m") for metres in services.BANDWIDTHS_M]
    widths = [(str(metres), f"{metres:,} m") for metres in services.CELL_WIDTHS_M]
    usual, usual_width = services.HeatStyle(), services.usual_width_m(g.district)
    per = view.cells.settled(g.district).per or ""
    known = {
        "bandwidth": (labels.BANDWIDTH, bandwidths, str(view.heat.bandwidth_m), str(usual.bandwidth_m)),
        "weight": (labels.COUNTED, list(labels.HEAT_WEIGHTS.items()), view.heat.weight, usual.weight),
        "cells": (labels.CELLS, list(labels.CELL_KINDS.items()), view.cells.kind, "hexagons"),
        "width": (labels.CELL_WIDTH, widths, str(view.cells.width_m or usual_width), str(usual_width)),
        "per": (labels.COUNTED_AMONG, list(labels.PER.items()), per,
                "street_km" if view.cells.kind == "streets" else "area"),
        "shown": (labels.SHOWN, [(name, labels.CELLS_SHOWN.get(name, name)) for name in SHOWN.get(view.name, ())],
                  view.shown, SHOWN.get(view.name, ("",))[0]),
    }  # fmt: skip
    wanted = {
        "surface": ("bandwidth", "weight"),
        "spots": ("shown", "cells", "width", "per", "weight"),
        "change": ("shown", "cells", "width"),
        "categories": ("bandwidth", "weight"),
        "streets": ("weight",),
        "times": (),
    }[view.name]
    return [(name, *known[name]) for name in wanted]
