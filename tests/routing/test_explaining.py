"""Reasons are true: with the missing minutes added a stop fits, and with the stops that would have to go it does."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.routing.day import Stop, Task, Team, closed
from geoapp.routing.explaining import (
    SHIFT,
    Kept,
    Missing,
    Routes,
    allowed,
    filled,
    kept,
    missing_at,
    reasons,
    travel_of_route,
)
from geoapp.routing.explaining_kernel import BOUND_S
from geoapp.routing.search import plan
from tests.routing.toy_days import HOUR, keeps_its_rules, on_a_line, random_task

SEEDS = st.integers(0, 10_000)


def day(*stops: Stop, places: tuple[int, ...], hours: float = 1) -> Task:
    return Task(on_a_line(0, *places), list(stops), [Team(0, 0, (0, int(hours * HOUR)))])


def relaxed(task: Task, missing: Missing, seconds: int) -> Task:
    """The task with so many seconds more wherever some were missing: what shows that they are enough."""
    stops, teams = list(task.stops), list(task.teams)
    for bound in missing.bounds:
        if bound == SHIFT:
            who = teams[missing.team]
            teams[missing.team] = replace(who, shift=(who.shift[0], who.shift[1] + seconds))
        else:
            stop = stops[bound]
            stops[bound] = replace(stop, windows=tuple((first, last + seconds) for first, last in stop.windows))
    return replace(task, stops=stops, teams=teams)


def test_a_stop_too_far_for_any_day_misses_the_time_of_its_way() -> None:
    (why,) = reasons(day(Stop(1, 0, 1), places=(40,)), [()])

    assert why.alone is not None
    assert (why.alone.seconds, why.alone.bounds) == (20 * 60, (SHIFT,))
    assert why.gone is None


def test_a_stop_whose_hours_are_over_on_arrival_misses_them() -> None:
    (why,) = reasons(day(Stop(1, 0, 1, windows=((0, 600),)), places=(20,)), [()])

    assert why.alone is not None
    assert (why.alone.seconds, why.alone.bounds) == (600, (0,))


def test_the_cheapest_stop_that_makes_room_is_named() -> None:
    task = day(Stop(1, 1_200, 9), Stop(2, 1_200, 3), Stop(3, 1_200, 2), places=(5, 5, 5))
    (why,) = reasons(task, [(0, 1)])

    assert (why.stop, why.by, why.gone) == (2, 0, (1,))
    assert why.best is not None
    assert why.best.seconds == 10 * 60


def test_must_visits_and_kept_stops_are_never_to_go() -> None:
    task = day(Stop(1, 1_200, 9), Stop(2, 1_200, 3, must=True), Stop(3, 1_200, 2), places=(5, 5, 5))

    assert reasons(task, [(0, 1)])[0].gone == (0,)
    assert reasons(task, [(0, 1)], frozenset({0}))[0].gone is None


def test_a_visit_without_hours_that_begins_too_late_counts_as_nothing_but_the_shift() -> None:
    """Before b there are 34 + 33 + 1 minutes of travel, after it 3 + 34 + 34; the day has sixty."""
    travel = 60 * np.array([[0, 3, 34], [1, 0, 34], [34, 33, 0]], np.int64)
    (why,) = reasons(Task(travel, [Stop(1, 0, 9), Stop(2, 0, 1)], [Team(0, 0, (0, HOUR))]), [(0,)])

    assert why.best == Missing(0, 0, 8 * 60, (SHIFT,))


def test_of_several_hours_those_are_told_that_miss_the_least() -> None:
    """Two minutes late for the first hours, in time for the next ones, which end long after the shift."""
    late = Stop(1, 0, 1, windows=((0, 18 * 60), (3 * HOUR, 4 * HOUR)))
    (why,) = reasons(day(late, places=(20,)), [()])

    assert why.alone is not None
    assert (why.alone.seconds, why.alone.bounds) == (2 * 60, (0,))


def test_a_stop_that_no_team_may_visit_has_neither_place_nor_minutes() -> None:
    task = Task(on_a_line(0, 1), [Stop(1, 0, 1)], [Team(0, 0, (0, HOUR), allowed=frozenset())])
    (why,) = reasons(task, [()])

    assert why.alone is why.best is why.gone is None


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS)
def test_what_is_said_holds_when_it_is_tried(seed: int) -> None:
    task = random_task(seed)
    routes = [list(route) for route in plan(task, iterations=40, seed=seed).routes]
    for why in reasons(task, routes):
        if why.best is not None:
            whole = 60 * int(np.ceil(why.best.seconds / 60))
            tried = [list(route) for route in routes]
            tried[why.best.team].insert(why.best.place, why.stop)
            assert keeps_its_rules(relaxed(task, why.best, whole), [tuple(route) for route in tried])
        if why.alone is not None and why.alone.seconds:
            alone = [(why.stop,) if team == why.alone.team else () for team in range(len(routes))]
            assert not keeps_its_rules(task, alone)
            assert keeps_its_rules(relaxed(task, why.alone, why.alone.seconds), alone)
        if why.gone is not None and why.by is not None:
            rest = [stop for stop in routes[why.by] if stop not in why.gone]
            tries = [(*rest[:at], why.stop, *rest[at:]) for at in range(len(rest) + 1)]
            assert any(keeps_its_rules(task, [t if team == why.by else () for team in range(len(routes))])
                       for t in tries)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_no_other_place_misses_less(seed: int) -> None:
    """Without lunch, which makes some minutes longer than others, every place is tried at every hour of the stop."""
    random = random_task(seed)
    task = replace(random, teams=[replace(team, lunch=None) for team in random.teams])
    routes = [list(route) for route in plan(task, iterations=40, seed=seed).routes]

    def least(stop: int, taken: Routes) -> int | None:
        before, asked, after = task.stops[:stop], task.stops[stop], task.stops[stop + 1 :]
        hours = [(window,) for window in asked.windows] or [()]
        found = [
            missing_at(replace(task, stops=[*before, replace(asked, windows=own), *after]), team, taken[team], stop, at)
            for own in hours for team in allowed(task, stop) for at in range(len(taken[team]) + 1)
        ]  # fmt: skip
        return min((one.seconds + BOUND_S * len(one.bounds) for one in found), default=None)

    for why in reasons(task, routes):
        for said, taken in ((why.alone, [[] for _ in routes]), (why.best, routes)):
            assert (said and said.seconds + BOUND_S * len(said.bounds)) == least(why.stop, taken)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_nothing_is_missing_exactly_where_a_stop_fits(seed: int) -> None:
    task = random_task(seed, stops=6, teams=1)
    route = plan(task, iterations=30).routes[0][:3]
    for stop in set(range(6)) - set(route):
        for place in range(len(route) + 1):
            fits = keeps_its_rules(task, [(*route[:place], stop, *route[place:])])
            may = task.teams[0].allowed is None or stop in task.teams[0].allowed
            assert (missing_at(task, 0, route, stop, place).seconds == 0) == fits or not may


def elsewhere(task: Task, routes: Routes, team: int, place: int) -> int | None:
    """How many seconds more the best other team travels for a stop of a route, by trying every place."""
    stop, rest = routes[team][place], without(routes[team], place)
    here = travel_of_route(task, team, routes[team]) - travel_of_route(task, team, rest)
    found = [
        travel_of_route(task, other, [*route[:at], stop, *route[at:]]) - travel_of_route(task, other, route) - here
        for other, route in enumerate(routes) if other != team and other in allowed(task, stop)
        for at in range(len(route) + 1) if not missing_at(task, other, route, stop, at).seconds
    ]  # fmt: skip
    return min(found, default=None)


def other_turn(task: Task, routes: Routes, team: int, place: int) -> int | None:
    """How many seconds longer a team's way is with a stop at the best other turn, by trying every one."""
    route, rest = routes[team], without(routes[team], place)
    found = [
        travel_of_route(task, team, [*rest[:at], route[place], *rest[at:]]) - travel_of_route(task, team, route)
        for at in range(len(rest) + 1) if at != place and not missing_at(task, team, rest, route[place], at).seconds
    ]  # fmt: skip
    return min(found, default=None)


def without(route: Sequence[int], place: int) -> list[int]:
    return [stop for at, stop in enumerate(route) if at != place]


def test_another_team_and_another_turn_are_measured_by_their_travel() -> None:
    stops = [Stop(1, 0, 1), Stop(2, 0, 1), Stop(3, 0, 1)]
    task = Task(on_a_line(0, 10, 20, 30), stops, [Team(0, 0, (0, 5 * HOUR))] * 2)

    assert kept(task, [(0, 1, 2), ()])[1] == Kept(1, 0, 1, 1, 40 * 60, 0, own_window=False)
    assert kept(task, [(0, 1), (2,)])[1] == Kept(1, 0, 1, 1, -20 * 60, 0, own_window=False)
    alone = replace(task, teams=task.teams[:1])
    assert kept(alone, [(1,)]) == [Kept(1, 0, 0, None, None, None, own_window=False)]


def test_a_window_that_allows_no_other_turn_is_its_own_or_that_of_others() -> None:
    own = day(Stop(1, 0, 1, windows=((0, 600),)), Stop(2, 0, 1), places=(10, 20))
    others = day(Stop(1, 0, 1), Stop(2, 0, 1, windows=((0, 600),)), places=(20, 10))

    assert kept(own, [(0, 1)])[0] == Kept(0, 0, 0, None, None, None, own_window=True)
    assert kept(others, [(1, 0)])[1] == Kept(0, 0, 1, None, None, None, own_window=False)


def test_of_a_route_that_cannot_be_driven_nothing_is_said() -> None:
    task = Task(on_a_line(0, 10, 40), [Stop(1, 0, 1), Stop(2, 0, 1)], [Team(0, 0, (0, HOUR))] * 2)

    assert [(one.stop, one.other) for one in kept(task, [(0,), (1,)])] == [(0, None)]
    assert kept(replace(task, stops=[]), [(), ()]) == []


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_where_else_a_stop_could_be_is_what_trying_every_place_finds(seed: int) -> None:
    task = random_task(seed, teams=3)
    task = replace(task, travel_s=closed(task.travel_s))
    routes = plan(task, iterations=30, seed=seed).routes
    found = kept(task, routes)

    assert [one.stop for one in found] == [stop for route in routes for stop in route]
    for one in found:
        assert one.other_s == elsewhere(task, routes, one.team, one.place)
        assert one.turn_s == other_turn(task, routes, one.team, one.place)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_its_own_window_is_named_where_the_stop_fits_without_it(seed: int) -> None:
    task = random_task(seed)
    task = replace(task, travel_s=closed(task.travel_s))
    routes = plan(task, iterations=30, seed=seed).routes
    for one in kept(task, routes):
        if one.turn_s is None and len(routes[one.team]) > 1:
            stops = [replace(stop, windows=()) if at == one.stop else stop for at, stop in enumerate(task.stops)]
            free = other_turn(replace(task, stops=stops), routes, one.team, one.place)
            assert one.own_window == (free is not None)


def test_what_still_fits_is_put_in_where_the_way_is_shortest() -> None:
    task = day(Stop(1, 600, 1), Stop(2, 600, 1), Stop(3, 600, 1), places=(5, 10, 60))

    assert filled(task, [[1]]) in ([[0, 1]], [[1, 0]])
    assert filled(task, [[0, 1]]) == [[0, 1]]
    assert filled(replace(task, teams=[]), []) == []


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_after_filling_nothing_of_worth_fits_any_more(seed: int) -> None:
    task = random_task(seed)
    full = filled(task, [[], []])
    seen = {stop for route in full for stop in route}

    assert keeps_its_rules(task, [tuple(route) for route in full])
    for stop, one in enumerate(task.stops):
        if stop not in seen and (one.must or one.value):
            tries = [(team, at) for team in allowed(task, stop) for at in range(len(full[team]) + 1)]
            assert all(missing_at(task, team, full[team], stop, at).seconds for team, at in tries)


def test_reasons_of_nothing_left_out_are_none() -> None:
    assert reasons(day(Stop(1, 0, 1), places=(5,)), [(0,)]) == []


@pytest.mark.parametrize("lunch", [(30 * 60, 50 * 60)])
def test_minutes_that_fall_into_lunch_are_counted_on_everybodys_clock(lunch: tuple[int, int]) -> None:
    team = Team(0, 0, (0, 40 * 60), lunch)
    task = Task(on_a_line(0, 20), [Stop(1, 0, 1)], [team])
    (why,) = reasons(task, [()])

    assert why.alone is not None
    assert why.alone.seconds == 20 * 60
    assert keeps_its_rules(relaxed(task, why.alone, why.alone.seconds), [(0,)])


def test_compiled_and_plain_explanations_are_the_same() -> None:
    code = (
        "from geoapp.routing.explaining import kept, reasons; from tests.routing.toy_days import random_task;"
        "task = random_task(5, stops=9); routes = [[0, 3], [5]];"
        "print(reasons(task, routes), kept(task, routes), kept(task, [[], [1, 2, 4]]))"
    )
    plain, compiled = (
        subprocess.run([sys.executable, "-c", code], env=os.environ | how, capture_output=True, text=True, check=True,
                       cwd=Path(__file__).parents[2]).stdout
        for how in ({"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}, {})
    )  # fmt: skip

    assert "Reason(stop=1" in plain
    assert plain == compiled
