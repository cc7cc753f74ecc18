"""Places of townships: equal where chance alone could have made the difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.ranking import Ranked, Sample, Weights, clearly_better, estimate, rank
from geoapp.domain.errors import BadInput

EQUALLY = Weights()


def sample(
    both: int, closed_only: int = 0, in_time_only: int = 0, neither: int = 0, *, sites: tuple[int, int]
) -> Sample:
    """A township by what became of its due problems, and sites in order of sites visited."""
    return Sample(
        due=both + closed_only + in_time_only + neither,
        closed=both + closed_only,
        in_time=both + in_time_only,
        both=both,
        in_order=sites[0],
        visited=sites[1],
    )


counts = st.integers(0, 120)
site_counts = counts.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
samples = st.builds(sample, counts, counts, counts, counts, sites=site_counts)
weights = st.builds(Weights, *[st.integers(0, 5).map(float)] * 2, st.integers(1, 5).map(float))


def places(townships: list[Sample], weighed: Weights = EQUALLY) -> list[int | None]:
    return [one.rank for one in rank(townships, weighed)]


def test_what_is_clearly_better_comes_first_and_the_rest_share_a_place() -> None:
    # Closing alone: with one success and one failure more, 91/102 and 51/102 differ by 0.39, which is more than
    # 1.96 times 0.058; 51/102 and 46/102 differ by 0.05, which is less than 1.96 times 0.07.
    closed = [sample(k, 0, 0, 100 - k, sites=(0, 0)) for k in (50, 90, 45)]

    assert places(closed, Weights(1, 0, 0)) == [2, 1, 2]


def test_between_two_that_differ_one_may_share_the_place_of_the_better() -> None:
    closed = [sample(k, 0, 0, 100 - k, sites=(0, 0)) for k in (80, 70, 60)]

    # 80 is clearly better than 60, but 70 can be told from neither.
    assert places(closed, Weights(1, 0, 0)) == [1, 1, 2]


def test_the_score_is_the_weighted_mean_of_the_shares() -> None:
    (only,) = rank([sample(20, 10, 0, 10, sites=(30, 40))], Weights(2, 1, 1))

    assert only.score == pytest.approx((2 * 0.75 + 0.5 + 0.75) / 4)
    assert only.low < only.score < only.high


def test_a_small_sample_has_a_score_but_no_place_and_takes_nobody_elses() -> None:
    small, large = sample(19, sites=(40, 40)), sample(10, 0, 0, 90, sites=(40, 40))
    ranked = rank([small, large], EQUALLY)

    assert ranked[0].too_small
    assert ranked[0].score == 1
    assert ranked[1].rank == 1


def test_a_sample_that_counts_for_nothing_may_be_small() -> None:
    few_sites, few_problems = sample(50, sites=(1, 1)), sample(1, sites=(50, 50))

    assert places([few_sites], Weights(1, 1, 0)) == [1]
    assert places([few_problems], Weights(0, 0, 1)) == [1]
    assert places([few_sites, few_problems]) == [None, None]


def test_without_anything_to_count_there_is_no_score() -> None:
    assert rank([sample(0, sites=(30, 30))], EQUALLY) == [Ranked(None, None, None, None)]
    assert rank([], EQUALLY) == []


@pytest.mark.parametrize("given", [(0, 0, 0), (-1, 2, 0), (float("nan"), 1, 1), (float("inf"), 1, 1)])
def test_weights_are_numbers_of_which_one_is_more_than_nothing(given: tuple[float, float, float]) -> None:
    with pytest.raises(BadInput):
        Weights(*given)


@pytest.mark.parametrize(
    "wrong",
    [(10, 11, 5, 5, 0, 0), (10, 5, 5, 6, 0, 0), (10, 8, 8, 5, 0, 0), (10, 5, 5, 5, 3, 4), (10, -1, 0, -1, 0, 0)],
)
def test_counts_that_contradict_each_other_are_a_mistake(wrong: tuple[int, ...]) -> None:
    names = ("due", "closed", "in_time", "both", "visited", "in_order")
    with pytest.raises(ValueError, match="contradict"):
        Sample(**dict(zip(names, wrong, strict=True)))


@given(samples, weights)
def test_the_variance_is_what_numpy_finds_among_the_problems_themselves(one: Sample, weighed: Weights) -> None:
    total = weighed.closed + weighed.in_time + weighed.in_order
    neither = one.due - one.closed - one.in_time + one.both
    closed = np.repeat([1, 1, 0, 0], [one.both + 1, one.closed - one.both, one.in_time - one.both, neither + 1])
    in_time = np.repeat([1, 0, 1, 0], [one.both + 1, one.closed - one.both, one.in_time - one.both, neither + 1])
    in_order = np.repeat([1, 0], [one.in_order + 1, one.visited - one.in_order + 1])
    of_problems = (weighed.closed * closed + weighed.in_time * in_time) / total
    of_sites = weighed.in_order * in_order / total
    found = estimate(one, weighed)

    assert found.mean == pytest.approx(of_problems.mean() + of_sites.mean())
    assert found.variance == pytest.approx(of_problems.var() / closed.size + of_sites.var() / in_order.size)


@given(st.lists(samples, max_size=8), weights, st.randoms())
def test_the_order_of_townships_does_not_matter(townships: list[Sample], weighed: Weights, chance: object) -> None:
    order = list(range(len(townships)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    ranked = rank(townships, weighed)

    assert rank([townships[n] for n in order], weighed) == [ranked[n] for n in order]


@given(st.lists(samples, max_size=8), weights)
def test_doubled_weights_change_nothing(townships: list[Sample], weighed: Weights) -> None:
    doubled = Weights(2 * weighed.closed, 2 * weighed.in_time, 2 * weighed.in_order)

    assert rank(townships, doubled) == rank(townships, weighed)


@given(st.lists(samples, min_size=1, max_size=6), weights)
def test_equal_townships_have_equal_places(townships: list[Sample], weighed: Weights) -> None:
    ranked = rank([*townships, townships[0]], weighed)

    assert ranked[-1] == ranked[0]


@given(samples, samples, weights)
def test_two_alone_share_the_first_place_unless_one_is_clearly_better(
    one: Sample, other: Sample, weighed: Weights
) -> None:
    ranks = places([one, other], weighed)
    if None in ranks:
        return
    told_apart = clearly_better(one, other, weighed) or clearly_better(other, one, weighed)

    assert sorted(ranks) == ([1, 2] if told_apart else [1, 1])


@given(st.lists(samples, max_size=8), weights)
def test_somebody_is_first_and_nobody_beyond_the_last(townships: list[Sample], weighed: Weights) -> None:
    ranks = [place for place in places(townships, weighed) if place is not None]

    assert not ranks or min(ranks) == 1
    assert all(place <= len(ranks) for place in ranks)


@given(samples, weights)
def test_a_score_lies_in_its_interval(one: Sample, weighed: Weights) -> None:
    (ranked,) = rank([one], weighed)
    if ranked.score is not None:
        assert 0 <= ranked.low <= ranked.score + 1e-12
        assert ranked.score <= ranked.high + 1e-12 <= 1 + 2e-12
