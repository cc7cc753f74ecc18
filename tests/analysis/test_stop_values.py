"""What visits are worth: examples by hand, and that nothing is worth less for being graver, nearer or longer ago."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.stop_values import problem_values, site_values
from geoapp.domain.kept_plans import ValueRule

DAYS = st.floats(-400, 400)
RULE = ValueRule()


def problem(severity: float, negative: bool, days: float, rule: ValueRule = RULE) -> float:
    return float(problem_values(np.array([severity]), np.array([negative]), np.array([days]), rule)[0])


def test_problems_are_worth_their_severity_and_more_near_their_deadline() -> None:
    assert problem(1, False, 30) == 1
    assert problem(2, False, np.nan) == 3
    assert problem(3, False, 0) == 8 * 3
    assert problem(3, False, -20) == 8 * 3
    assert problem(1, False, 3.5) == 2
    assert problem(1, True, 30) == 2


def test_sites_are_worth_more_the_longer_nobody_was_there() -> None:
    assert site_values(np.array([0.0, 30.0, 60.0, 600.0, np.nan]), RULE).tolist() == [0, 1, 2, 2, 2]


def test_without_a_horizon_only_what_is_overdue_is_urgent() -> None:
    rule = ValueRule(horizon_days=0, visit_days=0)

    assert (problem(1, False, 1, rule), problem(1, False, -1, rule)) == (1, 3)
    assert site_values(np.array([1.0]), rule).tolist() == [2]


@given(one=DAYS, other=DAYS, negative=st.booleans())
def test_a_nearer_deadline_and_a_graver_problem_are_never_worth_less(one: float, other: float, negative: bool) -> None:
    near, far = sorted((one, other))

    assert problem(1, negative, near) >= problem(1, negative, far)
    assert problem(3, negative, near) >= problem(2, negative, near) >= problem(1, negative, near)
