"""Whether all that shows a selection shows the same: map, table, downloads, API, statistics and indicators.

Run: python -m tests.benchmarks.agreement [--problems 50000] [--selections 200] [--seed 1]. Prints one JSON line with
how many random selections were tried, how many of them chose something, and every disagreement.
"""

import argparse
import csv
import io
import json
import random
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import openpyxl
from flask.testing import FlaskClient

from geoapp import services
from geoapp.config import Config
from geoapp.domain.problem import Status
from geoapp.domain.selection import INDICATORS
from geoapp.tiles.morton import world
from geoapp.web import create_app

ZOOMS = (0, 2, 5, 8, 10, 12, 14)


def main() -> None:
    """Try and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=50_000)
    parser.add_argument("--selections", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "district")
        services.init_demo(config)
        services.simulate_demo(config, problems=given.problems, seed=given.seed)
        # A clock that stands still: what is overdue must not change between two questions.
        now = services.open_district(config)
        moment = now.clock()
        now.close()
        district = services.open_district(config, clock=lambda: moment)
        try:
            print(json.dumps(compare(district, given.selections, given.seed) | {"problems": given.problems}))
        finally:
            district.close()


def compare(district: services.District, selections: int, seed: int) -> dict[str, Any]:
    """Ask everything for random selections and note where two answers differ."""
    client = create_app(district).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    chance = random.Random(seed)
    wrong, chosen = [], 0
    for number in range(selections):
        query = random_selection(district, chance)
        # A workbook takes a while; CSV is written from the same rows every time.
        counts = answers(client, query, workbook=number % 10 == 0)
        chosen += counts["api"] > 0
        if set(counts.values()) != {counts["api"]}:
            wrong.append({"query": query, **counts})
    return {"selections": selections, "not_empty": chosen, "disagreements": len(wrong), "which": wrong[:5]}


def random_selection(district: services.District, chance: random.Random) -> str:
    """A link of one to four random filters."""
    west, south, east, north = district.describe().bbox
    today = date(2026, 11, 23) if district.describe().as_of is None else date.fromisoformat(district.describe().as_of)
    days = sorted(today - timedelta(days=chance.randrange(95)) for _ in range(2))
    lon = sorted(chance.uniform(west, east) for _ in range(2))
    lat = sorted(chance.uniform(south, north) for _ in range(2))
    some = {
        "category": ",".join(chance.sample(["01", "02", "03", "05", "0201", "0501", "09", "00"], 2)),
        "status": ",".join(chance.sample([str(status) for status in Status], 3)),
        "township": ",".join(chance.sample(sorted(services.wording(district, "townships", "en")), 3)),
        "unit": chance.choice(sorted(services.wording(district, "units", "en"))),
        "round": chance.choice(["R1", "R2", "R1,R2"]),
        "due": chance.choice(["soon", "overdue"]),
        "indicator": chance.choice(INDICATORS["problems"]),
        "bbox": f"{lon[0]:.5f},{lat[0]:.5f},{lon[1]:.5f},{lat[1]:.5f}",
        "q": chance.choice(["垃圾", "停放", "MN-2026-0001", "社区"]),
        "from": str(days[0]),
        "to": str(days[1]),
    }
    names = chance.sample(sorted(some), chance.randint(1, 4))
    return "&".join(f"{name}={some[name]}" for name in names)


def answers(client: FlaskClient, query: str, *, workbook: bool) -> dict[str, int]:
    """How many problems each answer holds."""
    page = client.get(f"/problems?{query}").text
    counts = client.get(f"/counts?{query}").json["problems"]
    features = json.loads(client.get(f"/problems.geojson?{query}").data)["features"]
    found = {
        "api": client.get(f"/api/v1/problems?{query}&limit=1").json["numberMatched"],
        "table": int(re.sub(r"\D", "", re.search(r'id="matched">([^<]*)<', page)[1])),  # type: ignore[index]
        "counts": counts["count"],
        "statistics": client.get(f"/api/v1/statistics?by=category,status&{query}").json["total"],
        "csv": sum(1 for _ in csv.reader(io.StringIO(client.get(f"/problems.csv?{query}").text))) - 1,
        "geojson": len(features),
    }
    for zoom in ZOOMS:
        found[f"map at zoom {zoom}"] = on_map(client, query, zoom, features) + counts["without_place"]
    if workbook:
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/problems.xlsx?{query}").data), read_only=True)
        found["xlsx"] = sum(1 for _ in book.worksheets[0].iter_rows()) - 1
    if "indicator" not in query and "due=" not in query:
        found["indicator"] = indicator(client, query)
    return found


def on_map(client: FlaskClient, query: str, zoom: int, features: list[dict[str, Any]]) -> int:
    """What the tiles of a zoom add up to: of those in which any of these features lies."""
    places = np.array([one["geometry"]["coordinates"][:2] for one in features if one["geometry"]]).reshape(-1, 2)
    x, y = world(places[:, 0], places[:, 1])
    tiles = {(int(one), int(other)) for one, other in zip(x * 2**zoom, y * 2**zoom, strict=True)}
    total = 0
    for across, down in tiles:
        answer = client.get(f"/tiles/problems/{zoom}/{across}/{down}.mvt?{query}")
        layer = mapbox_vector_tile.decode(answer.data).get("problems", {"features": []})
        total += sum(feature["properties"].get("count", 1) for feature in layer["features"])
    return total


def indicator(client: FlaskClient, query: str) -> int:
    """The number of problems found, as the leader's page gives it over all days or those of the link."""
    days = "" if "from=" in query else "&from=2000-01-01"
    days += "" if "to=" in query else "&to=2100-12-31"
    page = client.get(f"/leader?{query}{days}").text
    return int(re.sub(r"\D", "", re.search(r'data-indicator="found">.*?<a href="[^"]*">([^<]*)<', page, re.S)[1]))  # type: ignore[index]


if __name__ == "__main__":
    main()
