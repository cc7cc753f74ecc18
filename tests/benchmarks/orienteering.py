"""Orienteering: the value of our day plan on public and made instances, against PyVRP, VROOM and OR-Tools.

Run: python -m tests.benchmarks.orienteering FILE... --seconds S [--peers] [--teams M] [--summary] [--made N]

Prints a JSON object a line: instance, method, teams, value, seconds, and where a table of best known values lies beside
the file (op_optima.csv, or --optima FILE with the columns file and best) `best` and `gap` in per cent. Every plan is
held against the file's own distances before it is counted; what does not keep them counts 0. Without FILEs all of
../shared/data/orienteering are run; --made N adds as many made ones with time windows; --summary prints only the means.
The methods run one after another, each alone.
"""

import argparse
import csv
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from tests.benchmarks.day_plan_peers import METHODS, timed, warm
from tests.benchmarks.orienteering_files import KINDS, WIDTHS, Instance, made, read

SHARED = Path(os.environ.get("GEOAPP_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "orienteering"
Row = dict[str, Any]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, nargs="+", default=[5.0])
    parser.add_argument("--peers", action="store_true", help="PyVRP, VROOM and OR-Tools too")
    parser.add_argument("--teams", type=int, help="in place of what the files say")
    parser.add_argument("--exact", action="store_true", help="real distances also where a format cuts them")
    parser.add_argument("--made", type=int, default=0, help="so many made instances with time windows")
    parser.add_argument("--stride", type=int, default=1, help="every so manieth file only")
    parser.add_argument("--optima", type=Path, help="a table with the columns file and best")
    parser.add_argument("--summary", action="store_true", help="only the means")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    files = asked.files or sorted(SHARED.glob("*/*.txt"))[:: asked.stride]
    instances = [read(path, teams=asked.teams, exact=asked.exact) for path in files]
    best = known([*files, SHARED / "any", *([asked.optima] if asked.optima else [])])
    instances += made_ones(asked.made)
    rows = compared(instances, best, asked.seconds, asked.seed, peers=asked.peers)
    for row in summary(list(rows)) if asked.summary else rows:
        print(json.dumps(row), flush=True)


def compared(instances: Sequence[Instance], best: dict[str, float], seconds: Sequence[float], seed: int, *,
             peers: bool) -> Iterator[Row]:  # fmt: skip
    """A row for each instance, time and method."""
    methods = METHODS if peers else {"geoapp": METHODS["geoapp"]}
    warm(instances[0].task, methods)
    for instance in instances:
        for limit in seconds:
            for name, method in methods.items():
                routes, took = timed(method, instance.task, limit, seed)
                kept = instance.kept_by(routes)
                value = instance.value(routes) if kept else 0.0
                yield {
                    "instance": instance.name,
                    "method": name,
                    "teams": len(instance.task.teams),
                    "limit": limit,
                    "value": int(value) if value == int(value) else value,
                    "seconds": round(took, 2),
                    "feasible": kept,
                    **_gap(value, best.get(instance.name)),
                }


def summary(rows: Sequence[Row]) -> Iterator[Row]:
    """Means over all instances, by time and method; how often a method found the most."""
    for limit in dict.fromkeys(row["limit"] for row in rows):
        these = [row for row in rows if row["limit"] == limit]
        most = {row["instance"]: max(one["value"] for one in these if one["instance"] == row["instance"])
                for row in these}  # fmt: skip
        for method in dict.fromkeys(row["method"] for row in these):
            own = [row for row in these if row["method"] == method]
            gaps = [row["gap"] for row in own if "gap" in row]
            yield {
                "limit": limit,
                "method": method,
                "instances": len(own),
                "mean_value": round(fmean(row["value"] for row in own), 2),
                "found_the_most": sum(row["value"] == most[row["instance"]] for row in own),
                "mean_gap_to_best": round(fmean(1 - row["value"] / most[row["instance"]] for row in own) * 100, 2),
                "mean_gap_to_known": round(fmean(gaps), 2) if gaps else None,
                "mean_seconds": round(fmean(row["seconds"] for row in own), 2),
            }


def made_ones(number: int) -> list[Instance]:
    """Instances that nobody has seen: of each kind in turn, with narrow and with wide windows, with 1 to 4 teams."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(number):
            kind, windows = KINDS[seed % len(KINDS)], list(WIDTHS)[seed % len(WIDTHS)]
            path = Path(folder) / f"made_{kind}_{windows}_{seed}.txt"
            path.write_text(made(stops=100, teams=1 + seed % 4, kind=kind, windows=windows, seed=seed), "utf-8")
            found.append(read(path))
    return found


def known(places: Sequence[Path]) -> dict[str, float]:
    """The best known values of tables that lie beside files or above them, by the files' names."""
    tables = {folder / "op_optima.csv" for path in places for folder in path.resolve().parents[:2]}
    tables |= {path for path in places if path.suffix == ".csv"}
    best: dict[str, float] = {}
    for table in sorted(tables):
        if table.exists():
            rows = csv.DictReader(table.read_text("utf-8").splitlines())
            best |= {Path(row["file"]).stem: float(row["best"]) for row in rows}
    return best


def _gap(value: float, best: float | None) -> Row:
    return {} if not best else {"best": best, "gap": round(100 * (1 - value / best), 2)}


if __name__ == "__main__":
    main()
