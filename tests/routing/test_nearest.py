"""The nearest source over roads: by hand in a small town, and against Dijkstra from every origin, and scipy's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.config import Config
from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.graph import Graph
from geoapp.routing.nearest import Found, Measure, RoadNearest, State
from geoapp.routing.profiles import WALKING_KMH
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import REACH_M, RoadTravel
from geoapp.services.routes.travelling import graph_of as graph_of_district
from tests.routing.nearest_by_scipy import places_ms
from tests.routing.toy_roads import MILLI, graph_of, grid, line

Places = list[tuple[float, float]]
BLOCK_M = 111.32
BLOCK_S = BLOCK_M / (45 / 3.6)
PLACE = st.tuples(st.floats(-1, 5), st.floats(-1, 5)).map(lambda place: (place[0] * MILLI, place[1] * MILLI))
PLACES = st.lists(PLACE, min_size=1, max_size=6)
WAYS = st.sampled_from([None, "forward", "backward"])


def at(x: float, y: float) -> tuple[float, float]:
    return x * MILLI, y * MILLI


@cache
def town(oneway: str | None = None) -> Graph:
    return graph_of(*grid(4, oneway=oneway), (Road("main"), line((3, 3), (0, 3))))


def nearest(graph: Graph, places: Places, sources: Places, **how: object) -> Found:
    roads = RoadNearest(graph)
    there, here = (roads.locate(*np.array(some, float).reshape(-1, 2).T) for some in (places, sources))
    return roads.search(there, here, **how)  # type: ignore[arg-type]


def test_each_place_goes_to_the_nearer_of_two_sources() -> None:
    found = nearest(town(), [at(0, 1.5), at(3, 2), at(1, 1)], [at(0, 0), at(3, 3)])

    assert found.nearest.tolist() == [0, 1, 0]
    assert found.seconds == pytest.approx(np.array([1.5, 1, 2]) * BLOCK_S, rel=0.01)
    assert found.metres == pytest.approx(np.array([1.5, 1, 2]) * BLOCK_M, rel=0.01)
    assert found.state.tolist() == [State.REACHED] * 3


def test_people_go_to_the_source_and_not_the_other_way_round() -> None:
    """On a one-way street from west to east the source behind is far, the one ahead is near."""
    found = nearest(town("forward"), [at(1.5, 1), at(1.5, 1)], [at(1.2, 1), at(2.5, 1)])

    assert found.nearest.tolist() == [1, 1]
    assert found.seconds == pytest.approx([BLOCK_S] * 2, rel=0.01)


def test_the_source_behind_on_a_one_way_street_is_reached_round_the_block() -> None:
    found = nearest(town("forward"), [at(1.5, 1)], [at(1.2, 1)])

    assert found.metres[0] == pytest.approx(9.7 * BLOCK_M, rel=0.01)


def test_the_walks_at_both_ends_count() -> None:
    found = nearest(graph_of((Road("main"), line((0, 0), (10, 0)))), [at(2, 1)], [at(4, -2)])

    assert found.metres[0] == pytest.approx(5 * BLOCK_M, rel=0.01)
    assert found.seconds[0] == pytest.approx(2 * BLOCK_S + 3 * BLOCK_M / WALKING_KMH * 3.6, rel=0.01)


def test_of_equally_near_sources_the_first_is_named() -> None:
    sources = [at(0, 2), at(0, 0), at(2, 1), at(0, 0)]

    assert nearest(town(), [at(0, 1), at(0, 0.5)], sources).nearest.tolist() == [0, 1]


def test_who_is_where_a_source_is_has_no_way_at_all() -> None:
    found = nearest(town(), [at(0.5, 0.3), at(40, 40)], [at(2, 2), at(0.5, 0.3), at(40, 40)])

    assert found.seconds.tolist() == [0, 0]
    assert found.metres.tolist() == [0, 0]
    assert found.nearest.tolist() == [1, 2]


def test_too_far_from_a_road_is_something_else_than_without_a_source() -> None:
    places = [at(1, 1), at(50, 50), (float("nan"), 0.0)]
    none, far = nearest(town(), places, []), nearest(town(), places, [at(0, 0), at(60, 60)])

    assert none.state.tolist() == [State.UNREACHABLE, State.TOO_FAR, State.UNKNOWN]
    assert far.state.tolist() == [State.REACHED, State.TOO_FAR, State.UNKNOWN]
    assert np.isinf(none.seconds[0])
    assert np.isnan(far.seconds[1:]).all()
    assert np.isnan(far.metres[1:]).all()
    assert far.nearest.tolist() == [0, -1, -1]


def test_a_source_too_far_from_a_road_is_nobodys_nearest() -> None:
    found = nearest(town(), [at(3, 3)], [at(3 + REACH_M / BLOCK_M * 1.1, 3), at(0, 0)])

    assert found.nearest.tolist() == [1]


def test_without_any_road_everybody_is_too_far() -> None:
    found = nearest(graph_of((Road("steps"), line((0, 0), (1, 0)))), [at(0, 0), at(1, 0)], [at(2, 0)])

    assert found.state.tolist() == [State.TOO_FAR] * 2


def test_what_is_beyond_the_limit_is_told_from_what_cannot_be_reached() -> None:
    places = [at(0, 1), at(0, 3)]
    found = nearest(town(), places, [at(0, 0)], limit=2 * BLOCK_S)

    assert found.state.tolist() == [State.REACHED, State.BEYOND]
    assert np.isinf(found.seconds[1])
    assert found.nearest.tolist() == [0, -1]
    assert nearest(town(), places, [at(0, 0)], limit=2 * BLOCK_M, by=Measure.METRES).state.tolist() == [0, State.BEYOND]


def test_the_shortest_way_is_not_always_the_fastest() -> None:
    roads = graph_of((Road("lane"), line((0, 0), (4, 0))), (Road("main"), line((0, 0), (0, 1), (4, 1), (4, 0))))
    fast, short = (nearest(roads, [at(0, 0)], [at(4, 0)], by=by) for by in (Measure.TIME, Measure.METRES))

    assert short.metres[0] == pytest.approx(4 * BLOCK_M, rel=0.01)
    assert fast.metres[0] == pytest.approx(6 * BLOCK_M, rel=0.01)
    assert short.seconds[0] == pytest.approx(4 * BLOCK_M / (20 / 3.6), rel=0.01)
    assert fast.seconds[0] < short.seconds[0]


def test_places_of_straight_lines_are_not_taken_for_places_by_roads() -> None:
    roads = RoadNearest(town())
    unlocated = roads.locate(np.zeros(1), np.zeros(1))

    with pytest.raises(TypeError, match="locate them by the roads"):
        roads.search(type(unlocated)(unlocated.lon, unlocated.lat, None), unlocated)


@settings(max_examples=60, deadline=None)
@given(places=PLACES, sources=PLACES, oneway=WAYS)
def test_every_time_is_that_of_dijkstra_from_every_origin(places: Places, sources: Places, oneway: str | None) -> None:
    graph = town(oneway)
    found = nearest(graph, places, sources)
    plain = RoadTravel(graph, Dijkstra(graph), Snapper(graph)).matrix_s([*places, *sources])
    plain = plain[: len(places), len(places) :]

    assert np.ceil(found.seconds).tolist() == plain.min(axis=1).tolist()
    assert plain[np.arange(len(places)), found.nearest].tolist() == plain.min(axis=1).tolist()


@settings(max_examples=60, deadline=None)
@given(places=PLACES, sources=PLACES, more=PLACE, oneway=WAYS, by=st.sampled_from(Measure))
def test_one_more_source_never_makes_a_way_longer(
    places: Places, sources: Places, more: tuple[float, float], oneway: str | None, by: Measure
) -> None:
    graph = town(oneway)
    before, after = (nearest(graph, places, some, by=by) for some in (sources, [*sources, more]))
    one, other = ((found.seconds if by is Measure.TIME else found.metres) for found in (before, after))

    assert (other <= one).all()
    assert (after.nearest[other == one] == before.nearest[other == one]).all()


@settings(max_examples=30, deadline=None)
@given(places=PLACES, sources=PLACES, order=st.randoms(use_true_random=False))
def test_in_which_order_sources_come_changes_no_way(places: Places, sources: Places, order: object) -> None:
    mixed = sources.copy()
    order.shuffle(mixed)  # type: ignore[attr-defined]

    assert nearest(town(), places, sources).seconds.tolist() == nearest(town(), places, mixed).seconds.tolist()


@settings(max_examples=20, deadline=None)
@given(places=PLACES, sources=PLACES)
def test_on_two_way_streets_it_is_as_far_there_as_back(places: Places, sources: Places) -> None:
    for place in places[:2]:
        one, other = (nearest(town(), *ways).metres[0] for ways in (([place], sources[:1]), (sources[:1], [place])))
        # Which of two equally fast ways is the shorter is the same, too.
        assert one == pytest.approx(other, abs=0.01)


def test_moving_everything_together_changes_nothing() -> None:
    roads = [(Road("main"), ((0, 0), (4, 0))), (Road("main", oneway="forward"), ((2, 0), (2, 3), (4, 0)))]
    places, sources = [at(0.5, 0.2), at(2, 1.5)], [at(3, 0.1), at(2, 2.5)]

    def moved(east: int) -> Found:
        graph = graph_of(*((rule, line(*((x + east, y) for x, y in dots))) for rule, dots in roads))
        return nearest(graph, *([(x + east * MILLI, y) for x, y in some] for some in (places, sources)))

    here, there = moved(0), moved(3_000)
    assert here.nearest.tolist() == there.nearest.tolist()
    assert here.seconds == pytest.approx(there.seconds, abs=0.01)
    assert here.metres == pytest.approx(there.metres, abs=0.05)


# --- a whole country -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def country(liechtenstein: Path) -> Iterator[services.District]:
    opened = services.open_district(Config(instance=liechtenstein))
    yield services.at_this_moment(opened)
    opened.close()


@pytest.mark.parametrize("profile", ["car", "foot"])
def test_a_country_is_reached_as_scipy_says(country: services.District, profile: str) -> None:
    graph, random = graph_of_district(country, profile), np.random.default_rng(5)
    roads = RoadNearest(graph)
    low, high = graph.network.vertices.min(axis=0), graph.network.vertices.max(axis=0)
    places, sources = (roads.locate(*random.uniform(low, high, (number, 2)).T) for number in (20_000, 60))
    found = roads.search(places, sources)

    assert np.array_equal(np.rint(found.seconds * 1_000), places_ms(graph, places, sources), equal_nan=True)
    assert 0.1 < np.mean(found.state == State.TOO_FAR) < 0.9


def test_a_country_is_reached_as_dijkstra_from_every_origin_says(country: services.District) -> None:
    graph, random = graph_of_district(country, "car"), np.random.default_rng(6)
    nodes = random.choice(len(graph.lon), 120, replace=False)
    dots = np.column_stack([graph.lon, graph.lat])[nodes] + random.normal(0, 3e-4, (120, 2))
    travel = RoadTravel(graph, Dijkstra(graph), Snapper(graph))
    plain = travel.matrix_s([(lon, lat) for lon, lat in dots.tolist()])[:100, 100:]
    found = nearest(graph, dots[:100].tolist(), dots[100:].tolist())

    assert np.ceil(found.seconds).tolist() == plain.min(axis=1).tolist()


SAME = """
import json
import numpy as np
from geoapp.routing.nearest import RoadNearest
from geoapp.routing.reaching import matrix
from tests.routing.toy_roads import graph_of, grid
roads = RoadNearest(graph_of(*grid(4, oneway="forward")[1:]))
places, sources = (roads.locate(*np.random.default_rng(3).uniform(-1e-3, 5e-3, (2, count))) for count in (30, 8))
found = roads.search(places, sources)
print(json.dumps([found.seconds.tolist(), found.metres.tolist(), found.nearest.tolist(),
                  matrix(roads, places, sources, limit=60).tolist()]))
"""


def test_compiled_and_plain_loops_find_the_same() -> None:
    plain, compiled = (
        json.loads(subprocess.run([sys.executable, "-c", SAME], env=os.environ | how, capture_output=True, text=True,
                                  check=True, cwd=Path(__file__).parents[2]).stdout)
        for how in ({"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}, {})
    )  # fmt: skip

    assert plain == compiled
