"""One plan: its days on map and clock, what is left out and why, and its changes by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import format_number, gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import LONGEST_NAME, KeptPlan
from geoapp.maps.layers import team_colours
from geoapp.services import routes as services
from geoapp.web import routes_labels
from geoapp.web.amounts import clock, distance, duration, travel_time
from geoapp.web.mapping import plan_parts
from geoapp.web.requests import require_own_page, selection
from geoapp.web.routes import desk
from geoapp.web.routes_accounts import account, fault_sentences, stop_names
from geoapp.web.routes_form import SECONDS, USUAL_SECONDS, effort_of, number_of
from geoapp.web.routes_links import ID, date_of, date_or_none

blueprint = Blueprint("routes_plan", __name__, url_prefix="/routes")

# Around the stops, in degrees.
MARGIN = 0.004


@blueprint.get(f"/<{ID}:plan>")
def show(plan: str) -> str:
    """The page."""
    selection()
    kept = services.kept_plan(g.district, plan)
    colours = team_colours(team.id for team in kept.plan.request.teams)
    return render_template(
        "routes/plan.html",
        parts=plan_parts(url_for("routes_plan.features", plan=plan), _bbox(kept), colours),
        others=[one for one in services.kept_plans(g.district) if one.id != plan],
        seconds=SECONDS, usual_seconds=USUAL_SECONDS,
        **_context(kept),
    )  # fmt: skip


@blueprint.get(f"/<{ID}:plan>/account")
def part(plan: str) -> str:
    """All of the page but its map, for the page to put in place of what it has."""
    selection()
    return render_template("routes/_account.html", **_context(services.kept_plan(g.district, plan)))


@blueprint.get(f"/<{ID}:plan>/features")
def features(plan: str) -> Response:
    """The plan for the map, as GeoJSON."""
    selection()
    kept = services.kept_plan(g.district, plan)
    names = stop_names(kept.plan.request.stops)
    found = services.plan_features(g.district, kept)
    for one in found:
        one["properties"]["name"] = names.get(one["properties"].get("stop", ""), "")
    return jsonify(type="FeatureCollection", features=found)


@blueprint.post(f"/<{ID}:plan>/move")
def move(plan: str) -> AnyResponse:
    """Put a stop elsewhere, or out of the plan; what it costs and whether it may be is said at once."""
    require_own_page()
    form = request.form
    team, day = _whose(form.get("to", ""))
    number = form.get("place", "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 5 and int(number) > 0):
        raise BadInput("{name}={value!r} is not a number from 1.", name="place", value=number)
    done = services.move_stop(g.district, plan, form.get("stop", ""), team=team, day=day,
                              place=int(number) - 1 if number else None, by="local")  # fmt: skip
    return _answer(plan, _told(done), ok=done.kept.plan.check.ok)


@blueprint.post(f"/<{ID}:plan>/pin")
def pin(plan: str) -> AnyResponse:
    """Tie a stop to its team and day, or to nothing any more."""
    require_own_page()
    team, day = _whose(request.form.get("to", ""))
    done = services.pin_stop(g.district, plan, request.form.get("stop", ""), team=team, day=day, by="local")
    return _answer(plan, _told(done), ok=done.kept.plan.check.ok)


@blueprint.post(f"/<{ID}:plan>/stop")
def change(plan: str) -> AnyResponse:
    """Give a stop other minutes, or make it a must-visit or none."""
    require_own_page()
    form = request.form
    minutes_of = {name: number_of(name, form, -1) if form.get(name) else None for name in ("service_min", "walk_min")}
    done = services.change_stop(g.district, plan, form.get("stop", ""), must=form.get("must") == "yes", by="local",
                                **minutes_of)  # fmt: skip
    return _answer(plan, _told(done), ok=done.kept.plan.check.ok)


@blueprint.post(f"/<{ID}:plan>/back")
def take_back(plan: str) -> AnyResponse:
    """Undo the last change."""
    require_own_page()
    services.take_back(g.district, plan, by="local")
    return _answer(plan, gettext("The last change was taken back."))


@blueprint.post(f"/<{ID}:plan>/name")
def rename(plan: str) -> AnyResponse:
    """Give the plan another name."""
    require_own_page()
    services.rename_plan(g.district, plan, request.form.get("name", ""), by="local")
    return _answer(plan, gettext("Renamed."))


@blueprint.post(f"/<{ID}:plan>/delete")
def delete(plan: str) -> AnyResponse:
    """Take the plan away."""
    require_own_page()
    services.delete_plan(g.district, plan, by="local")
    return redirect(url_for("routes.show"), code=303)


@blueprint.post(f"/<{ID}:plan>/replan")
def replan(plan: str) -> AnyResponse:
    """Search again from what stands, as another plan; what is pinned stays."""
    require_own_page()
    kept = services.kept_plan(g.district, plan)
    effort = replace(effort_of(request.form), start=services.start_of(kept.plan))
    return _order(kept, kept.plan.request, effort, gettext("%(name)s, planned again", name=kept.name))


@blueprint.post(f"/<{ID}:plan>/noon")
def noon(plan: str) -> AnyResponse:
    """Plan the rest of a day from what is done, as another plan."""
    require_own_page()
    kept, form = services.kept_plan(g.district, plan), request.form
    wanted = services.from_noon(kept.plan, form.get("now", ""), form.getlist("done"),
                                today=date_or_none(form.get("day")))  # fmt: skip
    name = gettext("%(name)s, from %(time)s", name=kept.name, time=form.get("now", ""))
    return _order(kept, wanted, effort_of(form), name)


def _order(kept: KeptPlan, wanted: Any, effort: services.Effort, name: str) -> AnyResponse:
    made = desk().begin(services.Order(name=name[:LONGEST_NAME], request=wanted, effort=effort, by="local",
                                       values=kept.values, selection=kept.selection, basis=kept.id))  # fmt: skip
    return redirect(url_for("routes.order_page", id=made.id), code=303)


def _context(kept: KeptPlan) -> dict[str, Any]:
    return account(kept) | {"may_write": g.may_write, "duration": duration, "distance": distance, "clock": clock,
                            "travel_time": travel_time, "words": routes_labels}  # fmt: skip


def _answer(plan: str, said: str, *, ok: bool = True) -> AnyResponse:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(told=said, ok=ok)
    return redirect(url_for("routes_plan.show", plan=plan), code=303)


def _whose(text: str) -> tuple[str | None, date | None]:
    """A team and a day as the form names them, "2026-11-30 Team 1"; nothing for nobody."""
    day, _, team = text.partition(" ")
    if not team:
        return None, None
    return team, date_of(day)


def _told(done: services.Changed) -> str:
    """What a change came to, in one line."""
    before, after = done.difference.one, done.difference.other
    travel_min = round(after.travel_min - before.travel_min)
    parts = [
        gettext("%(sign)s%(number)s stops", sign="+" if after.stops > before.stops else "",
                number=format_number(after.stops - before.stops)) if after.stops != before.stops else "",
        gettext("value %(sign)s%(number)s", sign="+" if after.value > before.value else "",
                number=f"{after.value - before.value:,.1f}") if after.value != before.value else "",
        gettext("travel %(sign)s%(number)s min", sign="+" if travel_min >= 0 else "", number=f"{travel_min:,}"),
    ]  # fmt: skip
    faults = fault_sentences(done.kept.plan, done.faults[:1])
    verdict = gettext("It breaks rules: %(first)s", first=faults[0]) if faults else gettext("It keeps every rule.")
    return f"{', '.join(part for part in parts if part)}. {verdict}"


def _bbox(kept: KeptPlan) -> tuple[float, float, float, float]:
    """Around what is visited and the teams' ends; around all stops where nothing is."""
    request_, visited = kept.plan.request, {one.id for route in kept.plan.routes for one in route.stops}
    ends = [end for team in request_.teams for end in (team.start, team.end) if end is not None]
    places = [(stop.lon, stop.lat) for stop in request_.stops if stop.id in visited or not visited]
    lon, lat = zip(*(places + ends), strict=True)
    return min(lon) - MARGIN, min(lat) - MARGIN, max(lon) + MARGIN, max(lat) + MARGIN
