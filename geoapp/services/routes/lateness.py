"""A tour that runs late: its new times, what no longer fits, and what leaving out would save."""

from dataclasses import dataclass, replace

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.routes import DAY_S, PlannedRoute, RoutePlan, clock_of, moment_of, seconds_of
from geoapp.routing.day import Visit
from geoapp.routing.lateness import Late, Postponed, postponed, remedies, shorter_stays
from geoapp.routing.travel import Travel
from geoapp.services.routes.tasks import Laid, laid

LATEST_MIN = 600


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """Stops that could be left out: so many minutes are saved, and whether all the rest fits then."""

    stops: tuple[str, ...]
    saved_min: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """A route that arrives late at a stop.

    route: with its new times. missed: stops that begin too late for their hours, and by how many minutes. over_min: how
    long after the end of the shift it is back. remedies: what could be left out, best first. shorter_min: by how much
    every stay from there on would have to be shorter, None where that is not enough.
    """

    stop: str
    minutes: float
    route: PlannedRoute
    missed: tuple[tuple[str, float], ...]
    over_min: float
    remedies: tuple[LeavingOut, ...]
    shorter_min: int | None

    @property
    def fits(self) -> bool:
        """Whether everything still fits."""
        return not self.missed and self.over_min <= 0


def delayed(plan: RoutePlan, route: PlannedRoute, stop: str, minutes: float, travel: Travel) -> Delay:
    """What becomes of a route whose team arrives so many minutes late at a stop; raises NotFound and BadInput."""
    if not 0 <= minutes <= LATEST_MIN:
        raise BadInput("A tour is 0 to {most} minutes late, not {value:g}.", most=LATEST_MIN, value=minutes)
    if not any(one.id == stop for one in route.stops):
        raise NotFound("Stop {id!r} is not on this route.", id=stop)
    problem = laid(plan.request, travel)
    late = _late(problem, route, stop, minutes)
    found = postponed(late)
    return Delay(
        stop=stop, minutes=minutes, route=_with_times(route, found),
        missed=tuple((problem.stops[number].id, round(seconds / 60, 1)) for number, seconds in found.missed),
        over_min=round(max(found.over_s, 0) / 60, 1),
        remedies=tuple(
            LeavingOut(tuple(problem.stops[one].id for one in remedy.stops), round(remedy.saved_s / 60, 1), remedy.fits)
            for remedy in remedies(late)
        ),
        shorter_min=None if found.fits else shorter_stays(late),
    )  # fmt: skip


def late_at(route: PlannedRoute, stop: str, now: str) -> float:
    """How many minutes late a team is that arrives at a stop now; raises BadInput and NotFound."""
    planned = next((one for one in route.stops if one.id == stop), None)
    if planned is None:
        raise NotFound("Stop {id!r} is not on this route.", id=stop)
    return max(seconds_of(now) - moment_of(planned.arrive), 0) / 60


def with_delay(plan: RoutePlan, delay: Delay) -> RoutePlan:
    """The plan as it goes on, for the check."""
    routes = (delay.route if (one.team, one.date) == (delay.route.team, delay.route.date) else one
              for one in plan.routes)  # fmt: skip
    return replace(plan, routes=tuple(routes))


def _late(problem: Laid, route: PlannedRoute, stop: str, minutes: float) -> Late:
    number = {one.id: at for at, one in enumerate(problem.stops)}
    missing = next((one.id for one in route.stops if one.id not in number), None)
    if missing is not None:
        raise BadInput("Stop {id} is too far from any road: no team gets there.", id=missing)
    visits = [Visit(number[one.id], *(moment_of(text) for text in (one.arrive, one.start, one.leave)))
              for one in route.stops]  # fmt: skip
    team = next(at for at, (team, day) in enumerate(problem.teams) if (team.id, day) == (route.team, route.date))
    at = next(place for place, one in enumerate(route.stops) if one.id == stop)
    return Late(problem.task, team, visits, moment_of(route.home or route.stops[-1].leave), at, round(60 * minutes))


def _with_times(route: PlannedRoute, found: Postponed) -> PlannedRoute:
    stops = (
        replace(planned, arrive=_clock(visit.arrive), start=_clock(visit.start), leave=_clock(visit.leave))
        for planned, visit in zip(route.stops, found.visits, strict=True)
    )
    return replace(route, stops=tuple(stops), home=_clock(found.home))


def _clock(second: int) -> str:
    """Of what would be after midnight no more is said than that."""
    return clock_of(min(second, DAY_S))
