"""Shares and their intervals, against scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from geoapp.analysis.indicators import SURVEY_STANDARD
from geoapp.analysis.intervals import Rate, Verdict
from geoapp.domain.errors import BadInput

shares = st.integers(0, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))).map(lambda kn: Rate(*kn))


@given(shares.filter(lambda rate: rate.n > 0))
def test_the_interval_is_that_of_scipy(rate: Rate) -> None:
    expected = binomtest(rate.k, rate.n).proportion_ci(0.95, method="wilson")

    assert rate.low == pytest.approx(expected.low, abs=1e-12)
    assert rate.high == pytest.approx(expected.high, abs=1e-12)


@given(shares.filter(lambda rate: rate.n > 0))
def test_the_share_lies_in_its_interval_and_the_interval_between_0_and_1(rate: Rate) -> None:
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


def test_nothing_counted_has_no_share() -> None:
    nothing = Rate(0, 0)

    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)
    assert nothing.against(0.7) is Verdict.UNCLEAR


@pytest.mark.parametrize(("k", "n"), [(2, 1), (-1, 1), (0, -1)])
def test_more_than_all_is_no_share(k: int, n: int) -> None:
    with pytest.raises(BadInput):
        Rate(k, n)


def test_a_survey_is_above_or_below_only_as_a_whole() -> None:
    # 80 of 100 lies between 71 and 87 %, 75 of 100 between 66 and 82 %, 60 of 100 between 50 and 69 %.
    verdicts = [Rate(k, 100).against(SURVEY_STANDARD) for k in (80, 75, 60)]

    assert verdicts == [Verdict.ABOVE, Verdict.UNCLEAR, Verdict.BELOW]


@given(shares, st.floats(0, 1), st.floats(0, 1))
def test_what_is_above_a_standard_is_above_every_lower_one(rate: Rate, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert rate.against(high) is not Verdict.ABOVE or rate.against(low) is Verdict.ABOVE
    assert rate.against(low) is not Verdict.BELOW or rate.against(high) is Verdict.BELOW
