"""Files in and places given, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from .conftest import demo_district
from .test_pages import Watch, require_accessible, settle

pytestmark = pytest.mark.browser

LEDGER = [
    ["怀柔区问题台账（第7批）"],
    ["序号", "镇街", "点位", "存在问题", "发现时间", "坐标"],
    [1, "龙山街道", "某处", "垃圾满溢（导入一）", "2026年11月20日", "116.63,40.32"],
    [2, "龙山街道", "某处", "垃圾满溢（导入二）", "前天", ""],
    [3, "龙山街道", "某处", "垃圾满溢（导入三）", "2026-11-20 9:30", ""],
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo district that these tests may change."""
    with demo_district(tmp_path_factory.mktemp("browser") / "data") as address:
        yield address


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """What an office keeps."""
    book = openpyxl.Workbook()
    for row in LEDGER:
        book.active.append(row)
    book.save(tmp_path / "台账.xlsx")
    return tmp_path / "台账.xlsx"


def bring(page: Page, file: Path) -> None:
    page.set_input_files("input[type=file]", str(file))
    page.locator("form.bring button").click()
    page.wait_for_url(re.compile(r"/data/uploads/[0-9a-f]+"))
    page.wait_for_load_state("networkidle")


def test_a_ledger_is_looked_at_and_brought_in(demo: str, watch: Watch, ledger: Path) -> None:
    page = settle(watch(locale="zh-CN"), f"{demo}/data")
    bring(page, ledger)
    expect(page.locator("main")).to_contain_text("“前天”不是日期或时间")
    page.get_by_role("button", name="导入 2 行，问题行不导入").click()
    page.wait_for_load_state("networkidle")

    expect(page.locator(".done")).to_contain_text("新增 2")
    page.get_by_role("link", name="为 1 个落点").click()
    expect(page.locator("#worklist")).to_contain_text("垃圾满溢（导入三）")


def test_a_click_on_the_map_gives_a_place_and_another_takes_it_back(demo: str, watch: Watch) -> None:
    page = watch().open(f"{demo}/data/unplaced?layer=problems")
    first = page.locator("#worklist li").first
    name, before = first.get_attribute("data-name"), page.locator("#left").get_attribute("data-count")
    page.locator(".leaflet-container").click(position={"x": 200, "y": 300})
    expect(page.locator("#status")).to_contain_text(f"{name} has its place.")
    expect(page.locator("#left")).to_have_attribute("data-count", str(int(before or 0) - 1))
    expect(page.locator("#worklist li[aria-current]")).to_have_count(1)
    page.get_by_role("button", name="Take it back").click()

    expect(page.locator("#left")).to_have_attribute("data-count", str(before))
    expect(page.locator("#worklist li").first).to_have_attribute("data-name", str(name))


def test_a_suggestion_is_one_click_and_the_keyboard_reaches_it(demo: str, watch: Watch) -> None:
    page = watch().open(f"{demo}/data/unplaced?layer=villages")
    offer = page.locator("#worklist form[data-offer] button").first
    name = offer.locator("xpath=ancestor::li").get_attribute("data-name")
    offer.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#status")).to_contain_text(f"{name} has its place.")


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [360, 1600])
def test_what_a_file_would_bring_fits_its_window_and_axe_finds_no_fault(
    demo: str, watch: Watch, ledger: Path, width: int, locale: str
) -> None:
    page = settle(watch(width, locale=locale), f"{demo}/data")
    bring(page, ledger)

    require_accessible(page, width)
