"""Which problems have come back: against plain numpy, scipy and geopandas."""

import os
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from scipy.spatial import cKDTree

from geoapp.analysis.records import ABSENT, Problems
from geoapp.analysis.relapse import RELAPSE_M, metres_per_degree, relapsed
from geoapp.analysis.relapse_kernel import near_in_time
from tests.analysis.plain_relapse import plainly_relapsed
from tests.analysis.toy_problems import DAY, LAT, LON, Row, any_problems, problems

EARLIER = Row("closed", 0, rectified=10, subcategory=1, site=0, place=(0, 0))


def comes_back(*rows: Row) -> bool:
    """Whether the last row is a relapse."""
    toy = problems(list(rows))
    return bool(relapsed(toy, np.ones(len(toy), bool))[-1])


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (Row("reported", 20, subcategory=1, site=0), True),
        (Row("reported", 20, subcategory=1, place=(30, 39.99)), True),
        (Row("reported", 20, subcategory=1, place=(30, 40.01)), False),
        (Row("reported", 20, subcategory=2, site=0, place=(0, 0)), False),
        (Row("reported", 20, subcategory=1, site=1), False),
        (Row("reported", 40, subcategory=1, site=0), True),
        (Row("reported", 40.001, subcategory=1, site=0), False),
        (Row("reported", 10, subcategory=1, site=0), True),
        (Row("reported", 9.999, subcategory=1, site=0), False),
        (Row("reported", 20, site=0), False),
        (Row("reported", 20, subcategory=1), False),
        (Row("reported", None, subcategory=1, site=0), False),
    ],
)
def test_same_kind_same_place_and_thirty_days_make_a_relapse(later: Row, expected: bool) -> None:
    assert comes_back(EARLIER, later) is expected


@pytest.mark.parametrize("status", ["in_progress", "deferred", "rejected"])
def test_what_was_never_put_right_cannot_come_back(status: str) -> None:
    assert not comes_back(replace(EARLIER, status=status), Row("reported", 20, subcategory=1, site=0, place=(0, 0)))


@pytest.mark.parametrize("place", [None, (0.0, 0.0)])
def test_what_is_put_right_on_the_spot_is_no_relapse_of_itself_nor_of_its_twin(
    place: tuple[float, float] | None,
) -> None:
    on_the_spot = Row("closed", 10, rectified=10, subcategory=1, site=0, place=place)

    assert not comes_back(on_the_spot, on_the_spot)


def test_a_time_before_the_finding_makes_nobody_a_predecessor() -> None:
    assert not comes_back(replace(EARLIER, found=11), Row("reported", 20, subcategory=1, site=0, place=(0, 0)))


def test_a_predecessor_may_have_been_found_nobody_knows_when() -> None:
    assert comes_back(replace(EARLIER, found=None), Row("reported", 20, subcategory=1, site=0))


def test_only_what_is_asked_for_is_answered() -> None:
    toy = problems([EARLIER, *[Row("reported", 20, subcategory=1, site=0)] * 2])

    assert relapsed(toy, np.array([True, False, True])).tolist() == [False, False, True]


@given(any_problems(), st.data())
def test_the_answer_is_that_of_comparing_all_with_all(toy: Problems, data: st.DataObject) -> None:
    asked = np.array(data.draw(st.lists(st.booleans(), min_size=len(toy), max_size=len(toy))), bool)

    assert relapsed(toy, asked).tolist() == plainly_relapsed(toy, asked).tolist()


def crowded(n: int, *, seed: int, spread_m: float) -> Problems:
    """Problems around one spot, each with a place and half of them with a site; half a year, three subcategories."""
    chance = np.random.default_rng(seed)
    rows = [
        Row(
            "closed" if chance.random() < 0.7 else "reported",
            found := float(chance.uniform(0, 180)),
            rectified=found + float(chance.uniform(0, 20)),
            subcategory=int(chance.integers(3)),
            site=int(chance.integers(40)) if chance.random() < 0.5 else ABSENT,
            place=(float(chance.normal(0, spread_m)), float(chance.normal(0, spread_m))),
        )
        for _ in range(n)
    ]
    return problems(rows)


@pytest.mark.parametrize("spread_m", [0.0, 20.0, 400.0, 20_000.0])
def test_hundreds_at_one_spot_are_answered_alike(spread_m: float) -> None:
    toy = crowded(700, seed=3, spread_m=spread_m)
    asked = np.ones(len(toy), bool)

    assert relapsed(toy, asked).tolist() == plainly_relapsed(toy, asked).tolist()


def by_place_only(toy: Problems) -> Problems:
    return replace(toy, site=np.full(len(toy), ABSENT))


def in_metres(toy: Problems) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(toy.lon, toy.lat), crs=4490).to_crs(4548)


def recurs(toy: Problems, later: np.ndarray, earlier: np.ndarray) -> set[int]:
    """Of pairs that are near: the later ones whose kind and times make them relapses."""
    put_right, found = toy.rectified[earlier], toy.found[later]
    good = (toy.status[earlier] == 4) & (toy.subcategory[earlier] == toy.subcategory[later])
    return set(later[good & (put_right <= found) & (put_right >= found - 30 * DAY)].tolist())


def test_scipy_finds_the_same_neighbours() -> None:
    toy = by_place_only(crowded(600, seed=5, spread_m=300.0))
    metres = in_metres(toy)
    pairs = cKDTree(np.column_stack([metres.x, metres.y])).query_pairs(RELAPSE_M, output_type="ndarray")
    both_ways = np.concatenate([pairs, pairs[:, ::-1]])
    found = relapsed(toy, np.ones(len(toy), bool))

    assert set(np.flatnonzero(found).tolist()) == recurs(toy, *both_ways.T)
    assert 50 < found.sum() < 550


def test_geopandas_finds_the_same_neighbours() -> None:
    toy = by_place_only(crowded(600, seed=6, spread_m=300.0))
    frame = gpd.GeoDataFrame(geometry=in_metres(toy))
    joined = gpd.sjoin(frame, frame, predicate="dwithin", distance=RELAPSE_M)
    apart = joined[joined.index != joined["index_right"]]
    found = relapsed(toy, np.ones(len(toy), bool))

    expected = recurs(toy, apart.index.to_numpy(), apart["index_right"].to_numpy())
    assert set(np.flatnonzero(found).tolist()) == expected


@given(st.floats(-80, 80), st.floats(0, 360))
def test_fifty_metres_are_fifty_metres_on_the_ellipsoid(lat: float, azimuth: float) -> None:
    lon, there, _ = Geod(ellps="WGS84").fwd(LON, lat, azimuth, RELAPSE_M)
    east, north = metres_per_degree(np.array([lat]))[0]

    assert np.hypot((lon - LON) * east, (there - lat) * north) == pytest.approx(RELAPSE_M, abs=0.002)


def test_no_problem_at_all_is_no_relapse() -> None:
    assert relapsed(problems([]), np.zeros(0, bool)).tolist() == []


def test_the_kernel_says_the_same_without_its_compiler() -> None:
    code = (
        "import numpy as np; from geoapp.analysis.relapse_kernel import near_in_time as near;"
        "chance = np.random.default_rng(1); points = chance.integers(0, 6, (60, 4)).astype(float);"
        "asked = chance.integers(0, 6, (40, 5)).astype(float);"
        "print(near(points, asked, np.ones((40, 2)), reach_m=1.0).tolist())"
    )
    plain = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    chance = np.random.default_rng(1)
    points = chance.integers(0, 6, (60, 4)).astype(float)
    asked = chance.integers(0, 6, (40, 5)).astype(float)
    compiled = near_in_time(points, asked, np.ones((40, 2)), reach_m=1.0).tolist()

    assert plain.stdout.strip() == str(compiled)
    assert set(compiled) == {True, False}


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 4), max_size=40), st.lists(st.tuples(*[st.integers(0, 4)] * 5)))
def test_the_tree_finds_what_a_look_at_every_point_finds(
    points: list[tuple[int, ...]], asked: list[tuple[int, ...]]
) -> None:
    where = np.array(points, float).reshape(-1, 4)
    questions = np.array(asked, float).reshape(-1, 5)
    expected = [
        any(group == g and (x - lon) ** 2 + (y - lat) ** 2 <= 4 and first <= time <= last for g, x, y, time in points)
        for group, lon, lat, first, last in asked
    ]

    assert near_in_time(where, questions, np.ones((len(asked), 2)), reach_m=2.0).tolist() == expected


def test_the_toy_plane_lies_where_it_says() -> None:
    toy = problems([Row("reported", place=(300, 400))])
    _, _, metres = Geod(ellps="WGS84").inv(LON, LAT, toy.lon[0], toy.lat[0])

    assert metres == pytest.approx(500, abs=0.05)
