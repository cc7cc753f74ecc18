"""What townships are shaded by."""

from geoapp.analysis.classes import class_bounds
from geoapp.services.coverage.shading import evened


def test_shares_that_differ_by_rounding_alone_are_one_class() -> None:
    values = evened({"A": 0.1 + 0.2, "B": 0.3, "C": 1.0, "D": None})

    assert class_bounds(values.values()) == [0.3, 1.0]
    assert values["D"] is None
