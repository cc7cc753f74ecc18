"""A day of inspections, made from a seed: 200 stops, 6 teams, time windows and must-visits, against three peers.

Run: python -m tests.benchmarks.routes_day [--stops N] [--teams M] [--seconds 1 5 30] [--days D] [--peers] [--curve]

Prints a JSON object a line: seconds allowed and taken, method, must-visits made of those there are, value, and by how
much the value is below the best of the table (a plan that misses a must-visit is behind all that do not).
--curve prints instead how good our plan is while the search runs, in parts of what it ends with.
The methods run one after another, each alone; every plan is held against windows and shifts before it is counted.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from geoapp.routing.day import Plan, Stop, Task, Team, closed, worth
from geoapp.routing.search import plan
from geoapp.routing.timetable import timetable
from tests.benchmarks.day_plan_peers import METHODS, Routes, timed, warm

HOUR = 3_600
SHIFT = (8 * HOUR + 1_800, 17 * HOUR)
MORNING, AFTERNOON = (9 * HOUR, 11 * HOUR + 1_800), (13 * HOUR, 16 * HOUR)
DETOUR, SLOW_KMH, FAST_KMH, PARKING_S = 1.35, 30, 45, 60
MUST_SHARE = 0.075
Row = dict[str, Any]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stops", type=int, default=200)
    parser.add_argument("--teams", type=int, default=6)
    parser.add_argument("--must-share", type=float, default=MUST_SHARE)
    parser.add_argument("--seconds", type=float, nargs="+", default=[1.0, 5.0, 30.0])
    parser.add_argument("--days", type=int, default=1, help="so many different days, from seeds one after another")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--curve", action="store_true")
    asked = parser.parse_args()
    days = [made_day(asked.stops, asked.teams, asked.seed + number, asked.must_share) for number in range(asked.days)]
    rows = curve(days[0], asked.seconds[-1]) if asked.curve else compared(days, asked.seconds, peers=asked.peers)
    for row in rows:
        print(json.dumps(row), flush=True)


def made_day(stops: int, teams: int, seed: int, must_share: float = MUST_SHARE) -> Task:
    """Stops round fourteen centres of a district, a third with hours of their own, some that have to be visited."""
    random = np.random.default_rng(seed)
    centres = random.uniform((-15, -25), (15, 30), (14, 2))
    places = np.vstack([[(0.0, -12.0)], centres[random.integers(0, 14, stops)] + random.normal(0, 2.2, (stops, 2))])
    km = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) * DETOUR
    travel = np.rint(km / np.where(km < 5, SLOW_KMH, FAST_KMH) * HOUR + PARKING_S * (km > 0)).astype(np.int64)
    must = set(random.choice(stops, round(must_share * stops), replace=False).tolist())
    made = [_stop(random, number, number - 1 in must) for number in range(1, stops + 1)]
    return Task(closed(travel), made, [Team(0, 0, SHIFT)] * teams)


def compared(days: Sequence[Task], seconds: Sequence[float], *, peers: bool) -> Iterator[Row]:
    """A row for each time and method, means over the days."""
    methods = METHODS if peers else {"geoapp": METHODS["geoapp"]}
    warm(days[0], methods)
    for limit in seconds:
        found = {name: [_counted(day, *timed(method, day, limit, 1)) for day in days]
                 for name, method in methods.items()}  # fmt: skip
        most = [max((rows[day] for rows in found.values()), key=_rank) for day in range(len(days))]
        for name, rows in found.items():
            behind = [100 * (1 - row["value"] / best["value"]) for row, best in zip(rows, most, strict=True)]
            yield {
                "limit": limit,
                "method": name,
                "musts": sum(row["musts"] for row in rows),
                "of": sum(stop.must for day in days for stop in day.stops),
                "value": round(fmean(row["value"] for row in rows), 1),
                "percent_behind": round(fmean(behind), 2),
                "seconds": round(fmean(row["seconds"] for row in rows), 2),
            }


def curve(day: Task, seconds: float) -> Iterator[Row]:
    """How good the plan is after how long."""
    METHODS["geoapp"](day, 0.01, 1)
    seen: list[tuple[float, tuple[int, int, int]]] = []
    began = time.perf_counter()

    def look(best: Plan) -> bool:
        seen.append((time.perf_counter() - began, worth(day, best.routes)))
        return True

    last = worth(day, plan(day, seconds=seconds, progress=look).routes)
    marks = [mark for mark in (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0) if mark < seconds]
    yield {"first_plan_after": round(seen[0][0], 2), "part_of_the_last": round(seen[0][1][1] / last[1], 4)}
    for mark in marks:
        so_far = [one for after, one in seen if after <= mark]
        if so_far:
            yield {"after": mark, "musts": so_far[-1][0], "part_of_the_last": round(so_far[-1][1] / last[1], 4)}


def _stop(random: np.random.Generator, number: int, must: bool) -> Stop:
    hours = (MORNING if random.random() < 0.5 else AFTERNOON,) if random.random() < 0.3 else ()
    overdue = max(int(random.normal(2, 8)), 0)
    value = 10 + min(3 * overdue, 60) + int(random.integers(0, 30))
    return Stop(number, int(random.integers(15, 46)) * 60, value, must, hours)


def _counted(day: Task, routes: Routes, seconds: float) -> Row:
    musts, value, _ = worth(day, routes) if _kept(day, routes) else (0, 0, 0)
    return {"musts": musts, "value": value, "seconds": seconds}


def _rank(row: Row) -> tuple[int, int]:
    return row["musts"], row["value"]


def _kept(day: Task, routes: Routes) -> bool:
    """Whether a plan keeps windows and shifts and visits nothing twice."""
    seen = [number for route in routes for number in route]
    return len(seen) == len(set(seen)) and all(_driven(day, team, route) for team, route in enumerate(routes))


def _driven(day: Task, team: int, route: Sequence[int]) -> bool:
    visits, home = timetable(day, team, route)
    kept = all(
        any(
            opens <= visit.start and visit.leave <= closes
            for opens, closes in day.stops[visit.stop].windows or (SHIFT,)
        )
        for visit in visits
    )
    return kept and home <= day.teams[team].shift[1]


if __name__ == "__main__":
    main()
