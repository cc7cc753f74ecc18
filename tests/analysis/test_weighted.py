"""Shares, means and quantiles with weights, against numpy's."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.weighted import mean, mean_of_worst, quantile, share

numbers = st.lists(
    st.tuples(st.integers(0, 500).map(float), st.integers(0, 50).map(float)), min_size=1, max_size=30
)  # fmt: skip


def columns(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    values, weights = np.array(pairs).T
    return values, weights


@settings(max_examples=40)
@given(numbers, st.integers(0, 20).map(lambda step: step / 20))
def test_quantiles_are_those_of_numpy(pairs: list[tuple[float, float]], q: float) -> None:
    values, weights = columns(pairs)
    found = quantile(values, weights, q)
    if weights.sum() == 0:
        assert found is None
        return
    weighs = weights > 0
    expected = np.quantile(values[weighs], q, method="inverted_cdf", weights=weights[weighs])
    assert found == expected


@settings(max_examples=40)
@given(numbers)
def test_a_mean_is_that_of_everybody_one_by_one(pairs: list[tuple[float, float]]) -> None:
    values, weights = columns(pairs)
    people = np.repeat(values, weights.astype(int))
    assert mean(values, weights) == (pytest.approx(people.mean()) if len(people) else None)


@settings(max_examples=40)
@given(numbers)
def test_the_worst_fifth_is_that_of_everybody_one_by_one(pairs: list[tuple[float, float]]) -> None:
    values, weights = columns(pairs)
    people = np.sort(np.repeat(values, 5 * weights.astype(int)))[::-1]
    found = mean_of_worst(values, weights)
    assert found == (pytest.approx(people[: len(people) // 5].mean()) if len(people) else None)
    assert found is None or found >= (mean(values, weights) or 0.0) - 1e-9


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1e6) | st.just(np.nan)), max_size=30))
def test_shares_lie_between_nothing_and_all(pairs: list[tuple[bool, float]]) -> None:
    chosen = np.array([one for one, _ in pairs], bool)
    weights = np.array([weight for _, weight in pairs], float)
    found = share(chosen, weights)
    assert found is None or 0 <= found <= 1
    if np.isnan(weights).all():
        assert found is None


def test_unknown_weights_take_no_part() -> None:
    assert share(np.array([True, False, True]), np.array([1.0, 3.0, np.nan])) == 0.25
    assert mean(np.array([2.0, 8.0, np.nan]), np.array([1.0, np.nan, 5.0])) == 2.0
    assert quantile(np.array([2.0, 8.0]), np.array([np.nan, 1.0]), 0.1) == 8.0


def test_all_who_live_anywhere_are_all_however_empty_places_are_added_up() -> None:
    weights = np.repeat([1_000 / 7, 0.0, 100 / 3], 40)
    for seed in range(20):
        mixed = np.random.default_rng(seed).permutation(weights)
        assert share(mixed > 0, mixed) == 1.0


@pytest.mark.parametrize("residents", [777, 1_000, 12_345])
def test_residents_spread_evenly_have_the_quantiles_of_places_that_count_alike(residents: int) -> None:
    for number in range(2, 60):
        values = np.arange(number, dtype=float)
        for q in (0.5, 0.9):
            evenly = quantile(values, np.full(number, residents / number), q)
            assert evenly == quantile(values, np.ones(number), q) == math.ceil(round(q * number, 9)) - 1
