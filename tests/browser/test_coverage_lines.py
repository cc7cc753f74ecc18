"""The view of standards along streets in a real browser: what is drawn, and where its buttons lead."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched

DRAWN = """(() => {
  const counts = {};
  window.geoapp.layers.get('stretches').layer.eachLayer(({ feature }) => {
    counts[feature.properties.class] = (counts[feature.properties.class] || 0) + 1;
  });
  return counts;
})()"""


def drawn(page: Page) -> dict[str, int]:
    page.wait_for_load_state("networkidle")
    found: dict[str, int] = page.evaluate(DRAWN)
    return found


def test_the_map_draws_as_many_failing_stretches_as_the_table_lists(demo: str, watch: Callable[..., Watched]) -> None:
    page = watch().open(f"{demo}/coverage?view=lines&standard=toilet_500")
    page.wait_for_function(f"{DRAWN}.failing > 0")
    rows = page.locator("section[aria-labelledby=failing-stretches] tbody tr").count()

    assert drawn(page)["failing"] == rows > 0
    before = page.evaluate("window.geoapp.map.getZoom()")
    page.locator("section[aria-labelledby=failing-stretches] [data-bounds]").last.click()
    page.wait_for_function(f"window.geoapp.map.getZoom() > {before}")


def test_another_standard_changes_numbers_and_map_without_a_new_page(demo: str, watch: Callable[..., Watched]) -> None:
    page = watch().open(f"{demo}/coverage?view=lines")
    page.wait_for_function(f"{DRAWN}.failing > 0")
    page.locator("select[name=standard]").select_option("notice_300")
    page.wait_for_function(f"{DRAWN}.unknown > 1")

    assert "failing" not in drawn(page)
    assert "nobody can say which stretches fail" in page.locator("#table").inner_text()
    assert "standard=notice_300" in page.url


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_on_a_phone_only_tables_are_wider_than_the_page(demo: str, watch: Callable[..., Watched], locale: str) -> None:
    page = watch(width=360, height=800, locale=locale).open(f"{demo}/coverage?view=lines")
    page.evaluate("document.querySelectorAll('#table details').forEach((one) => { one.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") == 360
