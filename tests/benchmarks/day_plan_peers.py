"""The same day to PyVRP, VROOM and OR-Tools: each modelled as well as we know how, so that it is not beaten unfairly.

What each needs: PyVRP a cost for travel, else nothing tells short ways from long ones; VROOM priorities from 1 to 99,
with 100 for must-visits; OR-Tools penalties that no saving of travel outweighs.
"""

import datetime
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise

import numpy as np

from geoapp.routing.day import Task
from geoapp.routing.search import arrays, plan
from geoapp.routing.search_kernel import Arrays
from geoapp.routing.second_opinion import second_opinion

Routes = tuple[tuple[int, ...], ...]
Method = Callable[[Task, float, int], Routes]
HIGHEST = 99


def ours(task: Task, seconds: float, seed: int) -> Routes:
    """geoapp's own search, without the second opinion."""
    return plan(task, seconds=seconds, seed=seed).routes


def pyvrp(task: Task, seconds: float, seed: int) -> Routes:
    """Its iterated local search, with prizes of twice the shift."""
    found = second_opinion(task, seconds=seconds, seed=seed)
    return found.routes if found else ((),) * len(task.teams)


def vroom(task: Task, seconds: float, seed: int) -> Routes:
    """Its most thorough exploration on one thread; it ends by itself, often long before the time is up."""
    library = import_module("vroom")
    given = arrays(task)
    model = library.Input()
    model.set_durations_matrix("car", given.out.astype(np.uint32))
    stops = len(task.stops)
    for team in range(len(task.teams)):
        shift = library.TimeWindow(int(given.begin[team]), int(given.finish[team]))
        model.add_vehicle(library.Vehicle(team, start=stops + 2 * team, end=stops + 2 * team + 1, time_window=shift))
    most = max((stop.value for stop in task.stops), default=1)
    scale = min(HIGHEST / most, 1.0)
    for number, stop in enumerate(task.stops):
        windows = [library.TimeWindow(*window) for window in _windows(given, number)]
        priority = HIGHEST + 1 if stop.must else max(round(stop.value * scale), 1)
        if windows:
            model.add_job(library.Job(number, number, default_service=stop.service_s, priority=priority,
                                      time_windows=windows))  # fmt: skip
    found = model.solve(exploration_level=5, nb_threads=1, timeout=datetime.timedelta(seconds=seconds)).routes
    visits = found[found.type == "job"]
    return tuple(tuple(int(one) for one in visits[visits.vehicle_id == team].id) for team in range(len(task.teams)))


def ortools(task: Task, seconds: float, seed: int) -> Routes:
    """Guided local search after the cheapest insertions."""
    routing = import_module("ortools.constraint_solver.pywrapcp")
    options = import_module("ortools.constraint_solver.routing_enums_pb2")
    given, stops, teams = arrays(task), len(task.stops), len(task.teams)
    places = range(stops, stops + 2 * teams, 2)
    manager = routing.RoutingIndexManager(len(given.out), teams, list(places), [place + 1 for place in places])
    model = routing.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(given.out.tolist()))
    horizon = int(given.finish.max())
    model.AddDimension(model.RegisterTransitMatrix((given.out + given.service[:, None]).tolist()), horizon, horizon,
                       False, "time")  # fmt: skip
    moment = model.GetDimensionOrDie("time")
    for team in range(teams):
        for place in (model.Start(team), model.End(team)):
            moment.CumulVar(place).SetRange(int(given.begin[team]), int(given.finish[team]))
    prize = 2 * max(horizon, 1)
    total = sum(stop.value for stop in task.stops) + 1
    for number, stop in enumerate(task.stops):
        place = manager.NodeToIndex(number)
        _between(moment.CumulVar(place), _windows(given, number))
        model.AddDisjunction([place], prize * (stop.value + total * stop.must))
    how = routing.DefaultRoutingSearchParameters()
    how.first_solution_strategy = options.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = options.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(int(seconds * 1_000))
    found = model.SolveWithParameters(how)
    return tuple(_followed(model, manager, found, team) for team in range(teams)) if found else ((),) * teams


METHODS: dict[str, Method] = {"geoapp": ours, "PyVRP": pyvrp, "VROOM": vroom, "OR-Tools": ortools}


def timed(method: Method, task: Task, seconds: float, seed: int) -> tuple[Routes, float]:
    """A method's routes and how long it took."""
    began = time.perf_counter()
    routes = method(task, seconds, seed)
    return routes, time.perf_counter() - began


def warm(task: Task, methods: dict[str, Method]) -> None:
    """Load and compile whatever a method needs, before any clock starts."""
    for method in methods.values():
        method(task, 0.01, 1)


def _windows(given: Arrays, number: int) -> list[tuple[int, int]]:
    """When service may begin, of teams that all have the same hours."""
    pairs = zip(given.opens[0, number].tolist(), given.closes[0, number].tolist(), strict=True)
    return [(opens, closes) for opens, closes in pairs if opens <= closes]


def _between(moment: object, windows: list[tuple[int, int]]) -> None:
    if not windows:
        return
    moment.SetRange(windows[0][0], windows[-1][1])  # type: ignore[attr-defined]
    for before, after in pairwise(windows):
        moment.RemoveInterval(before[1] + 1, after[0] - 1)  # type: ignore[attr-defined]


def _followed(model: object, manager: object, found: object, team: int) -> tuple[int, ...]:
    route, place = [], model.Start(team)  # type: ignore[attr-defined]
    while True:
        place = found.Value(model.NextVar(place))  # type: ignore[attr-defined]
        if model.IsEnd(place):  # type: ignore[attr-defined]
            return tuple(route)
        route.append(int(manager.IndexToNode(place)))  # type: ignore[attr-defined]
