"""One feature: its page with map, fields and history, and the same in short for the map's panel."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, url_for
from flask_babel import format_datetime, gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services
from geoapp.domain.errors import NotAllowed
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.kinds import place_of
from geoapp.web import labels
from geoapp.web.coverage_evidence import NAMES as EVIDENCE_NAMES
from geoapp.web.coverage_evidence import picture_address
from geoapp.web.fields import described, fields_of, title, written
from geoapp.web.mapping import around, district_parts
from geoapp.web.requests import selection

blueprint = Blueprint("features", __name__)

_ANY = f"any({','.join(LAYERS)})"
# Fields that name another feature or a selection of problems, and where that is to be found.
_LINKS = {
    "township": ("townships.show", "code"),
    "site_id": ("features.show", "sites"),
    "facility_id": ("features.show", "facilities"),
    "shared_with": ("features.show", "facilities"),
}


@blueprint.get("/details/<layer>/<path:id>")
def details(layer: str, id: str) -> Response:
    """Title, fields and remarks of a feature, for the map's panel."""
    selection()
    properties = services.details(g.district, layer, id, g.scope)["properties"]
    return jsonify(
        title=title(properties),
        subtitle=str(labels.LAYERS[layer]),
        rows=[{"label": str(field.label), "value": text} for field, text in described(layer, properties, g.scope)],
        notes=_notes(properties),
        href=page_of(layer, id),
    )


@blueprint.get(f"/<{_ANY}:layer>/<path:id>")
def show(layer: str, id: str) -> str | AnyResponse:
    """A feature's page."""
    if layer == "townships":
        return redirect(url_for("townships.show", code=id))
    selection()
    found = services.details(g.district, layer, id, g.scope)
    properties = found["properties"]
    return render_template(
        "features/show.html",
        layer=layer,
        id=id,
        title=title(properties),
        fields=[(field, text, _link(field.name, properties)) for field, text in described(layer, properties, g.scope)],
        notes=_notes(properties),
        parts=_map(layer, found["geometry"]),
        position=_position(found["geometry"]),
        events=[_told(layer, event) for event in services.history(g.district, layer, id, g.scope)],
        related=_related(layer, id),
        picture=_picture(layer, found["geometry"]),
        evidence=_evidence(id, properties) if layer == "facilities" else [],
        photos=_photos(id, properties) if layer == "problems" and g.scope is Scope.FULL else [],
    )


@blueprint.get("/problems/<id>/photos/<sha256>")
def photo(id: str, sha256: str) -> Response:
    """A photo of a problem."""
    selection()
    if g.scope is not Scope.FULL:
        raise NotAllowed("Evidence is shown on this machine only.")
    answer = Response(services.problem_photo(g.district, id, sha256), mimetype="image/jpeg")
    # Under its name there is never anything else.
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _photos(id: str, properties: dict[str, Any]) -> list[str]:
    return [url_for("features.photo", id=id, sha256=sha256) for sha256 in properties.get("photos") or ()]


def _evidence(id: str, properties: dict[str, Any]) -> list[tuple[str, str]]:
    """What each picture that proves a facility shows, and where it is."""
    return [
        (str(text), picture_address(id, sha256))
        for name, text in EVIDENCE_NAMES.items()
        for sha256 in properties.get(name) or ()
    ]


def page_of(layer: str, id: str) -> str:
    """Where everything about a feature stands."""
    if layer == "townships":
        return url_for("townships.show", code=id)
    return url_for("features.show", layer=layer, id=id)


def place_page(id: str) -> str:
    """Where everything about what coverage counts stands: a facility, or a site."""
    place = place_of(id)
    return page_of(place.layer, place.id)


def _link(field: str, properties: dict[str, Any]) -> str | None:
    if field not in _LINKS or not isinstance(properties.get(field), str):
        return None
    endpoint, what = _LINKS[field]
    if what == "code":
        return url_for(endpoint, code=properties[field])
    return url_for(endpoint, layer=what, id=properties[field])


def _notes(properties: dict[str, Any]) -> list[str]:
    notes = []
    if properties.get("synthetic"):
        notes.append(gettext("Synthetic: made up for this demo."))
    if properties.get("schematic"):
        notes.append(gettext("Schematic: drawn roughly, not official."))
    if properties.get("near_border"):
        notes.append(gettext("Within 30 m of a township's border: check which one is responsible."))
    if properties.get("nearest_township"):
        notes.append(gettext("Lies outside all townships."))
    return notes


def _map(layer: str, geometry: Any) -> Any:
    """The district around a feature; without a place there is no map."""
    if not geometry:
        return None
    if geometry["type"] == "Point":
        return district_parts((layer, "streets", "roads"), bbox=around(*geometry["coordinates"][:2]), place=geometry)
    return district_parts(("streets", "roads"), place=geometry)


def _picture(layer: str, geometry: Any) -> str | None:
    """Where the surroundings of a point are drawn as a picture."""
    if not geometry or geometry["type"] != "Point":
        return None
    bbox = ",".join(f"{edge:.6f}" for edge in around(*geometry["coordinates"][:2]))
    return url_for("downloads.map_picture", layer=layer, bbox=bbox)


def _position(geometry: Any) -> str | None:
    if not geometry or geometry["type"] != "Point":
        return None
    lon, lat = geometry["coordinates"][:2]
    return f"{lon:.6f}, {lat:.6f}"


def _related(layer: str, id: str) -> list[tuple[str, int, str]]:
    """What else there is to look at: a name, how many, and where."""
    by = {"sites": ("site", ("problems", "visits")), "streets": ("street", ("problems", "sites", "facilities"))}
    if layer not in by:
        return []
    parameter, others = by[layer]
    chosen = Selection.parse({parameter: [id]})
    return [
        (
            str(labels.LAYERS[other]),
            services.count(g.district, other, chosen, g.scope).count,
            f"{url_for('tables.show', layer=other)}?{chosen.query()}",
        )
        for other in others
    ]


def _told(layer: str, event: services.Event) -> dict[str, Any]:
    """An event in words: what was done, when, by which action."""
    moment = datetime.fromisoformat(event.time)
    return {
        "when": format_datetime(moment, "medium"),
        "time": event.time,
        "what": [*_kind(event), *_moves(event), *(_changed(layer, change) for change in event.changes)],
        "how": gettext("by %(actor)s: %(action)s", actor=event.actor, action=event.action)
        if event.actor
        else event.action,
    }


def _kind(event: services.Event) -> list[str]:
    words = {"entered": gettext("entered"), "removed": gettext("removed")}
    return [words[event.kind]] if event.kind in words else []


def _moves(event: services.Event) -> list[str]:
    if event.moved_m is not None:
        return [gettext("moved %(distance)s", distance=_distance(event.moved_m))]
    if event.placed is not None:
        return [gettext("given a new place") if event.placed else gettext("its place was taken away")]
    return []


def _distance(metres: float) -> str:
    if metres < 1_000:
        return str(gettext("%(number)s m", number=round(metres)))
    return str(gettext("%(number)s km", number=round(metres / 1_000, 1)))


def _changed(layer: str, change: services.FieldChange) -> str:
    field = fields_of(layer, g.scope).get(change.name)
    label = str(field.label) if field else change.name
    before, after = (
        None if value is None else written(field, value) if field else str(value)
        for value in (change.before, change.after)
    )
    if before is None:
        return str(gettext("%(field)s: %(after)s", field=label, after=after))
    if after is None:
        return str(gettext("%(field)s: %(before)s was taken away", field=label, before=before))
    return str(gettext("%(field)s: %(before)s → %(after)s", field=label, before=before, after=after))
