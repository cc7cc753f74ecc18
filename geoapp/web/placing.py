"""Work lists for what only a person can tell: where something is, and in which township."""

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Selection
from geoapp.web import labels
from geoapp.web.fields import fields_of, shown, title
from geoapp.web.mapping import picking_parts
from geoapp.web.requests import require_own_page, selection

blueprint = Blueprint("placing", __name__, url_prefix="/data")

AT_ONCE = 40
LISTED = 500
# What helps a person to know where something is.
_TELLING = ("description", "address", "village", "site_id", "found_at", "visited_at")


@blueprint.get("/unplaced")
def show() -> str:
    """What has no place, each with what may be meant, beside a map to click on."""
    selection("layer")
    counts = services.counts(g.district, Selection(), g.scope)
    layer = request.args.get("layer") or next(
        (name for name in services.PLACEABLE if counts[name].without_place), services.PLACEABLE[0]
    )
    number, items = services.unplaced(g.district, layer, g.scope, limit=AT_ONCE)
    return render_template(
        "data/unplaced.html",
        layer=layer,
        number=number,
        items=[(item, title(item.record), _told(layer, item.record)) for item in items],
        others={name: counts[name].without_place for name in services.PLACEABLE if counts[name].without_place},
        precisions={name: text for name, text in labels.ENUMS["position_precision"].items() if name != "none"},
        parts=picking_parts(),
        may_write=g.may_write,
    )


@blueprint.post("/unplaced/<layer>/<path:id>")
def give(layer: str, id: str) -> AnyResponse:
    """Give a feature its place, or take it away again where no coordinates are sent."""
    require_own_page()
    form = request.form
    text = form.get("at", "").strip()
    services.give_place(g.district, layer, id, _pair(text) if text else None,
                        precision=form.get("precision") or "exact", placed_by=form.get("placed_by") or None,
                        by="local")  # fmt: skip
    if request.accept_mimetypes.best == "application/json":
        return jsonify(id=id)
    return redirect(url_for("placing.show", layer=layer), code=303)


@blueprint.get("/doubtful")
def doubtful() -> str:
    """Points whose source names another township than their position, and those near a border."""
    selection()
    found = {layer: services.doubtful(g.district, layer, g.scope, limit=LISTED) for layer in services.PLACEABLE}
    fields = {layer: fields_of(layer, g.scope) for layer in services.PLACEABLE}
    names = services.wording(g.district, "townships", "zh")
    rows = {
        layer: [(record, title(record), names.get(str(record.get("township_stated")))) for record in one.rows]
        for layer, one in found.items()
    }
    return render_template(
        "data/doubtful.html",
        found={layer: (found[layer], known) for layer, known in rows.items() if known},
        shown=lambda layer, name, record: shown(layer, fields[layer][name], record),
        listed=LISTED,
        schematic=g.district.describe().schematic,
    )


def _told(layer: str, record: dict[str, object]) -> list[tuple[str, str]]:
    """What is known of a feature that may help to find it."""
    known = fields_of(layer, g.scope)
    told = [(str(known[name].label), shown(layer, known[name], record)) for name in _TELLING
            if name in known and record.get(name)]  # fmt: skip
    if record.get("township"):
        told.insert(0, (str(labels.IMPORTED["township_stated"]), shown(layer, known["township"], record)))
    return told


def _pair(text: str) -> tuple[float, float]:
    parts = text.replace("，", ",").split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        raise BadInput("{value!r} is not two numbers such as 116.63,40.32", value=text) from None
    return lon, lat
