"""How far people have: a toy district by hand, laws, and the cases in which little is known."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage.reaching import reach, reach_by_kind
from geoapp.services.coverage.records import Reach, State
from tests.conftest import feature
from tests.services.coverage.toy_reach import DEGREE_M, opened, reach_layers

STRAIGHT_KMH, DETOUR = 4.5, 1.3


def asked(district: services.District, **question: Any) -> Reach:
    return reach(district, CoverageQuestion(**question), Scope.FULL)


def said(found: Reach) -> str:
    return " ".join(map(str, found.notes))


def a_road(**properties: Any) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [[0.01, 0.05], [0.05, 0.05], [0.19, 0.05]]}
    return feature("R1", line, name="路", kind="main", **properties)


# --- by hand -----------------------------------------------------------------------------------------


def test_without_roads_ways_are_straight_lines_and_said_to_be(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = asked(district)
    metres = np.array([0.03, 0.0, 0.06]) * DEGREE_M
    assert found.metres == pytest.approx(metres, rel=1e-4)
    assert found.seconds == pytest.approx(metres * DETOUR / (STRAIGHT_KMH / 3.6), rel=1e-4)
    assert found.nearest.tolist() == [0, 0, 0]
    assert (found.estimate, found.limit_s, found.limit_m) == (True, 900, None)
    assert found.near.tolist() == [False, True, False]
    # The community 15 minutes on foot, the villages 5 km: 3.3 and 6.7 km by line.
    assert found.norm.tolist() == [True, True, False]
    assert "straight lines" in said(found)


def test_metres_by_line_are_a_limit_where_there_are_no_roads(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = asked(district, metres=3_400)
    assert (found.limit_s, found.limit_m) == (None, 3_400)
    assert found.near.tolist() == [True, True, False]


def test_numbers_are_weighted_with_people_and_unknown_ones_are_told(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = asked(district)
    whole = found.district
    minutes = found.seconds / 60
    assert (whole.places, whole.people, whole.unknown_people) == (3, 2_000, 1)
    assert whole.near_places == pytest.approx(1 / 3)
    assert whole.near_people == 0.75  # 1,500 of 2,000
    assert whole.norm_people == 1.0
    assert whole.median_min == 0
    assert whole.p90_min == pytest.approx(minutes[0])
    assert whole.worst_min == pytest.approx(minutes[2])
    assert whole.worst_place == 2
    assert whole.mean_min == pytest.approx(minutes[0] / 4)
    assert whole.fifth_min == pytest.approx(minutes[0])
    west, east = sorted(found.townships, key=lambda one: one.code, reverse=True)
    assert (west.code, west.character, east.character) == ("W", "mixed", "rural")
    assert east.summary.people is None
    assert east.summary.near_people is None
    assert east.summary.near_places == 0
    assert east.summary.median_min == pytest.approx(minutes[2])


def test_area_is_that_of_circles_where_there_are_no_roads(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = asked(district, metres=2_000)
    west = next(one for one in found.townships if one.code == "W")
    drawn_m2 = (0.1 * DEGREE_M) * (0.1 * 110_574)
    assert west.summary.near_area == pytest.approx(np.pi * 2_000**2 / drawn_m2, rel=0.01)
    assert found.district.near_area == pytest.approx(west.summary.near_area / 2, rel=0.001)


def test_over_roads_ways_follow_them_and_far_places_are_a_class_of_their_own(tmp_path: Path) -> None:
    layers = reach_layers() | {"roads": [a_road(schematic=True)]}
    layers["villages"].append(feature("V5", (0.05, 0.09), name="山村", code="V5", kind="village"))
    with opened(tmp_path, layers) as district:
        found = asked(district)
    assert (found.estimate, found.schematic) == (False, True)
    assert found.state.tolist() == [State.REACHED] * 3 + [State.TOO_FAR_FROM_A_ROAD]
    assert found.metres[:3] == pytest.approx(np.array([0.03, 0.0, 0.06]) * DEGREE_M, rel=2e-3)
    assert found.seconds[0] == pytest.approx(found.metres[0] / (4.5 / 3.6), rel=1e-3)
    assert np.isnan(found.seconds[3])
    assert not found.near[3]
    assert found.district.too_far == 1
    assert "only show schematically" in said(found)
    assert "straight lines" not in said(found)


def test_beside_a_road_that_is_cut_off_nobody_is_simply_far_from_every_road(tmp_path: Path) -> None:
    layers = reach_layers() | {"roads": [a_road()]}
    with opened(tmp_path / "whole", layers) as district:
        whole = asked(district)
    apart = {"type": "LineString", "coordinates": [[0.03, 0.09], [0.05, 0.09]]}
    layers["roads"].append(feature("R2", apart, name="岛路", kind="main"))
    layers["villages"].append(feature("V5", (0.05, 0.09), name="岛村", code="V5", kind="village"))
    with opened(tmp_path / "cut", layers) as district:
        cut = asked(district)
    assert cut.state.tolist() == [State.REACHED] * 3 + [State.TOO_FAR_FROM_A_ROAD]
    assert "does not get to most others and back are left out, 2.2 km in all" in said(cut)
    assert "left out, " not in said(whole)


def test_the_norm_does_not_change_with_how_one_goes(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers() | {"roads": [a_road()]}) as district:
        on_foot, by_car = asked(district), asked(district, by="car")
    assert (by_car.seconds[[0, 2]] < on_foot.seconds[[0, 2]]).all()
    assert by_car.norm.tolist() == on_foot.norm.tolist() == [True, True, False]


def test_borders_stop_people_only_when_they_are_told_to(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        free, stopped = asked(district), asked(district, borders=True)
    assert free.state.tolist() == [State.REACHED] * 3
    assert stopped.state.tolist() == [State.REACHED, State.REACHED, State.NO_FACILITY]
    assert "their own township only" in said(stopped)


@pytest.mark.parametrize("borders", [False, True])
def test_a_facility_on_a_border_serves_both_sides(tmp_path: Path, borders: bool) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = asked(district, pin=((0.1, 0.05),), closed=("F1",), borders=borders)
    assert found.supply.ids == ("pin:1",)
    assert found.state.tolist() == [State.REACHED] * 3
    assert found.metres == pytest.approx(np.array([0.08, 0.05, 0.01]) * DEGREE_M, rel=1e-4)
    shares = {one.code: one.summary.near_area for one in found.townships}
    assert shares["W"] == pytest.approx(shares["E"], rel=1e-6)


def test_every_kind_of_facility_has_its_own_ways(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = reach_by_kind(district, CoverageQuestion(private=True), Scope.FULL)
    assert set(found) == {"library", "museum"}
    assert found["library"].near.tolist() == [False, True, False]
    assert found["museum"].near.tolist() == [False, False, True]


# --- where little is known ---------------------------------------------------------------------------


@pytest.mark.parametrize("roads", [False, True])
def test_without_any_facility_nobody_reaches_one_and_nothing_is_made_up(tmp_path: Path, roads: bool) -> None:
    layers = reach_layers() | {"facilities": []} | ({"roads": [a_road()]} if roads else {})
    with opened(tmp_path, layers) as district:
        found = asked(district)
        by_kind = reach_by_kind(district, CoverageQuestion(), Scope.FULL)
    assert found.state.tolist() == [State.NO_FACILITY] * 3
    assert found.nearest.tolist() == [-1] * 3
    whole = found.district
    assert (whole.near_people, whole.near_places, whole.near_area) == (0, 0, 0)
    assert (whole.median_min, whole.worst_min, whole.worst_place, whole.fifth_min) == (None, None, -1, None)
    assert "No facility counts here" in said(found)
    assert by_kind == {}


def test_without_population_shares_of_people_are_unknown_and_minutes_are_not(tmp_path: Path) -> None:
    layers = reach_layers()
    layers["townships"][0]["properties"].pop("population")
    layers["villages"][0]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        whole = asked(district).district
    assert (whole.people, whole.near_people, whole.norm_people, whole.unknown_people) == (None, None, None, 3)
    assert whole.near_places == pytest.approx(1 / 3)
    assert whole.median_min is not None


def test_a_district_without_anything_has_a_true_answer(tmp_path: Path) -> None:
    with opened(
        tmp_path, {"townships": [feature("Z", None, code="Z", name="区", kind="zone", overlay=True)]}
    ) as district:
        found = asked(district)
    assert (len(found.demand), len(found.supply)) == (0, 0)
    assert found.district.places == 0
    assert found.district.near_area is None


def test_one_facility_far_from_every_road_is_told(tmp_path: Path) -> None:
    layers = reach_layers() | {"roads": [a_road()]}
    layers["facilities"] = [feature("F1", (0.05, 0.09), name="山馆", kind="library")]
    with opened(tmp_path, layers) as district:
        found = asked(district)
    assert found.state.tolist() == [State.NO_WAY] * 3
    assert "more than 500 m from any road, to which nobody gets over the roads: 1" in said(found)


# --- laws --------------------------------------------------------------------------------------------

pins = st.lists(st.tuples(st.floats(0.0, 0.2), st.floats(0.0, 0.1)), min_size=1, max_size=4)
SHARES = ("near_people", "near_places", "near_area", "norm_people", "norm_places")


@pytest.fixture(scope="module", params=["lines", "roads"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    layers = reach_layers() | ({"roads": [a_road()]} if request.param == "roads" else {})
    with opened(tmp_path_factory.mktemp("reach"), layers) as district:
        yield district


@settings(max_examples=12)
@given(pins)
def test_one_more_facility_makes_no_way_longer_and_no_coverage_smaller(
    lasting: services.District, places: list[tuple[float, float]]
) -> None:
    fewer, more = asked(lasting, pin=tuple(places[1:])), asked(lasting, pin=tuple(places))
    before, after = (np.nan_to_num(found.seconds, nan=np.inf) for found in (fewer, more))
    assert (after <= before).all()
    assert (more.near >= fewer.near).all()
    assert (more.norm >= fewer.norm).all()
    for one, other in zip([fewer.district, *(t.summary for t in fewer.townships)],
                          [more.district, *(t.summary for t in more.townships)], strict=True):  # fmt: skip
        for name in SHARES:
            was, now = getattr(one, name), getattr(other, name)
            assert (was is None) == (now is None)
            if was is not None:
                assert 0 <= was <= now + 1e-9 <= 1 + 2e-9


@pytest.mark.parametrize("east", [0.3, 17.0, 100.5])
def test_moving_everything_together_changes_nothing(tmp_path: Path, east: float) -> None:
    with opened(tmp_path / "here", reach_layers()) as district:
        here = asked(district)
    with opened(tmp_path / "there", reach_layers(east)) as district:
        there = asked(district)
    assert there.metres == pytest.approx(here.metres, abs=0.05)
    assert there.near.tolist() == here.near.tolist()
    assert there.district.near_people == here.district.near_people
    assert there.district.near_area == pytest.approx(here.district.near_area, rel=1e-6)
    assert there.district.median_min == pytest.approx(here.district.median_min, abs=1e-3)
