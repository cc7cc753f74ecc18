"""The readers' words for questions about coverage and for their answers."""

from flask import g
from flask_babel import format_date, format_decimal, format_percent, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.weekly_hours import Moment
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.records import Reach, State, Supply
from geoapp.services.coverage.ways import ways_of
from geoapp.web import labels
from geoapp.web.amounts import distance
from geoapp.web.language import current

BY = {"foot": _("on foot"), "bicycle": _("by bicycle"), "car": _("by car")}
DEMANDS = {
    "population": _("a population grid that was brought in"),
    "villages": _("villages and communities"),
    "grid": _("points laid over the townships"),
}
GROUPS = {"children": _("children"), "elderly": _("the elderly")}
# Moments that tell a good week from a poor one; links may name any other.
MOMENTS = {
    "su-19:00": _("on Sunday evening (19:00)"),
    "we-19:00": _("on a weekday evening (Wed 19:00)"),
    "sa-10:00": _("on Saturday morning (10:00)"),
    "mo-10:00": _("on Monday morning (10:00)"),
}
CHARACTERS = {"urban": _("urban"), "rural": _("rural"), "mixed": _("mixed")}
STATES = {
    "near": _("near"),
    "far": _("not near"),
    "off": _("too far from a road"),
    "none": _("no way leads to one"),
}
# What townships can be shaded by, the usual first.
MEASURES = {
    "near_people": _("Residents near"),
    "near_places": _("Places near"),
    "near_area": _("Area near"),
    "norm_people": _("Residents for whom the norm is kept"),
    "norm_places": _("Places for which the norm is kept"),
    "median_min": _("Median minutes"),
    "mean_min": _("Mean minutes"),
    "p90_min": _("Minutes within which nine in ten arrive"),
    "worst_min": _("Minutes from the farthest place"),
    "fifth_min": _("Mean minutes of the least-served fifth"),
    "facilities": _("Facilities that count"),
    "per_10000": _("Facilities per 10,000 residents"),
    "access": _("Facilities within reach per 10,000 who share them"),
}
USUAL_MEASURE = "near_people"
# What the measure of access counts, by what is shared.
ACCESS = {
    "facilities": MEASURES["access"],
    "floor_area": _("m² within reach per 10,000 who share them"),
    "seats": _("Seats within reach per 10,000 who share them"),
    "books": _("Books within reach per 10,000 who share them"),
}


def share(value: float | None) -> str:
    """A share in 0..1 in per cent, or that it is unknown; what is not all is never rounded up to all, nor to none."""
    if value is None:
        return str(labels.UNKNOWN)
    whole = round(value * 100)
    if (whole == 100 and value < 1) or (whole == 0 and value > 0):
        return str(format_percent(value, "0.0%")) if 0.0005 <= value < 0.9995 else _nearly(value)
    return str(format_percent(whole / 100, "0%"))


def of_how_many(value: float | None, count: int) -> str:
    """A share of places in numbers: of one of one nobody should think that it is many."""
    if value is None or not count:
        return ""
    return str(gettext("%(some)s of %(all)s", some=format_decimal(round(value * count)), all=format_decimal(count)))


def places(count: int) -> str:
    """A number of places where people live."""
    return str(gettext("one place") if count == 1 else gettext("%(count)s places", count=format_decimal(count)))


def _nearly(value: float) -> str:
    return str(gettext("over 99.9 %") if value > 0.5 else gettext("under 0.1 %"))


def minutes(value: float | None, digits: int | None = None) -> str:
    """A way in minutes, or that it is unknown; short ways, and those to be compared, with a digit behind the point."""
    if value is None:
        return str(labels.UNKNOWN)
    wanted = digits if digits is not None else 1 if value < 9.95 else 0
    return str(gettext("%(minutes)s min", minutes=format_decimal(round(value, wanted))))


def people(value: float | None) -> str:
    """A number of residents, or that it is unknown; spread residents come in fractions, which nobody is."""
    return str(labels.UNKNOWN) if value is None else str(format_decimal(round(value)))


def moment(value: Moment) -> str:
    """A minute of the week."""
    known = MOMENTS.get(str(value))
    clock = f"{value.minute // 60:02}:{value.minute % 60:02}"
    return str(known or gettext("on %(day)s at %(clock)s", day=labels.WEEKDAYS[value.day], clock=clock))


def kinds_of(codes: tuple[str, ...]) -> str:
    """Kinds of facility by name."""
    if not codes:
        return str(gettext("Cultural facilities of any kind"))
    named = kind_names(g.district, current())
    return (", " if current() == "en" else "、").join(named.get(code, code) for code in codes)


def limit(question: CoverageQuestion) -> str:
    """What counts as near: minutes on the way, or metres by line where there are no roads and these are asked for."""
    if question.metres is not None and ways_of(g.district, question.by).estimate:
        return str(gettext("within %(distance)s by line", distance=distance(question.metres)))
    return str(
        gettext("within %(minutes)s minutes %(by)s", minutes=format_decimal(question.minutes_meant), by=BY[question.by])
    )


def of_group(what: str, question: CoverageQuestion) -> str:
    """What is counted of residents, by its name; of an age group where the question asks for one."""
    if question.group is None:
        return what
    return str(gettext("%(what)s (%(group)s only)", what=what, group=GROUPS[question.group]))


def measure(name: str, question: CoverageQuestion) -> str:
    """A measure of townships by its name; shares of people are those of an age group where one is asked for."""
    text = str(MEASURES[name])
    return of_group(text, question) if name in ("near_people", "norm_people") else text


def in_words(question: CoverageQuestion) -> str:
    """The question in one line."""
    parts = [kinds_of(question.kind), limit(question)]
    if question.open_at:
        parts.append(gettext("open %(moment)s", moment=moment(question.open_at)))
    if question.group:
        parts.append(gettext("for %(group)s only", group=GROUPS[question.group]))
    if question.on:
        parts.append(gettext("as of %(day)s", day=format_date(question.on)))
    parts += [text for wanted, text in _ticked(question) if wanted]
    if question.township:
        named = services.wording(g.district, "townships", current())
        parts.append(", ".join(named.get(code, code) for code in question.township))
    return " · ".join(map(str, parts))


def _ticked(question: CoverageQuestion) -> list[tuple[bool, str]]:
    return [
        (question.planned, gettext("with what is planned or being built")),
        (question.private, gettext("with private ones")),
        (question.borders, gettext("within one's own township only")),
    ]


def map_labels() -> dict[str, str]:
    """What the page's script says."""
    return {
        "suppose": gettext("Suppose a facility here"),
        "suppose_hint": gettext("Click on the map where a facility is supposed to stand; Escape ends it."),
        "supposed": gettext("Supposed facility %(number)s", number="{number}"),
        "remove": gettext("Take it away"),
        "close": gettext("Suppose it closed"),
        "reopen": gettext("Open again"),
        "closed": gettext("supposed closed"),
        "minutes": gettext("%(minutes)s min to %(name)s", minutes="{minutes}", name="{name}"),
        "near": str(STATES["near"]),
        "far": str(STATES["far"]),
        "off": str(STATES["off"]),
        "none": str(STATES["none"]),
        "places_left_out": gettext("%(count)s places are too many to draw singly", count="{count}"),
    }


def state(found: Reach, place: int) -> str:
    """How a demand place stands to the nearest facility."""
    if found.state[place] == State.REACHED:
        return str(STATES["near" if found.near[place] else "far"])
    if found.state[place] == State.NO_FACILITY:
        return str(gettext("there is none"))
    return str(STATES["off" if found.state[place] == State.TOO_FAR_FROM_A_ROAD else "none"])


def facility_name(supply: Supply, place: int) -> str:
    """A facility's name in the reader's language; a supposed one's number."""
    id = supply.ids[place]
    if id.startswith("pin:"):
        return str(gettext("Supposed facility %(number)s", number=id.removeprefix("pin:")))
    english = supply.records[place].get("name_en") if current() == "en" else None
    return str(english or supply.names[place] or id)


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign, as people write it."""
    number = round(value, digits)
    text = format_decimal(abs(number))
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else "±0"
