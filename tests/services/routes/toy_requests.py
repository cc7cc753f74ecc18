"""Requests for routes: some that can be checked by hand, and random ones over a town of one-way streets."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest, clock_of
from geoapp.routing.cch import Hierarchy
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel, StraightTravel, Travel
from tests.routing.toy_roads import graph_of, line

DAY = date(2026, 11, 24)
HOUR = 3_600
# Streets of the town: so many each way, so many thousandths of a degree apart: about 16 km across.
STREETS, APART = 8, 20
STRAIGHT = StraightTravel(PROFILES["car"])
# By StraightTravel a car makes so many degrees of the equator a minute.
MINUTE_DEG = PROFILES["car"].straight_kmh / 60 / 1.3 / 111.32


def stop(id: str, minutes: float, **more: Any) -> RequestedStop:
    """A stop so many minutes east of where toy teams begin."""
    return RequestedStop(id=id, lon=minutes * MINUTE_DEG, lat=0.0, **({"service_min": 10.0} | more))


def team(id: str = "A", shift: tuple[str, str] = ("09:00", "11:00"), **more: Any) -> RequestedTeam:
    """A team that begins and ends where the line begins."""
    return RequestedTeam(id=id, shift=shift, **({"start": (0.0, 0.0), "end": (0.0, 0.0)} | more))


def asked(*stops: RequestedStop, teams: tuple[RequestedTeam, ...] = (), dates: tuple[date, ...] = (DAY,), **more: Any
          ) -> RouteRequest:  # fmt: skip
    """A request of toy stops; without teams, for one."""
    return RouteRequest(stops=stops, teams=teams or (team(),), dates=dates, **more)


@cache
def town() -> tuple[RoadTravel, RoadTravel]:
    """Travel over a town whose streets from west to east are one-way in turns; as plans use it, and as checks do."""
    width = range(0, STREETS * APART, APART)
    rows = [(Road("main", oneway=("forward", "backward")[y // APART % 2]), line(*((x, y) for x in width)))
            for y in width]  # fmt: skip
    columns = [(Road("residential"), line(*((x, y) for y in width))) for x in width]
    known = graph_of(*rows, *columns)
    ways = (Hierarchy(known) if Hierarchy.installed() else Dijkstra(known)), Dijkstra(known)
    made = [RoadTravel(known, one, Snapper(known)) for one in ways]
    return made[0], made[1]


def travels(seed: int) -> tuple[Travel, Travel]:
    """Roads for every other instance, straight lines for the rest."""
    return town() if seed % 2 else (STRAIGHT, STRAIGHT)


def random_requests(first: int, count: int) -> Iterator[tuple[int, RouteRequest]]:
    """So many requests, with the seeds that they come from."""
    yield from ((seed, random_request(seed)) for seed in range(first, first + count))


def random_request(seed: int) -> RouteRequest:
    """Stops all over the town, with everything that a request may say now and then."""
    random = np.random.default_rng(seed)
    tour = bool(random.random() < 0.15)
    days = 1 if tour else int(random.integers(1, 3))
    number = 1 if tour else int(random.integers(1, 4))
    dates = tuple(DAY + timedelta(days=at) for at in range(days))
    teams = tuple(_team(random, f"T{at}") for at in range(number))
    stops = tuple(_stop(random, f"S{at}", dates, number) for at in range(int(random.integers(4, 8 if tour else 19))))
    return RouteRequest(stops=stops, teams=teams, dates=dates, mode="all" if tour else "choose",
                        order="given" if tour and random.random() < 0.5 else "free",
                        balance=bool(random.random() < 0.1))  # fmt: skip


def _place(random: np.random.Generator) -> tuple[float, float]:
    along, across = float(random.uniform(0, STREETS - 1)), float(random.integers(0, STREETS))
    x, y = (along, across) if random.random() < 0.5 else (across, along)
    # On a street, or within 100 m of it.
    return tuple((at * APART + float(random.uniform(-0.9, 0.9))) / 1_000 for at in (x, y))  # type: ignore[return-value]


def _team(random: np.random.Generator, id: str) -> RequestedTeam:
    begin, hours = int(random.integers(8 * 4, 10 * 4)) * 900, float(random.uniform(1.5, 6))
    lunch = random.random() < 0.5
    noon = int(random.integers(11 * 60, 13 * 60)) * 60
    return RequestedTeam(
        id=id, name=f"North {id}" if random.random() < 0.5 else None, start=_place(random),
        end=None if random.random() < 0.25 else _place(random),
        shift=(clock_of(begin), clock_of(begin + int(hours * HOUR))),
        lunch=(clock_of(noon), clock_of(noon + int(random.integers(10, 60)) * 60)) if lunch else None,
        skills=("electric",) if random.random() < 0.5 else (),
        townships=("W",) if random.random() < 0.2 else (),
    )  # fmt: skip


def _stop(random: np.random.Generator, id: str, dates: tuple[date, ...], teams: int) -> RequestedStop:
    lon, lat = _place(random)
    service, windows = int(random.integers(0, 45)), []
    for _ in range(int(random.choice([0, 0, 0, 1, 1, 2]))):
        begin = int(random.integers(8 * 60, 14 * 60)) * 60
        windows.append((clock_of(begin), clock_of(begin + (service + int(random.integers(0, 120))) * 60)))
    more: dict[str, Any] = {}
    if random.random() < 0.1:
        more["not_before"] = dates[-1]
    if random.random() < 0.1:
        more["deadline"] = dates[-1] if "not_before" in more else dates[0]
    if random.random() < 0.1:
        more["team"] = f"T{int(random.integers(0, teams))}"
    if random.random() < 0.05:
        more["date"] = dates[0]
    return RequestedStop(
        id=id, lon=lon, lat=lat, name=f"Stop {id}" if random.random() < 0.5 else None,
        service_min=float(service), value=float(random.integers(0, 100)) / 10,
        must=bool(random.random() < 0.08), windows=tuple(windows),
        skills=("electric",) if random.random() < 0.2 else (),
        township=("W", "E")[int(random.random() < 0.5)],
        walk_min=float(random.choice([0, 0, 0, 4.5])), **more,
    )  # fmt: skip
