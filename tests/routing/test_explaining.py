"""Reasons are true: with the missing minutes added a stop fits, and with the stops that would have to go it does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.routing.day import Stop, Task, Team
from geoapp.routing.explaining import SHIFT, elsewhere, missing_at, other_turn, reasons, relaxed
from geoapp.routing.search import plan
from tests.routing.toy_days import HOUR, keeps_its_rules, on_a_line, random_task

SEEDS = st.integers(0, 10_000)


def day(*stops: Stop, places: tuple[int, ...], hours: float = 1) -> Task:
    return Task(on_a_line(0, *places), list(stops), [Team(0, 0, (0, int(hours * HOUR)))])


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


def test_another_team_and_another_turn_are_measured_by_their_travel() -> None:
    stops = [Stop(1, 0, 1), Stop(2, 0, 1), Stop(3, 0, 1)]
    task = Task(on_a_line(0, 10, 20, 30), stops, [Team(0, 0, (0, 5 * HOUR))] * 2)

    assert other_turn(task, [(0, 1, 2), ()], 0, 1) == 0
    assert other_turn(task, [(0, 1), (2,)], 0, 0) == 0
    assert elsewhere(task, [(0, 1), (2,)], 0, 1) == (1, -20 * 60)
    assert elsewhere(Task(task.travel_s, stops, task.teams[:1]), [(0, 1, 2)], 0, 1) is None


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
