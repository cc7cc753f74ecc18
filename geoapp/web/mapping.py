"""The maps of the pages: which layers each of them carries."""

from collections.abc import Mapping, Sequence

from flask import g, url_for
from flask_babel import gettext

from geoapp.domain.layers import LINE_LAYERS, POINT_LAYERS
from geoapp.maps.canvas import BBox, Canvas, MapParts, district_map, render
from geoapp.maps.layers import (
    add_cells,
    add_coverage,
    add_heat,
    add_lines,
    add_order,
    add_picking,
    add_place,
    add_plan,
    add_points,
    add_siting,
    add_stops,
    add_stretches,
    add_townships,
    connect_page,
)
from geoapp.web import labels
from geoapp.web.coverage_words import map_labels as coverage_labels
from geoapp.web.language import current

EVERYTHING = (*POINT_LAYERS, *LINE_LAYERS)
# A point alone is shown with this much around it, in degrees: a few streets.
AROUND = 0.006


def district_parts(layers: Sequence[str] = EVERYTHING, *, bbox: BBox | None = None, place: object = None) -> MapParts:
    """Townships and these layers on a map of the district, or of the part of it in `bbox` (degrees).

    place: GeoJSON geometry to be marked.
    """
    canvas = district_map(bbox or g.district.describe().bbox)
    said = _words()
    add_townships(canvas, features=url_for("api.collection", layer="townships", limit=10_000),
                  shading=url_for("home.shading"), details=url_for("features.details", layer="townships", id=""),
                  labels=said)  # fmt: skip
    for layer in [name for name in reversed(LINE_LAYERS) if name in layers]:
        add_lines(canvas, layer, tiles=_tiles(layer), language=current())
    for layer in [name for name in reversed(POINT_LAYERS) if name in layers]:
        words = said | {"layer": str(labels.LAYERS[layer])}
        details, items = url_for("features.details", layer=layer, id=""), url_for("api.collection", layer=layer)
        add_points(canvas, layer, tiles=_tiles(layer), details=details, items=items, labels=words)
    if place:
        add_place(canvas, place)
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def heat_parts(view: str) -> MapParts:
    """The district with a heat surface or with cells over it, and single problems to be switched on."""
    canvas, said = _ground()
    if view == "surface":
        add_heat(canvas, tiles=url_for("heat.tile", z=0, x=0, y=0).replace("/0/0/0", "/{z}/{x}/{y}"))
    else:
        add_cells(canvas, cells=url_for("heat_cells.cells"), details=url_for("heat_cells.details"), labels=said)
    words = said | {"layer": str(labels.LAYERS["problems"])}
    details, items = url_for("features.details", layer="problems", id=""), url_for("api.collection", layer="problems")
    add_points(canvas, "problems", tiles=_tiles("problems"), details=details, items=items, labels=words)
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def picking_parts() -> MapParts:
    """The district with what helps to find a place, for a work list of what has none."""
    canvas, said = _ground()
    add_picking(canvas, labels=said | {"placed": gettext("%(name)s has its place.", name="{name}"),
                                       "back": gettext("Take it back"),
                                       "left": gettext("%(count)s without a place", count="{count}")})  # fmt: skip
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def stops_parts(order: str | None = None) -> MapParts:
    """The district with what could be visited; order: the address of an order, whose routes are shown instead."""
    canvas, said = _ground()
    if order:
        add_order(canvas, order=order)
    else:
        add_stops(canvas, stops=url_for("routes.stops_geojson"), details="/details/", labels=said | _drawing_words())
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def plan_parts(plan: str, bbox: BBox, colours: Mapping[str, str]) -> MapParts:
    """The ground of a plan (its GeoJSON at an address, bbox in degrees) with its ways and stops."""
    canvas, said = _ground(bbox)
    words = said | {"left_out": gettext("Left out"), "start": gettext("Start"), "end": gettext("End")}
    add_plan(canvas, plan=plan, details="/details/", colours=colours, labels=words)
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def coverage_parts() -> MapParts:
    """The district shaded by an indicator of coverage, with catchments, facilities, and where people live."""
    canvas, said = _ground(shading="coverage_map.shading")
    add_coverage(
        canvas,
        addresses={
            "account": url_for("coverage.account"),
            "catchments": url_for("coverage_map.catchments"),
            "facilities": url_for("coverage_map.facilities"),
            "places": url_for("coverage_map.places"),
        },
        labels=said | coverage_labels(),
    )
    add_siting(canvas, labels=said | {"proposal": gettext("Proposal %(rank)s: %(name)s", rank="{rank}",
                                                          name="{name}")})  # fmt: skip
    add_stretches(canvas, labels=said | {"failing": gettext("fails"), "kept": gettext("keeps it"),
                                         "unknown": gettext("nobody can tell"),
                                         "metres": gettext("%(number)s m", number="{metres}")})  # fmt: skip
    connect_page(canvas, labels=said)
    return render(canvas, url_for("static", filename="js/map.js"))


def _ground(bbox: BBox | None = None, *, shading: str = "home.shading") -> tuple[Canvas, dict[str, str]]:
    """Townships, streets and roads, and what the page's scripts say; shading: the endpoint that shades townships."""
    canvas, said = district_map(bbox or g.district.describe().bbox), _words()
    add_townships(canvas, features=url_for("api.collection", layer="townships", limit=10_000),
                  shading=url_for(shading), details=url_for("features.details", layer="townships", id=""),
                  labels=said)  # fmt: skip
    for layer in reversed(LINE_LAYERS):
        add_lines(canvas, layer, tiles=_tiles(layer), language=current())
    return canvas, said


def _drawing_words() -> dict[str, str]:
    return {"draw": gettext("Draw an area"), "add": gettext("Add a stop"), "finish": gettext("Done"),
            "undraw": gettext("Remove what was drawn"), "here": gettext("Start here"),
            "hint": gettext("Click the corners of the area, then Done."),
            "hint_add": gettext("Click where there is something to visit, then Done.")}  # fmt: skip


def around(lon: float, lat: float) -> BBox:
    """A few streets around a point."""
    return lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND


def _tiles(layer: str) -> str:
    """The address of a layer's tiles, with the places for z, x and y."""
    return url_for("tiles.tile", layer=layer, z=0, x=0, y=0).replace("/0/0/0", "/{z}/{x}/{y}")


def _words() -> dict[str, str]:
    """What the page's scripts say."""
    return {
        "unknown": str(labels.UNKNOWN),
        "cluster": gettext("%(layer)s: %(count)s here", layer="{layer}", count="{count}"),
        "items": gettext("%(count)s at this place", count="{count}"),
        "more": gettext("and %(count)s more", count="{count}"),
        "failed": gettext("The map could not be brought up to date."),
        "copied": gettext("Copied."),
        "everything": gettext("Everything about it"),
        "language": current(),
    }
