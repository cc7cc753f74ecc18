"""Plans over a district's roads: townships of stops, what had been written, and what the roads are good for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geoapp import services
from geoapp.config import Config
from geoapp.domain.errors import NoInstance
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.services.routes.orders import check_routes, plan_routes, roads_of_instance, with_townships
from geoapp.services.routes.planning import Effort
from tests.conftest import NOW, feature, toy_layers, toy_tables

FEW = Effort(iterations=20, advice=False)


def road(id: str, *places: list[float], **more: object) -> dict:
    return feature(id, {"type": "LineString", "coordinates": list(places)}, name=id, kind="main", **more)


@pytest.fixture
def with_roads(tmp_path: Path) -> Iterator[services.District]:
    """The toy district with a road from west to east over a shared meridian, and one from south to north."""
    layers = toy_layers() | {"roads": [road("R1", [0.9, 0.5], [1.0, 0.5], [1.1, 0.5]),
                                       road("R2", [1.0, 0.4], [1.0, 0.5], [1.0, 0.6])]}  # fmt: skip
    opened = services.found(tmp_path / "toy", layers, toy_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


def request(**more: object) -> RouteRequest:
    stops = (RequestedStop(id="w", lon=0.95, lat=0.5), RequestedStop(id="e", lon=1.05, lat=0.5))
    return RouteRequest(stops=stops, teams=(RequestedTeam(id="T", start=(1.0, 0.5), **more),),
                        dates=(date(2026, 11, 24),))  # fmt: skip


def test_a_district_with_roads_is_planned_over_them(with_roads: services.District) -> None:
    plan = plan_routes(with_roads, request(), FEW)

    assert (plan.estimate, plan.schematic, plan.check.ok) == (False, False, True)
    assert plan.ledger_seq == max(with_roads.present.seqs.values())
    assert {stop.id for stop in plan.routes[0].stops} == {"w", "e"}
    assert check_routes(with_roads, plan).ok


def test_a_district_without_roads_estimates(district: services.District) -> None:
    assert plan_routes(district, request(), FEW).estimate


def test_without_a_district_travel_is_estimated() -> None:
    plan = plan_routes(None, request(), FEW)

    assert (plan.estimate, plan.ledger_seq) == (True, 0)
    assert check_routes(None, plan).ok


def test_schematic_roads_are_called_so(tmp_path: Path) -> None:
    layers = toy_layers() | {"roads": [road("R1", [0.9, 0.5], [1.1, 0.5], schematic=True)]}
    opened = services.found(tmp_path / "toy", layers, toy_tables(), clock=lambda: NOW)
    with_roads = services.at_this_moment(opened)
    plan = plan_routes(with_roads, request(), FEW)
    opened.close()

    assert plan.schematic


def test_stops_that_state_no_township_have_the_one_that_covers_them(district: services.District) -> None:
    townships = [stop.township for stop in with_townships(district, request(townships=("W",))).stops]

    assert townships == ["W", "E"]


def test_what_a_stop_states_governs_and_outside_there_is_none(district: services.District) -> None:
    asked = request(townships=("W",))
    stated, outside = replace(asked.stops[0], township="E"), replace(asked.stops[1], lon=5.0)

    assert [one.township for one in with_townships(district, replace(asked, stops=(stated, outside))).stops] == [
        "E", None]  # fmt: skip


def test_townships_are_looked_up_only_where_teams_keep_to_theirs(district: services.District) -> None:
    assert with_townships(district, request()) == request()
    assert with_townships(None, request(townships=("W",))) == request(townships=("W",))


def test_a_team_keeps_to_its_townships(with_roads: services.District) -> None:
    plan = plan_routes(with_roads, request(townships=("W",)), FEW)

    assert [stop.id for stop in plan.routes[0].stops] == ["w"]
    assert [left.bound for left in plan.left_out] == ["townships"]


def test_what_roads_are_good_for_needs_a_district(tmp_path: Path) -> None:
    with pytest.raises(NoInstance):
        roads_of_instance(Config(instance=tmp_path))
