"""Every stop once, spread over many days: compact days of like length, what matters most on early ones.

Ruin and recreate by strings after J. Christiaens and G. Vanden Berghe, "Slack Induction by String Removals for Vehicle
Routing Problems", Transportation Science 54(2), 2020, with a price on long days in place of their fleet's size; then
whole days are exchanged, which is an assignment problem and is solved exactly.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geoapp.routing.day import Plan, Task
from geoapp.routing.search import arrays
from geoapp.routing.search_kernel import NOWHERE, schedule
from geoapp.routing.spreading_kernel import Days, Spread, copied, cost, improve, put_back

Floats = NDArray[np.float64]

# Temperatures at the beginning and at the end, in seconds of travel.
HOT_S, COLD_S = 600.0, 5.0
# How often days are exchanged and progress is told.
PARTS, TRIAL = 50, 300
# What a stop costs that is on no day, the more the more it is worth, and above all a must-visit; a day that cannot be.
LEFT_S, MUST_S, NEVER = 1e6, 1e9, 1e15

Progress = Callable[[Plan], bool]


def spread(
    task: Task, later_s: Floats, *, iterations: int, of: int | None = None, seed: int = 1,
    progress: Progress | None = None,
) -> Plan:  # fmt: skip
    """Routes over all teams of a task (a team a day), that visit as many stops as can be and drive little.

    later_s: (teams, stops) what it costs, in seconds of travel, that a stop waits until that team's day. The same seed,
    iterations and `of` (for how many it was laid out) give the same plan. progress: given the best so far some fifty
    times; an answer of False stops, and keeps the best.
    """
    run, of = _Run(task, later_s, seed), of or iterations
    if not len(task.stops) or not len(task.teams):
        return run.plan(0, of)
    done = 0
    while done < iterations:
        last = min(done + max(of // PARTS, 1), iterations)
        run.until(done, last, of)
        done = last
        if progress and not progress(run.plan(done, of)):
            break
    return run.plan(done, of)


def seconds_each(task: Task, later_s: Floats) -> float:
    """How long one iteration takes on this machine now."""
    run = _Run(task, later_s, 1)
    if not len(task.stops) or not len(task.teams):
        return 1.0
    run.until(0, TRIAL, PARTS * TRIAL)  # the first ones begin with nothing
    began = time.monotonic()
    run.until(TRIAL, 2 * TRIAL, PARTS * TRIAL)
    return max((time.monotonic() - began) / TRIAL, 1e-6)


class _Run:
    """A spreading under way."""

    def __init__(self, task: Task, later_s: Floats, seed: int) -> None:
        self._task, self._seed, self._arrays = task, seed, arrays(task)
        self._random = np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 or 1], np.uint64)
        self._days = _days(task, self._arrays.out, later_s)
        self._current, self._trial, self._best = (_empty(task) for _ in range(3))
        for team in range(len(task.teams)):
            self._follow(self._current, team)
        every = np.arange(len(task.stops), dtype=np.int64)
        if len(every) and len(task.teams):
            put_back(self._arrays, self._days, self._current, every, self._random)
            copied(self._current, self._best)
        self._costs = np.full(2, cost(self._arrays, self._days, self._current))

    def until(self, first: int, last: int, of: int) -> None:
        """Go on from one iteration to another, and exchange whole days."""
        improve(self._arrays, self._days, self._current, self._trial, self._best, self._costs, self._random, first,
                last, of, HOT_S, COLD_S)  # fmt: skip
        self._exchange(self._best)
        self._costs[1] = cost(self._arrays, self._days, self._best)

    def plan(self, iterations: int, of: int) -> Plan:
        """The best so far."""
        return Plan(tuple(tuple(route) for route in _routes(self._best)), self._seed, iterations, of)

    def _exchange(self, spread: Spread) -> None:
        """Give every route the day that is best for all together, as far as it can be driven then."""
        routes = _routes(spread)
        prices = np.array([[self._price(route, team) for team in range(len(routes))] for route in routes])
        chosen, teams = linear_sum_assignment(prices)
        if prices[chosen, teams].sum() >= min(prices.trace(), NEVER):
            return
        for at, team in zip(chosen.tolist(), teams.tolist(), strict=True):
            _write(spread, team, routes[at], len(self._task.stops))
            self._follow(spread, team)

    def _price(self, route: list[int], team: int) -> float:
        trial = self._trial
        _write(trial, team, route, len(self._task.stops))
        if not self._follow(trial, team):
            return NEVER
        travel = self._arrays.out[trial.routes[team, : len(route) + 1], trial.routes[team, 1 : len(route) + 2]].sum()
        return float(self._days.later_s[team, route].sum()) + (float(travel) if route else 0.0)

    def _follow(self, spread: Spread, team: int) -> bool:
        return bool(schedule(self._arrays, team, spread.routes[team], spread.lengths[team], spread.early[team],
                             spread.late[team]))  # fmt: skip


def _days(task: Task, out: NDArray[np.int64], later_s: Floats) -> Days:
    stops = len(task.stops)
    between = out[:stops, :stops]
    service = sum(stop.service_s for stop in task.stops)
    # Travel is about as much as to the nearest few of each stop; the mean need not be exact.
    near = np.sort(between, axis=1)[:, 1:4].mean(axis=1).sum() if stops > 1 else 0.0
    mean = max(float(service + near) / max(len(task.teams), 1), 1.0)
    value = np.array([stop.value for stop in task.stops], float)
    left = LEFT_S * (1.0 + value / max(value.max(initial=0.0), 1.0))
    left[[stop.must for stop in task.stops]] = MUST_S
    near_first = np.argsort(between, axis=1, kind="stable")
    return Days(near_first, np.ascontiguousarray(later_s, float), left, mean)


def _routes(spread: Spread) -> list[list[int]]:
    return [spread.routes[team, 1 : 1 + spread.lengths[team]].tolist() for team in range(len(spread.lengths))]


def _write(spread: Spread, team: int, route: Sequence[int], stops: int) -> None:
    spread.routes[team, 0] = stops + 2 * team
    spread.routes[team, 1 : 1 + len(route)] = route
    spread.routes[team, 1 + len(route)] = stops + 2 * team + 1
    spread.lengths[team] = len(route)
    spread.day[list(route)] = team


def _empty(task: Task) -> Spread:
    teams, stops = len(task.teams), len(task.stops)
    routes = np.zeros((teams, stops + 2), np.int64)
    made = Spread(routes, np.zeros(teams, np.int64), routes.copy(), routes.copy(), np.full(stops, NOWHERE, np.int64))
    for team in range(teams):
        _write(made, team, (), stops)
    return made
