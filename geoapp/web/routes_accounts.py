"""What a plan's page says: days with their stops and clock, what is left out and why, and what more would bring."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import g
from flask_babel import format_date, gettext

from geoapp import services as all_services
from geoapp.domain.kept_plans import KeptPlan, feature_of
from geoapp.domain.routes import (
    LeftOut,
    PlanFault,
    PlannedRoute,
    PlannedStop,
    RequestedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
    moment_of,
    seconds_of,
)
from geoapp.maps.layers import team_colours
from geoapp.services import routes as services
from geoapp.web.amounts import clock, duration
from geoapp.web.errors import told
from geoapp.web.features import page_of
from geoapp.web.language import current

# The timeline: one unit a minute; heights of a row and of the hours above.
ROW, HEAD = 30, 18
# A menu of all days at every stop is many times the page beyond this: then one list serves all stops.
MOST_CHOICES = 20_000
# A short day is not blown up, and one that never ends stops at midnight.
NARROWEST = 480
MIDNIGHT_S = 86_400


@dataclass(frozen=True, slots=True)
class StopLine:
    """A visited stop as the page lists it."""

    number: int
    stop: RequestedStop
    planned: PlannedStop
    name: str
    where: str
    href: str | None
    why: str
    reach: str
    changed: bool
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a team's day in the timeline: from x for width minutes; kind: drive, wait or visit."""

    kind: str
    x: float
    width: float
    text: str
    number: int | None = None
    stop: str | None = None


@dataclass(frozen=True, slots=True)
class TeamDay:
    """One team on one day. hours: of the shift, lunch: of the pause, as beginning and length on the timeline."""

    team: RequestedTeam
    day: date
    colour: str
    route: PlannedRoute
    stops: tuple[StopLine, ...]
    blocks: tuple[Block, ...]
    hours: tuple[float, float]
    lunch: tuple[float, float] | None


def account(kept: KeptPlan) -> dict[str, Any]:
    """What the template of a plan needs."""
    plan = kept.plan
    called = stop_names(plan.request.stops)
    names = _names(plan)
    changed = services.changed_stops(g.district, kept)
    begin, end = _clock(plan)
    days = _team_days(kept, names, changed, begin)
    return {
        "kept": kept, "plan": plan, "names": called, "changed": changed, "days": days,
        "menus": len(plan.request.stops) * len(days) <= MOST_CHOICES,
        "faults": fault_sentences(plan), "undoable": services.can_be_taken_back(g.district, kept.id),
        "left_out": _left_out(kept, names),
        "advice": [told(services.advice_sentence(one, names)) for one in plan.advice],
        "visited": sum(len(route.stops) for route in plan.routes), "hours": list(range(begin // 60, end // 60 + 1)),
        "begin": begin, "width": max(end - begin, NARROWEST), "row": ROW, "head": HEAD, "dates": _by_date(days),
        "distance_km": sum(route.distance_m for route in plan.routes) / 1_000,
        "travel_min": sum(route.travel_min for route in plan.routes), "range": services.range_min,
    }  # fmt: skip


def fault_sentences(plan: RoutePlan, faults: Sequence[PlanFault] | None = None) -> list[str]:
    """What the checker found, or some of it, in the reader's language and names."""
    names = _names(plan)
    return [told(services.sentence_of(fault, names)) for fault in (plan.check.faults if faults is None else faults)]


def _names(plan: RoutePlan) -> services.Names:
    return replace(services.names_of(plan.request), stops=stop_names(plan.request.stops))


def stop_names(stops: Sequence[RequestedStop]) -> dict[str, str]:
    """Names of stops by their ids, in the reader's language where that is known."""
    known = services.stop_titles(g.district, [stop.id for stop in stops], current())
    return {stop.id: known.get(stop.id) or stop.name or stop.id for stop in stops}


def lines_so_far(request: RouteRequest, routes: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Routes under way, as straight lines from stop to stop; GeoJSON features in the teams' colours."""
    places = {stop.id: [stop.lon, stop.lat] for stop in request.stops}
    colours, features = team_colours(team.id for team in request.teams), []
    for team in request.teams:
        for day in request.dates:
            stops = routes.get(f"{team.id} {day}", ())
            ends = [list(team.end)] if team.end and stops else []
            line = [list(team.start), *(places[id] for id in stops), *ends]
            if len(line) > 1:
                features.append({"type": "Feature", "geometry": {"type": "LineString", "coordinates": line},
                                 "properties": {"team": team.id, "colour": colours[team.id]}})  # fmt: skip
    return features


def _clock(plan: RoutePlan) -> tuple[int, int]:
    """Where the timeline begins and ends, in minutes of the day: whole hours round all shifts and, until midnight, all
    that a plan changed by hand has after them.
    """
    shifts = [team.shift for team in plan.request.teams]
    last = [route.home or route.stops[-1].leave for route in plan.routes if route.stops]
    begins = min(seconds_of(start) for start, _ in shifts) // 3_600 * 60
    late = min(MIDNIGHT_S, max((moment_of(text) for text in last), default=0))
    ends = -(-max(late, *(seconds_of(end) for _, end in shifts)) // 3_600) * 60
    return begins, max(int(ends), begins + 60)


def _team_days(kept: KeptPlan, names: services.Names, changed: Mapping[str, Any], begin: int) -> list[TeamDay]:
    request = kept.plan.request
    teams = {team.id: team for team in request.teams}
    order, colours = list(teams), team_colours(teams)
    made = []
    for route in sorted(kept.plan.routes, key=lambda one: (one.date, order.index(one.team))):
        team = teams[route.team]
        lunch = _span(team.lunch, begin) if team.lunch else None
        made.append(TeamDay(team, route.date, colours[team.id], route, _lines(kept, route, names, changed),
                            tuple(_blocks(route, team, names, begin)), _span(team.shift, begin), lunch))  # fmt: skip
    return made


def _lines(kept: KeptPlan, route: PlannedRoute, names: services.Names, changed: Mapping[str, Any]
           ) -> tuple[StopLine, ...]:  # fmt: skip
    stops = {stop.id: stop for stop in kept.plan.request.stops}
    townships = all_services.wording(g.district, "townships", current())
    reasons = {one.id: one for one in kept.plan.kept}
    reach = services.reach_notes(g.district, kept)
    faults = kept.plan.check.faults
    return tuple(
        StopLine(
            number, stops[one.id], one, names.stop(one.id), townships.get(stops[one.id].township or "", ""),
            _page(one.id),
            told(services.kept_sentence(reasons[one.id], kept.plan)) if one.id in reasons else "",
            told(reach[one.id]) if one.id in reach else "", one.id in changed,
            tuple(told(services.sentence_of(fault, names)) for fault in faults if fault.stop == one.id),
        ) for number, one in enumerate(route.stops, start=1)
    )  # fmt: skip


def _blocks(route: PlannedRoute, team: RequestedTeam, names: services.Names, begin: int) -> Iterable[Block]:
    at = _minute(team.shift[0]) - begin
    for number, one in enumerate(route.stops, start=1):
        arrive, start, leave = (_minute(text) - begin for text in (one.arrive, one.start, one.leave))
        yield Block("drive", at, arrive - at, gettext("%(minutes)s to %(name)s", minutes=duration(one.travel_min),
                                                      name=names.stop(one.id)))  # fmt: skip
        if start > arrive:
            yield Block("wait", arrive, start - arrive, gettext("waits %(minutes)s", minutes=duration(start - arrive)))
        text = f"{number}. {names.stop(one.id)} {clock(one.start)}–{clock(one.leave)}"
        yield Block("visit", start, leave - start, text, number, one.id)
        at = leave
    if route.stops and route.home and team.end is not None:
        yield Block("drive", at, _minute(route.home) - begin - at, gettext("back at %(time)s", time=clock(route.home)))


def _left_out(kept: KeptPlan, names: services.Names) -> list[tuple[LeftOut, RequestedStop, str, str | None, str]]:
    stops = {stop.id: stop for stop in kept.plan.request.stops}
    return [(left, stops[left.id], names.stop(left.id), _page(left.id),
             told(services.reason_sentence(left, stops[left.id], names)))
            for left in kept.plan.left_out if left.id in stops]  # fmt: skip


def _page(stop_id: str) -> str | None:
    feature = feature_of(stop_id)
    return page_of(*feature) if feature else None


def _by_date(days: Sequence[TeamDay]) -> list[tuple[str, list[TeamDay]]]:
    found: dict[date, list[TeamDay]] = {}
    for one in days:
        found.setdefault(one.day, []).append(one)
    return [(str(format_date(day, "full")), rows) for day, rows in found.items()]


def _span(interval: tuple[str, str], begin: int) -> tuple[float, float]:
    first, last = (_minute(text) - begin for text in interval)
    return first, last - first


def _minute(text: str) -> float:
    return moment_of(text) / 60
