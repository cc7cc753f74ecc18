"""Hot spots: false ones where there is none, found ones where some are planted, and the time, against esda.

Prints one JSON object a line. Both test the same simulated districts under the same weights: geoapp by all
permutations, esda (PySAL) by 9,999 conditional ones, with the false discoveries of both held to 5 % by Benjamini and
Hochberg, and beside them the analytic p-value of the same statistic. A district's ratio is esda's time to geoapp's.
"""

import argparse
import json
import time
from collections.abc import Callable

import esda
import libpysal
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import stats

from geoapp.analysis.hexagons import Hexagons
from geoapp.analysis.hotspots import FALSE_SHARE, gi_star, hot_spots
from geoapp.analysis.neighbours import with_itself

Values = NDArray[np.float64]
# About 1,600 hexagons of 500 m, with a border that is not straight.
DISTRICT = shapely.Point(116.63, 40.31).buffer(0.13, quad_segs=32)
WIDTH_M, PERMUTATIONS = 500, 9_999
MEAN = 5.0
Draw = Callable[[np.random.Generator, Values], Values]
KINDS: dict[str, Draw] = {
    "poisson": lambda random, mean: random.poisson(mean).astype(float),
    "negative binomial": lambda random, mean: random.negative_binomial(1.0, 1.0 / (1.0 + mean)).astype(float),
    "lognormal": lambda random, mean: random.poisson(mean * random.lognormal(-1.125, 1.5, len(mean))).astype(float),
    "pareto": lambda random, mean: np.floor(mean * random.pareto(1.3, len(mean)) / 3).astype(float),
}
PLANTED = ("poisson", "negative binomial")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--districts", type=int, default=100, help="simulated districts of each kind")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    cells = Hexagons(DISTRICT, WIDTH_M, parallel=40.3)
    ours, theirs = with_itself(len(cells), cells.neighbours), _libpysal(cells)
    random = np.random.default_rng(asked.seed)
    for kind, draw in KINDS.items():
        nulls(kind, draw, ours, asked.districts, random)
    for kind in PLANTED:
        for strength in (2.0, 3.0):
            planted(kind, strength, (ours, theirs), max(asked.districts // 10, 2), random)


def nulls(kind: str, draw: Draw, weights: object, districts: int, random: np.random.Generator) -> None:
    """How many districts without any hot spot show one, and how many cells the analytic p-value would call hot."""
    shown, analytic = 0, 0
    for _ in range(districts):
        values = draw(random, np.full(weights.shape[0], MEAN))  # type: ignore[attr-defined]
        shown += bool(hot_spots(values, weights).hot.any())
        z = gi_star(values, weights)
        q = stats.false_discovery_control(2 * stats.norm.sf(np.abs(z)))
        analytic += int(((q <= FALSE_SHARE) & (z > 0)).sum())
    print(json.dumps({"truth": "no hot spot", "kind": kind, "districts": districts, "districts_that_show_one": shown,
                      "false_cells_a_map_by_the_analytic_p": analytic / districts}), flush=True)  # fmt: skip


def planted(
    kind: str, strength: float, weights: tuple[object, object], districts: int, random: np.random.Generator
) -> None:
    """Which part of planted hot cells is found, how much of what is found is false, and how much faster that is."""
    found: dict[str, list[tuple[float, float]]] = {"geoapp": [], "esda": []}
    ratios = []
    for _ in range(districts):
        values, truth = _district(kind, strength, weights[0], random)
        began = time.perf_counter()
        hot = hot_spots(values, weights[0]).hot
        middle = time.perf_counter()
        other = _esda(values, weights[1])
        ratios.append((time.perf_counter() - middle) / (middle - began))
        for name, flags in (("geoapp", hot), ("esda", other)):
            found[name].append((float(flags[truth].mean()), float((flags & ~truth).sum() / max(flags.sum(), 1))))
    for name, pairs in found.items():
        recall, false = np.mean(pairs, axis=0)
        told = {"truth": f"planted, strength {strength:g}", "kind": kind, "method": name, "recall": round(recall, 4),
                "false_share": round(false, 4)}  # fmt: skip
        ratio = round(float(np.median(ratios)), 1) if name == "geoapp" else 1.0
        print(json.dumps(told | {"ratio_to_esda": ratio}), flush=True)


def _district(
    kind: str, strength: float, weights: object, random: np.random.Generator
) -> tuple[Values, NDArray[np.bool_]]:
    """Values with six hot spots of two rings of cells each, and which cells these are."""
    number = weights.shape[0]  # type: ignore[attr-defined]
    truth = np.zeros(number, bool)
    truth[random.choice(number, 6, replace=False)] = True
    for _ in range(2):
        truth = np.asarray(weights @ truth.astype(float)) > 0  # type: ignore[operator]
    return KINDS[kind](random, np.where(truth, MEAN * strength, MEAN)), truth


def _esda(values: Values, weights: object) -> NDArray[np.bool_]:
    tested = esda.G_Local(values, weights, transform="B", star=True, permutations=PERMUTATIONS, seed=1, n_jobs=1)
    p = np.where(tested.Zs > 0, tested.p_sim, 1.0)
    return np.asarray(stats.false_discovery_control(p) <= FALSE_SHARE)


def _libpysal(cells: Hexagons) -> object:
    one, other = cells.neighbours
    known: dict[int, list[int]] = {cell: [] for cell in range(len(cells))}
    for cell, neighbour in zip(one.tolist(), other.tolist(), strict=True):
        known[cell].append(neighbour)
    return libpysal.weights.W(known, silence_warnings=True)


if __name__ == "__main__":
    main()
