import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geoapp.analysis.trends import FEWEST_PERIODS, change, mann_kendall
from tests.analysis.toy_grid import grid


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=40))
def test_mann_and_kendall_s_score_is_kendall_s_tau_against_time(series):
    z, _ = mann_kendall(np.array([series], dtype=float))
    number = len(series)
    tau = stats.kendalltau(np.arange(number), series, variant="c").statistic
    assert np.sign(z[0]) == np.sign(np.round(np.nan_to_num(tau), 12)) or abs(tau) * number**2 / 4 <= 1


def test_its_z_is_the_published_one_for_a_series_with_ties():
    # R. O. Gilbert (1987), section 16.4: S and its variance by hand for 1 1 2 3 3 4.
    z, p = mann_kendall(np.array([[1.0, 1.0, 2.0, 3.0, 3.0, 4.0]]))
    score, variance = 13, (6 * 5 * 17 - 2 * (2 * 1 * 9)) / 18
    assert z[0] == pytest.approx((score - 1) / np.sqrt(variance))
    assert p[0] == pytest.approx(2 * stats.norm.sf(z[0]))


def test_its_p_is_near_the_exact_one_of_scipy_without_ties():
    random = np.random.default_rng(1)
    series = random.normal(size=(50, 12))
    exact = [stats.kendalltau(np.arange(12), row, method="exact").pvalue for row in series]
    assert np.abs(mann_kendall(series)[1] - exact).max() < 0.02


def test_a_series_that_stays_has_no_trend():
    assert mann_kendall(np.ones((1, 10)))[1][0] == 1.0


# What each planted place does over 24 periods, and the class that it must get.
PATTERNS = {
    "new": np.r_[np.zeros(23), 1.5],
    "consecutive": np.r_[np.zeros(18), np.ones(6) * 1.5],
    "intensifying": np.linspace(0.9, 2.2, 24),
    "persistent": np.ones(24) * 1.5,
    "diminishing": np.linspace(2.2, 0.9, 24),
    "historical": np.r_[np.ones(23) * 1.5, 0.0],
}


@pytest.fixture(scope="module")
def planted():
    weights, _ = grid(80, 80)
    expected = np.full((80, 80, 24), 3.0)
    middles = dict(zip(PATTERNS, [(9, 9), (9, 40), (9, 70), (50, 9), (50, 40), (50, 70)], strict=True))
    for name, (row, column) in middles.items():
        expected[row - 2 : row + 3, column - 2 : column + 3] += 10 * PATTERNS[name]
    values = np.random.default_rng(2).poisson(expected).reshape(6400, 24).astype(float)
    return change(values, weights), middles


@pytest.mark.parametrize("name", PATTERNS)
def test_a_planted_course_gets_its_class(planted, name):
    found, middles = planted
    row, column = middles[name]
    around = found.fine.reshape(80, 80)[row - 1 : row + 2, column - 1 : column + 2]
    assert (around == name).mean() > 0.6, around


def test_a_page_names_four_of_them_and_what_comes_and_goes(planted):
    found, _ = planted
    assert set(found.shown) <= {"new", "persistent", "intensifying", "fading", "sporadic", ""}
    assert sum(name == "" for name in found.shown) > 6_000


def test_places_without_any_course_get_none():
    weights, _ = grid(20, 20)
    found = change(np.random.default_rng(3).poisson(2, (400, 12)).astype(float), weights)
    assert (found.fine == "").mean() > 0.98


def test_too_few_periods_are_told_and_nothing_is_named():
    weights, _ = grid(10, 10)
    found = change(np.random.default_rng(3).poisson(2, (100, FEWEST_PERIODS - 1)).astype(float), weights)
    assert not found.enough
    assert set(found.shown) == {""}
