"""Which points to visit this round: a sample by quotas, as a page and as a file."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request, stream_with_context
from flask_babel import gettext

from geoapp.domain.errors import BadInput, GeoappError
from geoapp.domain.selection import Selection
from geoapp.services import routes as services
from geoapp.services.sheets import sheet_csv, sheet_xlsx
from geoapp.web import filters, labels
from geoapp.web.downloads import XLSX, named, notes, streamed
from geoapp.web.errors import status_of, told
from geoapp.web.fields import title as name_of
from geoapp.web.requests import selection
from geoapp.web.routes_form import number_of

blueprint = Blueprint("routes_sampling", __name__, url_prefix="/routes")

OWN = ("per_township", "kinds", "n", "seed", "days", "risk", "never_first")
FILTERS = ("kind", "role", "township")
USUAL_SEED = 1


@blueprint.get("/sampling")
def show() -> tuple[str, int]:
    """The form, and what it draws."""
    refusal, status = None, 200
    try:
        chosen = selection(*OWN)
        chosen.require("sites")
        rule = rule_of(request.args)
        found = services.sample_sites(g.district, chosen, g.scope, rule)
    except GeoappError as error:
        refusal, status = told(error), status_of(error)
        chosen, rule = Selection(), services.SamplingRule()
        found = services.sample_sites(g.district, chosen, g.scope, rule)
    return _page(chosen, rule, found, refusal), status


@blueprint.get("/sampling.<any(xlsx,csv):format>")
def file(format: str) -> Response:
    """The same points as a file."""
    chosen = selection(*OWN)
    chosen.require("sites")
    found = services.sample_sites(g.district, chosen, g.scope, rule_of(request.args))
    words = _words()
    columns = _columns()
    rows = [_row(number, point, words) for number, point in enumerate(found.points, start=1)]
    name = f"{gettext('Points to visit')}-{request.args.get('seed') or USUAL_SEED}.{format}"
    if format == "csv":
        body = Response(stream_with_context(sheet_csv(columns, rows)), mimetype="text/csv; charset=utf-8")
    else:
        book = sheet_xlsx(gettext("Points to visit"), columns, rows, notes=[method(), *notes()],
                          notes_title=gettext("About"))  # fmt: skip
        body = Response(streamed(book), mimetype=XLSX)
    return named(body, name, f"sampling.{format}")


def rule_of(given: Any) -> services.SamplingRule:
    """How the sample is drawn, from the parameters of a link; raises BadInput."""
    return services.SamplingRule(
        per_township=_whole("per_township", given),
        total=_whole("n", given),
        kinds=_kinds(given.get("kinds", "")),
        seed=_whole("seed", given) or USUAL_SEED,
        days=number_of("days", given, 1),
        risk=number_of("risk", given, 1),
        never_first=given.get("never_first") == "yes",
    )


def method() -> str:
    """How points are drawn, in one sentence."""
    return str(gettext(
        "By lot from a seed, in each township and kind apart: the likelier, the more a point weighs (Efraimidis and "
        "Spirakis 2006). A point weighs 1, and 1 more for every 30 days without a visit (6 at most, also if it was "
        "never visited), 1, 3 or 8 for every open problem by its severity, and 2 for every problem that came back "
        "within 180 days."
    ))  # fmt: skip


def reasons(point: services.SampledPoint) -> str:
    """Why a point weighs what it weighs, in words."""
    parts = [gettext("never visited") if point.days is None
             else gettext("days since the last visit: %(days)s", days=point.days)]  # fmt: skip
    for severity, text in labels.ENUMS["severity"].items():
        if point.problems.get(severity):
            parts.append(gettext("%(count)s open: %(severity)s", count=point.problems[severity], severity=text))
    if point.relapses:
        parts.append(gettext("%(count)s came back", count=point.relapses))
    return " · ".join(str(part) for part in parts)


def _page(chosen: Selection, rule: services.SamplingRule, found: services.Sample, refusal: str | None) -> str:
    given = {name: request.args.get(name, "") for name in OWN}
    return render_template(
        "routes/sampling.html",
        refusal=refusal,
        found=found,
        rule=rule,
        given=given,
        usual=services.USUAL_PER_TOWNSHIP,
        chosen=chosen.parameters(),
        choices=filters.choices(FILTERS, "sites"),
        chips=filters.chips(chosen.parameters(), FILTERS, "sites"),
        filter_names=filters.NAMES,
        at="/routes/sampling",
        view=None,
        words=_words(),
        name_of=name_of,
        method=method(),
        reasons={point.id: reasons(point) for point in found.points},
        plan=_plan_address(found) if found.points else None,
        query=urlencode(chosen.parameters() | {name: text for name, text in given.items() if text}),
    )


def _words() -> dict[str, dict[str, Any]]:
    choices = filters.choices(("kind", "township"), "sites")
    return {"kind": choices["kind"], "township": choices["township"]}


def _columns() -> list[tuple[str, str, str]]:
    texts = (("number", gettext("Number"), "number"), ("id", gettext("Id"), "id"), ("name", gettext("Name"), "text"),
             ("kind", gettext("Kind"), "text"), ("township", gettext("Township"), "text"),
             ("address", gettext("Address"), "text"), ("days", gettext("Days since the last visit"), "number"),
             ("weight", gettext("Weight"), "number"), ("reasons", gettext("Why"), "text"),
             ("lon", gettext("Longitude"), "number"), ("lat", gettext("Latitude"), "number"))  # fmt: skip
    return [(name, str(text), kind) for name, text, kind in texts]


def _row(number: int, point: services.SampledPoint, words: dict[str, dict[str, Any]]) -> list[Any]:
    record = point.record
    township = words["township"].get(point.township or "", point.township)
    kind = words["kind"].get(point.kind, point.kind)
    return [number, point.id, name_of(record), str(kind), township and str(township), record.get("address"), point.days,
            point.weight, reasons(point), record["lon"], record["lat"]]  # fmt: skip


def _plan_address(found: services.Sample) -> str:
    return "/routes?" + urlencode({"stops": ",".join(f"sites/{point.id}" for point in found.points)}, safe="/,")


def _whole(name: str, given: Any) -> int | None:
    text = str(given.get(name) or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("{name}={value!r} is not a whole number.", name=name, value=text)
    return int(text)


def _kinds(text: str) -> tuple[tuple[str, int], ...]:
    """Kinds and numbers, written as park:2,market:1 by the codes or names of kinds; raises BadInput."""
    known = filters.choices(("kind",), "sites")["kind"]
    codes = {str(name): code for code, name in known.items()} | {code: code for code in known}
    found: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in text.replace("，", ",").replace("：", ":").split(","))):
        name, number = (one.strip() for one in part.rpartition(":")[::2])
        if name not in codes or not (number.isascii() and number.isdigit() and len(number) < 10):
            raise BadInput("kinds={value!r} is not a list such as {example}.", value=part, example="park:2,market:1")
        found[codes[name]] = int(number)
    return tuple(found.items())
