"""Where people are taken to live, and what is said of it."""

from pathlib import Path

import numpy as np
import pytest

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.services.coverage.demand import demand_of
from geoapp.services.coverage.records import Demand
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, reach_layers

USUAL = CoverageQuestion()


def said(demand: Demand) -> str:
    return " ".join(map(str, demand.notes))


def test_counted_people_stay_and_the_rest_of_the_townships_are_spread(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = demand_of(district, USUAL)
    assert (found.basis, found.weighting) == ("villages", "spread")
    assert found.ids == ("V1", "V2", "V3")
    assert found.people[:2].tolist() == [500, 1_500]
    assert np.isnan(found.people[2])
    assert found.built_up.tolist() == [False, True, False]
    assert [one["id"] for one in found.without_place] == ["V4"]
    assert "东镇 is unknown" in said(found)
    assert "ways are not known: 1" in said(found)


def test_who_was_counted_in_a_village_without_a_place_is_not_spread_over_others(tmp_path: Path) -> None:
    layers = reach_layers()
    away = {"kind": "village", "township_stated": "W"}
    layers["villages"] += [feature("V5", None, name="山村", code="V5", population=1_100, **away),
                           feature("V6", None, name="沟村", code="V6", **away)]  # fmt: skip
    with opened(tmp_path, layers) as district:
        found, points = demand_of(district, USUAL), demand_of(district, CoverageQuestion(demand="grid"))
    # 2,000 of the West, less 500 counted in V1 and 1,100 in V5; V6 is spread with V2.
    assert found.people[:2].tolist() == [500, 400]
    assert "ways are not known: 2." in said(found)  # V4 and V5
    assert "taken to live in the other places of their township or at its seat: 1." in said(found)
    # Points stand for all of a township, whatever has a place in it.
    assert np.nansum(points.people) == pytest.approx(2_000)
    assert "ways are not known" not in said(points)


def test_housing_estates_take_their_part_unless_they_are_a_listed_village(tmp_path: Path) -> None:
    estates = [
        feature("S1", (0.08, 0.08), name="新苑小区", kind="residential_estate"),
        feature("S2", (0.09, 0.09), name="小村村委会", kind="village"),  # a listed village by its name
        feature("S3", (0.0501, 0.05), name="花园", kind="residential_estate"),  # 11 m from a listed community
        feature("S4", (0.15, 0.08), name="东苑", kind="residential_estate"),  # nobody knows how many live in the East
        feature("S5", (0.08, 0.02), name="公园", kind="park"),
    ]
    with opened(tmp_path, reach_layers() | {"sites": estates}) as district:
        found = demand_of(district, USUAL)
    assert found.ids == ("V1", "V2", "V3", "site:S1")
    assert found.people[[0, 1, 3]].tolist() == [500, 750, 750]
    assert found.listed.tolist() == [True, True, True, False]
    assert found.built_up[3]


def test_a_township_without_places_is_stood_for_by_its_seat(tmp_path: Path) -> None:
    layers = reach_layers()
    layers["villages"] = layers["villages"][:2]
    with opened(tmp_path, layers) as district:
        found = demand_of(district, USUAL)
    assert found.ids == ("V1", "V2", "township:E")
    assert "东镇 has a place" in said(found)


def test_where_nobody_knows_anything_every_place_counts_the_same(tmp_path: Path) -> None:
    layers = reach_layers()
    layers["townships"][0]["properties"].pop("population")
    layers["villages"][0]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        found = demand_of(district, USUAL)
    assert found.weighting == "equal"
    assert found.people.tolist() == [1, 1, 1]
    assert "every place counts the same" in said(found)


def test_without_villages_points_are_laid_over_the_townships(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers() | {"villages": []}) as district:
        found = demand_of(district, USUAL)
    assert found.basis == "grid"
    assert 1_000 < len(found) <= 20_000
    assert np.nansum(found.people) == pytest.approx(2_000)
    west = np.array(found.township) == "W"
    assert np.isfinite(found.people[west]).all() and np.isnan(found.people[~west]).all()  # noqa: PT018
    assert 0.4 < west.mean() < 0.6
    assert "Points every" in said(found)


def test_points_far_from_every_road_are_left_out(tmp_path: Path) -> None:
    road = {"type": "LineString", "coordinates": [[0.01, 0.05], [0.19, 0.05]]}
    layers = reach_layers() | {"villages": [], "roads": [feature("R1", road, name="路", kind="main")]}
    with opened(tmp_path, layers) as district:
        found = demand_of(district, USUAL)
    assert np.abs(found.lat - 0.05).max() * 110_574 <= 500
    assert "within 500 m of a road" in said(found)


def test_an_uploaded_grid_goes_before_everything(tmp_path: Path) -> None:
    cells = [
        feature("P1", (0.03, 0.05), name="a", people=120.5, elderly=30.0),
        feature("P2", (0.14, 0.05), name="b", people=80.0),
        feature("P3", None, name="c", people=7.0),
        feature("P4", (0.3, 0.05), name="d", people=900.0),  # beyond both townships
    ]
    with opened(tmp_path, reach_layers() | {"population": cells}) as district:
        found = demand_of(district, USUAL)
        old = demand_of(district, CoverageQuestion(group="elderly"))
        west = demand_of(district, CoverageQuestion(group="elderly", township=("W",)))
        villages = demand_of(district, CoverageQuestion(demand="villages"))
    assert (found.basis, found.weighting, found.ids) == ("population", "counted", ("P1", "P2"))
    assert found.people.tolist() == [120.5, 80]
    assert "without a place, left out: 1" in said(found)
    assert "outside all townships, left out: 1" in said(found)
    assert old.people[0] == 30
    assert np.isnan(old.people[1])  # unknown is not none
    assert "known in 1 of 2 places" in said(old)
    assert "known in 1 of 1 places" in said(west)
    assert west.people.tolist() == [30]
    assert villages.basis == "villages"


def test_what_is_asked_for_and_not_there_is_said(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = demand_of(district, CoverageQuestion(demand="population"))
    assert found.basis == "villages"
    assert "no population grid here yet" in said(found)


def test_only_the_reported_townships_are_counted(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        found = demand_of(district, CoverageQuestion(township=("W",)))
    assert found.ids == ("V1", "V2")
    assert found.without_place == ()
    assert found.people.tolist() == [500, 1_500]


def test_a_township_that_is_none_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district, pytest.raises(BadInput, match="'X' is no township"):
        demand_of(district, CoverageQuestion(township=("W", "X")))


def test_townships_of_which_a_part_is_counted_are_told_from_those_of_which_nothing_is_known(tmp_path: Path) -> None:
    layers = reach_layers()
    layers["townships"][0]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        found = demand_of(district, USUAL)
    assert "Of some places in 西乡 it is unknown" in said(found)
    assert "How many people live in 东镇 is unknown" in said(found)
