"""Requests made up from our own description, by schemathesis: `python -m tests.benchmarks.fuzz [--requests N]`.

Prints one JSON line: how many requests were made, how many answers were wrong (a server's error, or anything that the
description does not say), and how many addresses were tried. Traffic goes to 127.0.0.1 only.
"""

import argparse
import json
import logging
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from werkzeug.serving import make_server

from geoapp import services
from geoapp.config import Config
from geoapp.web import create_app
from tests.benchmarks.serving import in_background

# `from` after `to`, and a bbox whose west lies east of its east, are well written and yet refused: that is meant.
NOT_MEANT = "positive_data_acceptance"


def fuzz(address: str, *, examples: int, phases: str, seed: int = 1) -> dict[str, int]:
    """Try every operation with so many made-up requests, and with the edges of its description if `coverage` is on."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "st"), "run", f"{address}/openapi.json", "--max-examples", str(examples),
         "--phases", phases, "--exclude-checks", NOT_MEANT, "--seed", str(seed), "--no-color"],
        capture_output=True, text=True, check=False, cwd=tempfile.gettempdir(),
    )  # fmt: skip
    cases = re.search(r"Test cases:\s+([\d,]+) generated(?:, ([\d,]+) found)?", done.stdout)
    operations = re.search(r"Tested: (\d+)", done.stdout)
    if cases is None or operations is None or done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    made, wrong = (int((text or "0").replace(",", "")) for text in cases.groups())
    if wrong or done.returncode:
        print(done.stdout, file=sys.stderr)
    return {"requests": made, "wrong": max(wrong, done.returncode), "operations": int(operations[1])}


def main() -> None:
    """Serve a demo district and try it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    wanted = parser.parse_args().requests
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "demo")
        services.init_demo(config)
        district = services.open_district(config)
        try:
            with in_background(make_server("127.0.0.1", 0, create_app(district), threaded=True)) as address:
                # The edges of the description alone are some 4,000 requests.
                found = fuzz(address, examples=max(1, (wanted - 3_000) // 27), phases="coverage,fuzzing")
        finally:
            district.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
