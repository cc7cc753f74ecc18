"""Vector tiles over HTTP."""

from flask import Blueprint, Response, g

from geoapp import services
from geoapp.web.parameters import SELECTION, chosen, strictly
from geoapp.web.requests import not_modified, tagged, unchanged

blueprint = Blueprint("tiles", __name__)

MVT = "application/vnd.mapbox-vector-tile"


@blueprint.get("/tiles/<layer>/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer: str, z: int, x: int, y: int) -> Response:
    """One tile of the selected features of a layer."""
    # Before anybody is told that a tile which cannot be has not changed.
    services.require_tile(layer, (z, x, y))
    wanted = chosen(strictly(SELECTION))
    tag, known = unchanged([layer], wanted)
    if known:
        return not_modified(tag)
    return tagged(Response(services.tile(g.district, layer, (z, x, y), wanted, g.scope), mimetype=MVT), tag)
