"""p-median: cost, time and proof on files of the OR-Library's format.

Run: python -m tests.benchmarks.p_median [FILE...] [--seconds S] [--made N]

Prints a JSON object a line: instance, cost, seconds (of the search, after kernels are warm; reading the file and the
shortest paths between all nodes are in `prepared`), proven, bound and method; and for the files that the OR-Library
calls pmed1 to pmed10 `best`, the published optimum. Without FILEs, the files in the folder pmed of GEOAPP_TEST_DATA are
run; --made N adds N instances in the same manner that nobody has seen.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoapp.analysis.siting import core_kernel
from geoapp.analysis.siting.answers import Effort
from geoapp.analysis.siting.p_median import p_median
from tests.analysis.siting.toy_sites import made_or_library, or_library

SHARED = Path(os.environ.get("GEOAPP_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "pmed"
# J. Beasley, "OR-Library: distributing test problems by electronic mail", 1990: pmedopt.
OPTIMA = (
    5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255,
)  # fmt: skip
SIZES = tuple((nodes, part) for nodes in (300, 500, 700, 900) for part in (5, 10, 0.1, 0.2, 1 / 3))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0, help="what an instance may take at most")
    parser.add_argument("--made", type=int, default=0, help="so many made instances")
    asked = parser.parse_args()
    core_kernel.warm()
    files = asked.files or ([] if asked.made else sorted(SHARED.glob("pmed*.txt"), key=_number))
    for name, text in (*((path.stem, path.read_text("utf-8")) for path in files), *made(asked.made)):
        print(json.dumps(row(name, text, asked.seconds)), flush=True)


def row(name: str, text: str, seconds: float) -> dict[str, Any]:
    """What is found of an instance."""
    began = time.perf_counter()
    cost, p = or_library(text)
    ready = time.perf_counter()
    answer = p_median(cost, None, p, effort=Effort(seconds=seconds))
    known = {f"pmed{number}": best for number, best in enumerate(OPTIMA, start=1)}.get(name)
    return {
        "instance": name,
        "nodes": len(cost),
        "p": p,
        "cost": int(answer.value) if answer.value == int(answer.value) else answer.value,
        "seconds": round(time.perf_counter() - ready, 3),
        "proven": answer.proven,
        "bound": round(answer.bound, 3),
        "method": answer.method,
        "prepared": round(ready - began, 3),
        **({"best": known} if known else {}),
    }


def made(number: int) -> Iterator[tuple[str, str]]:
    """Names and texts of made instances, small and large ones in turns."""
    for seed in range(number):
        nodes, part = SIZES[seed * 7 % len(SIZES)]
        p = int(part if part >= 1 else nodes * part)
        yield f"made{seed}", made_or_library(nodes, p, seed)


def _number(path: Path) -> int:
    return int("".join(filter(str.isdigit, path.stem)) or 0)


if __name__ == "__main__":
    main()
