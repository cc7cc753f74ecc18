"""Sheet and booklet of a plan in a real browser: on paper, on a phone, and their codes before a camera."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from geoapp import services
from geoapp.config import Config
from geoapp.domain.kept_plans import ValueRule
from geoapp.domain.routes import RequestedTeam, RouteRequest
from geoapp.domain.selection import Scope, Selection
from geoapp.services.routes import Effort, StopChoice, outings, stops_of
from geoapp.services.routes.keeping_plans import keep_plan
from geoapp.services.routes.orders import plan_routes

from .conftest import Watched, serving
from .test_pages import plain, require_accessible

pytestmark = pytest.mark.browser
Watch = Callable[..., Watched]

OFFICE = (116.6315, 40.3200)
DAY = date(2026, 11, 24)
A4_MM, A5_MM = (210, 297), (148, 210)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[list[str]]]]:
    """The address of a plan of the demo's heaviest stops for two teams, and the names of the stops a team."""
    config = Config(instance=tmp_path_factory.mktemp("papers") / "demo")
    services.init_demo(config)
    opened = services.open_district(config)
    district = services.at_this_moment(opened)
    stops = stops_of(district, Selection(), Scope.FULL, StopChoice(most=20), ValueRule()).stops
    teams = tuple(
        RequestedTeam(id=name, start=OFFICE, end=OFFICE, shift=("08:30", "12:30")) for name in ("一组", "二组")
    )
    plan = plan_routes(district, RouteRequest(stops=stops, teams=teams, dates=(DAY,)), Effort(iterations=200))
    kept = keep_plan(district, plan, "周二检查", by="t")
    days = outings(services.at_this_moment(opened), kept, Scope.FULL, "en")
    with serving(opened) as address:
        yield f"{address}/routes/{kept.id}", [[stop.name for stop in day.stops] for day in days]
    opened.close()


def opened(watched: Watched, address: str) -> Watched:
    watched.page.goto(address)
    watched.page.wait_for_load_state("networkidle")
    return watched


def printed(watched: Watched, address: str) -> PdfReader:
    pdf = opened(watched, address).page.pdf(prefer_css_page_size=True)
    return PdfReader(io.BytesIO(pdf))


def sizes_mm(paper: PdfReader) -> set[tuple[int, int]]:
    return {(round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4))
            for page in paper.pages}  # fmt: skip


def test_a_booklet_has_a_cover_a_map_a_team_and_no_stop_on_two_pages(
    planned: tuple[str, list[list[str]]], watch: Watch
) -> None:
    address, teams = planned
    paper = printed(watch(1000, 900, "en-US"), f"{address}/booklet")
    pages = [plain(page.extract_text()).lower() for page in paper.pages]

    assert sizes_mm(paper) == {A5_MM}
    assert plain("周二检查") in pages[0]
    assert sum(len(page.images) > 0 for page in paper.pages) == 1 + len(teams)
    # A stop begins with its code and what to look at, and ends with boxes to tick and lines to write on.
    begun, ended = ([page.count(words) for page in pages] for words in ("whattolookat", "nothingfound"))
    assert begun == ended
    assert sum(begun) == sum(map(len, teams))
    for name in (name for team in teams for name in team):
        assert any(plain(name).lower() in page for page in pages), name


def test_a_sheet_is_of_a4_with_a_table_head_on_every_page(planned: tuple[str, list[list[str]]], watch: Watch) -> None:
    address, teams = planned
    paper = printed(watch(1000, 900, "en-US"), f"{address}/sheet")
    pages = [plain(page.extract_text()) for page in paper.pages]

    assert sizes_mm(paper) == {A4_MM}
    assert all(plain("Place to visit") in page for page in pages if re.search(r"\d\d:\d\d–\d\d:\d\d", page))
    assert sum(len(page.images) > 0 for page in paper.pages) == len(teams)


@pytest.mark.parametrize("paper", ["sheet", "booklet"])
def test_a_camera_reads_the_codes_of_all_stops_from_the_page(
    planned: tuple[str, list[list[str]]], watch: Watch, paper: str
) -> None:
    address, teams = planned
    page = opened(watch(1000, 900, "zh-CN"), f"{address}/{paper}").page

    # As fine as a printer draws it: three times 96 dots an inch.
    page.evaluate("document.documentElement.style.zoom = 3")

    codes = page.locator("svg.qr")
    assert codes.count() == sum(map(len, teams))
    read = []
    for code in codes.all():
        picture = Image.open(io.BytesIO(code.screenshot())).convert("L")
        found = zxingcpp.read_barcodes(np.pad(np.asarray(picture), 12, constant_values=255))
        read += [one.text for one in found]
    assert len(read) == codes.count()
    assert all(url.startswith("https://uri.amap.com/marker?position=116.") for url in read)


@pytest.mark.parametrize("paper", ["sheet", "booklet"])
@pytest.mark.parametrize(("width", "locale"), [(360, "zh-CN"), (1200, "en-US")])
def test_a_paper_can_be_looked_at_on_a_phone_and_by_everybody(
    planned: tuple[str, list[list[str]]], watch: Watch, paper: str, locale: str, width: int
) -> None:
    page = opened(watch(width, 800, locale), f"{planned[0]}/{paper}").page

    require_accessible(page, width)
