"""The search for a day plan: small days whose best plan is known, rules that all plans keep, and exact replay."""

import csv
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.routing.day import Plan, Stop, Task, Team, worth
from geoapp.routing.search import _Run, plan
from tests.benchmarks.orienteering_files import read
from tests.routing.toy_days import HOUR, keeps_its_rules, on_a_line, random_task

SEEDS = st.integers(0, 10_000)


def day(stops: list[Stop], *places: int, hours: float = 2, teams: int = 1) -> Task:
    """Stops at places in minutes on a line, and teams that leave from its beginning and come back there."""
    return Task(on_a_line(0, *places), stops, [Team(0, 0, (0, int(hours * HOUR)))] * teams)


def best_of_all(task: Task) -> tuple[int, int, int]:
    """The best worth of one team's day, by trying every order of every set of stops."""
    numbers = range(len(task.stops))
    orders = (order for size in range(len(task.stops) + 1) for order in itertools.permutations(numbers, size))
    return max(worth(task, [order]) for order in orders if keeps_its_rules(task, [order]))


def test_what_fits_is_visited_by_the_shortest_way() -> None:
    task = day([Stop(1, 600, 1), Stop(2, 600, 1), Stop(3, 600, 1)], 10, 20, 30)

    assert plan(task, iterations=200).routes in [((0, 1, 2),), ((2, 1, 0),), ((1, 2, 0),), ((0, 2, 1),)]
    assert worth(task, plan(task, iterations=200).routes) == (0, 3, -3_600)


def test_value_decides_when_there_is_time_for_one() -> None:
    task = day([Stop(1, 4_800, 5), Stop(2, 4_800, 7)], 10, 20)

    assert plan(task, iterations=200).routes == ((1,),)


def test_a_must_visit_comes_before_any_value() -> None:
    task = day([Stop(1, 4_800, 1, must=True), Stop(2, 4_800, 1_000)], 10, 20)

    assert plan(task, iterations=200).routes == ((0,),)


def test_several_windows_are_used_in_turn() -> None:
    windows = ((0, 600), (5_400, 6_600))
    task = day([Stop(1, 600, 1, windows=windows), Stop(2, 600, 1, windows=((1_200, 1_800),))], 20, 20)

    assert plan(task, iterations=200).routes == ((1, 0),)


def test_lunch_is_cut_out_of_the_clock() -> None:
    team = Team(0, 0, (0, 3 * HOUR), lunch=(HOUR, 2 * HOUR))
    task = Task(on_a_line(0, 30), [Stop(1, HOUR, 1)], [team])

    assert plan(task, iterations=50).routes == ((0,),)
    longer = Task(on_a_line(0, 31), [Stop(1, HOUR, 1)], [team])
    assert plan(longer, iterations=50).routes == ((),)


def test_a_day_that_ends_anywhere_needs_no_way_home() -> None:
    team = Team(0, None, (0, 5_400))
    task = Task(on_a_line(0, 60), [Stop(1, 1_800, 1)], [team])

    assert plan(task, iterations=50).routes == ((0,),)


def test_teams_visit_only_what_they_may() -> None:
    stops = [Stop(1, 0, 1), Stop(2, 0, 1)]
    task = day(stops, 10, 20, teams=2)
    only = [replace(task.teams[0], allowed=frozenset({1})), replace(task.teams[1], allowed=frozenset({0}))]

    assert plan(replace(task, teams=only), iterations=100).routes == ((1,), (0,))


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_small_days_are_planned_as_well_as_can_be(seed: int) -> None:
    task = random_task(seed, stops=6, teams=1)

    assert worth(task, plan(task, iterations=4_000).routes)[:2] == best_of_all(task)[:2]


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_every_plan_keeps_its_rules(seed: int) -> None:
    task = random_task(seed)

    assert keeps_its_rules(task, list(plan(task, iterations=60).routes))


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_seed_and_iterations_replay_a_plan(seed: int) -> None:
    task = random_task(seed)
    first = plan(task, iterations=150, seed=seed)

    assert plan(task, iterations=150, seed=seed) == first


def test_a_plan_made_in_a_time_is_replayed_by_its_iterations() -> None:
    task = random_task(3, stops=30, teams=3)
    timed = plan(task, seconds=0.2, seed=5)

    assert plan(task, iterations=timed.iterations, of=timed.of, seed=5) == timed


def test_many_teams_on_many_dates_are_planned_and_replayed() -> None:
    task = random_task(4, stops=60, teams=30)
    found = plan(task, iterations=80, seed=2)

    assert keeps_its_rules(task, list(found.routes))
    assert plan(task, iterations=80, seed=2) == found
    assert worth(task, plan(task, iterations=160, seed=2, start=found.routes).routes) >= worth(task, found.routes)


def test_windows_within_windows_are_one() -> None:
    inner = Stop(1, 600, 1, windows=((0, 6_000), (1_200, 2_400)))
    task = day([inner, Stop(2, 1_200, 1, windows=((1_200, 2_400),))], 20, 20)

    assert sorted(plan(task, iterations=100).routes[0]) == [0, 1]


def test_what_is_worth_nothing_is_not_visited() -> None:
    assert plan(day([Stop(1, 0, 0), Stop(2, 0, 0, must=True)], 10, 20), iterations=50).routes == ((1,),)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_what_a_search_begins_with_is_never_lost(seed: int) -> None:
    task = random_task(seed)
    first = plan(task, iterations=30)

    assert worth(task, plan(task, iterations=30, seed=9, start=first.routes).routes) >= worth(task, first.routes)


def test_a_start_that_cannot_be_driven_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot drive"):
        plan(day([Stop(1, 0, 1)], 90), iterations=1, start=[(0,)])


def test_a_search_can_be_stopped_and_keeps_its_best() -> None:
    told: list[Plan] = []

    def stop(best: Plan) -> bool:
        told.append(best)
        return False

    found = plan(random_task(1, tight=False), seconds=30, progress=stop)
    assert told == [found]
    assert any(found.routes)


def test_a_day_without_stops_or_teams_is_empty() -> None:
    assert plan(Task(on_a_line(0), [], [Team(0, 0, (0, 1))]), seconds=1).routes == ((),)
    assert plan(Task(on_a_line(0), [Stop(0, 0, 1)], []), seconds=1).routes == ()


def test_seconds_or_iterations_are_needed() -> None:
    with pytest.raises(BadInput, match="either seconds or iterations"):
        plan(random_task(1))


def test_known_optima_of_orienteering_are_reached(shared_data: Path) -> None:
    folder = shared_data / "orienteering"
    rows = list(csv.DictReader((folder / "op_optima.csv").read_text("utf-8").splitlines()))
    gaps = [
        1 - worth(task, plan(task, iterations=3_000).routes)[1] / float(row["best"])
        for row in rows[::3]
        for task in [read(folder / row["set"] / row["file"]).task]
    ]

    assert len(gaps) >= 9
    assert np.mean(gaps) <= 0.005


def test_compiled_and_plain_search_find_the_same() -> None:
    code = (
        "import json; from geoapp.routing.search import plan; from tests.routing.toy_days import random_task;"
        "print(json.dumps([plan(random_task(seed, stops=6), iterations=12, seed=4).routes for seed in range(3)]))"
    )
    plain, compiled = (
        json.loads(subprocess.run([sys.executable, "-c", code], env=os.environ | how, capture_output=True, text=True,
                                  check=True, cwd=Path(__file__).parents[2]).stdout)
        for how in ({"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}, {})
    )  # fmt: skip

    assert plain == compiled


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_a_long_search_cools_down_several_times_and_keeps_its_rules(seed: int) -> None:
    task = random_task(seed, teams=3)
    run = _Run(task, seed, None)
    for first in (0, 300, 600):
        run.until(first, first + 300, 900, rounds=4)

    assert keeps_its_rules(task, list(run.best(900).routes))
