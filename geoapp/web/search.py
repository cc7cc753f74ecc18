"""Search over all names, from a box on every page."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import LONGEST_QUERY
from geoapp.web import labels
from geoapp.web.features import page_of
from geoapp.web.language import current
from geoapp.web.requests import not_modified, selection, tagged, unchanged

blueprint = Blueprint("search", __name__)

IN_BOX, ON_PAGE = 10, 100
SEARCHED = ("townships", "villages", "sites", "facilities", "streets", "roads", "problems", "tables")


@blueprint.get("/search")
def show() -> str:
    """The results as a page, which works without scripts."""
    text = _text()
    return render_template("search/index.html", text=text, results=_results(text, ON_PAGE))


@blueprint.get("/search.json")
def box() -> Response:
    """The first results, for the box."""
    text = _text()
    tag, known = unchanged(SEARCHED, selection("q"), text, current())
    return not_modified(tag) if known else tagged(jsonify(results=_results(text, IN_BOX)), tag)


def _text() -> str:
    selection("q")
    text = request.args.get("q", "")
    if len(text) > LONGEST_QUERY:
        raise BadInput("{name} may have {most} characters at most.", name="q", most=LONGEST_QUERY)
    return text


def _results(text: str, limit: int) -> list[dict[str, Any]]:
    places = services.wording(g.district, "townships", current())
    return [
        {
            "title": one.name_en if current() == "en" and one.name_en else one.name,
            "subtitle": " · ".join(filter(None, [_kind(one), places.get(one.township or "")])),
            "layer": one.layer,
            "href": _href(one),
        }
        for one in services.search(g.district, text, g.scope, limit=limit)
    ]


def _kind(one: services.Found) -> str:
    return str(labels.CATEGORY if one.layer == "categories" else labels.LAYERS[one.layer])


def _href(one: services.Found) -> str:
    if one.layer == "categories":
        return url_for("tables.show", layer="problems", category=one.id)
    return page_of(one.layer, one.id)
