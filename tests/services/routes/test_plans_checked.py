"""A small version of tests.benchmarks.plans_checked: plans are passed, and edits that break a rule are rejected."""

import pytest

from geoapp.routing.checking import KINDS
from tests.benchmarks.plans_checked import MUTATIONS, Tally, looked_at
from tests.services.routes.toy_requests import random_requests


@pytest.fixture(scope="module")
def tally() -> Tally:
    made = Tally()
    for seed, request in random_requests(1, 60):
        looked_at(seed, request, made)
    return made


def test_the_checker_passes_every_plan(tally: Tally) -> None:
    assert tally.plans == 60
    assert tally.faulty == []


def test_the_checker_rejects_every_edit_that_breaks_a_rule(tally: Tally) -> None:
    assert tally.missed == []
    assert set(tally.rejected) == set(MUTATIONS)


def test_every_kind_of_fault_is_made_by_some_edit() -> None:
    assert {kind for _, kinds in MUTATIONS.values() for kind in kinds} == set(KINDS)


def test_what_is_said_of_stops_left_out_is_true_when_it_is_tried(tally: Tally) -> None:
    assert tally.untrue == []
    assert len(tally.true) == 5
    assert min(tally.true.values()) > 10
