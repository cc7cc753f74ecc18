"""The compiled parts against plain numpy, with and without their compiler."""

import os
import subprocess
import sys

import numpy as np
import pytest

from geoapp.analysis.siting import interchange_kernel, lagrangian_kernel
from geoapp.analysis.siting.answers import Effort
from geoapp.analysis.siting.arcs import arcs_of
from geoapp.analysis.siting.choosing import chosen, paid

ROUTINE = (
    "import numpy as np; from geoapp.analysis.siting.p_median import p_median;"
    "from geoapp.analysis.siting.answers import Effort;"
    "places = np.random.default_rng(7).integers(0, 99, (14, 2));"
    "cost = np.abs(places[:, None] - places).sum(axis=2);"
    "answer = p_median(cost, None, 3, effort=Effort(iterations=3));"
    "print(answer.chosen, answer.value, answer.bound, answer.method)"
)


def town() -> np.ndarray:
    places = np.random.default_rng(7).integers(0, 99, (30, 2))
    return np.abs(places[:, None] - places).sum(axis=2).astype(float)


def test_the_kernels_say_the_same_without_their_compiler() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", ROUTINE], env=os.environ | how, capture_output=True, text=True, check=True
        ).stdout
        for how in ({"NUMBA_DISABLE_JIT": "1"}, {})
    ]

    assert said[0] == said[1]
    assert said[0].startswith("(")


def test_no_swap_of_two_sites_improves_what_interchange_leaves() -> None:
    cost = town()
    arcs, _ = arcs_of(cost, np.ones(30), np.full(30, 9999.0))
    columns = interchange_kernel.columns_of(arcs, 30)

    sites, value = interchange_kernel.interchange(arcs, columns, np.arange(4), 0, 1)

    assert value == cost[:, sites].min(axis=1).sum() == paid(arcs, sites, 30)
    for slot in range(4):
        for other in range(30):
            swapped = np.where(np.arange(4) == slot, other, sites)
            assert cost[:, swapped].min(axis=1).sum() >= value


def test_the_bound_is_what_its_prices_say_and_lies_below_every_choice() -> None:
    cost = town()
    arcs, _ = arcs_of(cost, np.ones(30), np.full(30, 9999.0))
    best = chosen(arcs, 30, 4, Effort()).value

    prices = lagrangian_kernel.Prices(
        *lagrangian_kernel.ascend(arcs, np.zeros(30, np.int8), 4, np.full(30, 9.0), best, best, 500, 1.5)
    )
    worth = np.minimum(cost - prices.price[:, None], 0).sum(axis=0)

    assert prices.worth == pytest.approx(worth)
    assert prices.bound == pytest.approx(prices.price.sum() + np.sort(worth)[:4].sum())
    assert 0.9 * best < prices.bound <= best + 1e-6


def test_columns_hold_the_arcs_by_candidate() -> None:
    arcs, _ = arcs_of(town(), np.ones(30), np.full(30, 60.0))
    columns = interchange_kernel.columns_of(arcs, 30)
    owners = np.repeat(np.arange(30), np.diff(arcs.start))

    for j in range(30):
        inside = slice(columns.start[j], columns.start[j + 1])
        assert columns.demand[inside].tolist() == owners[arcs.candidate == j].tolist()
        assert columns.cost[inside].tolist() == arcs.cost[arcs.candidate == j].tolist()
