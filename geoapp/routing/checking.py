"""Whether a plan keeps every rule: written apart from the search, on everybody's clock, lunch and all.

Nothing of the search is used here, nor its clock without lunch, nor the task that it was given: a plan is held against
the request itself, and travel is computed anew by whoever calls. So a fault in any of them must show.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from geoapp.domain.navigation import Place
from geoapp.domain.routes import (
    PlannedRoute,
    PlannedStop,
    RequestedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
    moment_of,
    seconds_of,
)

# The seconds and metres of the way between two places.
Way = Callable[[Place, Place], tuple[int, float]]

KINDS = (
    *("unknown team", "unknown date", "team twice", "unknown stop", "twice", "nowhere", "both", "must", "order"),
    *("skills", "township", "wrong team", "wrong date", "too early", "too late", "time"),
    *("arrives", "starts", "leaves", "lunch", "window", "shift", "home", "travel", "distance", "value"),
)
# What rounding may do to a travel time, and to a length, since of two ways as fast one may be shorter. Times of day are
# exact: a second too late is too late.
MINUTES, METRES, SHARE = 0.05, 60.0, 0.03


@dataclass(frozen=True, slots=True)
class Fault:
    """What a plan does wrong. kind: one of KINDS; seconds: by how much, where time is the matter."""

    kind: str
    team: str | None = None
    date: "date | None" = None
    stop: str | None = None
    seconds: float = 0.0


def faults(plan: RoutePlan, way: Way) -> list[Fault]:
    """All that is wrong with a plan, an empty list if it keeps every rule."""
    request = plan.request
    stops, teams = {stop.id: stop for stop in request.stops}, {team.id: team for team in request.teams}
    found = [*_names(plan, stops, teams), *_once(plan), *_total(plan, stops)]
    for route in plan.routes:
        if route.team in teams and all(stop.id in stops for stop in route.stops):
            found += _Day(request, teams[route.team], route, stops, way).faults()
    return found


def _names(plan: RoutePlan, stops: dict[str, RequestedStop], teams: dict[str, RequestedTeam]) -> list[Fault]:
    found = [Fault("unknown team", route.team, route.date) for route in plan.routes if route.team not in teams]
    found += [Fault("unknown date", route.team, route.date) for route in plan.routes
              if route.date not in plan.request.dates]  # fmt: skip
    days = Counter((route.team, route.date) for route in plan.routes)
    found += [Fault("team twice", team, day) for (team, day), times in days.items() if times > 1]
    known = [(stop.id, route) for route in plan.routes for stop in route.stops]
    found += [Fault("unknown stop", route.team, route.date, id) for id, route in known if id not in stops]
    return found + [Fault("unknown stop", stop=one.id) for one in plan.left_out if one.id not in stops]


def _once(plan: RoutePlan) -> list[Fault]:
    """Every stop is visited once or left out once, and what has to be visited is."""
    seen = Counter(stop.id for route in plan.routes for stop in route.stops)
    left = Counter(one.id for one in plan.left_out)
    found = [Fault("twice", stop=id) for id, times in (seen | left).items() if times > 1]
    found += [Fault("both", stop=id) for id in seen if id in left]
    for stop in plan.request.stops:
        if stop.id not in seen and stop.id not in left:
            found.append(Fault("nowhere", stop=stop.id))
        if (stop.must_visit or plan.request.mode == "all") and stop.id not in seen:
            found.append(Fault("must", stop=stop.id))
    return found


def _total(plan: RoutePlan, stops: dict[str, RequestedStop]) -> list[Fault]:
    value = sum(stops[stop.id].value for route in plan.routes for stop in route.stops if stop.id in stops)
    return [] if abs(value - plan.value) <= 1e-6 * max(abs(value), 1.0) else [Fault("value")]


class _Day:
    """One team's day, held against what was asked."""

    def __init__(self, request: RouteRequest, team: RequestedTeam, route: PlannedRoute,
                 stops: dict[str, RequestedStop], way: Way) -> None:  # fmt: skip
        self.request, self.team, self.route, self.way = request, team, route, way
        self.stops = [stops[one.id] for one in route.stops]
        self.shift = _interval(team.shift)
        self.lunch = _interval(team.lunch) if team.lunch else None
        self.found: list[Fault] = []

    def faults(self) -> list[Fault]:
        """All that is wrong with this day."""
        order = [stop.id for stop in self.request.stops]
        places = [order.index(stop.id) for stop in self.stops]
        if self.request.order == "given" and places != sorted(places):
            self._say("order")
        try:
            self._follow()
        except ValueError:  # a time that is none
            self._say("time")
        return self.found

    def _follow(self) -> None:
        moment, at = self.shift[0], self.team.start
        minutes = metres = 0.0
        for planned, stop in zip(self.route.stops, self.stops, strict=True):
            self._may(stop)
            seconds, long = self.way(at, (stop.lon, stop.lat))
            self._leg(planned, stop, seconds, long)
            moment = self._visit(planned, stop, self._after(moment, seconds))
            minutes, metres, at = minutes + seconds / 60, metres + long, (stop.lon, stop.lat)
        if self.stops and self.team.end is not None:
            seconds, long = self.way(at, self.team.end)
            moment = self._after(moment, seconds)
            minutes, metres = minutes + seconds / 60, metres + long
        self._back(moment, minutes, metres)

    def _leg(self, planned: PlannedStop, stop: RequestedStop, seconds: int, metres: float) -> None:
        if abs(planned.travel_min - seconds / 60) > MINUTES:
            self._say("travel", stop, planned.travel_min * 60 - seconds)
        if abs(planned.distance_m - metres) > METRES + SHARE * metres:
            self._say("distance", stop)

    def _visit(self, planned: PlannedStop, stop: RequestedStop, earliest: int) -> int:
        """Hold one visit against the rules; when the team leaves, as it says itself."""
        arrive, start, leave = (moment_of(text) for text in (planned.arrive, planned.start, planned.leave))
        service = ceil(stop.service_min * 60) + 2 * ceil(stop.walk_min * 60)
        if arrive < earliest:
            self._say("arrives", stop, earliest - arrive)
        if start < arrive:
            self._say("starts", stop, arrive - start)
        if self.lunch and service and self.lunch[0] <= start < self.lunch[1]:
            self._say("lunch", stop)
        served = self._after(start, service)
        if leave < served:
            self._say("leaves", stop, served - leave)
        windows = [_interval(window) for window in stop.windows]
        # What ends as lunch ends has ended when lunch began.
        ended = self.lunch[0] if self.lunch and served == self.lunch[1] and start < self.lunch[0] else served
        late = min((max(first - start, ended - last, 0) for first, last in windows), default=0)
        if late > 0:
            self._say("window", stop, late)
        return leave

    def _back(self, moment: int, minutes: float, metres: float) -> None:
        route = self.route
        if self.stops and moment > self.shift[1]:
            self._say("shift", seconds=moment - self.shift[1])
        if self.stops and (route.home is None or abs(moment_of(route.home) - moment) > 60 * MINUTES):
            self._say("home")
        if not self.stops and route.home is not None:
            self._say("home")
        if abs(route.travel_min - minutes) > MINUTES * (len(self.stops) + 1):
            self._say("travel", seconds=(route.travel_min - minutes) * 60)
        if abs(route.distance_m - metres) > METRES + SHARE * metres:
            self._say("distance")

    def _may(self, stop: RequestedStop) -> None:
        """Whether this team may visit this stop on this day."""
        day = self.route.date
        for kind, forbidden in (
            ("skills", not set(stop.skills) <= set(self.team.skills)),
            ("township", bool(self.team.townships) and stop.township not in self.team.townships),
            ("wrong team", stop.team is not None and stop.team != self.team.id),
            ("wrong date", stop.date is not None and stop.date != day),
            ("too early", stop.not_before is not None and day < stop.not_before),
            ("too late", stop.deadline is not None and day > stop.deadline),
        ):
            if forbidden:
                self._say(kind, stop)

    def _after(self, moment: int, seconds: int) -> int:
        """The moment after so much travel or service, which lunch interrupts."""
        lunch = self.lunch
        if lunch is None or moment >= lunch[1]:
            return moment + seconds
        if moment >= lunch[0]:
            return lunch[1] + seconds if seconds else moment
        return moment + seconds if moment + seconds <= lunch[0] else moment + seconds + lunch[1] - lunch[0]

    def _say(self, kind: str, stop: RequestedStop | None = None, seconds: float = 0.0) -> None:
        self.found.append(Fault(kind, self.team.id, self.route.date, stop.id if stop else None, seconds))


def _interval(texts: Sequence[str]) -> tuple[int, int]:
    return seconds_of(texts[0]), seconds_of(texts[1])
