"""Takes the pictures of the README and the guides from the running product: `python docs/screenshots.py ADDRESS`."""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
WIDE, PHONE = (1280, 800), (390, 780)
# Each view: its name, its size and its address; taken in both languages.
VIEWS = (
    ("first-page", (1440, 900), "/"),
    ("leader", WIDE, "/leader"),
    ("places", (1280, 720), "/leader#ranking"),
    ("problems", WIDE, "/problems?status=assigned,in_progress&sort=deadline"),
    ("problem", WIDE, "/problems/P0000012"),
    ("facilities", WIDE, "/facilities"),
    ("unplaced", WIDE, "/data/unplaced?layer=problems"),
    ("township", (1280, 1000), "/townships/110116001"),
    ("routes", (1280, 1000), "/routes"),
    ("coverage", (1440, 900), "/coverage"),
    ("coverage-next", (1440, 900), "/coverage?view=next&kind=library&by=car&minutes=20"),
    ("clerk", WIDE, "/problems?township=110116002&due=overdue&sort=deadline"),
    ("phone", PHONE, "/"),
    ("phone-site", PHONE, "/sites/T110116004"),
)
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}


def main(address: str) -> None:
    """Every view in every language, and the search box at work."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language, locale in LANGUAGES.items():
            for name, (width, height), path in VIEWS:
                page = browser.new_page(viewport={"width": width, "height": height}, locale=locale)
                page.goto(address + path)
                settle(page)
                page.screenshot(path=IMAGES / f"{name}-{language}.png")
                page.close()
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale=locale)
            show_upload(page, address)
            page.screenshot(path=IMAGES / f"upload-{language}.png")
            page.close()
            page = browser.new_page(viewport={"width": 1440, "height": 900}, locale=locale)
            show_plan(page, address)
            page.screenshot(path=IMAGES / f"plan-{language}.png")
            page.close()
            page = browser.new_page(viewport={"width": 1280, "height": 480}, locale=locale)
            page.goto(f"{address}/leader")
            page.locator("#search-text").fill("hr")
            page.wait_for_selector("#search-results li")
            page.screenshot(path=IMAGES / f"search-{language}.png")
            page.close()
        browser.close()


LEDGER = """问题编号,镇街,点位,存在问题,类别,整改时限,发现时间,坐标
A-1,龙山街道,世妃公园,垃圾桶满溢,暴露垃圾、垃圾满溢,2026年11月30日,2026年11月20日 上午9:30,"116.637,40.318"
A-2,泉河街道,某处,盲道被占,占用盲道、人行道,2026年11月30日,2026年11月20日,
A-3,火星街道,某处,车辆乱停,非机动车乱停放,2026年11月30日,2026年11月20日,
A-4,怀柔地区,某处,井盖破损,井盖缺失、破损,2026年11月30日,前天,
"""


def show_upload(page: Page, address: str) -> None:
    """A ledger as it is looked at before it is brought in."""
    page.goto(f"{address}/data")
    page.set_input_files("input[type=file]", {"name": "ledger.csv", "mimeType": "text/csv", "buffer": LEDGER.encode()})
    page.locator("form.bring button").click()
    page.wait_for_load_state("networkidle")


def show_plan(page: Page, address: str) -> None:
    """A day of three teams in the south of the district."""
    page.goto(f"{address}/routes?township=110116001,110116002,110116100,110116101&most=120")
    page.wait_for_selector("html[data-ready]")
    page.click("#add-team")
    page.click("#order .main")
    page.wait_for_url(re.compile(r"/routes/[0-9a-f]{12}$"), timeout=180_000)
    settle(page)


def settle(page: Page) -> None:
    """Wait until maps and clusters stand."""
    if page.locator(".folium-map").count():
        page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


if __name__ == "__main__":
    main(*sys.argv[1:2])
