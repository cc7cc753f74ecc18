from itertools import combinations

import esda
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geoapp.analysis.hotspots import gi_star, hot_spots, moran, permutation_p
from geoapp.analysis.neighbours import with_itself
from tests.analysis.toy_grid import grid

SKEWED = {
    "poisson": lambda random, size: random.poisson(2, size),
    "negative binomial": lambda random, size: random.negative_binomial(0.2, 0.1, size),
    "pareto": lambda random, size: np.floor(random.pareto(1.2, size)),
    "real": lambda random, size: random.gamma(0.5, 3.0, size),
}


@pytest.mark.parametrize("kind", SKEWED)
def test_the_statistic_is_that_of_esda(kind):
    weights, known = grid(12, 9)
    values = SKEWED[kind](np.random.default_rng(1), 108).astype(float)
    theirs = esda.G_Local(values, known, transform="B", star=True, permutations=0)
    assert np.allclose(gi_star(values, weights), theirs.Zs, atol=1e-6)


def test_several_periods_at_once_are_each_as_if_alone():
    weights, _ = grid(6, 6)
    values = np.random.default_rng(2).poisson(3, (36, 4)).astype(float)
    assert np.allclose(gi_star(values, weights)[:, 2], gi_star(values[:, 2], weights))


def every_permutation(values, weights):
    """p by looking at each set of cells that could have been drawn."""
    dense = weights.toarray()
    p = []
    for row in dense:
        sums = np.array([sum(drawn) for drawn in combinations(values.tolist(), int(row.sum()))])
        seen = row @ values
        p.append(min(2 * min((sums >= seen).mean(), (sums <= seen).mean()), 1.0))
    return np.array(p)


@settings(max_examples=30)
@given(values=st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_p_counts_every_permutation(values):
    weights, _ = grid(3, 3)
    values = np.array(values, dtype=float)
    assert np.allclose(permutation_p(values, weights)[0], every_permutation(values, weights), atol=1e-12)


def test_more_neighbours_than_half_of_all_cells_are_counted_too():
    pairs = np.array([(one, other) for one in range(6) for other in range(6) if one != other and (one + other) % 5])
    weights = with_itself(6, (pairs[:, 0], pairs[:, 1]))
    values = np.array([1, 5, 2, 8, 3, 3], dtype=float)
    assert np.allclose(permutation_p(values, weights)[0], every_permutation(values, weights), atol=1e-12)


@pytest.mark.parametrize("kind", SKEWED)
def test_p_is_what_many_draws_by_lot_come_to(kind):
    weights, _ = grid(8, 8)
    random = np.random.default_rng(3)
    values = SKEWED[kind](random, 64).astype(float)
    draws = weights @ random.permuted(np.tile(values, (20_000, 1)), axis=1).T
    seen = (weights @ values)[:, None]
    drawn = np.minimum(2 * np.minimum((draws >= seen - 1e-9).mean(axis=1), (draws <= seen + 1e-9).mean(axis=1)), 1)
    assert np.abs(permutation_p(values, weights)[0] - drawn).max() < 0.02


def test_the_smallest_p_is_told_and_no_p_is_smaller():
    weights, _ = grid(5, 5)
    values = np.zeros(25)
    values[[11, 12, 13, 7, 17]] = 9
    p, smallest = permutation_p(values, weights)
    assert smallest == pytest.approx(1 / 53130)  # 25 over 5
    assert p.min() == pytest.approx(2 / 53130)


@pytest.mark.parametrize("kind", SKEWED)
def test_where_there_is_no_hot_spot_at_most_five_maps_of_a_hundred_show_one(kind):
    weights, _ = grid(30, 30)
    random = np.random.default_rng(11)
    false = sum(hot_spots(SKEWED[kind](random, 900).astype(float), weights).hot.any() for _ in range(100))
    assert false <= 5


def test_a_planted_hot_spot_is_found_and_a_planted_hole_too():
    weights, _ = grid(30, 30)
    expected = np.full((30, 30), 5.0)
    expected[4:9, 4:9], expected[18:25, 18:25] = 20.0, 0.3
    found = hot_spots(np.random.default_rng(4).poisson(expected).astype(float).ravel(), weights)
    assert found.hot.reshape(30, 30)[5:8, 5:8].all()
    assert found.cold.reshape(30, 30)[19:24, 19:24].mean() > 0.8
    assert found.hot.sum() < 45


def test_one_heap_alone_is_no_hot_spot():
    weights, _ = grid(30, 30)
    values = np.random.default_rng(6).poisson(2, 900).astype(float)
    values[450] = 100_000
    assert not hot_spots(values, weights).hot.any()


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0, 2.0, 2.0], [0.0] * 5])
def test_values_that_are_all_alike_have_no_hot_spot(values):
    found = hot_spots(np.array(values), with_itself(len(values), (np.empty(0, int), np.empty(0, int))))
    assert (found.p == 1).all()
    assert not (found.hot | found.cold).any()


@given(factor=st.integers(1, 50), offset=st.integers(-5, 100))
def test_another_unit_changes_nothing(factor, offset):
    weights, _ = grid(5, 6)
    values = np.random.default_rng(8).poisson(4, 30).astype(float)
    one, other = hot_spots(values, weights), hot_spots(values * factor + offset, weights)
    assert np.allclose(one.gi, other.gi, atol=1e-9)
    assert np.allclose(one.p, other.p, atol=1e-6)


@pytest.mark.parametrize("kind", ["poisson", "real"])
def test_moran_s_i_is_that_of_esda_and_its_p_near_to_theirs(kind):
    weights, known = grid(10, 10)
    values = np.cumsum(SKEWED[kind](np.random.default_rng(9), 100) - 1.0)
    np.random.seed(1)  # esda draws from numpy's old generator
    theirs = esda.Moran(values, known, transformation="B", permutations=999)
    ours = moran(values, weights)
    assert (ours.value, ours.expected) == (pytest.approx(theirs.I, abs=1e-9), pytest.approx(theirs.EI))
    assert ours.p == pytest.approx(0.001)
    assert theirs.p_sim <= 0.002
    assert ours == moran(values, weights), "the same map has the same p"


def test_moran_s_p_is_spread_evenly_where_there_is_no_order():
    weights, _ = grid(7, 7)
    random = np.random.default_rng(10)
    p = [moran(random.poisson(3, 49).astype(float), weights, permutations=199).p for _ in range(200)]
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_a_map_of_equal_values_has_no_moran():
    weights, _ = grid(3, 3)
    assert moran(np.ones(9), weights).p == 1.0
