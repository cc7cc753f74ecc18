"""The pages around the map in a real browser: both languages, narrow and wide, keyboard, print."""

import io
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Watched

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

ROOT = Path(__file__).parents[2]
PAGES = (
    "/", "/leader", "/problems", "/sites", "/facilities", "/villages", "/townships", "/visits",
    "/data", "/data/unplaced?layer=problems", "/data/doubtful", "/heat",
    "/heat?view=spots", "/heat?view=change", "/heat?view=categories", "/heat?view=streets", "/heat?view=times",
    "/coverage", "/coverage?view=reach", "/coverage?view=next", "/coverage?view=places", "/coverage?view=lines",
    "/coverage/standards", "/coverage/standards?edit=T01", "/coverage/evidence",
    "/coverage/townships/110116110", "/coverage/days",
    "/routes", "/routes/sampling", "/routes/month",
    "/problems/P0000012", "/sites/T110116004", "/townships/110116001", "/search?q=hr",
)  # fmt: skip


# Fonts may name the glyph of a character after the radical that looks like it; these have no normal form.
RADICALS = str.maketrans(
    "⻰⻚⻋⻔⻢⻛⻉⻆⻄⻥⻩⻘⻅⻓⻬⻮⻝⻁⻦⻨⻜⻙戶", "龙页车门马风贝角西鱼黄青见长齐齿食虎鸟麦飞韦户"
)


def plain(text: str) -> str:
    """A text without spaces and with characters instead of radicals."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(RADICALS)


def settle(watched: Watched, address: str) -> Page:
    """Open a page and wait until nothing is under way; not every page has a map."""
    page = watched.page
    page.goto(address)
    if page.locator(".folium-map").count():
        page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [360, 1600])
def test_every_page_fits_its_window_and_axe_finds_no_fault(
    demo: str, watch: Watch, path: str, locale: str, width: int
) -> None:
    page = settle(watch(width, 800, locale, reads=True), demo + path)

    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if locale == "zh-CN" else "en")
    require_accessible(page, width)


def require_accessible(page: Page, width: int) -> None:
    """The page is as wide as its window, and axe-core finds nothing against WCAG 2.2 AA."""
    axe = ROOT / "node_modules/axe-core/axe.min.js"
    if not axe.exists():
        pytest.skip("axe-core is not installed: run make assets")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate(axe.read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    assert len(found["passes"]) > 10


def test_the_map_of_a_list_follows_its_filters_and_the_list_its_map(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/problems")
    page.select_option("[name=category]", "05")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    matched = int(re.sub(r"\D", "", page.locator("#matched").text_content() or ""))
    assert 0 < matched < 1200
    assert "category=05" in page.url

    page.locator("#follow-map").check()
    page.evaluate("window.geoapp.map.setView([40.31, 116.63], 15, {animate: false})")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    fewer = int(re.sub(r"\D", "", page.locator("#matched").text_content() or ""))
    assert 0 < fewer < matched
    assert "bbox=" in page.url


def test_columns_and_order_stand_in_the_link(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/problems")
    page.locator(".columns summary").click()
    page.locator("[name=columns][value=severity]").check()
    page.wait_for_load_state("networkidle")
    page.locator("[data-sort=number]").click()
    expect(page.locator("th[aria-sort=ascending] [data-sort='-number']")).to_have_count(1)
    first = page.locator("tbody tr").first.inner_text()
    link = page.url

    assert "sort=number" in link
    assert "severity" in link
    again = settle(watch(), link)
    assert again.locator("tbody tr").first.inner_text() == first
    assert "Severity" in again.locator("thead").inner_text()


def test_a_list_can_be_worked_by_keyboard_alone(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/facilities")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('tbody th')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/facilities/.+"))
    expect(page.locator("h1")).not_to_be_empty()


def test_the_search_box_is_made_for_the_keyboard(demo: str, watch: Watch) -> None:
    page = settle(watch(locale="zh-CN"), f"{demo}/leader")
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type("qhjd")
    page.wait_for_selector("#search-results li")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#search-results li").first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#search-text")).to_have_attribute("aria-activedescendant", "search-0")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/townships/110116001"))


def test_escape_closes_the_results_first_and_then_empties_the_box(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/leader")
    page.locator("#search-text").fill("huairou")
    page.wait_for_selector("#search-results li")
    page.keyboard.press("Escape")
    expect(page.locator("#search-results")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#search-text")).to_have_value("")


CODES = sorted(feature["id"] for feature in json.loads((ROOT / "layers/townships.geojson").read_bytes())["features"])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_a_township_prints_on_one_sheet_with_its_names(demo: str, watch: Watch, code: str, locale: str) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: run make test")
    page = watch(1200, 900, locale, reads=True).page
    page.goto(f"{demo}/townships/{code}")
    page.wait_for_load_state("networkidle")
    name = page.locator("h1").inner_text().split("\n")[0].strip()
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))

    assert len(sheet.pages) == 1
    text = plain(sheet.pages[0].extract_text())
    assert plain(name) in text
    assert bool(sheet.pages[0].images) == (page.locator("img.printed").count() == 1), "the map is on it"
    villages = page.locator(".villages a").all_inner_texts()
    assert [one for one in villages if plain(one) not in text] == []


@pytest.mark.parametrize("code", [CODES[0], CODES[4], CODES[-1]])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_coverage_of_a_township_prints_on_one_sheet(demo: str, watch: Watch, code: str, locale: str) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed: run make test")
    page = watch(1200, 900, locale, reads=True).page
    page.goto(f"{demo}/coverage/townships/{code}")
    page.wait_for_load_state("networkidle")
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))

    assert len(sheet.pages) == 1
    assert bool(sheet.pages[0].images) == (page.locator("img.near").count() == 1), "the map is on it"
    text = plain(sheet.pages[0].extract_text())
    villages = page.locator(".villages a").all_inner_texts()
    assert [one for one in villages if plain(one) not in text] == []


def test_text_for_a_chat_group_is_copied(demo: str, watch: Watch) -> None:
    watched = watch()
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = settle(watched, f"{demo}/problems?category=05")
    page.locator("[data-copy]").click()
    expect(page.locator("#status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")

    assert copied.startswith("Huairou District, Beijing · Problems · Category: Parking")
    assert "\n1. Traffic Police" in copied


def test_the_heat_map_follows_its_filters_and_its_kernel(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/heat")
    tiles = page.locator(".leaflet-heat-pane img")
    expect(tiles.first).to_have_attribute("src", re.compile(r"/tiles/heat/\d+/\d+/\d+\.png\?.*bandwidth=300"))
    before = page.locator(".heat-legend ol").inner_text()
    page.select_option("[name=bandwidth]", "1000")
    expect(page.locator(".leaflet-heat-pane img[src*='bandwidth=1000']").first).to_be_visible()
    expect(page.locator(".leaflet-heat-pane img[src*='bandwidth=300']")).to_have_count(0)
    page.wait_for_function("text => document.querySelector('.heat-legend ol').innerText !== text", arg=before)
    page.select_option("[name=category]", "05")
    expect(page.locator(".leaflet-heat-pane img[src*='category=05']").first).to_be_visible()

    assert "bandwidth=1000" in page.url
    again = settle(watch(), page.url)
    expect(again.locator("[name=bandwidth]")).to_have_value("1000")


def test_hot_spots_are_drawn_explained_and_found_again_by_their_link(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/heat?view=spots&cells=townships")
    hot = page.evaluate(
        """() => {
          const found = [];
          window.geoapp.layers.get("cells").layer.eachLayer((cell) => {
            if (cell.feature.properties.class === "hot2") found.push(cell.feature.id);
          });
          return found;
        }"""
    )
    assert hot
    page.evaluate(
        """(id) => window.geoapp.layers.get("cells").layer.eachLayer((cell) => {
          if (cell.feature.id === id) cell.fire("click", { latlng: cell.getBounds().getCenter() });
        })""",
        hot[0],
    )
    expect(page.locator("#details-body .subtitle")).to_have_text(re.compile("Hot spot|热点"))
    expect(page.locator("#details-body dl")).to_contain_text("Gi*")

    page.select_option("[name=per]", "visit")
    page.wait_for_function("() => new URLSearchParams(location.search).get('per') === 'visit'")
    expect(page.locator("#table")).to_contain_text(re.compile("visit|检查"))
    again = settle(watch(), page.url)
    expect(again.locator("[name=per]")).to_have_value("visit")
    expect(again.locator("[name=cells]")).to_have_value("townships")


def test_the_weeks_of_the_heat_map_play_on_one_scale(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/heat")
    everything = page.locator("#week").inner_text()
    page.click("[data-play]")
    expect(page.locator(".leaflet-heat-pane img[src*='top=']").first).to_be_visible()
    first = page.locator("#week").inner_text()
    assert first != everything
    page.wait_for_function("text => document.getElementById('week').innerText !== text", arg=first)
    page.click("[data-play]")
    stopped = page.locator("#week").inner_text()
    page.wait_for_timeout(1_500)

    assert page.locator("#week").inner_text() == stopped
    tops = page.evaluate(
        """() => [...document.querySelectorAll('.leaflet-heat-pane img')]
          .map((one) => new URL(one.src).searchParams.get('top'))"""
    )
    assert set(tops) - {None} == {page.get_attribute("#weeks", "data-top")}


def test_another_view_keeps_the_filters(demo: str, watch: Watch) -> None:
    page = settle(watch(), f"{demo}/heat")
    page.select_option("[name=category]", "02")
    page.wait_for_function("() => location.search.includes('category=02')")
    page.click("[data-view=categories]")
    page.wait_for_load_state("networkidle")

    expect(page.locator("[name=category]")).to_have_value("02")
    assert page.locator(".smalls img").count() >= 9
    broken = page.evaluate("() => [...document.images].filter((one) => one.complete && !one.naturalWidth).length")
    assert broken == 0
