"""Standards along streets: which stretches fail, how long they are, and whether they are listed as trouble spots."""

from collections import defaultdict
from typing import Any

from flask import Blueprint, Response, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.line_standards import LEAST_METRES, MOST_METRES, STREET_KINDS, LineStandard
from geoapp.domain.selection import Selection
from geoapp.services.coverage import along_lines, line_files, line_spots, line_standards
from geoapp.services.coverage.along_lines import LineReport, Stretch
from geoapp.web import coverage_line_rows as rows
from geoapp.web.coverage_question import asked, part_of
from geoapp.web.downloads import XLSX, notes, streamed
from geoapp.web.errors import told
from geoapp.web.heat_taking import saved
from geoapp.web.language import current
from geoapp.web.requests import not_modified, require_own_page, tagged, unchanged

blueprint = Blueprint("coverage_lines", __name__)

# standard: code of the one that is shown. added: how many trouble spots have just been listed.
PARAMETERS = ("standard", "added")
# More stretches than this are in the files only.
MOST_SHOWN = 300
BY = "local"


def account(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the view needs."""
    known = line_standards.line_standards(g.district)
    editing = {
        "standards": [rows.rule_row(one) for one in known.values()], "rule_words": rows.RULE_WORDS,
        "wanted_kinds": rows.wanted_kinds(), "street_kinds": {kind: rows.street_kind(kind) for kind in STREET_KINDS},
        "least": LEAST_METRES, "most": MOST_METRES, "seq": g.district.present.seq, "may_write": g.may_write,
        # What if a facility stood elsewhere: that changes nothing here.
        "what_if": None, "standard_code": "",
    }  # fmt: skip
    if not known:
        return editing | {"report": None, "said": gettext("No standard along streets is known yet.")}
    report = _report()
    said = f"{rows.title(report.standard)} · {rows.streets_of(report.standard)}"
    return editing | {"report": report, "said": said, "added": _added()} | _shown(report, question)


@blueprint.get("/coverage/lines.geojson")
def lines() -> Response:
    """What fails, what keeps the standard, and where what is wanted stands, for the map."""
    question, report = asked("standard"), _report()
    tag, known = unchanged((*along_lines.LAYERS, "tables"), Selection(), request.query_string.decode())
    if known:
        return not_modified(tag)
    return tagged(Response(line_files.lines_geojson(report, question.township), mimetype="application/geo+json"), tag)


@blueprint.get("/coverage/lines-file.geojson")
def lines_file() -> Response:
    """The same to save, with what it is and where it comes from."""
    question, report = asked("standard"), _report()
    head = {"name": report.standard.code, "description": rows.title(report.standard),
            "attribution": "; ".join(notes())}  # fmt: skip
    found = line_files.lines_geojson(report, question.township, head)
    return saved(Response(found, mimetype="application/geo+json"), f"{rows.title(report.standard)}.geojson",
                 "coverage-lines.geojson")  # fmt: skip


@blueprint.get("/coverage/lines.xlsx")
def book() -> Response:
    """Streets, failing stretches and townships as a workbook."""
    question, report = asked("standard"), _report()
    about = [rows.title(report.standard), rows.streets_of(report.standard), *map(told, report.notes), *notes()]
    file = line_files.lines_xlsx(rows.sheets(report, _stretches(report, question), question.township), notes=about,
                                 notes_title=gettext("About"))  # fmt: skip
    return saved(Response(streamed(file), mimetype=XLSX), f"{rows.title(report.standard)}.xlsx", "coverage-lines.xlsx")


@blueprint.post("/coverage/lines/spots")
def list_spots() -> AnyResponse:
    """List every failing stretch as a trouble spot, those of some townships where the form names them."""
    require_own_page()
    report = _report()
    township = tuple(code for code in request.form.get("township", "").split(",") if code)
    listed = line_spots.list_as_trouble_spots(
        g.district, report, _stretches(report, CoverageQuestion(township=township)), by=BY,
        request_key=request.form.get("key") or None,
    )  # fmt: skip
    return _back(report.standard.code, township=township, added=str(len(listed.added)))


@blueprint.post("/coverage/lines/standards")
def change_standards() -> AnyResponse:
    """Add a standard, give one other metres, or take one away."""
    require_own_page()
    based_on, action = _number("seq"), request.form.get("action", "")
    if action == "add":
        standard = _drawn_up()
        line_standards.add_line_standard(g.district, standard, based_on=based_on, by=BY)
        return _back(standard.code)
    standard = line_standards.line_standard_of(g.district, request.form.get("standard", ""))
    if action == "remove":
        line_standards.remove_line_standard(g.district, standard.code, based_on=based_on, by=BY)
        return _back("")
    if action != "change":
        raise BadInput("{name}={value!r} is not one of {known}.", name="action", value=action,
                       known="add, change, remove")  # fmt: skip
    line_standards.change_line_standard(g.district, standard.asking(_number("metres")), based_on=based_on, by=BY)
    return _back(standard.code)


def _report() -> LineReport:
    """How the streets keep the standard that this request names, or the first of all. Raises NotFound."""
    code = (
        request.form.get("standard")
        or request.args.get("standard")
        or next(iter(line_standards.line_standards(g.district)), "")
    )
    return along_lines.line_standard(g.district, line_standards.line_standard_of(g.district, code), g.scope)


def _stretches(report: LineReport, question: CoverageQuestion) -> list[Stretch]:
    """The failing stretches whose middle lies in the townships of the question."""
    return [one for one in report.stretches if not question.township or one.township in question.township]


def _shown(report: LineReport, question: CoverageQuestion) -> dict[str, Any]:
    """The numbers and tables of a report."""
    stretches, township = _stretches(report, question), question.township
    longest = {one.id for one in sorted(stretches, key=lambda one: -one.length_m)[:MOST_SHOWN]}
    spots = line_spots.listed_spots(g.district, report, stretches)
    own, code = CoverageQuestion(township=township), report.standard.code
    streets = [(number, one) for number, one in enumerate(report.streets)
               if not township or {*township} & {*one.townships}]  # fmt: skip
    failing = defaultdict[int, list[Stretch]](list)
    for one in stretches:
        failing[one.street].append(one)
    shares = {code: share for code, share in report.townships.items() if not township or code in township}
    return {
        "whole": rows.share_row(rows.within(report.townships, township)),
        "streets": [rows.street_row(report, one, township, failing[number]) for number, one in streets],
        "stretches": [rows.stretch_row(report, one, spots.get(one.id)) for one in stretches if one.id in longest],
        "stretch_count": len(stretches),
        "townships": [{"name": rows.township(code), "code": code, **rows.share_row(share)}
                      for code, share in sorted(shares.items(), key=lambda item: -(item[1].failing_m or 0))],
        "wanted_kind": rows.rule_row(report.standard)["kinds"],
        "remarks": [told(note) for note in report.notes],
        "listed": len(spots), "township_codes": ",".join(township), "standard_code": code,
        "lines": part_of("coverage_lines.lines", own, standard=code, lang=current()),
        "take": [("GeoJSON", part_of("coverage_lines.lines_file", own, standard=code)),
                 ("Excel", part_of("coverage_lines.book", own, standard=code))],
    }  # fmt: skip


def _added() -> int | None:
    text = request.args.get("added", "")
    return _whole("added", text) if text else None


def _number(name: str) -> int:
    return _whole(name, request.form.get(name, ""))


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("{name}={value!r} is not a whole number.", name=name, value=text)
    return int(text)


def _drawn_up() -> LineStandard:
    """The standard that the form describes; it is called after the kind that it asks for."""
    form = request.form
    layer, _, kind = form.get("wanted", "").partition(":")
    if layer not in rows.KINDS or not kind:
        raise BadInput("Choose at least one kind of site or facility that the standard asks for.")
    streets = tuple(one for one in STREET_KINDS if one in form.getlist("streets"))
    zh, en = rows.kind_names(layer, kind)
    rule, kinds = form.get("rule", ""), (kind,)
    return LineStandard(
        code=LineStandard.code_for(kind, rule, streets), zh=zh, en=en, streets=streets, metres=_number("metres"),
        rule=rule, source=form.get("source", "").strip()[:200] or None,
        sites=kinds if layer == "sites" else (), facilities=kinds if layer == "facilities" else (),
    )  # fmt: skip


def _back(code: str, *, township: tuple[str, ...] = (), added: str = "") -> AnyResponse:
    question = CoverageQuestion(township=township)
    there = part_of("coverage.show", question, view="lines", standard=code, added=added)
    return redirect(there, code=303)
