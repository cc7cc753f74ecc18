"""LSCP and p-centre against every choice there is, and by their laws."""

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings

from geoapp.analysis.siting.answers import Effort
from geoapp.analysis.siting.lscp import lscp
from geoapp.analysis.siting.p_centre import p_centre
from tests.analysis.siting.toy_sites import ROAD_COST, World, choices, worlds

INF = np.inf
REACH = 4.0


def worst(world: World, nearest: np.ndarray) -> float:
    """The worst way of those that anything reaches and that weigh something."""
    best = np.minimum(world.existing, world.cost.min(axis=1, initial=INF))
    return float(nearest[(world.weights > 0) & np.isfinite(best)].max(initial=0.0))


def test_two_sites_cover_the_road() -> None:
    answer = lscp(ROAD_COST <= 2)

    assert len(answer.chosen) == answer.value == answer.bound == 2
    assert answer.proven


def test_who_is_covered_by_no_candidate_is_named() -> None:
    answer = lscp([[True, False], [False, False], [False, True]])

    assert answer.chosen == (0, 1)
    assert answer.unserved == (1,)


@settings(max_examples=100)
@given(worlds())
def test_no_fewer_sites_cover_everything_that_can_be_covered(world: World) -> None:
    covers, covered = world.cost <= REACH, world.existing <= REACH
    answer = lscp(covers, covered=covered)
    needed = covers[covers.any(axis=1) & ~covered]
    candidates = covers.shape[1]
    least = next(
        size
        for size in range(candidates + 1)
        if any(needed[:, list(sites)].any(axis=1).all() for sites in combinations(range(candidates), size))
    )

    assert answer.value == answer.bound == len(answer.chosen) == least
    assert needed[:, list(answer.chosen)].any(axis=1).all()
    assert answer.unserved == tuple(np.flatnonzero(~covers.any(axis=1) & ~covered))


def test_a_cover_that_no_interchange_can_prove_is_proven() -> None:
    chance = np.random.default_rng(3)
    points = chance.random((150, 2))
    answer = lscp(((points[:, None] - points) ** 2).sum(axis=2) <= 0.2**2)

    assert answer.proven
    assert answer.value == answer.bound


def set_cards() -> np.ndarray:
    """Which of 27 cards (SET's, without one feature) are in which of the 117 sets: covers that are hard to prove."""
    cards = np.array(list(product(range(3), repeat=3)))
    sets = [three for three in combinations(range(27), 3) if not (cards[list(three)].sum(axis=0) % 3).any()]
    covers = np.zeros((len(sets), 27), bool)
    for row, three in enumerate(sets):
        covers[row, list(three)] = True
    return covers


def test_ten_cards_always_hold_a_set() -> None:
    # B. Davis and D. Maclagan, "The card game SET", Mathematical Intelligencer 25, 2003: so 18 cards meet every set.
    answer = lscp(set_cards())

    assert answer.value == answer.bound == 18
    assert answer.proven


def test_a_cover_whose_proof_runs_out_of_time_is_not_said_to_be_proven() -> None:
    answer = lscp(set_cards(), effort=Effort(seconds=0.0))

    assert (answer.proven, answer.method) == (False, "time")
    assert answer.bound < answer.value
    assert answer.gap > 0


def test_a_worst_way_whose_proof_runs_out_of_time_is_not_said_to_be_proven() -> None:
    answer = p_centre(np.where(set_cards(), 1.0, 9.0), 17, effort=Effort(seconds=0.0))

    assert (answer.value, answer.bound) == (9.0, 1.0)
    assert (answer.proven, answer.method) == (False, "time")


def test_the_worst_way_on_the_road_is_a_kilometre_with_two_sites() -> None:
    answer = p_centre(ROAD_COST, 2)

    assert answer.value == answer.bound == 1.0
    assert answer.chosen[0] == 1


@settings(max_examples=150)
@given(worlds())
def test_no_choice_of_sites_has_a_better_worst_way(world: World) -> None:
    answer = p_centre(world.cost, world.p, weights=world.weights, existing_cost=world.existing)
    nearest = np.minimum(world.existing, world.cost[:, list(answer.chosen)].min(axis=1, initial=INF))

    assert answer.value == min(worst(world, each) for each in choices(world))
    assert answer.value == worst(world, nearest)
    assert answer.proven
    assert answer.unserved == tuple(np.flatnonzero(np.isinf(nearest)))
    assert len(set(answer.chosen)) == min(world.p, world.cost.shape[1])


@settings(max_examples=30)
@given(worlds())
def test_one_more_facility_makes_nobodys_worst_way_longer(world: World) -> None:
    assert p_centre(world.cost, world.p + 1).value <= p_centre(world.cost, world.p).value
