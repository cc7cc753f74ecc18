"""The same data for programs."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, url_for

from geoapp import services
from geoapp.domain.selection import Selection
from geoapp.web.openapi import selection_of, statistics_parameters
from geoapp.web.parameters import CHANGES_LIMIT, LIMIT, OFFSET, SINCE, chosen, number, strictly
from geoapp.web.requests import not_modified, tagged, unchanged

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

GEOJSON = "application/geo+json"


@blueprint.get("/<layer>")
def collection(layer: str) -> Response:
    """A page of the selected features of a layer, as a GeoJSON FeatureCollection."""
    services.district_layer(layer)
    given = strictly({**selection_of(layer), "limit": LIMIT, "offset": OFFSET})
    wanted, limit, offset = chosen(given), number(given, "limit", LIMIT), number(given, "offset", OFFSET)
    tag, known = unchanged([layer], wanted, str(limit), str(offset))
    if known:
        return not_modified(tag)
    page = services.collection(g.district, layer, wanted, g.scope, limit=limit, offset=offset)
    more = offset + page.returned < page.matched and page.returned > 0
    links = [_link("self", layer, wanted, limit, offset)]
    links += [_link("next", layer, wanted, limit, offset + limit)] if more else []
    # The features are bytes already: the collection is written around them.
    head = jsonify(type="FeatureCollection", numberMatched=page.matched, numberReturned=page.returned, links=links)
    body = head.get_data().rstrip().removesuffix(b"}") + b',"features":' + page.features + b"}"
    return tagged(Response(body, mimetype=GEOJSON), tag)


@blueprint.get("/<layer>/<path:id>")
def feature(layer: str, id: str) -> Response:
    """One feature."""
    services.district_layer(layer)
    strictly({})
    found = services.feature(g.district, layer, id, g.scope)
    tag, known = unchanged([layer], Selection(), id)
    return not_modified(tag) if known else tagged(Response(found, mimetype=GEOJSON), tag)


@blueprint.get("/statistics")
def statistics() -> Response:
    """Counts of the selected features by one or more dimensions."""
    schema = statistics_parameters(r"\w+")
    given = strictly(schema)
    layer, by = (str(given.get(name, schema[name]["default"])) for name in ("layer", "by"))
    wanted = chosen(given)
    services.require_layer(layer, wanted)
    tag, known = unchanged([layer], wanted, by)
    if known:
        return not_modified(tag)
    dimensions = by.split(",")
    rows = services.statistics(g.district, layer, wanted, g.scope, by=dimensions)
    return tagged(jsonify(layer=layer, by=dimensions, total=sum(row["count"] for row in rows), rows=rows), tag)


@blueprint.get("/changes")
def changes() -> Response:
    """Every change after a point of the ledger, in order."""
    given = strictly({"since": SINCE, "limit": CHANGES_LIMIT})
    since, limit = given.get("since", "0"), number(given, "limit", CHANGES_LIMIT)
    tag, known = unchanged(g.district.present.seqs, Selection(), since, str(limit))
    if known:
        return not_modified(tag)
    found = services.changes(g.district, _point(since), g.scope, limit=limit)
    return tagged(jsonify(seq=found.seq, changes=found.changes, next=found.next), tag)


def _point(since: str) -> tuple[int, int | None]:
    seq, _, n = since.partition(".")
    return int(seq), int(n) if n else None


def _link(rel: str, layer: str, wanted: Selection, limit: int, offset: int) -> Mapping[str, str]:
    query = wanted.parameters() | {"limit": str(limit)} | ({"offset": str(offset)} if offset else {})
    return {"rel": rel, "type": GEOJSON, "href": f"{url_for('api.collection', layer=layer)}?{urlencode(query)}"}
