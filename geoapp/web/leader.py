"""At a glance: ten numbers, the places of the townships, and a small table of what residents say."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import format_date, format_decimal, format_percent, gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError
from geoapp.domain.selection import Selection
from geoapp.domain.tables import MEASURES
from geoapp.web import filters, labels
from geoapp.web.downloads import fonts, notes, sent, title_of
from geoapp.web.errors import status_of, told
from geoapp.web.language import current
from geoapp.web.requests import require_own_page, selection

blueprint = Blueprint("leader", __name__)

WEIGHTS = ("closed", "in_time", "in_order")
# Each tile of the page and the numbers on it, the first one large.
TILES = (
    ("found", "found_per_visit"),
    ("closed_of_due",),
    ("in_time", "in_time_originally"),
    ("overdue",),
    ("rework", "relapse"),
    ("survey_points_visited",),
    ("in_order",),
    ("ranking",),
    ("culture_coverage",),
    MEASURES,
)
FILTERS = ("township", "category", "unit")
PERIODS = (7, 30, 90)


@blueprint.get("/leader")
def show() -> tuple[str, int]:
    """The page; a link that asks for what cannot be shows the last thirty days, and says so."""
    refusal, status = None, 200
    try:
        chosen, weights = selection(*WEIGHTS), _weights()
        glance = services.at_a_glance(g.district, chosen, g.scope, weights)
    except GeoappError as error:
        refusal, status, chosen, weights = told(error), status_of(error), Selection(), services.Weights()
        glance = services.at_a_glance(g.district, chosen, g.scope, weights)
    page = render_template(
        "leader/show.html",
        glance=glance,
        tiles=[[said(glance.numbers[name]) for name in tile if name in glance.numbers] for tile in TILES],
        places=[place_row(place) for place in glance.places],
        too_small=services.SMALLEST_SAMPLE,
        ranking=_definition(services.RANKING),
        weights={name: getattr(weights, name) for name in WEIGHTS},
        weight_names=labels.WEIGHTS,
        rounds=services.wording(g.district, "rounds", current()),
        choices=filters.choices(FILTERS),
        chips=filters.chips(chosen.parameters(), FILTERS, "problems"),
        filter_names=filters.NAMES,
        chosen=chosen.parameters(),
        periods=[(days, _link(chosen, weights, days)) for days in PERIODS],
        measures={name: gettext(services.DEFINITIONS[name].title) for name in MEASURES},
        may_write=g.may_write,
        refusal=refusal,
        picture=f"{url_for('leader.picture')}?{request.query_string.decode()}"
        if refusal is None
        else url_for("leader.picture"),
    )
    return page, status


@blueprint.get("/leader.png")
def picture() -> Response:
    """The places of the townships as a picture."""
    chosen, weights = selection(*WEIGHTS), _weights()
    glance = services.at_a_glance(g.district, chosen, g.scope, weights)
    rows = [_cells(place_row(place)) for place in glance.places]
    days = gettext("%(first)s to %(last)s", first=_as_day(glance.first_day), last=_as_day(glance.last_day))
    drawn = services.draw_rows(
        g.district,
        services.ListPicture(
            title=f"{title_of('townships')} · {gettext('Places of the townships')}",
            subtitle=f"{days} · {filters.in_words(_without_days(chosen), 'problems')}",
            headings=[
                gettext("Place"),
                gettext("Township"),
                gettext("Score"),
                "95 %",
                *map(str, labels.WEIGHTS.values()),
            ],
            rows=rows,
            matched=len(rows),
            more="{count}",
            notes=[gettext(services.RANKING.formula), *notes()],
        ),
        fonts(),
    )
    return sent(Response(drawn, mimetype="image/png"), "townships-places.png", "townships")


def _cells(place: dict[str, Any]) -> list[str]:
    known = gettext(services.TOO_SMALL) if place["rank"] is None else str(place["rank"])
    return [known, place["name"], place["score"] or "–", place["interval"] or "–", *place["shares"]]


def _without_days(chosen: Selection) -> dict[str, str]:
    """The parameters of a selection but for its days."""
    return {name: value for name, value in chosen.parameters().items() if name not in ("from", "to")}


@blueprint.post("/leader/surveys")
def add_survey() -> AnyResponse:
    """Enter what residents answered to one question."""
    require_own_page()
    form = request.form
    services.enter_survey(
        g.district,
        measure=form.get("measure", ""),
        ended_on=_day(form.get("ended_on", "")),
        asked=_whole("asked", form.get("asked", "")),
        yes=_whole("yes", form.get("yes", "")),
        by="local",
        request_key=form.get("key") or None,
    )
    return redirect(url_for("leader.show") + "#residents", code=303)


def _weights() -> services.Weights:
    given = {name: _weight(name, request.args[name]) for name in WEIGHTS if request.args.get(name)}
    return services.Weights(**given)


def _weight(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInput("{name}={value!r} is not a number.", name=name, value=text) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("{name}={value!r} is not a day such as 2026-05-03.", name="ended_on", value=text) from None


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("{name}={value!r} is not a whole number.", name=name, value=text)
    return int(text)


def _link(chosen: Selection, weights: services.Weights, days: int) -> str:
    last = g.district.clock().astimezone(g.district.zone).date()
    return url_for("leader.show") + "?" + services.last_days(chosen, last, days).query()


def said(number: services.Number) -> dict[str, Any]:
    """A number in words: itself, its change, what it is counted among, and where its rows are."""
    definition = _definition(services.DEFINITIONS[number.name])
    return definition | {
        "name": number.name,
        "value": _value(number),
        "of": _of(number),
        "interval": _interval(number.rate),
        "change": _change(number),
        "verdict": gettext(services.VERDICTS[number.verdict]) if number.verdict else None,
        "on": number.on,
        "rows": _rows(number.rows),
        "among": _rows(number.among),
    }


def _definition(definition: services.Definition) -> dict[str, Any]:
    return {
        name: text and gettext(text)
        for name, text in (
            ("title", definition.title),
            ("formula", definition.formula),
            ("denominator", definition.denominator),
            ("remark", definition.remark),
        )
    }


def _value(number: services.Number) -> str | None:
    if number.name == "overdue" and number.rate:
        return str(format_decimal(number.rate.k))
    if number.rate is not None:
        return None if number.rate.value is None else str(format_percent(number.rate.value, "0.0%"))
    return None if number.value is None else str(format_decimal(round(number.value, 2)))


def _of(number: services.Number) -> str | None:
    if number.rate is not None and number.rate.n:
        return str(gettext("%(k)s of %(n)s", k=format_decimal(number.rate.k), n=format_decimal(number.rate.n)))
    return None if number.n is None else str(gettext("n = %(n)s", n=format_decimal(number.n)))


def _interval(rate: services.Rate | None) -> str | None:
    if rate is None or rate.low is None or rate.high is None:
        return None
    ends = {"low": format_percent(rate.low, "0.0%"), "high": format_percent(rate.high, "0.0%")}
    return str(gettext("95 %%: %(low)s to %(high)s", **ends))


def _change(number: services.Number) -> str | None:
    """The difference from the last period, in points for shares."""
    now = number.rate.value if number.rate is not None else number.value
    if now is None or number.before is None:
        return None
    if number.rate is None:
        return str(gettext("%(change)s against the period before", change=_signed(round(now - number.before, 2))))
    points = _signed(round(100 * (now - number.before), 1))
    return str(gettext("%(change)s points against the period before", change=points))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "±") + str(format_decimal(abs(value)))


def _rows(rows: services.RowsBehind | None) -> str | None:
    if rows is None:
        return None
    return f"{url_for('tables.show', layer=rows.layer)}?{rows.selection.for_layer(rows.layer).query()}"


def place_row(place: services.Place) -> dict[str, Any]:
    sample, ranked = place.sample, place.ranked
    shares = ((sample.closed, sample.due), (sample.in_time, sample.due), (sample.in_order, sample.visited))
    return {
        "code": place.code,
        "name": services.wording(g.district, "townships", current()).get(place.code, place.code),
        "rank": ranked.rank,
        "score": None if ranked.score is None else format_percent(ranked.score, "0.0%"),
        "interval": None
        if ranked.low is None or ranked.high is None
        else f"{format_percent(ranked.low, '0%')} – {format_percent(ranked.high, '0%')}",
        "shares": [f"{format_decimal(k)} / {format_decimal(n)}" for k, n in shares],
    }


@blueprint.app_template_filter("as_day")
def _as_day(day: date) -> str:
    return str(format_date(day, "medium"))
