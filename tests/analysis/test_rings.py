"""What a drawn ring encloses: worked out by hand, and as shapely says for rings that do not cross themselves."""

import math

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.rings import within_ring

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
BOW_TIE = [(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]


def within(ring: list[tuple[float, float]], *points: tuple[float, float]) -> list[bool]:
    x, y = np.array(points, float).T
    return within_ring(ring, x, y).tolist()


def test_a_square_holds_what_lies_in_it_open_or_closed_and_either_way_round() -> None:
    for ring in (SQUARE, [*SQUARE, SQUARE[0]], SQUARE[::-1]):
        assert within(ring, (1, 1), (3, 1), (-1, 1), (1, 3), (1, -1)) == [True, False, False, False, False]


def test_of_a_ring_that_crosses_itself_both_halves_count() -> None:
    assert within(BOW_TIE, (0.5, 1), (1.5, 1), (1, 0.5), (1, 1.5)) == [True, True, False, False]


def test_what_is_gone_round_twice_is_a_hole() -> None:
    inner = [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5), (0.5, 0.5)]

    assert within([*SQUARE, SQUARE[0], *inner, SQUARE[0]], (1, 1), (0.2, 1)) == [False, True]


def test_a_ring_without_an_area_holds_nothing() -> None:
    assert within([(0.0, 0.0)] * 3, (0, 0), (1, 1)) == [False, False]
    assert within([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], (1, 0.5), (0.5, 1)) == [False, False]


@given(radii=st.lists(st.floats(0.1, 1), min_size=3, max_size=12), seed=st.integers(0, 2**31))
def test_a_star_shaped_ring_holds_what_shapely_says(radii: list[float], seed: int) -> None:
    turns = np.arange(len(radii)) * (2 * math.pi / len(radii))
    ring = [(r * math.cos(turn), r * math.sin(turn)) for r, turn in zip(radii, turns.tolist(), strict=True)]
    x, y = np.random.default_rng(seed).uniform(-1, 1, (2, 200))

    assert within_ring(ring, x, y).tolist() == shapely.contains_xy(shapely.Polygon(ring), x, y).tolist()
