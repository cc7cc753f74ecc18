"""The question of the next place: read from a link, written to it, refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, UnknownParameter
from geoapp.domain.siting import AMONG, GOALS, SitingQuestion


def test_a_link_is_read_with_its_question_of_coverage() -> None:
    asked = SitingQuestion.parse(
        {"kind": ["library"], "by": ["car"], "goal": ["shorten"], "p": ["4"], "among": ["sites"], "site": ["b,a"]}
    )
    assert asked.coverage == CoverageQuestion(kind=("library",), by="car")
    assert (asked.goal, asked.count, asked.among, asked.site) == ("shorten", 4, "sites", ("a", "b"))


def test_what_is_as_usual_is_not_in_the_link() -> None:
    assert SitingQuestion.parse({"p": ["3"], "goal": ["cover"]}).query() == ""


@pytest.mark.parametrize(
    ("name", "text"), [("p", "0"), ("p", "21"), ("p", "two"), ("goal", "best"), ("among", "x"), ("spacing", "1")]
)
def test_a_value_that_cannot_be_read_is_named(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"{name}='{text}'"):
        SitingQuestion.parse({name: [text]})


def test_an_unknown_name_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownParameter, match=r"'gaol'.*goal"):
        SitingQuestion.parse({"gaol": ["cover"]})


@given(
    st.sampled_from(GOALS),
    st.integers(1, 20),
    st.sampled_from(AMONG),
    st.sets(st.text("abc", min_size=1, max_size=3), max_size=3),
    st.none() | st.integers(100, 20_000),
)
def test_what_is_written_is_read_as_the_same(
    goal: str, count: int, among: str, sites: set[str], spacing: int | None
) -> None:
    asked = SitingQuestion(
        coverage=CoverageQuestion(kind=("library",), minutes=20),
        goal=goal, count=count, among=among, site=tuple(sorted(sites)), spacing_m=spacing,
    )  # fmt: skip
    assert SitingQuestion.parse({name: [text] for name, text in asked.parameters().items()}) == asked
