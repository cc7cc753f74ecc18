"""From where facilities are reached: shapes that hold what is near, and townships shaded by it."""

from pathlib import Path
from typing import Any

import mapclassify
import numpy as np
import pytest
import shapely

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import UnknownParameter
from geoapp.domain.selection import Scope
from geoapp.services.coverage.catching import catchments
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.shading import MEASURES, coverage_shading
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, reach_layers


def a_road() -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [[0.01, 0.05], [0.05, 0.05], [0.19, 0.05]]}
    return feature("R1", line, name="路", kind="main")


def test_without_roads_a_catchment_is_a_circle(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = catchments(district, CoverageQuestion(metres=2_000), Scope.FULL)
    (only,) = found["features"]
    assert only["properties"] == {"part": "catchment", "limit_m": 2_000, "estimate": True}
    shape = shapely.geometry.shape(only["geometry"])
    assert shape.area == pytest.approx(np.pi * (2_000 / 111_000) ** 2, rel=0.02)


def test_over_roads_it_follows_the_reached_road_and_is_no_hull(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers() | {"roads": [a_road()]}) as district:
        found = catchments(district, CoverageQuestion(), Scope.FULL)
    shapes = {one["properties"]["part"]: shapely.geometry.shape(one["geometry"]) for one in found["features"]}
    # 15 minutes at 4.5 km/h: 1,125 m each way, and 100 m beside the road.
    west, south, east, north = shapes["roads"].bounds
    assert (east - west) * 111_319 == pytest.approx(2 * 1_125, rel=0.01)
    assert (south, north) == (0.05, 0.05)
    west, south, east, north = shapes["catchment"].bounds
    assert (north - south) * 110_574 == pytest.approx(200, rel=0.1)


def test_nobody_is_caught_without_a_facility(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers() | {"facilities": []}) as district:
        assert catchments(district, CoverageQuestion(), Scope.FULL)["features"] == []


def test_borders_cut_catchments(tmp_path: Path) -> None:
    pin = ((0.099, 0.05),)
    with opened(tmp_path, reach_layers()) as district:
        shapes = [
            shapely.geometry.shape(
                catchments(district, CoverageQuestion(metres=2_000, pin=pin, borders=borders), Scope.FULL)[
                    "features"][0]["geometry"]
            )
            for borders in (False, True)
        ]  # fmt: skip
    free, cut = shapes
    assert free.bounds[2] > 0.11
    assert cut.bounds[2] <= 0.1 + 1e-6


def test_every_measure_shades_every_township_and_unknown_stays_unknown(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = {name: coverage_shading(district, name, CoverageQuestion(), Scope.FULL) for name in MEASURES}
        summaries = {one.code: one.summary for one in reach(district, CoverageQuestion(), Scope.FULL).townships}
    assert {tuple(sorted(one.values)) for one in found.values()} == {("E", "W")}
    assert found["near_people"].values == {"W": 0.75, "E": None}
    assert found["near_people"].kind == "share"
    assert found["facilities"].values == {"W": 1, "E": 0}
    assert found["per_10000"].values == {"W": 5, "E": None}
    medians = {code: one.median_min for code, one in summaries.items()}
    assert found["median_min"].values == pytest.approx(medians, abs=1e-8)


def test_a_measure_that_is_none_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district, pytest.raises(UnknownParameter, match="beauty"):
        coverage_shading(district, "beauty", CoverageQuestion(), Scope.FULL)


def test_classes_are_those_of_mapclassify(tmp_path: Path) -> None:
    layers = reach_layers()
    random = np.random.default_rng(3)
    layers["townships"] = [
        feature(f"T{number}", strip(number), code=f"T{number:02}", name=f"T{number}", kind="town")
        for number in range(20)
    ]
    layers["villages"] = [
        feature(f"V{number}", (round(0.01 * number + 0.005, 4), round(float(random.uniform(0, 0.1)), 4)),
                name=f"V{number}", code=f"V{number}", kind="village")
        for number in range(20)
    ]  # fmt: skip
    with opened(tmp_path, layers) as district:
        found = coverage_shading(district, "median_min", CoverageQuestion(), Scope.FULL)
    values = np.array([value for value in found.values.values() if value is not None])
    assert len(values) == 20
    assert found.breaks == pytest.approx(mapclassify.FisherJenks(values, k=5).bins)


def strip(number: int) -> dict[str, Any]:
    """The numberth of many strips of a hundredth of a degree, from west to east."""
    west, east = round(0.01 * number, 4), round(0.01 * (number + 1), 4)
    return {"type": "Polygon", "coordinates": [[[west, 0], [east, 0], [east, 0.1], [west, 0.1], [west, 0]]]}
