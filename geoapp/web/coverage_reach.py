"""How far people go to the nearest facility: the view of reach."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import g, request, url_for
from flask_babel import format_decimal, gettext

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.services.coverage import reach_figures as figures
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.reaching import reach, reach_by_kind
from geoapp.services.coverage.records import Reach, State, Summary, TownshipReach
from geoapp.services.coverage.ways import ways_of
from geoapp.web import coverage_words as words
from geoapp.web.amounts import distance
from geoapp.web.coverage_curve import curve_of
from geoapp.web.coverage_question import page_number, page_of, part_of, same_view
from geoapp.web.errors import told
from geoapp.web.language import current

PARAMETERS: tuple[str, ...] = ()
PLACES_A_PAGE, OFF_ROAD_SHOWN = 50, 100
# Beside the share that says how far below a township is, the usual order.
SORTS: dict[str, Callable[[TownshipReach], float | str | None]] = {
    "near": lambda one: one.summary.near_people,
    "name": lambda one: one.code,
    "people": lambda one: one.summary.people,
    "places": lambda one: one.summary.near_places,
    "norm": lambda one: one.summary.norm_people,
    "median": lambda one: one.summary.median_min,
    "worst": lambda one: one.summary.worst_min,
    "off": lambda one: one.summary.too_far + one.summary.no_way,
}
# The same where of nobody it is known how many live anywhere: shares of places are no shares of people.
SORTS_BY_PLACES = SORTS | {
    "near": lambda one: one.summary.near_places,
    "norm": lambda one: one.summary.norm_places,
}
USUAL_SORT = "near"


def account(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the view needs."""
    found = reach(g.district, question, g.scope)
    known = figures.counts_people(found)
    return {
        "found": found,
        "whole": _summary(found, found.district),
        "counts_people": known,
        "place_count": len(found.demand),
        "headline": _headline(found, question, known),
        "norms": figures.two_norms(found),
        "norm_of_villages": gettext("5 km by line")
        if ways_of(g.district, "foot").estimate
        else gettext("5 km by road"),
        "curve": curve_of(found),
        "columns": _columns(question),
        "townships": _townships(found, question),
        "kinds": _kinds(question),
        "off_road": _places(found, figures.in_state(found, State.TOO_FAR_FROM_A_ROAD)[:OFF_ROAD_SHOWN]),
        "off_road_count": found.district.too_far,
        "listed": _listed(found, question),
        "notes": notes_of(found),
        "take": _taken(question),
        "two_days": part_of("coverage_days.show", question),
    }


def _taken(question: CoverageQuestion) -> list[tuple[str, str]]:
    """What can be taken away: texts and addresses."""

    def file(endpoint: str, **named: str) -> str:
        return url_for(endpoint, **named, **question.parameters())  # type: ignore[arg-type]

    return [
        (gettext("Report (Word)"), file("coverage_papers.report", format="docx")),
        (gettext("Workbook (Excel)"), file("coverage_papers.report", format="xlsx")),
        (gettext("Map (PNG)"), file("coverage_papers.picture")),
        (gettext("Every place (CSV)"), file("coverage_papers.places", format="csv")),
        (gettext("Every place (GeoJSON)"), file("coverage_papers.places", format="geojson")),
        (gettext("What is near (GeoJSON)"), file("coverage_map.catchments")),
    ]


def notes_of(found: Reach) -> list[str]:
    """What has to be said of a reach wherever it is shown, each once."""
    said = (*found.notes, *found.demand.notes, *found.supply.notes)
    return list(dict.fromkeys(told(one) for one in said))


def _lacking(summary: Summary) -> float | None:
    return summary.near_people if summary.near_people is not None else summary.near_places


def _headline(found: Reach, question: CoverageQuestion, of_people: bool) -> dict[str, Any]:
    whole = found.district
    value = whole.near_people if of_people else whole.near_places
    by = {"limit": words.limit(question)}
    text = (_of_whom(question, by) if of_people
            else gettext("of the places where people live have one %(limit)s", **by))  # fmt: skip
    return {"share": words.share(value), "value": value, "text": text}


def _of_whom(question: CoverageQuestion, by: dict[str, str]) -> str:
    if question.group == "children":
        return str(gettext("of the children known have one %(limit)s", **by))
    if question.group == "elderly":
        return str(gettext("of the elderly people known have one %(limit)s", **by))
    return str(gettext("of the residents known have one %(limit)s", **by))


def _summary(found: Reach, one: Summary) -> dict[str, Any]:
    """A summary in words."""
    demand = found.demand
    place = demand.names[one.worst_place] if one.worst_place >= 0 else ""
    return {
        "places": format_decimal(one.places),
        "people": words.people(one.people), "people_more": one.people is not None and one.unknown_people > 0,
        "unknown_people": one.unknown_people,
        "near_people": words.share(one.near_people), "near_people_value": one.near_people,
        "near_places": words.share(one.near_places), "near_places_value": one.near_places,
        "without": None if one.near_people is None or one.people is None
                   else words.people(one.people * (1 - one.near_people)),
        "near_count": words.of_how_many(one.near_places, one.places),
        "near_area": words.share(one.near_area),
        "norm": words.share(one.norm_people if one.norm_people is not None else one.norm_places),
        "norm_places": words.share(one.norm_places),
        "median": words.minutes(one.median_min), "mean": words.minutes(one.mean_min), "p90": words.minutes(one.p90_min),
        "worst": words.minutes(one.worst_min), "worst_place": place, "fifth": words.minutes(one.fifth_min),
        "too_far": one.too_far, "no_way": one.no_way, "off": one.too_far + one.no_way,
    }  # fmt: skip


def _columns(question: CoverageQuestion) -> list[tuple[str, str, str, str | None]]:
    """The sortable columns: the order that a click asks for, its link, its text, and how it is sorted now."""
    texts = {
        "name": gettext("Township"), "people": words.of_group(gettext("Residents"), question),
        "near": words.of_group(gettext("Residents near"), question),
        "places": gettext("Places near"), "norm": gettext("Norm kept"), "median": gettext("Median"),
        "worst": gettext("Farthest"), "off": gettext("Cut off"),
    }  # fmt: skip
    now = _sort()
    columns = []
    for name, text in texts.items():
        wanted = f"-{name}" if now == name else name
        sorted_now = {name: "ascending", f"-{name}": "descending"}.get(now)
        order = "" if wanted == USUAL_SORT else wanted
        columns.append((order, same_view(question, sort=order), text, sorted_now))
    return columns


def _sort() -> str:
    sort = request.args.get("sort") or USUAL_SORT
    if sort.removeprefix("-") not in SORTS:
        raise BadInput("{name}={value!r} is not one of {known}.", name="sort", value=sort, known=", ".join(SORTS))
    return sort


def _townships(found: Reach, question: CoverageQuestion) -> list[dict[str, Any]]:
    sort = _sort()
    key = (SORTS if figures.counts_people(found) else SORTS_BY_PLACES)[sort.removeprefix("-")]
    known = [one for one in found.townships if key(one) is not None]
    unknown = [one for one in found.townships if key(one) is None]
    named = services.wording(g.district, "townships", current())
    known.sort(key=lambda one: (key(one), one.code), reverse=sort.startswith("-"))
    return [
        {
            "code": one.code,
            "name": named.get(one.code, one.code),
            "page": url_for("coverage_township.show", code=one.code, **question.parameters()),  # type: ignore[arg-type]
            "character": words.CHARACTERS.get(one.character, one.character),
            "character_code": one.character,
            **_summary(found, one.summary),
        }
        for one in (*known, *unknown)
    ]


def _kinds(question: CoverageQuestion) -> list[dict[str, Any]]:
    named = kind_names(g.district, current())
    rows = []
    for kind, found in reach_by_kind(g.district, question, g.scope).items():
        link = page_of(replace(question, kind=(kind,)), "reach")
        rows.append(
            {
                "name": named.get(kind, kind),
                "page": link,
                "count": len(found.supply),
                "nowhere": len(found.supply.without_place),
                "lacking": _lacking(found.district) or 0.0,
                **_summary(found, found.district),
            }
        )
    return sorted(rows, key=lambda row: (row["lacking"], row["name"]))


def _listed(found: Reach, question: CoverageQuestion) -> dict[str, Any]:
    """A page of the list of all places, those with the longest way first."""
    order = figures.farthest_first(found)
    pages = max(1, -(-len(order) // PLACES_A_PAGE))
    page = min(page_number(), pages)
    shown = order[(page - 1) * PLACES_A_PAGE : page * PLACES_A_PAGE]
    return {
        "rows": _places(found, shown),
        "count": len(order),
        "page": page,
        "pages": pages,
        "before": (page - 1, same_view(question, page=str(page - 1))) if page > 1 else None,
        "after": (page + 1, same_view(question, page=str(page + 1))) if page < pages else None,
    }


def _places(found: Reach, chosen: list[int]) -> list[dict[str, Any]]:
    named = services.wording(g.district, "townships", current())
    return [_place(found, place, named) for place in chosen]


def _place(found: Reach, place: int, named: dict[str, str]) -> dict[str, Any]:
    demand, nearest = found.demand, int(found.nearest[place])
    reached = found.state[place] == State.REACHED
    code = demand.township[place]
    people = float(demand.people[place]) if figures.counts_people(found) else float("nan")
    return {
        "name": demand.names[place] or gettext("a point of the grid"),
        "township": named.get(code, code),
        "lon": f"{demand.lon[place]:.6f}",
        "lat": f"{demand.lat[place]:.6f}",
        "people": words.people(None if people != people else people),
        "minutes": words.minutes(found.seconds[place] / 60) if reached else None,
        "metres": distance(float(found.metres[place])) if reached else None,
        "nearest": words.facility_name(found.supply, nearest) if nearest >= 0 else None,
        "state": words.state(found, place),
        "near": bool(found.near[place]),
    }
