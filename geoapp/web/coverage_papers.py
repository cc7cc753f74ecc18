"""What is taken away from the page of coverage: the report as workbook and document, maps, villages with their ways."""

import io
from dataclasses import replace
from typing import IO

from flask import Blueprint, Response, g, request
from flask_babel import format_datetime, gettext

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.siting import PARAMETERS as SITING
from geoapp.domain.siting import SitingQuestion
from geoapp.services.coverage.papers import CoveragePaper, coverage_paper
from geoapp.services.coverage.plain_values import places_geojson
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach
from geoapp.services.coverage.sheets import places_sheet, report_sheets
from geoapp.services.sheets import book_xlsx, csv_of
from geoapp.web import coverage_words
from geoapp.web.coverage_paper_words import words
from geoapp.web.coverage_pictures import near_map, shaded_map
from geoapp.web.coverage_question import LOOK, unchanged_answer
from geoapp.web.coverage_report_pages import report_of
from geoapp.web.downloads import XLSX, notes, streamed
from geoapp.web.errors import told
from geoapp.web.heat_taking import saved
from geoapp.web.language import place_name
from geoapp.web.requests import not_modified, tagged

blueprint = Blueprint("coverage_papers", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# In a report the first three places that help most are told, unless a link asks for more or fewer.
USUAL_PROPOSALS = 3
MAPS = ("near", "shaded")


@blueprint.get("/coverage/report.<any(xlsx,docx):format>")
def report(format: str) -> Response:
    """The whole report; of the workbook proposals are a part where `p` asks for them."""
    tag, known = unchanged_answer()
    if known:
        return not_modified(tag)
    title, mimetype = gettext("Coverage report"), XLSX if format == "xlsx" else DOCX
    made = Response(streamed(report_file(format)), mimetype=mimetype)
    return saved(made, f"{title}.{format}", f"coverage-report.{format}")


def report_file(format: str) -> IO[bytes]:
    """The report that this request asks for, as xlsx or docx, in a file that vanishes when it is closed."""
    wanted = wanted_of()
    asks = bool(set(request.args) & SITING)
    proposed = wanted if asks or format == "docx" else None
    paper = coverage_paper(g.district, wanted.coverage, g.scope, proposed, needed=asks)
    if format == "docx":
        return io.BytesIO(report_of(paper))
    return book_xlsx(report_sheets(paper, about(paper), words(wanted.coverage)))


def wanted_of() -> SitingQuestion:
    """The question of this request, with what it says of proposals; raises BadInput."""
    given = {name: texts for name, texts in request.args.lists() if name not in (*LOOK, "map", "bare")}
    wanted = SitingQuestion.parse(given)
    return wanted if "p" in given else replace(wanted, count=USUAL_PROPOSALS)


@blueprint.get("/coverage/map.png")
def picture() -> Response:
    """A map of the answer: what is near (`map=near`), or townships by a measure (`map=shaded&measure=…`).

    `bare=yes` leaves title and sources to the page around it.
    """
    question, name = wanted_of().coverage, request.args.get("map") or MAPS[0]
    if name not in MAPS:
        raise BadInput("{name}={value!r} is not one of {known}.", name="map", value=name, known=", ".join(MAPS))
    tag, known = unchanged_answer()
    if known:
        return not_modified(tag)
    bare = request.args.get("bare") == "yes"
    drawn = Response(_drawn(question, name, bare), mimetype="image/png")
    return tagged(drawn, tag) if bare else saved(drawn, f"{gettext('Coverage')}.png", "coverage-map.png")


def _drawn(question: CoverageQuestion, name: str, bare: bool) -> bytes:
    if name == "near":
        return near_map(question, title=not bare)
    return shaded_map(question, measure_of(reach(g.district, question, g.scope)), title=not bare)


def measure_of(answer: Reach) -> str:
    """The measure that this request names, else the one that says most: of people where any are known."""
    name = request.args.get("measure") or ("near_places" if answer.district.near_people is None else "near_people")
    if name not in coverage_words.MEASURES:
        raise BadInput("{name}={value!r} is not one of {known}.", name="measure", value=name,
                       known=", ".join(coverage_words.MEASURES))  # fmt: skip
    return name


@blueprint.get("/coverage/places.<any(csv,geojson):format>")
def places(format: str) -> Response:
    """Every place where people live, and how far it has it."""
    question = wanted_of().coverage
    answer = reach(g.district, question, g.scope)
    name = f"{gettext('Villages and places')}.{format}"
    if format == "csv":
        found = Response(csv_of(places_sheet(answer, words(question))), mimetype="text/csv; charset=utf-8")
        return saved(found, name, "coverage-places.csv")
    head = {"name": coverage_words.in_words(question), "attribution": "; ".join(notes())}
    body = places_geojson(answer, head)
    return saved(Response(body, mimetype="application/geo+json"), name, "coverage-places.geojson")


def about(paper: CoveragePaper) -> list[tuple[str, str]]:
    """What stands on the first sheet: what was asked, when, of whom, and all that has to be said of the numbers."""
    question = paper.question
    rows = [
        (gettext("Name of the district"), place_name()),
        (gettext("What was asked"), coverage_words.in_words(question)),
        (gettext("As of"), format_datetime(g.district.clock(), "medium")),
        (gettext("Near"), coverage_words.limit(question)),
    ]
    rows += [(gettext("Note"), told(one)) for one in paper.notes]
    return [*rows, *((gettext("Source"), text) for text in notes())]
