"""Why stops are left out, in sentences that name what binds."""

from dataclasses import replace
from datetime import timedelta

from geoapp.domain.routes import LeftOut, RequestedStop, RouteRequest
from geoapp.routing.roads import Road
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.planning import Effort, make_plan, written
from geoapp.services.routes.reasons import NOWHERE_NEAR_M, off_road, reason_sentence
from geoapp.services.routes.tasks import laid
from tests.routing.toy_roads import line, travel_over
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, stop, team

NEXT = DAY + timedelta(days=1)


def left_out(request: RouteRequest, *routes: list[int]) -> list[LeftOut]:
    days = [list(route) for route in routes] or [[] for _ in request.teams for _ in request.dates]
    return list(written(request, laid(request, STRAIGHT), days, STRAIGHT).left_out)


def reason(request: RouteRequest, *routes: list[int]) -> str:
    """The reason of the only stop that is left out."""
    (left,) = left_out(request, *routes)
    by_id = {one.id: one for one in request.stops}

    assert left.reason == str(reason_sentence(left, by_id[left.id], names_of(request)))
    return left.reason


def test_a_stop_too_far_for_any_day_says_how_much_too_far() -> None:
    assert reason(asked(stop("a", 70))) == (
        "Even if team A did nothing else, 30 minutes would be missing: the end of its shift.")  # fmt: skip


def test_service_longer_than_the_shift_is_minutes_that_are_missing() -> None:
    assert reason(asked(stop("a", 0, service_min=150))) == (
        "Even if team A did nothing else, 30 minutes would be missing: the end of its shift.")  # fmt: skip


def test_lunch_beyond_the_shift_is_added_to_what_is_missing() -> None:
    """Nothing can be done before 13:00, and then half an hour: until 13:30, which is 150 minutes after 11:00."""
    for begins in ("08:00", "09:00"):
        one = asked(stop("a", 10), teams=(team(lunch=(begins, "13:00")),))
        assert reason(one) == "Even if team A did nothing else, 150 minutes would be missing: the end of its shift."
        longer = replace(one, teams=(team(lunch=(begins, "13:00"), shift=("09:00", "13:30")),))
        assert make_plan(longer, STRAIGHT, STRAIGHT, Effort(iterations=1)).check.ok
        assert not left_out(longer, [0])


def test_hours_that_are_over_on_arrival_are_named() -> None:
    assert reason(asked(stop("a", 30, name="Library", windows=(("08:00", "09:20"),)))) == (
        "Even if team A did nothing else, 20 minutes would be missing: the hours of Library.")  # fmt: skip


def test_hours_bind_where_another_visit_takes_too_long() -> None:
    """B is over at 11:10; the ten minutes of a end twenty minutes after its hours."""
    late = stop("a", 30, service_min=10, windows=(("10:50", "11:00"),))
    full = asked(late, stop("b", 30, service_min=100), teams=(team(end=None, shift=("09:00", "11:30")),))

    assert reason(full, [1]) == (
        "20 minutes are missing where it fits best, with team A: the hours of a. "
        "It would fit if b were left out, at no loss of value.")  # fmt: skip


def test_in_a_tour_a_stop_is_named_that_could_go_instead() -> None:
    """Two hours: 40 minutes each for a and b with their ways, so that c has room only where one of them stood."""
    three = (stop("a", 10, service_min=40), stop("b", 10, service_min=50), stop("c", 10, service_min=40))

    assert reason(asked(*three, mode="all"), [0, 1]) == (
        "30 minutes are missing where it fits best, with team A: the end of its shift. "
        "It would fit if a were left out, at no loss of value.")  # fmt: skip


def test_several_bounds_are_told_together() -> None:
    left = LeftOut(id="a", reason="", bound="several", minutes_missing=12, team="A", date=DAY, alone=True,
                   binding=({"team": "A"}, {"window": "b"}, {"window": "a"}))  # fmt: skip
    request = asked(stop("a", 1), stop("b", 1, name="Hall"))

    assert str(reason_sentence(left, request.stops[0], names_of(request))) == (
        "Even if team A did nothing else, 12 minutes would be missing: "
        "the end of its shift and the hours of Hall, a.")  # fmt: skip


def full_day(**more: object) -> RouteRequest:
    """Two hours, of which b and c fill all but twenty minutes; a would take thirty."""
    return asked(stop("a", 10, service_min=30, **({"value": 1.0} | more)), stop("b", 10, service_min=40, value=3),
                 stop("c", 10, service_min=40, value=2), teams=(team(shift=("09:00", "11:00")),))  # fmt: skip


def test_the_cheapest_stops_that_would_have_to_go_are_named_with_the_loss() -> None:
    (left,) = left_out(full_day(), [1, 2])

    assert (left.minutes_missing, left.would_displace, left.costs, left.alone) == (10, ("c",), 1, False)
    assert left.reason == (
        "10 minutes are missing where it fits best, with team A: the end of its shift. "
        "It would fit if c were left out, at a net loss of about 1.")  # fmt: skip


def test_what_is_worth_more_than_what_would_have_to_go_costs_nothing() -> None:
    assert reason(full_day(value=5.0), [1, 2]).endswith("It would fit if c were left out, at no loss of value.")


def test_of_a_must_visit_no_loss_is_counted() -> None:
    assert reason(full_day(must=True), [1, 2]).endswith("It has to be visited, and fits if c are left out.")


def test_must_visits_make_room_for_nobody() -> None:
    day = full_day()
    kept = replace(day, stops=tuple(replace(one, must=one.id != "a") for one in day.stops))

    assert reason(kept, [1, 2]).endswith("No two stops of one team make room for it, nor three in a row.")


def test_what_fits_says_with_whom() -> None:
    two = asked(stop("a", 10), teams=(team("A", ("09:00", "09:10")), team("B", name="North")), dates=(DAY, NEXT))

    assert reason(two) == "There is time for it with team North on 2026-11-24."


def test_what_is_worth_nothing_says_so() -> None:
    (left,) = left_out(asked(stop("a", 10, value=0.0)))

    assert (left.bound, left.reason) == ("worthless", "It is worth nothing, so no way is made for it.")


def test_a_stop_that_nobody_may_visit_says_why() -> None:
    def why(one: RequestedStop, **more: object) -> str:
        return reason(asked(one, teams=(team(**more),)))

    assert why(stop("a", 1, skills=("gas", "lift"))) == "No team has the skills that it needs: gas, lift."
    assert why(stop("a", 1, township="E"), townships=("W",)) == "It lies in none of the townships of any team."
    assert why(stop("a", 1, not_before=NEXT)) == (
        "None of the days lies between 2026-11-25 and …, when it may be visited.")  # fmt: skip
    assert why(stop("a", 1, date=NEXT)).startswith("None of the days lies between 2026-11-25 and 2026-11-25")
    assert why(stop("a", 1, team="Z")) == "It is tied to team Z, which does not go out."


def test_what_others_could_do_is_not_denied_to_them() -> None:
    """North could by its skills and South by its township: a sentence about any team would be untrue."""
    gas, west = team("A", name="North", skills=("gas",), townships=("E",)), team("B", name="South", townships=("W",))

    def why(one: RequestedStop) -> str:
        return reason(asked(one, teams=(gas, west)), [], [])

    assert why(stop("a", 1, township="W", skills=("gas",))) == (
        "No team that has the skills that it needs (gas) visits its township.")  # fmt: skip
    assert why(stop("a", 1, township="W", skills=("gas",), team="B")) == (
        "Team South, which it is tied to, lacks skills that it needs: gas.")  # fmt: skip
    assert why(stop("a", 1, township="W", team="A")) == (
        "It lies in none of the townships of team North, which it is tied to.")  # fmt: skip


def test_a_day_that_it_is_tied_to_and_may_not_be_visited_on_is_told() -> None:
    for bound in ({"deadline": DAY - timedelta(days=1)}, {"not_before": NEXT}):
        assert reason(asked(stop("a", 1, date=DAY, **bound))) == (
            "It is tied to 2026-11-24, when it may not be visited.")  # fmt: skip


def test_a_stop_in_a_lake_tells_how_far_the_road_is() -> None:
    travel = travel_over((Road("main"), line((0, 0), (10, 0))))
    lake = replace(stop("lake", 0), lon=0.005, lat=0.02)
    request = asked(lake)
    (left,) = written(request, laid(request, travel), [[]], travel).left_out

    assert left.reason == "The nearest road by which one gets there and back is 2,226 m away, more than 500 m."
    assert str(reason_sentence(left, lake, names_of(request))) == left.reason


def test_a_stop_without_any_road_is_told_without_a_number() -> None:
    left = off_road("a", NOWHERE_NEAR_M)

    assert (left.metres, left.reason) == (None, "No road by which one gets there and back is anywhere near.")


def test_the_most_valuable_is_told_first() -> None:
    assert [left.id for left in left_out(asked(stop("a", 90), stop("b", 90, value=2), stop("c", 90)))] == [
        "b",
        "a",
        "c",
    ]


def test_stops_of_one_name_are_told_apart() -> None:
    names = names_of(asked(stop("a", 1, name="Park"), stop("b", 1, name="Park"), stop("c", 1, name=" ")))

    assert [names.stop(id) for id in ("a", "b", "c", "x")] == ["Park (a)", "Park (b)", "c", "x"]
    assert (names.team("A"), names.team("x")) == ("A", "x")
