"""Sizes of areas and classes of a choropleth."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.areas import area_km2
from geoapp.analysis.classes import class_bounds, class_of


def test_areas_agree_with_an_equal_area_projection() -> None:
    areas = [
        shapely.box(116, 40, 117, 41),
        shapely.box(9.5, 47.0, 9.6, 47.3).difference(shapely.box(9.52, 47.1, 9.55, 47.2)),
    ]
    projected = gpd.GeoSeries(areas, crs=4326).to_crs(6933).area / 1e6

    assert area_km2(areas).tolist() == pytest.approx(projected.tolist(), rel=2e-4)


def test_an_absent_area_has_no_size() -> None:
    assert str(area_km2([None, shapely.Polygon()]).tolist()) == "[nan, nan]"


def test_the_direction_of_a_ring_does_not_matter() -> None:
    area = shapely.box(0, 0, 1, 1)

    assert area_km2([area]) == pytest.approx(area_km2([area.reverse()]))


def test_few_values_are_their_own_classes() -> None:
    assert class_bounds([3, 1, None, 3]) == [1, 3]
    assert class_bounds([None]) == []


def test_natural_classes_keep_groups_together() -> None:
    bounds = class_bounds([1, 2, 3, 50, 51, 52, 100, 101, 102, 7, 8], classes=4)

    assert bounds == [3, 8, 52, 102]
    assert [class_of(value, bounds) for value in (1, 3, 3.5, 60, 500, None)] == [0, 0, 1, 3, 3, None]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=40))
def test_every_known_value_has_a_class(values: list[float | None]) -> None:
    bounds = class_bounds(values)

    assert bounds == sorted(bounds)
    assert len(bounds) <= 5
    assert all((class_of(value, bounds) is None) == (value is None) for value in values)
