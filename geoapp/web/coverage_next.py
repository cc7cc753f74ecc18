"""Where the next facilities help most, and what those that are supposed would change."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.coverage import MOST_PINS, CoverageQuestion
from geoapp.domain.coverage import PARAMETERS as COVERAGE_PARAMETERS
from geoapp.domain.siting import (
    ADVANCED_GOALS,
    LEAST_SPACING_M,
    MOST_FACILITIES,
    MOST_SPACING_M,
    USUAL_GOALS,
    SitingQuestion,
)
from geoapp.domain.siting import PARAMETERS as SITING_PARAMETERS
from geoapp.services.coverage import siting, siting_map, siting_words
from geoapp.services.coverage.proposals import COUNTS_PEOPLE, Gain, Proposal, ProposedPlace, TownshipGain
from geoapp.services.coverage.records import Summary
from geoapp.services.coverage.what_if import TownshipChange, compare
from geoapp.web import coverage_words as words
from geoapp.web.coverage_chart import Chart, chart
from geoapp.web.coverage_question import page_of, part_of, unchanged_answer, with_pin
from geoapp.web.errors import told
from geoapp.web.language import current
from geoapp.web.requests import not_modified, tagged

blueprint = Blueprint("coverage_next", __name__)

# wait: to be given the proposal with the page, however long it takes; for browsers without scripts.
PARAMETERS = (*sorted(SITING_PARAMETERS), "wait")
GOALS = {
    "cover": _("as many people near as possible"),
    "shorten": _("the shortest way on average"),
    "everyone": _("everybody near with as few as possible"),
    "worst": _("the longest way as short as possible"),
}
AMONG = {
    "villages": _("in villages and communities"),
    "sites": _("at sites of the list"),
    "grid": _("anywhere: points of a grid"),
}
# Pairs of places and candidates beyond which a page does not wait, but asks again for the proposal.
AT_ONCE = {"cover": 300_000, "shorten": 300_000, "everyone": 300_000, "worst": 50_000}
# So many are named of those who gain.
MOST_NAMED, MOST_UNFOLDED = 12, 20


def wanted_of(question: CoverageQuestion) -> SitingQuestion:
    """What this request wants proposed; raises UnknownParameter and BadInput."""
    own = {name: texts for name, texts in request.args.lists() if name in SITING_PARAMETERS}
    asked = {name: [text] for name, text in question.parameters().items()}
    return SitingQuestion.parse(asked | own)


def account(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the view needs."""
    wanted, townships = wanted_of(question), services.wording(g.district, "townships", current())
    given: dict[str, Any] = {
        "wanted": wanted,
        "goals": [(name, GOALS[name]) for name in USUAL_GOALS],
        "advanced_goals": [(name, GOALS[name]) for name in ADVANCED_GOALS],
        "among": AMONG,
        "site_kinds": services.wording(g.district, "site_kinds", current()),
        "limits": (MOST_FACILITIES, LEAST_SPACING_M, MOST_SPACING_M),
        "township_changes": [_township_change(one, townships) for one in _changed(question)],
        "later": None,
    }
    if not request.args.get("wait") and siting.pairs(g.district, wanted, g.scope) > AT_ONCE[wanted.goal]:
        waiting = page_of(question, "next", **wanted.own_parameters(), wait="yes")
        return given | {"later": _address("coverage_next.proposal", wanted), "waiting": waiting}
    return given | _proposal(wanted)


def _changed(question: CoverageQuestion) -> tuple[TownshipChange, ...]:
    if not (question.pin or question.closed):
        return ()
    return compare(g.district, question, g.scope).townships


@blueprint.get("/coverage/proposal")
def proposal() -> Response:
    """The proposal as a part of the page: what takes long is asked for apart."""
    wanted = _asked()
    tag, known = unchanged_answer()
    if known:
        return not_modified(tag)
    return tagged(Response(render_template("coverage/_proposal.html", words=words, **_proposal(wanted))), tag)


@blueprint.get("/coverage/proposal.geojson")
def proposal_geojson() -> Response:
    """Proposed places, and lines from those who gain to them (GeoJSON)."""
    wanted = _asked()
    tag, known = unchanged_answer()
    if known:
        return not_modified(tag)
    found = siting_map.geojson(siting.propose(g.district, wanted, g.scope))
    answer = jsonify(found)
    answer.mimetype = "application/geo+json"
    return tagged(answer, tag)


def _asked() -> SitingQuestion:
    given = {name: texts for name, texts in request.args.lists() if name not in ("lang", "view", "measure", "sort")}
    return SitingQuestion.parse(given)


def _address(endpoint: str, wanted: SitingQuestion) -> str:
    return part_of(endpoint, wanted.coverage, **wanted.own_parameters())


def _proposal(wanted: SitingQuestion) -> dict[str, Any]:
    found = siting.propose(g.district, wanted, g.scope)
    townships = services.wording(g.district, "townships", current())
    pins = {(round(place.lon, 7), round(place.lat, 7)) for place in found.places}
    several = len(pins) > 1 and len(pins | set(wanted.coverage.pin)) <= MOST_PINS
    return {
        "wanted": wanted,
        "proposal": found,
        "headline": told(siting_words.headline(found)),
        "verdict": told(siting_words.verdict(found)),
        "notes": [told(note) for note in found.notes],
        "curve": _curve(found),
        "places": [_place(found, one, townships) for one in found.places],
        "township_gains": [_township(one, townships) for one in found.townships],
        "map_address": _address("coverage_next.proposal_geojson", wanted),
        "suppose_all": _supposing(wanted, pins) if several else None,
        "kind_links": _kind_links(wanted),
        "most_unfolded": MOST_UNFOLDED,
    }


def _supposing(wanted: SitingQuestion, pins: set[tuple[float, float]]) -> str:
    """The page on which facilities are supposed to stand at these places."""
    question = wanted.coverage
    for lon, lat in pins:
        question = with_pin(question, lon, lat)
    return page_of(question, "next", **wanted.own_parameters())


def _kind_links(wanted: SitingQuestion) -> list[tuple[str, str]]:
    """The same search for each kind that is counted, where no kind was chosen."""
    if wanted.coverage.kind:
        return []
    kinds = services.wording(g.district, "facility_kinds", current())
    rest = {name: text for name, text in wanted.parameters().items() if name in COVERAGE_PARAMETERS}
    own = wanted.own_parameters()
    return [
        (text, f"{url_for('coverage.show')}?{urlencode({**rest, 'kind': code, 'view': 'next', **own})}")
        for code, text in kinds.items()
    ]


def _curve(found: Proposal) -> Chart | None:
    if not found.places:
        return None
    by_people = found.wanted.goal in COUNTS_PEOPLE
    first = siting.before_curve(found)
    totals = [one.total for one in found.places]
    said = [words.people(value) if by_people else words.minutes(value) for value in ([first] if first is not None else
            []) + totals]  # fmt: skip
    return chart(first, totals, said)


def _place(found: Proposal, one: ProposedPlace, townships: dict[str, str]) -> dict[str, Any]:
    question = found.wanted.coverage
    return {
        "rank": one.rank,
        "name": one.name,
        "township": townships.get(one.township, one.township),
        "lon": one.lon,
        "lat": one.lat,
        "step": told(siting_words.step(found, one)),
        "total": words.people(one.total) if found.wanted.goal in COUNTS_PEOPLE else words.minutes(one.total),
        "newly": told(siting_words.newly(found, one)),
        "gains": [_gain(gain, townships, of_people=found.unit != "places") for gain in one.gains[:MOST_NAMED]],
        "more": max(len(one.gains) - MOST_NAMED, 0),
        "suppose": page_of(with_pin(question, one.lon, one.lat), "next", **found.wanted.own_parameters()),
        "pin": f"{one.lon:.7g} {one.lat:.7g}",
    }


def _gain(gain: Gain, townships: dict[str, str], *, of_people: bool) -> dict[str, Any]:
    return {
        "name": gain.name or gettext("a point of the grid"),
        "township": townships.get(gain.township, ""),
        "people": words.people(gain.people) if of_people else "",
        "before": gettext("no way") if gain.before_s is None else words.minutes(gain.before_s / 60),
        "after": words.minutes(gain.after_s / 60),
        "newly": gain.newly_near,
    }


def _township(one: TownshipGain, townships: dict[str, str]) -> dict[str, Any]:
    whole = one.whole if one.whole > 0 else None
    return {
        "name": townships.get(one.code, one.code or gettext("Outside all townships")),
        # Sums of fractions of residents: all of them are all.
        "near_before": words.share(round(one.near_before / whole, 9) if whole else None),
        "near_after": words.share(round(one.near_after / whole, 9) if whole else None),
        "mean_before": words.minutes(one.mean_before_min),
        "mean_after": words.minutes(one.mean_after_min),
    }


def _township_change(one: TownshipChange, townships: dict[str, str]) -> dict[str, str]:
    """How a township changes with what is supposed."""
    return {
        "name": townships.get(one.code, one.code or gettext("Outside all townships")),
        "near_before": words.share(_near(one.before)),
        "near_after": words.share(_near(one.after)),
        "mean_before": words.minutes(one.before.mean_min),
        "mean_after": words.minutes(one.after.mean_min),
    }


def _near(summary: Summary) -> float | None:
    """The share of people near; of places where people are unknown."""
    return summary.near_people if summary.near_people is not None else summary.near_places
