"""The day plan: which stops, by whom, in which order. A large neighbourhood search with simulated annealing."""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.routing.clock import starts, without_lunch
from geoapp.routing.day import Interval, Plan, Task, Team
from geoapp.routing.neighbourhoods_kernel import Elites, objective, search, warm
from geoapp.routing.search_kernel import Arrays, State, schedule

# A search measures itself for a share of the time, in parts of at most so many iterations, before it lays itself out.
TRIAL, TRIAL_SHARE, TRIAL_S, LEAST = 20, 0.03, 0.3, 200
# How long a part of the search is at most: between two parts it can be stopped and asked for its best.
PART_S = 0.1
# Temperatures at the beginning and at the end, in mean values of a stop: where windows bind, what is hotter wanders.
HOT_OPEN, HOT_BOUND, COLD = 1.5, 0.6, 0.03
# A long search cools down several times, about every so many iterations.
ROUND, MOST_ROUNDS = 30_000, 6
# How often ways are shortened in between: rarely where windows bind, since then few exchanges can be driven.
POLISH_OPEN, POLISH_BOUND = 1.0, 0.1
# How many stops are taken out at most: where windows bind, more take longer and find no more.
LARGEST_OPEN, LARGEST_BOUND = 40, 20

Progress = Callable[[Plan], bool]


def plan(
    task: Task, *, seconds: float | None = None, iterations: int | None = None, of: int | None = None, seed: int = 1,
    start: Sequence[Sequence[int]] | None = None, progress: Progress | None = None,
) -> Plan:  # fmt: skip
    """The best plan found in a time or in so many iterations: must-visits first, then value, then less travel.

    The same seed, iterations, `of` and start replay a plan exactly. start: routes to begin with, which keep every rule;
    what is found is never worse. progress: given the best plan so far some times a second;
    what it answers with False stops the search, which keeps its best. Raises BadInput unless one of seconds and
    iterations is given.
    """
    if (seconds is None) == (iterations is None):
        raise BadInput("A search needs either seconds or iterations.")
    warm()  # what is compiled now takes nothing of the time
    run = _Run(task, seed, start)
    if not len(task.stops) or not len(task.teams):
        return run.best(0)
    if iterations is not None:
        run.until(0, iterations, of or iterations)
        return run.best(of or iterations)
    return _timed(run, float(seconds or 0.0), progress)


def _timed(run: "_Run", seconds: float, progress: Progress | None) -> Plan:
    began = time.monotonic()
    each = _measured(run, seconds)
    of = max(int((seconds - (time.monotonic() - began)) / each), LEAST)
    # The first plan is shown as soon as there is one. What was laid out too short goes on in the cold; what was laid
    # out too long is cut off.
    done, step = 0, 1
    while (left := seconds - (time.monotonic() - began)) > 0 or not done:
        before = time.monotonic()
        run.until(done, done + step, of)
        done += step
        if step > 1 or each > PART_S:
            each = 0.5 * each + 0.5 * (time.monotonic() - before) / step
        step = max(int(min(PART_S, left) / each), 1)
        if progress and not progress(run.best(of)):
            break
    return run.best(of)


def _measured(run: "_Run", seconds: float) -> float:
    """Seconds an iteration, of another search like this one without its first one, which begins with nothing."""
    other = _Run(run.task, run.seed, None, run.arrays)
    other.until(0, 1, 1_000_000)
    began, done = time.monotonic(), 0
    while done == 0 or time.monotonic() - began < min(TRIAL_SHARE * seconds, TRIAL_S):
        step = min(done + 1, TRIAL)
        other.until(1 + done, 1 + done + step, 1_000_000)
        done += step
    return max((time.monotonic() - began) / done, 1e-6)


class _Run:
    """A search under way."""

    def __init__(self, task: Task, seed: int, start: Sequence[Sequence[int]] | None,
                 as_arrays: Arrays | None = None) -> None:  # fmt: skip
        self.task, self.seed, self.done = task, seed, 0
        self.arrays = as_arrays or arrays(task)
        self._current, self._trial, self._best = (_state(task) for _ in range(3))
        # xorshift's state must not be 0, and near seeds must not begin alike.
        self._random = np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 or 1], np.uint64)
        total = float(task.travel_s.max(initial=1)) * (len(task.stops) + len(task.teams)) + 1.0
        self._travel_weight = 0.5 / total
        self._scores = np.zeros(2)
        self._elites = _elites(task)
        values = np.array([stop.value for stop in task.stops if stop.value > 0], float)
        mean = float(values.mean()) if len(values) else 1.0
        bound = any(stop.windows for stop in task.stops)
        self._temperatures = (HOT_BOUND if bound else HOT_OPEN) * mean, COLD * mean
        self._polish, self._largest = (POLISH_BOUND, LARGEST_BOUND) if bound else (POLISH_OPEN, LARGEST_OPEN)
        if task.teams and task.stops:
            for state in (self._current, self._best):
                _begin_with(task, self.arrays, state, start or [()] * len(task.teams))
            self._scores[:] = objective(self.arrays, self._current, self._travel_weight)

    def until(self, first: int, last: int, of: int, *, rounds: int | None = None) -> None:
        """Go on from one iteration to another of a search that is laid out for so many, and cools down so often."""
        search(self.arrays, self._current, self._trial, self._best, self._scores, self._random, first, last, of,
               *self._temperatures, self._polish, self._largest, self._travel_weight, self._elites,
               rounds or min(max(of // ROUND, 1), MOST_ROUNDS))  # fmt: skip
        self.done = last

    def best(self, of: int) -> Plan:
        """The best plan so far."""
        routes = tuple(
            tuple(self._best.routes[team, 1 : 1 + self._best.lengths[team]].tolist())
            for team in range(len(self.task.teams))
        )  # fmt: skip
        return Plan(routes, self.seed, self.done, of)


def arrays(task: Task) -> Arrays:
    """A task as the kernels want it."""
    value = np.array([stop.value for stop in task.stops], float)
    must = np.array([stop.must for stop in task.stops], bool)
    value[must] += value.sum() + 1.0
    out, service = _nodes(task)
    opens, closes = _windows(task)
    return Arrays(
        out=out,
        into=np.ascontiguousarray(out.T),
        service=service,
        value=value,
        opens=opens,
        closes=closes,
        begin=_whole([without_lunch(team.shift[0], team.lunch) for team in task.teams]),
        finish=_whole([without_lunch(team.shift[1], team.lunch) for team in task.teams]),
        symmetric=bool(np.array_equal(task.travel_s, task.travel_s.T)),
    )


def laid_out(task: Task, routes: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Routes as the kernels want them: nodes from start to end (m, n + 2), and the number of stops between (m,)."""
    state = _state(task)
    for team, route in enumerate(routes):
        state.routes[team, 1 : len(route) + 1] = route
        state.routes[team, len(route) + 1] = len(task.stops) + 2 * team + 1
    return state.routes, _whole([len(route) for route in routes])


def _nodes(task: Task) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Travel between nodes: stops, then each team's start and end; and how long service takes at each."""
    ends = [place for team in task.teams for place in (team.start, team.start if team.end is None else team.end)]
    places = _whole([*(stop.place for stop in task.stops), *ends])
    out = np.ascontiguousarray(task.travel_s[np.ix_(places, places)], np.int64)
    for number, team in enumerate(task.teams):
        if team.end is None:
            out[:, len(task.stops) + 2 * number + 1] = 0
    return out, _whole([*(stop.service_s for stop in task.stops), *([0] * len(ends))])


def _windows(task: Task) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When service may begin (m, n, w), closing before it opens where there is no window more."""
    found = [[starts(stop, team) for stop in task.stops] for team in _of_each_hours(task.teams)]
    most = max((len(windows) for row in found for windows in row), default=1) or 1
    kinds = np.full((2, len(found), len(task.stops), most), 1, np.int64)
    kinds[1] = -1
    for kind, row in enumerate(found):
        for stop, windows in enumerate(row):
            kinds[:, kind, stop, : len(windows)] = np.array(windows, np.int64).reshape(-1, 2).T
    hours = [_hours(team) for team in _of_each_hours(task.teams)]
    opens, closes = (side[[hours.index(_hours(team)) for team in task.teams]] for side in kinds)
    for number, team in enumerate(task.teams):
        if team.allowed is not None:
            others = [stop for stop in range(len(task.stops)) if stop not in team.allowed]
            opens[number, others], closes[number, others] = 1, -1
    return opens, closes


def _of_each_hours(teams: Sequence[Team]) -> list[Team]:
    """One team of all that have the same hours: with many dates most have."""
    return list({_hours(team): team for team in teams}.values())


def _hours(team: Team) -> tuple[Interval, Interval | None]:
    return team.shift, team.lunch


def _whole(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def _begin_with(task: Task, as_arrays: Arrays, state: State, routes: Sequence[Sequence[int]]) -> None:
    """Raises BadInput for a start that does not keep every rule."""
    state.routes[:], state.lengths[:] = laid_out(task, routes)
    for team, route in enumerate(routes):
        state.placed[list(route)] = True
        if not schedule(as_arrays, team, state.routes[team], len(route), state.early[team], state.late[team]) and route:
            raise BadInput("Team {number} cannot drive the route that the search was to begin with.", number=team + 1)


def _state(task: Task) -> State:
    teams, stops = len(task.teams), len(task.stops)
    routes = np.zeros((teams, stops + 2), np.int64)
    routes[:, 0] = stops + 2 * np.arange(teams)
    routes[:, 1] = routes[:, 0] + 1
    return State(
        routes=routes, lengths=np.zeros(teams, np.int64), early=np.zeros_like(routes), late=np.zeros_like(routes),
        placed=np.zeros(stops, np.bool_), cost=np.zeros((stops, teams), np.int64),
        where=np.zeros((stops, teams), np.int64), least=np.zeros(stops, np.int64), by=np.zeros(stops, np.int64),
        changed=np.ones(teams, np.bool_), removed=np.zeros(stops, np.bool_),
    )  # fmt: skip


def _elites(task: Task) -> Elites:
    rounds, teams, stops = MOST_ROUNDS + 1, len(task.teams), len(task.stops)
    return Elites(
        routes=np.zeros((rounds, teams, stops + 2), np.int64), lengths=np.zeros((rounds, teams), np.int64),
        scores=np.full(rounds, -np.inf), alike=len(set(task.teams)) <= 1,
    )  # fmt: skip
