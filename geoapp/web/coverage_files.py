"""Coverage on the command line: the same reports as the pages give, and tables for the terminal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from flask import g
from flask_babel import format_decimal, gettext

from geoapp.config import Config
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.siting import SitingQuestion
from geoapp.services.coverage import siting_map, siting_words
from geoapp.services.coverage.papers import CoveragePaper, coverage_paper
from geoapp.services.coverage.plain_values import (
    places_geojson,
    proposal_values,
    reach_values,
    report_values,
)
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach
from geoapp.services.coverage.sheets import places_sheet
from geoapp.services.coverage.siting import propose
from geoapp.services.sheets import as_lines, csv_of
from geoapp.services.writing_files import ending_of, opened, write_file
from geoapp.web import coverage_inventory_words as inventory_words
from geoapp.web import coverage_paper_words as paper_words
from geoapp.web import coverage_words, create_app
from geoapp.web.coverage_papers import report_file
from geoapp.web.downloads import notes
from geoapp.web.errors import told

REPORTS, PLACES, SITES = ("xlsx", "docx"), ("csv", "geojson"), ("geojson",)
Facts = dict[str, Any]


def report_of_instance(config: Config, wanted: SitingQuestion, target: Path | None, language: str) -> Facts:
    """The report of a question as plain values and as `text` for a terminal; written to a workbook or document.

    Raises NoInstance, BadInput.
    """
    ending = ending_of(target, REPORTS) if target else ""
    with _asking(config, {**wanted.parameters(), "p": str(wanted.count)}, language):
        if target:
            with report_file(ending) as file:
                write_file(target, file.read())
            sentence = str(gettext("The report stands in %(file)s.", file=target))
            return {"files": [str(target)], "sentence": sentence, "text": sentence}
        paper = coverage_paper(g.district, wanted.coverage, g.scope)
        return report_values(paper) | {"text": _report_text(paper)}


def reach_of_instance(config: Config, question: CoverageQuestion, target: Path | None, language: str) -> Facts:
    """How far people go, likewise; every place is written to a CSV or GeoJSON."""
    ending = ending_of(target, PLACES) if target else ""
    with _asking(config, question.parameters(), language):
        answer = reach(g.district, question, g.scope)
        facts = reach_values(answer) | {"text": _reach_text(question, answer)}
        if target:
            head = {"name": coverage_words.in_words(question), "attribution": "; ".join(notes())}
            body = places_geojson(answer, head) if ending == "geojson" else (
                b"".join(csv_of(places_sheet(answer, paper_words.words(question)))))  # fmt: skip
            write_file(target, body)
            # A table has rows for villages without coordinates too; on a map they have no place.
            count = len(answer.demand) + (0 if ending == "geojson" else len(answer.demand.without_place))
            sentence = str(gettext("%(count)s places stand in %(file)s.", count=count, file=target))
            facts |= {"files": [str(target)], "sentence": sentence, "text": sentence}
        return facts


def site_of_instance(config: Config, wanted: SitingQuestion, target: Path | None, language: str) -> Facts:
    """Where the next facilities help most, likewise; written to a GeoJSON."""
    if target:
        ending_of(target, SITES)
    with _asking(config, wanted.parameters(), language):
        proposal = propose(g.district, wanted, g.scope)
        facts = proposal_values(proposal) | {"text": _site_text(proposal)}
        if target:
            write_file(target, orjson.dumps(siting_map.geojson(proposal)))
            stands = gettext("The proposals stand in %(file)s.", file=target)
            facts |= {"files": [str(target)], "text": f"{facts['sentence']} {facts['verdict']} {stands}"}
        return facts


def _site_text(proposal: Proposal) -> str:
    """What it brings, how sure it is, the places in their order, and what has to be said."""
    lines = [told(siting_words.headline(proposal))]
    if proposal.places:
        lines += [told(siting_words.verdict(proposal)), _gap(proposal), ""]
        heading = [
            gettext("Rank"),
            gettext("Proposed place"),
            gettext("Township"),
            gettext("Adds"),
            gettext("Position"),
        ]
        rows = [
            [str(one.rank), one.name, paper_words.township(one.township) if one.township else "–",
             told(siting_words.step(proposal, one)), f"{one.lon:.5f} {one.lat:.5f}"]
            for one in proposal.places
        ]  # fmt: skip
        lines.append(as_lines(list(map(str, heading)), rows, {0}))
    return "\n".join([*lines, "", *(told(one) for one in proposal.notes)])


def _gap(proposal: Proposal) -> str:
    """How far the proposal may be from the best one."""
    shown = 0.0 if proposal.proven else proposal.gap
    known = str(gettext("not known")) if shown is None else f"{shown:.2%}"
    return str(gettext("Proven gap: %(gap)s (%(method)s)", gap=known, method=proposal.method))


@contextmanager
def _asking(config: Config, parameters: Mapping[str, str], language: str) -> Iterator[None]:
    """As if a reader of this language asked for it on the machine itself."""
    with opened(config) as district:
        app = create_app(district)
        query = {**parameters, "lang": language}
        with app.test_request_context("/coverage", query_string=query, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            app.preprocess_request()
            yield


def _report_text(paper: CoveragePaper) -> str:
    """Two tables: what stands and is lacking by township, and by kind; with what has to be said."""
    question = paper.question
    now = gettext("with what is planned or being built") if question.planned else gettext("now")
    near = coverage_words.of_group(gettext("residents near"), question)
    heading = [gettext("Township"), now, gettext("after opening"), gettext("missing"),
               gettext("below its standards"), near, gettext("places near"),
               gettext("median, min"), gettext("longest, min")]  # fmt: skip
    ways = {one.code: one.summary for one in paper.reach.townships} | {"": paper.reach.district}
    missing = [one.township or "" for one in paper.inventory.missing]
    rows = []
    for line in (*paper.inventory.townships, paper.inventory.district):
        # What other townships than those asked for lack is not counted here.
        lacking = missing.count(line.code) if line.code else "–" if question.township else len(missing)
        way = ways.get(line.code)
        rows.append([
            paper_words.township(line.code), str(line.total.count), str(line.total_after.count), str(lacking),
            inventory_words.below(line), coverage_words.share(way.near_people if way else None),
            coverage_words.share(way.near_places if way else None), _min(way.median_min if way else None),
            _min(way.worst_min if way else None),
        ])  # fmt: skip
    kinds = [
        [paper_words.kind(kind), str(len(one.supply)), coverage_words.share(one.district.near_people),
         coverage_words.share(one.district.near_places), _min(one.district.median_min)]
        for kind, one in paper.by_kind.items()
    ]  # fmt: skip
    of_kinds = [gettext("Kind"), gettext("on the map"), near, gettext("places near"),
                gettext("median, min")]  # fmt: skip
    first = as_lines(list(map(str, heading)), rows, set(range(1, 9)))
    second = as_lines(list(map(str, of_kinds)), kinds, set(range(1, 5)))
    said = "\n".join(told(one) for one in paper.notes)
    return f"{coverage_words.in_words(question)}\n\n{first}\n\n{second}\n\n{said}"


def _reach_text(question: CoverageQuestion, answer: Reach) -> str:
    near = coverage_words.of_group(gettext("residents near"), question)
    heading = [gettext("Township"), gettext("Character"), gettext("number of places"), near,
               gettext("places near"), gettext("area near"), gettext("places within their norm"),
               gettext("median, min"), gettext("nine in ten within, min"), gettext("longest, min")]  # fmt: skip
    every = [*((one.code, one.character, one.summary) for one in answer.townships), ("", "", answer.district)]
    rows = [
        [paper_words.township(code), str(coverage_words.CHARACTERS.get(character, "")), str(one.places),
         coverage_words.share(one.near_people), coverage_words.share(one.near_places),
         coverage_words.share(one.near_area), coverage_words.share(one.norm_places), _min(one.median_min),
         _min(one.p90_min), _min(one.worst_min)]
        for code, character, one in every
    ]  # fmt: skip
    table = as_lines(list(map(str, heading)), rows, set(range(2, 10)))
    said = "\n".join(told(one) for one in answer.notes)
    return f"{coverage_words.in_words(question)}\n\n{table}\n\n{said}"


def _min(value: float | None) -> str:
    return "–" if value is None else str(format_decimal(round(value, 1)))
