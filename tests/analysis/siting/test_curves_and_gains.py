"""What each further site adds, and who gains: by hand, and by their laws."""

import numpy as np
import pytest
from hypothesis import given, settings

from geoapp.analysis.siting.gains import NONE, gains
from geoapp.analysis.siting.marginal import coverage_curve, median_curve
from geoapp.analysis.siting.p_median import p_median
from geoapp.domain.errors import BadInput
from tests.analysis.siting.toy_sites import PEOPLE, ROAD_COST, World, paid, worlds

INF = np.inf


def test_the_first_site_covers_seventy_people_and_the_second_fifty() -> None:
    curve = coverage_curve(ROAD_COST <= 2, PEOPLE, 3)

    assert curve.candidates[:2].tolist() == [0, 3]
    assert curve.gains.tolist() == [70, 50, 0]


def test_each_site_saves_ways_beside_what_exists() -> None:
    curve = median_curve(ROAD_COST, PEOPLE, 2, existing_cost=ROAD_COST[:, 4])

    assert curve.candidates.tolist() == [1, 3]
    assert curve.gains.tolist() == [10 * 6 + 50 * 6 + 10 * 4, 20]


@settings(max_examples=80)
@given(worlds())
def test_the_curves_never_rise_and_sum_up_to_what_is_saved(world: World) -> None:
    ways = median_curve(world.cost, world.weights, world.p, existing_cost=world.existing)
    people = coverage_curve(world.cost <= 4, world.weights, world.p, covered=world.existing <= 4)
    chosen = ways.candidates
    nearest = np.minimum(world.existing, world.cost[:, chosen].min(axis=1, initial=INF))
    covered = (world.existing <= 4) | (world.cost[:, people.candidates] <= 4).any(axis=1)

    assert (np.diff(ways.gains) <= 0).all()
    assert (np.diff(people.gains) <= 0).all()
    assert ways.gains.sum() == pytest.approx(paid(world, world.existing) - paid(world, nearest))
    assert people.gains.sum() == world.weights[covered & ~(world.existing <= 4)].sum()


@settings(max_examples=40)
@given(worlds())
def test_the_best_choice_saves_at_least_what_greedy_saves(world: World) -> None:
    ways = median_curve(world.cost, world.weights, world.p, existing_cost=world.existing)
    best = p_median(world.cost, world.weights, world.p, existing_cost=world.existing)

    assert best.value <= paid(world, world.existing) - ways.gains.sum() + 1e-9


def test_everybody_knows_who_serves_them_and_what_they_save() -> None:
    who = gains(ROAD_COST, [3, 1], existing_cost=[INF, 9, 1, 1, 0])

    assert who.served_by.tolist() == [1, 1, NONE, 3, NONE]
    assert who.after.tolist() == [1, 0, 1, 0, 0]
    assert who.saved.tolist() == [INF, 9, 0, 1, 0]


@settings(max_examples=40)
@given(worlds())
def test_one_more_facility_makes_nobodys_way_longer(world: World) -> None:
    candidates = world.cost.shape[1]
    fewer = gains(world.cost, range(max(candidates - 1, 0)), existing_cost=world.existing)
    more = gains(world.cost, range(candidates), existing_cost=world.existing)

    assert (more.after <= fewer.after).all()
    assert (fewer.after <= fewer.before).all()
    assert not np.isnan(more.saved).any()


def test_a_candidate_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="no candidate 5"):
        gains(ROAD_COST, [5])
