"""The same data for programs."""

from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, request, url_for

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Selection
from geoapp.web.requests import not_modified, selection, tagged, unchanged

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

GEOJSON = "application/geo+json"
LIMIT, MOST = 100, 10_000


@blueprint.get("/<layer>")
def collection(layer: str) -> Response:
    """A page of the selected features of a layer, as a GeoJSON FeatureCollection."""
    limit, offset = _number("limit", LIMIT, 1, MOST), _number("offset", 0, 0, 10**9)
    chosen = selection("limit", "offset")
    services.require_layer(layer, chosen)
    tag, known = unchanged([layer], chosen, str(limit), str(offset))
    if known:
        return not_modified(tag)
    page = services.collection(g.district, layer, chosen, g.scope, limit=limit, offset=offset)
    more = offset + page.returned < page.matched
    links = [_link("self", layer, chosen, limit, offset)]
    links += [_link("next", layer, chosen, limit, offset + limit)] if more else []
    # The features are bytes already: the collection is written around them.
    head = jsonify(type="FeatureCollection", numberMatched=page.matched, numberReturned=page.returned, links=links)
    body = head.get_data().rstrip().removesuffix(b"}") + b',"features":' + page.features + b"}"
    return tagged(Response(body, mimetype=GEOJSON), tag)


@blueprint.get("/<layer>/<path:id>")
def feature(layer: str, id: str) -> Response:
    """One feature."""
    selection()
    tag, known = unchanged([layer], Selection(), id)
    return (
        not_modified(tag)
        if known
        else tagged(Response(services.feature(g.district, layer, id, g.scope), mimetype=GEOJSON), tag)
    )


@blueprint.get("/statistics")
def statistics() -> Response:
    """Counts of the selected features by one or more dimensions."""
    layer = request.args.get("layer", "problems")
    by = tuple(request.args.get("by", "township,status").split(","))
    chosen = selection("layer", "by")
    services.require_layer(layer, chosen)
    tag, known = unchanged([layer], chosen, *by)
    if known:
        return not_modified(tag)
    rows = services.statistics(g.district, layer, chosen, g.scope, by=by)
    return tagged(jsonify(layer=layer, by=list(by), total=sum(row["count"] for row in rows), rows=rows), tag)


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadInput(
            "{name}={value!r} is not a whole number from {least} to {most}.",
            name=name,
            value=text,
            least=least,
            most=most,
        )
    return int(text)


def _link(rel: str, layer: str, chosen: Selection, limit: int, offset: int) -> dict[str, str]:
    query = chosen.parameters() | {"limit": str(limit)} | ({"offset": str(offset)} if offset else {})
    return {"rel": rel, "type": GEOJSON, "href": f"{url_for('api.collection', layer=layer)}?{urlencode(query)}"}
