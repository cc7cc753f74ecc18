"""Takes the pictures of the README from the running product: `python docs/screenshots.py ADDRESS`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
VIEWS = (
    ("first-page-en", 1440, 900, "en-US", "/"),
    ("first-page-zh", 1440, 900, "zh-CN", "/"),
    ("phone-zh", 390, 780, "zh-CN", "/"),
)


def main(address: str) -> None:
    """One picture a view."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, width, height, locale, path in VIEWS:
            page = browser.new_page(viewport={"width": width, "height": height}, locale=locale)
            page.goto(address + path)
            page.wait_for_selector("html[data-ready]")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1000)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
