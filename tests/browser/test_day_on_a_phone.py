"""The phone page of a team's day: stops in order, ticked off on this phone, next one first."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geoapp import services
from tests.browser.conftest import Watched, serving
from tests.conftest import NOW, toy_layers, toy_tables
from tests.services.routes.toy_day import keep_toy_plan


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of team T1's day."""
    if not (Path(services.__file__).parents[1] / "web/static/vendor").is_dir():
        pytest.skip("the assets are not built: run make assets")
    district = services.found(tmp_path_factory.mktemp("phone") / "toy", toy_layers(), toy_tables(), clock=lambda: NOW)
    _, kept = keep_toy_plan(district)
    with serving(district) as server:
        yield f"{server}/routes/{kept.id}/phone?team=T1&date=2026-05-04"
    district.close()


@pytest.fixture
def page(watch: Callable[..., Watched], address: str) -> Page:
    return watch(width=360, height=740).open(address)


def tick(page: Page, number: int) -> None:
    page.locator(f"#stop-{number} .tick").click()


def test_stops_are_ticked_off_and_the_next_one_is_marked(page: Page) -> None:
    expect(page.locator(".day-count")).to_have_text("0 of 4")
    tick(page, 1)
    tick(page, 3)

    expect(page.locator(".day-count")).to_have_text("2 of 4")
    expect(page.locator("[aria-current=step]")).to_have_attribute("data-number", "2")
    expect(page.locator(".day-next")).to_have_attribute("href", "#stop-2")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".day-count")).to_have_text("2 of 4")
    tick(page, 3)
    expect(page.locator(".day-count")).to_have_text("1 of 4")


def test_when_all_is_done_nothing_is_next(page: Page) -> None:
    for number in range(1, 5):
        tick(page, number)

    expect(page.locator(".day-next")).to_be_hidden()
    expect(page.locator("progress")).to_have_js_property("value", 4)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_can_be_tapped_with_a_thumb(watch: Callable[..., Watched], address: str, language: str) -> None:
    page = watch(width=360, height=740).open(f"{address}&lang={language}")

    sizes = page.eval_on_selector_all(
        "main button, main a, main summary",
        "all => all.filter(one => one.offsetParent).map(one => one.getBoundingClientRect().height)",
    )

    assert min(sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (re.search("[\u4e00-\u9fff]", page.locator("#stop-1 .tick").inner_text()) is not None) == (language == "zh")


def test_over_plain_http_it_says_that_phones_do_not_tell_where_they_are(
    watch: Callable[..., Watched], address: str
) -> None:
    # This machine's own address counts as secure; a phone that asks another machine sees what this page is shown here.
    opened = watch(width=360)
    opened.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page = opened.open(address)

    expect(page.locator("#no-place")).to_be_visible()
    expect(page.locator("#how-far")).to_be_hidden()


def test_with_a_place_the_stops_say_how_far_they_are(watch: Callable[..., Watched], address: str) -> None:
    page = watch(width=360).page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 0.5, "latitude": 0.5})
    page.goto(address)

    page.locator("#how-far").click()

    expect(page.locator("#stop-1 .day-far")).to_have_text("0 m from here")
    # 0.25 degrees east and north of there: 39.3 km.
    expect(page.locator("#stop-4 .day-far")).to_have_text("39.3 km from here")


def test_a_browser_that_keeps_nothing_says_so_and_ticks_all_the_same(
    watch: Callable[..., Watched], address: str
) -> None:
    opened = watch(width=360)
    opened.page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    page = opened.open(address)

    tick(page, 1)

    expect(page.locator("#not-kept")).to_be_visible()
    expect(page.locator(".day-count")).to_have_text("1 of 4")
