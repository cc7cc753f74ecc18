"""Takes the pictures of the README and the guides from the running product: `python docs/screenshots.py ADDRESS`."""

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
    ("township", (1280, 1000), "/townships/110116001"),
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
            page = browser.new_page(viewport={"width": 1280, "height": 480}, locale=locale)
            page.goto(f"{address}/leader")
            page.locator("#search-text").fill("hr")
            page.wait_for_selector("#search-results li")
            page.screenshot(path=IMAGES / f"search-{language}.png")
            page.close()
        browser.close()


def settle(page: Page) -> None:
    """Wait until maps and clusters stand."""
    if page.locator(".folium-map").count():
        page.wait_for_selector("html[data-ready]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


if __name__ == "__main__":
    main(*sys.argv[1:2])
