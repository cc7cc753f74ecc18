"""Whether the service lives, and whether it can answer."""

from flask import Blueprint, Response, g, jsonify

from geoapp import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The district is open and its ledger can be read."""
    return jsonify(status="ready", sequence=services.follow(g.district))
