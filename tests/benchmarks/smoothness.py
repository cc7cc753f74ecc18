"""Panning and zooming the first page over many problems, in a real browser.

Run: python -m tests.benchmarks.smoothness [--problems N]. Prints one JSON object: the page's size, whether it can be
used within two seconds, the share of frames that came within 50 ms, the longest one, and whether the bubbles add up to
the table's count.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from geoapp import services
from geoapp.config import Config
from geoapp.web import create_app
from tests.benchmarks.serving import in_background

WATCH_FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const note = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(note); };
  requestAnimationFrame(note);
}"""


def main() -> None:
    """Build, serve, drive and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=1_000_000)
    problems = parser.parse_args().problems
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "demo")
        services.init_demo(config)
        services.simulate_demo(config, problems=problems, seed=1)
        district = services.open_district(config)
        server = make_server("127.0.0.1", 0, create_app(district), threaded=True)
        with in_background(server) as address:
            print(json.dumps({"method": "first page", "problems": problems, **driven(address)}))
        district.close()


def driven(address: str) -> dict[str, object]:
    """Open, pan and zoom; what was seen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 1600, "height": 1000}, locale="en-US")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        began = time.perf_counter()
        answer = page.goto(address)
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector(".bubble")
        usable = time.perf_counter() - began
        assert answer is not None
        size = len(answer.body())
        page.wait_for_load_state("networkidle")
        shown = page.evaluate("window.geoapp.layers.get('problems').layer._count")
        matched = int("".join(filter(str.isdigit, page.locator("[data-count=problems]").text_content() or "")))
        nowhere = int("".join(filter(str.isdigit, page.locator("[data-nowhere=problems]").text_content() or "")))
        page.evaluate(WATCH_FRAMES)
        pan_and_zoom(page)
        frames = page.evaluate("window.frames_ms")
        browser.close()
    return {
        "html_bytes": size,
        "usable_within_2_s": usable < 2,
        "counts_add_up": shown == matched - nowhere,
        "frames": len(frames),
        "share_within_50_ms": round(sum(frame <= 50 for frame in frames) / len(frames), 4),
        "longest_ms": round(max(frames)),
    }


def pan_and_zoom(page: Page) -> None:
    """Drag across the town and turn the wheel in and out, as somebody looking around would."""
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.52, box["y"] + box["height"] * 0.8
    for turn in (-1, -1, -1, -1, 1, -1, 1, 1):
        page.mouse.move(x, y)
        page.mouse.wheel(0, turn * 400)
        page.wait_for_timeout(500)
        page.mouse.down()
        for step in range(12):
            page.mouse.move(x - 20 * step, y - 12 * step)
            page.wait_for_timeout(16)
        page.mouse.up()
        page.wait_for_timeout(400)


if __name__ == "__main__":
    main()
