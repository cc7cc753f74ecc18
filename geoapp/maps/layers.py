"""Each function adds one thing to a given map; all of them add addresses, none adds features."""

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any

import folium

from geoapp.maps.canvas import Call

# Okabe and Ito's colours, which colour-blind eyes tell apart, and two more of the same brightness.
CATEGORY_COLOURS = {
    "01": "#cc79a7",
    "02": "#d55e00",
    "03": "#0072b2",
    "04": "#e69f00",
    "05": "#009e73",
    "06": "#56b4e9",
    "07": "#8c6bb1",
    "08": "#a6761d",
    "09": "#4d4d4d",
    "00": "#9e9e9e",
}
# One hue, from light to dark: five classes from ColorBrewer's Blues, chosen to stay below points and labels.
SHADES = ("#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#3182bd")
# Classes of cells: ColorBrewer's RdBu for hot and cold, PuOr for grown and shrunk, YlOrRd for rates, Okabe and Ito's
# for courses; colour-blind eyes tell all of them apart.
CELL_COLOURS = {
    "hot2": "#b2182b", "hot": "#ef8a62", "cold": "#67a9cf", "cold2": "#2166ac",
    "grown2": "#b35806", "grown": "#f1a340", "shrunk": "#998ec3", "shrunk2": "#542788",
    "new": "#cc79a7", "intensifying": "#d55e00", "persistent": "#8a1010", "sporadic": "#e69f00", "fading": "#56b4e9",
    "r0": "#ffffb2", "r1": "#fecc5c", "r2": "#fd8d3c", "r3": "#f03b20", "r4": "#bd0026",
    "": "#dfe5e9",
}  # fmt: skip
# Teams: dark enough for white numbers on them, and told apart by colour-blind eyes; later teams take them in turn.
TEAM_COLOURS = ("#0072b2", "#d55e00", "#007a5a", "#a6327a", "#6d5d00", "#4d4d4d", "#5b3fa8", "#8a1010", "#00687a",
                "#7a4a10")  # fmt: skip
# Whether people have a facility near: Okabe and Ito's green, orange and grey, a purple for what stands, a red for what
# is only supposed.
COVERAGE_COLOURS = {
    "near": "#00866a", "far": "#d98c00", "off": "#6b7a84", "none": "#6b7a84",
    "facility": "#6a1b9a", "closed": "#8a979f", "pin": "#c4001a", "catchment": "#00866a",
}  # fmt: skip
UNKNOWN_SHADE = "#e8e6e1"

POINT_STYLES: dict[str, dict[str, object]] = {
    "problems": {"shape": "circle", "colour": "#b84d00", "colourBy": "category", "colours": CATEGORY_COLOURS},
    "sites": {"shape": "square", "colour": "#00796b"},
    "facilities": {"shape": "diamond", "colour": "#6a1b9a"},
    "villages": {"shape": "circle", "colour": "#5d6d7e"},
    "visits": {"shape": "ring", "colour": "#37474f"},
    "population": {"shape": "circle", "colour": "#455a64"},
}
LINE_STYLES: dict[str, dict[str, object]] = {
    "roads": {"colour": "#9c8f78", "width": 1.6, "from": 8, "labelled": False},
    "streets": {"colour": "#8a7650", "width": 2.8, "from": 12, "labelled": True},
}


def add_townships(canvas: folium.Map, *, features: str, shading: str, details: str, labels: Mapping[str, str]) -> None:
    """Townships shaded by a measure. features, shading: addresses of GeoJSON and of values with classes."""
    options = {"features": features, "shading": shading, "details": details, "shades": SHADES, "labels": dict(labels)}
    Call("addTownships", options | {"unknownShade": UNKNOWN_SHADE}).add_to(canvas)


def add_lines(canvas: folium.Map, layer: str, *, tiles: str, language: str) -> None:
    """Streets or roads, drawn from vector tiles at an address with {z}, {x} and {y}."""
    Call("addLines", {"layer": layer, "tiles": tiles, "language": language, **LINE_STYLES[layer]}).add_to(canvas)


def add_points(
    canvas: folium.Map, layer: str, *, tiles: str, details: str, items: str, labels: Mapping[str, str]
) -> None:
    """Points with exact clusters, from vector tiles. items: address of a layer's features, to list what coincides."""
    addresses = {"layer": layer, "tiles": tiles, "details": details, "items": items}
    Call("addPoints", {**addresses, "labels": dict(labels), **POINT_STYLES[layer]}).add_to(canvas)


def add_place(canvas: folium.Map, geometry: Any) -> None:
    """A mark on the one feature that a page is about, given as its GeoJSON geometry."""
    Call("addPlace", {"geometry": geometry, "colour": "#c4001a"}).add_to(canvas)


def add_heat(canvas: folium.Map, *, tiles: str) -> None:
    """A heat surface below the points and labels, from pictures at an address with {z}, {x} and {y}."""
    Call("addHeat", {"tiles": tiles}).add_to(canvas)


def add_cells(canvas: folium.Map, *, cells: str, details: str, labels: Mapping[str, str]) -> None:
    """Cells or streets in the colours of their classes. cells: address of their GeoJSON; details: of one of them."""
    options = {"cells": cells, "details": details, "colours": CELL_COLOURS, "labels": dict(labels)}
    Call("addCells", options).add_to(canvas)


def team_colours(teams: Iterable[str]) -> dict[str, str]:
    """The colours of teams, by their ids."""
    return dict(zip(teams, cycle(TEAM_COLOURS), strict=False))


def add_plan(canvas: folium.Map, *, plan: str, details: str, colours: Mapping[str, str], labels: Mapping[str, str]
             ) -> None:  # fmt: skip
    """The ways and stops of a plan, and what it leaves out. plan: address of its GeoJSON; colours: by ids of teams."""
    options = {"plan": plan, "details": details, "colours": dict(colours), "labels": dict(labels)}
    Call("addPlan", options).add_to(canvas)


def add_order(canvas: folium.Map, *, order: str) -> None:
    """The routes of a plan that is being searched, from an address that tells how far it is."""
    Call("addOrder", {"order": order}).add_to(canvas)


def add_stops(canvas: folium.Map, *, stops: str, details: str, labels: Mapping[str, str]) -> None:
    """What could be visited, larger the more it is worth, and the drawing of more. stops: address of its GeoJSON."""
    Call("addStops", {"stops": stops, "details": details, "labels": dict(labels)}).add_to(canvas)


def add_picking(canvas: folium.Map, *, labels: Mapping[str, str]) -> None:
    """Let a click on the map give the chosen row of the page's work list its place."""
    Call("addPicking", {"labels": dict(labels)}).add_to(canvas)


def add_coverage(canvas: folium.Map, *, addresses: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """Catchments, where people live, and facilities, some of them only supposed or supposed closed.

    addresses: of account, catchments, facilities, places (each answers the page's question) and details.
    """
    options = {"addresses": dict(addresses), "colours": COVERAGE_COLOURS, "labels": dict(labels)}
    Call("addCoverage", options).add_to(canvas)


def add_stretches(canvas: folium.Map, *, labels: Mapping[str, str]) -> None:
    """Stretches of streets that fail a standard, from the address that the page's part beside the map names."""
    Call("addStretches", {"labels": dict(labels)}).add_to(canvas)


def add_siting(canvas: folium.Map, *, labels: Mapping[str, str]) -> None:
    """Proposed places and who gains by them, from the address that the page's part beside the map names."""
    Call("addSiting", {"labels": dict(labels)}).add_to(canvas)


def connect_page(canvas: folium.Map, *, labels: Mapping[str, str]) -> None:
    """Let the page's filters, switches and table work on the map; call it last."""
    Call("connectPage", {"labels": dict(labels)}).add_to(canvas)
