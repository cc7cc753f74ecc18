"""Worlds small enough to try every choice of sites, and real ones that others have solved."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import spopt
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from geoapp.analysis.siting.p_median import beyond

Floats = NDArray[np.float64]
# Five villages along a road, at its kilometres; a site may stand in each of them.
ROAD_KM = np.array([0.0, 1.0, 2.0, 6.0, 7.0])
ROAD_COST = np.abs(ROAD_KM[:, None] - ROAD_KM)
PEOPLE = np.array([10.0, 50.0, 10.0, 20.0, 30.0])


class World(NamedTuple):
    """Costs (n, m), weights (n,), the cost to what is there (n,), and how many sites are chosen."""

    cost: Floats
    weights: Floats
    existing: Floats
    p: int


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any small world, with ties, zeros and places out of reach, whole costs or halves of them."""
    n, m = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    unit = draw(st.sampled_from([1.0, 0.5]))
    costs = st.one_of(st.integers(0, 9).map(lambda cost: cost * unit), st.just(np.inf))
    cost = np.array(draw(st.lists(costs, min_size=n * m, max_size=n * m)), float).reshape(n, m)
    weights = np.array(draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), float)
    existing = np.array(draw(st.lists(costs, min_size=n, max_size=n)), float)
    return World(cost, weights, np.full(n, np.inf) if draw(st.booleans()) else existing, draw(st.integers(0, 7)))


def choices(world: World) -> Iterator[Floats]:
    """What everybody pays with each choice of as many sites as are asked for."""
    candidates = world.cost.shape[1]
    for sites in combinations(range(candidates), min(world.p, candidates)):
        yield np.minimum(world.existing, world.cost[:, list(sites)].min(axis=1, initial=np.inf))


def paid(world: World, nearest: Floats) -> float:
    """The sum p-median makes least; what nothing reaches does not count."""
    best = np.minimum(world.existing, world.cost.min(axis=1, initial=np.inf))
    counts = np.isfinite(best)
    ways = np.minimum(nearest, beyond(world.cost, world.existing))
    return float(world.weights[counts] @ ways[counts])


def san_francisco() -> tuple[Floats, Floats]:
    """Metres over the network from 205 census tracts to 16 stores (205, 16), and people (205,): spopt's own example."""
    folder = Path(spopt.__file__).parent / "tests" / "test_locate" / "data"
    table = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    metres = table.pivot_table(values="distance", index="DestinationName", columns="name", fill_value=0)
    people = table.groupby("DestinationName")["demand"].first()
    return metres.to_numpy(float), people.to_numpy(float)


def or_library(text: str) -> tuple[Floats, int]:
    """Costs (n, n) and p of a file of the OR-Library: of an edge that repeats, the last counts."""
    numbers = np.array(text.split(), float)
    n, edges, p = numbers[:3].astype(int)
    lengths = np.zeros((n, n))
    for a, b, length in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        lengths[int(a) - 1, int(b) - 1] = lengths[int(b) - 1, int(a) - 1] = length
    # A stored zero is an edge of no length to scipy, a missing one is none.
    return np.asarray(shortest_path(csr_array(lengths), method="D", directed=False)), int(p)


def made_or_library(n: int, p: int, seed: int) -> str:
    """A file of the same manner: connected, n * n / 50 edges of 1 to 100."""
    chance = np.random.default_rng(seed)
    edges = [(i, chance.integers(1, i), chance.integers(1, 101)) for i in range(2, n + 1)]
    while len(edges) < n * n // 50:
        a, b = chance.integers(1, n + 1, 2)
        if a != b:
            edges.append((a, b, chance.integers(1, 101)))
    return "\n".join([f"{n} {len(edges)} {p}", *(f"{a} {b} {length}" for a, b, length in edges)])
