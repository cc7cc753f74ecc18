"""Inspection routes: the plans there are, what is to be planned, and what is being planned."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.errors import GeoappError
from geoapp.domain.kept_plans import ValueRule
from geoapp.domain.routes import MOST_TEAMS, PROFILES
from geoapp.domain.selection import Selection
from geoapp.services import routes as services
from geoapp.web import filters, routes_form, routes_labels
from geoapp.web.errors import status_of, told
from geoapp.web.mapping import stops_parts
from geoapp.web.requests import require_own_page, selection
from geoapp.web.routes_accounts import lines_so_far, stop_names

blueprint = Blueprint("routes", __name__, url_prefix="/routes")

FILTERS = ("category", "status", "due", "township", "unit", "round", "role", "kind")
# So many stops are listed beside the map; all are on it.
LISTED = 60
PATIENCE_S = 0.4


@blueprint.get("")
def show() -> tuple[str, int]:
    """The plans that were made, and the form for another one."""
    desk().warm()
    refusal, status = None, 200
    try:
        context = _stops()
    except GeoappError as error:
        refusal, status = told(error), status_of(error)
        context = _stops(plain=True)
    return _page(context, refusal), status


@blueprint.get("/stops")
def stops() -> str:
    """The table of the stops alone, for the page to put in place of the one it has."""
    return render_template("routes/_stops.html", **_stops())


@blueprint.get("/stops.geojson")
def stops_geojson() -> Response:
    """The stops of a selection, for the map."""
    chosen, given = _chosen(), routes_form.parameters()
    found = services.stops_of(g.district, chosen, g.scope, routes_form.choice_of(given), routes_form.rule_of(given))
    return jsonify(type="FeatureCollection", features=[
        {"type": "Feature", "id": stop.id, "geometry": {"type": "Point", "coordinates": [stop.lon, stop.lat]},
         "properties": {"name": stop.name, "value": stop.value, "must": stop.must}} for stop in found.stops
    ])  # fmt: skip


@blueprint.post("")
def order() -> AnyResponse | tuple[str, int]:
    """Order a plan; a form that cannot be read comes back as it was, with the reason."""
    require_own_page()
    form = request.form
    try:
        made = _ordered(form)
    except GeoappError as error:
        chosen, given = _posted(form)
        return _page(_stops_of(chosen, given), told(error), form), status_of(error)
    return redirect(url_for("routes.order_page", id=made.id), code=303)


@blueprint.get("/orders/<id>")
def order_page(id: str) -> str | AnyResponse:
    """How far the planning is; when it is done, the plan."""
    selection()
    found = desk().settled(id, PATIENCE_S)
    if found.plan_id:
        return redirect(url_for("routes_plan.show", plan=found.plan_id), code=303)
    failure = told(found.failure) if found.failure else None
    return render_template("routes/order.html", order=found, failure=failure, ahead=desk().ahead(id),
                           parts=stops_parts(order=url_for("routes.order_json", id=id)),
                           may_write=g.may_write)  # fmt: skip


@blueprint.get("/orders/<id>.json")
def order_json(id: str) -> Response:
    """The same for the page's script: state, best value so far, and the routes as straight lines."""
    selection()
    found = desk().get(id)
    so_far = found.progress
    return jsonify(
        state=found.state,
        text=_state(found),
        share=so_far.share if so_far else 0.0,
        value=so_far.value if so_far else None,
        plan=url_for("routes_plan.show", plan=found.plan_id) if found.plan_id else None,
        features=lines_so_far(found.request, so_far.routes) if so_far else [],
    )


@blueprint.post("/orders/<id>/stop")
def stop(id: str) -> AnyResponse:
    """End a search early, and keep its best."""
    require_own_page()
    desk().stop(id)
    return redirect(url_for("routes.order_page", id=id), code=303)


@blueprint.get("/compare")
def compare() -> str:
    """Two plans beside each other."""
    one, other = request.args.get("one", ""), request.args.get("other", "")
    selection("one", "other")
    kept = [services.kept_plan(g.district, id) for id in (one, other)]
    found = services.compared(kept[0].plan, kept[1].plan)
    names = stop_names(kept[0].plan.request.stops) | stop_names(kept[1].plan.request.stops)
    whose = [{stop.id: route.team for route in one.plan.routes for stop in route.stops} for one in kept]
    return render_template("routes/compare.html", plans=kept, found=found, names=names, whose=whose)


def desk() -> services.PlanningDesk:
    """Where plans are ordered."""
    made: services.PlanningDesk = current_app.extensions["geoapp-planning"]
    return made


def _page(context: dict[str, Any], refusal: str | None, form: MultiDict[str, str] | None = None) -> str:
    chosen: Selection = context.pop("selection")
    given = form or MultiDict[str, str]()
    return render_template(
        "routes/index.html",
        parts=stops_parts(),
        refusal=refusal,
        plans=services.kept_plans(g.district),
        chosen=chosen.parameters(),
        choices=filters.choices(FILTERS) | {"kind": filters.choices(("kind",), "sites")["kind"]},
        chips=filters.chips(chosen.parameters(), FILTERS, "problems"),
        filter_names=filters.NAMES | {"kind": gettext("Kind of site"), "role": gettext("Role of site")},
        at="/routes",
        dated=True,
        view=None,
        usual_rule=ValueRule(),
        usual_choice=services.StopChoice(),
        teams=_team_rows(given) or routes_form.usual_teams(2),
        places=services.start_places(g.district),
        townships=filters.choices(("township",))["township"],
        profiles={name: routes_labels.PROFILES[name] for name in PROFILES},
        speeds=services.SPEEDS,
        seconds=routes_form.SECONDS,
        usual_seconds=routes_form.USUAL_SECONDS,
        day=given.get("date") or services.next_working_day(g.district).isoformat(),
        form=given,
        may_write=g.may_write,
        words=routes_labels,
        **context,
    )


def _team_rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """The rows of teams as somebody has sent them, as many as a plan can have."""
    columns = {name: form.getlist(f"team-{name}") for name in routes_form.TEAM_FIELDS}
    return [{name: (texts[row] if row < len(texts) else "") for name, texts in columns.items()}
            for row in range(min(len(columns["team"]), MOST_TEAMS))]  # fmt: skip


def _ordered(form: MultiDict[str, str]) -> services.Order:
    chosen, given = _posted(form)
    rule = routes_form.rule_of(given)
    found = services.stops_of(g.district, chosen, g.scope, routes_form.choice_of(given), rule)
    wanted = routes_form.request_of(form, dict(form.lists()), found)
    name = form.get("name", "").strip() or _name(wanted.dates[0].isoformat(), wanted.mode)
    return desk().begin(services.Order(
        name=name, request=wanted, effort=routes_form.effort_of(form), by="local", values=rule,
        selection=urlencode(chosen.parameters() | given), basis=form.get("basis") or None,
    ))  # fmt: skip


def _name(day: str, mode: str) -> str:
    return str(gettext("Tour of %(day)s", day=day) if mode == "all" else gettext("Inspection of %(day)s", day=day))


def _posted(form: MultiDict[str, str]) -> tuple[Selection, dict[str, str]]:
    """The selection and the page's own parameters, which the form carries as the query of the page that it stood on."""
    query = MultiDict(parse_qsl(form.get("query", "")))
    own = {name: query[name] for name in routes_form.OWN if query.get(name)}
    chosen = {name: values for name, values in query.lists() if name not in {*routes_form.OWN, "lang"}}
    return Selection.parse(chosen), own


def _chosen() -> Selection:
    return selection(*routes_form.OWN, "sort")


def _stops(*, plain: bool = False) -> dict[str, Any]:
    return _stops_of(Selection(), {}) if plain else _stops_of(_chosen(), routes_form.parameters())


def _stops_of(chosen: Selection, given: dict[str, str]) -> dict[str, Any]:
    """What the template of the stops needs."""
    choice, rule = routes_form.choice_of(given), routes_form.rule_of(given)
    found = services.stops_of(g.district, chosen, g.scope, choice, rule)
    return {"selection": chosen, "found": found, "listed": found.stops[:LISTED], "choice": choice, "rule": rule,
            "given": given, "query": urlencode(chosen.parameters() | given),
            "far": services.out_of_reach(g.district, found.stops, "car"), "names": stop_names(found.stops)}  # fmt: skip


def _state(order: services.Order) -> str:
    if order.state == "waiting":
        return str(gettext("Waiting for %(count)s plans before it.", count=desk().ahead(order.id) + 1))
    if order.failure:
        return told(order.failure)
    so_far = order.progress
    if so_far is None:
        return str(gettext("Travel times are computed …"))
    return str(gettext("Best so far: %(visited)s stops, value %(value)s.", visited=so_far.visited,
                       value=f"{so_far.value:,.0f}"))  # fmt: skip
