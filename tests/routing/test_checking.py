"""The checker on a day that can be followed by hand: stops at ten and twenty minutes, out from nine and home by ten.

A degree of longitude is a minute of travel and a kilometre.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from geoapp.domain.routes import (
    LeftOut,
    PlannedRoute,
    PlannedStop,
    RequestedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
)
from geoapp.routing.checking import KINDS, Fault, faults

DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)


def way(one: tuple[float, float], other: tuple[float, float]) -> tuple[int, float]:
    minutes = abs(one[0] - other[0])
    return int(60 * minutes), 1_000 * minutes


def visit(id: str, arrive: str, leave: str, travel: float = 10.0, start: str | None = None) -> PlannedStop:
    return PlannedStop(id=id, arrive=arrive, start=start or arrive, leave=leave, travel_min=travel,
                       distance_m=1_000 * travel)  # fmt: skip


def day(*stops: PlannedStop, home: str | None = "10:00", **more: Any) -> PlannedRoute:
    return PlannedRoute(**({"team": "T", "date": DAY, "stops": stops, "home": home, "travel_min": 40.0,
                            "distance_m": 40_000.0} | more))  # fmt: skip


def plan(**more: Any) -> RoutePlan:
    """Both stops are visited, one after the other; a third one is left out."""
    stops = (RequestedStop(id="a", lon=10, lat=0, service_min=10, value=3),
             RequestedStop(id="b", lon=20, lat=0, service_min=10, value=2),
             RequestedStop(id="c", lon=90, lat=0, service_min=10, value=1))  # fmt: skip
    team = RequestedTeam(id="T", start=(0, 0), end=(0, 0), shift=("09:00", "10:30"), skills=("s",), townships=("W",))
    request = RouteRequest(stops=tuple(replace(stop, township="W") for stop in stops), teams=(team,), dates=(DAY, NEXT))
    made = RoutePlan(request=request, routes=(day(visit("a", "09:10", "09:20"), visit("b", "09:30", "09:40")),),
                     left_out=(LeftOut(id="c", reason="far", bound="shift"),), value=5.0)  # fmt: skip
    return replace(made, **more)


def asked(id: str, **more: Any) -> RoutePlan:
    """The same plan for a request that says something else of a stop."""
    return asking(stops=tuple(replace(stop, **more) if stop.id == id else stop for stop in plan().request.stops))


def asking(**more: Any) -> RoutePlan:
    made = plan()
    if "team" in more:
        more["teams"] = (replace(made.request.teams[0], **more.pop("team")),)
    return replace(made, request=replace(made.request, **more))


def going(*stops: PlannedStop, **more: Any) -> RoutePlan:
    return plan(routes=(day(*stops, **more),))


A, B = visit("a", "09:10", "09:20"), visit("b", "09:30", "09:40")

WRONG: dict[str, tuple[Callable[[], RoutePlan], Fault]] = {
    "a team that was not asked for": (
        lambda: going(A, B, team="X"), Fault("unknown team", "X", DAY)),
    "a day that was not asked for": (
        lambda: going(A, B, date=date(2030, 1, 1)), Fault("unknown date", "T", date(2030, 1, 1))),
    "two routes of a team on a date": (
        lambda: plan(routes=(*plan().routes, PlannedRoute(team="T", date=DAY))), Fault("team twice", "T", DAY)),
    "a stop that was not asked for": (
        lambda: going(A, replace(B, id="x")), Fault("unknown stop", "T", DAY, "x")),
    "a stop left out that was not asked for": (
        lambda: plan(left_out=(*plan().left_out, LeftOut(id="x", reason="", bound="shift"))),
        Fault("unknown stop", stop="x")),
    "a stop visited twice": (lambda: going(A, A, B), Fault("twice", stop="a")),
    "a stop left out twice": (lambda: plan(left_out=plan().left_out * 2), Fault("twice", stop="c")),
    "a stop that the plan forgets": (lambda: plan(left_out=()), Fault("nowhere", stop="c")),
    "a stop visited and left out": (
        lambda: plan(left_out=(*plan().left_out, LeftOut(id="a", reason="", bound="shift"))), Fault("both", stop="a")),
    "a must-visit that nobody makes": (lambda: asked("c", must=True), Fault("must", stop="c")),
    "a pinned stop that nobody visits": (lambda: asked("c", pinned=True), Fault("must", stop="c")),
    "a skill that the team lacks": (
        lambda: asked("a", skills=("s", "other")), Fault("skills", "T", DAY, "a")),
    "a township of others": (lambda: asked("a", township="E"), Fault("township", "T", DAY, "a")),
    "a stop of another team": (lambda: asked("a", team="U"), Fault("wrong team", "T", DAY, "a")),
    "a stop of another day": (lambda: asked("a", date=NEXT), Fault("wrong date", "T", DAY, "a")),
    "a visit before it may be made": (lambda: asked("a", not_before=NEXT), Fault("too early", "T", DAY, "a")),
    "a visit after its deadline": (
        lambda: asked("a", deadline=date(2026, 11, 23)), Fault("too late", "T", DAY, "a")),
    "a time that is none": (lambda: going(replace(A, start="soon"), B), Fault("time", "T", DAY)),
    "an arrival faster than the roads": (
        lambda: going(replace(A, arrive="09:09"), B), Fault("arrives", "T", DAY, "a", 60)),
    "an arrival a second too early": (
        lambda: going(replace(A, arrive="09:09:59"), B), Fault("arrives", "T", DAY, "a", 1)),
    "a visit before the arrival": (
        lambda: going(replace(A, start="09:09"), B), Fault("starts", "T", DAY, "a", 60)),
    "a visit cut short": (lambda: going(A, replace(B, leave="09:39")), Fault("leaves", "T", DAY, "b", 60)),
    "a visit with a walk that is forgotten": (
        lambda: asked("b", walk_min=1.5), Fault("leaves", "T", DAY, "b", 180)),
    "a visit before its hours": (
        lambda: asked("a", windows=(("09:15", "09:30"),)), Fault("window", "T", DAY, "a", 300)),
    "a visit that goes on after its hours": (
        lambda: asked("a", windows=(("09:00", "09:15"),)), Fault("window", "T", DAY, "a", 300)),
    "a visit between its hours": (
        lambda: asked("b", windows=(("09:00", "09:20"), ("09:35", "10:00"))), Fault("window", "T", DAY, "b", 300)),
    "a visit that begins during lunch": (
        lambda: asking(team={"lunch": ("09:30", "09:35")}), Fault("lunch", "T", DAY, "b")),
    "a shift that is over": (
        lambda: asking(team={"shift": ("09:00", "09:50")}), Fault("shift", "T", DAY, seconds=600)),
    "home before it can be": (lambda: going(A, B, home="09:55"), Fault("home", "T", DAY)),
    "never home": (lambda: going(A, B, home=None), Fault("home", "T", DAY)),
    "home from nowhere": (
        lambda: plan(routes=(*plan().routes, PlannedRoute(team="T", date=NEXT, home="10:00"))),
        Fault("home", "T", NEXT)),
    "a leg that takes less": (
        lambda: going(replace(A, travel_min=9.5), B), Fault("travel", "T", DAY, "a", -30)),
    "a day that travels less": (
        lambda: going(A, B, travel_min=30.0), Fault("travel", "T", DAY, seconds=-600)),
    "a leg that is shorter": (
        lambda: going(replace(A, distance_m=9_000.0), B), Fault("distance", "T", DAY, "a")),
    "a day that is shorter": (lambda: going(A, B, distance_m=30_000.0), Fault("distance", "T", DAY)),
    "a value that is no sum": (lambda: plan(value=6.0), Fault("value")),
}  # fmt: skip


def test_a_plan_that_keeps_every_rule_is_passed() -> None:
    assert faults(plan(), way) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_named(name: str) -> None:
    wrong, fault = WRONG[name]

    assert fault in faults(wrong(), way)


@pytest.mark.parametrize("name", WRONG)
def test_kinds_of_faults_are_known(name: str) -> None:
    assert {fault.kind for fault in faults(WRONG[name][0](), way)} <= set(KINDS)


def test_every_kind_of_fault_is_tried() -> None:
    assert {fault.kind for _, fault in WRONG.values()} | {"order"} == set(KINDS)


def tour(*ids: str) -> RoutePlan:
    """A tour in the order given over two stops, in that of ids."""
    request = replace(plan().request, stops=plan().request.stops[:2], dates=(DAY,), mode="all", order="given")
    places = {"a": 10, "b": 20}
    legs = [abs(places[one] - at) for one, at in zip(ids, [0, *(places[one] for one in ids)], strict=False)]
    made, moment = [], 9 * 60
    for id, minutes in zip(ids, legs, strict=True):
        moment += minutes
        made.append(
            visit(id, f"{moment // 60:02}:{moment % 60:02}", f"{moment // 60:02}:{moment % 60 + 10:02}", minutes)
        )
        moment += 10
    long = sum(legs) + places[ids[-1]]
    home = moment + places[ids[-1]]
    route = day(*made, home=f"{home // 60:02}:{home % 60:02}", travel_min=long, distance_m=1_000.0 * long)
    return RoutePlan(request=request, routes=(route,), value=5.0)


def test_a_tour_keeps_the_order_given() -> None:
    assert faults(tour("a", "b"), way) == []
    assert [fault.kind for fault in faults(tour("b", "a"), way)] == ["order"]


def test_every_stop_of_a_tour_is_a_must() -> None:
    short = replace(tour("a"), left_out=(LeftOut(id="b", reason="", bound="shift"),), value=3.0)

    assert faults(short, way) == [Fault("must", stop="b")]


def test_travel_and_service_wait_for_the_end_of_lunch() -> None:
    """Lunch from 09:15 falls into the first visit, which goes on after it."""
    late = going(visit("a", "09:10", "09:40"), visit("b", "09:50", "10:00"), home="10:20")
    ate = replace(late, request=asking(team={"lunch": ("09:15", "09:35")}).request)

    assert faults(ate, way) == []
    assert Fault("leaves", "T", DAY, "a", 1_200) in faults(replace(plan(), request=ate.request), way)


def test_what_ends_as_lunch_begins_has_ended_then() -> None:
    """The first visit ends at 09:20 as its hours do, when lunch begins; travel goes on at 09:30."""
    request = asked("a", windows=(("09:00", "09:20"),)).request
    team = replace(request.teams[0], lunch=("09:20", "09:30"))
    ate = going(A, visit("b", "09:40", "09:50"), home="10:10")

    assert faults(replace(ate, request=replace(request, teams=(team,))), way) == []


def test_a_visit_may_end_with_lunch_where_it_ends_before_it() -> None:
    """Leaving as lunch is over is the same visit, which was over when lunch began."""
    request = asked("a", windows=(("09:00", "09:20"),)).request
    team = replace(request.teams[0], lunch=("09:20", "09:30"))
    ate = going(replace(A, leave="09:30"), visit("b", "09:40", "09:50"), home="10:10")

    assert faults(replace(ate, request=replace(request, teams=(team,))), way) == []


def test_a_team_that_arrives_during_lunch_visits_after_it() -> None:
    """It arrives as lunch begins; nothing takes no time, and a stop without service may be passed then."""
    none = tuple(replace(stop, service_min=0) if stop.id == "a" else stop for stop in plan().request.stops)
    request = replace(plan().request, stops=none)
    team = replace(request.teams[0], lunch=("09:10", "09:20"))
    passed = going(visit("a", "09:10", "09:10"), visit("b", "09:30", "09:40"))

    assert faults(replace(passed, request=replace(request, teams=(team,))), way) == []


def test_a_day_that_goes_on_after_midnight_ends_after_its_shift() -> None:
    """A time such as 24:50 can be read: it is not the time that is wrong."""
    late = going(A, visit("b", "24:20", "24:30"), home="24:50")

    assert faults(late, way) == [Fault("shift", "T", DAY, seconds=14 * 3_600 + 20 * 60)]


def test_an_open_end_is_home_at_the_last_stop() -> None:
    request = asking(team={"end": None}).request
    opened = going(A, B, home="09:40", travel_min=20.0, distance_m=20_000.0)

    assert faults(replace(opened, request=request), way) == []
