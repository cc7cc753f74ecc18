"""The lines of a tour's programme in words: the same on the page and in files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

from flask_babel import format_decimal, gettext

from geoapp.domain.outings import OpenProblem, OutingStop
from geoapp.domain.problem import UNCLASSIFIED
from geoapp.domain.routes import moment_of, seconds_of
from geoapp.services import routes as services
from geoapp.web import labels
from geoapp.web.amounts import clock, distance, minutes, travel_time
from geoapp.web.outing_words import WORDS, became, day, look_when, word

Lunch = tuple[str, str] | None
# So many problems, open ones and those of last time, stand in a line.
MOST = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the programme; texts by their columns, each of several lines. stop: None for start, lunch and end."""

    time: str
    site: str
    where: str = ""
    drive: str = ""
    stay: str = ""
    look: Sequence[str] = ()
    past: Sequence[str] = ()
    host: Sequence[str] = ()
    number: int | None = None
    stop: str | None = None
    late: bool = False
    missed_min: float = 0.0
    remarks: Sequence[str] = field(default=())

    def cells(self, *, full: bool) -> list[str]:
        """The line for a file."""
        site = f"{self.number}. {self.site}" if self.number else self.site
        texts = [self.time, "\n".join(filter(None, (site, self.where, *self.remarks))), self.drive, self.stay,
                 "\n".join(self.look), "\n".join(self.past)]  # fmt: skip
        return [*texts, "\n".join(self.host)] if full else texts


def headings(*, full: bool) -> list[str]:
    """The columns of the programme; who receives only for those who may know."""
    texts = [gettext("Time"), gettext("Place to visit"), gettext("Drive"), gettext("Stay"), gettext("What to look at"),
             gettext("Problems last time, and what became of them")]  # fmt: skip
    return [str(text) for text in ([*texts, gettext("Who receives, and phone")] if full else texts)]


def lines_of(found: services.Programme) -> list[Line]:
    """The programme from start to end, lunch where it is."""
    outing = found.outing
    lines = [Line(clock(outing.shift[0]), gettext("Start"))]
    lunch, told = outing.lunch, False
    for one in found.stops:
        if lunch and not told and one.stop.arrive >= _whole(lunch[1]):
            lines.append(_lunch(lunch))
            told = True
        lines.append(_line(one, lunch, estimate=outing.estimate))
        if lunch and not told and one.stop.leave > _whole(lunch[0]):
            lines.append(_lunch(lunch))
            told = True
    if lunch and not told and outing.home and outing.home >= _whole(lunch[1]):
        lines.append(_lunch(lunch))
    if outing.home and outing.stops and outing.end:
        back_m = max(outing.distance_m - sum(one.distance_m for one in outing.stops), 0.0)
        back_min = max(outing.travel_min - sum(one.travel_min for one in outing.stops), 0.0)
        lines.append(Line(clock(outing.home), gettext("Back"), late=bool(found.delay and found.delay.over_min),
                          drive=_drive(back_min, back_m, estimate=outing.estimate)))  # fmt: skip
    return lines


def delay_sentences(found: services.Programme) -> list[str]:
    """What a delay breaks, and what would bring the tour back; nothing where there is no delay."""
    delay = found.delay
    if delay is None:
        return []
    names = {one.stop.id: f"{one.stop.number}. {one.stop.name}" for one in found.stops}
    said = [gettext("%(minutes)s minutes late at %(stop)s.", minutes=_number(round(delay.minutes)),
                    stop=names[delay.stop])]  # fmt: skip
    said += [gettext("%(stop)s begins %(minutes)s minutes too late for its hours.", stop=names[stop],
                     minutes=minutes_up(minutes)) for stop, minutes in delay.missed]  # fmt: skip
    if delay.over_min > 0:
        said.append(gettext("The tour ends %(minutes)s minutes after its time.", minutes=minutes_up(delay.over_min)))
    if delay.fits:
        return [*map(str, said), str(gettext("Everything else still fits."))]
    for one in delay.remedies:
        stops = ", ".join(names[stop] for stop in one.stops)
        said.append(
            gettext("Leaving out %(stops)s brings you back in time; it saves %(minutes)s minutes.", stops=stops,
                    minutes=_number(floor(one.saved_min))) if one.fits
            else gettext("Leaving out %(stops)s saves %(minutes)s minutes, which is not enough.", stops=stops,
                         minutes=_number(floor(one.saved_min)))
        )  # fmt: skip
    if delay.shorter_min:
        said.append(gettext("Or stay %(minutes)s minutes less at each stop from there on.", minutes=delay.shorter_min))
    return [str(one) for one in said]


def _line(one: services.ProgrammeStop, lunch: Lunch, *, estimate: bool) -> Line:
    stop = one.stop
    where = " · ".join(part for part in (stop.kind, stop.address, stop.township) if part)
    remarks = [gettext("walk %(minutes)s min from the vehicle", minutes=_number(round(one.walk_min)))] \
        if one.walk_min >= 1 else []  # fmt: skip
    host = [part for part in (one.host.name, one.host.phone) if part] if one.host else []
    return Line(
        time=f"{clock(stop.start)}–{clock(stop.leave)}", site=stop.name, where=where, number=stop.number, stop=stop.id,
        drive=_drive(stop.travel_min, stop.distance_m, estimate=estimate),
        stay=minutes(_stay(stop, lunch)), look=_look(stop), past=_past(stop), host=host, late=one.late,
        missed_min=one.missed_min, remarks=[str(remark) for remark in remarks],
    )  # fmt: skip


def _stay(stop: OutingStop, lunch: Lunch) -> float:
    """How many minutes the visit takes, a lunch in between not counted."""
    start, leave = moment_of(stop.start), moment_of(stop.leave)
    pause = max(min(leave, seconds_of(lunch[1])) - max(start, seconds_of(lunch[0])), 0) if lunch else 0
    return (leave - start - pause) / 60


def _look(stop: OutingStop) -> list[str]:
    said = [gettext("Look when: %(when)s", when=look_when(stop.look_when))] \
        if stop.look_when and stop.look_when != "any" else []  # fmt: skip
    said += [_open(one) for one in stop.problems[:MOST]]
    if len(stop.problems) > MOST:
        said.append(gettext("and %(count)s more", count=len(stop.problems) - MOST))
    if stop.often:
        often = ", ".join(f"{what} ×{times}" for what, times in stop.often)
        said.append(gettext("Found here before: %(what)s", what=often))
    return [str(one) for one in said]


def _open(problem: OpenProblem) -> str:
    late = f" · {gettext('overdue')}" if problem.overdue else ""
    return f"☐ {_what(problem.subcategory or problem.category)} ({word('status', problem.status)}{late})"


def _what(text: str) -> str:
    return str(labels.UNCLASSIFIED) if text == UNCLASSIFIED else text


def _past(stop: OutingStop) -> list[str]:
    if not stop.visits:
        return [str(gettext("Not visited before."))] if stop.layer == "sites" else []
    last = stop.visits[0]
    said = [f"{day(last.visited_at)}: {word('outcome', last.outcome)}"]
    said += [f"– {_what(one.what)}: {became(one)}" for one in stop.findings[:MOST]]
    if len(stop.findings) > MOST:
        said.append(str(gettext("and %(count)s more", count=len(stop.findings) - MOST)))
    return said


def _drive(travel_min: float, distance_m: float, *, estimate: bool) -> str:
    return f"{travel_time(travel_min, estimate)}, {distance(distance_m)}" if distance_m >= 1 else "–"


def _lunch(lunch: tuple[str, str]) -> Line:
    return Line(f"{clock(lunch[0])}–{clock(lunch[1])}", gettext("Lunch"))


def _whole(text: str) -> str:
    """A clock time with its seconds, as plans write them."""
    return text if text.count(":") == 2 else f"{text}:00"


def minutes_up(value: float) -> str:
    """Minutes that are too many, in whole ones as a programme has them: never fewer than there are."""
    return _number(ceil(value))


def _number(value: float) -> str:
    return str(format_decimal(round(value, 1)))


LINE_WORDS: dict[str, Any] = {
    "clock": clock,
    "totals": WORDS["totals"],
    "number_text": _number,
    "minutes_up": minutes_up,
}
