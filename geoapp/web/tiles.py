"""Vector tiles over HTTP."""

from flask import Blueprint, Response, g

from geoapp import services
from geoapp.web.requests import not_modified, selection, tagged, unchanged

blueprint = Blueprint("tiles", __name__)

MVT = "application/vnd.mapbox-vector-tile"


@blueprint.get("/tiles/<layer>/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer: str, z: int, x: int, y: int) -> Response:
    """One tile of the selected features of a layer."""
    chosen = selection()
    tag, known = unchanged([layer], chosen)
    if known:
        return not_modified(tag)
    return tagged(Response(services.tile(g.district, layer, (z, x, y), chosen, g.scope), mimetype=MVT), tag)
