"""A selection means the same in every link."""

from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput, UnknownParameter
from geoapp.domain.layers import LAYERS
from geoapp.domain.problem import Status
from geoapp.domain.selection import Due, Selection

words = st.text(st.characters(codec="utf-8", exclude_characters=","), min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)
lists = st.lists(words, max_size=3, unique=True).map(lambda values: tuple(sorted(values)))
selections = st.builds(
    Selection,
    category=st.lists(st.sampled_from(["01", "02", "0201"]), unique=True).map(lambda codes: tuple(sorted(codes))),
    status=st.lists(st.sampled_from(list(map(str, Status))), unique=True).map(lambda codes: tuple(sorted(codes))),
    township=lists,
    unit=lists,
    without=lists,
    due=st.sampled_from([None, *Due]),
    first_day=st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    last_day=st.none() | st.dates(date(2021, 1, 1), date(2030, 1, 1)),
    bbox=st.sampled_from([None, (116.5, 40.25, 117.0, 41.0)]),
    q=st.none() | words,
)


def parse(query: str) -> Selection:
    return Selection.parse(parse_qs(query))


@given(selections)
def test_a_link_gives_back_its_selection(selection: Selection) -> None:
    assert parse(selection.query()) == selection


@given(selections, st.sampled_from(list(LAYERS)))
def test_the_part_for_a_layer_is_never_refused_there(selection: Selection, layer: str) -> None:
    selection.for_layer(layer).require(layer)


def test_lists_come_by_comma_or_repeated_and_in_any_order() -> None:
    assert parse("township=b,a&township=a") == parse("township=a%2Cb") == Selection(township=("a", "b"))


def test_an_empty_value_chooses_all() -> None:
    assert parse("township=&from=") == Selection()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("state=open", "no parameter 'state'"),
        ("status=opened", "status='opened' is not one of reported"),
        ("category=2", "category='2' is not a code"),
        ("from=3.5.2026", "from='3.5.2026' is not a day"),
        ("from=2026-05-04&to=2026-05-03", "from=2026-05-04 lies after to=2026-05-03"),
        ("due=tomorrow", "due='tomorrow' is not one of soon, overdue"),
        ("bbox=1,2,3", "is not four numbers"),
        ("bbox=3,2,1,4", "is not west,south,east,north"),
        ("bbox=nan,2,1,4", "is not west,south,east,north"),
    ],
)
def test_what_cannot_be_read_is_named(query: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence.replace("(", r"\(")):
        parse(query)


def test_facilities_have_no_status() -> None:
    with pytest.raises(UnknownParameter, match="facilities cannot be chosen by 'status'"):
        parse("status=closed").require("facilities")

    assert parse("status=closed&township=a").for_layer("facilities") == Selection(township=("a",))
