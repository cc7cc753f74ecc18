"""The meeting pack of a selection: what a planner tells a meeting, as slides or as a report."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import format_datetime, format_decimal, gettext

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Due
from geoapp.web import filters, labels
from geoapp.web.downloads import named, notes
from geoapp.web.heat_cell_accounts import spots_account
from geoapp.web.heat_sentences import days_text, picture_style, sentence
from geoapp.web.heat_styles import HeatView, heat_view
from geoapp.web.heat_taking import file_name, map_of
from geoapp.web.labels import rounded
from geoapp.web.language import current, place_name
from geoapp.web.leader import TILES, place_row, said
from geoapp.web.requests import VIEW as VIEW_PARAMETERS
from geoapp.web.requests import selection

blueprint = Blueprint("heat_pack", __name__)

TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
UNITS, SPOTS = 16, 10


@blueprint.get("/heat/pack.<any(pptx,docx):format>")
def pack(format: str) -> Response:
    """The pack; `photos` names the problems whose photos are shown, by comma."""
    view = heat_view(selection(*VIEW_PARAMETERS, "photos"))
    now, place = g.district.clock(), place_name()
    made = services.MeetingPack(
        title=gettext("%(place)s: problems and hot spots", place=place),
        subtitle=f"{filters.in_words(view.chosen.parameters(), 'problems')}\n"
        + gettext("As of %(moment)s", moment=format_datetime(now, "short")),
        pages=[page for page in _pages(view) if page],
        language=current(),
        author=place,
        created=now,
    )
    draw = services.slides if format == "pptx" else services.report
    title = gettext("Meeting pack")
    return named(Response(draw(made), mimetype=TYPES[format]), file_name(f"{title}.{format}"), f"meeting-pack.{format}")


def _pages(view: HeatView) -> list[services.Page | None]:
    heat = replace(view, name="surface")
    change, spots = replace(view, name="change", shown="difference"), replace(view, name="spots", shown="spots")
    return [_numbers(view), _surface(heat), _categories(heat), _periods(change), _spots(spots), _ranking(view),
            _overdue(view), _photos(view)]  # fmt: skip


def _numbers(view: HeatView) -> services.Page:
    glance = services.at_a_glance(g.district, view.chosen, g.scope, services.Weights())
    first = [tile[0] for tile in TILES if tile[0] in glance.numbers]
    shown = [said(glance.numbers[name]) for name in [*first, *(name for name in glance.numbers if name not in first)]]
    figures = [services.Figure(one["title"], one["value"] or gettext("no data yet"),
                               " · ".join(filter(None, (one["of"], one["change"])))) for one in shown[:10]]  # fmt: skip
    days = days_text((glance.first_day, glance.last_day))
    against = days_text(glance.before)
    text = gettext("%(days)s, against %(before)s.", days=days, before=against)
    return services.Page(gettext("Ten numbers"), text, figures=figures, notes=_notes())


def _surface(view: HeatView) -> services.Page:
    core = replace(view, core=True)
    pictures = [_picture(map_of(one, title=False), sentence(one), text) for one, text in
                ((view, gettext("the whole")), (core, _core()))]  # fmt: skip
    return services.Page(gettext("Heat map"), sentence(view), pictures=pictures,
                         notes=_notes(labels.HEAT_UNITS[view.heat.weight], labels.NO_RATE))  # fmt: skip


def _core() -> str:
    return str(gettext("the part where most problems lie"))


def _categories(whole: HeatView) -> services.Page:
    view = replace(whole, core=True)
    style = picture_style(view)
    known = [(text, replace(view.chosen, category=(code,))) for code, text in
             filters.choices(("category",))["category"].items() if code != "00"]  # fmt: skip
    top = max([services.scale_top(g.district, chosen, g.scope, style) for _, chosen in known], default=0.0)
    pictures = []
    for text, chosen in known:
        count = services.heat(g.district, chosen, g.scope, style).shown
        small = view.of(chosen).on_scale(top)
        caption = f"{text}: {format_decimal(count)}"
        pictures.append(_picture(map_of(small, bare=True), caption, caption))
    months = services.heat(g.district, view.chosen, g.scope, style).months
    scale = gettext("All on one scale, whose end is %(bound)s %(unit)s.", bound=rounded(top / months),
                    unit=labels.HEAT_UNITS[style.weight])  # fmt: skip
    smoothed = gettext("Smoothed over %(metres)s m", metres=format_decimal(style.bandwidth_m))
    return services.Page(gettext("By category"), scale, pictures=pictures, notes=_notes(smoothed, _core()))


def _periods(view: HeatView) -> services.Page:
    found = services.two_periods(g.district, view.chosen, g.scope, view.cells)
    shown = replace(view, name="surface", core=True)
    style = picture_style(shown)
    days = (found.before, found.after)
    both = [replace(view.chosen, first_day=first, last_day=last) for first, last in days]
    top = max(services.scale_top(g.district, chosen, g.scope, style) for chosen in both)
    pictures = []
    for chosen, count, period in zip(both, found.reports, days, strict=True):
        caption = gettext("%(days)s: %(count)s reports", days=days_text(period), count=format_decimal(count))
        small = shown.of(chosen).on_scale(top)
        pictures.append(_picture(map_of(small, bare=True), caption, caption))
    verdict = gettext("%(grown)s cells have grown and %(shrunk)s have shrunk more than the whole.",
                      grown=int(found.difference.grown.sum()), shrunk=int(found.difference.shrunk.sum()))  # fmt: skip
    return services.Page(gettext("Two periods on one scale"), f"{_whole_change(found)} {verdict}", pictures=pictures,
                         notes=_notes(gettext("Fisher's exact test of each cell with its neighbours")))  # fmt: skip


def _whole_change(found: services.TwoPeriods) -> str:
    values = {
        "before": format_decimal(found.reports[0]),
        "after": format_decimal(found.reports[1]),
        "p": f"{found.p:.2g}",
    }
    if found.p <= services.FALSE_SHARE:
        return str(gettext("%(before)s reports became %(after)s, more than chance (p = %(p)s).", **values))
    return str(gettext("%(before)s reports became %(after)s, no more than chance (p = %(p)s).", **values))


def _spots(view: HeatView) -> services.Page:
    account = spots_account(view)
    rows = [(spot["name"], spot["count"], spot["expected"], spot["q"]) for spot in account["spots"][:SPOTS]]
    heading = (gettext("Where"), gettext("Reports"), gettext("Expected"), "q")
    table = services.Table(heading, rows, frozenset({1, 2, 3})) if rows else None
    denominator = gettext("Counted %(per)s", per=account["per"])
    return services.Page(gettext("Hot spots"), sentence(view), table=table,
                         pictures=[_picture(map_of(replace(view, core=True), title=False), sentence(view), _core())],
                         notes=_notes(denominator, account["weakness"]))  # fmt: skip


def _ranking(view: HeatView) -> services.Page | None:
    glance = services.at_a_glance(g.district, view.chosen, g.scope, services.Weights())
    rows: list[dict[str, Any]] = [place_row(place) for place in glance.places]
    if not rows:
        return None
    heading = (gettext("Place"), gettext("Township"), gettext("Score"), "95 %", *map(str, labels.WEIGHTS.values()))
    cells = [(str(row["rank"] or "–"), row["name"], row["score"] or "–", row["interval"] or "–", *row["shares"])
             for row in rows]  # fmt: skip
    table = services.Table(heading, cells, frozenset(range(2, len(heading))))
    among = services.RANKING.denominator and gettext(services.RANKING.denominator)
    return services.Page(gettext("Places of the townships"), gettext(services.RANKING.formula), table=table,
                         notes=_notes(among))  # fmt: skip


def _overdue(view: HeatView) -> services.Page | None:
    late = services.statistics(g.district, "problems", replace(view.chosen, due=Due.OVERDUE), g.scope, by=("unit",))
    every = services.statistics(g.district, "problems", view.chosen, g.scope, by=("unit",))
    whole = {row["unit"]: row["count"] for row in every}
    named_units = services.wording(g.district, "units", current())
    order = sorted(late, key=lambda row: -row["count"])[:UNITS]
    if not order:
        return None
    rows = [
        (str(named_units.get(row["unit"], row["unit"] or gettext("none"))), format_decimal(row["count"]),
         format_decimal(whole[row["unit"]]), f"{row['count'] / whole[row['unit']]:.0%}")
        for row in order
    ]  # fmt: skip
    total = format_decimal(sum(row["count"] for row in late))
    heading = (gettext("Unit"), gettext("Overdue"), gettext("All its problems"), gettext("Share"))
    return services.Page(gettext("Overdue by unit"), gettext("%(count)s problems are overdue.", count=total),
                         table=services.Table(heading, rows, frozenset({1, 2, 3})),
                         notes=_notes(gettext("Lead units; work not done at its deadline")))  # fmt: skip


def _photos(view: HeatView) -> services.Page | None:
    wanted = tuple(filter(None, request.args.get("photos", "").split(",")))
    if len(wanted) > services.MOST_PAIRS:
        raise BadInput(
            "{count} problems are named for photos; {most} fit.", count=len(wanted), most=services.MOST_PAIRS
        )
    pairs = services.before_and_after(g.district, view.chosen, g.scope, wanted)
    pictures = [
        services.Picture(image, f"{pair.number} {pair.name}", wide, high, f"{pair.number} · {when}")
        for pair in pairs
        for (image, wide, high), when in ((pair.before, gettext("before")), (pair.after, gettext("after")))
    ]
    if not pictures:
        return None
    return services.Page(gettext("Before and after"), gettext("First and last photo of problems that were put right."),
                         pictures=pictures, notes=_notes())  # fmt: skip


def _picture(png: bytes, alt: str, caption: str = "") -> services.Picture:
    wide, high = services.size_of(png)
    return services.Picture(png, alt, wide, high, caption)


def _notes(*more: object) -> list[str]:
    """Day and sources, and what is schematic or synthetic; under every page."""
    facts = g.district.describe()
    moment = gettext("As of %(moment)s", moment=format_datetime(g.district.clock(), "short"))
    schematic = [gettext("Schematic boundaries, not official")] if facts.schematic else []
    synthetic = [gettext("Demo: problems and visits are synthetic")] if facts.demo else []
    return [place_name(), moment, *map(str, filter(None, more)), *schematic, *synthetic, *notes()]
