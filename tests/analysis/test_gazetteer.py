"""What people write where coordinates should stand names a place, or it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.gazetteer import Gazetteer, Place

PLACES = [
    Place("sites", "P1", "龙山公园", "L", 116.60, 40.30),
    Place("facilities", "F1", "怀柔区图书馆", "L", 116.61, 40.31),
    Place("streets", "S1", "青春路", None, 116.62, 40.32),
    Place("streets", "S2", "府前街", None, 116.63, 40.33),
    Place("villages", "V1", "庄户村", "B", 116.40, 40.50),
    Place("villages", "V2", "庄户村", "Q", 116.70, 40.20),
    Place("villages", "V3", "富乐社区", "Q", 116.64, 40.31),
    Place("sites", "P2", "中国银行", "L", 116.601, 40.301),
    Place("sites", "P3", "中国银行", "L", 116.64, 40.34),
]
GAZETTEER = Gazetteer.of(PLACES, ["北京市", "怀柔区", "龙山街道", "渤海镇"])


@pytest.mark.parametrize(
    ("texts", "township", "meant"),
    [
        (["龙山公园"], "L", "P1"),
        (["北京市怀柔区龙山街道 龙山公园"], "L", "P1"),
        (["庄户村"], "B", "V1"),
        (["庄户村"], "Q", "V2"),
        (["庄户村"], None, None),  # two villages bear the name: nobody guesses
        (["渤海镇庄户村委会"], "B", "V1"),
        (["富乐社区居委会"], "Q", "V3"),
        (["富乐"], "Q", "V3"),
        (["青春路与某某路交叉口东南角"], "L", "S1"),
        (["某处", "府前街12号院门口"], "L", "S2"),
        (["中国银行"], "L", None),  # two branches, far apart
        (["龙山公园（东门）"], "L", "P1"),
        (["龙山公园"], "Q", None),  # not in that township
        (["无名处"], "L", None),
        ([], "L", None),
        ([""], None, None),
    ],
)
def test_names_and_townships_together_find_a_place(texts: list[str], township: str | None, meant: str | None) -> None:
    found = GAZETTEER.find(texts, township)

    assert (found.id if found else None) == meant


def test_a_whole_name_goes_before_one_inside_an_earlier_text() -> None:
    found = GAZETTEER.find(["青春路旁", "龙山公园"], "L")

    assert found is not None
    assert found.id == "P1"


@given(st.sampled_from(PLACES), st.text(max_size=6), st.text(max_size=6))
def test_what_is_found_bears_a_name_that_was_written(place: Place, before: str, after: str) -> None:
    text = before + place.name + after
    found = GAZETTEER.find([text], place.township)

    assert found is None or found.township in (place.township, None) or place.township is None


@given(st.text(max_size=40))
def test_any_text_is_searched_without_fault(text: str) -> None:
    found = GAZETTEER.find([text])

    assert found is None or found in PLACES
