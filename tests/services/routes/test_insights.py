"""Why a stop is where it is, and what more would bring: by hand, and held against the checker."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.routes import Advice, KeptReason, RoutePlan, RouteRequest
from geoapp.routing.day import worth
from geoapp.services.routes.editing import moved
from geoapp.services.routes.insights import (
    MORE_MIN,
    advice_sentence,
    advised,
    kept_sentence,
    tried,
    with_more,
)
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.planning import Effort, make_plan, numbers_of, start_of, written
from geoapp.services.routes.tasks import laid
from geoapp.services.routes.verdicts import verdict
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, random_request, stop, team, travels

NEXT = DAY + timedelta(days=1)
TWO = (team("A"), team("B", name="North"))


def by_hand(request: RouteRequest, *routes: list[int]) -> RoutePlan:
    return written(request, laid(request, STRAIGHT), [list(route) for route in routes], STRAIGHT)


def why(plan: RoutePlan, id: str) -> KeptReason:
    return next(one for one in plan.kept if one.id == id)


def told(plan: RoutePlan, id: str) -> str:
    return str(kept_sentence(why(plan, id), plan))


def test_another_team_that_would_have_to_come_from_afar_is_named() -> None:
    """Team B goes as far as 45 minutes: a, at 10, lies on its way; A would be a minute late with c at 45."""
    stops = stop("a", 10), stop("b", 40, service_min=8), stop("c", 45, service_min=21)
    teams = TWO[0], replace(TWO[1], shift=("09:00", "11:10"))
    plan = by_hand(asked(*stops, teams=teams), [0], [1, 2])

    assert told(plan, "a") == (
        "With team A: with team North the way would be no longer. "
        "At this turn: it is the only stop of the day.")  # fmt: skip
    assert why(plan, "a").other_min == -20
    assert told(plan, "c") == (
        "With team North: nobody else who may visit it has room for it at its hours. "
        "At this turn: at another turn the way would be no longer.")  # fmt: skip


def test_minutes_that_another_team_would_travel_more_are_told() -> None:
    west = team("B", start=(-0.5, 0.0), end=(-0.5, 0.0), name="North", shift=("08:00", "18:00"))
    plan = by_hand(asked(stop("a", 10), stop("b", 20), teams=(team(), west)), [0, 1], [])
    one = why(plan, "b")

    assert (one.who, one.other, one.other_date) == ("nearer", "B", DAY)
    assert told(plan, "b").startswith(
        f"With team A: with team North the way would be {one.other_min:.0f} minutes longer."
    )


def test_a_shorter_way_is_a_reason_for_a_turn() -> None:
    """Past a to b, and to c, which lies on the other side."""
    plan = by_hand(asked(stop("a", 10), stop("b", 20), stop("c", -5)), [0, 1, 2])

    assert (why(plan, "c").turn, why(plan, "b").turn, why(plan, "b").turn_min) == ("alike", "alike", 0)
    zigzag = by_hand(asked(stop("a", 10), stop("c", -5)), [0, 1])
    assert why(zigzag, "a").turn_min == 0
    end = by_hand(asked(stop("a", 10), stop("c", 5), teams=(team(end=(1.0, 0.0), shift=("00:00", "24:00")),)), [1, 0])
    assert told(end, "c").endswith("At this turn: at another turn the way would be at least 10 minutes longer.")


def test_its_own_hours_are_named_where_they_allow_no_other_turn() -> None:
    early = stop("a", 10, windows=(("08:00", "08:30"), ("09:00", "09:30")))
    plan = by_hand(asked(early, stop("b", 20)), [0, 1])

    assert told(plan, "a").endswith("At this turn: at any other turn it would miss its hours, 09:00 to 09:30.")


def test_hours_of_others_are_named_where_it_is_they_that_bind() -> None:
    plan = by_hand(asked(stop("a", 10, service_min=30), stop("b", 20, windows=(("09:00", "09:30"),))), [1, 0])

    assert why(plan, "a").turn == "tight"
    assert told(plan, "a").endswith("miss the hours of other stops or the end of its shift.")


def test_who_alone_may_visit_is_told_with_the_reason() -> None:
    teams = (team("A", skills=("gas",)), team("B", townships=("E",)))

    def who(**more: object) -> str:
        return why(by_hand(asked(stop("a", 10, **more), teams=teams), [0], []), "a").who

    assert who(skills=("gas",), township="E") == "skills"
    assert who(township="W") == "townships"
    assert who(team="A", township="E") == "pinned"
    assert why(by_hand(asked(stop("a", 10)), [0]), "a").who == "one"
    assert why(by_hand(asked(stop("a", 10, deadline=DAY), dates=(DAY, NEXT)), [0], []), "a").who == "dates"
    assert why(by_hand(asked(stop("a", 10, date=DAY), dates=(DAY, NEXT)), [0], []), "a").who == "pinned"


def test_nobody_else_is_said_to_lack_what_one_of_the_others_has() -> None:
    teams = (team("A", skills=("gas",)), team("B", townships=("W",)), team("C", skills=("gas",), townships=("E",)))
    plan = by_hand(asked(stop("a", 10, skills=("gas",), township="W"), teams=teams), [0], [], [])

    assert why(plan, "a").who == "others"
    assert "everybody else lacks the skills that it needs or does not visit its township" in told(plan, "a")


def test_days_are_told_where_there_are_several() -> None:
    plan = by_hand(asked(stop("a", 10), stop("b", 20), dates=(DAY, NEXT)), [0], [1])

    assert told(plan, "a").startswith(
        "With team A on 2026-11-24: with team A on 2026-11-25 the way would be no longer.")  # fmt: skip


def test_of_a_tour_in_the_order_given_the_order_is_the_reason() -> None:
    plan = by_hand(asked(stop("b", 20), stop("a", 10), mode="all", order="given"), [0, 1])

    assert told(plan, "a") == "With team A: nobody else goes out. At this turn: the order is given."


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_where_else_a_stop_could_be_is_what_moving_it_shows(seed: int) -> None:
    """Replayed by the checker: with the other team it fits, at the travel that is said; where nothing is named it
    fits nowhere.
    """
    travel, plain = travels(seed)
    plan = make_plan(random_request(seed), travel, plain, Effort(iterations=20, advice=False))
    tied = {one.id for one in plan.request.stops if one.team or one.date}
    for one in [one for one in plan.kept if one.id not in tied][:4]:
        route = next(route for route in plan.routes if (route.team, route.date) == (one.team, one.date))
        turns = [moved(plan, one.id, one.team, one.date, at, travel, plain) for at in range(len(route.stops))]
        fits = [travels_min(other) for other in turns if fine(other, plan) and start_of(other) != start_of(plan)]
        if plan.request.order == "free":
            assert (min(fits) - travels_min(plan) == pytest.approx(one.turn_min, abs=0.3)) if fits else (
                one.turn_min is None)  # fmt: skip
        if one.other is not None:
            other = moved(plan, one.id, one.other, one.other_date, None, travel, plain)
            assert fine(other, plan)
            assert travels_min(other) - travels_min(plan) == pytest.approx(one.other_min, abs=0.3)
        else:
            for who, day in {(r.team, r.date) for r in plan.routes} - {(one.team, one.date)}:
                assert not fine(moved(plan, one.id, who, day, None, travel, plain), plan)


def fine(plan: RoutePlan, before: RoutePlan) -> bool:
    """Whether nothing is wrong that was not before."""
    return {(fault.kind, fault.stop) for fault in plan.check.faults} <= {
        (fault.kind, fault.stop) for fault in before.check.faults}  # fmt: skip


def travels_min(plan: RoutePlan) -> float:
    return sum(route.travel_min for route in plan.routes)


def test_half_an_hour_more_lets_another_stop_in() -> None:
    """Two hours hold a, fifty minutes with its way; b needs 90 more, c as well, and there are 70."""
    stops = (stop("a", 10, service_min=30, value=5), stop("b", 20, service_min=70, value=2), stop("c", 200))
    request = asked(*stops)
    plan = make_plan(request, STRAIGHT, STRAIGHT, Effort(iterations=200))

    assert [stop.id for stop in plan.routes[0].stops] == ["a"]
    assert plan.advice == (
        Advice(kind="shift", team="A", minutes=MORE_MIN, stops=1, value=2.0),
        Advice(kind="team", team="A", stops=1, value=2.0),
    )
    assert [str(advice_sentence(one, names_of(request))) for one in plan.advice] == [
        "30 minutes more for team A would add about 2 in value (+1 stops).",
        "One more team like A would add about 2 in value (+1 stops).",
    ]


def test_a_must_visit_more_is_told_before_any_value() -> None:
    advice = Advice(kind="shifts", minutes=30, must=2, value=-4, stops=1)

    assert str(advice_sentence(advice, names_of(asked(stop("a", 1))))) == (
        "30 minutes more for every team would let about 2 more must-visits be made.")  # fmt: skip


def test_what_brings_nothing_says_so() -> None:
    assert str(advice_sentence(Advice(kind="team", team="B"), names_of(asked(stop("a", 1), teams=TWO)))) == (
        "One more team like North would bring about nothing more.")  # fmt: skip


def test_where_nothing_is_left_out_nothing_is_advised() -> None:
    assert make_plan(asked(stop("a", 10)), STRAIGHT, STRAIGHT, Effort(iterations=9)).advice == ()


def test_a_tour_is_not_advised_another_team_and_one_in_a_given_order_nothing() -> None:
    far = asked(stop("a", 70), mode="all")

    assert [one.kind for one in make_plan(far, STRAIGHT, STRAIGHT, Effort(iterations=9)).advice] == ["shift"]
    given_order = make_plan(replace(far, order="given"), STRAIGHT, STRAIGHT, Effort(iterations=9))
    assert given_order.advice == ()


def test_a_shift_till_midnight_cannot_be_longer() -> None:
    night = (team("A", ("23:00", "24:00")), team("B", ("22:00", "23:40")))
    plan = make_plan(asked(stop("a", 200), teams=night), STRAIGHT, STRAIGHT, Effort(iterations=9))

    assert [one.kind for one in plan.advice] == ["team"]


def test_of_many_teams_each_for_itself_is_not_tried() -> None:
    many = asked(stop("a", 200), teams=tuple(team(f"T{at}") for at in range(9)))

    assert [one.kind for one in make_plan(many, STRAIGHT, STRAIGHT, Effort(iterations=9)).advice] == ["shifts", "team"]


def test_one_more_team_has_an_id_of_its_own() -> None:
    request = asked(stop("a", 1), teams=(team("A"), team("A+1")))

    assert [one.id for one in with_more(request, Advice(kind="team", team="A")).teams] == ["A", "A+1", "A+2"]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_is_advised_is_kept_by_a_plan_that_the_checker_passes(seed: int) -> None:
    travel, plain = travels(seed)
    request = random_request(seed)
    plan = make_plan(request, travel, plain, Effort(iterations=40, advice=False))
    problem = laid(request, travel)
    routes = numbers_of(problem, start_of(plan))
    found = tried(request, problem, routes, iterations=400, seed=seed)
    gains = {(advice.kind, advice.team): (advice.must, advice.value) for advice, _, _ in found}

    for advice, more, better in found:
        asked_more = with_more(request, advice)
        said = verdict(written(asked_more, more, better, travel), plain)
        assert {fault.kind for fault in said.faults} <= {"must"}
        gained = worth(more.task, better)[1] - worth(problem.task, routes)[1]
        assert (advice.must, gained) >= (0, advice.value * 1_000 - 1)
    alone = [gain for (kind, _), gain in gains.items() if kind == "shift"]
    assert not alone or ("shifts", None) not in gains or gains["shifts", None] >= max(alone)


def test_advice_is_the_same_each_time() -> None:
    request = random_request(11)
    problem = laid(request, STRAIGHT)
    empty: list[list[int]] = [[] for _ in problem.teams]
    one, two = (advised(request, problem, empty, iterations=200, seed=4) for _ in range(2))

    assert one == two
    assert one
