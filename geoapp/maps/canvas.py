"""A Folium map of the district, and its parts for a page of ours."""

import json
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import CssLink, JavascriptLink
from folium.template import Template

BBox = tuple[float, float, float, float]
Canvas = folium.Map
FURTHEST_OUT, FURTHEST_IN = 3, 19


@dataclass(frozen=True, slots=True)
class MapParts:
    """A rendered map: links for the head, the element, and a script that runs as a module."""

    header: str
    html: str
    script: str


class Call(folium.MacroElement):
    """A call of one of our scripts' functions on the map: it holds addresses and options, never features."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoapp.{{ this.function }}({{ this._parent.get_name() }}, {{ this.options }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, options: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = function
        self.function = function
        self.options = script_json(options)


def district_map(bbox: BBox) -> folium.Map:
    """An empty map fitted to west, south, east, north in degrees; no basemap from elsewhere."""
    west, south, east, north = bbox
    # Finer steps of zoom let a district fill its window; tiles are asked for at the nearest whole one.
    canvas = folium.Map(
        tiles=None, prefer_canvas=True, zoom_control="topright",
        zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=120,
    )  # fmt: skip
    # Folium keeps these two for its own tile layers; on the map they keep other layers from narrowing its range.
    canvas.options |= {"minZoom": FURTHEST_OUT, "maxZoom": FURTHEST_IN}
    canvas.fit_bounds([[south, west], [north, east]])
    return canvas


def render(canvas: folium.Map, script_address: str) -> MapParts:
    """The map's parts. script_address: where our module with the layers' functions lies.

    Folium's page settings (no zooming by hand, styles for html and body) are left out: the page has its own.
    """
    page: Any = canvas.get_root()
    page.render()
    links = [part for part in page.header._children.values() if isinstance(part, JavascriptLink | CssLink)]
    script = f"import * as geoapp from {script_json(script_address)};\n{page.script.render()}"
    return MapParts("".join(link.render() for link in links), page.html.render(), script)


def script_json(value: Any) -> str:
    """JSON that may stand in a script: nothing in it can end the script or be taken for markup."""
    text = json.dumps(value, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
