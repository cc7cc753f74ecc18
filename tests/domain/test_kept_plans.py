"""Names of plans, what stops stand for, and the numbers of what stops are worth."""

import pytest

from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import ValueRule, feature_of


@pytest.mark.parametrize(
    ("stop", "feature"),
    [
        ("sites/T1", ("sites", "T1")),
        ("problems/P/1", ("problems", "P/1")),
        ("map/3", None),
        ("sites/", None),
        ("S7", None),
    ],
)
def test_a_stop_tells_the_feature_it_stands_for(stop: str, feature: tuple[str, str] | None) -> None:
    assert feature_of(stop) == feature


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 20_000.0])
def test_what_a_stop_is_worth_is_a_plain_number(value: float) -> None:
    with pytest.raises(BadInput, match="urgency must be a number from 0"):
        ValueRule(urgency=value)
