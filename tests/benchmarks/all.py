"""Runs every benchmark and writes what it printed to docs/benchmarks.md: `make bench`.

`python -m tests.benchmarks.all pages fuzz` runs only these and leaves the other tables as they are; what is named runs
in its long form too, which `make bench` leaves out.
"""

import json
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "docs" / "benchmarks.md"
RUNS = (
    ("Point in area, 100,000 points and 16 areas", ["assignment", "--points", "100000"]),
    ("Point in area, 1,000,000 points and 16 areas", ["assignment", "--points", "1000000"]),
    ("Point in area, 1,000,000 points and 330 areas", ["assignment", "--points", "1000000", "--number", "330"]),
    ("Point in area, 1,000,000 points and 40,000 areas", ["assignment", "--points", "1000000", "--number", "40000"]),
    ("Point in area, 10,000,000 points and 16 areas", ["assignment", "--points", "10000000"]),
    ("Point in area, 10,000,000 points and 330 areas", ["assignment", "--points", "10000000", "--number", "330"]),
    ("Point in area, 10,000,000 points and 40,000 areas", ["assignment", "--points", "10000000", "--number", "40000"]),
    ("The nearest street, 1,000,000 points", ["nearest", "--points", "1000000"]),
    ("Files of points, 1,000,000 points", ["assign_files", "--points", "1000000"]),
    ("Files of points, 10,000,000 points", ["assign_files", "--points", "10000000"]),
    ("A ledger of 300,000 rows comes in while others write", ["importing", "--rows", "300000"]),
    ("Heat tiles, 10,000 points", ["heat", "--points", "10000"]),
    ("Heat tiles, 1,000,000 points", ["heat", "--points", "1000000"]),
    ("Heat tiles, 10,000,000 points", ["heat", "--points", "10000000"]),
    ("Hot spots, false and planted, against esda", ["hotspots", "--districts", "100"]),
    ("Durable changes with 32 clients", ["ledger", "--clients", "32"]),
    ("Killed 100 times with 16 writers", ["kill", "--kills", "100", "--writers", "16"]),
    ("A page of the API out of 100,000 problems", ["api", "--problems", "100000"]),
    ("Vector tiles, 1,000,000 points", ["tiles", "--points", "1000000"]),
    ("The first page over 1,000,000 problems", ["smoothness", "--problems", "1000000"]),
    ("Every page over 100,000 problems, against a plain Flask page", ["pages", "--problems", "100000"]),
    ("Whether all that shows a selection agrees", ["agreement", "--problems", "50000", "--selections", "200"]),
    ("1,000 plans checked, edited by hand, and their reasons tried", ["plans_checked", "--instances", "1000"]),
    ("Requests made up from the API's own description", ["fuzz", "--requests", "10000"]),
    (
        "Inspection routes: public and made instances",
        ["orienteering", "--stride", "5", "--made", "2", "--seconds", "1", "5", "--peers", "--summary"],
    ),
    ("Inspection routes: all public instances against what is known of them", ["orienteering", "--summary"]),
    ("Inspection routes: a day of 200 stops and 6 teams", ["routes_day", "--seconds", "1", "5", "30", "--peers"]),
    (
        "Inspection routes: while a day of 455 sites is planned",
        ["routes_day", "--stops", "455", "--seconds", "10", "--curve"],
    ),
    ("Inspection routes: planned alone and twice at once, while pages are asked for", ["planning", "--seconds", "30"]),
    ("Inspection routes: travel times of 500 places", ["travel_matrix", "--places", "500"]),
    ("p-median: the OR-Library's instances", ["p_median"]),
    ("p-median: made instances of up to 900 nodes", ["p_median", "--made", "20"]),
    ("Siting against spopt with the same solver", ["siting"]),
    ("Coverage: 200,000 places to the nearest of 60 facilities", ["reach", "--places", "200000"]),
)
# Run only when named.
LONG = (
    (
        "Inspection routes: four such days",
        ["routes_day", "--days", "4", "--seconds", "5", "30", "--peers"],
    ),
    (
        "Inspection routes: all public instances and 12 made ones",
        ["orienteering", "--made", "12", "--seconds", "1", "5", "--peers", "--summary"],
    ),
)
HEAD = """# Benchmarks

Written by `make bench`. Machines differ and are shared: only ratios between methods of one run mean anything, and every
method of a table ran in the same process, in turns. Each table names the command that makes it.
"""


def main(names: list[str]) -> None:
    """Run, collect and write."""
    known = written()
    for title, words in (*RUNS, *LONG) if names else RUNS:
        if names and words[0] not in names:
            continue
        print(f"{title} …", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{words[0]}", *words[1:]],
            capture_output=True,
            text=True,
            check=True,
        )
        rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        known[title] = section(title, words, rows)
        TARGET.write_text(
            "\n".join([HEAD, *(known[title] for title, _ in (*RUNS, *LONG) if title in known)]), encoding="utf-8"
        )


def written() -> dict[str, str]:
    """The tables that stand in the file, by their titles."""
    parts = TARGET.read_text("utf-8").split("\n## ")[1:] if TARGET.exists() else []
    return {part.split("\n", 1)[0]: f"## {part.rstrip()}\n" for part in parts}


def section(title: str, words: list[str], rows: list[dict[str, object]]) -> str:
    """A heading, the command, and the rows as a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = [names, ["---"] * len(names), *([str(row.get(name, "")) for name in names] for row in rows)]
    lines = "\n".join("| " + " | ".join(cells) + " |" for cells in table)
    return f"## {title}\n\n`python -m tests.benchmarks.{' '.join(words)}`\n\n{lines}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
