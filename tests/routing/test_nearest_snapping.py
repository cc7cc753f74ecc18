"""Where very many places meet the roads, against what Snapper says of each."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.config import Config
from geoapp.routing.graph import Graph
from geoapp.routing.nearest_snapping import ManySnapper
from geoapp.routing.roads import Road
from geoapp.routing.segments import FAR_M
from geoapp.routing.snapping import Snapped, Snapper
from geoapp.services.routes.travelling import graph_of as graph_of_district
from tests.routing.toy_roads import MILLI, graph_of, grid, line

WHOLE = st.integers(-20, 60).map(lambda tenths: tenths / 10)
DOT = st.tuples(WHOLE, WHOLE)


def same(one: Snapped, other: Snapped) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("piece", "share", "lon", "lat", "distance_m")
    )


@settings(max_examples=60, deadline=None)
@given(dots=st.lists(DOT, min_size=1, max_size=20), ends=st.tuples(DOT, DOT).filter(lambda both: both[0] != both[1]))
def test_many_places_meet_the_roads_where_each_does(
    dots: list[tuple[float, float]], ends: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """On whole tenths of a block many places are equally near to several streets."""
    graph = graph_of(*grid(4), (Road("main"), line(*ends)))
    lon, lat = np.array(dots).T * MILLI

    assert same(ManySnapper(graph).snap(lon, lat), Snapper(graph).snap(lon, lat))


def test_nowhere_is_by_no_road_and_without_roads_everywhere_is() -> None:
    nan = float("nan")
    town = ManySnapper(graph_of(*grid(3))).snap(np.array([nan, 0.0]), np.array([0.0, 0.0]))
    wild = ManySnapper(graph_of((Road("steps"), line((0, 0), (1, 0))))).snap(np.zeros(1), np.zeros(1))

    assert town.piece.tolist()[0] == wild.piece.tolist()[0] == -1
    assert np.isinf([town.distance_m[0], wild.distance_m[0]]).all()
    assert town.distance_m[1] == 0
    assert len(ManySnapper(graph_of(*grid(3))).snap(np.empty(0), np.empty(0))) == 0
    assert ManySnapper(graph_of(*grid(3))).snap(np.array([nan]), np.array([nan])).piece.tolist() == [-1]


@pytest.fixture(scope="module")
def country(liechtenstein: Path) -> Graph:
    opened = services.open_district(Config(instance=liechtenstein))
    found = graph_of_district(services.at_this_moment(opened), "foot")
    opened.close()
    return found


def test_a_country_meets_its_roads_as_each_of_its_places_does(country: Graph) -> None:
    vertices = country.network.vertices
    lon, lat = np.random.default_rng(4).uniform(vertices.min(axis=0), vertices.max(axis=0), (5_000, 2)).T
    one, other = ManySnapper(country).snap(lon, lat), Snapper(country).snap(lon, lat)
    near = other.distance_m < FAR_M * 0.99

    assert near.mean() > 0.5
    assert same(*(Snapped(some.piece[near], some.share[near], some.lon[near], some.lat[near], some.distance_m[near])
                  for some in (one, other)))  # fmt: skip
    assert (one.distance_m[~near] <= other.distance_m[~near] * 1.001).all()
