"""Which township has what within reach, what it lacks, and where the next one helps most: one page of views."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext as _

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, GeoappError
from geoapp.web import (
    coverage_inventory,
    coverage_lines,
    coverage_next,
    coverage_places,
    coverage_reach,
    coverage_words,
)
from geoapp.web.coverage_fields import fields_of
from geoapp.web.coverage_question import asked, page_of, same_view, unchanged_answer
from geoapp.web.coverage_supposed import what_if
from geoapp.web.errors import status_of, told
from geoapp.web.mapping import coverage_parts
from geoapp.web.requests import not_modified, tagged

blueprint = Blueprint("coverage", __name__)


@dataclass(frozen=True, slots=True)
class View:
    """A view of the page.

    account: what its template coverage/_<name>.html needs. parameters: names of parameters that the view reads itself,
    each the `name` of a field with data-style in coverage/_<name>_fields.html. wide: whether it needs more room than
    the map. measure: what townships are shaded by, unless a link names something else.
    """

    title: Any
    account: Callable[[CoverageQuestion], dict[str, Any]]
    parameters: tuple[str, ...] = ()
    wide: bool = False
    measure: str = coverage_words.USUAL_MEASURE


# In this order; the first is the one that opens.
VIEWS: dict[str, View] = {
    "inventory": View(_("Inventory"), coverage_inventory.account, coverage_inventory.PARAMETERS, wide=True),
    "reach": View(_("Reach"), coverage_reach.account, coverage_reach.PARAMETERS),
    "next": View(_("Where next"), coverage_next.account, coverage_next.PARAMETERS),
    "places": View(_("Places for people"), coverage_places.account, coverage_places.PARAMETERS, measure="access"),
    "lines": View(_("Along streets"), coverage_lines.account, coverage_lines.PARAMETERS),
}


@blueprint.get("/coverage")
def show() -> tuple[str, int]:
    """The page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        name = _view_asked()
        question = asked(*VIEWS[name].parameters)
        context = _account(name, question)
    except GeoappError as error:
        refusal, status, name, question = told(error), status_of(error), _usual(), CoverageQuestion()
        _ask_nothing()
        context = _account(name, question)
    page = render_template(
        "coverage/index.html",
        parts=coverage_parts(),
        views=[(one, view.title, page_of(question, "" if one == _usual() else one)) for one, view in VIEWS.items()],
        usual=_usual(),
        fields=fields_of(question),
        measure=request.args.get("measure") or VIEWS[name].measure,
        usual_measure=VIEWS[name].measure,
        refusal=refusal,
        **context,
    )
    return page, status


@blueprint.get("/coverage/account")
def account() -> Response:
    """A view in words and numbers, for the page to put in place of what it has."""
    name = _view_asked()
    question = asked(*VIEWS[name].parameters)
    tag, known = unchanged_answer()
    if known:
        return not_modified(tag)
    return tagged(Response(render_template("coverage/_frame.html", **_account(name, question))), tag)


def _account(name: str, question: CoverageQuestion) -> dict[str, Any]:
    return {
        "part": name,
        "wide": VIEWS[name].wide,
        "question": question,
        "said": coverage_words.in_words(question),
        "here": same_view,
        "words": coverage_words,
        "what_if": what_if(question),
        **VIEWS[name].account(question),
    }


def _ask_nothing() -> None:
    """Forget what the link asked for, except its language: views read parameters of their own."""
    request.args = type(request.args)({name: text for name, text in request.args.items() if name == "lang"})


def _usual() -> str:
    return next(iter(VIEWS))


def _view_asked() -> str:
    name = request.args.get("view") or _usual()
    if name not in VIEWS:
        raise BadInput("{name}={value!r} is not one of {known}.", name="view", value=name, known=", ".join(VIEWS))
    return name
