"""Days of like length, where nothing is lost by it."""

from collections.abc import Sequence
from dataclasses import replace

from geoapp.routing import search
from geoapp.routing.day import Task, worth
from geoapp.routing.timetable import timetable

# How often the longest day is halved between what is known to do and what is not, and what each try takes.
STEPS, STEP_ITERATIONS = 6, 4_000


def balanced(task: Task, routes: Sequence[Sequence[int]], *, seed: int) -> list[list[int]]:
    """Routes that visit as much in a shorter longest day, if such are found; else the same ones."""
    best = [list(route) for route in routes]
    wanted = worth(task, routes)[:2]
    longest = max((_hours(task, team, route) for team, route in enumerate(best)), default=0)
    shortest = longest // 2
    for _ in range(STEPS):
        limit = (shortest + longest) // 2
        found = search.plan(_shortened(task, limit), iterations=STEP_ITERATIONS, seed=seed)
        if worth(task, found.routes)[:2] >= wanted:
            best = [list(route) for route in found.routes]
            longest = max(_hours(task, team, route) for team, route in enumerate(best))
        else:
            shortest = limit
    return best


def _hours(task: Task, team: int, route: Sequence[int]) -> int:
    """How long a team is out, in seconds."""
    return timetable(task, team, route)[1] - task.teams[team].shift[0] if route else 0


def _shortened(task: Task, limit: int) -> Task:
    teams = [
        replace(team, shift=(team.shift[0], min(team.shift[1], team.shift[0] + limit)))
        for team in task.teams
    ]  # fmt: skip
    return replace(task, teams=teams)
