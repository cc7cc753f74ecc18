"""What a township has and lacks, how far its people go and what would help, on one sheet."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, g, render_template
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp.domain.selection import Scope
from geoapp.domain.standards import Verdict
from geoapp.services.coverage import siting_words
from geoapp.services.coverage.papers import FacilityLine, TownshipPaper, township_paper
from geoapp.services.coverage.records import Summary
from geoapp.web import coverage_inventory_words as inventory_words
from geoapp.web import coverage_paper_words as paper_words
from geoapp.web import coverage_words
from geoapp.web.coverage_question import asked, page_of, part_of
from geoapp.web.errors import told
from geoapp.web.fields import title

blueprint = Blueprint("coverage_township", __name__)

# So many fit on one sheet of paper; the rest is counted, and one click away.
FACILITIES_SHOWN, FAR_SHOWN, NAMES_SHOWN = 10, 8, 60
Shown = dict[str, Any]
SHARES = (
    ("near_people", _("Residents near")),
    ("near_places", _("Places near")),
    ("near_area", _("Area near")),
    ("norm_people", _("Residents within their norm")),
    ("norm_places", _("Places within their norm")),
)
MINUTES = (
    ("median_min", _("Half need at most")),
    ("p90_min", _("Nine in ten need at most")),
    ("worst_min", _("Longest way")),
    ("fifth_min", _("Least-served fifth, on average")),
)


@blueprint.get("/coverage/townships/<code>")
def show(code: str) -> str:
    """The sheet; `township` in the link means nothing here, since the address names it."""
    question = replace(asked(), township=())
    paper = township_paper(g.district, code, question, g.scope)
    here = paper.question
    return render_template(
        "coverage/township.html",
        code=code,
        paper=paper,
        line=paper.line,
        title=title(paper.line.record) or code,
        said=coverage_words.in_words(question),
        words=coverage_words,
        figures=_figures(paper),
        compared=_compared(paper),
        facilities=[_facility(one) for one in paper.facilities[:FACILITIES_SHOWN]],
        more_facilities=max(len(paper.facilities) - FACILITIES_SHOWN, 0),
        lacks=_lacks(paper),
        villages=_villages(paper),
        unknown=_unknown(paper),
        far=_far(paper),
        kinds=_kinds(paper),
        counts_people=_counts_people(paper),
        helps=_helps(paper),
        notes=[told(one) for one in paper.notes],
        picture=part_of("coverage_papers.picture", here, bare="yes") if _has_area(paper) else None,
        reach_page=page_of(here, "reach"),
        next_page=page_of(here, "next"),
        may_prove=g.scope is Scope.FULL,
    )


def _has_area(paper: TownshipPaper) -> bool:
    return not paper.line.record.get("overlay")


def _figures(paper: TownshipPaper) -> list[tuple[str, str]]:
    """The numbers on top: name and value."""
    line, reach = paper.line, paper.reach
    facilities = str(format_decimal(line.total.count))
    if line.total_after.count != line.total.count:
        facilities += f" → {line.total_after.count}"
    missing = format_decimal(sum(one.township is not None for one in paper.inventory.missing))
    found = [(gettext("facilities that count"), facilities), (gettext("missing or too little"), str(missing)),
             (gettext("below its standards"), inventory_words.below(line))]  # fmt: skip
    if reach:
        found += [
            (gettext("of the residents have one near"), coverage_words.share(reach.summary.near_people)),
            (_of_places(reach.summary), coverage_words.share(reach.summary.near_places)),
            (gettext("half need at most"), coverage_words.minutes(reach.summary.median_min)),
        ]
    return [(str(name), value) for name, value in found]


def _of_places(summary: Summary) -> str:
    counted = coverage_words.of_how_many(summary.near_places, summary.places)
    if not counted:
        return str(gettext("of the places have one near"))
    return str(gettext("of the places on the map have one near: %(counted)s", counted=counted))


def _compared(paper: TownshipPaper) -> list[tuple[Any, str, str]]:
    """Each number here and in the whole district; none of a township of whose places none is known."""
    if paper.reach is None:
        return []
    both = (paper.reach.summary, paper.whole.district)
    shares = [(text, *(_share(one, name) for one in both)) for name, text in SHARES]
    minutes = [(text, *(coverage_words.minutes(_of(one, name)) for one in both)) for name, text in MINUTES]
    return [(text, here, whole) for text, here, whole in (*shares, *minutes)]


def _share(summary: Summary, name: str) -> str:
    """A share; one of places with how many they are."""
    value = _of(summary, name)
    counted = coverage_words.of_how_many(value, summary.places) if name.endswith("_places") else ""
    return coverage_words.share(value) + (f" · {counted}" if counted else "")


def _of(summary: Summary, name: str) -> float | None:
    value: float | None = getattr(summary, name)
    return value


def _facility(one: FacilityLine) -> Shown:
    record = one.record
    return {
        "id": record["id"],
        "name": title(record),
        "kind": paper_words.kind(str(record.get("kind"))),
        "standing": paper_words.STANDINGS[one.standing],
        "counts": one.counts,
        "private": record.get("ownership") == "private",
        "area": record.get("floor_area_m2"),
        "evidence": [(paper_words.EVIDENCE[name], there) for name, there in one.evidence.items()],
        "unknown": paper_words.listed([paper_words.field(name) for name in one.unknown]),
    }


def _lacks(paper: TownshipPaper) -> list[tuple[str, Shown, Shown]]:
    """Standards of townships that this one does not meet, and what will be of them."""
    found = (one for one in paper.inventory.missing if one.township and not one.village)
    return [
        (inventory_words.standard(one.standard), inventory_words.verdict(one.verdict),
         inventory_words.verdict(one.after))
        for one in found
    ]  # fmt: skip


def _villages(paper: TownshipPaper) -> list[tuple[str, int, int, list[Shown]]]:
    """By standard of villages: its name, how many lack it of how many, and those by name."""
    counted = {one.standard: one.villages for one in paper.line.villages}
    found = []
    of_villages = (one for one in paper.inventory.missing if one.village)
    for standard, missing in groupby(of_villages, key=lambda one: one.standard):
        names = [
            {"id": one.village["id"], "name": title(one.village), "placed": one.village.get("placed")}
            for one in missing
            if one.village
        ]
        found.append((inventory_words.standard(standard), len(names), counted.get(standard, len(names)), names))
    return found


def _unknown(paper: TownshipPaper) -> list[str]:
    """Standards of which nobody can say whether they are met."""
    found = {
        one.standard.code: inventory_words.standard(one.standard)
        for cell in paper.line.cells.values()
        for one in cell.judged
        if one.now is Verdict.UNKNOWN
    }
    of_villages = (one for one in paper.line.villages if one.counts[Verdict.UNKNOWN])
    found |= {one.standard.code: inventory_words.standard(one.standard) for one in of_villages}
    return list(found.values())


def _far(paper: TownshipPaper) -> list[tuple[str, str, str]]:
    """The worst places: name, way, nearest facility."""
    worst = [one for one in paper.far if not one.near][:FAR_SHOWN]
    return [
        (one.name, paper_words.way(one) if one.minutes is None else coverage_words.minutes(one.minutes),
         paper_words.nearest(one))
        for one in worst
    ]  # fmt: skip


def _kinds(paper: TownshipPaper) -> list[tuple[str, str, str, str]]:
    """By kind of facility: share of residents near (of places, where residents are unknown), the median way, the
    longest.
    """
    counted = _counts_people(paper)
    return [
        (paper_words.kind(kind), coverage_words.share(one.near_people if counted else one.near_places),
         _way(one.median_min), _way(one.worst_min))
        for kind, one in paper.by_kind.items()
    ]  # fmt: skip


def _counts_people(paper: TownshipPaper) -> bool:
    return paper.reach is not None and paper.reach.summary.near_people is not None


def _way(value: float | None) -> str:
    """Minutes; a dash where nobody gets to one."""
    return "–" if value is None else coverage_words.minutes(value)


def _helps(paper: TownshipPaper) -> Shown:
    """The best single place for one more, in words."""
    proposal = paper.proposal
    place = proposal.places[0] if proposal.places else None
    return {
        "headline": told(siting_words.headline(proposal)),
        "verdict": told(siting_words.verdict(proposal)) if place else "",
        "name": place.name if place else "",
        "gains": paper_words.listed([one.name for one in place.gains], NAMES_SHOWN) if place else "",
    }
