"""The weekly table of when a facility is open, read from what people write of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from geoapp.domain.errors import BadInput

DAY_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
MINUTES_A_DAY = 1_440
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
_NOON = MINUTES_A_DAY // 2
# What begins before this may be meant of the afternoon where nothing tells.
_EARLY = 7 * 60
_EVERY_DAY = frozenset(range(7))
_MOMENT = re.compile(r"(mo|tu|we|th|fr|sa|su)[-_ ]?([01]?\d|2[0-3]):([0-5]\d)", re.ASCII | re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A minute of the week. day: 0 for Monday to 6; minute: from midnight."""

    day: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """From a text such as su-19:00; raises BadInput."""
        found = _MOMENT.fullmatch(text.strip())
        if not found:
            raise BadInput("open={value!r} is not a moment of the week such as su-19:00.", value=text)
        return cls(DAY_NAMES.index(found[1].lower()), int(found[2]) * 60 + int(found[3]))

    def __str__(self) -> str:
        return f"{DAY_NAMES[self.day]}-{self.minute // 60:02}:{self.minute % 60:02}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """When something is open in an ordinary week.

    spans: minutes from Monday's midnight, first and first no longer, in order and apart from each other. holidays:
    whether the text says something of public holidays, which no week can hold.
    """

    spans: tuple[Span, ...]
    holidays: bool = False

    @classmethod
    def parse(cls, text: str | None) -> "WeeklyHours | None":
        """What a text says; None for one that is empty, or says anything that is not surely understood.

        Read are the usual part of OpenStreetMap's opening_hours ("Mo-Fr 09:00-12:00,13:30-17:00; Su off", "24/7"),
        and what is usual in Chinese ("周二至周日 9:00-17:00，周一闭馆"). Days that are not named are closed. A later
        rule of OpenStreetMap replaces an earlier one on its days, after a comma it adds to it; in Chinese whatever is
        closed stays closed, what is said of some days goes before what is said of all, and times alone behind a
        semicolon are later ones of the same days.
        """
        plain = unicodedata.normalize("NFKC", text or "").strip().lower()
        rules = _rules(plain)
        if not rules:
            return None
        week = _in_chinese(rules) if _CHINESE.search(plain) else _in_order(rules)
        if week is None:
            return None
        spans = [
            (day * MINUTES_A_DAY + begin, day * MINUTES_A_DAY + end) for day, times in week for begin, end in times
        ]
        return cls(_apart(spans), any(rule.holidays for rule in rules))

    @property
    def hours_per_week(self) -> float:
        """How many hours of the week it is open."""
        return sum(end - begin for begin, end in self.spans) / 60

    def open_at(self, moment: Moment) -> bool:
        """Whether it is open in this minute."""
        minute = moment.day * MINUTES_A_DAY + moment.minute
        return any(begin <= minute < end for begin, end in self.spans)


# --- what is written, token by token ---------------------------------------------------------------

_CHINESE = re.compile("[一-鿿]")
_DIGITS = "一二三四五六日天"
_TO = r"\s*(?:-|–|—|~|至|到)+\s*"
_OSM_DAY = r"(?:mo|tu|we|th|fr|sa|su)"
_OUR_DAYS = rf"(?:每?周|星期|礼拜)[{_DIGITS}](?:\s*、?\s*[{_DIGITS}](?![{_DIGITS}]*\s*[点时]))*"
_HALF = r"(?:上午|下午|晚上|晚间|早上|中午|凌晨|早|晚)?"
_CLOCK = rf"({_HALF})\s*(\d{{1,2}})(?::([0-5]\d)|[点时](?:(半)|([0-5]?\d)分?)?)"
_TOKENS = tuple(
    (name, re.compile(pattern, re.ASCII))
    for name, pattern in (
        ("always", r"24/7|24\s*小时|全天(?!\s*(?:闭|休|不|停))"),
        ("last", rf"{_CLOCK}\s*(?:后?停止|止)(?:入馆|入场|入园|进馆|进场|售票|检票|取票)"),
        ("times", rf"{_CLOCK}{_TO}{_CLOCK}"),
        ("days", rf"({_OSM_DAY})(?:\s*-\s*({_OSM_DAY}))?(?![a-z])"),
        ("days", rf"({_OUR_DAYS}){_TO}(?:周|星期|礼拜)?([{_DIGITS}])"),
        ("days", rf"({_OUR_DAYS})"),
        ("weekend", r"周末|双休日"),
        ("workdays", r"工作日"),
        ("every", r"每天|每日|每周"),
        ("holidays", r"(?:国家)?法定(?:节假|假|节)日|节假日|公共假期|(?:ph|sh)(?![a-z])"),
        ("off", r"(?:off|closed)(?![a-z])|(?:全天)?\s*(?:闭馆|休馆|闭园|休息|不开放|停止开放)|除外"),
        ("end", r";"),
        ("and", r"[\s,、.。()和及与:]+|逢"),
        ("filler", r"(?:正常|照常|免费)?(?:开放|开馆|营业)(?:时间)?|全年无休|均"),
    )
)
UNKNOWN: tuple[str, re.Match[str] | None] = ("unknown", None)
_BEGINNING = frozenset({"days", "weekend", "workdays", "every", "holidays", "end"})
_EVENING = ("下午", "晚上", "晚间", "晚")


@dataclass(slots=True)
class _Rule:
    """Days, and when one is open on them. days: None where none are named. added: whether it adds to earlier rules;
    apart: whether it stands behind a semicolon."""

    added: bool = False
    apart: bool = False
    days: set[int] | None = None
    holidays: bool = False
    off: bool = False
    times: list[Span] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.off or bool(self.times)

    @property
    def meant(self) -> frozenset[int]:
        """The days of the week that it is about: none where it is about holidays alone."""
        if self.days is not None:
            return frozenset(self.days)
        return frozenset() if self.holidays else _EVERY_DAY


def _rules(text: str) -> list[_Rule] | None:
    """The rules of a text; None where any part of it is not understood."""
    rules: list[_Rule] = []
    rule = _Rule()
    for name, found in _tokens(text):
        if found is None:
            return None
        # 周一闭馆，9:00-17:00: after the comma another rule begins.
        ends = name == "and" and rule.off and bool(_CHINESE.search(text)) and any(sign in found[0] for sign in ",。)")
        if rule.complete and (ends or name in _BEGINNING):
            rules.append(rule)
            rule = _Rule(added=name != "end", apart=name == "end")
        if name in ("times", "always", "off") and not _valued(rule, name, found):
            return None
        _dated(rule, name, found)
    if rule.complete:
        rules.append(rule)
    elif rule.days is not None:
        return None  # days of which nothing is said
    return rules


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    at = 0
    while at < len(text):
        name, found = next(((name, found) for name, pattern in _TOKENS if (found := pattern.match(text, at))), UNKNOWN)
        yield name, found
        at = found.end() if found else len(text)


def _valued(rule: _Rule, name: str, found: re.Match[str]) -> bool:
    """Take in times or a closure; False where that cannot be."""
    span = (0, MINUTES_A_DAY) if name == "always" else _span(found) if name == "times" else None
    if span is not None and rule.times and 0 < span[0] < min(_EARLY, rule.times[-1][0]):
        return False  # 8:00-12:00 2:00-5:30 goes by a clock of twelve hours
    if name == "off":
        rule.off = True
    elif span is not None:
        rule.times.append(span)
    else:
        return False
    return not (rule.off and rule.times)


def _dated(rule: _Rule, name: str, found: re.Match[str]) -> None:
    """Take in days."""
    if name == "days":
        rule.days = (rule.days or set()) | _days(found)
    elif name in ("weekend", "workdays", "every"):
        days = {"weekend": {5, 6}, "workdays": {0, 1, 2, 3, 4}, "every": set(_EVERY_DAY)}[name]
        rule.days = (rule.days or set()) | days
    elif name == "holidays":
        rule.holidays = True


def _days(found: re.Match[str]) -> set[int]:
    numbers = _numbers(found[1])
    if found.re.groups < 2 or found[2] is None:
        return set(numbers)
    first, last = numbers[-1], _numbers(found[2])[0]
    return {*numbers, *((first + step) % 7 for step in range((last - first) % 7 + 1))}


def _numbers(text: str) -> list[int]:
    if text in DAY_NAMES:
        return [DAY_NAMES.index(text)]
    return [min(_DIGITS.index(letter), 6) for letter in text if letter in _DIGITS]


def _span(found: re.Match[str]) -> Span | None:
    """Minutes from midnight; None for what is no span, or may be one of a clock of twelve hours."""
    begin, end = _minute(found.groups()[:5]), _minute(found.groups()[5:])
    if begin is None or end is None or begin >= MINUTES_A_DAY or _by_twelve(found, begin, end):
        return None
    if end == 0 < begin:
        return begin, MINUTES_A_DAY
    # 下午1:30-4:30: what is said of the beginning is meant of the end.
    if found[1] in _EVENING and not found[6] and end <= begin < end + _NOON:
        end += _NOON
    if end <= begin:
        end += MINUTES_A_DAY
        if begin < _NOON:
            return None
    return (begin, end) if begin < end <= begin + MINUTES_A_DAY else None


def _by_twelve(found: re.Match[str], begin: int, end: int) -> bool:
    """Whether it may be one of a clock of twelve hours, as 1:00-5:00 and 12:00-1:00 are, but not 01:00-05:00."""
    if begin == _NOON:
        return not found[6] and len(found[7]) == 1
    return not found[1] and len(found[2]) == 1 and 60 <= begin < _EARLY - 60 and end <= _NOON


def _minute(parts: tuple[str | None, ...]) -> int | None:
    half, hour, minutes, half_past, more = parts
    minute = int(hour or 0) * 60 + (30 if half_past else int(minutes or more or 0))
    if half in _EVENING and minute < _NOON:
        minute += _NOON
    return minute if minute <= 2 * MINUTES_A_DAY - 1 and int(hour or 0) <= 26 else None


# --- what the rules come to ------------------------------------------------------------------------

_Week = list[tuple[int, list[Span]]]


def _in_order(rules: list[_Rule]) -> _Week | None:
    """OpenStreetMap's way: rule after rule."""
    week: dict[int, list[Span]] = {}
    for rule in rules:
        for day in rule.meant:
            week[day] = [*(week.get(day, []) if rule.added and not rule.off else []), *rule.times]
    opens = any(rule.times and rule.meant for rule in rules)
    closed = any(rule.off and rule.meant == _EVERY_DAY for rule in rules)
    return list(week.items()) if opens or closed else None


def _in_chinese(rules: list[_Rule]) -> _Week | None:
    """What is closed is closed, and some days go before every day; None where two rules speak of one day."""
    week: dict[int, list[Span]] = {}
    if not _went_on(rules):
        return None
    opening = [rule for rule in rules if rule.times and rule.meant]
    for every in (True, False):
        named: set[int] = set()
        for rule in (one for one in opening if (one.meant == _EVERY_DAY) is every):
            if named & rule.meant:
                return None
            named |= rule.meant
            week |= {day: list(rule.times) for day in rule.meant}
    for rule in rules:
        week |= {day: [] for day in rule.meant if rule.off}
    return list(week.items()) if opening else None


def _went_on(rules: list[_Rule]) -> bool:
    """Put times alone behind a semicolon to the rule before; False where they are no later ones of its days."""
    before: _Rule | None = None
    for rule in list(rules):
        alone = rule.apart and rule.times and rule.days is None and not rule.holidays
        if before is None or not alone or not before.times:
            before = rule
        elif rule.times[0][0] < before.times[-1][1]:
            return False
        else:
            before.times += rule.times
            rules.remove(rule)
    return True


def _apart(spans: list[Span]) -> tuple[Span, ...]:
    """The same minutes within one week, in order and without overlap."""
    cut = [piece for begin, end in spans for piece in ((begin, min(end, MINUTES_A_WEEK)), (0, end - MINUTES_A_WEEK))]
    apart: list[Span] = []
    for begin, end in sorted(piece for piece in cut if piece[0] < piece[1]):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((begin, end))
    return tuple(apart)
