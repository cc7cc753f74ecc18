"""Plans of inspection: from a request to routes with their times, reasons and check."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geoapp.domain.routes import (
    LeftOut,
    PlannedRoute,
    PlannedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
    clock_of,
)
from geoapp.routing import search
from geoapp.routing.day import Plan, Visit, worth
from geoapp.routing.explaining import allowed, filled, missing_at
from geoapp.routing.explaining_kernel import warm
from geoapp.routing.second_opinion import second_opinion
from geoapp.routing.timetable import timetable
from geoapp.routing.travel import Travel
from geoapp.services.routes.balancing import balanced
from geoapp.services.routes.insights import advised, kept_reasons
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.reasons import off_road, said
from geoapp.services.routes.tasks import Laid, laid
from geoapp.services.routes.verdicts import verdict

SECONDS = 10.0
# The part of the time that a second opinion gets, unless that is less than it needs to say anything.
OTHER_SHARE, OTHER_LEAST_S = 0.2, 0.4
# The part of the time that is kept for reasons, advice and check, so that a plan stands when its time is over.
EXPLAINING_SHARE = 0.12
Routes = list[list[int]]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is told of a plan under way: the best so far, and the share of the time that has passed.

    visited: how many stops; routes: their ids by team and date ("T1 2026-11-24"), as Effort.start takes them.
    """

    value: float
    share: float
    visited: int
    routes: Mapping[str, tuple[str, ...]]


# Who is told; an answer of False stops the search, which keeps its best.
Watch = Callable[[Progress], bool]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is searched: for seconds, or so many iterations (`of` how many it was laid out for), from a seed.

    solver: with iterations, whose they are: search, or pyvrp. start: a plan to begin with, ids of stops by team and
    date ("T1 2026-11-24"). advice: whether it is tried what more teams and time would bring.
    """

    seconds: float | None = None
    iterations: int | None = None
    of: int | None = None
    seed: int = 1
    solver: str = "search"
    start: Mapping[str, Sequence[str]] | None = None
    advice: bool = True


def make_plan(
    request: RouteRequest, travel: Travel, plain: Travel, effort: Effort, progress: Watch | None = None
) -> RoutePlan:
    """The best plan found; with iterations as many are made, and the same ones each time.

    plain: travel by another way of computing it, for the check. Raises BadInput.
    """
    warm()  # what is compiled now takes nothing of the time
    began = time.monotonic()
    problem = laid(request, travel)
    if request.order == "given":
        solver, found = "given", Plan((tuple(range(len(problem.stops))),))
    else:
        solver, found = _searched(problem, effort, progress)
    routes = [list(route) for route in found.routes]
    if request.order == "free":
        routes = filled(problem.task, routes)
        if request.balance and len(routes) > 1:
            # Other routes may have room for what had none.
            routes = filled(problem.task, balanced(problem.task, routes, seed=effort.seed))
    made = written(request, problem, routes, travel)
    if effort.advice:
        advice = advised(request, problem, routes, iterations=found.iterations, seed=effort.seed)
        made = replace(made, advice=advice)
    made = replace(made, seed=effort.seed, iterations=found.iterations, of=found.of, solver=solver, start=effort.start,
                   estimate=travel.estimate, seconds=round(time.monotonic() - began, 2))  # fmt: skip
    return replace(made, check=verdict(made, plain))


def _searched(problem: Laid, effort: Effort, progress: Watch | None) -> tuple[str, Plan]:
    """Whose plan is the better one, and the plan: our own search's, or the second opinion's."""
    task, seed, start = problem.task, effort.seed, _drivable(problem, effort.start)
    if effort.iterations is not None:
        other = second_opinion(task, iterations=effort.iterations, seed=seed) if effort.solver == "pyvrp" else None
        if other is not None:
            return "pyvrp", other
        return "search", search.plan(task, iterations=effort.iterations, of=effort.of, seed=seed, start=start)
    seconds, began = (effort.seconds or SECONDS) * (1 - EXPLAINING_SHARE), time.monotonic()
    share = OTHER_SHARE if seconds * OTHER_SHARE >= OTHER_LEAST_S else 0.0

    def tell(best: Plan) -> bool:
        return progress is None or progress(so_far(problem, best, (time.monotonic() - began) / seconds))

    ours = search.plan(task, seconds=seconds * (1 - share), seed=seed, start=start, progress=tell)
    stopped = progress is not None and time.monotonic() - began < seconds * (1 - share) * 0.95
    other = second_opinion(task, seconds=seconds * share, seed=seed) if share and not stopped else None
    if other is not None and worth(task, other.routes) > worth(task, ours.routes):
        return "pyvrp", other
    return "search", ours


def so_far(problem: Laid, best: Plan, share: float) -> Progress:
    """What is told of the best plan so far. share: of the time that has passed."""
    routes = {key(team, day): tuple(problem.stops[stop].id for stop in route)
              for (team, day), route in zip(problem.teams, best.routes, strict=True)}  # fmt: skip
    value = sum(problem.stops[stop].value for route in best.routes for stop in route)
    return Progress(value, min(share, 1.0), sum(len(route) for route in best.routes), routes)


def start_of(plan: RoutePlan) -> dict[str, tuple[str, ...]]:
    """The stops of a plan by team and date: what another search begins with."""
    return {f"{route.team} {route.date}": tuple(stop.id for stop in route.stops) for route in plan.routes}


def numbers_of(problem: Laid, start: Mapping[str, Sequence[str]]) -> Routes:
    """Routes by the keys of teams and dates, as numbers of stops; those not asked for any more are left out."""
    number = {stop.id: at for at, stop in enumerate(problem.stops)}
    return [[number[id] for id in start.get(key(team, day), []) if id in number] for team, day in problem.teams]


def _drivable(problem: Laid, start: Mapping[str, Sequence[str]] | None) -> Routes | None:
    """What a search may begin with: of each route as much, in its order, as keeps every rule."""
    if start is None:
        return None
    made: Routes = []
    seen: set[int] = set()
    for team, route in enumerate(numbers_of(problem, start)):
        made.append([])
        for stop in route:
            fits = stop not in seen and team in allowed(problem.task, stop)
            if fits and not missing_at(problem.task, team, made[team], stop, len(made[team])).seconds:
                made[team].append(stop)
                seen.add(stop)
    return made


def key(team: RequestedTeam, day: date) -> str:
    """What a team's day is called in Effort.start and Progress.routes."""
    return f"{team.id} {day}"


def written(request: RouteRequest, problem: Laid, routes: Routes, travel: Travel) -> RoutePlan:
    """Routes with their times, and the reasons of what they leave out."""
    made = timed(problem, routes, travel)
    left: list[LeftOut] = [off_road(id, metres) for id, metres in problem.off_road.items()]
    left += said(problem, routes, names_of(request))
    value = sum(problem.stops[stop].value for route in routes for stop in route)
    starts = [[stop.start for stop in route.stops] for route in made]
    return RoutePlan(request=request, routes=made, left_out=tuple(left), value=round(value, 6),
                     kept=kept_reasons(request, problem, routes, starts))  # fmt: skip


def timed(problem: Laid, routes: Routes, travel: Travel) -> tuple[PlannedRoute, ...]:
    """Routes with their times and lengths, also such as keep no window or shift."""
    return tuple(_route(problem, at, route, travel) for at, route in enumerate(routes))


def _route(problem: Laid, at: int, route: list[int], travel: Travel) -> PlannedRoute:
    team, day = problem.teams[at]
    visits, home = timetable(problem.task, at, route)
    place, stops, minutes, metres = team.start, [], 0.0, 0.0
    for visit in visits:
        stop = problem.stops[visit.stop]
        leg = travel.leg(place, (stop.lon, stop.lat))
        stops.append(_stop(stop.id, visit, leg.seconds, leg.metres))
        place, minutes, metres = (stop.lon, stop.lat), minutes + leg.seconds / 60, metres + leg.metres
    if stops and team.end is not None:
        leg = travel.leg(place, team.end)
        minutes, metres = minutes + leg.seconds / 60, metres + leg.metres
    return PlannedRoute(team=team.id, date=day, stops=tuple(stops), distance_m=round(metres, 1),
                        travel_min=round(minutes, 2), home=clock_of(home) if stops else None)  # fmt: skip


def _stop(id: str, visit: Visit, seconds: int, metres: float) -> PlannedStop:
    return PlannedStop(id=id, arrive=clock_of(visit.arrive), start=clock_of(visit.start), leave=clock_of(visit.leave),
                       travel_min=round(seconds / 60, 2), distance_m=round(metres, 1))  # fmt: skip
