"""A month plan: every survey point seen once, ordered like any other plan."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.errors import BadInput, GeoappError
from geoapp.domain.kept_plans import LONGEST_NAME, ValueRule
from geoapp.domain.routes import MOST_DATES, MOST_STOPS, MOST_TEAMS, PROFILES, RequestedTeam, RouteRequest
from geoapp.domain.selection import Selection
from geoapp.services import routes as services
from geoapp.web import filters, routes_labels
from geoapp.web.errors import status_of, told
from geoapp.web.requests import require_own_page, selection
from geoapp.web.routes import desk
from geoapp.web.routes_form import USUAL_DAY, effort_of, lunch_of, number_of, shift_of, team_names
from geoapp.web.routes_links import date_of

blueprint = Blueprint("routes_month", __name__, url_prefix="/routes")

FILTERS = ("kind", "role", "township")
USUAL = USUAL_DAY | {"days": "20", "teams": "2", "profile": "car", "hours": "yes", "seconds": "20"}
SECONDS = (10, 20, 40)


@blueprint.get("/month")
def show() -> tuple[str, int]:
    """The form; survey points, unless the link chooses other sites."""
    refusal, status = None, 200
    try:
        chosen = selection("hours")
        chosen.require("sites")
        page = _page(chosen, MultiDict(request.args), None)
    except GeoappError as error:
        refusal, status = told(error), status_of(error)
        page = _page(Selection(), MultiDict(), refusal)
    return page, status


@blueprint.post("/month")
def order() -> AnyResponse | tuple[str, int]:
    """Order the plan; a form that cannot be read comes back as it was, with the reason."""
    require_own_page()
    form = request.form
    try:
        chosen = _chosen(form)
        made = _ordered(chosen, form)
    except GeoappError as error:
        return _page(Selection(), form, told(error)), status_of(error)
    return redirect(url_for("routes.order_page", id=made.id), code=303)


def _page(chosen: Selection, form: MultiDict[str, str], refusal: str | None) -> str:
    chosen = _or_survey_points(chosen)
    found = _stops(chosen, form)
    places = services.start_places(g.district)
    return render_template(
        "routes/month.html",
        found=found,
        minutes=sum(stop.service_min for stop in found.stops),
        form={**USUAL, "start": places[0].name if places else "", **form.to_dict()},
        day=form.get("date") or services.next_working_day(g.district).isoformat(),
        places=places,
        profiles={name: routes_labels.PROFILES[name] for name in PROFILES},
        seconds=SECONDS,
        refusal=refusal,
        chosen=chosen.parameters(),
        choices=filters.choices(FILTERS, "sites"),
        chips=filters.chips(chosen.parameters(), FILTERS, "sites"),
        filter_names=filters.NAMES,
        at="/routes/month",
        view=None,
        may_write=g.may_write,
    )


def _or_survey_points(chosen: Selection) -> Selection:
    return chosen if chosen.parameters() else Selection(role=("survey",))


def _chosen(form: MultiDict[str, str]) -> Selection:
    names = ("kind", "role", "township", "q", "street", "unit", "without", "round", "bbox")
    chosen = Selection.parse({name: form.getlist(name) for name in names if form.get(name)})
    return _or_survey_points(chosen)


def _stops(chosen: Selection, form: MultiDict[str, str]) -> services.ChosenStops:
    choice = services.StopChoice(what=("sites",), hours=form.get("hours", "yes") != "no", most=MOST_STOPS)
    return services.stops_of(g.district, chosen, g.scope, choice, ValueRule())


def _ordered(chosen: Selection, form: MultiDict[str, str]) -> services.Order:
    found = _stops(chosen, form)
    if not found.stops:
        raise BadInput("There is nothing to visit in this selection: choose more, or draw stops on the map.")
    start = services.place_named(g.district, form.get("start", ""))
    request_ = RouteRequest(
        stops=found.stops, teams=_teams(form, start), profile=form.get("profile") or USUAL["profile"],
        dates=services.working_days(g.district, date_of(form.get("date", "")), _whole("days", form, MOST_DATES)),
    )  # fmt: skip
    name = form.get("name", "").strip() or gettext("Month plan from %(day)s", day=request_.dates[0].isoformat())
    query = chosen.parameters() | {"what": "sites", "hours": form.get("hours", "yes")}
    return desk().begin(services.Order(
        name=str(name)[:LONGEST_NAME], request=request_, effort=effort_of(form), by="local", verb="month",
        selection=urlencode(query),
    ))  # fmt: skip


def _teams(form: MultiDict[str, str], start: tuple[float, float]) -> tuple[RequestedTeam, ...]:
    shift, lunch, names = shift_of(form), lunch_of(form), team_names(_whole("teams", form, MOST_TEAMS))
    return tuple(RequestedTeam(id=name, name=name, start=start, end=start, shift=shift, lunch=lunch) for name in names)


def _whole(name: str, form: Any, most: int) -> int:
    value = number_of(name, form, float(USUAL[name]))
    if value != int(value) or not 1 <= value <= most:
        raise BadInput("{name}={value!r} is not a whole number from {least} to {most}.", name=name,
                       value=form.get(name), least=1, most=most)  # fmt: skip
    return int(value)
