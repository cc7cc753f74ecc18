"""Values as people write them."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.values import Unreadable, degrees, moment, number, pair, yes_or_no

BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (116.63, 116.63), ("116.63", 116.63), (" 116.63° ", 116.63), ("１１６．６３", 116.63), ("116°37'48\"", 116.63),
        ("116°37′48″E", 116.63), ("E116.63", 116.63), ("40.32N", 40.32), ("S 40.32", -40.32),
        ("东经116度37分48秒", 116.63),
        ("-40.32", -40.32), ("116,63", 116.63), ("116度37.8分", 116.63),
    ],
)  # fmt: skip
def test_degrees_are_read_in_all_their_spellings(written: Any, meant: float) -> None:
    assert degrees(written) == pytest.approx(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("116.63,40.32", (116.63, 40.32)), ("116.63 40.32", (116.63, 40.32)), ("(116.63, 40.32)", (116.63, 40.32)),
        ("116.63，40.32", (116.63, 40.32)), ("40.32N, 116.63E", (116.63, 40.32)),
        ("北纬40.32，东经116.63", (116.63, 40.32)),
    ],
)  # fmt: skip
def test_two_in_one_cell_are_longitude_and_latitude(written: str, meant: tuple[float, float]) -> None:
    assert pair(written) == pytest.approx(meant)


@pytest.mark.parametrize(
    "written",
    ["2026-05-03", "2026/5/3", "2026.5.3", "2026年5月3日", "20260503", "3 May 2026", "May 3, 2026",
     date(2026, 5, 3), 46145, "46145", "2026-05-03 00:00", "２０２６年５月３日"],
)  # fmt: skip
def test_a_day_is_read_in_all_its_spellings(written: Any) -> None:
    assert moment(written, BEIJING) == datetime(2026, 5, 3, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "written",
    ["2026-05-03 14:30", "2026/5/3 14:30:00", "2026年5月3日14时30分", "2026年5月3日 14：30",
     "2026-05-03T14:30:00+08:00"],
)  # fmt: skip
def test_a_time_is_read_too(written: str) -> None:
    assert moment(written, BEIJING) == datetime(2026, 5, 3, 14, 30, tzinfo=BEIJING)


def test_a_day_without_a_year_needs_one() -> None:
    assert moment("5月3日", BEIJING, year=2026) == datetime(2026, 5, 3, tzinfo=BEIJING)
    with pytest.raises(Unreadable):
        moment("5月3日", BEIJING)


@pytest.mark.parametrize("written", ["", "soon", "2026-02-30", "2026年13月1日", "99999999", "25:00"])
def test_what_is_no_day_is_unreadable(written: str) -> None:
    with pytest.raises(Unreadable):
        moment(written, BEIJING)


@pytest.mark.parametrize(
    ("written", "meant"), [("1,200", 1200), ("3.5万", 35000), ("800 平方米", 800), (12, 12), ("-3", -3)]
)
def test_numbers_may_have_commas_and_units(written: Any, meant: float) -> None:
    assert number(written) == meant


def test_yes_and_no() -> None:
    assert [yes_or_no(text) for text in ("是", "√", "Yes", True)] == [True] * 4
    assert [yes_or_no(text) for text in ("否", "无", "no", "0")] == [False] * 4
    for unclear in ("maybe", "", "待定"):
        with pytest.raises(Unreadable):
            yes_or_no(unclear)


@given(st.floats(-179.9, 179.9), st.sampled_from(["{:.6f}", "{:.6f}°", "{:.6f} 度"]))
def test_a_written_angle_is_read_back(angle: float, spelling: str) -> None:
    assert degrees(spelling.format(angle)) == pytest.approx(angle, abs=1e-6)


@given(st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1)), st.sampled_from(
    ["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H时%M分", "%Y.%m.%d %H:%M", "%d %b %Y %H:%M"]))  # fmt: skip
def test_a_written_time_is_read_back(when: datetime, spelling: str) -> None:
    when = when.replace(second=0, microsecond=0, tzinfo=BEIJING)

    assert moment(when.strftime(spelling), BEIJING) == when


@given(st.text(max_size=30))
def test_no_text_raises_anything_else(text: str) -> None:
    for read in (degrees, pair, number, yes_or_no, lambda value: moment(value, BEIJING)):
        try:
            read(text)
        except Unreadable as error:
            assert "{value!r}" in error.sentence  # noqa: PT017
