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
    """How many lines and points of each class are on the map."""
    found: dict[str, int] = page.evaluate(DRAWN)
    return found


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again until it holds; the page's own policy forbids it to wait for an expression."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("it did not come to hold within ten seconds")


def test_the_map_draws_as_many_failing_stretches_as_the_table_lists(demo: str, watch: Callable[..., Watched]) -> None:
    page = watch().open(f"{demo}/coverage?view=lines&standard=toilet_500")
    until(page, lambda: drawn(page).get("failing", 0) > 0)
    rows = page.locator("section[aria-labelledby=failing-stretches] tbody tr").count()

    assert drawn(page)["failing"] == rows > 0
    before = page.evaluate("window.geoapp.map.getZoom()")
    page.locator("section[aria-labelledby=failing-stretches] [data-bounds]").last.click()
    until(page, lambda: page.evaluate("window.geoapp.map.getZoom()") > before)


def test_another_standard_changes_numbers_and_map_without_a_new_page(demo: str, watch: Callable[..., Watched]) -> None:
    page = watch().open(f"{demo}/coverage?view=lines")
    until(page, lambda: drawn(page).get("failing", 0) > 0)
    page.locator("select[name=standard]").select_option("notice_300")
    until(page, lambda: "failing" not in drawn(page))

    assert drawn(page)["unknown"] > 0
    assert "nobody can say which stretches fail" in page.locator("#table").inner_text()
    assert "standard=notice_300" in page.url


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_on_a_phone_only_tables_are_wider_than_the_page(demo: str, watch: Callable[..., Watched], locale: str) -> None:
    page = watch(width=360, height=800, locale=locale).open(f"{demo}/coverage?view=lines")
    page.evaluate("document.querySelectorAll('#table details').forEach((one) => { one.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") == 360
