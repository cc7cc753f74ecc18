"""What a team takes along, in words: ways, hours, when to look, what was found."""

import re
from collections import Counter
from datetime import datetime
from typing import Any

from flask_babel import format_date, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp.domain.outings import Outing, OutingStop, PastFinding, StreetStep
from geoapp.domain.sentences import Sentence
from geoapp.services import routes as services
from geoapp.web import labels
from geoapp.web.amounts import clock, distance, travel_time
from geoapp.web.errors import told
from geoapp.web.language import current

# So many streets of a way stand on paper.
MOST_STREETS = 8
# When a kind of site is worth looking at, as its table says it.
LOOK_WHEN = {
    "any": _("at any time"),
    "office hours": _("office hours"),
    "opening hours": _("opening hours"),
    "morning": _("in the morning"),
    "afternoon": _("in the afternoon"),
    "evening": _("in the evening"),
    "evening too": _("in the evening too"),
    "daylight": _("by daylight"),
    "weekend": _("at weekends"),
    "peak": _("at peak hours"),
    "parking at peak": _("parking at peak hours"),
    "parking after 19:00": _("parking after 19:00"),
    "lamps after dark": _("lamps after dark"),
    "meal times": _("at meal times"),
    "term": _("in term"),
    "school hours": _("school hours"),
    "arrival and leaving times": _("when pupils arrive and leave"),
}
APPS = {
    "amap": _("AMap"),
    "baidu": _("Baidu Maps"),
    "tencent": _("Tencent Maps"),
    "apple": _("Apple Maps"),
    "google": _("Google Maps"),
    "osm": _("OpenStreetMap"),
    "phone": _("Map app of this phone"),
}
TURNS = {
    "left": _("left: %(street)s"),
    "right": _("right: %(street)s"),
    "ahead": _("straight on: %(street)s"),
    "back": _("turn round: %(street)s"),
}


def reader() -> services.Reader:
    """Who reads this answer."""
    return services.Reader(current(), told, word)


def word(name: str, code: str) -> str:
    """A code of one of the lists of words."""
    return str(labels.ENUMS[name].get(code, code))


def hours(windows: tuple[tuple[str, str], ...]) -> str:
    """Windows of time."""
    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in windows)


def way(steps: tuple[StreetStep, ...], most: int = MOST_STREETS) -> str:
    """The streets of a way with their lengths; of many the first and the last ones."""
    parts = [_step(step) for step in steps]
    if len(parts) > most:
        first = (most + 1) // 2
        middle = gettext("… %(count)s more streets …", count=len(parts) - most)
        parts = [*parts[:first], str(middle), *parts[first + len(parts) - most :]]
    return " · ".join(parts)


def _step(step: StreetStep) -> str:
    street = f"{step.name or gettext('unnamed road')} {distance(step.distance_m)}"
    return str(TURNS[step.turn] % {"street": street}) if step.turn in TURNS else street


def look_when(words: str | None) -> str:
    """The words of the table of site kinds, in the reader's language as far as they are its own."""
    parts = [part for part in re.split(r"\s*[;,]\s*", words or "") if part]
    return ", ".join(str(LOOK_WHEN.get(part, part)) for part in parts)


def became(finding: PastFinding) -> str:
    """What became of a problem that was found earlier."""
    state = word("status", finding.status)
    when = f" {day(finding.since)}" if finding.since else ""
    again = gettext(", sent back %(times)s times", times=finding.rework) if finding.rework else ""
    return f"{state}{when}{again}"


def in_short(findings: tuple[PastFinding, ...]) -> str:
    """How many of the problems that were found are in which state."""
    counts = Counter(finding.status for finding in findings)
    return ", ".join(f"{word('status', status)} {count}" for status, count in counts.items())


def day(moment: str | None) -> str:
    """The day of a moment."""
    return str(format_date(datetime.fromisoformat(moment), "short")) if moment else ""


def why(stop: OutingStop) -> str:
    """What the stop is worth, and why it is with this team at this time."""
    parts = [str(gettext("value %(value)s", value=format_decimal(round(stop.value, 1))))]
    parts += [str(gettext("must be visited"))] if stop.must else []
    parts += [told(stop.why)] if isinstance(stop.why, Sentence) else []
    return " · ".join(parts)


def totals(outing: Outing) -> str:
    """A day in one line."""
    return str(gettext(
        "%(stops)s stops · %(km)s km · %(travel)s of travel · back at %(home)s", stops=len(outing.stops),
        km=format_decimal(round(outing.distance_m / 1_000, 1)), travel=travel_time(outing.travel_min, outing.estimate),
        home=clock(outing.home) if outing.home else "–",
    ))  # fmt: skip


WORDS: dict[str, Any] = {
    "app": lambda app: str(APPS[app]),
    "became": became,
    "clock": clock,
    "distance": distance,
    "hours": hours,
    "in_short": in_short,
    "look_when": look_when,
    "way": way,
    "why": why,
    "totals": totals,
    "travel_time": travel_time,
    "word": word,
    "day_of": day,
}
