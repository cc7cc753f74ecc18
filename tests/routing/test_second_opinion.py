"""PyVRP on the same task: its plans keep the same rules, and it says when it cannot hold one."""

from dataclasses import replace

import pytest

from geoapp.routing.day import Stop, Task, Team, worth
from geoapp.routing.search import plan
from geoapp.routing.second_opinion import second_opinion
from tests.routing.toy_days import HOUR, keeps_its_rules, on_a_line, random_task


@pytest.mark.parametrize("seed", range(12))
def test_its_plans_keep_every_rule_and_are_no_better_than_ours_on_small_days(seed: int) -> None:
    task = random_task(seed, stops=8)
    task = replace(task, teams=[replace(team, lunch=None) for team in task.teams])
    found = second_opinion(task, iterations=400, seed=1)

    if found is None:
        assert any(stop.must for stop in task.stops)
    else:
        assert keeps_its_rules(task, list(found.routes))
        assert worth(task, found.routes) <= worth(task, plan(task, iterations=2_000).routes)


def test_it_finds_the_best_of_a_small_day_with_lunch() -> None:
    team = Team(0, 0, (0, 3 * HOUR), lunch=(HOUR, 2 * HOUR))
    task = Task(on_a_line(0, 10, 20), [Stop(1, 1_800, 1), Stop(2, 1_800, 5)], [team])

    found = second_opinion(task, iterations=200)
    assert found is not None
    assert set(found.routes[0]) == {0, 1}
    assert second_opinion(task, iterations=200) == found


def test_it_has_no_opinion_on_different_lunches_or_nothing_at_all() -> None:
    task = Task(on_a_line(0, 10), [Stop(1, 0, 1)], [Team(0, 0, (0, HOUR)), Team(0, 0, (0, HOUR), (60, 120))])

    assert second_opinion(task, iterations=1) is None
    assert second_opinion(replace(task, stops=[]), iterations=1) is None
