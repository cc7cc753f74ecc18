"""All four problems against spopt: its own San Francisco, and small worlds made by lot."""

import numpy as np
import pulp
import pytest
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from geoapp.analysis.siting.lscp import lscp
from geoapp.analysis.siting.mclp import mclp
from geoapp.analysis.siting.p_centre import p_centre
from geoapp.analysis.siting.p_median import p_median
from tests.analysis.siting.toy_sites import san_francisco

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
SOLVER = pulp.HiGHS(msg=False)


def test_san_francisco_has_the_published_values() -> None:
    metres, people = san_francisco()

    median = p_median(metres, people, 4)

    assert median.value / 1000 == pytest.approx(2848268.13, abs=0.005)
    assert lscp(metres <= 5000).value == 8
    assert mclp(metres <= 5000, people, 4).value == 875247
    assert p_centre(metres, 4).value == pytest.approx(7403.06, abs=0.005)
    assert median.proven


@pytest.mark.parametrize("seed", range(3))
def test_made_worlds_have_the_values_that_spopt_finds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    homes, candidates = chance.random((25, 2)) * 1000, chance.random((12, 2)) * 1000
    cost = np.hypot(*(homes[:, None] - candidates).transpose(2, 0, 1))
    weights, p, reach = chance.integers(1, 50, 25).astype(float), 3, 350.0

    median = PMedian.from_cost_matrix(cost, weights, p).solve(SOLVER)
    cover = MCLP.from_cost_matrix(cost, weights, reach, p).solve(SOLVER)
    centre = PCenter.from_cost_matrix(cost, p).solve(SOLVER)

    assert p_median(cost, weights, p).value == pytest.approx(pulp.value(median.problem.objective))
    assert mclp(cost <= reach, weights, p).value == pytest.approx(pulp.value(cover.problem.objective))
    assert p_centre(cost, p).value == pytest.approx(pulp.value(centre.problem.objective))
    everybody = cost.min(axis=1).max() + 1
    fewest = LSCP.from_cost_matrix(cost, everybody).solve(SOLVER)
    assert lscp(cost <= everybody).value == pulp.value(fewest.problem.objective)
