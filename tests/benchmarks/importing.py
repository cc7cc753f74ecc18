"""A large ledger comes in while others go on writing: how much memory it takes, and how long they wait.

Run: python -m tests.benchmarks.importing [--rows N]. A demo district; another process imports N problems (half of them
without coordinates) from a CSV, as `geoapp import` does, while writers here add a problem each, ten a second. Prints a
JSON object: rows, memory_mb (the importing process's peak beyond what it holds with the district loaded), writes,
longest_wait_s, and share of waits below 0.1 s. Then the same file again, which must change nothing.
"""

import argparse
import csv
import json
import multiprocessing
import resource
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from geoapp import services
from geoapp.config import Config
from geoapp.services.importing import Options, import_file
from geoapp.storage.ledger import Change

HEADINGS = ("问题编号", "镇街", "点位", "存在问题", "类别", "状态", "经度", "纬度", "发现时间")
PAUSE_S = 0.1
WRITERS = 2


def main() -> None:
    """Import twice and print a line for each time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "district")
        services.init_demo(config)
        file = Path(folder) / "ledger.csv"
        write_ledger(file, rows)
        for turn in ("first", "again"):
            print(json.dumps(measured(config, file, turn) | {"rows": rows}))


def write_ledger(file: Path, rows: int) -> None:
    """A ledger as an office keeps it; every other row has no coordinates."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(HEADINGS)
        for n in range(rows):
            place = (f"{116.3 + n % 700 / 1e3:.5f}", f"{40.2 + n % 400 / 1e3:.5f}") if n % 2 else ("", "")
            table.writerow([f"W-{n}", "龙山街道", f"{n} 号点位", f"第 {n} 处：垃圾满溢", "暴露垃圾", "待整改", *place,
                            "2026-05-03 09:30"])  # fmt: skip


def measured(config: Config, file: Path, turn: str) -> dict[str, Any]:
    """One import in a process of its own, and those who write meanwhile."""
    district = services.open_district(config)
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=importing, args=(config.instance, file, there))
    child.start()
    here.recv()  # the other one has loaded the district
    waits: list[float] = []
    done = threading.Event()
    writers = [threading.Thread(target=writing, args=(district, done, waits, turn, n)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    here.send("go")
    facts = here.recv()
    time.sleep(2)  # also those who come just after it, and have to read all of it first
    done.set()
    for writer in writers:
        writer.join()
    child.join()
    district.close()
    quick = sum(wait < PAUSE_S for wait in waits) / len(waits)
    return {"turn": turn, **facts, "writes": len(waits), "longest_wait_s": round(max(waits), 2),
            "below_0.1_s": round(quick, 3)}  # fmt: skip


def importing(instance: Path, file: Path, pipe: Connection) -> None:
    """What `geoapp import` does, with its memory before and at its peak."""
    district = services.at_this_moment(services.open_district(Config(instance=instance)))
    for name in ("problems", "townships", "streets", "sites", "facilities", "villages"):
        district.present.snapshot(name)
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send("loaded")
    pipe.recv()
    began = time.perf_counter()
    preview = import_file(district, "problems", file, Options(), by="benchmark")
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send({"added": preview.added, "same": preview.same, "memory_mb": round((peak - loaded) / 1024),
               "rows_per_s": round(preview.good / seconds)})  # fmt: skip
    district.close()


def writing(district: services.District, done: threading.Event, waits: list[float], turn: str, who: int) -> None:
    """A change every tenth of a second, each with its time until it is durable."""
    number = 0
    while not done.is_set():
        id = f"other-{turn}-{who}-{number}"
        properties = {"name": id, "number": id, "category": "00", "status": "reported",
                      "found_at": "2026-05-03T09:30:00+08:00"}  # fmt: skip
        feature = {"type": "Feature", "id": id, "geometry": None, "properties": properties}
        began = time.perf_counter()
        district.store.append([Change("problems", id, json.dumps(feature).encode())], actor="other", action="report")
        waits.append(time.perf_counter() - began)
        number += 1
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
