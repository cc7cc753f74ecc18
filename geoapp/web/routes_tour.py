"""A tour's programme: to look at, to print and to take away; what a delay does to it; and who receives."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services as all_services
from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.selection import Scope
from geoapp.domain.tours import Host
from geoapp.services import routes as services
from geoapp.services.sheets import sheet_xlsx
from geoapp.web.downloads import XLSX, named, notes, streamed
from geoapp.web.errors import told
from geoapp.web.language import current, place_name
from geoapp.web.outing_words import reader
from geoapp.web.parameters import strictly
from geoapp.web.requests import require_own_page
from geoapp.web.routes_links import ID, date_or_none, form_day_query
from geoapp.web.tour_words import LINE_WORDS, delay_sentences, headings, lines_of

blueprint = Blueprint("routes_tour", __name__, url_prefix="/routes")

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
_MAYBE = {"type": "string", "maxLength": 200}
PARAMETERS = {"team": _TEXT, "date": _TEXT, "lang": {"type": "string", "maxLength": 8}, "late": _MAYBE, "at": _MAYBE,
              "now": _MAYBE}  # fmt: skip
# How wide the columns of the printed programme are beside each other.
SHARES = (2.2, 4.2, 2.0, 1.5, 5.6, 5.6, 3.2)


@blueprint.get(f"/<{ID}:plan>/programme")
def show(plan: str) -> str:
    """The programme, with the forms for delays and hosts beside it."""
    kept, found = _asked(plan)
    days = [(route.team, route.date) for route in services.routes_of(kept)]
    return render_template(
        "routes/programme.html",
        kept=kept,
        found=found,
        lines=lines_of(found),
        headings=headings(full=g.scope is Scope.FULL),
        delay=delay_sentences(found),
        days=days,
        team_names=services.names_of(kept.plan.request),
        wrong=[told(one) for one in found.wrong],
        remarks=[reader().tell(note) for note in services.plan_warnings(kept)],
        scores=services.score_table(g.district, kept) if g.scope is Scope.FULL else None,
        full=g.scope is Scope.FULL,
        may_write=g.may_write,
        asked={name: request.args.get(name, "") for name in ("late", "at", "now")},
        query=_query(found),
        **LINE_WORDS,
    )


@blueprint.get(f"/<{ID}:plan>/programme.<any(docx,xlsx):format>")
def file(plan: str, format: str) -> Response:
    """The programme for Word or Excel."""
    kept, found = _asked(plan)
    lines, full = lines_of(found), g.scope is Scope.FULL
    rows = [line.cells(full=full) for line in lines]
    name = f"{kept.name}-{gettext('Programme')}.{format}"
    if format == "xlsx":
        columns = [(f"column {at}", text, "text") for at, text in enumerate(headings(full=full))]
        book = sheet_xlsx(gettext("Programme"), columns, rows, notes=_notes(kept, found), notes_title=gettext("About"))
        return named(Response(streamed(book), mimetype=XLSX), name, f"programme-{kept.id}.xlsx")
    return named(Response(_document(kept, found, rows, full=full), mimetype=DOCX), name, f"programme-{kept.id}.docx")


@blueprint.post(f"/<{ID}:plan>/hosts")
def hosts(plan: str) -> AnyResponse:
    """Say who receives at the stops; names and phones stay on this machine, apart from ledger and layers."""
    require_own_page()
    kept, form = services.kept_plan(g.district, plan), request.form
    stops = [name.removeprefix("name-") for name in form if name.startswith("name-")]
    services.keep_hosts(g.district, kept, [
        Host(stop=stop, name=form.get(f"name-{stop}", "").strip(), phone=form.get(f"phone-{stop}", "").strip())
        for stop in stops
    ])  # fmt: skip
    return redirect(f"{url_for('routes_tour.show', plan=plan)}{form_day_query()}", code=303)


def _asked(plan: str) -> tuple[KeptPlan, services.Programme]:
    given = strictly(PARAMETERS)
    kept = services.kept_plan(g.district, plan)
    day = date_or_none(given.get("date"))
    late = _late(given)
    return kept, services.programme(g.district, kept, g.scope, current(), team=given.get("team"), day=day, late=late)


def _late(given: dict[str, str]) -> services.Lateness | None:
    """A delay that was asked for: late=15&at=stop, or now=10:40&at=stop."""
    stop, minutes, now = given.get("at"), given.get("late", "").strip(), given.get("now", "").strip()
    if not stop or not (minutes or now):
        return None
    try:
        return services.Lateness(stop, 0.0 if now else float(minutes), now or None)
    except ValueError:
        raise BadInput("{name}={value!r} is not a number.", name="late", value=minutes) from None


def _query(found: services.Programme) -> str:
    late = {name: request.args.get(name, "") for name in ("late", "at", "now") if request.args.get(name)}
    return urlencode({"team": found.outing.team, "date": found.outing.date.isoformat()} | late)


def _notes(kept: KeptPlan, found: services.Programme) -> list[str]:
    return [_subtitle(found), *(told(one) for one in found.wrong),
            *(reader().tell(note) for note in services.plan_notes(kept)), *notes()]  # fmt: skip


def _subtitle(found: services.Programme) -> str:
    day = found.outing
    lunch = gettext("lunch %(start)s to %(end)s", start=day.lunch[0][:5], end=day.lunch[1][:5]) if day.lunch else ""
    parts = [format_date(day.date, "full"), day.team_name, LINE_WORDS["totals"](day), lunch]
    return " · ".join(str(part) for part in parts if part)


def _document(kept: KeptPlan, found: services.Programme, rows: list[list[str]], *, full: bool) -> bytes:
    place = place_name()
    table = all_services.Table(headings(full=full), rows, shares=SHARES if full else SHARES[:-1])
    remarks = [told(one) for one in found.wrong] + [reader().tell(note) for note in services.plan_warnings(kept)]
    page: Any = all_services.Page(title=gettext("Programme"), sentence="\n".join(remarks), table=table, notes=notes())
    return all_services.report(all_services.MeetingPack(
        title=kept.name, subtitle=f"{place} · {_subtitle(found)}", pages=[page], language=current(), author=place,
        created=g.district.clock(), landscape=True,
    ))  # fmt: skip
