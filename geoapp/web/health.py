"""Whether the service lives, and whether it can answer."""

from flask import Blueprint, Response, g, jsonify

from geoapp import services
from geoapp.web.parameters import strictly

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    strictly({})
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The district is open and its ledger can be read."""
    strictly({})
    return jsonify(status="ready", sequence=services.follow(g.district))
