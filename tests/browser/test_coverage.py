"""The page of coverage in a real browser: what is supposed changes every number at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Watched
from .test_pages import require_accessible, settle

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

REACH = "/coverage?view=reach"


def drop(page: Page, lon: float, lat: float) -> None:
    """Press the button on the map, then click there."""
    page.evaluate(f"void window.geoapp.map.setView([{lat}, {lon}], 12, {{animate: false}})")
    page.wait_for_load_state("networkidle")
    page.click("button.suppose")
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#supposed-line")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_pin_dropped_on_the_map_changes_numbers_map_and_link(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    before = page.locator("#headline b").inner_text()
    drop(page, 116.62, 40.29)

    assert page.locator("#headline b").inner_text() != before
    assert "pin=" in page.url
    assert page.locator(".facility-mark.pin").count() == 2 - 1
    line = page.locator("#supposed-line").inner_text()
    assert line.startswith("Against today: +")
    assert page.locator("#supposed-said").inner_text() == line
    again = settle(watch(), page.url)
    expect(again.locator("#supposed-line")).to_have_text(line)

    page.click("[data-today]")
    expect(page.locator("#headline b")).to_have_text(before)
    assert "pin=" not in page.url


def test_a_pin_can_be_set_and_taken_away_by_keyboard_alone(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    before = page.locator("#headline b").inner_text()
    page.focus("#suppose summary")
    page.keyboard.press("Enter")
    page.focus("input[name=pin]")
    page.keyboard.type("nowhere")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.validity.customError")
    page.fill("input[name=pin]", "116.62 40.29")
    page.keyboard.press("Enter")
    expect(page.locator("#supposed-line")).to_be_visible()
    expect(page.locator("#headline b")).not_to_have_text(before)
    assert page.evaluate("document.activeElement.name") == "pin"

    page.focus("[data-unpin]")
    page.keyboard.press("Enter")
    expect(page.locator("#supposed-line")).to_have_count(0)
    expect(page.locator("#headline b")).to_have_text(before)


def test_a_village_can_be_chosen_for_a_pin(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    page.click("#suppose summary")
    page.select_option("select[name=pin]", index=3)

    expect(page.locator(".pins li")).to_have_count(1)
    page.wait_for_load_state("networkidle")


def test_a_closed_facility_is_missed_until_it_opens_again(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    before = page.locator("#headline b").inner_text()
    page.click("#suppose summary")
    row = page.locator(".facilities-list tr", has_text="Culture centre of Beifang Town")
    row.locator("[data-closing]").click()
    expect(page.locator("#supposed-line")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert re.search(r"longer from [1-9]", page.locator("#supposed-line").inner_text())
    assert "closed=" in page.url
    expect(page.locator(".leaflet-marker-pane .facility-mark.closed")).to_have_count(1)

    page.locator(".facilities-list tr.shut [data-closing]").click()
    expect(page.locator("#supposed-line")).to_have_count(0)
    expect(page.locator("#headline b")).to_have_text(before)


def test_the_map_offers_the_same_on_its_marks(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}{REACH}&pin=116.62%2040.29")
    page.locator(".facility-mark.pin").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Supposed facility 1")
    page.locator(".leaflet-popup button", has_text="Take it away").click()

    expect(page.locator(".facility-mark.pin")).to_have_count(0)
    assert "pin=" not in page.url


def test_a_changed_question_keeps_its_place_in_the_link_and_in_other_views(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    page.select_option("[name=by]", "car")
    page.fill("[name=minutes]", "10")
    page.locator(".several summary").first.click()
    page.check("[name=kind][value=library]")
    page.check("[name=kind][value=museum]")
    page.keyboard.press("Escape")
    expect(page.locator(".asked")).to_contain_text("within 10 minutes by car")
    page.wait_for_load_state("networkidle")

    assert page.url.endswith("?kind=library%2Cmuseum&by=car&minutes=10&view=reach")
    expect(page.locator("#kinds-said")).to_have_text("2 kinds")
    assert "kind=library%2Cmuseum" in (page.get_attribute("[data-view=next]", "href") or "")
    expect(page.locator("#by-kind + .scroll tbody tr")).to_have_count(2)


def test_the_table_is_sorted_where_it_stands(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    page.click("[data-sort=worst]")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Farthest")
    page.click("[data-sort='-worst']")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Farthest")

    assert "sort=-worst" in page.url


def test_townships_are_shaded_by_any_indicator(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    first = page.locator("#legend-classes").inner_text()
    assert "%" in first
    page.select_option("[name=measure]", "worst_min")
    page.wait_for_load_state("networkidle")

    expect(page.locator("#legend-classes")).not_to_have_text(first)
    assert "measure=worst_min" in page.url


@pytest.mark.parametrize(("width", "locale"), [(360, "zh-CN"), (1600, "en-US")])
def test_a_supposed_world_fits_every_window_and_axe_finds_no_fault(
    demo: str, watch: Watch, width: int, locale: str
) -> None:
    page = settle(watch(width, 800, locale), f"{demo}{REACH}&pin=116.62%2040.29")
    page.evaluate("document.querySelectorAll('#table details').forEach((one) => { one.open = true; })")

    require_accessible(page, width)


def test_on_paper_the_map_stands_with_its_tables(demo: str, watch: Watch) -> None:
    page = settle(watch(), demo + REACH)
    page.emulate_media(media="print")

    expect(page.locator(".folium-map")).to_be_visible()
    expect(page.locator("#by-township")).to_be_visible()
    expect(page.locator("#question")).to_be_hidden()
    assert len(page.screenshot(full_page=True)) > 20_000
    assert page.pdf().count(b"/Type /Page\n") + page.pdf().count(b"/Type /Page ") >= 1


@pytest.mark.parametrize("width", [800, 1280])
def test_the_table_of_the_inventory_is_scrolled_and_not_the_page(demo: str, watch: Watch, width: int) -> None:
    page = settle(watch(width, 700, reads=True), f"{demo}/coverage")

    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("view", ["inventory", "reach", "next", "lines"])
def test_on_paper_no_heading_stands_over_nothing(demo: str, watch: Watch, view: str) -> None:
    page = settle(watch(reads=True), f"{demo}/coverage?view={view}")
    page.emulate_media(media="print")

    bare = page.evaluate(
        "() => [...document.querySelectorAll('.account :is(h2, h3)')].filter((one) => one.checkVisibility()"
        " && !one.nextElementSibling?.checkVisibility()).map((one) => one.textContent)"
    )
    keys = page.locator("#legend-classes li").evaluate_all(
        "(some) => some.every((one) => one.checkVisibility({ contentVisibilityAuto: true }))"
    )
    page.emulate_media(media="screen")
    assert bare == []
    assert keys


@pytest.mark.parametrize("view", ["reach", "lines"])
def test_on_a_phone_the_unfolded_legend_lies_over_all_and_no_mark_is_parted_from_its_word(
    demo: str, watch: Watch, view: str
) -> None:
    page = settle(watch(360, 740, reads=True), f"{demo}/coverage?view={view}")
    page.click("#legend > summary")
    on_top = page.locator(".coverage-legend [name=measure]").evaluate(
        "(field) => { const { right, bottom } = field.getBoundingClientRect();"
        " return document.elementFromPoint(right - 8, bottom - 8) === field; }"
    )
    assert on_top

    for key in page.locator(".coverage-legend small > span, .lines-key > span").all():
        mark, word = key.evaluate(
            "(key) => { const range = new Range(); range.selectNodeContents(key.lastChild);"
            " return [key.firstElementChild, range].map((one) => one.getBoundingClientRect()); }"
        )
        assert mark["top"] < word["bottom"]
        assert mark["bottom"] > word["top"]
        assert mark["left"] < word["left"]
