"""Plans in the ledger of a toy district: kept, changed by hand, taken back, and what has changed since."""

from datetime import date

import msgspec
import pytest

from geoapp import services
from geoapp.domain.errors import BadInput, Conflict, NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest, seconds_of
from geoapp.domain.selection import Scope
from geoapp.services.routes.changing_plans import can_be_taken_back, change_stop, move_stop, pin_stop, take_back
from geoapp.services.routes.keeping_plans import (
    changed_stops,
    delete_plan,
    keep_plan,
    kept_plan,
    kept_plans,
    rename_plan,
)
from geoapp.services.routes.orders import plan_routes
from geoapp.services.routes.plan_map import plan_features
from geoapp.services.routes.planning import Effort
from geoapp.storage.ledger import Change

DAY = date(2026, 5, 5)


def request(**more: object) -> RouteRequest:
    """Four places within 3 km of each other, two teams of two hours that begin and end in the middle of them."""
    places = {"sites/P1": (0.5, 0.5), "problems/4": (0.51, 0.5), "map/1": (0.52, 0.5), "map/2": (0.5, 0.51)}
    stops = [RequestedStop(id=id, lon=lon, lat=lat, service_min=20, value=5) for id, (lon, lat) in places.items()]
    teams = [RequestedTeam(id=name, start=(0.5, 0.5), end=(0.5, 0.5), shift=("09:00", "10:20")) for name in "AB"]
    return RouteRequest(stops=tuple(stops), teams=tuple(teams), dates=(DAY,), **more)  # type: ignore[arg-type]


def kept(district: services.District, name: str = "Tuesday") -> tuple[services.District, KeptPlan]:
    plan = plan_routes(district, request(), Effort(iterations=200))
    made = keep_plan(district, plan, name, by="me", selection="township=W")
    return services.at_this_moment(district), made


def order(plan: KeptPlan, team: str) -> list[str]:
    return [stop.id for route in plan.plan.routes if route.team == team for stop in route.stops]


def test_a_plan_is_found_again_as_it_was_kept(district: services.District) -> None:
    district, made = kept(district)

    assert kept_plan(district, made.id) == made
    assert kept_plan(district, made.id).plan.check.ok
    (line,) = kept_plans(district)
    assert (line.name, line.visited, line.left_out, line.ok) == ("Tuesday", 4, 0, True)
    with pytest.raises(NotFound, match="no plan 'nothing'"):
        kept_plan(district, "nothing")


def test_a_plan_is_renamed_and_deleted_and_needs_a_name(district: services.District) -> None:
    district, made = kept(district)
    rename_plan(district, made.id, " Day one ", by="me")
    district = services.at_this_moment(district)

    assert kept_plan(district, made.id).name == "Day one"
    with pytest.raises(BadInput, match="a name of 1 to 80 letters"):
        rename_plan(district, made.id, "x" * 81, by="me")
    delete_plan(district, made.id, by="me")
    assert kept_plans(services.at_this_moment(district)) == []


def test_a_moved_stop_changes_times_and_check_and_can_be_taken_back(district: services.District) -> None:
    district, made = kept(district)
    stop = order(made, "A")[0]
    done = move_stop(district, made.id, stop, team="B", day=DAY, place=0, by="me")
    district = services.at_this_moment(district)
    after = kept_plan(district, made.id)

    assert order(after, "B")[0] == stop
    assert stop not in order(after, "A")
    assert done.kept == after
    assert done.difference.moved == (stop,)
    assert after.plan.solver == "hand"
    assert after.plan.check.ok == (len(order(after, "B")) < 4)

    assert take_back(district, made.id, by="me").plan == made.plan
    assert kept_plan(services.at_this_moment(district), made.id).plan == made.plan


def test_changes_are_taken_back_one_after_another_until_there_is_none(district: services.District) -> None:
    district, made = kept(district)
    plans = [made.plan]
    for stop in ("map/1", "map/2"):
        done = move_stop(district, made.id, stop, team=None, day=None, place=None, by="me")
        plans.append(done.kept.plan)
        district = services.at_this_moment(district)
    rename_plan(district, made.id, "Other", by="me")
    district = services.at_this_moment(district)
    for before in reversed(plans[:-1]):
        assert can_be_taken_back(district, made.id)
        assert take_back(district, made.id, by="me").plan == before
        district = services.at_this_moment(district)

    assert kept_plan(district, made.id).name == "Other"
    assert not can_be_taken_back(district, made.id)
    with pytest.raises(Conflict, match="no change of this plan"):
        take_back(district, made.id, by="me")
    move_stop(district, made.id, "map/1", team=None, day=None, place=None, by="me")
    assert can_be_taken_back(services.at_this_moment(district), made.id)


def test_too_much_for_one_team_breaks_its_shift_and_the_check_says_so(district: services.District) -> None:
    district, made = kept(district)
    for stop in order(made, "A"):
        move_stop(district, made.id, stop, team="B", day=DAY, place=None, by="me")
        district = services.at_this_moment(district)

    check = kept_plan(district, made.id).plan.check
    assert not check.ok
    assert {fault.kind for fault in check.faults} == {"shift"}


def test_a_stop_taken_out_stands_among_the_left_out_with_a_reason(district: services.District) -> None:
    district, made = kept(district)
    done = move_stop(district, made.id, "map/1", team=None, day=None, place=None, by="me")

    (left,) = done.kept.plan.left_out
    assert left.id == "map/1"
    assert left.reason


def test_a_pinned_stop_is_tied_to_its_team_until_it_is_unpinned(district: services.District) -> None:
    district, made = kept(district)
    team = "A" if "map/1" in order(made, "A") else "B"
    done = pin_stop(district, made.id, "map/1", team=team, day=DAY, by="me")
    stop = next(one for one in done.kept.plan.request.stops if one.id == "map/1")

    assert (stop.team, stop.date, stop.pinned, stop.must_visit) == (team, DAY, True, True)
    district = services.at_this_moment(district)
    done = pin_stop(district, made.id, "map/1", team=None, day=None, by="me")
    assert not next(one for one in done.kept.plan.request.stops if one.id == "map/1").pinned


def test_other_minutes_for_a_stop_move_what_comes_after_it(district: services.District) -> None:
    district, made = kept(district)
    team = next(one for one in "AB" if len(order(made, one)) > 1)
    first, second = order(made, team)[:2]
    before = {stop.id: stop for route in made.plan.routes for stop in route.stops}
    done = change_stop(district, made.id, first, service_min=25, walk_min=1, must=True, by="me")
    after = {stop.id: stop for route in done.kept.plan.routes for stop in route.stops}
    asked = next(stop for stop in done.kept.plan.request.stops if stop.id == first)

    assert (asked.service_min, asked.walk_min, asked.must) == (25, 1, True)
    later = seconds_of(after[second].start) - seconds_of(before[second].start)
    assert later == (25 - 20 + 2) * 60
    with pytest.raises(BadInput, match="service_min cannot be -1"):
        change_stop(services.at_this_moment(district), made.id, first, service_min=-1, walk_min=None, must=False,
                    by="me")  # fmt: skip


def test_whoever_saw_an_older_plan_is_told_and_changes_nothing(district: services.District) -> None:
    district, made = kept(district)
    move_stop(district, made.id, "map/1", team=None, day=None, place=None, by="me")

    with pytest.raises(Conflict):
        move_stop(district, made.id, "map/2", team=None, day=None, place=None, by="you")


def test_stops_whose_problem_has_changed_since_are_named(district: services.District) -> None:
    district, made = kept(district)
    assert changed_stops(district, made) == {}

    at_site = {"site_id": "P1"}
    district.store.append(
        [
            Change("problems", "4", msgspec.json.encode({"properties": {"status": "rectified"}})),
            Change("problems", "1", msgspec.json.encode({"properties": at_site})),
            Change("problems", "5", msgspec.json.encode({"properties": {"status": "closed"}})),
        ],
        actor="me", action="test",
    )  # fmt: skip
    found = changed_stops(services.at_this_moment(district), made)

    assert found == {"problems/4": ["problems/4"], "sites/P1": ["problems/1"]}


def test_the_map_of_a_plan_has_a_way_to_every_stop_and_home(district: services.District) -> None:
    district, made = kept(district)
    done = move_stop(district, made.id, "map/2", team=None, day=None, place=None, by="me")
    features = plan_features(district, done.kept)
    by_role: dict[str, list[dict[str, object]]] = {}
    for one in features:
        by_role.setdefault(one["properties"]["role"], []).append(one["properties"])

    assert len(by_role["stop"]) == 3
    assert len(by_role["start"]) == 2
    assert [one["stop"] for one in by_role["left_out"]] == ["map/2"]
    going_out = [team for team in "AB" if order(done.kept, team)]
    assert len(by_role["way"]) == 3 + len(going_out)
    assert {one["team"] for one in by_role["way"]} == set(going_out)


def test_a_plan_tells_the_public_nothing_that_is_private(district: services.District) -> None:
    district, made = kept(district)

    assert "person" not in msgspec.json.encode(made).decode()
    assert services.details(district, "problems", "1", Scope.PUBLIC)["properties"].get("person") is None


def test_a_plan_that_was_deleted_meanwhile_does_not_come_back_by_its_name(
    district: services.District,
) -> None:
    made = keep_plan(district, plan_routes(district, request(), Effort(iterations=10)), "One", by="me")
    seen = services.at_this_moment(district)
    delete_plan(seen, made.id, by="me")

    with pytest.raises(Conflict):
        rename_plan(seen, made.id, "Two", by="you")
    with pytest.raises(Conflict):
        move_stop(seen, made.id, made.plan.request.stops[0].id, team=None, day=None, place=None, by="you")
    assert kept_plans(services.at_this_moment(district)) == []
