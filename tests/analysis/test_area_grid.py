"""The grid of areas: what it answers is what GEOS answers, and it seldom has to ask."""

import itertools
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.area_grid import ASK, OUTSIDE, AreaGrid

Cells = list[tuple[int, int]]


def covering(areas: list[shapely.Geometry], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How many areas cover each point, and the last of them, by GEOS."""
    held = np.array([shapely.intersects_xy(area, x, y) for area in areas])
    return np.where(held.sum(axis=0) == 1, held.argmax(axis=0), np.where(held.any(axis=0), ASK, OUTSIDE))


def require_right(areas: list[shapely.Geometry], x: np.ndarray, y: np.ndarray) -> float:
    """All answers but ASK are those of GEOS; the share of ASK among points that one area or none covers."""
    found, asked = AreaGrid(np.array(areas, dtype=object)).look_up(x, y)
    exact = covering(areas, x, y)
    assert asked == np.count_nonzero(found == ASK)
    answered = found != ASK
    assert found[answered].tolist() == exact[answered].tolist()
    return float((~answered & (exact != ASK)).mean())


def test_a_town_of_squares_is_answered_but_for_its_borders() -> None:
    squares = [shapely.box(column, row, column + 1, row + 1) for row in range(5) for column in range(5)]
    x, y = np.random.default_rng(2).uniform(-1, 6, (2, 20_000))

    assert require_right(squares, x, y) == 0
    on_border, _ = AreaGrid(np.array(squares, dtype=object)).look_up(
        np.array([1.0, 2.0, 3.3]), np.array([0.5, 2.0, 4.0])
    )
    assert on_border.tolist() == [ASK, ASK, ASK]


def test_where_many_areas_meet_it_asks() -> None:
    angles = np.linspace(0, 2 * np.pi, 25)
    star = [
        shapely.Polygon([(0, 0), (np.cos(one), np.sin(one)), (np.cos(other), np.sin(other))])
        for one, other in itertools.pairwise(angles)
    ]
    x, y = np.random.default_rng(3).normal(0, 0.4, (2, 20_000))

    assert require_right(star, x, y) < 0.01


def test_holes_parts_and_overlaps_are_told_apart() -> None:
    ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    parts = shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 2, 8, 3)])
    areas = [ring, parts, shapely.box(1.5, 1.5, 2.5, 2.5), shapely.box(3.5, 0, 5.5, 4)]
    x, y = np.random.default_rng(4).uniform(-1, 9, (2, 20_000))

    assert require_right(areas, x, y) == 0


@pytest.mark.parametrize("shift", [0.0, 116.6, 5e5])
def test_places_far_from_nought_are_as_good(shift: float) -> None:
    areas = [shapely.Point(shift + 2 * n, shift).buffer(1, quad_segs=90) for n in (0, 1)]
    x, y = np.random.default_rng(5).uniform(-1, 3, (2, 20_000)) + shift

    assert require_right(areas, x, y) < 0.001


def test_coordinates_without_room_between_them_are_not_laid_out() -> None:
    assert not AreaGrid.fits(np.array([shapely.box(1, 1, 1 + 1e-13, 1 + 1e-13)], dtype=object))
    assert not AreaGrid.fits(np.array([], dtype=object))
    assert AreaGrid.fits(np.array([shapely.box(116, 40, 117, 41)], dtype=object))


# Points of a coarse lattice, so that edges run along each other, meet in corners and pass through points all the time.
lattice = st.integers(0, 6)
triangle = st.lists(st.tuples(lattice, lattice), min_size=3, max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(triangle, min_size=1, max_size=12), st.integers(0, 2**31))
def test_whatever_is_drawn_gets_the_answers_of_geos(drawn: list[Cells], seed: int) -> None:
    shapes = [shapely.convex_hull(shapely.MultiPoint(points)) for points in drawn]
    areas = [shape for shape in shapes if shape.geom_type == "Polygon"]
    if not areas:
        return
    chance = np.random.default_rng(seed)
    x, y = np.concatenate([chance.uniform(-1, 7, (2, 300)), chance.integers(-1, 8, (2, 100)) / 1.0], axis=1)
    require_right(areas, x, y)


CODE = """
import numpy as np, shapely
from geoapp.analysis.area_grid import AreaGrid
areas = np.array([shapely.Point(n % 3, n // 3).buffer(0.6, quad_segs=4) for n in range(9)], dtype=object)
x, y = np.random.default_rng(1).uniform(-1, 3, (2, 400)).round(2)
print(AreaGrid(areas).look_up(x, y)[0].tolist())
"""


def test_the_kernel_says_the_same_without_its_compiler() -> None:
    told = [
        subprocess.run([sys.executable, "-c", CODE], env=os.environ | how, capture_output=True, text=True, check=True)
        for how in ({"NUMBA_DISABLE_JIT": "1"}, {})
    ]

    assert told[0].stdout == told[1].stdout
    assert {ASK, OUTSIDE, 0, 8} <= set(json.loads(told[0].stdout))
