"""Plans of toy requests: what is visited, when, and that they can be replayed, begun with and stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geoapp.domain.routes import RoutePlan, RouteRequest
from geoapp.routing.day import worth
from geoapp.routing.explaining import filled
from geoapp.services.routes.planning import (
    Effort,
    Progress,
    make_plan,
    numbers_of,
    start_of,
    timed,
    written,
)
from geoapp.services.routes.tasks import laid
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, random_request, stop, team, town, travels

FEW = Effort(iterations=40, advice=False)


def planned(request: RouteRequest, effort: Effort = FEW) -> RoutePlan:
    return make_plan(request, STRAIGHT, STRAIGHT, effort)


def ids(plan: RoutePlan) -> list[list[str]]:
    return [[one.id for one in route.stops] for route in plan.routes]


def test_a_plan_tells_times_ways_and_what_it_is_worth() -> None:
    plan = planned(asked(stop("a", 10, value=3), stop("b", 20, value=2)))
    (route,) = plan.routes
    first = route.stops[0]

    assert sorted(ids(plan)[0]) == ["a", "b"]
    assert (plan.value, plan.check.ok, plan.estimate, plan.solver, plan.iterations) == (5, True, True, "search", 40)
    assert (route.home, route.travel_min) == ("10:00:00", 40)
    assert first.travel_min == (10 if first.id == "a" else 20)
    assert round(route.distance_m) == pytest.approx(40 * STRAIGHT._metres_per_s * 60, rel=1e-3)


def test_a_team_that_visits_nothing_is_never_home() -> None:
    plan = planned(asked(stop("a", 300)))

    assert (plan.routes[0].stops, plan.routes[0].home, plan.routes[0].travel_min) == ((), None, 0)
    assert [left.id for left in plan.left_out] == ["a"]


def test_a_tour_in_the_order_given_is_not_searched() -> None:
    plan = planned(asked(stop("b", 20), stop("a", 10), mode="all", order="given"))

    assert (ids(plan), plan.solver) == ([["b", "a"]], "given")
    assert plan.check.ok


def test_a_tour_in_the_order_given_keeps_it_whatever_else_is_wished_for() -> None:
    plan = planned(asked(stop("b", 20), stop("a", 10), mode="all", order="given", balance=True))

    assert ids(plan) == [["b", "a"]]


def test_a_tour_that_does_not_fit_says_what_it_misses() -> None:
    plan = planned(asked(stop("a", 50), stop("b", 60), mode="all", order="given"))

    assert [fault.kind for fault in plan.check.faults] == ["shift"]


def test_seed_and_iterations_replay_a_plan_with_all_that_it_says() -> None:
    request = random_request(7)
    first = planned(request, Effort(iterations=50, seed=3))
    again = planned(request, Effort(iterations=first.iterations, of=first.of, seed=first.seed))

    assert replace(again, seconds=first.seconds) == first


def test_a_plan_made_in_a_time_is_replayed_by_what_it_says() -> None:
    request = random_request(7)
    first = planned(request, Effort(seconds=0.2, seed=3))
    again = planned(request, Effort(iterations=first.iterations, of=first.of, seed=first.seed, solver=first.solver))

    assert replace(again, seconds=first.seconds) == first


def test_a_second_opinion_is_asked_for_with_enough_time() -> None:
    request = asked(*(stop(f"s{at}", at) for at in range(1, 6)))

    assert planned(request, Effort(seconds=2.1, advice=False)).solver in ("search", "pyvrp")
    other = planned(request, Effort(iterations=30, solver="pyvrp"))
    assert (other.solver, other.value, other.check.ok) == ("pyvrp", 5, True)


def test_who_is_told_of_the_best_so_far_can_stop_the_search() -> None:
    told: list[Progress] = []

    def tell(best: Progress) -> bool:
        told.append(best)
        return False

    make_plan(asked(stop("a", 10, value=3)), STRAIGHT, STRAIGHT, Effort(seconds=30, advice=False), tell)

    (best,) = told
    assert (best.value, best.visited, best.routes) == (3, 1, {f"A {DAY}": ("a",)})
    assert 0 <= best.share < 1


def test_a_search_begins_with_what_it_is_given_and_never_loses_it() -> None:
    request = asked(*(stop(f"s{at}", at, value=at) for at in range(1, 9)))
    first = planned(request)
    again = planned(request, replace(FEW, iterations=0, start=start_of(first)))

    assert ids(again) == ids(first)
    assert again.start == start_of(first)


def test_what_cannot_be_driven_any_more_is_left_out_of_a_start() -> None:
    request = asked(stop("a", 10, windows=(("09:00", "09:30"),)), stop("b", 20, team="nobody"))
    start = {f"A {DAY}": ["x", "b", "a", "a"], f"B {DAY}": ["a"]}

    assert ids(planned(request, replace(FEW, iterations=0, start=start))) == [["a"]]


def test_what_still_fits_is_put_in_the_most_valuable_first() -> None:
    long = {"service_min": 80.0}
    problem = laid(asked(stop("a", 10, value=1, **long), stop("b", 10, value=2, **long), stop("c", 10, value=0)),
                   STRAIGHT)  # fmt: skip

    assert filled(problem.task, [[]]) == [[1]]
    assert filled(problem.task, [[0]]) == [[0]]


def test_a_must_visit_is_put_in_before_what_is_worth_more() -> None:
    long = {"service_min": 80.0}
    problem = laid(asked(stop("a", 10, value=9, **long), stop("b", 10, must=True, **long)), STRAIGHT)

    assert filled(problem.task, [[]]) == [[1]]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
@example(seed=201)  # whose days are balanced
def test_nothing_of_worth_is_left_out_that_fits(seed: int) -> None:
    travel, plain = travels(seed)
    plan = make_plan(random_request(seed), travel, plain, replace(FEW, iterations=5))

    assert [left.id for left in plan.left_out if left.minutes_missing == 0] == []


def test_every_day_of_every_team_has_its_route() -> None:
    both = asked(stop("a", 10), teams=(team("A"), team("B")), dates=(DAY, DAY + timedelta(days=1)))

    assert [(route.team, str(route.date)) for route in planned(both).routes] == [
        ("A", "2026-11-24"), ("B", "2026-11-24"), ("A", "2026-11-25"), ("B", "2026-11-25")]  # fmt: skip


def test_days_of_like_length_are_wished_for_where_nothing_is_lost_by_it() -> None:
    stops = tuple(stop(f"s{at}", 10 + at / 10, service_min=20) for at in range(4))
    teams = (team("A", ("09:00", "13:00")), team("B", ("09:00", "13:00")))
    one, two = (planned(asked(*stops, teams=teams, balance=balance)) for balance in (False, True))

    assert sorted(map(len, ids(one))) == [0, 4]
    assert sorted(map(len, ids(two))) == [2, 2]
    assert one.value == two.value
    assert two.check.ok


def test_routes_that_keep_no_rule_are_written_all_the_same() -> None:
    problem = laid(asked(stop("a", 80)), STRAIGHT)
    (route,) = timed(problem, [[0]], STRAIGHT)

    assert (route.stops[0].arrive, route.home) == ("10:20:00", "11:50:00")


def test_a_plan_over_roads_is_passed_by_a_check_over_the_same_roads() -> None:
    travel, plain = town()
    plan = make_plan(random_request(5), travel, plain, FEW)

    assert not plan.estimate
    assert {fault.kind for fault in plan.check.faults} <= {"must"}


def test_a_plan_that_is_written_has_the_worth_of_its_routes() -> None:
    problem = laid(asked(stop("a", 10, value=1.25), stop("b", 20, value=2)), STRAIGHT)
    made = written(asked(stop("a", 10, value=1.25), stop("b", 20, value=2)), problem, [[0, 1]], STRAIGHT)

    assert made.value == 3.25
    assert worth(problem.task, numbers_of(problem, start_of(made))) == (0, 3250, -2400)


def test_a_visit_of_no_time_is_not_made_during_lunch() -> None:
    """Its hours lie within lunch; with eleven minutes more they reach a second beyond it."""
    eats = team(lunch=("10:00", "10:30"), end=None)
    plan = planned(asked(stop("a", 10, service_min=0, windows=(("10:10", "10:20"),)), teams=(eats,)))

    assert plan.check.ok
    assert [left.minutes_missing for left in plan.left_out] == [11]


def test_a_visit_of_no_time_waits_for_the_end_of_lunch() -> None:
    eats = team(lunch=("10:00", "10:30"), end=None)
    plan = planned(asked(stop("a", 10, service_min=0, windows=(("10:10", "10:40"),)), teams=(eats,)))
    short = planned(asked(stop("a", 10, service_min=0, windows=(("10:10", "10:40"),)),
                          teams=(team(lunch=("10:00", "10:30"), end=None, shift=("09:00", "10:15")),)))  # fmt: skip

    assert plan.check.ok
    assert [one.start for one in plan.routes[0].stops] == ["10:30:01"]
    assert short.check.ok
    assert ids(short) == [[]]


def test_who_begins_during_lunch_begins_after_it() -> None:
    late = team(shift=("10:15", "12:00"), lunch=("10:00", "10:30"))
    plan = planned(asked(stop("a", 10), teams=(late,)))

    assert plan.check.ok
    assert [one.arrive for one in plan.routes[0].stops] == ["10:40:00"]
