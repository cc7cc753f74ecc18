"""What PyVRP (Wouda, Lan and Kool 2024) makes of the same task: a second opinion, taken where it is the better one."""

import warnings
from typing import Any

import numpy as np
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, Solution, VehicleType, solve
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxIterations, MaxRuntime

from geoapp.routing.day import Plan, Task
from geoapp.routing.search import arrays
from geoapp.routing.search_kernel import Arrays

# More kinds of teams than this would need too many matrices.
MOST_PROFILES = 12
# Beyond this a sum of prizes would overflow; a way that may not be taken is longer than any day.
LARGEST = 2**50
FORBIDDEN_S = 10**7


def second_opinion(task: Task, *, seconds: float | None = None, iterations: int | None = None, seed: int = 1,
                   ) -> Plan | None:  # fmt: skip
    """PyVRP's plan in a time or in so many iterations; None where it cannot hold the task or finds no plan that is one.

    It cannot where lunches differ, since windows are on the clock without lunch, or teams are of too many kinds.
    """
    if not task.stops or not task.teams or len({team.lunch for team in task.teams}) > 1:
        return None
    as_arrays = arrays(task)
    kinds = list(dict.fromkeys(team.allowed for team in task.teams))
    longest = max(team.shift[1] - team.shift[0] for team in task.teams)
    prize = 2 * max(longest, 1)
    if len(kinds) > MOST_PROFILES or prize * sum(stop.value for stop in task.stops) > LARGEST:
        return None
    clients, groups, numbers = _clients(task, as_arrays, prize)
    depots = [Depot(len(task.stops) + place) for place in range(2 * len(task.teams))]
    matrices = [_matrix(as_arrays, kind, len(task.stops)) for kind in kinds]
    teams = [
        VehicleType(1, start_depot=2 * at, end_depot=2 * at + 1, tw_early=int(as_arrays.begin[at]),
                    tw_late=int(as_arrays.finish[at]), profile=kinds.index(team.allowed))
        for at, team in enumerate(task.teams)
    ]  # fmt: skip
    places = [Location(0, 0) for _ in range(len(as_arrays.out))]
    data = ProblemData(places, clients, depots, teams, matrices, matrices, groups)
    stop = MaxRuntime(seconds or 0.0) if iterations is None else MaxIterations(iterations)
    with warnings.catch_warnings():
        # It says so when it finds nothing that keeps all rules; that is asked below.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = solve(data, stop, seed=seed, collect_stats=False, display=False)
    if not result.is_feasible():
        return None
    return Plan(_routes(result.best, numbers, len(task.teams)), seed, result.num_iterations, 0)


def _clients(task: Task, as_arrays: Arrays, prize: int) -> tuple[list[Client], list[ClientGroup], list[int]]:
    """One client for each window of each stop, those of one stop excluding each other; and their stops' numbers."""
    clients: list[Client] = []
    groups: list[ClientGroup] = []
    numbers: list[int] = []
    for number, stop in enumerate(task.stops):
        windows = _windows(task, as_arrays, number)
        alternatives = len(windows) > 1
        if alternatives:
            members = range(len(clients), len(clients) + len(windows))
            groups.append(ClientGroup(list(members), required=stop.must))
        for opens, closes in windows:
            clients.append(Client(
                number, service_duration=stop.service_s, tw_early=opens, tw_late=closes, prize=stop.value * prize,
                required=stop.must and not alternatives, group=len(groups) - 1 if alternatives else None,
            ))  # fmt: skip
            numbers.append(number)
    return clients, groups, numbers


def _windows(task: Task, as_arrays: Arrays, number: int) -> list[tuple[int, int]]:
    """When service of a stop may begin, for whichever team comes; none if it fits nowhere."""
    opens, closes = as_arrays.opens[:, number].ravel(), as_arrays.closes[:, number].ravel()
    found = sorted({(int(one), int(other)) for one, other in zip(opens, closes, strict=True) if one <= other})
    if task.stops[number].windows:
        return found
    # Without windows it may be visited as long as any team is out; each team's own shift binds too.
    return [(0, int(as_arrays.finish.max()))] if found else []


def _matrix(as_arrays: Arrays, allowed: frozenset[int] | None, stops: int) -> Any:
    """Travel between nodes for teams of one kind: to what they may not visit it takes too long."""
    made = as_arrays.out.copy()
    if allowed is not None:
        others = np.array([stop for stop in range(stops) if stop not in allowed], np.int64)
        made[:, others] = FORBIDDEN_S
        made[others, :] = FORBIDDEN_S
    np.fill_diagonal(made, 0)
    return np.asarray(made)


def _routes(best: Solution, numbers: list[int], teams: int) -> tuple[tuple[int, ...], ...]:
    found: list[tuple[int, ...]] = [()] * teams
    for route in best.routes():
        visits = (numbers[one.idx] for one in route.schedule() if one.is_client())
        found[route.vehicle_type()] = tuple(visits)
    return tuple(found)
