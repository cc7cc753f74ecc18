"""A proposal as GeoJSON: its places, and a line to each from everybody who gains by it."""

from typing import Any

from geoapp.services.coverage.proposals import Gain, Proposal, ProposedPlace

# More lines than this are a blot; those who gain most come first.
MOST_LINES = 400


def geojson(proposal: Proposal) -> dict[str, Any]:
    """A FeatureCollection in degrees. `what` is proposal or gain; minutes are whole tenths, None for no way."""
    features = [_point(proposal, place) for place in proposal.places]
    each = MOST_LINES // max(len(proposal.places), 1)
    for place in proposal.places:
        features += [_line(place, gain, of_people=proposal.unit != "places") for gain in place.gains[:each]]
    return {"type": "FeatureCollection", "features": features}


def _point(proposal: Proposal, place: ProposedPlace) -> dict[str, Any]:
    properties = {
        "what": "proposal",
        "rank": place.rank,
        "name": place.name,
        "township": place.township,
        "gain": place.gain,
        "total": place.total,
        "newly_near": place.newly_near,
        "unit": proposal.unit,
        "places": len(place.gains),
    }
    geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "id": f"proposal:{place.rank}", "geometry": geometry, "properties": properties}


def _line(place: ProposedPlace, gain: Gain, *, of_people: bool) -> dict[str, Any]:
    properties = {
        "what": "gain",
        "rank": place.rank,
        "name": gain.name,
        "people": gain.people if of_people else None,
        "before_min": None if gain.before_s is None else round(gain.before_s / 60, 1),
        "after_min": round(gain.after_s / 60, 1),
        "newly_near": gain.newly_near,
    }
    geometry = {"type": "LineString", "coordinates": [[gain.lon, gain.lat], [place.lon, place.lat]]}
    return {"type": "Feature", "id": f"gain:{gain.place}", "geometry": geometry, "properties": properties}
