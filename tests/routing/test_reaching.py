"""Each of many places to each of many sources, against the nearest of each, and against routes between them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.routing import reaching
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.nearest import Located, Measure, RoadNearest
from geoapp.routing.nearest_straight import StraightNearest
from geoapp.routing.profiles import PROFILES
from geoapp.routing.reaching import Nearest, matrix, within
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel
from tests.routing.toy_roads import MILLI, graph_of, grid, line

GRAPH = graph_of(*grid(4, oneway="forward"), (Road("main"), line((3, 3), (0, 3))))
NEAREST: dict[str, Nearest] = {"roads": RoadNearest(GRAPH), "lines": StraightNearest(PROFILES["foot"])}
PLACE = st.tuples(st.floats(-1, 5), st.floats(-1, 5)).map(lambda place: (place[0] * MILLI, place[1] * MILLI))
PLACES = st.lists(PLACE, min_size=1, max_size=6)
Places = list[tuple[float, float]]


def located(nearest: Nearest, places: Places) -> Located:
    return nearest.locate(*np.array(places, float).reshape(-1, 2).T)


@settings(max_examples=60, deadline=None)
@given(places=PLACES, sources=PLACES)
def test_over_roads_it_takes_what_routes_take(places: Places, sources: Places) -> None:
    roads = NEAREST["roads"]
    plain = RoadTravel(GRAPH, Dijkstra(GRAPH), Snapper(GRAPH)).matrix_s([*places, *sources])
    found = matrix(roads, located(roads, places), located(roads, sources)).astype(float)

    assert np.ceil(np.round(found, 3)).tolist() == plain[: len(places), len(places) :].tolist()


@pytest.mark.parametrize("name", NEAREST)
@settings(max_examples=30, deadline=None)
@given(places=PLACES, sources=PLACES, limit=st.floats(1, 200), by=st.sampled_from(Measure))
def test_the_least_of_a_row_is_the_way_to_the_nearest(
    name: str, places: Places, sources: Places, limit: float, by: Measure
) -> None:
    nearest = NEAREST[name]
    there, here = located(nearest, places), located(nearest, sources)
    found, best = matrix(nearest, there, here, by=by, limit=limit), nearest.search(there, here, by=by, limit=limit)
    least = best.seconds if by is Measure.TIME else best.metres

    assert found.min(axis=1) == pytest.approx(least, rel=1e-6, abs=1e-3)
    pairs = within(nearest, there, here, limit, by=by)
    again = np.full(found.shape, np.inf, np.float32)
    again[pairs.place, pairs.source] = pairs.cost
    assert np.array_equal(again, found)


def test_unknown_and_far_places_reach_nothing() -> None:
    nan = float("nan")
    for nearest in NEAREST.values():
        there = located(nearest, [(nan, 0.0), (0.0, 0.0)])
        assert np.isinf(matrix(nearest, there, there)).tolist() == [[True, True], [True, False]]
    roads = NEAREST["roads"]
    assert np.isinf(matrix(roads, located(roads, [(0.5, 0.5)]), located(roads, [(0.0, 0.0)]))).all()


def test_blocks_of_sources_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    roads = NEAREST["roads"]
    dots = located(roads, (np.random.default_rng(2).uniform(-1, 5, (12, 2)) * MILLI).tolist())
    whole, pairs = matrix(roads, dots, dots), within(roads, dots, dots, 40)
    monkeypatch.setattr(reaching, "_BLOCK_CELLS", 30)
    again = within(roads, dots, dots, 40)

    assert np.array_equal(matrix(roads, dots, dots), whole)
    assert again.place.tolist() == pairs.place.tolist()
    assert again.source.tolist() == pairs.source.tolist()


def test_nothing_is_within_reach_of_nothing() -> None:
    roads = NEAREST["roads"]
    none, one = located(roads, []), located(roads, [(0.0, 0.0)])

    assert matrix(roads, none, one).shape == (0, 1)
    assert matrix(roads, one, none).shape == (1, 0)
    assert len(within(roads, one, none, 10).place) == 0


def test_too_many_pairs_are_refused_before_they_are_computed() -> None:
    lines = NEAREST["lines"]
    many = Located(np.zeros(20_000), np.zeros(20_000), None)

    with pytest.raises(BadInput, match="20000 places times 20000 sources"):
        matrix(lines, many, many)
