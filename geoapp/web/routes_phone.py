"""A team's day on a phone: a page that ticks stops off, and a file that records visits without any server."""

import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request
from flask_babel import format_date
from markupsafe import Markup

from geoapp.domain.errors import NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.outings import Outing
from geoapp.maps.canvas import script_json
from geoapp.maps.layers import team_colours
from geoapp.services import routes as services
from geoapp.web import labels
from geoapp.web.downloads import fonts, named, notes
from geoapp.web.fields import title
from geoapp.web.language import current
from geoapp.web.outing_words import WORDS, reader
from geoapp.web.requests import selection
from geoapp.web.routes_labels import COULD_NOT, PHONE, RECORDING
from geoapp.web.routes_links import date_of, date_or_none

blueprint = Blueprint("routes_phone", __name__, url_prefix="/routes")

SCRIPT = "vendor/route-pack.js"
STYLE = "css/day.css"


@blueprint.get("/<plan>/phone")
def show(plan: str) -> str:
    """Today's stops with big buttons; without team and date, which there are."""
    selection("team", "date")
    kept = services.kept_plan(g.district, plan)
    team, day = request.args.get("team"), date_or_none(request.args.get("date"))
    days = services.outings(g.district, kept, g.scope, current(), team=team, day=day)
    if len(days) != 1:
        return render_template("routes/phone_days.html", kept=kept, days=days, **WORDS)
    data = {"pack": services.pack_id(kept, days[0].team, days[0].date), "texts": _texts(PHONE)}
    return render_template("routes/phone.html", data=Markup(script_json(data)), **_day(kept, days[0]))  # noqa: S704


@blueprint.get("/<plan>/pack/<path:team>/<day>.html")
def pack(plan: str, team: str, day: str) -> Response:
    """One file that needs nothing else: stops, map, words, and the script that records."""
    selection()
    kept = services.kept_plan(g.district, plan)
    outing = services.outing(g.district, kept, team, date_of(day), g.scope, current())
    script, style = _static(SCRIPT), _static(STYLE)
    page = render_template(
        "routes/pack.html",
        data=Markup(script_json(_pack_data(kept, outing))),  # noqa: S704 - nothing in it can end the script
        script=Markup(script),  # noqa: S704 - our own
        style=Markup(style),  # noqa: S704 - our own
        policy=_policy(script, style),
        picture=_picture(kept, outing),
        sources=notes(),
        **_day(kept, outing),
    )
    name = f"route-pack-{outing.team_name}-{outing.date}.html"
    return named(Response(page, mimetype="text/html"), name, f"route-pack-{kept.id}-{outing.date}.html")


def _day(kept: KeptPlan, outing: Outing) -> dict[str, Any]:
    """What both pages show of a day."""
    told = [reader().tell(note) for note in services.plan_warnings(kept)]
    return {"kept": kept, "day": outing, "notes": told, "date_text": format_date(outing.date, "full"), **WORDS}


def _pack_data(kept: KeptPlan, outing: Outing) -> dict[str, Any]:
    return {
        "pack": services.pack_id(kept, outing.team, outing.date),
        "plan": kept.id,
        "team": outing.team,
        "date": outing.date.isoformat(),
        "file": f"{kept.id}-{outing.date}",
        "categories": [asdict(one) for one in services.category_choices(g.district, current())],
        "severities": [{"code": code, "name": str(name)} for code, name in labels.ENUMS["severity"].items()],
        "reasons": [str(text) for text in COULD_NOT],
        "texts": _texts(PHONE) | _texts(RECORDING),
    }


def _texts(known: dict[str, Any]) -> dict[str, str]:
    return {name: str(text) for name, text in known.items()}


def _policy(script: str, style: str) -> str:
    """What the file may do: its own script and style, its own pictures, and nothing that leaves the phone."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _static(name: str) -> str:
    """A file of ours as it may stand inside a page."""
    path = Path(str(current_app.static_folder)) / name
    if not path.is_file():
        raise NotFound("The page's scripts are not built yet: run make assets.")
    # No text in it may end the element that it stands in.
    return path.read_text(encoding="utf-8").replace("</", "<\\/")


def _picture(kept: KeptPlan, outing: Outing) -> str:
    """The map of the day as an address that holds the whole picture; "" for a day without stops."""
    if not outing.stops:
        return ""
    colours = team_colours(team.id for team in kept.plan.request.teams)
    drawn = services.draw_plan(g.district, [outing], services.PlanPicture(colours=colours, name=title, fonts=fonts()))
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
