"""Orienteering instances as tasks: public text formats, and made ones with time windows.

Read are, whatever the file is called: Tsiligirides (budget and number of paths, then x y score), Chao, Golden and Wasil
(n, m, tmax, then x y score), Righini and Salani and Vansteenwegen (k v N t, then number x y service score … open close)
and Solomon (words, then number x y demand ready due service; the demand is the score).

Run: python -m tests.benchmarks.orienteering_files --stops 100 --teams 4 --kind mixed --windows narrow --seed 1 -o FILE
writes an instance in the third of these formats.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput
from geoapp.routing.day import Stop, Task, Team

Floats = NDArray[np.float64]
# Real distances are in millionths of the file's unit, rounded up: what rounding makes too long is never short enough.
SCALE = 1_000_000
# What a double may be off by, so that a distance of 5 is not rounded up to 5.000001.
UNSURE = 1e-6
KINDS = ("clustered", "scattered", "mixed")
# How wide a window is, in parts of the day.
WIDTHS = {"narrow": (0.1, 0.2), "wide": (0.3, 0.6)}


@dataclass(frozen=True, slots=True)
class Instance:
    """A file's task, with what is needed to hold a plan against the file itself.

    places (n, 2) in the file's unit; unit: how many of the task's seconds make one; cut: to how many digits distances
    are cut by the format's convention, None where they are real numbers; score: how much of the task's value is 1.
    """

    name: str
    task: Task
    places: Floats
    unit: int
    cut: int | None
    score: int

    def value(self, routes: Sequence[Sequence[int]]) -> float:
        """The sum of a plan's scores."""
        return sum(self.task.stops[number].value for route in routes for number in route) / self.score

    def travel(self, route: Sequence[int], team: int) -> list[float]:
        """The length of each way of a route, as the format defines it."""
        who = self.task.teams[team]
        stops = [who.start, *(self.task.stops[number].place for number in route), who.end or 0]
        ways = [float(np.hypot(*(self.places[one] - self.places[other]))) for one, other in pairwise(stops)]
        return ways if self.cut is None else [np.floor(way * 10**self.cut + UNSURE) / 10**self.cut for way in ways]

    def kept_by(self, routes: Sequence[Sequence[int]]) -> bool:
        """Whether a plan keeps budgets and windows by the file's own distances, and visits nothing twice."""
        seen = [number for route in routes for number in route]
        return len(seen) == len(set(seen)) and all(self._driven(route, team) for team, route in enumerate(routes))

    def _driven(self, route: Sequence[int], team: int) -> bool:
        begin, finish = (moment / self.unit for moment in self.task.teams[team].shift)
        ways = self.travel(route, team)
        if not any(stop.windows for stop in self.task.stops):
            return fsum(ways) <= finish - begin + UNSURE / SCALE
        moment = begin
        for number, way in zip(route, ways, strict=False):
            stop = self.task.stops[number]
            opens, closes = (moment / self.unit for moment in stop.windows[0])
            moment = max(moment + way, opens) + stop.service_s / self.unit
            if moment > closes + UNSURE:
                return False
        return moment + ways[-1] <= finish + UNSURE


def read(path: Path, *, teams: int | None = None, exact: bool = False) -> Instance:
    """The instance of a file. teams: in place of what the file says; exact: real distances where a format cuts them.

    Raises BadInput for a file of another format.
    """
    words, rows = _lines(path)
    head, body = _parted(rows)
    teams = teams or _teams(path, words, head)
    if body and len(body[0]) == 3:
        return _with_budget(path.stem, words, head, np.array(body), teams)
    if not body or [row[0] for row in body] != list(range(int(body[0][0]), int(body[0][0]) + len(body))):
        raise BadInput("{file} is in none of the known formats of orienteering.", file=path.name)
    solomon = "customer" in words
    columns = (1, 2, 6, 3, 4, 5) if solomon else (1, 2, 3, 4, -2, -1)
    table = np.array([[row[column] for column in columns] for row in body])
    digits = None if exact else 2 if path.name.lower().startswith("pr") else 1
    return _with_windows(path.stem, table, teams, digits)


def made(*, stops: int, teams: int, kind: str, windows: str, seed: int) -> str:
    """An instance with time windows in the format of Righini and Salani, the same one for the same seed."""
    random = np.random.default_rng(seed)
    places = np.vstack([[50.0, 50.0], _places(random, stops, kind)])
    day = float(random.integers(200, 600))
    service, scores = random.choice([5, 10, 15], stops), random.integers(5, 41, stops)
    apart = np.hypot(*(places - places[0]).T)[1:]
    wide = random.uniform(*WIDTHS[windows], stops) * day
    # A window can be reached from the depot and left in time for it.
    middle = random.uniform(apart, np.maximum(day - apart - service, apart))
    opens = np.maximum(middle - wide / 2, 0)
    closes = np.minimum(middle + wide / 2, day - apart - service)
    lines = [f"1 {teams} {stops} 1", "0 0", f"0 50.00 50.00 0 0 0 0 0 {day:.0f}"]
    lines += [
        f"{number + 1} {places[number + 1, 0]:.2f} {places[number + 1, 1]:.2f} {service[number]} {scores[number]} "
        f"1 1 1 {opens[number]:.0f} {max(closes[number], opens[number]):.0f}"
        for number in range(stops)
    ]
    return "\n".join(lines) + "\n"


def _places(random: np.random.Generator, stops: int, kind: str) -> Floats:
    scattered = random.uniform(0, 100, (stops, 2))
    if kind == "scattered":
        return scattered
    centres = random.uniform(10, 90, (max(stops // 12, 2), 2))
    clustered = centres[random.integers(0, len(centres), stops)] + random.normal(0, 4, (stops, 2))
    return clustered if kind == "clustered" else np.where(random.random((stops, 1)) < 0.5, clustered, scattered)


def _lines(path: Path) -> tuple[dict[str, float], list[list[float]]]:
    """What stands beside a word, and the rows of numbers."""
    words: dict[str, float] = {}
    rows: list[list[float]] = []
    for line in path.read_text("utf-8", "replace").splitlines():
        parts = re.split(r"[\s,;:=]+", line.strip(" \t,;"))
        numbers = [float(part) for part in parts if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", part, re.I)]
        if parts[0] and len(numbers) == len(parts):
            rows.append(numbers)
        elif parts[0]:
            words[parts[0].lower()] = numbers[0] if numbers else 0.0
    return words, rows


def _parted(rows: list[list[float]]) -> tuple[list[list[float]], list[list[float]]]:
    """The rows that stand before the places, and those of the places: as many as N says, where it stands there."""
    wide = [len(row) >= 7 for row in rows]
    first = wide.index(True) if any(wide) else next((at for at, row in enumerate(rows) if len(row) == 3), len(rows))
    head, body = rows[:first], [row for row in rows[first:] if len(row) >= 3]
    if any(wide):
        body = [row for row in body if len(row) >= 7]
        if head and len(head[0]) >= 3:
            body = body[: int(head[0][2]) + 1]
    return head, body


def _teams(path: Path, words: dict[str, float], head: list[list[float]]) -> int:
    """By the file, unless its name ends in .m3: files with windows say only with how many all can be visited."""
    named = re.search(r"[._-]m(\d+)", path.stem)
    if named:
        return int(named[1])
    said = words.get("m") or (head[0][1] if head and len(head[0]) > 1 else 1)
    return max(int(said), 1) if "customer" not in words else 1


def _with_budget(name: str, words: dict[str, float], head: list[list[float]], body: Floats, teams: int) -> Instance:
    chao = "tmax" in words
    budget = words["tmax"] if chao else head[0][0]
    ends = (0, len(body) - 1) if chao else (0, 1)
    values, score = _whole(body[:, 2])
    stops = [Stop(number, 0, value) for number, value in enumerate(values) if number not in ends]
    task = Task(_real(body[:, :2]), stops, [Team(*ends, (0, int(np.floor(budget * SCALE + UNSURE))))] * teams)
    return Instance(name, task, body[:, :2], SCALE, None, score)


def _with_windows(name: str, table: Floats, teams: int, digits: int | None) -> Instance:
    """Service begins within a window and may end after it. table: x, y, service, score, opens, closes."""
    places = table[:, :2]
    unit = SCALE if digits is None else 10**digits
    travel = _real(places) if digits is None else np.floor(_apart(places) * unit + UNSURE).astype(np.int64)
    whole = np.rint(table[:, (2, 4, 5)] * unit).astype(np.int64)
    values, score = _whole(table[:, 3])
    stops = [
        Stop(number, int(service), values[number], windows=((int(opens), int(max(closes, opens) + service)),))
        for number, (service, opens, closes) in enumerate(whole) if number
    ]  # fmt: skip
    return Instance(name, Task(travel, stops, [Team(0, 0, (int(whole[0, 1]), int(whole[0, 2])))] * teams),
                    places, unit, digits, score)  # fmt: skip


def _whole(scores: Floats) -> tuple[list[int], int]:
    """Scores as whole numbers, in thousandths where they are not."""
    unit = 1 if np.array_equal(scores, np.rint(scores)) else 1_000
    return np.rint(scores * unit).astype(int).tolist(), unit


def _real(places: Floats) -> NDArray[np.int64]:
    return np.asarray(np.ceil(_apart(places) * SCALE - UNSURE), np.int64)


def _apart(places: Floats) -> Floats:
    difference = places[:, None] - places[None]
    return np.asarray(np.hypot(difference[..., 0], difference[..., 1]))


def main() -> None:
    """Write an instance."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stops", type=int, default=100)
    parser.add_argument("--teams", type=int, default=4)
    parser.add_argument("--kind", choices=KINDS, default="mixed")
    parser.add_argument("--windows", choices=list(WIDTHS), default="narrow")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    text = made(stops=asked.stops, teams=asked.teams, kind=asked.kind, windows=asked.windows, seed=asked.seed)
    asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
