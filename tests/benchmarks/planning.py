"""455 places and six teams, planned once alone and twice at once, while pages are asked for all the time.

Run: python -m tests.benchmarks.planning [--seconds 30] [--places 455]. Prints one JSON object a line. `plans`: how many
at once. `value_2s_of_final`: the best value two seconds after the order, as a share of the plan's. `first_s`: when the
first plan was there. `beyond_s`: how long after the search's own time the checked and explained plan stood.
`page_times_idle`, `page_p95_times_idle`: median and 95th percentile of pages' times meanwhile, in medians of the same
pages without plans.
"""

import argparse
import json
import logging
import statistics
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

from werkzeug.serving import make_server

from geoapp import services
from geoapp.config import Config
from geoapp.services.routes import kept_plan
from geoapp.web import create_app
from tests.benchmarks.serving import in_background

PAGES = ("/problems", "/leader", "/sites", "/", "/routes/stops")
TEAM = {"team-start": "泉河街道机关", "team-end": "start", "team-from": "08:30", "team-to": "17:00",
        "team-lunch_from": "12:00", "team-lunch_to": "12:45", "team-townships": "", "team-skills": ""}  # fmt: skip
LOOK_S = 0.1
IDLE_ROUNDS = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--places", type=int, default=455)
    wanted = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "district")
        services.init_demo(config)
        district = services.open_district(config)
        try:
            with in_background(make_server("127.0.0.1", 0, create_app(district), threaded=True)) as address:
                measure(district, address, wanted.seconds, wanted.places)
        finally:
            district.close()


def measure(district: services.District, address: str, seconds: int, places: int) -> None:
    """One plan to warm everything, then one alone and two at once."""
    follow(address, order(address, 2, places), time.monotonic())
    idle = statistics.median(page_times(address, threading.Event(), IDLE_ROUNDS))
    for plans in (1, 2):
        over, times = threading.Event(), list[float]()
        reader = threading.Thread(target=lambda found, end: found.extend(page_times(address, end)), args=(times, over))
        reader.start()
        followed = planned(address, plans, seconds, places)
        over.set()
        reader.join()
        for one in followed:
            print(json.dumps(told(district, one, plans, seconds, times, idle)), flush=True)


def planned(address: str, plans: int, seconds: int, places: int) -> list[dict[str, object]]:
    """So many plans ordered at once, each followed to its end."""
    began, followed = time.monotonic(), list[dict[str, object]]()
    orders = [order(address, seconds, places) for _ in range(plans)]
    watchers = [threading.Thread(target=lambda one: followed.append(follow(address, one, began)), args=(one,))
                for one in orders]  # fmt: skip
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    return followed


def told(
    district: services.District, one: dict[str, object], plans: int, seconds: int, times: list[float], idle: float
) -> dict[str, object]:
    """What came of an order."""
    plan = kept_plan(services.at_this_moment(district), str(one["plan"])).plan
    ordered = sorted(times)
    return {
        "plans": plans, "places": len(plan.request.stops), "teams": len(plan.request.teams), "search_s": seconds,
        "visited": sum(len(route.stops) for route in plan.routes), "check": plan.check.ok, "first_s": one["first_s"],
        "value_2s_of_final": round(float(str(one["value_2s"])) / plan.value, 4),
        "beyond_s": round(float(str(one["done_s"])) - seconds, 1), "pages_asked": len(times),
        "page_times_idle": round(statistics.median(times) / idle, 1),
        "page_p95_times_idle": round(ordered[int(0.95 * (len(ordered) - 1))] / idle, 1),
    }  # fmt: skip


def order(address: str, seconds: int, places: int) -> str:
    """Order a plan by the form; the address of the order."""
    fields = [("mode", "choose"), ("date", "2026-11-24"), ("days", "1"), ("seconds", str(seconds)),
              ("query", f"most={places}")]  # fmt: skip
    fields += [(name, value) for number in range(6) for name, value in {**TEAM, "team-team": f"T{number}"}.items()]
    request = urllib.request.Request(f"{address}/routes", data=urllib.parse.urlencode(fields).encode())
    with urllib.request.urlopen(request) as answer:
        return str(answer.url)


def follow(address: str, order_page: str, began: float) -> dict[str, object]:
    """Look at an order until its plan stands: when it had a first value, what it had after 2 s, when it was done."""
    first_s, value_2s = None, 0.0
    while "/orders/" in order_page:
        with urllib.request.urlopen(f"{order_page}.json") as answer:
            now = json.load(answer)
        passed = time.monotonic() - began
        if now["features"] and first_s is None:
            first_s = round(passed, 1)
        if now["value"] and (passed <= 2.0 or not value_2s):
            value_2s = now["value"]
        if now["state"] == "refused":
            raise RuntimeError(now["text"])
        if now["plan"]:
            return {"plan": now["plan"].rsplit("/", 1)[1], "first_s": first_s, "value_2s": value_2s, "done_s": passed}
        time.sleep(LOOK_S)
    return {"plan": order_page.rsplit("/", 1)[1], "first_s": None, "value_2s": 0.0, "done_s": time.monotonic() - began}


def page_times(address: str, over: threading.Event, rounds: int = 10_000) -> list[float]:
    """Seconds of pages that are asked for one after another, until it is over."""
    times = []
    for _ in range(rounds):
        for path in PAGES:
            if over.is_set():
                return times
            began = time.perf_counter()
            with urllib.request.urlopen(address + path) as answer:
                answer.read()
            times.append(time.perf_counter() - began)
            time.sleep(0.05)
    return times


if __name__ == "__main__":
    main()
