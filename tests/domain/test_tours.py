"""Hosts, scores and averages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.domain.tours import Average, Host, Score, ScoreScale, average, require_on_scale

SCORES = st.lists(st.none() | st.floats(0, 100))


def test_a_missing_score_is_not_a_zero() -> None:
    assert average([80.0, None, 90.0]) == Average(85.0, 2)
    assert average([None, None]) == Average(None, 0)


@given(SCORES)
def test_an_average_lies_among_its_scores_and_says_how_many_they_are(scores: "list[float | None]") -> None:
    found, known = average(scores), [score for score in scores if score is not None]

    assert found.n == len(known)
    if found.mean is not None:
        assert min(known) - 1e-9 <= found.mean <= max(known) + 1e-9


@given(SCORES, st.integers(0, 5))
def test_more_missing_ones_change_nothing(scores: "list[float | None]", missing: int) -> None:
    assert average([*scores, *[None] * missing]) == average(scores)


def test_scores_off_the_scale_are_refused() -> None:
    require_on_scale([Score(leader="Leader 1", stop="a", score=10.0), Score(leader="Leader 1", stop="b")],
                     ScoreScale(1, 10))  # fmt: skip
    with pytest.raises(BadInput, match="11 is no score from 1 to 10"):
        require_on_scale([Score(leader="Leader 1", stop="a", score=11.0)], ScoreScale(1, 10))


@pytest.mark.parametrize("scale", [(10, 1), (5, 5), (0, float("nan"))])
def test_a_scale_goes_upwards(scale: tuple[float, float]) -> None:
    with pytest.raises(BadInput, match="A scale goes"):
        ScoreScale(*scale)


@pytest.mark.parametrize("leader", ["", "x" * 41, "a\nb"])
def test_a_leader_needs_a_label(leader: str) -> None:
    with pytest.raises(BadInput, match="label"):
        Score(leader=leader, stop="a")


def test_names_and_phones_are_single_lines() -> None:
    with pytest.raises(BadInput, match="no name or phone"):
        Host(stop="a", name="x" * 81)
    with pytest.raises(BadInput, match="no name or phone"):
        Host(stop="a", phone="1\n2")
