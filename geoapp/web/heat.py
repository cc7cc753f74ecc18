"""Where reports lie thickest: a heat map of any selection, with its scale in numbers and in words."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import format_decimal

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError
from geoapp.domain.selection import Selection
from geoapp.web import filters, labels
from geoapp.web.errors import status_of, told
from geoapp.web.mapping import heat_parts
from geoapp.web.parameters import HEAT_STYLE, SELECTION, strictly
from geoapp.web.parameters import chosen as chosen_of
from geoapp.web.requests import not_modified, page_selection, tagged, unchanged

blueprint = Blueprint("heat", __name__)

# So many heaps are named; a box of half a metre round a position holds those on it.
HEAPS, NEAR = 5, 5e-6
FILTERS = ("category", "status", "due", "township", "unit", "round")


@blueprint.get("/heat")
def show() -> tuple[str, int]:
    """The page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        chosen, style = page_selection(), _style()
        account = _account(chosen, style)
    except GeoappError as error:
        refusal, status, chosen, style = told(error), status_of(error), Selection(), services.HeatStyle()
        account = _account(chosen, style)
    page = render_template(
        "heat/index.html",
        parts=heat_parts(),
        chosen=chosen.parameters(),
        choices=filters.choices(FILTERS),
        chips=filters.chips(chosen.parameters(), FILTERS, "problems"),
        filter_names=filters.NAMES,
        bandwidths=services.BANDWIDTHS_M,
        weights={name: labels.HEAT_WEIGHTS[name] for name in services.HEAT_WEIGHTS},
        view={"sorted_by": ""},
        refusal=refusal,
        at="/heat",
        **account,
    )
    return page, status


@blueprint.get("/heat/table")
def table() -> Response:
    """What the map shows, in words and numbers, for the page to put in place of what it has."""
    chosen, style = page_selection(), _style()
    tag, known = unchanged(["problems", "townships", "tables"], chosen, request.query_string.decode())
    if known:
        return not_modified(tag)
    return tagged(Response(render_template("heat/_account.html", at="/heat", **_account(chosen, style))), tag)


@blueprint.get("/tiles/heat/<int:z>/<int:x>/<int:y>.png")
def tile(z: int, x: int, y: int) -> Response:
    """One tile of the surface."""
    services.require_tile("problems", (z, x, y))
    wanted, style = chosen_of(strictly({**SELECTION, **HEAT_STYLE})), _style()
    tag, known = unchanged(["problems", "townships"], wanted, str(style))
    if known:
        return not_modified(tag)
    return tagged(
        Response(services.heat_tile(g.district, (z, x, y), wanted, g.scope, style), mimetype="image/png"), tag
    )


def _style() -> services.HeatStyle:
    text = request.args.get("bandwidth", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput("{name}={value!r} is not a whole number.", name="bandwidth", value=text)
    usual = services.HeatStyle()
    return services.HeatStyle(int(text) if text else usual.bandwidth_m, request.args.get("weight") or usual.weight)


def _account(chosen: Selection, style: services.HeatStyle) -> dict[str, Any]:
    """What the template of the account needs."""
    found = services.heat(g.district, chosen, g.scope, style)
    low, middle = found.classes
    doubtful, heaps = services.doubtful_reports(g.district, chosen, g.scope)
    return {
        "doubtful": [(number, labels.DIRT[kind], _left_out(chosen, kind)) for kind, number in doubtful.items()],
        "heaps": [(heap, _at(chosen, heap)) for heap in heaps[:HEAPS]] if "heaps" in doubtful else [],
        "heat": found,
        "style": style,
        "unit": labels.HEAT_UNITS[style.weight],
        "bounds": [_rounded(value) for value in (low, middle, found.top)],
        "rows": f"{url_for('tables.show', layer='problems')}?{chosen.query()}",
    }


def _left_out(chosen: Selection, kind: str) -> str:
    """The same page without the doubtful reports of a kind."""
    others = {name: ",".join(filter(None, values)) for name, values in request.args.lists() if name != "lang"}
    return f"{url_for('heat.show')}?{urlencode(others | {'without': ','.join((*chosen.without, f'@{kind}'))})}"


def _at(chosen: Selection, heap: Any) -> str:
    """The reports on a heap as a table."""
    box = (heap.lon - NEAR, heap.lat - NEAR, heap.lon + NEAR, heap.lat + NEAR)
    return f"{url_for('tables.show', layer='problems')}?{replace(chosen, bbox=box).query()}"


def _rounded(value: float) -> str:
    """Two digits that count: more would promise what a smoothed surface cannot keep."""
    return str(format_decimal(float(f"{value:.2g}")))
