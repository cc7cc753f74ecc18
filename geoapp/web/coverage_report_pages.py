"""The report of coverage as a document: what an office hands in, section by section."""

from itertools import groupby

from flask import g
from flask_babel import format_datetime, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.standards import Standard, Verdict
from geoapp.services import CoverageReport, Section, coverage_report
from geoapp.services.coverage import siting_words
from geoapp.services.coverage.inventory_records import Inventory, Line, Missing
from geoapp.services.coverage.papers import CoveragePaper, FarPlace, far_places
from geoapp.services.coverage.proposals import Proposal
from geoapp.web import coverage_paper_words as words
from geoapp.web import coverage_words
from geoapp.web.coverage_inventory_words import SIGNS, below, standard
from geoapp.web.coverage_pictures import near_map, shaded_map
from geoapp.web.downloads import notes
from geoapp.web.errors import told
from geoapp.web.fields import title as name_of
from geoapp.web.language import current, place_name

FARTHEST = 15
GROUNDS = {Verdict.MEETS: "D7EFE3", Verdict.SHORT: "FFE9C2", Verdict.MISSING: "F9CFC8", Verdict.UNKNOWN: "E6EAED"}


def report_of(paper: CoveragePaper) -> bytes:
    """The document in the language of this request."""
    place, now = place_name(), g.district.clock()
    moment = gettext("As of %(moment)s", moment=format_datetime(now, "medium"))
    asked = gettext("Question: %(question)s", question=coverage_words.in_words(paper.question))
    sections = [_maps(paper), _matrix(paper.inventory), _standards(paper.inventory), _missing(paper.inventory),
                _townships(paper), _farthest(paper), *_proposed(paper), _notes(paper)]  # fmt: skip
    return coverage_report(
        CoverageReport(
            title=gettext("%(place)s: coverage by cultural facilities", place=place),
            subtitle=[f"{place} · {moment}", asked],
            summary=summary_of(paper),
            figures=figures_of(paper),
            sections=sections,
            language=current(),
            author=place,
            created=now,
        )
    )


def summary_of(paper: CoveragePaper) -> str:
    """The report in one paragraph of plain words."""
    listed, found = paper.inventory, paper.reach.district
    parts = [_count_text(listed), _near_text(paper)]
    if found.worst_min is not None:
        worst = paper.reach.demand.names[found.worst_place]
        parts.append(gettext("Half of those who get to one need %(median)s at most, nine in ten %(most)s; the longest "
                             "way, from %(name)s, takes %(worst)s.", median=coverage_words.minutes(found.median_min),
                             most=coverage_words.minutes(found.p90_min), name=worst,
                             worst=coverage_words.minutes(found.worst_min)))  # fmt: skip
    parts.append(_below_text(listed))
    if paper.proposal:
        parts.append(told(siting_words.headline(paper.proposal)))
    return ("" if current() == "zh" else " ").join(str(part) for part in parts if part)


def _count_text(listed: Inventory) -> str:
    now, after = listed.district.total.count, listed.district.total_after.count
    if listed.question.planned:
        return str(gettext("With what is planned or being built there will be %(after)s facilities of the kinds that "
                           "count in %(place)s.", place=place_name(), after=after))  # fmt: skip
    return str(gettext("%(now)s facilities of the kinds that count stand in %(place)s; with what is planned or being "
                       "built there will be %(after)s.", now=now, place=place_name(), after=after))  # fmt: skip


_NEAR_OF = {
    None: _("%(share)s of the residents whose number is known have one %(limit)s."),
    "children": _("%(share)s of the children whose number is known have one %(limit)s."),
    "elderly": _("%(share)s of the elderly people whose number is known have one %(limit)s."),
}


def _near_text(paper: CoveragePaper) -> str:
    found, limit = paper.reach.district, coverage_words.limit(paper.question)
    if found.near_people is not None:
        return str(_NEAR_OF[paper.question.group]) % {"share": coverage_words.share(found.near_people), "limit": limit}
    if found.near_places is not None:
        return str(gettext("%(share)s of the places where people live have one %(limit)s.",
                           share=coverage_words.share(found.near_places), limit=limit))  # fmt: skip
    return str(gettext("Where people live is not known here, so that nobody can say who has one near."))


def _below_text(listed: Inventory) -> str:
    if not listed.standards:
        return str(gettext("No standard is in force, so that nothing can be said to be missing."))
    first = next((line for line in listed.furthest_below() if line.below), None)
    text = gettext("In %(count)s cases a place lacks what a standard asks of it, or has too little of it.",
                   count=format_decimal(len(listed.missing)))  # fmt: skip
    if first is None or len(listed.townships) < 2:
        return str(text)
    furthest = gettext("%(name)s is furthest below its standards.", name=words.township(first.code))
    return f"{text}{'' if current() == 'zh' else ' '}{furthest}"


def figures_of(paper: CoveragePaper) -> list[services.Figure]:
    """The headline numbers."""
    found, listed, limit = paper.reach.district, paper.inventory, coverage_words.limit(paper.question)
    whole, of = listed.evidence
    after = gettext("%(count)s after opening", count=listed.district.total_after.count)
    figures = [
        (gettext("Facilities"), format_decimal(listed.district.total.count), after),
        (gettext("Missing or too little"), format_decimal(len(listed.missing)), gettext("by the standards in force")),
        (_of_whom(gettext("Residents near"), paper), coverage_words.share(found.near_people), limit),
        (gettext("Places near"), coverage_words.share(found.near_places), limit),
        (_of_whom(gettext("Residents within their norm"), paper), coverage_words.share(found.norm_people), norms()),
        (gettext("Half of them need at most"), coverage_words.minutes(found.median_min), _ways(paper)),
        (gettext("Least-served fifth"), coverage_words.minutes(found.fifth_min), gettext("on average")),
        (gettext("With all proofs"), f"{whole} / {of}", gettext("photo, notice and proof of area")),
    ]
    return [services.Figure(str(label), str(value), str(remark)) for label, value, remark in figures]


def _of_whom(what: str, paper: CoveragePaper) -> str:
    return coverage_words.of_group(what, paper.question)


def norms() -> str:
    """The two norms in words."""
    return str(gettext("15 minutes on foot in built-up places, 5 km in villages"))


def _ways(paper: CoveragePaper) -> str:
    by = coverage_words.BY[paper.question.by]
    return str(gettext("%(by)s, in straight lines", by=by) if paper.reach.estimate else by)


def _maps(paper: CoveragePaper) -> Section:
    measure = "near_places" if paper.reach.district.near_people is None else "near_people"
    shaded = shaded_map(paper.question, measure, title=False)
    near = near_map(paper.question, title=False)
    shown = [
        (shaded, coverage_words.measure(measure, paper.question)),
        (near, gettext("What is near, and who has how far")),
    ]
    return Section(gettext("Maps"), pictures=[_picture(png, f"{text} · {coverage_words.limit(paper.question)}")
                                              for png, text in shown], notes=_schematic())  # fmt: skip


def _picture(png: bytes, text: str) -> services.Picture:
    wide, high = services.size_of(png)
    return services.Picture(png, text, wide, high, text)


def _schematic() -> list[str]:
    return [str(gettext("Schematic boundaries, not official"))] if g.district.describe().schematic else []


def _matrix(listed: Inventory) -> Section:
    villages = listed.district.villages
    heading = (gettext("Township"), *map(words.kind, listed.kinds), *(standard(one.standard) for one in villages),
               gettext("Below the standards"))  # fmt: skip
    lines = (*listed.townships, listed.district)
    rows = [_matrix_row(listed, line) for line in lines]
    fills = {
        (row, column): GROUNDS[verdict]
        for row, line in enumerate(lines)
        for column, kind in enumerate(listed.kinds, start=1)
        if (verdict := listed.verdict(line, kind)) is not None
    }
    legend = " · ".join(f"{sign} {words.verdict(verdict)}" for verdict, sign in SIGNS.items())
    if listed.question.planned:
        signs = gettext("Numbers are facilities that count with what is planned or being built. %(legend)s",
                        legend=legend)  # fmt: skip
    else:
        signs = gettext("Numbers are facilities that count now, → after what is being built has opened. %(legend)s",
                        legend=legend)  # fmt: skip
    shares = [2.2, *([1.0] * (len(heading) - 1))]
    table = services.Table([str(one) for one in heading], rows, frozenset({len(heading) - 1}), shares)
    return Section(gettext("Inventory against the standards"), [str(signs)], table=table, fills=fills, wide=True,
                   notes=[told(one) for one in listed.notes])  # fmt: skip


def _matrix_row(listed: Inventory, line: Line) -> list[str]:
    row = [words.township(line.code)]
    for kind in listed.kinds:
        cell, verdict = line.cells[kind], listed.verdict(line, kind)
        number = str(cell.now.count)
        number += f" → {cell.after.count}" if cell.after.count != cell.now.count else ""
        row.append(f"{number} {SIGNS[verdict]}" if verdict else number)
    row += [f"{one.counts[Verdict.MEETS]} / {one.villages}" for one in line.villages]
    return [*row, below(line)]


def _standards(listed: Inventory) -> Section:
    heading = [gettext("Standard"), *(words.verdict(one) for one in SIGNS), gettext("Source")]
    rows = []
    for one in listed.of_townships:
        rows.append([standard(one.standard), *(str(one.counts[verdict]) for verdict in SIGNS),
                     _source(one.standard.source, one.standard.check)])  # fmt: skip
    for cell in listed.district.villages:
        rows.append([standard(cell.standard), *(str(cell.counts[verdict]) for verdict in SIGNS),
                     _source(cell.standard.source, cell.standard.check)])  # fmt: skip
    judged = {one.standard: one for cell in listed.district.cells.values() for one in cell.judged}
    for asked, found in judged.items():
        marks = ["✓" if found.now is verdict else "" for verdict in SIGNS]
        rows.append([standard(asked), *marks, _source(asked.source, asked.check)])
    table = services.Table(list(map(str, heading)), rows, frozenset({1, 2, 3, 4}), (4, 1, 1, 1, 1, 3)) if rows else None
    text = gettext("How many townships, villages and communities keep each standard; ✓ for standards of the district.")
    return Section(gettext("Standards"), [text] if rows else [gettext("No standard is in force.")], table=table)


def _source(source: str | None, check: bool) -> str:
    remark = gettext("check before use") if check else ""
    return " · ".join(filter(None, (source, remark))) or "–"


def _missing(listed: Inventory) -> Section:
    by_standard: dict[Standard, list[Missing]] = {}
    for one in listed.missing:
        by_standard.setdefault(one.standard, []).append(one)
    lists = [(f"{standard(asked)}: ", _names(found)) for asked, found in by_standard.items()]
    text = gettext("Nothing is missing by the standards in force.") if listed.standards and not lists else ""
    return Section(gettext("Missing by name"), list(filter(None, [str(text)])), lists=lists)


def _names(missing: list[Missing]) -> str:
    """Townships by name, villages by name within theirs."""
    comma, texts = "；" if current() == "zh" else "; ", []
    for township, found in groupby(sorted(missing, key=_township), key=_township):
        villages = [name_of(one.village) for one in found if one.village]
        text = words.township(township)
        texts.append(f"{text} ({len(villages)}): {words.listed(villages)}" if villages else text)
    return comma.join(texts)


def _township(one: Missing) -> str:
    return one.township or ""


def _townships(paper: CoveragePaper) -> Section:
    heading = [gettext("Township"), gettext("Character"), gettext("Places"),
               _of_whom(gettext("Residents near"), paper), gettext("Places near"), gettext("Within their norm"),
               gettext("Median"), gettext("Longest")]  # fmt: skip
    rows = [
        [words.township(one.code), str(coverage_words.CHARACTERS.get(one.character, one.character)),
         str(one.summary.places), coverage_words.share(one.summary.near_people),
         coverage_words.share(one.summary.near_places), coverage_words.share(one.summary.norm_places),
         coverage_words.minutes(one.summary.median_min), coverage_words.minutes(one.summary.worst_min)]
        for one in paper.reach.townships
    ]  # fmt: skip
    table = services.Table(list(map(str, heading)), rows, frozenset(range(2, 8)), (2, 1, 1, 1, 1, 1, 1, 1))
    return Section(gettext("How far people go, by township"), [coverage_words.limit(paper.question)],
                   table=table if rows else None, notes=[norms()])  # fmt: skip


def _farthest(paper: CoveragePaper) -> Section:
    shown = [one for one in far_places(paper.reach) if not one.near][:FARTHEST]
    heading = [
        gettext("Village or place"),
        gettext("Township"),
        _of_whom(gettext("Residents"), paper),
        gettext("Way"),
        gettext("Nearest facility"),
    ]
    rows = [_far_row(one) for one in shown]
    table = services.Table(list(map(str, heading)), rows, frozenset({2}), (2, 2, 1, 2, 3)) if rows else None
    order = gettext("Those without any way come first, then the longest ways, then places too far from a road.")
    text = order if rows else gettext("Nobody is known to have it far.")
    return Section(gettext("The least served"), [str(text)], table=table)


def _far_row(one: FarPlace) -> list[str]:
    way = words.way(one) if one.minutes is None else coverage_words.minutes(one.minutes)
    return [one.name, words.township(one.township) if one.township else "–", coverage_words.people(one.people), way,
            words.nearest(one)]  # fmt: skip


def _proposed(paper: CoveragePaper) -> list[Section]:
    proposal = paper.proposal
    if proposal is None:
        return []
    sentences = [told(siting_words.headline(proposal))]
    if proposal.refusal is not None or not proposal.places:
        return [Section(gettext("What would help"), sentences)]
    near = near_map(paper.question, proposal=proposal, title=False)
    return [Section(gettext("What would help"), [*sentences, told(siting_words.verdict(proposal))],
                    pictures=[_picture(near, str(gettext("Proposed places by their rank")))],
                    table=proposal_table(proposal))]  # fmt: skip


def proposal_table(proposal: Proposal) -> services.Table:
    """The proposed places in the order in which they help most."""
    heading = [gettext("Rank"), gettext("Proposed place"), gettext("Township"), gettext("Adds"), gettext("For whom")]
    rows = [
        [str(one.rank), one.name, words.township(one.township) if one.township else "–",
         told(siting_words.step(proposal, one)), words.listed([gain.name for gain in one.gains], 4) or "–"]
        for one in proposal.places
    ]  # fmt: skip
    return services.Table(list(map(str, heading)), rows, shares=(0.6, 2, 2, 2, 4))


def _notes(paper: CoveragePaper) -> Section:
    texts = [told(one) for one in paper.notes]
    return Section(gettext("Notes and sources"), notes=[*texts, *notes()])
