"""A list as a picture: always as wide as a phone wants it, as high as its rows, and never without its remainder."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geoapp.documents import list_picture as module
from geoapp.documents.list_picture import ListPicture, list_picture
from geoapp.documents.typeface import Typeface

PICTURE = ListPicture(
    title="逾期问题",
    subtitle="怀柔区 · 共 2 条",
    headings=["编号", "责任单位", "内容"],
    rows=[["1", "龙山街道", "垃圾满溢"], ["2", "城管委", "非机动车乱停放"]],
    matched=2,
    more="还有 {count} 条",
    notes=["合成数据"],
)


def drawn(picture: ListPicture, typeface: Typeface) -> Image.Image:
    image = Image.open(io.BytesIO(list_picture(picture, typeface)))
    assert image.format == "PNG"
    return image


def rows_seen(picture: ListPicture, typeface: Typeface) -> int:
    """How many rows there are: each ends with a line of its own colour, the header's included."""
    column = np.asarray(drawn(picture, typeface).convert("RGB"))[:, module.MARGIN + 1]
    rule = [int(module.RULE[place : place + 2], 16) for place in (1, 3, 5)]
    return int((column == rule).all(axis=1).sum()) - 1


def test_a_picture_is_1080_wide_and_grows_with_its_rows(typeface: Typeface) -> None:
    two = drawn(PICTURE, typeface)
    three = drawn(replace(PICTURE, rows=[*PICTURE.rows, PICTURE.rows[0]]), typeface)

    assert two.width == three.width == 1_080
    assert three.height - two.height == module.LINE + 2 * module.PADDING
    assert rows_seen(PICTURE, typeface) == 2


def test_no_text_is_smaller_than_24_pixels() -> None:
    assert min(module.TEXT, module.SMALL, module.TITLE) >= 24


def test_a_list_that_is_too_long_ends_with_how_many_more_there_are(typeface: Typeface) -> None:
    counted = []

    class Spy(Typeface):
        def draw(self, canvas, at, text, *rest, **more):  # type: ignore[no-untyped-def]
            counted.append(text)
            return super().draw(canvas, at, text, *rest, **more)

    long = replace(PICTURE, rows=PICTURE.rows * 100, matched=1_234)
    image = drawn(long, Spy(typeface.folder, typeface.files))
    shown = rows_seen(long, typeface)

    assert 5_800 <= image.height <= 6_000
    assert f"还有 {1_234 - shown:,} 条" in counted


def test_a_whole_list_says_nothing_of_more(typeface: Typeface) -> None:
    whole = drawn(PICTURE, typeface)
    other_words = drawn(replace(PICTURE, more="{count}"), typeface)
    cut = drawn(replace(PICTURE, matched=3), typeface)

    assert whole.tobytes() == other_words.tobytes()
    assert whole.tobytes() != cut.tobytes()


def test_a_text_takes_at_most_three_lines(typeface: Typeface) -> None:
    long = replace(PICTURE, rows=[["1", "龙山街道", "长" * 500]])
    short = replace(PICTURE, rows=[["1", "龙山街道", "长"]])

    assert drawn(long, typeface).height - drawn(short, typeface).height == 2 * module.LINE


def test_a_short_column_is_not_broken_for_the_sake_of_a_long_one(typeface: Typeface) -> None:
    rows = [["110116000001", "怀柔区城市管理委员会", "长" * 80, "2026-05-04 18:00"]]
    number, unit, text, moment = module._widths([["编号", "单位", "内容", "期限"], *rows], typeface)

    assert number >= typeface.width("110116000001", module.TEXT) + 2 * module.PADDING
    assert moment >= typeface.width("2026-05-04", module.TEXT) + 2 * module.PADDING
    assert text > unit


cells = st.text(st.sampled_from("怀柔，（）ab W1\n") | st.characters(), max_size=30)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), columns=st.integers(1, 12))
def test_any_list_can_be_drawn(typeface: Typeface, data: st.DataObject, columns: int) -> None:
    row = st.lists(cells, min_size=columns, max_size=columns)
    headings, rows = data.draw(row), data.draw(st.lists(row, max_size=4))
    picture = replace(PICTURE, headings=headings, rows=rows, matched=len(rows))

    assert drawn(picture, typeface).width == 1_080
    assert rows_seen(picture, typeface) == len(rows)
    assert sum(module._widths([headings, *rows], typeface)) == pytest.approx(1_080 - 2 * module.MARGIN)
