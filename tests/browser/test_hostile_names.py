"""Names that would run as script, if any part of any page took them for more than text."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geoapp import services
from tests.conftest import NOW, toy_layers, toy_tables

from .conftest import Watched, serving

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=window.hurt=1>",
    "`${window.hurt=1}`",
    "</script><script>window.hurt=1</script>",
    "\"'><svg onload=window.hurt=1>",
    "{{ 7*7 }}{% raw %}",
)
LAYERS = ("problems", "sites", "facilities", "villages", "visits", "streets", "roads", "townships")


def renamed(layers: dict[str, list[dict[str, Any]]], name: str) -> dict[str, list[dict[str, Any]]]:
    """The toy district, in which everything has this name."""
    for features in layers.values():
        for feature in features:
            feature["properties"] |= {"name": name, "name_en": name, "description": name, "note": name, "source": name}
    line = {"type": "LineString", "coordinates": [[0.1, 0.1], [0.9, 0.9]]}
    layers["roads"] = [{"type": "Feature", "id": name, "geometry": line, "properties": {"name": name, "kind": name}}]
    return layers


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A district full of such a name, and the name."""
    name = request.param
    tables = toy_tables()
    tables["district"] |= {"name": name, "name_en": name, "attribution": [{"zh": name, "en": name}]}
    for table in ("categories", "units", "rounds", "site_kinds", "facility_kinds"):
        for row in tables[table]["rows"]:
            row |= {"zh": name, "en": name}
    district = services.found(tmp_path / "hostile", renamed(toy_layers(), name), tables, clock=lambda: NOW)
    with serving(district) as address:
        yield address, name
    district.close()


def test_a_hostile_name_is_shown_and_runs_nothing(hostile: tuple[str, str], watch: Callable[..., Watched]) -> None:
    address, name = hostile
    page = watch().open(f"{address}/?layers={','.join(LAYERS)}")
    assert name in (page.locator("body").text_content() or "")
    for layer in LAYERS:
        page.select_option("#table-layer", layer)
        page.wait_for_load_state("networkidle")
        page.locator("#table [data-details]").first.click()
        page.wait_for_selector("#details:not([hidden])")
        assert name in (page.locator("#details").text_content() or ""), layer
        page.keyboard.press("Escape")
    page.evaluate("window.geoapp.map.setView([0.5, 0.5], 18, {animate: false})")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.hurt") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_hostile_link_runs_nothing_either(demo: str, watch: Callable[..., Watched]) -> None:
    page = watch().page
    for name in HOSTILE:
        page.goto(f"{demo}/?q={name}&unit={name}")
        page.wait_for_selector("html[data-ready]")
        assert page.evaluate("window.hurt") is None
