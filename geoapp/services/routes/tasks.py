"""A request as a task for the search: places, days, and who may visit what."""

from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np

from geoapp.domain.errors import BadInput
from geoapp.domain.navigation import Place
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest, seconds_of
from geoapp.routing.day import Interval, Seconds, Stop, Task, Team
from geoapp.routing.travel import REACH_M, RoadTravel, Travel

# Values may have a fraction; the search counts whole ones.
PARTS_OF_VALUE = 1_000


@dataclass(frozen=True, slots=True)
class Laid:
    """A request laid out: its task, whose stops and teams stand for these.

    stops: the requested ones that roads reach, in their order; teams: (team, date), as many as days and teams.
    off_road: distance in metres of those that no road reaches.
    """

    task: Task
    stops: list[RequestedStop]
    teams: list[tuple[RequestedTeam, date]]
    off_road: dict[str, float]


def laid(request: RouteRequest, travel: Travel) -> Laid:
    """Raises BadInput where a team would begin or end far from any road."""
    places = list(dict.fromkeys(_places(request)))
    away = _away(places, travel)
    for team in request.teams:
        for end in (team.start, team.end):
            if end is not None and away[end] > REACH_M:
                raise BadInput(
                    "Team {id} cannot begin or end at {lon:.5f}, {lat:.5f}: the nearest road that one gets away by is "
                    "{metres:.0f} m away, more than {most:.0f} m.",
                    id=team.id, lon=end[0], lat=end[1], metres=away[end], most=REACH_M,
                )  # fmt: skip
    to_road_m = {stop.id: round(away[stop.lon, stop.lat], 1) for stop in request.stops}
    stops = [stop for stop in request.stops if to_road_m[stop.id] <= REACH_M]
    number = {place: at for at, place in enumerate(places)}
    task, days = _task(request, stops, number, travel.matrix_s(places))
    return Laid(task, stops, days, {id: metres for id, metres in to_road_m.items() if metres > REACH_M})


def again(problem: Laid, request: RouteRequest) -> Laid:
    """The same stops laid out for a request with other teams, who begin and end where the first ones did."""
    number = {place: at for at, place in enumerate(dict.fromkeys(_places(request)))}
    task, days = _task(request, problem.stops, number, problem.task.travel_s)
    return replace(problem, task=task, teams=days)


def _task(request: RouteRequest, stops: list[RequestedStop], number: dict[Place, int], travel_s: Seconds
          ) -> tuple[Task, list[tuple[RequestedTeam, date]]]:  # fmt: skip
    days = [(team, day) for day in request.dates for team in request.teams]
    made = [_stop(stop, number, must=request.mode == "all" or stop.must_visit) for stop in stops]
    return Task(travel_s, made, [_team(team, day, stops, number) for team, day in days]), days


def may(stop: RequestedStop, team: RequestedTeam, day: date) -> str | None:
    """What forbids a team to visit a stop on a day: skills, townships, team or dates; None if nothing does."""
    if stop.team is not None and stop.team != team.id:
        return "team"
    if not set(stop.skills) <= set(team.skills):
        return "skills"
    if team.townships and stop.township not in team.townships:
        return "townships"
    if (stop.date or day) != day or (stop.not_before or day) > day or (stop.deadline or day) < day:
        return "dates"
    return None


def _places(request: RouteRequest) -> list[Place]:
    ends = [end for team in request.teams for end in (team.start, team.end) if end is not None]
    return [*((stop.lon, stop.lat) for stop in request.stops), *ends]


def _away(places: list[Place], travel: Travel) -> dict[Place, float]:
    if not isinstance(travel, RoadTravel):
        return dict.fromkeys(places, 0.0)
    return dict(zip(places, np.nan_to_num(travel.snapped(places).distance_m, nan=np.inf).tolist(), strict=True))


def _stop(stop: RequestedStop, number: dict[Place, int], *, must: bool) -> Stop:
    windows = tuple(_interval(window) for window in stop.windows)
    service = ceil(stop.service_min * 60) + 2 * ceil(stop.walk_min * 60)
    # What is worth less than a part is still worth something.
    value = max(round(stop.value * PARTS_OF_VALUE), 1 if stop.value else 0)
    return Stop(number[stop.lon, stop.lat], service, value, must, windows)


def _team(team: RequestedTeam, day: date, stops: list[RequestedStop], number: dict[Place, int]) -> Team:
    allowed = frozenset(at for at, stop in enumerate(stops) if may(stop, team, day) is None)
    shift, lunch = _interval(team.shift), _interval(team.lunch) if team.lunch else None
    if lunch and lunch[0] <= shift[0] <= lunch[1] <= shift[1]:  # who begins during lunch begins after it
        shift, lunch = (lunch[1], shift[1]), None
    elif lunch and lunch[0] <= shift[0] <= lunch[1]:  # all that lies after it would be added to the shift
        lunch = shift[0], lunch[1]
    made = Team(number[team.start], None if team.end is None else number[team.end], shift, lunch)
    return made if len(allowed) == len(stops) else replace(made, allowed=allowed)


def _interval(texts: tuple[str, str]) -> Interval:
    return seconds_of(texts[0]), seconds_of(texts[1])
