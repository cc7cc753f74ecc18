"""MCLP against every choice there is, and by its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array

from geoapp.analysis.siting.mclp import mclp
from geoapp.domain.errors import BadInput
from tests.analysis.siting.toy_sites import PEOPLE, ROAD_COST, World, choices, worlds

REACH = 4.0


def test_one_site_on_a_road_covers_the_larger_end() -> None:
    answer = mclp(ROAD_COST <= 2, PEOPLE, 1)

    assert answer.chosen == (0,)
    assert answer.value == answer.bound == 70
    assert answer.unserved == (3, 4)


def test_what_exists_covers_already_and_the_next_site_goes_where_it_adds() -> None:
    answer = mclp(ROAD_COST <= 2, PEOPLE, 1, covered=ROAD_COST[:, 1] <= 2)

    assert answer.chosen == (3,)
    assert answer.value == 120
    assert answer.unserved == ()


@settings(max_examples=150)
@given(worlds())
def test_no_choice_of_sites_covers_more(world: World) -> None:
    covers, covered = world.cost <= REACH, world.existing <= REACH
    answer = mclp(covers, world.weights, world.p, covered=covered)
    served = covered | covers[:, list(answer.chosen)].any(axis=1)

    assert answer.value == pytest.approx(world.weights[served].sum())
    assert answer.value == pytest.approx(max(world.weights[each <= REACH].sum() for each in choices(world)))
    assert answer.proven
    assert answer.bound == pytest.approx(answer.value)
    assert answer.unserved == tuple(np.flatnonzero(~served))
    assert len(set(answer.chosen)) == min(world.p, covers.shape[1])


@settings(max_examples=40)
@given(worlds())
def test_one_more_facility_makes_no_coverage_smaller(world: World) -> None:
    covers = world.cost <= REACH

    assert mclp(covers, world.weights, world.p + 1).value >= mclp(covers, world.weights, world.p).value


@settings(max_examples=30)
@given(worlds())
def test_a_sparse_table_says_what_a_dense_one_says(world: World) -> None:
    covers = world.cost <= REACH
    dense = mclp(covers, world.weights, world.p)
    sparse = mclp(csr_array(covers), world.weights, world.p)

    assert (dense.chosen, dense.value) == (sparse.chosen, sparse.value)


def test_a_town_of_three_thousand_and_five_hundred_candidates_is_proven() -> None:
    chance = np.random.default_rng(1)
    homes, candidates = chance.random((3000, 2)), chance.random((500, 2))
    covers = ((homes[:, None] - candidates) ** 2).sum(axis=2) <= 0.05**2

    answer = mclp(covers, chance.integers(1, 100, 3000), 30)

    assert answer.proven
    assert answer.value == answer.bound


@pytest.mark.parametrize(
    ("covers", "weights", "covered"),
    [([True], [1], None), ([[True]], [np.nan], None), ([[True]], [1], [True, False]), ([[True]], [-1], None)],
)
def test_what_cannot_be_is_refused_in_a_sentence(covers: object, weights: object, covered: object) -> None:
    with pytest.raises(BadInput, match=r"\.$"):
        mclp(covers, weights, 1, covered=covered)
