"""A day's task: what could be visited, by whom and when, and what a plan for it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput

Seconds = NDArray[np.int64]
Interval = tuple[int, int]
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes out: from a place to a place (None: the day ends where the last stop is), within a shift.

    lunch: a fixed pause, cut out of the clock: whatever is under way goes on after it. allowed: numbers of the stops
    that this team may visit, None for all; times in seconds of the day.
    """

    start: int
    end: int | None
    shift: Interval
    lunch: Interval | None = None
    allowed: frozenset[int] | None = None

    def __post_init__(self) -> None:
        _require_interval("shift", self.shift)
        if self.lunch is not None:
            _require_interval("lunch", self.lunch)


@dataclass(frozen=True, slots=True)
class Stop:
    """What could be visited. windows: service begins and ends within one of them; without any, at any time."""

    place: int
    service_s: int
    value: int
    must: bool = False
    windows: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        if self.service_s < 0 or self.value < 0:
            raise BadInput("A stop's minutes and value must be 0 or more.")
        for window in self.windows:
            _require_interval("window", window)


@dataclass(frozen=True, slots=True)
class Task:
    """Stops and teams over places with travel times (n, n) in seconds, which need not be the same both ways."""

    travel_s: Seconds
    stops: Sequence[Stop]
    teams: Sequence[Team]

    def __post_init__(self) -> None:
        number = len(self.travel_s)
        if self.travel_s.shape != (number, number) or (self.travel_s < 0).any():
            raise BadInput("Travel times must be a square of seconds, none below 0.")
        places = [stop.place for stop in self.stops]
        ends = [team.end for team in self.teams if team.end is not None]
        if not all(0 <= place < number for place in (*places, *ends, *(team.start for team in self.teams))):
            raise BadInput("A stop or team names a place without travel times.")


@dataclass(frozen=True, slots=True)
class Plan:
    """For each team the numbers of its stops in their order; and how the search came to it.

    iterations, of: how many were made, and for how many the search had laid itself out: with the seed, what replays it.
    """

    routes: tuple[tuple[int, ...], ...]
    seed: int = 0
    iterations: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop of a route: when the team arrives, when service begins, when the team leaves (seconds of the day)."""

    stop: int
    arrive: int
    start: int
    leave: int


def worth(task: Task, routes: Sequence[Sequence[int]]) -> tuple[int, int, int]:
    """What is compared, in this order: must-visits, value, and less travel (as a negative number of seconds)."""
    seen = [task.stops[number] for route in routes for number in route]
    travel = sum(_travel(task, team, route) for team, route in zip(task.teams, routes, strict=True))
    return sum(stop.must for stop in seen), sum(stop.value for stop in seen), -travel


def closed(travel_s: Seconds) -> Seconds:
    """Travel times in which no way over a third place is shorter: rounding makes such ways, which mislead a search."""
    made = travel_s.copy()
    for middle in range(len(made)):
        np.minimum(made, made[:, middle : middle + 1] + made[middle : middle + 1], out=made)
    return made


def _travel(task: Task, team: Team, route: Sequence[int]) -> int:
    places = [team.start, *(task.stops[number].place for number in route)]
    places += [team.end] if team.end is not None and route else []
    return int(sum(task.travel_s[one, other] for one, other in pairwise(places)))


def _require_interval(name: str, interval: Interval) -> None:
    if not 0 <= interval[0] <= interval[1]:
        raise BadInput("A {name} must end after it begins.", name=name)
