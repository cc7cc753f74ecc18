"""Every page over many problems, against a plain Flask page in the same run.

Run: python -m tests.benchmarks.pages [--problems 100000]. Prints one JSON object a line: the page, its median in
milliseconds (the first request, which fills the caches, apart), how many times a plain page (one line of Jinja), and
its size. All run over one server on loopback, in turns.
"""

import argparse
import json
import logging
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from flask import Flask, render_template_string
from werkzeug.serving import make_server

from geoapp import services
from geoapp.config import Config
from geoapp.web import create_app
from tests.benchmarks.serving import in_background

PAGES = (
    "/", "/leader", "/problems", "/problems?sort=description", "/problems?category=02&status=reported,assigned",
    "/problems?q=垃圾", "/sites", "/facilities", "/villages", "/visits", "/townships", "/townships/110116001",
    "/problems/P0000012", "/search?q=hr",
)  # fmt: skip
ROUNDS = 15


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=100_000)
    problems = parser.parse_args().problems
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "district")
        services.init_demo(config)
        services.simulate_demo(config, problems=problems, seed=1)
        district = services.open_district(config)
        services.warm(lambda _: None)
        try:
            measure(district, problems)
        finally:
            district.close()


def measure(district: services.District, problems: int) -> None:
    """Time all pages in turns, so that a busy machine slows all of them."""
    with (
        in_background(make_server("127.0.0.1", 0, create_app(district), threaded=True)) as ours,
        in_background(make_server("127.0.0.1", 0, plain_page(), threaded=True)) as plain,
    ):
        addresses = {"plain Flask page": f"{plain}/", **{path: ours + quoted(path) for path in PAGES}}
        first = {name: taken(address) for name, address in addresses.items()}
        times = {name: [] for name in addresses}
        for _ in range(ROUNDS):
            for name, address in addresses.items():
                times[name].append(taken(address)[0])
    median = {name: statistics.median(seconds for seconds in values) for name, values in times.items()}
    for name in addresses:
        row = {"page": name, "problems": problems, "median_ms": round(1000 * median[name], 1)}
        row |= {
            "first_ms": round(1000 * first[name][0]),
            "times_plain": round(median[name] / median["plain Flask page"], 1),
        }
        print(json.dumps(row | {"kilobytes": round(first[name][1] / 1000, 1)}, ensure_ascii=False))


def plain_page() -> Flask:
    """The least a Flask page can do."""
    app = Flask(__name__)
    app.add_url_rule("/", "show", lambda: render_template_string("<h1>{{ word }}</h1>", word="plain"))
    return app


def taken(address: str) -> tuple[float, int]:
    """Seconds and bytes of one answer."""
    request = urllib.request.Request(address, headers={"Accept-Language": "zh"})
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        size = len(answer.read())
    return time.perf_counter() - began, size


def quoted(path: str) -> str:
    """The path with its Chinese words as a link carries them."""
    return urllib.request.quote(path, safe="/?&=,")


if __name__ == "__main__":
    main()
