"""What the checker says, in words."""

from dataclasses import replace

import pytest

from geoapp.domain.routes import PlanFault
from geoapp.routing.checking import KINDS
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.planning import Effort, make_plan
from geoapp.services.routes.verdicts import SENTENCES, sentence_of, verdict
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, stop, team

REQUEST = asked(stop("a", 10, name="Library"), teams=(team(name="North"),))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_has_its_sentence(kind: str) -> None:
    fault = PlanFault(kind=kind, sentence="", team="A", date=DAY, stop="a", minutes=2.5)
    told = str(sentence_of(fault, names_of(REQUEST)))

    assert told.endswith(".")
    assert "{" not in told


def test_no_sentence_is_of_a_fault_that_nobody_finds() -> None:
    assert set(SENTENCES) == set(KINDS)


def test_faults_name_stops_and_teams_and_say_by_how_much() -> None:
    plan = make_plan(REQUEST, STRAIGHT, STRAIGHT, Effort(iterations=5, advice=False))
    (route,) = plan.routes
    early = replace(route, stops=(replace(route.stops[0], arrive="09:07:30"),))
    said = verdict(replace(plan, routes=(early,)), STRAIGHT)

    assert [fault.sentence for fault in said.faults] == [
        "Team North cannot be at stop Library so early: it needs 2.5 minutes more."]  # fmt: skip
    assert said.faults[0].minutes == 2.5


def test_a_fault_of_a_second_is_none_of_nothing() -> None:
    plan = make_plan(REQUEST, STRAIGHT, STRAIGHT, Effort(iterations=5, advice=False))
    (route,) = plan.routes
    hasty = replace(route, stops=(replace(route.stops[0], leave="09:19:59"),))
    said = verdict(replace(plan, routes=(hasty,)), STRAIGHT)

    assert [fault.sentence for fault in said.faults] == [
        "Team North leaves stop Library 0.02 minutes before its visit can be over."]  # fmt: skip


def test_a_fault_of_a_kind_that_is_not_known_keeps_its_own_sentence() -> None:
    fault = PlanFault(kind="weather", sentence="It rains {hard}.")

    assert str(sentence_of(fault, names_of(REQUEST))) == "It rains {hard}."


def test_a_plan_without_faults_is_passed() -> None:
    plan = make_plan(REQUEST, STRAIGHT, STRAIGHT, Effort(iterations=5, advice=False))

    assert verdict(plan, STRAIGHT).ok
    assert verdict(plan, STRAIGHT).faults == ()
