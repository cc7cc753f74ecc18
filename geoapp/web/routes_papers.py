"""What teams take along from a plan: files for other programs, a sheet, a booklet, and the map that is on them."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, g, render_template, request
from flask_babel import format_date
from markupsafe import Markup

from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.outings import Outing
from geoapp.domain.selection import Selection
from geoapp.maps.layers import team_colours
from geoapp.services import routes as services
from geoapp.web.downloads import XLSX, fonts, named, notes, streamed
from geoapp.web.fields import title
from geoapp.web.language import current, place_name
from geoapp.web.outing_words import WORDS, reader, totals
from geoapp.web.parameters import strictly
from geoapp.web.requests import not_modified, tagged, unchanged
from geoapp.web.routes_links import date_or_none, day_query

blueprint = Blueprint("routes_papers", __name__, url_prefix="/routes")

# What the papers are made of: while none of these changes, neither do they.
LAYERS = ("plans", "sites", "problems", "facilities", "visits", "roads", "townships", "streets", "tables")
_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
_PARAMETERS = {"team": _TEXT, "date": _TEXT, "lang": {"type": "string", "maxLength": 8}, "download": _TEXT}
TYPES = {"gpx": "application/gpx+xml", "geojson": "application/geo+json", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan, and the days of it that are asked for. team, day: None for all."""

    kept: KeptPlan
    team: str | None
    day: date | None

    def outings(self) -> list[Outing]:
        """The days, with all that is known of their stops."""
        return services.outings(g.district, self.kept, g.scope, current(), team=self.team, day=self.day)

    def name(self) -> str:
        """What is asked for, as part of a file's name."""
        team = services.names_of(self.kept.plan.request).team(self.team) if self.team else None
        return "-".join(str(part) for part in (self.kept.name, team, self.day) if part)

    def query(self) -> str:
        """The same days of another paper."""
        return day_query(self.team, self.day)

    @property
    def colours(self) -> dict[str, str]:
        """The colours of the plan's teams."""
        return team_colours(team.id for team in self.kept.plan.request.teams)


@blueprint.get("/<plan>.<any(gpx,xlsx,geojson,json):format>")
def file(plan: str, format: str) -> Response:
    """The plan for another program; JSON as it was made, for `geoapp routes check`."""
    asked = _asked(plan)
    if format == "json":
        body = Response(services.plan_json(asked.kept.plan), mimetype=TYPES[format])
    elif format == "xlsx":
        book = services.plan_xlsx(g.district, asked.kept, asked.outings(), reader())
        body = Response(streamed(book), mimetype=XLSX)
    else:
        write = services.plan_gpx if format == "gpx" else services.plan_geojson
        body = Response(write(g.district, asked.kept, asked.outings(), reader()), mimetype=TYPES[format])
    return named(body, f"{place_name()}-{asked.name()}.{format}", f"routes-{asked.kept.id}.{format}")


@blueprint.get("/<plan>/sheet")
def sheet(plan: str) -> str:
    """Sheets of A4 for a clipboard, one or more a team and day."""
    return _paper("routes/sheet.html", _asked(plan))


@blueprint.get("/<plan>/booklet")
def booklet(plan: str) -> str:
    """A booklet of A5 pages: a cover, and of every team and day a map, the times, and where to write at each stop."""
    return _paper("routes/booklet.html", _asked(plan))


@blueprint.get("/<plan>/map.png")
def map_picture(plan: str) -> Response:
    """The map of the days; without title and sources, which the paper around it has, unless it is downloaded."""
    asked = _asked(plan)
    tag, known = unchanged(LAYERS, Selection(), request.query_string.decode(), current())
    if known:
        return not_modified(tag)
    saved = request.args.get("download") == "yes"
    drawn = Response(_drawn(asked, bare=not saved), mimetype="image/png")
    if saved:
        return named(drawn, f"{place_name()}-{asked.name()}.png", f"routes-{asked.kept.id}.png")
    return tagged(drawn, tag)


def _asked(plan: str) -> Asked:
    given = strictly(_PARAMETERS)
    return Asked(services.kept_plan(g.district, plan), given.get("team"), date_or_none(given.get("date")))


def _paper(template: str, asked: Asked) -> str:
    days = asked.outings()
    codes = {stop.url: Markup(services.qr_code(stop.url)) for day in days for stop in day.stops}  # noqa: S704 - our own
    read = reader()
    return render_template(
        template,
        kept=asked.kept,
        days=days,
        codes=codes,
        colours=asked.colours,
        notes=[read.tell(note) for note in services.plan_notes(asked.kept)],
        warnings=[read.tell(note) for note in services.plan_warnings(asked.kept)],
        sources=notes(),
        order={team: number for number, team in enumerate(asked.colours)},
        query=asked.query(),
        **WORDS,
    )


def _drawn(asked: Asked, *, bare: bool) -> bytes:
    days = asked.outings()
    told = [reader().tell(note) for note in services.plan_notes(asked.kept)]
    look = services.PlanPicture(
        colours=asked.colours, name=title, fonts=fonts(), title="" if bare else f"{place_name()} · {asked.kept.name}",
        subtitle=" · ".join(f"{format_date(day.date, 'short')} {day.team_name}: {totals(day)}" for day in days[:3]),
        legend=[] if len(days) < 2 else list(dict.fromkeys((asked.colours[day.team], day.team_name) for day in days)),
        notes=() if bare else [*told, *notes()],
    )  # fmt: skip
    return services.draw_plan(g.district, days, look)
