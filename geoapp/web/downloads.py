"""Selections to take away: sheets, features, texts and pictures."""

from flask import Blueprint, Response

from geoapp.domain.layers import LAYERS

blueprint = Blueprint("downloads", __name__)

_ANY = f"any({','.join(LAYERS)})"


@blueprint.get(f"/<{_ANY}:layer>.<any(csv,xlsx,geojson,txt):format>")
def show(layer: str, format: str) -> Response:
    """A selection as a file."""
    return Response("")


@blueprint.get(f"/<{_ANY}:layer>-<any(list,map):what>.png")
def picture(layer: str, what: str) -> Response:
    """A selection as a picture."""
    return Response("")
