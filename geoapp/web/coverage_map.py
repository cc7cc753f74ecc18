"""What the map of the page of coverage draws."""

from flask import Blueprint, Response, jsonify

blueprint = Blueprint("coverage_map", __name__)


@blueprint.get("/coverage/shading")
def shading() -> Response:
    """An indicator of every township, and the classes to shade it by."""
    return jsonify(measure="", kind="share", breaks=[], values={})


@blueprint.get("/coverage/catchments")
def catchments() -> Response:
    """What lies near a facility, as areas (GeoJSON)."""
    return jsonify(type="FeatureCollection", features=[])


@blueprint.get("/coverage/facilities.json")
def facilities() -> Response:
    """The facilities that count, supposed and closed ones among them (GeoJSON)."""
    return jsonify(type="FeatureCollection", features=[])


@blueprint.get("/coverage/places.json")
def places() -> Response:
    """Where people live, and how they stand to the nearest facility, in columns."""
    return jsonify(lon=[], lat=[], name=[], state=[], seconds=[], nearest=[], left_out=0)
