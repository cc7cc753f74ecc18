"""One selection, one count: whatever shows it."""

from dataclasses import replace
from pathlib import Path

from geoapp import services
from geoapp.config import Config
from tests.benchmarks.agreement import compare


def test_map_table_downloads_api_statistics_and_indicators_agree(tmp_path: Path) -> None:
    config = Config(instance=tmp_path / "demo")
    services.init_demo(config)
    district = services.open_district(config)
    moment = district.clock()
    try:
        found = compare(replace(district, clock=lambda: moment, config=config, view=None), 25, seed=3)
    finally:
        district.close()

    assert found["which"] == []
    assert found["not_empty"] > 10
