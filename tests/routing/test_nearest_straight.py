"""The nearest in a straight line, against geodesics to every source."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.routing.nearest import Found, Measure, State
from geoapp.routing.nearest_straight import BY_LINE, StraightNearest, degree_m
from geoapp.routing.profiles import PROFILES
from geoapp.routing.travel import DETOUR

Places = list[tuple[float, float]]
FOOT = PROFILES["foot"]
PLACE = st.tuples(st.floats(116, 117), st.floats(40, 41))
PLACES = st.lists(PLACE, min_size=1, max_size=8)


def nearest(places: Places, sources: Places, *, detour: float = DETOUR, **how: object) -> Found:
    lines = StraightNearest(FOOT, detour=detour)
    there, here = (lines.locate(*np.array(some, float).reshape(-1, 2).T) for some in (places, sources))
    return lines.search(there, here, **how)  # type: ignore[arg-type]


def metres(places: Places, sources: Places) -> np.ndarray:
    """Geodesics from each to each."""
    return np.array([[Geod(ellps="WGS84").inv(*one, *other)[2] for other in sources] for one in places])


@settings(max_examples=60, deadline=None)
@given(places=PLACES, sources=PLACES)
def test_it_is_the_geodesic_to_within_a_centimetre(places: Places, sources: Places) -> None:
    found, exact = nearest(places, sources, detour=BY_LINE), metres(places, sources)

    assert found.metres == pytest.approx(exact.min(axis=1), abs=0.01)
    assert exact[np.arange(len(places)), found.nearest] == pytest.approx(exact.min(axis=1), abs=0.01)


@settings(max_examples=60, deadline=None)
@given(places=PLACES, sources=PLACES, more=PLACE)
def test_one_more_source_never_makes_a_way_longer(places: Places, sources: Places, more: tuple[float, float]) -> None:
    assert (nearest(places, [*sources, more]).seconds <= nearest(places, sources).seconds).all()


def test_as_an_estimate_the_line_is_a_third_longer_and_walked() -> None:
    places, sources = [(116.0, 40.0)], [(116.01, 40.0)]
    line, way = nearest(places, sources, detour=BY_LINE), nearest(places, sources)

    assert StraightNearest(FOOT).estimate
    assert line.metres == pytest.approx([853.9], abs=1)
    assert way.metres == pytest.approx(line.metres * 1.3)
    assert way.seconds == pytest.approx(way.metres / 1.25)


def test_of_sources_at_one_place_or_equally_far_the_first_is_named() -> None:
    sources = [(116.5, 40.5)] * 2 + [(116.2, 40.5), (116.0, 40.5), (116.0, 40.5), (116.2, 40.5)]

    assert nearest([(116.5, 40.5), (116.1, 40.5), (116.0, 40.5)], sources).nearest.tolist() == [0, 2, 3]


def test_limits_unknown_places_and_no_sources_are_told_apart() -> None:
    places, nan = [(116.0, 40.0), (116.5, 40.0), (float("nan"), 40.0)], float("nan")
    found = nearest(places, [(116.0, 40.001), (nan, nan)], by=Measure.METRES, limit=500)

    assert found.state.tolist() == [State.REACHED, State.BEYOND, State.UNKNOWN]
    assert found.nearest.tolist() == [0, -1, -1]
    assert np.isinf(found.seconds[1])
    assert np.isnan(found.metres[2])
    assert nearest(places, [(nan, nan)]).state.tolist() == [State.UNREACHABLE] * 2 + [State.UNKNOWN]
    assert len(nearest([], [(116.0, 40.0)])) == 0


def test_a_degree_is_as_long_as_geodesics_say() -> None:
    east, north = degree_m(np.array([40.0]))[0]

    assert metres([(116.0, 40.0)], [(116.001, 40.0)])[0, 0] == pytest.approx(east / 1_000, rel=1e-6)
    assert metres([(116.0, 39.9995)], [(116.0, 40.0005)])[0, 0] == pytest.approx(north / 1_000, rel=1e-6)
