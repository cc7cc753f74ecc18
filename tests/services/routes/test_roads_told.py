"""What `geoapp roads` tells, with roads and without, and where scipy serves instead of routingkit-cch."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from geoapp import services
from geoapp.config import Config
from geoapp.services.routes.orders import roads_of_instance
from tests.conftest import NOW, feature, toy_layers, toy_tables

WITHOUT_WHEEL = """
import sys
sys.modules["routingkit_cch"] = None
from geoapp.cli import main
main(["roads"])
"""


def founded(folder: Path, *roads: dict[str, Any]) -> Config:
    services.found(folder, toy_layers() | {"roads": list(roads)}, toy_tables(), clock=lambda: NOW).close()
    return Config(instance=folder)


def road(id: str, west: float, east: float, **said: Any) -> dict[str, Any]:
    line = {"type": "LineString", "coordinates": [[0.5 + west / 1_000, 0.5], [0.5 + east / 1_000, 0.5]]}
    return feature(id, line, name="大街", kind="main", **said)


def test_kilometres_are_told_for_each_means_and_what_is_cut_off(tmp_path: Path) -> None:
    config = founded(tmp_path / "toy", road("R1", 0, 20), road("R2", 30, 40), road("R3", 20, 21, uses="foot"))
    told = roads_of_instance(config)

    assert told["km"]["car"] == {"usable": 3.3, "cut_off": 1.1}
    assert told["km"]["foot"] == {"usable": 3.5, "cut_off": 1.1}
    assert "3 roads with 5 junctions" in told["sentence"]
    assert "car 2.2 km (1.1 km cut off)" in told["sentence"]
    assert len(list((config.instance / "cache").glob("travel-*.npz"))) == 4


def test_without_roads_straight_lines_are_told_of(tmp_path: Path) -> None:
    told = roads_of_instance(founded(tmp_path / "toy"))

    assert told["sentence"].startswith("There are no roads to travel on: travel is estimated on straight lines × 1.3.")


def test_the_command_says_where_scipy_serves(tmp_path: Path) -> None:
    config = founded(tmp_path / "toy", road("R1", 0, 20))
    done = subprocess.run([sys.executable, "-c", WITHOUT_WHEEL], capture_output=True, text=True, check=True,
                          env=os.environ | {"GEOAPP_INSTANCE": str(config.instance)},
                          cwd=Path(__file__).parents[3])  # fmt: skip

    assert "travel times come from scipy's Dijkstra search" in done.stdout
