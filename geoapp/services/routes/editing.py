"""Plans changed by hand: a stop moved, pinned or asked for anew, the rest of a day planned at noon."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.navigation import Place
from geoapp.domain.routes import (
    DAY_S,
    PlannedRoute,
    RequestedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
    clock_of,
    moment_of,
    seconds_of,
)
from geoapp.routing.explaining import missing_at, travel_of_route
from geoapp.routing.travel import Travel
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.planning import numbers_of, start_of, written
from geoapp.services.routes.tasks import Laid, laid
from geoapp.services.routes.verdicts import verdict


def moved(
    plan: RoutePlan, stop_id: str, team: str | None, date: date | None, place: int | None, travel: Travel, plain: Travel
) -> RoutePlan:
    """The plan with a stop at a place (0 the first; None where it fits best) of a team's day, or out of it (team None).

    Times, reasons and check are new; a rule may be broken by it, and the check says which. Raises NotFound for a stop,
    team or date that the request does not have, BadInput for a stop that no road reaches.
    """
    request = plan.request
    _stop(request, stop_id)
    problem = laid(request, travel)
    number = {stop.id: at for at, stop in enumerate(problem.stops)}.get(stop_id)
    routes = [[one for one in route if one != number] for route in numbers_of(problem, start_of(plan))]
    if team is not None:
        if number is None:
            raise BadInput("Stop {id} is too far from any road: no team gets there.", id=stop_id)
        at = _day(problem, team, date)
        routes[at].insert(_best_place(problem, at, routes[at], number) if place is None else place, number)
    if request.order == "given":  # who moves a stop of a tour gives another order
        request = _ordered(request, [problem.stops[one].id for route in routes for one in route])
        return _renewed(replace(plan, request=request), _renumbered(problem, routes, request, travel), travel, plain)
    return _renewed(plan, (problem, routes), travel, plain)


def pinned(
    plan: RoutePlan, stop_id: str, team: str | None, date: date | None, travel: Travel, plain: Travel
) -> RoutePlan:
    """The plan whose request ties a stop to a team, a day or both, or to nothing any more: pinned, it is a must-visit.

    Routes stay as they are, and the check says whether they keep to it. Raises NotFound.
    """
    request = plan.request
    _stop(request, stop_id)
    if team is not None and all(one.id != team for one in request.teams):
        raise NotFound("There is no team {id!r} in this plan.", id=team)
    if date is not None and date not in request.dates:
        raise NotFound("{date} is not among the days of this plan.", date=date)
    tied = team is not None or date is not None
    stops = (replace(stop, team=team, date=date, pinned=tied) if stop.id == stop_id else stop for stop in request.stops)
    request = replace(request, stops=tuple(stops))
    problem = laid(request, travel)
    made = replace(plan, request=request)
    return _renewed(made, (problem, numbers_of(problem, start_of(plan))), travel, plain)


def asked_anew(
    plan: RoutePlan, stop_id: str, travel: Travel, plain: Travel, *, service_min: float | None = None,
    walk_min: float | None = None, must: bool | None = None,
) -> RoutePlan:  # fmt: skip
    """The plan whose request has other minutes for a stop, or makes it a must-visit or none; None leaves as it is.

    Its routes stay, later times move, and the check says what breaks. Raises NotFound and BadInput.
    """
    changed = {"service_min": service_min, "walk_min": walk_min, "must": must}
    known = _stop(plan.request, stop_id)
    other = replace(known, **{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type]
    request = replace(plan.request, stops=tuple(other if one is known else one for one in plan.request.stops))
    problem = laid(request, travel)
    return _renewed(replace(plan, request=request), (problem, numbers_of(problem, start_of(plan))), travel, plain)


def from_noon(
    plan: RoutePlan, now: str, done: Collection[str], positions: Mapping[str, Place] | None = None,
    today: date | None = None,
) -> RouteRequest:  # fmt: skip
    """What is to be planned of the rest of a day: every team goes on from where it is, without what is done.

    now: a clock time. positions: where teams are, by id; those not named are at their last stop that is done, or at the
    stop they are at by the plan, which is then done too, and go on when its visit is over. today: needed for a plan of
    several days, whose other days stay as they are. Raises BadInput where no stop or no time is left.
    """
    request, day, moment = plan.request, _today(plan, today), seconds_of(now)
    known = {stop.id: stop for stop in request.stops}
    routes = {route.team: route for route in plan.routes if route.date == day}
    gone = set(done) | {stop.id for route in plan.routes if route.date != day for stop in route.stops}
    teams = []
    for team in request.teams:
        place = (positions or {}).get(team.id)
        at, since, visited = (place, moment, None) if place else _where(team, routes.get(team.id), moment, done, known)
        gone |= {visited} if visited else set()
        begins, ends = max(since, seconds_of(team.shift[0])), seconds_of(team.shift[1])
        if begins < ends:
            teams.append(replace(team, start=at, shift=(clock_of(begins), team.shift[1])))
    stops = tuple(stop for stop in request.stops if stop.id not in gone)
    if not stops:
        raise BadInput("Every stop of the day is done: there is nothing left to plan.")
    if not teams:
        raise BadInput("At {now} the shift of every team is over: there is no time left to plan.", now=now)
    return replace(request, stops=stops, teams=tuple(teams), dates=(day,))


def _today(plan: RoutePlan, today: date | None) -> date:
    if today is None and len(plan.request.dates) > 1:
        raise BadInput("This plan has several days: say which one is planned anew.")
    day = today or plan.request.dates[0]
    if day not in plan.request.dates:
        raise NotFound("{date} is not among the days of this plan.", date=day)
    return day


def _where(
    team: RequestedTeam, route: PlannedRoute | None, moment: int, done: Collection[str], known: dict[str, RequestedStop]
) -> tuple[Place, int, str | None]:
    """Where a team is by the plan, from when it goes on, and the stop that it is at."""
    at, since = team.start, moment
    for planned in route.stops if route else ():
        stop = known.get(planned.id)
        if stop is None:
            continue
        if planned.id in done:
            at = (stop.lon, stop.lat)
        elif moment_of(planned.start) <= moment < moment_of(planned.leave):
            return (stop.lon, stop.lat), moment_of(planned.leave), planned.id
    return at, since, None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a plan comes to. longest_min, shortest_min: the days of teams that go out, from shift begin to home."""

    value: float
    stops: int
    must: int
    travel_min: float
    distance_m: float
    longest_min: float
    shortest_min: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans beside each other. only_one, only_other: stops that the other leaves out; moved: with another team or
    on another day.
    """

    one: Totals
    other: Totals
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]
    moved: tuple[str, ...]


def compared(one: RoutePlan, other: RoutePlan) -> Comparison:
    """What two plans differ by."""
    here, there = _whose(one), _whose(other)
    return Comparison(
        _totals(one),
        _totals(other),
        tuple(id for id in here if id not in there),
        tuple(id for id in there if id not in here),
        tuple(id for id in here if id in there and here[id] != there[id]),
    )


def _renewed(plan: RoutePlan, laid_routes: tuple[Laid, list[list[int]]], travel: Travel, plain: Travel) -> RoutePlan:
    """The plan with other routes: their times, reasons and check; made by hand, so nothing replays it."""
    made = written(plan.request, *laid_routes, travel)
    _require_days(made)
    made = replace(made, solver="hand", seed=plan.seed, ledger_seq=plan.ledger_seq, estimate=travel.estimate,
                   schematic=plan.schematic)  # fmt: skip
    return replace(made, check=verdict(made, plain))


def _require_days(made: RoutePlan) -> None:
    """Raise BadInput for a day that nobody could read: it may go on after midnight, but not without an end."""
    for route in made.routes:
        if route.home is not None and int(route.home.partition(":")[0]) * 3_600 >= 2 * DAY_S:
            team = names_of(made.request).team(route.team)
            raise BadInput("That would keep team {team} out for more than two days; nothing was changed.", team=team)


def _renumbered(problem: Laid, routes: list[list[int]], request: RouteRequest, travel: Travel
                ) -> tuple[Laid, list[list[int]]]:  # fmt: skip
    """The same routes by the numbers of a request whose stops stand in another order."""
    ids = [[problem.stops[number].id for number in route] for route in routes]
    again = laid(request, travel)
    number = {stop.id: at for at, stop in enumerate(again.stops)}
    return again, [[number[id] for id in route] for route in ids]


def _ordered(request: RouteRequest, ids: list[str]) -> RouteRequest:
    """The request with these stops in this order, each in the place of one of them; the others where they are."""
    known = {stop.id: stop for stop in request.stops}
    turn = iter(ids)
    return replace(request, stops=tuple(known[next(turn)] if stop.id in ids else stop for stop in request.stops))


def _best_place(problem: Laid, team: int, route: list[int], number: int) -> int:
    """Where the least time is missing, and among those where the way is shortest."""

    def badness(place: int) -> tuple[int, int]:
        trial = [*route[:place], number, *route[place:]]
        return missing_at(problem.task, team, route, number, place).seconds, travel_of_route(problem.task, team, trial)

    return min(range(len(route) + 1), key=badness)


def _stop(request: RouteRequest, id: str) -> RequestedStop:
    found = next((stop for stop in request.stops if stop.id == id), None)
    if found is None:
        raise NotFound("There is no stop {id!r} in this plan.", id=id)
    return found


def _day(problem: Laid, team: str, day: date | None) -> int:
    """The number of a team's day; where no date is named, of its only one."""
    found = [at for at, (who, when) in enumerate(problem.teams) if who.id == team and day in (None, when)]
    if not found:
        raise NotFound("There is no team {id!r} with a day {date} in this plan.", id=team, date=day or "")
    return found[0]


def _whose(plan: RoutePlan) -> dict[str, tuple[str, date]]:
    return {stop.id: (route.team, route.date) for route in plan.routes for stop in route.stops}


def _totals(plan: RoutePlan) -> Totals:
    must = {stop.id for stop in plan.request.stops if stop.must_visit}
    seen = [stop.id for route in plan.routes for stop in route.stops]
    days = [_minutes(plan.request, route) for route in plan.routes if route.stops]
    return Totals(
        value=plan.value,
        stops=len(seen),
        must=sum(id in must for id in seen),
        travel_min=round(sum(route.travel_min for route in plan.routes), 2),
        distance_m=round(sum(route.distance_m for route in plan.routes), 1),
        longest_min=max(days, default=0.0),
        shortest_min=min(days, default=0.0),
    )


def _minutes(request: RouteRequest, route: PlannedRoute) -> float:
    team = next((one for one in request.teams if one.id == route.team), None)
    begins = seconds_of(team.shift[0]) if team else 0
    return round((moment_of(route.home or route.stops[-1].leave) - begins) / 60, 2)
