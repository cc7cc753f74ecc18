"""`/api/v1/problems?limit=100` out of many problems, against a plain endpoint that calls `GeoDataFrame.to_json()`.

Run: python -m tests.benchmarks.api [--problems 100000]. Prints one JSON object a line: method, how many times as fast
as the plain endpoint, and whether both gave the same features. Both run in this process, without a network between.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
from flask import Flask, Response

from geoapp import services
from geoapp.config import Config
from geoapp.domain.selection import Scope, Selection
from geoapp.web import create_app

LIMIT = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=100_000)
    problems = parser.parse_args().problems
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "district")
        services.init_demo(config)
        services.simulate_demo(config, problems=problems, seed=1)
        district = services.open_district(config)
        try:
            measure(district, problems)
        finally:
            district.close()


def measure(district: services.District, problems: int) -> None:
    """Time both endpoints in turn, so that a busy machine slows both."""
    ours, plain = create_app(district).test_client(), plain_endpoint(district).test_client()
    asks: dict[str, Callable[[], bytes]] = {
        "geoapp": lambda: ours.get(f"/api/v1/problems?limit={LIMIT}").data,
        "to_json": lambda: plain.get("/problems").data,
    }
    features = {name: json.loads(ask())["features"] for name, ask in asks.items()}
    same = [value["id"] for value in features["geoapp"]] == [value["id"] for value in features["to_json"]]
    times: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(30):
        for name, ask in asks.items():
            began = time.perf_counter()
            ask()
            times[name].append(time.perf_counter() - began)
    median = {name: statistics.median(taken) for name, taken in times.items()}
    for name in asks:
        ratio = round(median["to_json"] / median[name], 1)
        print(json.dumps({"method": name, "problems": problems, "ratio": ratio, "same_features": same}))


def plain_endpoint(district: services.District) -> Flask:
    """What a first version would be: the layer as a GeoDataFrame, cut to the page, written by geopandas."""
    everything = services.collection(district, "problems", Selection(), Scope.FULL, limit=10**9)
    frame = gpd.GeoDataFrame.from_features(json.loads(everything.features), crs=4326)
    frame.index = [value["id"] for value in json.loads(everything.features)]
    app = Flask("plain")

    @app.get("/problems")
    def problems() -> Response:
        return Response(frame.iloc[:LIMIT].to_json(), mimetype="application/geo+json")

    return app


if __name__ == "__main__":
    main()
