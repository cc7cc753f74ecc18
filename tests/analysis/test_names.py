"""A place is found by what somebody remembers of its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.names import Named, NameIndex, fold

PLACES = [
    Named("townships", "1", "怀柔镇", "Huairou Town", 0),
    Named("townships", "2", "龙山街道", "Longshan Subdistrict", 0),
    Named("facilities", "3", "怀柔图书馆", "Huairou Library", 3),
    Named("streets", "4", "西太街", None, 4),
    Named("sites", "5", "重庆路", None, 2),
    Named("sites", "6", "<img src=x onerror=alert(1)>", "<b>bold</b>", 2),
]
INDEX = NameIndex.of(PLACES)


def ids(text: str) -> list[str]:
    return [one.id for one in INDEX.find(text)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("怀柔", ["1", "3"]),  # what begins so: townships before facilities
        ("图书", ["3"]),
        ("hrz", ["1"]),
        ("hrtsg", ["3"]),
        ("xtj", ["4"]),
        ("longshanjiedao", ["2"]),
        ("long shan", ["2"]),
        ("LIB", ["3"]),
        ("huairou l", ["3"]),
        ("cql", ["5"]),  # 重 is chóng here,
        ("zql", ["5"]),  # and zhòng for those who read it so
        ("ｌｏｎｇ", ["2"]),
        ("<img", ["6"]),
        ("nowhere", []),
        ("", []),
        ("  ", []),
        ("irou", []),  # English by the beginning of words only
    ],
)
def test_typed_text_finds_its_places(typed: str, found: list[str]) -> None:
    assert ids(typed) == found


def test_a_whole_name_comes_before_those_that_only_begin_with_it() -> None:
    index = NameIndex.of([Named("sites", "long", "怀柔镇机关", rank=0), Named("sites", "whole", "怀柔镇", rank=5)])

    assert [one.id for one in index.find("怀柔镇")] == ["whole", "long"]


def test_no_more_than_the_limit_is_given() -> None:
    assert len(INDEX.find("怀柔", limit=1)) == 1


@given(st.text("怀柔龙山街道乡镇村委会重行长", min_size=1, max_size=12), st.data())
def test_a_name_is_found_by_any_of_its_parts(name: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(name) - 1))
    last = data.draw(st.integers(first + 1, len(name)))

    assert [one.id for one in NameIndex.of([Named("sites", "1", name)]).find(name[first:last])] == ["1"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_searched_without_fault(name: str, typed: str) -> None:
    found = NameIndex.of([Named("sites", "1", name, name)]).find(typed)

    assert found == [] or found[0].id == "1"
    if fold(name):
        assert NameIndex.of([Named("sites", "1", name)]).find(name)[0].id == "1"


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=4), st.data())
def test_an_english_name_is_found_by_the_beginning_of_any_word(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    typed = word[: data.draw(st.integers(1, len(word)))]

    assert NameIndex.of([Named("sites", "1", "名", " ".join(words))]).find(typed)[0].id == "1"
