"""Estimated times are shown as ranges."""

from geoapp.services.routes.plan_notes import range_min


def test_an_estimate_may_be_wrong_by_a_third_and_by_more_than_half() -> None:
    assert range_min(10) == (7, 16)
    assert range_min(0) == (0, 0)
    low, high = range_min(12.3)
    assert low < 12.3 < high
