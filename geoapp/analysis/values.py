"""Values as people write them: coordinates, days and times, numbers, yes and no."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any


class Unreadable(Exception):
    """A value that cannot be read: an English sentence in which {value!r} stands for it, without its full stop."""

    def __init__(self, sentence: str, value: Any, **values: object) -> None:
        super().__init__(sentence.format(value=value, **values))
        self.sentence = sentence
        self.value = value
        self.values = values


# Excel counts days from here (and believes that 1900 was a leap year).
EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST_SERIAL, LATEST_SERIAL = 20_000, 80_000  # 1954 to 2119

# Beyond this a number with digits behind the point is no longer kept as it was written.
GREATEST = 1e15

_DEGREES = re.compile(
    r"^([NSEW东西南北]\D?)?\s*(-?\d+(?:\.\d+)?)\s*[°度]?\s*(?:(\d+(?:\.\d+)?)\s*['′分])?\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|″|秒|''))?"
    r"\s*([NSEW]|东经?|西经?|南纬?|北纬?)?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,;、/|]\s*|\s+")
_QUOTES = str.maketrans("’‘”“", "''\"\"")
_DAY = re.compile(r"^(?:(\d{4})\s*[-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_SHORT_DAY = re.compile(r"^(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?$")
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_HALF = re.compile(r"(上午|下午|中午|晚上|晚|凌晨|早上|[ap]\.?m\.?)", re.IGNORECASE)
_AFTERNOON = ("下午", "晚上", "晚", "pm", "p.m.")
_WEEKDAY = re.compile(r"[((]?(?:星期|周|礼拜)[一二三四五六日天][))]?")
_TIME = re.compile(r"\s*T?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*(?:[:：分]\s*(\d{1,2})?)?\s*秒?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DAY = re.compile(r"^(\d{1,2})\s+([a-z]{3,9})\.?,?\s+(\d{4})$|^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})$")

YES = frozenset({"是", "有", "√", "y", "yes", "true", "1", "对", "已"})
NO = frozenset({"否", "无", "没有", "×", "n", "no", "false", "0", "未"})


def plain(value: Any) -> str:
    """A value as text, with full-width letters made plain and spaces at the ends gone."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def degrees(value: Any) -> float:
    """An angle: 116.6, "116.6°", "116°36′00″", "E116.6", "东经116度36分"; raises Unreadable."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = plain(value).translate(_QUOTES).replace("′′", '"').replace(",", ".")
    text = re.sub(r"^(东经|西经|北纬|南纬)", lambda found: found[1][0], text)
    match = _DEGREES.match(text)
    if not match:
        raise Unreadable("{value!r} is no number of degrees", value)
    before, whole, minutes, seconds, after = match.groups()
    angle = abs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    sign = (before or after or " ")[0].upper()
    return -angle if whole.startswith("-") or sign in "SW西南" else angle


def pair(value: Any) -> tuple[float, float]:
    """Two angles in one text, "116.6,40.3" or "40.3 N, 116.6 E", as longitude and latitude; raises Unreadable.

    Letters say which is which; without them the first one is the longitude, unless it cannot be and the other can.
    """
    (first, one), (_, other) = _two(value)
    named = bool(re.search("[NS北南]", first, re.IGNORECASE))
    return (other, one) if named or _cannot_be(one, other) else (one, other)


def is_latitude_first(value: Any) -> bool:
    """Whether the first of two angles, by its size alone, must be the latitude although nothing says so."""
    (first, one), (_, other) = _two(value)
    return not re.search("[NSEW北南东西]", first, re.IGNORECASE) and _cannot_be(one, other)


def _two(value: Any) -> list[tuple[str, float]]:
    parts = [part for part in _BETWEEN.split(plain(value).strip("()[]")) if part]
    if len(parts) != 2:
        raise Unreadable("{value!r} is not two numbers such as 116.63,40.32", value)
    return [(part, degrees(part)) for part in parts]


def _cannot_be(one: float, other: float) -> bool:
    return abs(one) <= 90 < abs(other)


def moment(value: Any, zone: tzinfo, *, year: int | None = None) -> datetime:
    """A day or a time of it, in a time zone; a day alone is its beginning.

    "2026-05-03 14:30", "2026年5月3日", "2026.5.3", "20260503", "3 May 2026", "5月3日" with a year, and Excel's serial
    numbers. Raises Unreadable.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    serial = _serial(value)
    if serial is not None:
        return datetime.combine(EXCEL_EPOCH, time(), zone) + timedelta(days=serial)
    text = plain(value)
    try:
        known = datetime.fromisoformat(text)
        return known if known.tzinfo else known.replace(tzinfo=zone)
    except ValueError:
        return _written(text, value, zone, year)


def _written(text: str, value: Any, zone: tzinfo, year: int | None) -> datetime:
    half = _HALF.search(text)
    text = _WEEKDAY.sub(" ", _HALF.sub(" ", text)).strip()
    clock = time()
    found = _TIME.search(text)
    if found:
        text = text[: found.start()].strip()
    try:
        if found:
            hour = int(found[1])
            hour += 12 if half and half[1].lower() in _AFTERNOON and hour < 12 else 0
            clock = time(hour, int(found[2] or 0), int(found[3] or 0))
        return datetime.combine(_day(text, year), clock, zone)
    except ValueError:
        raise Unreadable("{value!r} is no day or time such as 2026-05-03 14:30", value) from None


def _day(text: str, year: int | None) -> date:
    """The day of a text; raises ValueError."""
    match = _DAY.match(text) or _COMPACT_DAY.match(text)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3]))
    match = _SHORT_DAY.match(text)
    if match and year is not None:
        return date(year, int(match[1]), int(match[2]))
    match = _ENGLISH_DAY.match(text.casefold())
    if match:
        day, month, full = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return date(int(full), _MONTHS.index(month[:3]) + 1, int(day))
    raise ValueError(text)


def _serial(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if EARLIEST_SERIAL <= number <= LATEST_SERIAL else None


def number(value: Any) -> float:
    """A number, with or without thousands' commas and a unit behind it; raises Unreadable."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
    else:
        match = re.match(r"^(-?[\d,]*\.?\d+)\s*(万)?\D*$", plain(value))
        if not match:
            raise Unreadable("{value!r} is no number", value)
        found = float(match[1].replace(",", "")) * (10_000 if match[2] else 1)
    if not abs(found) < GREATEST:
        raise Unreadable("{value!r} is larger than anything that is counted here", value)
    return found


def yes_or_no(value: Any) -> bool:
    """Yes or no in Chinese or English; raises Unreadable."""
    if isinstance(value, bool):
        return value
    text = plain(value).casefold()
    if text in YES or text in NO:
        return text in YES
    raise Unreadable("{value!r} is neither yes nor no", value)
