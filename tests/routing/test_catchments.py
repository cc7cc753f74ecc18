"""Catchments by hand on a few streets, and against the time from every point of every road."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoapp.routing.catchments import Stretches, catchment, catchments, lines, reached
from geoapp.routing.graph import Graph
from geoapp.routing.nearest import Measure, RoadNearest, State
from geoapp.routing.nearest_straight import StraightNearest
from geoapp.routing.profiles import PROFILES
from geoapp.routing.reaching_lines import pieces_of, polylines
from geoapp.routing.roads import Road
from tests.routing.toy_roads import MILLI, graph_of, grid, line

Places = list[tuple[float, float]]
BLOCK_M = 111.32
GEOD = Geod(ellps="WGS84")
PLACE = st.tuples(st.floats(-1, 5), st.floats(-1, 5))
GRAPHS = {
    oneway: graph_of(*grid(4, oneway=oneway), (Road("main"), line((3, 3), (0, 3)))) for oneway in (None, "forward")
}


def by_road(graph: Graph, sources: Places, limit: float, by: Measure = Measure.METRES) -> Stretches:
    roads = RoadNearest(graph)
    return reached(roads.spread(roads.locate(*(np.array(sources) * MILLI).T), by=by, limit=limit))


def length_m(graph: Graph, stretches: Stretches) -> float:
    return sum(GEOD.geometry_length(shape) for shape in lines(graph.network, stretches))


def test_a_street_is_reached_both_ways_as_far_as_the_limit_goes() -> None:
    graph = graph_of((Road("main"), line((0, 0), (5, 0), (10, 0))))
    found = by_road(graph, [(4, 0)], 2.5 * BLOCK_M)

    assert found.begin == pytest.approx([0.15], abs=1e-3)
    assert found.end == pytest.approx([0.65], abs=1e-3)
    drawn = lines(graph.network, found)[0]
    assert np.array(drawn.coords) / MILLI == pytest.approx(np.array([(1.5, 0), (5, 0), (6.5, 0)]), abs=0.01)


def test_a_one_way_street_is_reached_from_behind_the_source_only() -> None:
    ends = [(Road("main"), line((0, 0), (0, 1), (10, 1), (10, 0)))]
    graph = graph_of((Road("main", oneway="forward"), line((0, 0), (10, 0))), *ends)
    found = by_road(graph, [(4, 0)], 2.5 * BLOCK_M)

    assert (found.begin, found.end) == (pytest.approx([0.15], abs=1e-3), pytest.approx([0.4], abs=1e-3))


def test_a_road_between_two_reached_ends_is_cut_from_both() -> None:
    """A loop of eight blocks: three of them on either side of the source, and the rest is not reached."""
    graph = graph_of(
        (Road("main"), line((0, 0), (2, 0), (2, 2), (0, 2), (0, 0))), (Road("main"), line((0, 0), (-1, 0)))
    )
    found = by_road(graph, [(-1, 0)], 4 * BLOCK_M)
    loop = int(np.argmax(graph.network.length_m))

    assert found.begin[found.piece == loop] == pytest.approx([0, 5 / 8], abs=0.01)
    assert found.end[found.piece == loop] == pytest.approx([3 / 8, 1], abs=0.01)
    assert length_m(graph, found) == pytest.approx(7 * BLOCK_M, rel=0.01)


def test_what_lies_inside_a_reached_ring_is_not_reached_itself() -> None:
    graph = graph_of(
        (Road("main"), line((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))), (Road("main"), line((0, 0), (-1, 0)))
    )
    roads = RoadNearest(graph)
    here = roads.locate(np.zeros(1), np.zeros(1))
    shape = catchment(roads, here, 1e6, by=Measure.METRES)

    assert shape.geom_type == "Polygon"
    assert shape.is_valid
    assert len(shape.interiors) == 1
    assert not shape.contains(shapely.Point(5 * MILLI, 5 * MILLI))
    assert shape.contains(shapely.Point(5 * MILLI, 0.5 * MILLI))


@settings(max_examples=60, deadline=None)
@given(sources=st.lists(PLACE, min_size=1, max_size=4), limit=st.floats(0, 900), oneway=st.sampled_from([*GRAPHS]),
       by=st.sampled_from(Measure))  # fmt: skip
def test_a_point_of_a_road_is_reached_if_its_way_is_within_the_limit(
    sources: Places, limit: float, oneway: str | None, by: Measure
) -> None:
    graph = GRAPHS[oneway]
    roads, net = RoadNearest(graph), graph.network
    found = by_road(graph, sources, limit, by)
    pieces, shares = np.repeat(np.arange(len(net.tail)), 21), np.tile(np.linspace(0.011, 0.989, 21), len(net.tail))
    dots = roads.locate(*pieces_of(net).at(pieces, shares * net.length_m[pieces]).T)
    whole = roads.search(dots, roads.locate(*(np.array(sources) * MILLI).T), by=by)
    cost = whole.seconds if by is Measure.TIME else whole.metres
    inside = np.array([
        bool(((found.piece == piece) & (found.begin <= share) & (share <= found.end)).any())
        for piece, share in zip(dots.on.piece, dots.on.share, strict=True)  # type: ignore[union-attr]
    ])  # fmt: skip
    # Whole milliseconds and millimetres are rounded along the way.
    clear = np.abs(cost - limit) > 0.02

    assert (inside[clear] == (cost <= limit)[clear]).all()
    order = np.lexsort((found.begin, found.piece))
    assert order.tolist() == list(range(len(found)))
    assert (found.begin[1:][np.diff(found.piece) == 0] > found.end[:-1][np.diff(found.piece) == 0]).all()


@settings(max_examples=20, deadline=None)
@given(sources=st.lists(PLACE, min_size=1, max_size=4), limit=st.floats(10, 500))
def test_all_catchments_together_are_the_catchment_of_all(sources: Places, limit: float) -> None:
    roads = RoadNearest(GRAPHS["forward"])
    here = roads.locate(*(np.array(sources) * MILLI).T)
    whole = catchment(roads, here, limit, by=Measure.METRES)
    alone = shapely.union_all(catchments(roads, here, limit, by=Measure.METRES))

    assert whole.is_valid
    # Round corners have a few sides only, each shape its own.
    assert whole.symmetric_difference(alone).area <= 0.01 * whole.area


def test_a_source_is_in_its_own_catchment_however_it_lies_to_the_road() -> None:
    roads = RoadNearest(GRAPHS[None])
    dots = np.array([(1, 1), (1.5, 1), (0.5, -3), (-0.5, 3)]) * MILLI
    shapes = catchments(roads, roads.locate(*dots.T), 60)

    assert shapely.contains_xy(shapes, *dots.T).all()


def test_from_nowhere_and_with_no_time_nothing_is_reached() -> None:
    roads = RoadNearest(GRAPHS[None])
    far = roads.locate(np.array([50.0]) * MILLI, np.array([50.0]) * MILLI)

    assert catchment(roads, far, 900).is_empty
    assert catchment(roads, far.part(0, 0), 900).is_empty
    assert [shape.is_empty for shape in catchments(roads, far, 900)] == [True]
    assert len(reached(roads.spread(far, limit=900))) == 0


def test_without_roads_catchments_are_circles() -> None:
    straight = StraightNearest(PROFILES["foot"])
    here = straight.locate(np.array([116.6, 116.61, np.nan]), np.array([40.3, 40.3, 40.3]))
    one, other, unknown = catchments(straight, here, 900)
    edge = GEOD.inv(*np.repeat([[116.6], [40.3]], 65, axis=1), *np.array(one.exterior.coords).T)[2]

    assert edge == pytest.approx(900 * 1.25 / 1.3, rel=1e-4)
    assert unknown.is_empty
    whole = catchment(straight, here, 900)
    assert whole.area == pytest.approx(one.union(other).area)
    inside = straight.locate(np.full(40, 116.62), np.linspace(40.28, 40.32, 40))
    reach = straight.search(inside, here, limit=900).state == State.REACHED
    assert (shapely.contains_xy(whole, inside.lon, inside.lat) == reach).mean() > 0.95


def test_lines_that_touch_are_one_and_what_is_no_line_has_none() -> None:
    several = shapely.MultiLineString([[(0, 0), (1, 0)], [(1, 0), (2, 0)], [(3, 0), (4, 0)]])
    none, one = shapely.LineString([(0, 0), (0, 0)]), shapely.LineString([(0, 0), (0, 1)])
    shapes = [several, shapely.Point(0, 0), None, none, one]
    found, owner = polylines(shapes)

    assert owner.tolist() == [0, 0, 4]
    assert sorted(found.length_m) == pytest.approx(sorted([222_639, 111_319.5, 110_574]), abs=1)
    assert len(polylines([])[0]) == 0
