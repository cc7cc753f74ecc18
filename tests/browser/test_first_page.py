"""The first page in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from .conftest import Watched

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]


def shown(page: Page, layer: str = "problems") -> int:
    """How many features of a layer the map shows, clusters by their counts."""
    return int(page.evaluate(f"window.geoapp.layers.get('{layer}').layer._count"))


def eventually(page: Page, truth: Callable[[], bool]) -> None:
    """Look again and again for some seconds; the page's own policy forbids waiting inside it."""
    for _ in range(100):
        if truth():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def number(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or ""))


@pytest.mark.parametrize(
    "address", ["http://example.org/", "http://192.0.2.1/", "https://tile.openstreetmap.org/0/0/0.png"]
)
def test_nobody_else_can_be_reached_from_these_tests(browser: Browser, address: str) -> None:
    page = browser.new_page()
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(address)
    page.close()


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_page_fits_its_window_in_both_languages(demo: str, watch: Watch, width: int, locale: str) -> None:
    page = watch(width, 800, locale).open(demo)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if locale == "zh-CN" else "en")
    expect(page.locator(".folium-map")).to_be_visible()
    assert page.locator(".bubble").count() > 3


def test_the_map_shows_as_many_as_the_table_says(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    matched = number(page.locator("#matched").text_content())
    nowhere = number(page.locator("[data-nowhere=problems]").text_content())

    assert matched == 1200
    assert page.evaluate("window.geoapp.map.getZoom()") < 11, "the whole district is in view"
    assert shown(page) == matched - nowhere


def test_counts_still_add_up_when_zoomed(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    whole = shown(page)
    for zoom in (8, 10):
        page.evaluate(f"window.geoapp.map.setZoom({zoom}, {{animate: false}})")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        if zoom == 8:
            assert shown(page) == whole


def test_a_filter_changes_map_table_counts_and_link_together(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    page.select_option("[name=category]", "02")
    page.select_option("[name=status]", "closed")
    expect(page.locator("body")).not_to_have_class(re.compile("busy"))
    page.wait_for_load_state("networkidle")
    matched = number(page.locator("#matched").text_content())

    assert 0 < matched < 400
    assert number(page.locator("[data-count=problems]").text_content()) == matched
    assert shown(page) <= matched
    assert "category=02" in page.url
    assert "status=closed" in page.url
    again = watch().open(page.url)
    assert number(again.locator("#matched").text_content()) == matched
    assert shown(again) == shown(page)


def test_a_click_on_a_single_point_shows_its_details(demo: str, watch: Watch) -> None:
    page = watch().open(f"{demo}/?layers=problems")
    page.locator("[data-details]").first.click()
    details = page.locator("#details")

    expect(details).to_be_visible()
    expect(details).to_contain_text("Synthetic: made up for this demo.")
    expect(details.locator("dt").first).to_have_text("Number")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(page.locator("[data-details]").first).to_be_focused()


def test_a_click_on_a_bubble_zooms_in(demo: str, watch: Watch) -> None:
    page = watch().open(f"{demo}/?layers=problems")
    before = page.evaluate("window.geoapp.map.getZoom()")
    page.locator(".bubble").first.click()
    eventually(page, lambda: page.evaluate("window.geoapp.map.getZoom()") > before)


def test_points_on_one_spot_are_listed(demo: str, watch: Watch) -> None:
    page = watch().open(f"{demo}/?layers=problems")
    page.evaluate("window.geoapp.map.setView([40.3162, 116.6316], 18, {animate: false})")
    page.wait_for_load_state("networkidle")
    page.locator(".bubble").first.click()
    expect(page.locator("#details .choices button").nth(3)).to_be_visible()


def test_layers_are_switched_on_and_off_and_the_link_remembers(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    page.locator("[data-layer=sites]").check()
    eventually(page, lambda: page.evaluate("window.geoapp.layers.get('sites').layer._count > 0"))
    assert shown(page, "sites") == number(page.locator("[data-count=sites]").text_content())
    page.locator("[data-layer=problems]").uncheck()
    expect(page.locator(".bubble-circle")).to_have_count(0)

    again = watch().open(page.url)
    expect(again.locator("[data-layer=sites]")).to_be_checked()
    expect(again.locator("[data-layer=problems]")).not_to_be_checked()


def test_townships_are_shaded_by_the_chosen_measure_and_the_legend_says_unknown(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    page.select_option("[name=measure]", "population")
    expect(page.locator("#legend-title")).to_have_text("Residents")
    expect(page.locator("#legend-classes")).to_contain_text("unknown")
    assert "measure=population" in page.url


def test_the_table_turns_its_pages_in_place(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    first = page.locator("tbody th").first.text_content()
    page.locator("[rel=next]").click()
    expect(page.locator(".pager span")).to_contain_text("Page 2")
    assert page.locator("tbody th").first.text_content() != first


def test_everything_can_be_reached_by_keyboard(demo: str, watch: Watch) -> None:
    page = watch().open(demo)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#table-layer")).to_be_focused()


def test_on_a_phone_the_details_come_from_below_and_the_map_is_free(demo: str, watch: Watch) -> None:
    page = watch(360, 780, "zh-CN").open(demo)
    expect(page.locator("#layers ul")).to_be_hidden()
    page.locator("[data-details]").first.click()
    expect(page.locator("#details")).to_be_visible()
    box = page.locator("#details").bounding_box()

    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    assert box["y"] > 200
    # Nothing of the page below lies over it.
    on_top = page.evaluate(
        f"document.elementFromPoint(180, {box['y'] + box['height'] - 20}).closest('#details') !== null"
    )
    assert on_top


def test_the_page_is_small_whatever_it_shows(demo: str, watch: Watch) -> None:
    page = watch().page
    answer = page.goto(demo)

    assert answer is not None
    assert len(answer.body()) < 100_000
