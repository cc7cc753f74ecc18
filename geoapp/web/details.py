"""What one feature says, in the reader's words; the page builds it as text, never as markup."""

from flask import Blueprint, Response, g, jsonify
from flask_babel import gettext

from geoapp import services
from geoapp.web import labels, tables
from geoapp.web.requests import selection

blueprint = Blueprint("details", __name__)


@blueprint.get("/details/<layer>/<path:id>")
def show(layer: str, id: str) -> Response:
    """Title, fields and remarks of a feature."""
    selection()
    found = services.details(g.district, layer, id, g.scope)
    properties = found["properties"]
    return jsonify(
        title=tables.title(properties),
        subtitle=str(labels.LAYERS[layer]),
        rows=tables.described(layer, properties),
        notes=_notes(properties),
    )


def _notes(properties: dict[str, object]) -> list[str]:
    notes = []
    if properties.get("synthetic"):
        notes.append(gettext("Synthetic: made up for this demo."))
    if properties.get("schematic"):
        notes.append(gettext("Schematic: drawn roughly, not official."))
    if properties.get("near_border"):
        notes.append(gettext("Within 30 m of a township's border: check which one is responsible."))
    if properties.get("nearest_township"):
        notes.append(gettext("Lies outside all townships."))
    return notes
