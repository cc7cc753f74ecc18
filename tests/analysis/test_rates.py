import numpy as np
import pytest
from esda.moran import assuncao_rate
from esda.smoothing import Empirical_Bayes
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.rates import rates

COUNTS = np.array([3.0, 0.0, 40.0, 7.0, 1.0, 90.0])
AMONG = np.array([100.0, 2.0, 500.0, 60.0, 5.0, 400.0])


def test_shrunk_rates_are_those_of_esda():
    theirs = Empirical_Bayes(COUNTS, AMONG).r.ravel()
    assert np.allclose(rates(COUNTS, AMONG).shrunk, theirs)


def test_standard_rates_are_those_of_esda():
    assert np.allclose(rates(COUNTS, AMONG).standard, assuncao_rate(COUNTS, AMONG))


def test_a_small_denominator_borrows_more_and_is_marked():
    found = rates(COUNTS, AMONG)
    assert (np.argsort(-found.borrowed) == np.argsort(AMONG)).all()
    assert found.uncertain.tolist() == [False, True, False, False, True, False]


def test_no_denominator_is_no_rate_and_never_zero():
    found = rates(np.array([1.0, 5.0, 2.0]), np.array([0.0, np.nan, 4.0]))
    assert np.isnan(found.raw).tolist() == [True, True, False]
    assert not found.uncertain[:2].any()
    assert np.isnan(rates(np.array([1.0]), np.array([0.0])).whole)


def test_places_that_do_not_differ_beyond_chance_all_get_the_whole_s_rate():
    found = rates(np.array([10.0, 20.0, 30.0]), np.array([100.0, 200.0, 300.0]))
    assert found.shrunk == pytest.approx([0.1] * 3)
    assert found.uncertain.all()


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=2, max_size=20))
def test_a_shrunk_rate_lies_between_its_own_and_the_whole_s(pairs):
    counts, among = np.array(pairs, dtype=float).T
    found = rates(counts, among)
    low, high = np.minimum(found.raw, found.whole), np.maximum(found.raw, found.whole)
    assert ((found.shrunk >= low - 1e-9) & (found.shrunk <= high + 1e-9)).all()
    assert ((found.borrowed >= 0) & (found.borrowed <= 1)).all()
