"""Orienteering instances as tasks: the text formats of Tsiligirides, of Chao's team orienteering, and with windows."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoapp.routing.day import Stop, Task, Team

# Distances are in millionths of the file's unit, rounded up: what is too long by rounding never counts as short enough.
SCALE = 1_000_000


def read(path: Path) -> Task:
    """The task of a file, by its format."""
    lines = [line.split() for line in path.read_text("utf-8", "replace").splitlines() if line.split()]
    if lines[0][0] == "n":
        places = _numbers(lines[3:], 3)
        return _budgets(places, 0, len(places) - 1, teams=int(lines[1][1]), budget=float(lines[2][1]))
    if len(lines[0]) == 4 and len(lines[1]) == 2:
        teams = re.search(r"\.m(\d+)", path.name)
        return _windows(_rows(lines[2:]), int(teams[1]) if teams else int(lines[0][1]), path.name.startswith("pr"))
    teams_said = int(float(lines[0][1])) if len(lines[0]) > 1 else 1
    return _budgets(_numbers(lines[1:], 3), 0, 1, teams=teams_said, budget=float(lines[0][0]))


def _numbers(rows: list[list[str]], count: int) -> NDArray[np.float64]:
    return np.array([[float(part) for part in row[:count]] for row in rows])


def _budgets(places: NDArray[np.float64], start: int, end: int, *, teams: int, budget: float) -> Task:
    travel = np.ceil(_apart(places[:, :2]) * SCALE - 1e-3).astype(np.int64)
    shift = (0, int(np.floor(budget * SCALE + 1e-3)))
    stops = [Stop(number, 0, int(score)) for number, score in enumerate(places[:, 2]) if number not in (start, end)]
    return Task(travel, stops, [Team(start, end, shift)] * teams)


def _rows(rows: list[list[str]]) -> NDArray[np.float64]:
    """x, y, service, score, opens, closes: the last two stand at the end of rows of different lengths."""
    return np.array([[float(part) for part in (*row[1:5], *row[-2:])] for row in rows])


def _windows(rows: NDArray[np.float64], teams: int, finer: bool) -> Task:
    """Service begins within a window and may end after it; distances are cut, by convention, to one or two digits."""
    digits = 100 if finer else 10
    travel = np.floor(_apart(rows[:, :2]) * digits + 1e-9).astype(np.int64)
    whole = np.rint(rows[:, (2, 4, 5)] * digits).astype(np.int64)
    stops = [
        Stop(number, int(service), int(rows[number, 3]), windows=((int(opens), int(closes + service)),))
        for number, (service, opens, closes) in enumerate(whole) if number
    ]  # fmt: skip
    return Task(travel, stops, [Team(0, 0, (int(whole[0, 1]), int(whole[0, 2])))] * teams)


def _apart(places: NDArray[np.float64]) -> NDArray[np.float64]:
    difference = places[:, None] - places[None]
    return np.hypot(difference[..., 0], difference[..., 1])
