"""The nearest stretch, against shapely's distances to every one of them."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoapp.routing.segments import FAR_M, SPACING_M, Segments

COORDINATES = st.integers(-900_000, 900_000).map(lambda millimetres: millimetres / 1_000)
NEAR = st.tuples(COORDINATES, COORDINATES)
STRETCHES = st.lists(st.tuples(NEAR, NEAR), min_size=1, max_size=8)


def made(stretches: list[tuple[tuple[float, float], tuple[float, float]]]) -> tuple[Segments, list[shapely.LineString]]:
    begin, end = (np.array([one[side] for one in stretches], float).reshape(-1, 2) for side in (0, 1))
    return Segments(begin, end), [shapely.LineString(one) for one in stretches]


@given(stretches=STRETCHES, places=st.lists(NEAR, min_size=1, max_size=5))
def test_the_nearest_stretch_is_among_those_nearby(
    stretches: list[tuple[tuple[float, float], tuple[float, float]]], places: list[tuple[float, float]]
) -> None:
    segments, lines = made(stretches)
    dots = np.array(places)
    place, segment = segments.nearby(dots)
    _, metres = segments.feet(dots[place], segment)
    for number, dot in enumerate(places):
        nearest = min(line.distance(shapely.Point(dot)) for line in lines)
        assert metres[place == number].min() == pytest.approx(nearest, abs=1e-6)


@given(stretches=STRETCHES, place=NEAR, radius=st.floats(0, 300))
def test_all_within_a_radius_are_found(
    stretches: list[tuple[tuple[float, float], tuple[float, float]]], place: tuple[float, float], radius: float
) -> None:
    segments, lines = made(stretches)
    _, found = segments.within(np.array([place]), radius)
    away = [line.distance(shapely.Point(place)) for line in lines]

    assert {number for number, metres in enumerate(away) if metres <= radius} <= set(found.tolist())
    assert all(away[number] <= radius + SPACING_M for number in found.tolist())


def test_far_away_one_stretch_is_enough() -> None:
    segments, _ = made([((0, 0), (100, 0)), ((0, 50), (100, 50))])
    place, segment = segments.nearby(np.array([(50.0, 60.0), (50.0, FAR_M + 200)]))

    assert sorted(zip(place.tolist(), segment.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 1)]


def test_nothing_is_near_nothing() -> None:
    segments = Segments(np.empty((0, 2)), np.empty((0, 2)))

    assert len(segments) == 0
    assert [len(one) for one in segments.within(np.array([(0.0, 0.0)]), 10.0)] == [0, 0]
