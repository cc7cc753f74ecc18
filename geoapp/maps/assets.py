"""Folium's own scripts and styles, taken from here instead of from other hosts."""

import folium


def use_own_assets(address: str) -> None:
    """Make every Folium map load Leaflet from this address, and nothing else from anywhere. Call once, at start.

    Folium would add jQuery, Bootstrap, fonts and marker plug-ins, each from another host; our layers need none of them.
    """
    folium.Map.default_js = [("leaflet", f"{address}/leaflet.js")]
    folium.Map.default_css = [("leaflet_css", f"{address}/leaflet.css")]
