"""Routes in a real browser: stops chosen and drawn, teams, a plan on real roads, changed, planned again and printed."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import fiona
import pypdf
import pytest
from playwright.sync_api import Page, expect

from geoapp import services
from geoapp.config import Config

from .conftest import Watched, demo_district, serving
from .test_pages import require_accessible

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

PATIENCE_MS = 600_000


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo district of one's own: plans are made in it."""
    with demo_district(tmp_path_factory.mktemp("routes") / "demo") as address:
        yield address


@pytest.fixture(scope="module")
def country(liechtenstein: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Liechtenstein on a server: a copy, since plans are made in it."""
    folder = tmp_path_factory.mktemp("routes") / "country"
    shutil.copytree(liechtenstein, folder)
    district = services.open_district(Config(instance=folder))
    with serving(district) as address:
        yield address
    district.close()


def planned(page: Page, seconds: str = "5") -> str:
    """Send the form, wait for the plan, and give its address."""
    page.select_option("#order [name=seconds]", seconds)
    page.click("#order .main")
    page.wait_for_url(re.compile(r"/routes/[0-9a-f]{12}$"), timeout=PATIENCE_MS)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    return page.url


def test_a_country_is_planned_moved_printed_and_read_by_another_program(country: str, watch: Watch) -> None:
    page = watch().open(f"{country}/routes?most=60&hours=no")
    assert page.locator(".count b").inner_text() == "60"
    page.click("#add-team")
    assert page.locator("#teams tr").count() == 3
    address = planned(page)

    assert page.locator(".verdict.good").count() == 1
    visited = page.locator("ol.stops > li").count()
    assert visited + page.locator("ul.left > li").count() == 60
    assert page.locator(".stop-icon").count() >= 60
    move_to_another_team(page)
    replanned = plan_again(page, address)
    assert page.locator(".verdict.good").count() == 1

    sheet = page.goto(f"{replanned}/sheet")
    assert sheet is not None
    assert sheet.ok
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert len(paper.pages) >= 3
    body = page.request.get(f"{replanned}.gpx").body()
    with fiona.open(io.BytesIO(body), driver="GPX", layer="waypoints") as points:
        assert len(list(points)) >= visited - 1


def move_to_another_team(page: Page) -> None:
    stop = page.locator("ol.stops > li").first
    name = stop.get_attribute("data-stop")
    stop.locator("summary").click()
    stop.locator("select[name=to]").select_option(index=1)
    stop.get_by_role("button", name="Move").click()
    expect(page.locator("#status")).to_have_text(re.compile(r"travel [+-]\d+ min"))
    second = page.locator(".team-day").nth(1)
    expect(second.locator(f'li[data-stop="{name}"]')).to_have_count(1)


def plan_again(page: Page, address: str) -> str:
    page.locator("summary", has_text="Plan again").click()
    page.get_by_role("button", name="Plan the rest again").click()
    page.wait_for_url(re.compile(rf"/routes/(?!{address.rsplit('/', 1)[1]})[0-9a-f]{{12}}$"), timeout=PATIENCE_MS)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="compare with it").click()
    expect(page.locator("h1")).to_have_text("Two plans compared")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    return page.url


def test_an_area_and_stops_are_drawn_and_the_link_holds_them(own: str, watch: Watch) -> None:
    page = watch().open(f"{own}/routes?what=sites&most=1000")
    everything = int(page.locator("#stops-query").evaluate("one => document.querySelector('.count b').textContent"))
    box = page.locator(".folium-map").bounding_box()
    assert box is not None

    def click(x: float, y: float) -> None:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    page.get_by_role("button", name="Draw an area").click()
    for x, y in ((0.2, 0.75), (0.8, 0.75), (0.8, 0.97), (0.2, 0.97)):
        click(x, y)
    page.get_by_role("button", name="Done").click()
    page.wait_for_load_state("networkidle")
    expect(page).to_have_url(re.compile("area="))
    expect(page.locator(".count b")).not_to_have_text(str(everything))
    page.get_by_role("button", name="Add a stop").click()
    click(0.5, 0.85)
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#table .badge.must")).to_have_count(1)
    expect(page).to_have_url(re.compile("points="))
    page.get_by_role("button", name="Remove what was drawn").click()
    expect(page.locator("#table .badge.must")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("points="))


def test_stops_are_filtered_at_once_and_a_start_is_pointed_at_on_the_map(own: str, watch: Watch) -> None:
    page = watch().open(f"{own}/routes")
    page.select_option("#filters [name=category]", "02")
    expect(page).to_have_url(re.compile("category=02"))
    page.locator("#teams tr").first.locator("[data-pick]").click()
    page.locator(".folium-map").click(position={"x": 200, "y": 200})
    start = page.locator("#teams tr").first.locator("[name=team-start]")
    expect(start).to_have_value(re.compile(r"^\d+\.\d{6},\d+\.\d{6}$"))


def test_map_timeline_and_list_point_at_each_other_on_a_phone_too(own: str, watch: Watch) -> None:
    page = watch().open(f"{own}/routes?most=25&hours=no")
    address = planned(page, "5")
    stop = page.locator("ol.stops > li").nth(1).get_attribute("data-stop")
    page.locator(f'svg.timeline [data-stop="{stop}"]').click()
    expect(page.locator(f'ol.stops li[data-stop="{stop}"]')).to_have_class(re.compile("chosen"))
    expect(page.locator(".stop-icon.chosen")).to_have_count(1)

    require_accessible(page, 1600)
    phone = watch(360, 740, "zh-CN").open(address)
    require_accessible(phone, 360)
    expect(phone.locator(".verdict.warn")).to_contain_text("道路为示意")
    head = re.sub("Excel|GPX|GeoJSON|JSON", "", phone.locator(".plan-head nav").inner_text())
    assert not re.search("[A-Za-z]{3}", head)


def test_what_is_planned_can_be_stopped_and_two_plans_at_once_block_no_page(own: str, watch: Watch) -> None:
    pages = [watch().open(f"{own}/routes") for _ in range(2)]
    for page in pages:
        page.select_option("#order [name=seconds]", "60")
        page.click("#order .main")
        page.wait_for_url(re.compile("/routes/orders/"))
    expect(pages[1].locator("#so-far")).to_have_text(re.compile("Best so far: .* stops"), timeout=PATIENCE_MS)
    expect(pages[0].locator("#so-far")).to_have_text(re.compile("Best so far: .* stops"), timeout=PATIENCE_MS)
    third = watch().open(f"{own}/problems")
    assert third.locator("#matched").count() == 1
    for page in pages:
        page.get_by_role("button", name="Stop here and keep the best").click()
    for page in pages:
        page.wait_for_url(re.compile(r"/routes/[0-9a-f]{12}$"), timeout=PATIENCE_MS)


def test_a_score_sheet_fits_a_phone_and_no_field_lies_under_its_button(own: str, watch: Watch) -> None:
    page = watch().open(f"{own}/routes?what=sites&most=3&hours=no")
    page.select_option("#order [name=mode]", "all")
    address = planned(page, "5")
    for width, language in ((360, "zh-CN"), (1600, "en-US")):
        sheet = watch(width, 740, language).page
        sheet.goto(f"{address}/score-sheet")
        assert sheet.evaluate("document.documentElement.scrollWidth") <= width
        field = sheet.locator("[name=leader]").bounding_box()
        button = sheet.locator("form.filters button").bounding_box()
        assert field is not None
        assert button is not None
        beside, below = button["x"] >= field["x"] + field["width"], button["y"] >= field["y"] + field["height"]
        assert beside or below
