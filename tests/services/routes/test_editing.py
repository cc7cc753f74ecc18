"""Plans changed by hand: times, reasons and check follow at once, and a broken rule is allowed and named."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.routes import RoutePlan, RouteRequest, seconds_of
from geoapp.routing.roads import Road
from geoapp.services.routes.editing import asked_anew, compared, from_noon, moved, pinned
from geoapp.services.routes.planning import Effort, make_plan, start_of, written
from geoapp.services.routes.tasks import laid
from geoapp.services.routes.verdicts import verdict
from tests.routing.toy_roads import line, travel_over
from tests.services.routes.toy_requests import DAY, MINUTE_DEG, STRAIGHT, asked, random_request, stop, team, travels

NEXT = DAY + timedelta(days=1)
TWO = (team("A"), team("B"))
FEW = Effort(iterations=60, advice=False)


def by_hand(request: RouteRequest, *routes: list[int]) -> RoutePlan:
    made = written(request, laid(request, STRAIGHT), [list(route) for route in routes], STRAIGHT)
    return replace(made, check=verdict(made, STRAIGHT), ledger_seq=7)


def three() -> RoutePlan:
    """A visits a and b, B visits c."""
    return by_hand(asked(stop("a", 10), stop("b", 20, value=2), stop("c", 15), teams=TWO), [0, 1], [2])


def move(plan: RoutePlan, id: str, team: str | None, place: int | None = None, day: date | None = DAY) -> RoutePlan:
    return moved(plan, id, team, day, place, STRAIGHT, STRAIGHT)


def ids(plan: RoutePlan) -> list[list[str]]:
    return [[one.id for one in route.stops] for route in plan.routes]


def kinds(plan: RoutePlan) -> set[str]:
    return {fault.kind for fault in plan.check.faults}


def test_a_stop_moved_to_another_team_is_timed_and_checked_anew() -> None:
    plan = move(three(), "b", "B", 1)

    assert ids(plan) == [["a"], ["c", "b"]]
    assert plan.routes[1].stops[1].arrive == "09:30:00"
    assert [route.home for route in plan.routes] == ["09:30:00", "10:00:00"]
    assert plan.check.ok
    assert (plan.solver, plan.iterations, plan.start, plan.ledger_seq, plan.value) == ("hand", 0, None, 7, 4)
    assert [one.team for one in plan.kept] == ["A", "B", "B"]


def test_a_stop_without_a_place_is_put_where_the_way_is_shortest() -> None:
    assert ids(move(three(), "c", "A", None)) == [["a", "c", "b"], []]


def test_a_stop_moved_within_its_route_changes_its_turn() -> None:
    assert ids(move(three(), "a", "A", 1)) == [["b", "a"], ["c"]]
    assert ids(move(three(), "a", "A", 99)) == [["b", "a"], ["c"]]


def test_a_stop_taken_out_is_left_out_with_a_reason() -> None:
    plan = move(three(), "b", None)

    assert ids(plan) == [["a"], ["c"]]
    assert [left.reason for left in plan.left_out] == ["There is time for it with team A."]
    assert plan.value == 2


def test_a_stop_left_out_can_be_put_in() -> None:
    assert ids(move(move(three(), "b", None), "b", "B", 0)) == [["a"], ["b", "c"]]


def test_a_move_back_gives_the_same_plan() -> None:
    there_and_back = move(move(three(), "b", "B", 0), "b", "A", 1)

    assert start_of(there_and_back) == start_of(three())
    assert there_and_back.routes == three().routes


def test_a_move_that_breaks_a_rule_is_made_and_says_which() -> None:
    request = asked(stop("a", 10, skills=("gas",)), stop("b", 20, windows=(("09:00", "09:35"),)), stop("c", 90),
                    teams=(team("A", skills=("gas",)), team("B")))  # fmt: skip
    plan = by_hand(request, [1, 0], [])

    assert plan.check.ok
    assert kinds(move(plan, "a", "B")) == {"skills"}
    assert kinds(move(plan, "b", "A", 1)) == {"window"}
    assert [fault.minutes for fault in move(plan, "b", "A", 1).check.faults] == [5]
    assert kinds(move(plan, "c", "B")) == {"shift"}


def test_a_day_that_is_moved_past_midnight_can_still_be_read_and_compared() -> None:
    late = asked(stop("a", 10), stop("b", 90), teams=(team("A", ("22:00", "23:00")),))
    plan = move(by_hand(late, [0]), "b", "A")

    assert kinds(plan) == {"shift"}
    assert plan.routes[0].home == "25:20:00"
    assert compared(plan, plan).one.longest_min == 200
    assert kinds(move(plan, "a", None)) == {"shift"}


def test_what_keeps_a_team_out_for_more_than_two_days_is_refused() -> None:
    long = asked(stop("a", 10), stop("b", 10), teams=(team("A"),))
    plan = by_hand(long, [0, 1])

    with pytest.raises(BadInput, match="more than two days"):
        asked_anew(plan, "a", STRAIGHT, STRAIGHT, walk_min=1_440)
    stays = asked_anew(plan, "a", STRAIGHT, STRAIGHT, service_min=900)
    assert kinds(stays) == {"shift"}
    with pytest.raises(BadInput, match="more than two days"):
        asked_anew(asked_anew(stays, "b", STRAIGHT, STRAIGHT, service_min=900), "a", STRAIGHT, STRAIGHT,
                   service_min=1_500)  # fmt: skip


def test_a_stop_can_be_moved_to_another_day() -> None:
    plan = by_hand(asked(stop("a", 10, deadline=DAY), stop("b", 10), dates=(DAY, NEXT)), [0, 1], [])

    assert ids(move(plan, "b", "A", None, NEXT)) == [["a"], ["b"]]
    assert kinds(move(plan, "a", "A", None, NEXT)) == {"too late"}
    assert ids(move(move(plan, "b", "A", None, NEXT), "b", "A", 1, None)) == [["a", "b"], []]


def test_in_a_tour_of_a_given_order_a_move_gives_another_order() -> None:
    request = asked(stop("a", 10), stop("b", 20), stop("c", 30), mode="all", order="given")
    plan = move(by_hand(request, [0, 1, 2]), "c", "A", 0)

    assert ids(plan) == [["c", "a", "b"]]
    assert [one.id for one in plan.request.stops] == ["c", "a", "b"]
    assert plan.check.ok


def test_what_is_not_in_the_plan_cannot_be_moved() -> None:
    with pytest.raises(NotFound, match="no stop 'x'"):
        move(three(), "x", "A")
    with pytest.raises(NotFound, match="no team 'C'"):
        move(three(), "a", "C")
    with pytest.raises(NotFound, match="no team 'A' with a day 2026-11-25"):
        move(three(), "a", "A", None, NEXT)


def test_a_stop_in_a_lake_can_be_moved_nowhere_but_out() -> None:
    travel = travel_over((Road("main"), line((0, 0), (10, 0))))
    lake, there = (replace(stop(id, 0), lon=0.005, lat=lat) for id, lat in (("lake", 0.02), ("there", 0.0)))
    request = asked(lake, there)
    plan = written(request, laid(request, travel), [[0]], travel)

    with pytest.raises(BadInput, match="Stop lake is too far from any road: no team gets there"):
        moved(plan, "lake", "A", DAY, 0, travel, travel)
    assert moved(plan, "lake", None, None, None, travel, travel).routes == plan.routes


def pin(plan: RoutePlan, id: str, team: str | None = None, day: date | None = None) -> RoutePlan:
    return pinned(plan, id, team, day, STRAIGHT, STRAIGHT)


def test_a_pinned_stop_is_a_must_visit_of_its_team_and_day_until_it_is_free_again() -> None:
    plan = pin(three(), "b", "A", DAY)
    one = plan.request.stops[1]

    assert (one.team, one.date, one.must, one.must_visit) == ("A", DAY, False, True)
    assert plan.check.ok
    assert ids(plan) == ids(three())
    assert pin(plan, "b").request == three().request


def test_a_pin_to_where_the_stop_is_not_shows_in_the_check() -> None:
    assert kinds(pin(three(), "b", "B")) == {"wrong team"}
    assert kinds(pin(move(three(), "b", None), "b", "B")) == {"must"}


def test_a_must_visit_stays_one_when_it_is_free_again() -> None:
    plan = by_hand(asked(stop("a", 10, must=True)), [0])

    assert pin(pin(plan, "a", "A"), "a").request == plan.request


def test_nothing_is_pinned_to_what_is_not_in_the_plan() -> None:
    for id, who, day in (("x", "A", None), ("a", "C", None), ("a", "A", NEXT)):
        with pytest.raises(NotFound):
            pin(three(), id, who, day)


def replanned(plan: RoutePlan, effort: Effort = FEW) -> RoutePlan:
    return make_plan(plan.request, STRAIGHT, STRAIGHT, replace(effort, start=start_of(plan)))


def test_the_rest_is_planned_again_round_what_is_pinned() -> None:
    plan = replanned(pin(three(), "b", "B", DAY))

    assert "b" in ids(plan)[1]
    assert plan.check.ok
    assert plan.solver == "search"
    assert plan.start == start_of(three())


def test_planning_again_never_loses_what_was_there() -> None:
    stops = tuple(stop(f"s{at}", 5 * at, value=at) for at in range(1, 12))
    request = asked(*stops, teams=TWO)
    first = make_plan(request, STRAIGHT, STRAIGHT, replace(FEW, iterations=400))

    assert replanned(first, replace(FEW, iterations=1, seed=5)).value >= first.value


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_after_any_moves_every_stop_is_still_visited_once_or_left_out_once(seed: int, data: st.DataObject) -> None:
    travel, plain = travels(seed)
    plan = make_plan(random_request(seed), travel, plain, replace(FEW, iterations=10))
    known = [one.id for one in plan.request.stops]
    for _ in range(3):
        id = data.draw(st.sampled_from(known))
        route = data.draw(st.sampled_from([*plan.routes, None]))
        who, day = (route.team, route.date) if route else (None, None)
        plan = moved(plan, id, who, day, data.draw(st.sampled_from([None, 0, 1])), travel, plain)
    seen = [one.id for route in plan.routes for one in route.stops] + [one.id for one in plan.left_out]

    assert sorted(seen) == sorted(known)
    assert not kinds(plan) & {"arrives", "starts", "leaves", "lunch", "travel", "distance", "home", "value", "time"}


def noon(plan: RoutePlan, now: str, done: set[str], **more: object) -> RouteRequest:
    return from_noon(plan, now, done, **more)  # type: ignore[arg-type]


def test_at_noon_teams_go_on_from_their_last_stop_without_what_is_done() -> None:
    request = noon(three(), "09:25", {"a"})
    first, second = request.teams

    # By the plan B leaves c at 09:25, but nobody has ticked it off.
    assert [one.id for one in request.stops] == ["b", "c"]
    assert (first.start, first.shift) == ((10 * MINUTE_DEG, 0.0), ("09:25:00", "11:00"))
    assert (second.start, second.shift) == ((0.0, 0.0), ("09:25:00", "11:00"))


def test_a_stop_under_way_is_finished_first() -> None:
    request = noon(three(), "09:20", set())

    assert [one.id for one in request.stops] == ["a", "b"]
    assert (request.teams[1].start, request.teams[1].shift) == ((15 * MINUTE_DEG, 0.0), ("09:25:00", "11:00"))


def test_where_a_team_says_it_is_counts_more_than_the_plan() -> None:
    request = noon(three(), "09:20", {"a"}, positions={"B": (0.5, 0.25)})

    assert [one.id for one in request.stops] == ["b", "c"]
    assert (request.teams[1].start, request.teams[1].shift[0]) == ((0.5, 0.25), "09:20:00")


def test_before_its_shift_a_team_is_where_it_begins() -> None:
    request = noon(three(), "08:00", set())

    assert request == replace(three().request, teams=tuple(replace(one, shift=("09:00:00", "11:00")) for one in TWO))


def test_a_team_whose_shift_is_over_goes_home() -> None:
    plan = by_hand(replace(three().request, teams=(team("A"), team("B", ("09:00", "09:30")))), [0, 1], [])

    assert [one.id for one in noon(plan, "09:30", set()).teams] == ["A"]
    with pytest.raises(BadInput, match="At 23:00 the shift of every team is over"):
        noon(plan, "23:00", set())


def test_a_stop_that_was_never_asked_for_is_nowhere_to_be() -> None:
    plan = three()
    route = replace(plan.routes[1], stops=(replace(plan.routes[1].stops[0], id="x"),))

    assert noon(replace(plan, routes=(plan.routes[0], route)), "09:20", set()).teams[1].start == (0.0, 0.0)


def test_when_all_is_done_there_is_nothing_to_plan() -> None:
    with pytest.raises(BadInput, match="nothing left to plan"):
        noon(three(), "10:00", {"a", "b", "c"})


def test_of_several_days_only_the_one_that_is_named_is_planned_anew() -> None:
    plan = by_hand(asked(stop("a", 10), stop("b", 10), stop("c", 90), dates=(DAY, NEXT)), [0], [1])
    request = noon(plan, "09:00", set(), today=DAY)

    assert ([one.id for one in request.stops], request.dates) == (["a", "c"], (DAY,))
    with pytest.raises(BadInput, match="several days"):
        noon(plan, "09:00", set())
    with pytest.raises(NotFound, match="2026-11-26"):
        noon(plan, "09:00", set(), today=NEXT + timedelta(days=1))


def test_who_is_at_lunch_goes_on_after_it() -> None:
    eats = by_hand(asked(stop("a", 10), stop("b", 10), teams=(team(lunch=("09:30", "10:00")),)), [0, 1])
    request = noon(eats, "09:40", {"a"})
    plan = make_plan(request, STRAIGHT, STRAIGHT, FEW)

    assert plan.check.ok
    assert [one.arrive for one in plan.routes[0].stops] == ["10:00:00"]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), hour=st.integers(8, 15), minute=st.integers(0, 59), share=st.floats(0, 1))
def test_the_plan_of_a_rest_of_a_day_begins_no_earlier_than_now(
    seed: int, hour: int, minute: int, share: float
) -> None:
    travel, plain = travels(seed)
    plan = make_plan(random_request(seed), travel, plain, replace(FEW, iterations=10))
    day, now = plan.request.dates[0], f"{hour:02}:{minute:02}"
    today = [one.id for route in plan.routes if route.date == day for one in route.stops]
    done = set(today[: int(share * len(today))])
    try:
        request = from_noon(plan, now, done, today=day)
    except BadInput:  # nothing, or no time, is left
        return
    again = make_plan(request, travel, plain, replace(FEW, iterations=10, start=start_of(plan)))

    assert not done & {one.id for route in again.routes for one in route.stops}
    assert all(seconds_of(one.arrive) >= seconds_of(now) for route in again.routes for one in route.stops)
    if plan.request.order == "free":
        assert kinds(again) <= {"must"}


def test_plans_are_compared_by_what_they_come_to() -> None:
    one = three()
    other = move(move(one, "b", "B", 1), "a", None)
    found = compared(one, other)

    assert (found.only_one, found.only_other, found.moved) == (("a",), (), ("b",))
    assert (found.one.value, found.other.value) == (4, 3)
    assert (found.one.stops, found.other.stops, found.one.must) == (3, 2, 0)
    assert (found.one.travel_min, found.other.travel_min) == (70, 40)
    assert (found.one.longest_min, found.one.shortest_min) == (60, 40)
    assert compared(other, one).only_other == ("a",)


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found = compared(three(), three())

    assert found.one == found.other
    assert (found.only_one, found.only_other, found.moved) == ((), (), ())


def test_an_empty_plan_and_a_team_that_is_gone_can_be_compared() -> None:
    request = three().request
    empty = RoutePlan(request=request, routes=())
    foreign = replace(three(), request=replace(request, teams=request.teams[:1]))

    assert (compared(empty, three()).one.longest_min, compared(empty, three()).one.stops) == (0, 0)
    assert compared(foreign, empty).one.longest_min == 9 * 60 + 40
