"""A plan that runs late, held against the independent checker."""

import numpy as np
import pytest

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.routes import RoutePlan, RouteRequest, seconds_of
from geoapp.services.routes.lateness import delayed, late_at, with_delay
from geoapp.services.routes.planning import Effort, make_plan
from geoapp.services.routes.verdicts import verdict
from tests.services.routes.toy_requests import STRAIGHT, asked, random_requests, stop, team, travels

QUICK = Effort(iterations=60, advice=False)


def planned(request: RouteRequest) -> RoutePlan:
    return make_plan(request, STRAIGHT, STRAIGHT, QUICK)


TOUR = planned(
    asked(stop("one", 10), stop("two", 20, windows=(("09:00", "09:50"),)), stop("three", 30), mode="all", order="given",
          teams=(team(shift=("09:00", "10:35")),))
)  # fmt: skip
ROUTE = TOUR.routes[0]


def test_a_tour_to_the_minute() -> None:
    """Ways of 10 minutes and stays of 10: at the stops at 9:10, 9:30 and 9:50, back 30 minutes after 10:00."""
    assert [one.start[:5] for one in ROUTE.stops] == ["09:10", "09:30", "09:50"]
    assert str(ROUTE.home)[:5] == "10:30"


def test_what_no_longer_fits_is_named_with_its_minutes() -> None:
    """15 minutes late at the first stop: the second would end at 9:55, the tour at 10:45."""
    found = delayed(TOUR, ROUTE, "one", 15, STRAIGHT)

    assert [one.start[:5] for one in found.route.stops] == ["09:25", "09:45", "10:05"]
    assert found.missed == (("two", pytest.approx(5, abs=0.2)),)
    assert found.over_min == pytest.approx(10, abs=0.2)
    assert not found.fits


def test_what_leaving_out_saves_is_named_with_it() -> None:
    """Without the second stop it is ten minutes less, and its hours do not matter any more."""
    found = delayed(TOUR, ROUTE, "one", 15, STRAIGHT)

    assert [(one.stops, one.fits) for one in found.remedies] == [(("two",), True)]
    assert found.remedies[0].saved_min == pytest.approx(10, abs=0.2)
    assert found.shorter_min == 4


def test_the_checker_says_the_same_of_a_late_tour() -> None:
    found = delayed(TOUR, ROUTE, "one", 15, STRAIGHT)

    said = verdict(with_delay(TOUR, found), STRAIGHT)
    assert [(fault.kind, fault.stop, fault.minutes) for fault in said.faults] == [
        ("window", "two", found.missed[0][1]), ("shift", None, found.over_min),
    ]  # fmt: skip


def test_who_arrives_now_is_late_by_as_much() -> None:
    assert late_at(ROUTE, "one", "09:25") == pytest.approx(15, abs=0.1)
    assert late_at(ROUTE, "two", "09:00") == 0.0
    with pytest.raises(NotFound, match="not on this route"):
        late_at(ROUTE, "four", "09:00")


@pytest.mark.parametrize("minutes", [-1, 601, float("nan")])
def test_a_delay_that_is_none_is_refused(minutes: float) -> None:
    with pytest.raises(BadInput, match="0 to 600 minutes late"):
        delayed(TOUR, ROUTE, "one", minutes, STRAIGHT)


def test_a_stop_that_is_not_on_the_route_is_refused() -> None:
    with pytest.raises(NotFound, match="'four' is not on this route"):
        delayed(TOUR, ROUTE, "four", 5, STRAIGHT)


def test_random_plans_late_at_any_stop_break_exactly_what_is_said() -> None:
    """Over roads and straight lines, with windows, lunch and open ends: faults of the checker are those named."""
    tried = 0
    for seed, request in random_requests(0, 60):
        travel, plain = travels(seed)
        plan = make_plan(request, travel, plain, QUICK)
        routes = [route for route in plan.routes if route.stops]
        if not routes or any(fault.kind != "must" for fault in plan.check.faults):
            continue
        random = np.random.default_rng(seed)
        route = routes[0]
        at = int(random.integers(len(route.stops)))
        found = delayed(plan, route, route.stops[at].id, float(random.integers(0, 60)), travel)
        said = verdict(with_delay(plan, found), plain)
        kinds = {(fault.kind, fault.stop) for fault in said.faults if fault.kind != "must"}
        expected = {("window", stop) for stop, _ in found.missed} | (
            {("shift", None)} if found.over_min > 0.05 else set()
        )
        assert kinds == expected, (seed, kinds, expected)
        pairs = zip(route.stops, found.route.stops, strict=True)
        assert all(seconds_of(new.leave) >= seconds_of(old.leave) for old, new in pairs)
        tried += 1
    assert tried > 25


def test_no_delay_leaves_a_plan_as_it_is() -> None:
    for seed, request in random_requests(100, 30):
        travel, plain = travels(seed)
        plan = make_plan(request, travel, plain, QUICK)
        for route in (one for one in plan.routes if one.stops):
            if not any(fault.kind != "must" for fault in plan.check.faults):
                assert delayed(plan, route, route.stops[0].id, 0, travel).route == route
