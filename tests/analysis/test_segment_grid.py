"""The grid of edges: the same nearest edge as a look at all of them, the lowest one where several are equally near."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geoapp.analysis.segment_grid import SegmentGrid

Edge = tuple[int, int, int, int]


def one_by_one(edges: list[Edge], point: tuple[float, float], reach: float) -> tuple[int, float]:
    """By shapely, edge by edge."""
    away = [(Point(point).distance(LineString([edge[:2], edge[2:]])), owner) for owner, edge in enumerate(edges)]
    least, owner = min(away)
    return (owner, least) if least <= reach else (-1, np.nan)


def grid(edges: list[Edge]) -> SegmentGrid:
    return SegmentGrid(np.array(edges, dtype=float).reshape(-1, 4), np.arange(len(edges)))


lattice = st.integers(0, 40)
edge = st.tuples(lattice, lattice, lattice, lattice)


beyond = st.integers(-60, 100)
reaches = st.sampled_from([0.0, 3.0, 25.0, np.inf])


@settings(max_examples=150, deadline=None)
@given(st.lists(edge, min_size=1, max_size=20), st.lists(st.tuples(beyond, beyond), max_size=20), reaches)
def test_the_nearest_edge_is_the_one_that_a_look_at_all_finds(
    edges: list[Edge], points: list[tuple[int, int]], reach: float
) -> None:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T.copy()
    owner, distance = grid(edges).nearest(x, y, reach)

    for place, point in enumerate(points):
        expected, least = one_by_one(edges, point, reach)
        assert distance[place] == pytest.approx(least, nan_ok=True)
        # Of two edges whose distances differ by rounding alone either may be named.
        if owner[place] != expected:
            again = Point(point).distance(LineString([edges[owner[place]][:2], edges[owner[place]][2:]]))
            assert again == pytest.approx(least, rel=1e-12)


def test_where_edges_share_an_end_or_lie_on_each_other_the_lowest_counts() -> None:
    edges = [(0, 0, 10, 0), (10, 0, 20, 7), (10, 0, 0, 0), (20, 7, 10, 0)]
    x, y = np.array([10.0, 12.0, 5.0, 16.1]), np.array([-3.0, -9.0, 2.0, 3.7])

    assert grid(edges).nearest(x, y, 100)[0].tolist() == [0, 0, 0, 1]
    assert grid(edges[::-1]).nearest(x, y, 100)[0].tolist() == [0, 0, 1, 0]


def test_what_has_no_place_or_is_out_of_reach_has_no_edge() -> None:
    owner, distance = grid([(0, 0, 10, 0)]).nearest(np.array([np.nan, 5.0, 1e9]), np.array([0.0, 7.0, np.inf]), 6.9)

    assert owner.tolist() == [-1, -1, -1]
    assert np.isnan(distance).all()


CODE = """
import numpy as np
from geoapp.analysis.segment_grid import SegmentGrid
chance = np.random.default_rng(2)
grid = SegmentGrid(chance.uniform(0, 50, (12, 4)), np.arange(12))
print(grid.nearest(*chance.uniform(-20, 70, (2, 60)), 15.0)[0].tolist())
"""


def test_the_kernel_says_the_same_without_its_compiler() -> None:
    told = [
        subprocess.run([sys.executable, "-c", CODE], env=os.environ | how, capture_output=True, text=True, check=True)
        for how in ({"NUMBA_DISABLE_JIT": "1"}, {})
    ]

    assert told[0].stdout == told[1].stdout
    assert {-1, 0} < set(json.loads(told[0].stdout))
