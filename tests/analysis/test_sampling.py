"""Sampling: quotas that add up, lots that only seed and id decide, and chances that grow with the weight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.sampling import allotted, drawn, lots
from geoapp.domain.errors import BadInput

SEEDS = st.integers(0, 10_000)
GROUPS = st.lists(st.tuples(st.integers(0, 20), st.floats(0, 10).filter(lambda share: share == 0 or share > 0.01)),
                  min_size=1, max_size=12)  # fmt: skip


def of_groups(groups: "list[tuple[int, float]]", total: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return allotted(total, np.array([share for _, share in groups]), np.array([most for most, _ in groups]))


def test_largest_remainders_round_up() -> None:
    """Shares of 7 by 5, 3 and 2 are 3.5, 2.1 and 1.4: rounded down they leave one, which the half gets."""
    assert allotted(10, np.array([3.3, 3.3, 3.4]), np.array([9, 9, 9])).tolist() == [3, 3, 4]
    assert allotted(7, np.array([5.0, 3.0, 2.0]), np.array([9, 9, 9])).tolist() == [4, 2, 1]


def test_what_a_full_group_cannot_take_goes_to_the_others() -> None:
    assert allotted(10, np.array([8.0, 1.0, 1.0]), np.array([2, 9, 9])).tolist() == [2, 4, 4]


@given(GROUPS, st.integers(0, 60))
def test_shares_add_up_and_nobody_gets_more_than_there_is(groups: "list[tuple[int, float]]", total: int) -> None:
    found = of_groups(groups, total)

    there = [most if share > 0 else 0 for most, share in groups]
    assert found.sum() == min(total, sum(there))
    assert all(0 <= one <= most for one, most in zip(found.tolist(), there, strict=True))


@given(st.lists(st.integers(1, 50), min_size=1, max_size=10), st.integers(0, 30))
def test_quotas_keep_to_the_proportion_within_one(sizes: list[int], total: int) -> None:
    found = allotted(total, np.array(sizes, float), np.array([1_000] * len(sizes)))

    assert np.abs(found - total * np.array(sizes) / sum(sizes)).max() < 1


def test_a_share_below_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="0 or more"):
        allotted(3, np.array([1.0, -1.0]), np.array([2, 2]))


def points(number: int, strata: int, seed: int) -> tuple[list[str], "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    return [f"P{at}" for at in range(number)], np.random.default_rng(seed).integers(0, strata, number)


@given(SEEDS, st.integers(0, 40), st.integers(1, 5))
def test_each_stratum_gives_its_quota_or_all_it_has_and_no_point_twice(seed: int, number: int, strata: int) -> None:
    ids, of = points(number, strata, seed)
    quotas = np.random.default_rng(seed).integers(0, 12, strata)

    chosen = drawn(ids, np.ones(number), of, quotas, seed=seed)

    assert len(set(chosen.tolist())) == len(chosen)
    there = np.bincount(of, minlength=strata)
    assert np.bincount(of[chosen], minlength=strata).tolist() == np.minimum(quotas, there).tolist()


@given(SEEDS, st.integers(2, 30))
def test_the_same_seed_draws_the_same_points_whatever_their_order(seed: int, number: int) -> None:
    ids, of = points(number, 3, seed)
    weights = np.random.default_rng(seed).uniform(1, 9, number)
    shuffled = np.random.default_rng(seed + 1).permutation(number)

    one = drawn(ids, weights, of, np.array([3, 2, 1]), seed=seed)
    other = drawn([ids[at] for at in shuffled], weights[shuffled], of[shuffled], np.array([3, 2, 1]), seed=seed)

    assert [ids[at] for at in one] == [ids[shuffled[at]] for at in other]


def test_another_seed_draws_others() -> None:
    ids, of = points(100, 1, 1)
    chosen = {tuple(drawn(ids, np.ones(100), of, np.array([10]), seed=seed).tolist()) for seed in range(20)}

    assert len(chosen) == 20


def test_what_has_to_come_first_comes_first() -> None:
    ids, of = points(20, 1, 1)
    first = np.zeros(20, bool)
    first[[3, 11, 17]] = True

    chosen = drawn(ids, np.where(first, 1.0, 1_000.0), of, np.array([5]), seed=2, first=first)

    assert set(chosen[:3].tolist()) == {3, 11, 17}
    assert len(chosen) == 5


def test_chances_grow_with_the_weight_as_drawing_one_after_another_has_it() -> None:
    """Two of three points with weights 1, 2 and 3: the chance of each is known by hand.

    P(light) = 1/6 + 2/6 · 1/4 + 3/6 · 1/3 = 5/12; P(middle) = 1/3 + 1/6 · 2/5 + 1/2 · 2/3 = 11/15; the rest is heavy.
    """
    times, ids = 6_000, ["light", "middle", "heavy"]
    seen = np.zeros(3)
    for seed in range(times):
        seen[drawn(ids, np.array([1.0, 2.0, 3.0]), np.zeros(3, np.int64), np.array([2]), seed=seed)] += 1

    assert seen / times == pytest.approx([5 / 12, 11 / 15, 17 / 20], abs=0.02)


def test_lots_are_spread_evenly_between_0_and_1() -> None:
    found = lots([f"P{at}" for at in range(20_000)], 7)

    assert ((found > 0) & (found < 1)).all()
    assert np.histogram(found, bins=10, range=(0, 1))[0] / 20_000 == pytest.approx([0.1] * 10, abs=0.01)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(BadInput, match="above 0"):
        drawn(["a"], np.array([weight]), np.zeros(1, np.int64), np.array([1]), seed=1)
