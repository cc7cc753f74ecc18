"""What the map of the page of coverage draws."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify, request, url_for

from geoapp.domain.coverage import CoverageQuestion
from geoapp.services.coverage.catching import catchments as catchments_of
from geoapp.services.coverage.kinds import kind_names, place_of
from geoapp.services.coverage.reach_figures import counts_people
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach, State, Supply
from geoapp.services.coverage.shading import coverage_shading
from geoapp.services.coverage.supply import supply_of
from geoapp.services.coverage.what_if import as_it_is
from geoapp.web import coverage_words as words
from geoapp.web.coverage_places import PARAMETERS as SHARING
from geoapp.web.coverage_question import asked, unchanged_answer
from geoapp.web.coverage_supposed import pin_text
from geoapp.web.language import current
from geoapp.web.requests import not_modified, tagged

blueprint = Blueprint("coverage_map", __name__)

# More dots than these would hide each other.
MOST_PLACES = 3_000
NEAR, FAR, OFF_ROAD, NO_WAY = range(4)
_DRAWN_AS = {State.TOO_FAR_FROM_A_ROAD: OFF_ROAD, State.NO_WAY: NO_WAY, State.NO_FACILITY: NO_WAY}


@blueprint.get("/coverage/shading")
def shading() -> Response:
    """An indicator of every township, its title, and the classes to shade it by."""
    question, measure = asked(*SHARING), request.args.get("measure") or words.USUAL_MEASURE
    sharing = {name: text for name in SHARING if (text := request.args.get(name))}
    return _answer(lambda: _shaded(measure, question, sharing))


def _shaded(measure: str, question: CoverageQuestion, sharing: dict[str, str]) -> dict[str, Any]:
    shading = asdict(coverage_shading(g.district, measure, question, g.scope, **sharing))
    shared = words.ACCESS.get(sharing.get("capacity", "facilities"))
    return {**shading, "title": str(shared) if measure == "access" else words.measure(measure, question)}


@blueprint.get("/coverage/catchments")
def catchments() -> Response:
    """What lies near a facility, as areas (GeoJSON)."""
    question = asked()
    return _answer(lambda: catchments_of(g.district, question, g.scope))


@blueprint.get("/coverage/facilities.json")
def facilities() -> Response:
    """The facilities that count, supposed and closed ones among them (GeoJSON)."""
    question = asked()
    return _answer(lambda: _facilities(question))


@blueprint.get("/coverage/places.json")
def places() -> Response:
    """Where people live, and how they stand to the nearest facility, in columns; none where there are too many.

    state: 0 near, 1 not near, 2 too far from a road, 3 without a way; people, minutes: null where unknown.
    """
    question = asked()
    return _answer(lambda: _places(reach(g.district, question, g.scope)))


def _answer(make: Any) -> Response:
    tag, known = unchanged_answer()
    return not_modified(tag) if known else tagged(jsonify(make()), tag)


def _facilities(question: CoverageQuestion) -> dict[str, Any]:
    counting = supply_of(g.district, question, g.scope)
    standing = supply_of(g.district, as_it_is(question), g.scope)
    closed = [place for place, id in enumerate(standing.ids) if id in question.closed]
    features = [_feature(question, counting, place) for place in range(len(counting))]
    return {
        "type": "FeatureCollection",
        "features": [_feature(question, standing, place) for place in closed] + features,
    }


def _feature(question: CoverageQuestion, supply: Supply, place: int) -> dict[str, Any]:
    id, lon, lat = supply.ids[place], float(supply.lon[place]), float(supply.lat[place])
    kinds = kind_names(g.district, current())
    supposed = id.startswith("pin:")
    kind = "" if supposed else kinds.get(supply.kinds[place], supply.kinds[place])
    state = "pin" if supposed else "closed" if id in question.closed else "open"
    pin = {"pin": pin_text(*question.pin[int(id.removeprefix("pin:")) - 1])} if supposed else {}
    there = place_of(id)
    more = {} if supposed else {"details": url_for("features.details", layer=there.layer, id=there.id)}
    return {
        "type": "Feature",
        "id": id,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": words.facility_name(supply, place), "kind": kind, "state": state, **pin, **more},
    }


def _places(found: Reach) -> dict[str, Any]:
    demand, known = found.demand, counts_people(found)
    shown = len(demand) <= MOST_PLACES
    chosen = range(len(demand)) if shown else range(0)
    near = found.near.tolist()
    states = [_DRAWN_AS.get(State(state)) for state in found.state.tolist()]
    return {
        "lon": [round(float(demand.lon[place]), 6) for place in chosen],
        "lat": [round(float(demand.lat[place]), 6) for place in chosen],
        "name": [demand.names[place] for place in chosen],
        "people": [_known(demand.people[place]) if known else None for place in chosen],
        "state": [states[place] if states[place] is not None else NEAR if near[place] else FAR for place in chosen],
        "minutes": [_known(found.seconds[place] / 60) for place in chosen],
        "nearest": [int(found.nearest[place]) for place in chosen],
        "facilities": [words.facility_name(found.supply, place) for place in range(len(found.supply))],
        "left_out": 0 if shown else len(demand),
    }


def _known(value: float) -> float | None:
    return None if value != value else round(float(value), 1)
