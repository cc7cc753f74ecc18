"""Siting against spopt with the same solver, HiGHS: p-median, MCLP, LSCP and p-centre.

Run: python -m tests.benchmarks.siting [--quick]. Prints a JSON object a line: world, problem, demand, candidates,
sites, value, proven, seconds, seconds_spopt, ratio, and same_value. World "San Francisco" is spopt's own example, the
others are towns made by lot. Both sides begin with the table of costs and end with the chosen sites; both take the
median of repeats in turns, and spopt stops where pulp's HiGHS does: at a part of 1e-4, so values may differ by that.
spopt is given SECONDS at most; a ratio that begins with ">" ran out of them. --quick leaves out what takes spopt long.
"""

import argparse
import json
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from geoapp.analysis.siting import core_kernel
from geoapp.analysis.siting.answers import Effort, Siting
from geoapp.analysis.siting.lscp import lscp
from geoapp.analysis.siting.mclp import mclp
from geoapp.analysis.siting.p_centre import p_centre
from geoapp.analysis.siting.p_median import p_median
from tests.analysis.siting.toy_sites import san_francisco

SECONDS = 120.0
REPEATS = 3
# What takes a peer longer than this is measured once.
LONG = 5.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A world, a problem in it, and whether spopt takes long over it."""

    world: str
    problem: str
    cost: Floats
    weights: Floats
    sites: int
    reach: float = 0.0
    slow: bool = False


def main() -> None:
    """Measure every case and print its line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    core_kernel.warm()
    for case in cases():
        if not (asked.quick and case.slow):
            print(json.dumps(compared(case)), flush=True)


def cases() -> Iterator[Case]:
    """San Francisco, and towns."""
    metres, people = san_francisco()
    for problem in ("p-median", "MCLP", "LSCP", "p-centre"):
        yield Case("San Francisco", problem, metres, people, 4, 5000.0)
    yield Case("town", "p-median", *town(400, 100, 1), 10)
    yield Case("town", "LSCP", *town(1000, 300, 2), 0, 800.0)
    yield Case("town", "p-centre", *town(100, 40, 3), 5, slow=True)
    for reach in (400.0, 500.0, 600.0, 700.0, 800.0):
        yield Case("town", "MCLP", *town(3000, 500, 4), 30, reach, slow=True)


def town(homes: int, candidates: int, seed: int) -> tuple[Floats, Floats]:
    """Metres between places by lot on a square of 10 km, and people in them."""
    chance = np.random.default_rng(seed)
    away = chance.uniform(0, 10_000, (homes, 1, 2)) - chance.uniform(0, 10_000, (1, candidates, 2))
    return np.hypot(away[..., 0], away[..., 1]), chance.integers(1, 100, homes).astype(float)


def ours(case: Case) -> Siting:
    """geoapp's answer."""
    effort = Effort(seconds=SECONDS)
    solve: dict[str, Callable[[], Siting]] = {
        "p-median": lambda: p_median(case.cost, case.weights, case.sites, effort=effort),
        "MCLP": lambda: mclp(case.cost <= case.reach, case.weights, case.sites, effort=effort),
        "LSCP": lambda: lscp(coverable(case) <= case.reach, effort=effort),
        "p-centre": lambda: p_centre(case.cost, case.sites, effort=effort),
    }
    return solve[case.problem]()


def theirs(case: Case) -> float:
    """The value of spopt's answer."""
    made: dict[str, Callable[[], Any]] = {
        "p-median": lambda: PMedian.from_cost_matrix(case.cost, case.weights, case.sites),
        "MCLP": lambda: MCLP.from_cost_matrix(case.cost, case.weights, case.reach, case.sites),
        "LSCP": lambda: LSCP.from_cost_matrix(coverable(case), case.reach),
        "p-centre": lambda: PCenter.from_cost_matrix(case.cost, case.sites),
    }
    solved = made[case.problem]().solve(pulp.HiGHS(msg=False, threads=1, timeLimit=SECONDS))
    return float(pulp.value(solved.problem.objective) or np.nan)


def coverable(case: Case) -> Floats:
    """Without demand that nothing covers: spopt calls a world with any infeasible."""
    return case.cost[case.cost.min(axis=1) <= case.reach]


def compared(case: Case) -> dict[str, Any]:
    """Both sides in turns."""
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(REPEATS):
        answer, took = timed(lambda: ours(case))
        times["ours"].append(took)
        value, took = timed(lambda: theirs(case))
        times["theirs"].append(took)
        if took > LONG:
            break
    mine, other = statistics.median(times["ours"]), statistics.median(times["theirs"])
    return {
        "world": case.world,
        "problem": case.problem + (f" within {case.reach:.0f} m" if case.problem in {"MCLP", "LSCP"} else ""),
        "demand": len(case.cost),
        "candidates": case.cost.shape[1],
        "sites": len(answer.chosen),
        "value": round(answer.value, 2),
        "proven": answer.proven,
        "gap": round(answer.gap, 6),
        "seconds": round(mine, 4),
        "seconds_spopt": round(other, 3),
        "ratio": f"{'>' if other > SECONDS else ''}{other / mine:.1f}",
        "same_value": bool(abs(answer.value - value) <= 1e-4 * abs(value)),
    }


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it answers, and how long it took."""
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began


if __name__ == "__main__":
    main()
