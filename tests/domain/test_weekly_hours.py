"""Opening hours: what is surely understood, and what is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.domain.weekly_hours import DAY_NAMES, MINUTES_A_WEEK, Moment, WeeklyHours

# Text, hours a week, and moments at which it is open and closed.
UNDERSTOOD = [
    ("Mo-Fr 09:00-12:00,13:30-17:00; Sa 10:00-16:00; Su off", 38.5, "mo-9:00 sa-15:59", "mo-12:30 sa-16:00 su-10:00"),
    ("24/7", 168, "mo-0:00 su-23:59", ""),
    ("Tu-Su 09:00-17:00; PH off", 48, "tu-9:00", "mo-9:00"),
    ("Mo,We,Fr 10:00-12:00", 6, "we-11:00", "tu-11:00"),
    ("Fr-Mo 10:00-12:00", 8, "su-10:00 mo-10:00", "tu-10:00 th-10:00"),
    ("Mo-Su 09:00-17:00; We 13:00-17:00", 52, "we-13:00", "we-9:00"),
    ("Mo-Fr 09:00-12:00, We 14:00-18:00", 19, "we-9:00 we-15:00", "th-15:00"),
    ("Fr 18:00-02:00", 8, "fr-23:00 sa-1:59", "sa-2:00 fr-1:00"),
    ("Su 20:00-26:00", 6, "su-23:00 mo-1:00", "mo-2:00"),
    ("08:00-24:00", 112, "su-23:59", "su-7:59"),
    ("off", 0, "", "mo-9:00"),
    ("周二至周日 9:00-17:00，周一闭馆", 48, "tu-9:00", "mo-9:00"),
    ("9:00-17:00（周一闭馆）", 48, "su-16:00", "mo-9:00"),
    ("周一闭馆，9:00-17:00", 48, "su-16:00", "mo-9:00"),
    ("每天9:00-21:00", 84, "su-20:59", "su-21:00"),
    ("周一至周五9:00-11:30 14:00-17:00", 27.5, "fr-14:00", "mo-12:00 sa-9:00"),
    ("上午9:00-11:30，下午1:30-4:30", 38.5, "su-13:30 su-16:00", "su-12:00 su-1:30"),
    ("星期二到星期日上午9点至下午5点半", 51, "tu-17:00", "mo-9:00 tu-17:30"),
    ("周六、日９：００－１７：００", 16, "su-16:00", "fr-9:00"),
    ("周二至五9:00-17:00", 32, "fr-9:00", "sa-9:00"),
    ("每天9:00-17:00，周六9:00-12:00", 51, "sa-9:00", "sa-13:00"),
    ("工作日9:00-17:00，周末及节假日10:00-16:00", 52, "sa-10:00", "sa-9:00"),
    ("开放时间：周二至周日9:00-17:00（16:30停止入馆），周一闭馆（法定节假日除外）", 48, "tu-16:59", "mo-9:00"),
    ("周一至周五:9:00-12:00;14:00-17:00", 30, "fr-14:00", "mo-12:00 sa-14:00"),
    ("周一至周五：上午9:00—11:30；下午14:00—17:00；周六9:00-12:00", 30.5, "mo-14:00 sa-9:00", "sa-14:00 su-9:00"),
    ("8:30-11:30；14:00-17:00，周一闭馆", 36, "tu-14:00", "mo-9:00"),
    ("周一闭馆；9:00-17:00", 48, "su-16:00", "mo-9:00"),
    ("周二至周日9:00-17:00；周一全天闭馆", 48, "su-16:00", "mo-9:00"),
    ("Mo-Su 10:00-00:00", 98, "mo-23:59", "mo-0:00"),
    ("5:00-22:00", 119, "mo-5:00", "mo-22:00"),
    ("24小时开放", 168, "su-3:00", ""),
]
NOT_UNDERSTOOD = [
    None, "", "周一闭馆", "Mo off", "PH off", "夏季9:00-17:00，冬季9:00-16:00", "sunrise-sunset", "Mo-Fr",
    "Mo-Fr 10:00+", "Jan-Mar 09:00-10:00", "Mo[1] 10:00-12:00", 'Mo-Fr 09:00-17:00 "by appointment"', "9:00-5:00",
    "10:00-10:00", "Mo-Fr 25:00-26:00", "Mo-Fr 09:70-12:00", "9:00-17:00 周一至周五",
    "周一至周五9:00-17:00，周五9:00-12:00", "请电话咨询", "周三9:00-17:00闭馆", "周三闭馆9:00-17:00", "9-17",
    "8:00-12:00 2:00-5:30", "1:00-5:00", "中午12:00-1:00", "周六9:00-12:00；9:00-17:00", "00:00-00:00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "hours", "is_open", "closed"), UNDERSTOOD, ids=[row[0] for row in UNDERSTOOD])
def test_usual_texts_are_understood(text: str, hours: float, is_open: str, closed: str) -> None:
    known = WeeklyHours.parse(text)
    assert known is not None
    assert known.hours_per_week == hours
    assert [moment for moment in is_open.split() if not known.open_at(Moment.parse(moment))] == []
    assert [moment for moment in closed.split() if known.open_at(Moment.parse(moment))] == []


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_not_surely_understood_is_unknown(text: str | None) -> None:
    assert WeeklyHours.parse(text) is None


def test_what_is_said_of_holidays_is_told_but_not_kept() -> None:
    with_holidays, without = WeeklyHours.parse("Mo-Su,PH 10:00-20:00"), WeeklyHours.parse("Mo-Su 10:00-20:00")
    assert with_holidays is not None
    assert without is not None
    assert (with_holidays.holidays, without.holidays) == (True, False)
    assert with_holidays.spans == without.spans


times = st.tuples(st.integers(0, 1_439), st.integers(1, 600)).map(lambda pair: (pair[0], min(sum(pair), 1_440)))


@settings(max_examples=10)
@given(st.dictionaries(st.sampled_from(DAY_NAMES), times, min_size=1))
def test_hours_add_up_to_the_minutes_at_which_it_is_open(week: dict[str, tuple[int, int]]) -> None:
    text = "; ".join(f"{day.title()} {_clock(begin)}-{_clock(end)}" for day, (begin, end) in week.items())
    known = WeeklyHours.parse(text)
    assert known is not None
    moments = [Moment(at // 1_440, at % 1_440) for at in range(MINUTES_A_WEEK)]
    minutes = sum(known.open_at(moment) for moment in moments)
    assert minutes == round(known.hours_per_week * 60) == sum(end - begin for begin, end in week.values())


@given(st.text("MoTuPHoff周一至日闭馆每天节假0123456789:;,-、()（）：～ ", max_size=40))
def test_no_text_upsets_the_reader(text: str) -> None:
    known = WeeklyHours.parse(text)
    assert known is None or 0 <= known.hours_per_week <= 168


@given(st.integers(0, 6), st.integers(0, 1_439))
def test_a_moment_is_read_as_it_is_written(day: int, minute: int) -> None:
    assert Moment.parse(str(Moment(day, minute))) == Moment(day, minute)


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="su-19:00"):
        Moment.parse("sunday evening")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
