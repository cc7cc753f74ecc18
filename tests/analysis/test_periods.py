import numpy as np
import pytest
from scipy import stats

from geoapp.analysis.periods import difference, whole_change
from tests.analysis.toy_grid import grid


def test_p_is_that_of_fisher_s_exact_test_on_one_side_doubled():
    weights, _ = grid(4, 4)
    random = np.random.default_rng(1)
    before, after = random.poisson(3, 16).astype(float), random.poisson(4, 16).astype(float)
    found = difference(before, after, weights)
    early, late = weights @ before, weights @ after
    for cell in range(16):
        table = [[late[cell], early[cell]], [after.sum() - late[cell], before.sum() - early[cell]]]
        sides = [stats.fisher_exact(table, alternative=side).pvalue for side in ("greater", "less")]
        assert found.p[cell] == pytest.approx(min(2 * min(sides), 1.0))
    assert np.allclose(found.expected, (early + late) * after.sum() / (before.sum() + after.sum()))


def test_a_place_that_grows_while_the_rest_stays_is_found():
    weights, _ = grid(20, 20)
    random = np.random.default_rng(2)
    expected = np.full((20, 20), 4.0)
    before = random.poisson(expected).ravel().astype(float)
    expected[5:9, 5:9] *= 5
    after = random.poisson(expected).ravel().astype(float)
    found = difference(before, after, weights)
    assert found.grown.reshape(20, 20)[6:8, 6:8].all()
    assert found.shrunk.mean() < 0.02


def test_a_district_that_doubles_as_a_whole_has_grown_nowhere_more_than_elsewhere():
    weights, _ = grid(20, 20)
    random = np.random.default_rng(3)
    found = difference(random.poisson(3, 400).astype(float), random.poisson(6, 400).astype(float), weights)
    assert not (found.grown | found.shrunk).any()
    assert whole_change(1_200, 2_400) < 1e-9


def test_alike_periods_show_a_difference_on_five_maps_of_a_hundred_at_most():
    weights, _ = grid(15, 15)
    random = np.random.default_rng(4)
    shown = 0
    for _ in range(100):
        found = difference(random.poisson(3, 225).astype(float), random.poisson(3, 225).astype(float), weights)
        shown += bool(found.grown.any() or found.shrunk.any())
    assert shown <= 5


def test_no_report_at_all_is_no_difference():
    weights, _ = grid(3, 3)
    found = difference(np.zeros(9), np.zeros(9), weights)
    assert (found.p == 1).all()
    assert (found.expected == 0).all()
    assert whole_change(0, 0) == 1.0
