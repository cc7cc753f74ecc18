"""What townships are shaded by, checked by hand."""

import pytest

from geoapp import services
from geoapp.domain.errors import UnknownParameter
from geoapp.domain.selection import Scope, Selection

ALL, FULL = Selection(), Scope.FULL


def shade(district: services.District, measure: str, **chosen: object) -> dict[str, float | None]:
    return services.shade(district, measure, Selection(**chosen), FULL).values  # type: ignore[arg-type]


def test_counts_of_nothing_are_nothing(district: services.District) -> None:
    assert shade(district, "problems") == {"E": 2, "W": 2}
    assert shade(district, "problems", category=("02",)) == {"E": 0, "W": 2}


def test_open_are_those_that_are_neither_closed_nor_rejected(district: services.District) -> None:
    assert shade(district, "open") == {"E": 2, "W": 1}
    assert shade(district, "open", status=("closed",)) == {"E": 0, "W": 0}
    assert shade(district, "overdue") == {"E": 1, "W": 1}


def test_what_nobody_knows_is_unknown_and_never_nothing(district: services.District) -> None:
    assert shade(district, "population") == {"E": None, "W": 2000}
    assert shade(district, "problems_per_1000_residents") == {"E": None, "W": 1.0}


def test_without_a_published_area_the_drawn_one_counts(district: services.District) -> None:
    # One degree squared at the equator: 12,309 km2 on the ellipsoid.
    assert shade(district, "problems_per_km2")["W"] == pytest.approx(2 / 12_309, rel=1e-3)


def test_a_township_that_is_not_selected_has_no_value(district: services.District) -> None:
    assert shade(district, "sites", township=("W",)) == {"W": 1}


@pytest.mark.parametrize("measure", services.measures())
def test_every_measure_has_classes_for_all_that_is_known(district: services.District, measure: str) -> None:
    shading = services.shade(district, measure, ALL, FULL)

    known = [value for value in shading.values.values() if value is not None]
    assert shading.breaks == sorted(set(shading.breaks))
    assert max(known) == shading.breaks[-1]


def test_an_unknown_measure_is_refused(district: services.District) -> None:
    with pytest.raises(UnknownParameter, match="measure='beauty' is not one of problems"):
        services.shade(district, "beauty", ALL, FULL)
