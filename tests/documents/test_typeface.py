"""Any text is drawn, measured, cut and wrapped; what the typeface lacks is a visible box."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from geoapp.documents.typeface import BOLD, ELLIPSIS, Typeface

MIXED = "怀柔区泉河街道（示意）：Main Street 12 号，垃圾满溢。"
# Characters that some file of the typeface has, and a few that none has.
signs = st.text(
    st.sampled_from("怀柔区县，。（）《》ab cW-1　\n😀\u0301\ufe0f\u200d\ud800") | st.characters(), max_size=40
)
widths = st.integers(1, 400)


def drawn(typeface: Typeface, text: str, *, anchor: str = "ls", halo: int = 0, ground: str = "#ffffff",
          fill: str = "#000000", weight: int = 400) -> NDArray[np.uint8]:  # fmt: skip
    image = Image.new("RGB", (400, 80), ground)
    typeface.draw(ImageDraw.Draw(image), (200, 50), text, 30, fill, weight=weight, anchor=anchor, halo=halo)
    return np.asarray(image)


def across(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    """The first and the last column with ink."""
    columns = np.flatnonzero((pixels != pixels[0, 0]).any(axis=(0, 2)))
    return int(columns[0]), int(columns[-1])


def test_every_file_that_holds_characters_is_there(typeface: Typeface, fonts: Path) -> None:
    assert {file.name for file in fonts.glob("*.woff2")} >= set(typeface.files.values())
    assert len(typeface.files) > 10_000


def test_a_text_is_drawn_as_pillow_draws_it_with_the_one_file_that_holds_it(typeface: Typeface) -> None:
    font = ImageFont.truetype(typeface.folder / typeface.files[ord("a")], 30)
    font.set_variation_by_axes([400])
    image = Image.new("RGB", (400, 80), "#ffffff")
    ImageDraw.Draw(image).text((200, 50), "Main Street 12", "#000000", font, anchor="ls")

    assert (drawn(typeface, "Main Street 12") == np.asarray(image)).all()
    assert typeface.width("Main Street 12", 30) == font.getlength("Main Street 12")


def test_a_chinese_character_is_as_wide_as_it_is_high(typeface: Typeface) -> None:
    assert typeface.width("怀柔区", 30) == pytest.approx(90)


def test_bold_is_darker(typeface: Typeface) -> None:
    assert drawn(typeface, "怀柔", weight=BOLD).mean() < drawn(typeface, "怀柔").mean() - 1


def test_text_begins_ends_or_has_its_middle_at_the_anchor(typeface: Typeface) -> None:
    left, middle, right = (across(drawn(typeface, "中国", anchor=anchor)) for anchor in ("ls", "ms", "rs"))

    assert 200 <= left[0] <= 204
    assert sum(middle) / 2 == pytest.approx(200, abs=3)
    assert 196 <= right[1] <= 200


def test_a_text_ends_where_drawing_says(typeface: Typeface) -> None:
    canvas = ImageDraw.Draw(Image.new("RGB", (400, 80)))

    assert typeface.draw(canvas, (10, 50), MIXED, 30, "#000000") == pytest.approx(10 + typeface.width(MIXED, 30))


@pytest.mark.parametrize("unknown", ["\U0001fae8", "\U00030000", "\ue123"])
def test_what_no_file_has_is_a_box(typeface: Typeface, unknown: str) -> None:
    assert ord(unknown) not in typeface.files
    assert (drawn(typeface, unknown) == drawn(typeface, "□")).all()
    assert across(drawn(typeface, unknown))[1] > 210


@pytest.mark.parametrize("invisible", ["\x00", "\u200d", "\ufe0f", "\ud800", "\u202e"])
def test_what_has_no_shape_takes_no_room(typeface: Typeface, invisible: str) -> None:
    assert typeface.width(f"怀{invisible}柔", 30) == typeface.width("怀柔", 30)


@pytest.mark.parametrize("space", ["\n", "\t", "\u3000", "\xa0"])
def test_any_space_is_a_space(typeface: Typeface, space: str) -> None:
    assert (drawn(typeface, f"怀{space}柔") == drawn(typeface, "怀 柔")).all()


def test_the_rim_of_one_run_leaves_the_run_before_whole(typeface: Typeface) -> None:
    # These characters come from different files, so that each is drawn by itself.
    assert len({typeface.files[ord(character)] for character in "北房镇A"}) > 1
    plain = drawn(typeface, "北房镇A", ground="#ffffff")
    rimmed = drawn(typeface, "北房镇A", ground="#ffffff", halo=4)

    assert (plain == rimmed).all()
    assert (drawn(typeface, "北房镇A", ground="#000000", halo=4) == 255).any()


def test_a_text_that_is_too_wide_ends_with_an_ellipsis(typeface: Typeface) -> None:
    assert typeface.cut("怀柔区泉河街道", 30, 215) == "怀柔区泉河街道"
    assert typeface.cut("怀柔区泉河街道", 30, 155) == "怀柔区泉…"


def test_chinese_is_broken_anywhere_and_latin_at_spaces(typeface: Typeface) -> None:
    assert typeface.wrapped("怀柔区泉河街道", 30, 95, lines=3) == ["怀柔区", "泉河街", "道"]
    assert typeface.wrapped("Main Street of Huairou", 30, 180, lines=3) == ["Main Street", "of Huairou"]
    assert typeface.wrapped("怀柔区泉河街道", 30, 95, lines=2) == ["怀柔区", "泉河…"]


def test_a_line_neither_begins_with_a_closing_mark_nor_ends_with_an_opening_one(typeface: Typeface) -> None:
    assert typeface.wrapped("怀柔区，泉河街道", 30, 95, lines=9) == ["怀柔", "区，泉", "河街道"]
    assert typeface.wrapped("怀柔（泉河）", 30, 95, lines=9) == ["怀柔", "（泉", "河）"]


def test_a_word_wider_than_a_line_is_broken_and_not_lost(typeface: Typeface) -> None:
    address = "https://example.org/a/long/address"
    made = typeface.wrapped(address, 30, 150, lines=9)

    assert len(made) > 2
    assert "".join(made) == address


@settings(deadline=None)
@given(text=signs, width=widths)
def test_lines_are_never_wider_than_asked_nor_more(typeface: Typeface, text: str, width: int) -> None:
    made = typeface.wrapped(text, 20, width, lines=3)

    assert 1 <= len(made) <= 3
    assert all(typeface.width(line, 20) <= max(width, 45) + 1 for line in made)


@settings(deadline=None)
@given(text=signs, width=st.integers(60, 400))
def test_nothing_is_lost_while_there_are_lines(typeface: Typeface, text: str, width: int) -> None:
    made = typeface.wrapped(text, 20, width, lines=1_000)

    assert re.sub(r"\s", "", "".join(made)) == re.sub(r"\s", "", text)


@settings(deadline=None)
@given(text=signs, width=widths)
def test_a_cut_text_is_its_own_beginning(typeface: Typeface, text: str, width: int) -> None:
    cut = typeface.cut(text, 20, width)

    assert cut == text or text.startswith(cut.removesuffix(ELLIPSIS))
    assert typeface.width(cut, 20) <= max(width, typeface.width(ELLIPSIS, 20))


def test_threads_that_share_a_typeface_draw_what_one_draws(fonts: Path) -> None:
    fresh = Typeface.load(fonts)
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda _: drawn(fresh, MIXED), range(64)))

    assert all((picture == pictures[0]).all() for picture in pictures)
    assert across(pictures[0])[0] >= 200
