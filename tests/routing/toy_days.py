"""Days that can be checked by hand, and random ones."""

import numpy as np

from geoapp.routing.clock import starts
from geoapp.routing.day import Seconds, Stop, Task, Team

HOUR = 3_600


def on_a_line(*places_min: int) -> Seconds:
    """Travel in seconds between places on a line, given in minutes from its beginning."""
    minutes = np.array(places_min, np.int64)
    return np.abs(minutes[:, None] - minutes[None, :]) * 60


def random_task(seed: int, *, stops: int = 12, teams: int = 2, tight: bool = True) -> Task:
    """Stops in a square of half an hour's travel, one way slower than the other; windows, must-visits and teams."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, 1_800, (stops + 2, 2))
    apart = np.hypot(*(places[:, None, axis] - places[None, :, axis] for axis in (0, 1)))
    travel = np.ceil(apart * np.where(places[:, None, 0] < places[None, :, 0], 1.0, 1.2)).astype(np.int64)
    made = [_stop(random, number) for number in range(stops)]
    long = int(random.integers(2, 5) if tight else 12) * HOUR
    groups = [_team(random, stops, long) for _ in range(teams)]
    return Task(travel, made, groups)


def _stop(random: np.random.Generator, number: int) -> Stop:
    service = int(random.integers(0, 40)) * 60
    windows: list[tuple[int, int]] = []
    for _ in range(int(random.integers(0, 3))):
        begin = int(random.integers(8 * HOUR, 13 * HOUR))
        windows.append((begin, begin + service + int(random.integers(0, 2 * HOUR))))
    return Stop(number, service, int(random.integers(0, 100)), bool(random.random() < 0.1), tuple(windows))


def _team(random: np.random.Generator, stops: int, long: int) -> Team:
    lunch = (11 * HOUR, 11 * HOUR + 1_800) if random.random() < 0.5 else None
    allowed = frozenset(np.flatnonzero(random.random(stops) < 0.8).tolist()) if random.random() < 0.4 else None
    end = None if random.random() < 0.3 else stops + 1
    return Team(stops, end, (8 * HOUR, 8 * HOUR + long), lunch, allowed)


def keeps_its_rules(task: Task, routes: "list[tuple[int, ...]]") -> bool:
    """Whether every route can be driven, by a plain walk along it on the clock without lunch."""
    seen = [stop for route in routes for stop in route]
    return len(set(seen)) == len(seen) and all(_driven(task, team, route) for team, route in enumerate(routes))


def _driven(task: Task, team: int, route: tuple[int, ...]) -> bool:
    who = task.teams[team]
    pause = 0 if who.lunch is None else who.lunch[1] - who.lunch[0]
    moment, place = who.shift[0], who.start
    for number in route:
        stop = task.stops[number]
        arrive = moment + int(task.travel_s[place, stop.place])
        possible = [max(arrive, first) for first, last in starts(stop, who) if arrive <= last]
        if not possible or (who.allowed is not None and number not in who.allowed):
            return False
        moment, place = possible[0] + stop.service_s, stop.place
    home = 0 if who.end is None or not route else int(task.travel_s[place, who.end])
    finish = who.shift[1] if who.lunch is None or who.shift[1] <= who.lunch[0] else who.shift[1] - pause
    return moment + home <= finish
