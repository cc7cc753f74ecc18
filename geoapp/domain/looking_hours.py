"""When a site is worth looking at, from the words of its kind to hours of the day."""

import re

Hours = tuple[tuple[str, str], ...]

# Hours for the words of the table of site kinds: presets of our own, check before use.
WORDS: dict[str, Hours] = {
    "office hours": (("09:00", "12:00"), ("13:30", "17:00")),
    "opening hours": (("09:30", "17:00"),),
    "morning": (("08:00", "12:00"),),
    "afternoon": (("13:00", "18:00"),),
    "daylight": (("08:00", "17:30"),),
    "peak": (("07:00", "09:30"), ("16:30", "19:00")),
    "meal times": (("11:00", "13:30"), ("17:00", "19:30")),
    "school hours": (("08:00", "16:30"),),
    "arrival and leaving times": (("07:00", "09:00"), ("15:30", "17:30")),
}
_RANGE = re.compile(r"\b(\d{1,2}):([0-5]\d)\s*[-–—~～至到]\s*(\d{1,2}):([0-5]\d)\b")


def hours_of(words: str | None) -> Hours:
    """The hours that a text names, by the clock or in one of WORDS; () for any time, or for words that name none.

    What follows a semicolon says when a single matter is seen best, and binds nothing.
    """
    text = (words or "").split(";")[0].strip().lower()
    clock = tuple((f"{int(a):02}:{b}", f"{int(c):02}:{d}") for a, b, c, d in _RANGE.findall(text)
                  if (int(a), b) < (int(c), d) and int(c) < 24)  # fmt: skip
    if clock:
        return clock
    known = [WORDS[part] for part in (part.strip() for part in text.split(",")) if part in WORDS]
    return known[0] if known else ()


def fitting(hours: Hours, minutes: float) -> Hours:
    """Those of the hours into which so many minutes fit."""
    return tuple(one for one in hours if _minute(one[1]) - _minute(one[0]) >= minutes)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
