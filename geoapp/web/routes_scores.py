"""Scores of a tour's leaders: an empty sheet to print, a form to type them in, averages, and all of it as a file."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import format_decimal, gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.errors import BadInput, GeoappError, NotAllowed
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import PlannedRoute
from geoapp.domain.selection import Scope
from geoapp.domain.tours import SCALES, Score, ScoreScale
from geoapp.services import routes as services
from geoapp.services.sheets import sheet_xlsx
from geoapp.web.downloads import XLSX, named, notes, streamed
from geoapp.web.errors import status_of, told
from geoapp.web.parameters import strictly
from geoapp.web.requests import require_own_page
from geoapp.web.routes_accounts import stop_names
from geoapp.web.routes_links import ID, date_or_none, form_day_query

blueprint = Blueprint("routes_scores", __name__, url_prefix="/routes")

_TEXT = {"type": "string", "maxLength": 200}
PARAMETERS = {"team": _TEXT, "date": _TEXT, "lang": {"type": "string", "maxLength": 8}, "leader": _TEXT}
SHEETS_AT_MOST, LEADERS = 30, 3


@blueprint.get(f"/<{ID}:plan>/scores")
def show(plan: str) -> str:
    """What was typed in, the averages, and the form for one leader's scores."""
    return _page(plan, None, MultiDict())


@blueprint.post(f"/<{ID}:plan>/scores")
def enter(plan: str) -> AnyResponse | tuple[str, int]:
    """Keep what one leader gave; a form that cannot be read comes back as it was, with the reason."""
    require_own_page()
    kept, form = services.kept_plan(g.district, plan), request.form
    leader = form.get("leader", "").strip()
    try:
        stops = [name.removeprefix("score-") for name in form if name.startswith("score-")]
        services.keep_scores(g.district, kept, leader, [_score(form, leader, stop) for stop in stops])
    except GeoappError as error:
        return _page(plan, told(error), form), status_of(error)
    return redirect(url_for("routes_scores.show", plan=plan) + form_day_query(), code=303)


@blueprint.post(f"/<{ID}:plan>/scale")
def scale(plan: str) -> AnyResponse | tuple[str, int]:
    """Say from where to where scores go."""
    require_own_page()
    kept = services.kept_plan(g.district, plan)
    try:
        least, _, most = request.form.get("scale", "").partition("-")
        services.keep_scale(g.district, kept, ScoreScale(_number(least), _number(most)))
    except GeoappError as error:
        return _page(plan, told(error), request.form), status_of(error)
    return redirect(url_for("routes_scores.show", plan=plan) + form_day_query(), code=303)


@blueprint.get(f"/<{ID}:plan>/scores.xlsx")
def file(plan: str) -> Response:
    """All scores as a workbook: a row a stop, a column a leader, averages with how many gave one."""
    kept, route = _asked(plan)
    table = services.score_table(g.district, kept)
    columns = [("number", gettext("Number"), "number"), ("name", gettext("Place to visit"), "text"),
               *((f"leader {at}", leader, "number") for at, leader in enumerate(table.leaders)),
               ("mean", gettext("Average"), "number"), ("n", "n", "number"),
               ("remarks", gettext("Remarks"), "text")]  # fmt: skip
    told_scale = gettext("Scores from %(least)s to %(most)s; a score that is missing is left out of the average.",
                         least=format_decimal(table.scale.least), most=format_decimal(table.scale.most))  # fmt: skip
    book = sheet_xlsx(gettext("Scores"), columns, _rows(kept, route, table), notes=[kept.name, told_scale, *notes()],
                      notes_title=gettext("About"))  # fmt: skip
    name = f"{kept.name}-{gettext('Scores')}.xlsx"
    return named(Response(streamed(book), mimetype=XLSX), name, f"scores-{kept.id}.xlsx")


@blueprint.get(f"/<{ID}:plan>/score-sheet")
def sheet(plan: str) -> str:
    """Empty sheets to print and to write on: one a leader."""
    given = strictly(PARAMETERS)
    kept = services.kept_plan(g.district, plan)
    route = services.first_route(kept, given.get("team") or None, date_or_none(given.get("date")))
    leaders = [part.strip() for part in given.get("leader", "").replace("，", ",").split(",") if part.strip()]
    return render_template(
        "routes/score_sheet.html", kept=kept, route=route, titles=stop_names(kept.plan.request.stops),
        scale=g.district.store.private.scale(kept.id), leaders=leaders[:SHEETS_AT_MOST] or [""],
        asked=given.get("leader", ""), number_text=_text,
    )  # fmt: skip


def _page(plan: str, refusal: str | None, form: MultiDict[str, str]) -> str:
    kept, route = _asked(plan)
    table = services.score_table(g.district, kept)
    usual = [gettext("Leader %(number)s", number=number) for number in range(1, len(table.leaders) + LEADERS)]
    leader = form.get("leader") or request.args.get("leader") or next(
        one for one in [*usual, ""] if one not in table.leaders)  # fmt: skip
    return render_template(
        "routes/scores.html", kept=kept, route=route, table=table, titles=stop_names(kept.plan.request.stops),
        leader=leader, refusal=refusal, form=form, scales=SCALES, may_write=g.may_write, number_text=_text,
    )  # fmt: skip


def _asked(plan: str) -> tuple[KeptPlan, PlannedRoute]:
    """The plan and the day that is asked for; only for those who may know what leaders said."""
    if g.scope is not Scope.FULL:
        raise NotAllowed("Scores are shown on this machine only.")
    given: Any = strictly(PARAMETERS) if request.method == "GET" else request.form
    kept = services.kept_plan(g.district, plan)
    return kept, services.first_route(kept, given.get("team") or None, date_or_none(given.get("date")))


def _rows(kept: KeptPlan, route: PlannedRoute, table: services.ScoreTable) -> Iterator[list[Any]]:
    """A row a stop: its scores by leader, their average and number, and the remarks."""
    titles = stop_names(kept.plan.request.stops)
    for number, stop in enumerate(route.stops, start=1):
        given = [table.given.get((leader, stop.id)) for leader in table.leaders]
        mean = table.of_stop[stop.id]
        remarks = "; ".join(f"{one.leader}: {one.remark}" for one in given if one and one.remark)
        scores = [one.score if one else None for one in given]
        average = None if mean.mean is None else round(mean.mean, 2)
        yield [number, titles[stop.id], *scores, average, mean.n, remarks]


def _score(form: MultiDict[str, str], leader: str, stop: str) -> Score:
    text = form.get(f"score-{stop}", "").strip()
    return Score(leader=leader, stop=stop, score=_number(text) if text else None,
                 remark=form.get(f"remark-{stop}", "").strip())  # fmt: skip


def _number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise BadInput("{value!r} is no score: give a number, or nothing.", value=text) from None
    if not abs(value) < 1e9:
        raise BadInput("{value!r} is no score: give a number, or nothing.", value=text)
    return value


def _text(value: float) -> str:
    return str(format_decimal(round(value, 2)))
