"""One page a township, made to be printed on one sheet."""

from flask import Blueprint

blueprint = Blueprint("townships", __name__)


@blueprint.get("/townships/<code>")
def show(code: str) -> str:
    """A township's page."""
    return code
