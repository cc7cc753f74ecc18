"""Coverage as pictures for reports, sheets and chat groups."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import g
from flask_babel import format_decimal, gettext

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.maps.layers import COVERAGE_COLOURS, SHADES, UNKNOWN_SHADE
from geoapp.services.coverage.catching import catchments
from geoapp.services.coverage.pictures import Inks, draw_near, draw_shaded, drawn_step, main_part, mixed
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach
from geoapp.services.coverage.shading import coverage_shading
from geoapp.services.measures import Shading
from geoapp.web import coverage_words, labels
from geoapp.web.downloads import fonts, notes
from geoapp.web.fields import title as name_of
from geoapp.web.language import place_name

INKS = Inks(
    near=COVERAGE_COLOURS["near"], far=COVERAGE_COLOURS["far"], none=COVERAGE_COLOURS["none"],
    facility=COVERAGE_COLOURS["facility"], catchment=COVERAGE_COLOURS["catchment"],
    proposal=COVERAGE_COLOURS["pin"],
)  # fmt: skip
# Of townships that were not asked for, between the ground of the others and that outside the district.
OTHERS = "#e2e6e4"
WHOLE = (0.0, 0.0, 0.0, 0.0)
Legend = list[tuple[str, str]]


def shaded_map(question: CoverageQuestion, measure: str, *, title: bool = True) -> bytes:
    """The townships in the colours of a measure, with its values, and the facilities that count."""
    shading = coverage_shading(g.district, measure, question, g.scope)
    answer = reach(g.district, question, g.scope)
    text = coverage_words.measure(measure, question)
    legend = [*_classes(shading), (INKS.facility, gettext("Facilities that count"))]
    look = services.MapStyle(
        None, {}, INKS.facility, name_of, lambda record: _shade(shading, record),
        lambda record: _value(shading, record),
    )  # fmt: skip
    picture = _picture(text, question, legend, title)
    return draw_shaded(g.district, picture, answer, inks=INKS, look=look, fonts=fonts())


def near_map(question: CoverageQuestion, *, proposal: Proposal | None = None, title: bool = True) -> bytes:
    """What is near a facility, who lives where and how far they have it; proposed places by their rank."""
    answer = reach(g.district, question, g.scope)
    near = catchments(g.district, question, g.scope)
    look = services.MapStyle(None, {}, INKS.facility, name_of, lambda record: _asked_for(question, record),
                             lambda _: "")  # fmt: skip
    picture = _picture(gettext("What is near"), question, _near_legend(answer, proposal), title)
    step = drawn_step(answer)
    if step > 1:
        note = gettext(
            "Of %(count)s places one in %(step)s is drawn.", count=format_decimal(len(answer.demand)), step=step
        )
        picture = replace(picture, notes=[str(note), *picture.notes])
    return draw_near(g.district, picture, answer, near, inks=INKS, look=look, fonts=fonts(), proposal=proposal)


def _picture(text: str, question: CoverageQuestion, legend: Legend, title: bool) -> services.MapPicture:
    return services.MapPicture(
        title=f"{place_name()} · {text}" if title else "", subtitle=coverage_words.in_words(question),
        extent=(main_part(g.district, question.township) if question.township else None) or WHOLE,
        areas=(), lines=(), points=services.Points.none(), legend=legend, notes=_notes() if title else (),
    )  # fmt: skip


def _asked_for(question: CoverageQuestion, record: Mapping[str, Any]) -> str | None:
    """The ground of a township: those that were not asked for lie back."""
    return None if not question.township or record.get("code") in question.township else OTHERS


def _notes() -> list[str]:
    schematic = [gettext("Boundaries and roads are schematic")] if g.district.describe().schematic else []
    return [*map(str, schematic), *notes()]


def _near_legend(answer: Reach, proposal: Proposal | None) -> Legend:
    limit = gettext("from here one is near a facility")
    places = gettext("places near a facility") if answer.demand.weighting == "equal" else gettext("people near")
    found = [
        (INKS.facility, gettext("Facilities that count")), (mixed(INKS.catchment, 0.42), limit), (INKS.near, places),
        (INKS.far, coverage_words.STATES["far"]), (INKS.none, gettext("no way, or too far from a road")),
    ]  # fmt: skip
    proposed = [(INKS.proposal, gettext("proposed places"))] if proposal and proposal.places else []
    return [(colour, str(text)) for colour, text in (*found, *proposed)]


def _classes(shading: Shading) -> Legend:
    known = [value for value in shading.values.values() if value is not None]
    lows = [min(known, default=0.0), *shading.breaks[:-1]]
    found = [
        (_shades(shading)[number], _from_to(value_text(shading.kind, low), value_text(shading.kind, high)))
        for number, (low, high) in enumerate(zip(lows, shading.breaks, strict=False))
    ]
    unknown = [(UNKNOWN_SHADE, str(labels.UNKNOWN))] if None in shading.values.values() else []
    return [*found, *unknown]


def _from_to(low: str, high: str) -> str:
    return low if low == high else f"{low} – {high}"


def _shades(shading: Shading) -> tuple[str, ...]:
    """As many shades as there are classes, over the whole range from light to dark."""
    count = len(shading.breaks)
    if count < 2:
        return SHADES[2:]
    return tuple(SHADES[round(number * (len(SHADES) - 1) / (count - 1))] for number in range(count))


def _shade(shading: Shading, record: Mapping[str, Any]) -> str | None:
    value = shading.values.get(str(record.get("code")), -1.0)
    if value is None:
        return UNKNOWN_SHADE
    if str(record.get("code")) not in shading.values or not shading.breaks:
        return None
    number = next((at for at, bound in enumerate(shading.breaks) if value <= bound), len(shading.breaks) - 1)
    return _shades(shading)[number]


def _value(shading: Shading, record: Mapping[str, Any]) -> str:
    code = str(record.get("code"))
    return value_text(shading.kind, shading.values[code]) if code in shading.values else ""


def value_text(kind: str, value: float | None) -> str:
    """A value of a measure."""
    if value is None:
        return str(labels.UNKNOWN)
    if kind == "share":
        return coverage_words.share(value)
    return coverage_words.minutes(value) if kind == "minutes" else str(format_decimal(round(value, 1)))
