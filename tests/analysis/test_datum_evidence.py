"""Shifted points are recognised by the places that they miss, and others are left alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from geoapp.analysis.datum import converted
from geoapp.analysis.datum_evidence import evidence

ROOT = Path(__file__).parents[2]
METRE = 1 / 111_320


@pytest.fixture(scope="module")
def sites() -> tuple[np.ndarray, np.ndarray]:
    """Where the demo's sites are."""
    features = json.loads((ROOT / "layers/sites.geojson").read_bytes())["features"]
    lon, lat = np.array([one["geometry"]["coordinates"] for one in features if one["geometry"]]).T
    return lon, lat


def near(sites: tuple[np.ndarray, np.ndarray], n: int, metres: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    chosen = chance.choice(len(sites[0]), n, replace=False)
    noise = chance.normal(0, metres * METRE, (2, n))
    return sites[0][chosen] + noise[0], sites[1][chosen] + noise[1]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_points_picked_from_a_shifted_map_are_recognised(sites: tuple[np.ndarray, np.ndarray], datum: str) -> None:
    found = evidence(*converted(*near(sites, 100, 15), "wgs84", datum), *sites)

    assert found.verdict == datum
    assert found.median_m[datum] < 30 < found.median_m["wgs84"]


@pytest.mark.parametrize("metres", [0, 15, 100, 300])
def test_points_that_are_not_shifted_are_left_alone(sites: tuple[np.ndarray, np.ndarray], metres: float) -> None:
    for seed in range(5):
        assert evidence(*near(sites, 100, metres, seed), *sites).verdict in (None, "wgs84")


def test_few_points_prove_nothing(sites: tuple[np.ndarray, np.ndarray]) -> None:
    assert evidence(*converted(*near(sites, 10, 5), "wgs84", "gcj02"), *sites).verdict is None


def test_points_far_from_all_known_places_prove_nothing(sites: tuple[np.ndarray, np.ndarray]) -> None:
    lon, lat = near(sites, 50, 10)

    assert evidence(lon + 3, lat, *sites).verdict is None
    assert evidence(lon, lat, np.array([]), np.array([])).verdict is None
    assert evidence(lon * np.nan, lat, *sites).verdict is None


def test_outside_china_nothing_is_ever_shifted() -> None:
    chance = np.random.default_rng(1)
    lon, lat = 9.5 + chance.normal(0, 0.05, 200), 47.1 + chance.normal(0, 0.05, 200)

    assert evidence(lon + 0.006, lat, lon, lat).verdict is None
