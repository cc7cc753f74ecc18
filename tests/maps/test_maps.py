"""Each function adds one thing to a map, and no text can leave its place in the script."""

import json
import re

import folium
import pytest

from geoapp.maps.assets import use_own_assets
from geoapp.maps.canvas import district_map, render, script_json
from geoapp.maps.layers import add_lines, add_points, add_townships, connect_page


@pytest.fixture
def canvas() -> folium.Map:
    use_own_assets("/static/vendor")
    return district_map((116.2, 40.2, 116.9, 41.1))


def calls(canvas: folium.Map) -> list[tuple[str, dict[str, object]]]:
    script = render(canvas, "/static/js/map.js").script
    return [(name, json.loads(options)) for name, options in re.findall(r"geoapp\.(\w+)\(\w+, (\{.*?\})\);", script)]


def test_a_map_is_fitted_to_the_district(canvas: folium.Map) -> None:
    script = re.sub(r"\s", "", render(canvas, "/static/js/map.js").script)

    assert ".fitBounds([[40.2,116.2],[41.1,116.9]]" in script
    assert '"minZoom":3' in script


def test_each_function_adds_one_call_with_addresses(canvas: folium.Map) -> None:
    words = {"language": "en", "layer": "Sites"}
    add_townships(canvas, features="/f", shading="/s", details="/d/", labels=words)
    add_lines(canvas, "roads", tiles="/t/{z}/{x}/{y}", language="zh")
    add_points(canvas, "sites", tiles="/p/{z}/{x}/{y}", details="/d/", items="/i", labels=words)
    connect_page(canvas, labels=words)
    made = calls(canvas)

    assert [name for name, _ in made] == ["addTownships", "addLines", "addPoints", "connectPage"]
    assert made[1][1]["tiles"] == "/t/{z}/{x}/{y}"
    assert made[2][1]["shape"] == "square"


def test_only_leaflet_is_loaded_and_only_from_here(canvas: folium.Map) -> None:
    header = render(canvas, "/static/js/map.js").header

    assert re.findall(r'(?:src|href)="([^"]+)"', header) == ["/static/vendor/leaflet.js", "/static/vendor/leaflet.css"]
    assert "user-scalable" not in header


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "`${alert(1)}`", "<!--", "\u2028alert(1)", "怀柔"]
)
def test_no_text_ends_the_script_or_is_lost(text: str) -> None:
    written = script_json({"name": text})

    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"name": text}
