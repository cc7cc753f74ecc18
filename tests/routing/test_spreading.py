"""Every stop once over many days: small months that can be seen through, rules that all keep, and exact replay."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.routing.day import Plan, Stop, Task, Team, worth
from geoapp.routing.search import plan as day_plan
from geoapp.routing.spreading import seconds_each, spread
from geoapp.routing.timetable import timetable
from tests.routing.toy_days import HOUR, keeps_its_rules, on_a_line, random_task

SEEDS = st.integers(0, 10_000)


def month(stops: list[Stop], *places: int, days: int = 2, hours: float = 3) -> Task:
    """Stops at places in minutes on a line, and as many days of one team that begins and ends at 0."""
    return Task(on_a_line(0, *places), stops, [Team(0, 0, (0, int(hours * HOUR)))] * days)


def no_waiting(task: Task) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.zeros((len(task.teams), len(task.stops)))


def test_two_clusters_become_two_days() -> None:
    """Three stops about 30 minutes to one side, three 30 minutes to the other: nobody goes to both."""
    task = month([Stop(at, 600, 1) for at in range(1, 7)], -30, -31, -32, 30, 31, 32)

    found = spread(task, no_waiting(task), iterations=300)

    assert sorted(tuple(sorted(route)) for route in found.routes) == [(0, 1, 2), (3, 4, 5)]
    assert worth(task, found.routes) == (0, 6, -2 * 64 * 60)


def test_days_are_of_like_length_where_travel_does_not_matter() -> None:
    task = month([Stop(1, 1_200, 1) for _ in range(8)], 1, days=4)

    found = spread(task, no_waiting(task), iterations=300)

    assert [len(route) for route in found.routes] == [2, 2, 2, 2]


def test_what_matters_most_comes_first() -> None:
    """One stop a day; waiting costs by the value, so that days are in its order."""
    stops = [Stop(1, 3_600, value) for value in (2, 5, 1, 4)]
    task = month(stops, 10, days=4, hours=1.5)
    later = 100.0 * np.arange(4)[:, None] * np.array([stop.value for stop in stops])[None, :]

    found = spread(task, later, iterations=300)

    assert [[task.stops[stop].value for stop in route] for route in found.routes] == [[5], [4], [2], [1]]


def test_what_cannot_fit_is_left_and_the_more_valuable_stays() -> None:
    task = month([Stop(1, 3_600, 1), Stop(1, 3_600, 9), Stop(1, 3_600, 5, must=True)], 10, days=2, hours=1.5)

    found = spread(task, no_waiting(task), iterations=300)

    assert sorted(stop for route in found.routes for stop in route) == [1, 2]


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_every_rule_is_kept_and_no_stop_is_seen_twice(seed: int) -> None:
    task = random_task(seed, stops=14, teams=4)

    found = spread(task, no_waiting(task), iterations=60, seed=seed)

    assert keeps_its_rules(task, list(found.routes))


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_the_same_seed_and_iterations_replay_a_month(seed: int) -> None:
    task = random_task(seed, stops=14, teams=4, tight=False)

    assert spread(task, no_waiting(task), iterations=60, seed=seed) == spread(task, no_waiting(task), iterations=60,
                                                                              seed=seed)  # fmt: skip


def test_a_month_that_is_stopped_keeps_its_best_and_can_be_replayed() -> None:
    task = random_task(3, stops=14, teams=4, tight=False)
    told: list[Plan] = []

    stopped = spread(task, no_waiting(task), iterations=200, progress=lambda best: told.append(best) or len(told) < 3)

    assert stopped == told[-1]
    assert (len(told), stopped.iterations, stopped.of) == (3, 12, 200)
    assert spread(task, no_waiting(task), iterations=12, of=200).routes == stopped.routes


def test_it_drives_less_than_a_search_that_has_value_in_mind() -> None:
    """100 stops over 12 days: as many visits as the day search makes, for clearly less travel and on evener days."""
    task = random_task(5, stops=100, teams=12, tight=False)
    task = Task(task.travel_s, [Stop(one.place, one.service_s, one.value) for one in task.stops],
                [Team(100, 101, (8 * HOUR, 16 * HOUR))] * 12)  # fmt: skip

    ours = spread(task, no_waiting(task), iterations=3_000)
    other = day_plan(task, iterations=300)

    assert worth(task, ours.routes)[1] == worth(task, other.routes)[1]
    assert hours(task, ours).max() < 0.7 * hours(task, other).max()
    assert hours(task, ours).std() < 0.5 * hours(task, other).std()


def hours(task: Task, found: Plan) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    homes = [timetable(task, team, route)[1] if route else 8 * HOUR for team, route in enumerate(found.routes)]
    return np.array(homes) / HOUR - 8


def test_a_month_of_nothing_is_no_error() -> None:
    task = month([], 10)

    assert spread(task, no_waiting(task), iterations=10).routes == ((), ())
    assert seconds_each(task, no_waiting(task)) > 0


def test_a_trial_says_how_long_an_iteration_takes() -> None:
    task = random_task(3, stops=14, teams=4, tight=False)

    assert 0 < seconds_each(task, no_waiting(task)) < 1


def test_compiled_and_plain_spreading_find_the_same() -> None:
    code = (
        "import json, numpy as np; from geoapp.routing.spreading import spread;"
        "from tests.routing.toy_days import random_task;"
        "print(json.dumps([spread(random_task(seed, stops=7, teams=3), np.zeros((3, 7)), iterations=15).routes"
        " for seed in range(3)]))"
    )
    plain, compiled = (
        json.loads(subprocess.run([sys.executable, "-c", code], env=os.environ | how, capture_output=True, text=True,
                                  check=True, cwd=Path(__file__).parents[2]).stdout)
        for how in ({"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}, {})
    )  # fmt: skip

    assert plain == compiled
