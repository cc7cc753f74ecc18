"""p-median against every choice there is, against published optima, against spopt, and by its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.siting.answers import Effort
from geoapp.analysis.siting.p_median import p_median
from geoapp.domain.errors import BadInput
from tests.analysis.siting.toy_sites import PEOPLE, ROAD_COST, World, choices, made_or_library, or_library, paid, worlds

INF = np.inf
OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)


def test_two_sites_on_a_road_stand_where_most_people_are() -> None:
    answer = p_median(ROAD_COST, PEOPLE, 2)

    assert answer.chosen == (1, 4)
    assert answer.value == answer.bound == 10 + 10 + 20
    assert answer.proven
    assert answer.gap == 0


def test_a_facility_that_exists_is_fixed_and_serves_whom_it_serves_better() -> None:
    answer = p_median(ROAD_COST, PEOPLE, 1, existing_cost=ROAD_COST[:, 4])

    assert answer.chosen == (1,)
    assert answer.value == 10 + 10 + 20


@settings(max_examples=150)
@given(worlds())
def test_no_choice_of_sites_costs_less(world: World) -> None:
    answer = p_median(world.cost, world.weights, world.p, existing_cost=world.existing)
    nearest = np.minimum(world.existing, world.cost[:, list(answer.chosen)].min(axis=1, initial=INF))

    assert answer.value == pytest.approx(paid(world, nearest))
    assert answer.value == pytest.approx(min(paid(world, each) for each in choices(world)))
    assert answer.proven
    assert answer.bound == pytest.approx(answer.value, rel=1e-6)
    assert answer.unserved == tuple(np.flatnonzero(np.isinf(nearest)))
    assert len(set(answer.chosen)) == min(world.p, world.cost.shape[1])


@settings(max_examples=40)
@given(worlds())
def test_one_more_facility_makes_the_sum_no_larger(world: World) -> None:
    fewer = p_median(world.cost, world.weights, world.p, existing_cost=world.existing)
    more = p_median(world.cost, world.weights, world.p + 1, existing_cost=world.existing)

    assert more.value <= fewer.value + 1e-9


@settings(max_examples=30)
@given(st.lists(st.tuples(*[st.integers(-50, 50)] * 2), min_size=2, max_size=8), st.integers(-999, 999))
def test_moving_everything_together_changes_nothing(places: list[tuple[int, int]], shift: int) -> None:
    def answer(points: np.ndarray) -> object:
        return p_median(np.abs(points[:, None] - points).sum(axis=2), None, 2)

    here, there = answer(np.array(places)), answer(np.array(places) + shift)

    assert (here.chosen, here.value) == (there.chosen, there.value)


@pytest.mark.parametrize("number", range(1, 11))
def test_the_optimum_of_the_or_library_is_reached_and_proven(number: int, shared_data: object) -> None:
    cost, p = or_library((shared_data / "pmed" / f"pmed{number}.txt").read_text())

    answer = p_median(cost, None, p)

    assert answer.value == answer.bound == OPTIMA[number - 1]
    assert answer.proven


def test_a_proof_that_runs_out_of_time_is_none_and_says_how_much_is_open() -> None:
    cost, p = or_library(made_or_library(150, 10, seed=1))
    in_a_hurry = p_median(cost, None, p, effort=Effort(seconds=0.0))
    at_leisure = p_median(cost, None, p)

    assert not in_a_hurry.proven
    assert in_a_hurry.method == "time"
    assert in_a_hurry.bound < at_leisure.value <= in_a_hurry.value
    assert 0 < in_a_hurry.gap < 0.05
    assert at_leisure.proven


def test_neither_branches_nor_highs_take_what_they_had_no_time_for_as_proven() -> None:
    # Costs without any geometry: their bounds are weak, and no search closes them within minutes.
    cost = np.random.default_rng(6).uniform(1, 100, (200, 200))
    answer = p_median(cost, None, 20, effort=Effort(seconds=1.5))

    assert (answer.proven, answer.method) == (False, "time")
    assert answer.bound < answer.value
    assert answer.gap > 0.01


def test_the_same_seed_finds_the_same_sites() -> None:
    cost, p = or_library(made_or_library(120, 12, seed=2))

    assert p_median(cost, None, p).chosen == p_median(cost, None, p).chosen


def test_what_branches_leave_open_is_closed_by_highs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geoapp.analysis.siting.choosing.SHARE", 0.0)
    cost, p = or_library(made_or_library(60, 4, seed=4))
    weights = np.random.default_rng(4).uniform(1, 9, 60)
    by_highs = p_median(cost, weights, p)
    monkeypatch.undo()

    assert by_highs.method in {"HiGHS", "bound"}
    assert by_highs.proven
    assert by_highs.value == pytest.approx(p_median(cost, weights, p).value)


def test_what_nothing_reaches_counts_in_no_value_and_is_named() -> None:
    answer = p_median([[1, INF], [INF, INF], [INF, 2]], [1, 1, 1], 1)

    assert answer.chosen == (0,)
    assert answer.unserved == (1, 2)
    assert answer.value == 1 + 10 * 2


@pytest.mark.parametrize(
    ("cost", "weights", "p", "existing"),
    [
        ([[np.nan]], [1], 1, None),
        ([[-1.0]], [1], 1, None),
        ([1.0], [1], 1, None),
        ([[1.0]], [np.nan], 1, None),
        ([[1.0]], [-1], 1, None),
        ([[1.0]], [INF], 1, None),
        ([[1.0]], [1, 2], 1, None),
        ([[1.0]], [1], -1, None),
        ([[1.0]], [1], 1.5, None),
        ([[1.0]], [1], 1, [np.nan]),
        ([[1.0]], [1], 1, [1, 2]),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(cost: object, weights: object, p: object, existing: object) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        p_median(cost, weights, p, existing_cost=existing)
