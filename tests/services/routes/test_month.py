"""A month in which every point is seen once: by hand, by the checker, and on the demo district."""

from datetime import date, timedelta

import numpy as np

from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.routing.profiles import PROFILES
from geoapp.routing.travel import StraightTravel
from geoapp.services.routes.month import SOLVER, month_plan
from geoapp.services.routes.planning import Effort, Progress
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, random_requests, stop, team, travels

WEEK = tuple(DAY + timedelta(days=at) for at in range(5))


def towns() -> RouteRequest:
    """Four places far apart from each other, five points in each, and a team of two for a week."""
    random = np.random.default_rng(4)
    stops = [
        RequestedStop(id=f"{name}{at}", lon=lon + float(random.uniform(0, 0.01)), lat=float(random.uniform(0, 0.01)),
                      service_min=30, value=float(at))
        for name, lon in (("a", -0.3), ("b", -0.1), ("c", 0.1), ("d", 0.3)) for at in range(5)
    ]  # fmt: skip
    teams = tuple(RequestedTeam(id=name, start=(0.0, 0.0), end=(0.0, 0.0), lunch=("12:00", "13:00")) for name in "XY")
    return RouteRequest(stops=tuple(stops), teams=teams, dates=WEEK[:2])


def test_every_point_is_on_one_day_and_towns_stay_together() -> None:
    plan = month_plan(towns(), STRAIGHT, STRAIGHT, Effort(iterations=500))

    days = [{one.id[0] for one in route.stops} for route in plan.routes]
    assert sorted(map(sorted, days)) == [["a"], ["b"], ["c"], ["d"]]
    assert sum(len(route.stops) for route in plan.routes) == 20
    assert plan.check.ok
    assert not plan.left_out
    assert (plan.solver, plan.iterations, plan.of) == (SOLVER, 500, 500)


def test_what_is_worth_more_is_seen_earlier() -> None:
    stops = [stop(f"S{value}", 20, service_min=60.0, value=float(value)) for value in (3, 9, 1, 6, 4)]
    plan = month_plan(asked(*stops, dates=WEEK), STRAIGHT, STRAIGHT, Effort(iterations=300))

    assert [one.id for route in plan.routes for one in route.stops] == ["S9", "S6", "S4", "S3", "S1"]


def test_dates_skills_and_pins_are_kept() -> None:
    stops = [stop("late", 10, not_before=WEEK[3]), stop("early", 10, deadline=WEEK[0]),
             stop("skilled", 10, skills=("x",)), stop("pinned", 10, team="B", date=WEEK[1])]  # fmt: skip
    request = asked(*stops, teams=(team("A", skills=("x",)), team("B")), dates=WEEK)
    plan = month_plan(request, STRAIGHT, STRAIGHT, Effort(iterations=300))

    where = {one.id: (route.team, route.date) for route in plan.routes for one in route.stops}
    assert plan.check.ok
    assert where["late"][1] >= WEEK[3]
    assert where["early"][1] == WEEK[0]
    assert where["skilled"][0] == "A"
    assert where["pinned"] == ("B", WEEK[1])


def test_what_does_not_fit_is_said_with_its_minutes() -> None:
    stops = [stop("near", 10), stop("far", 55, service_min=30.0)]
    plan = month_plan(asked(*stops, dates=WEEK[:2]), STRAIGHT, STRAIGHT, Effort(iterations=50))

    assert [(one.id, one.bound) for one in plan.left_out] == [("far", "shift")]
    assert plan.left_out[0].minutes_missing == 20
    assert plan.check.ok


def test_the_checker_passes_random_months() -> None:
    for seed, request in random_requests(500, 30):
        if request.mode == "all":
            continue
        travel, plain = travels(seed)
        plan = month_plan(request, travel, plain, Effort(iterations=60, seed=seed))
        # A must-visit that fits nowhere is left out with a reason, and the checker says so, too.
        assert {fault.kind for fault in plan.check.faults} <= {"must"}, seed
        seen = [one.id for route in plan.routes for one in route.stops]
        assert len(seen) == len(set(seen))
        assert {*seen, *(one.id for one in plan.left_out)} == {one.id for one in request.stops}


def test_seed_and_iterations_replay_a_month() -> None:
    one, other = (month_plan(towns(), STRAIGHT, STRAIGHT, Effort(iterations=100, seed=7)) for _ in range(2))

    assert one.routes == other.routes


def test_it_tells_how_far_it_is_and_stops_when_told_to() -> None:
    told: list[Progress] = []

    def watch(progress: Progress) -> bool:
        told.append(progress)
        return len(told) < 5

    plan = month_plan(towns(), STRAIGHT, STRAIGHT, Effort(iterations=500), watch)

    assert [round(one.share, 2) for one in told] == [0.02, 0.04, 0.06, 0.08, 0.1]
    assert told[-1].visited == 20
    assert plan.iterations == 50
    assert plan.check.ok


def test_seconds_are_kept_to() -> None:
    plan = month_plan(towns(), StraightTravel(PROFILES["bus"]), StraightTravel(PROFILES["bus"]), Effort(seconds=0.5))

    assert plan.check.ok
    assert plan.iterations > 0
    assert plan.request.dates == (date(2026, 11, 24), date(2026, 11, 25))
