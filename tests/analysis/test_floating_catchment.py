"""Competition for places, against a village of three checked by hand, PySAL's access, and the law of conservation."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.floating_catchment import (
    competition,
    equal_weights,
    gaussian_weights,
    step_weights,
    third_weights,
)

INF, NAN = np.inf, np.nan


def test_two_villages_share_one_library_and_the_third_has_none() -> None:
    times = np.array([[5.0], [15.0], [16.0]])
    found = competition(np.array([100.0]), np.array([30.0, 20.0, 40.0]), equal_weights(times, 15.0))
    assert found.competing.tolist() == [50.0]
    assert found.ratio.tolist() == [2.0]
    assert found.access.tolist() == [2.0, 2.0, 0.0]


def test_who_is_near_has_more_of_it_with_weights_of_the_way() -> None:
    times = np.array([[5.0], [20.0], [30.0]])
    found = competition(np.array([10.0]), np.array([10.0, 10.0, 10.0]), third_weights(times, 30.0))
    assert found.competing[0] == pytest.approx(10 * (1 + 0.68 + 0.22))
    assert found.access == pytest.approx(np.array([1, 0.68, 0.22]) * 10 / 19)


def test_bounds_belong_to_the_nearer_step_and_no_way_weighs_nothing() -> None:
    steps = step_weights(np.array([[0.0, 10.0, 10.1, 30.0, 30.1, INF, NAN]]), {30: 0.2, 10: 1.0})
    assert steps.tolist() == [[1.0, 1.0, 0.2, 0.2, 0.0, 0.0, 0.0]]
    assert gaussian_weights(np.array([[0.0, 30.0, 31.0, INF, NAN]]), 30.0, 15.0) == pytest.approx(
        np.array([[1.0, np.exp(-2), 0, 0, 0]])
    )


def test_unknown_people_neither_compete_nor_get_a_number_and_unknown_capacity_offers_nothing() -> None:
    found = competition(np.array([10.0, NAN]), np.array([5.0, NAN]), np.ones((2, 2)))
    assert found.competing.tolist() == [5.0, 5.0]
    assert found.access[0] == 2.0
    assert np.isnan(found.access[1])
    assert np.isnan(found.ratio[1])


def test_what_nobody_reaches_is_offered_to_nobody() -> None:
    found = competition(np.array([10.0, 7.0]), np.array([5.0, 0.0]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert np.isnan(found.ratio[1])
    assert found.access.tolist() == [2.0, 0.0]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    places, facilities = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    times = rng.uniform(0, 60, (places, facilities))
    times[rng.random(times.shape) < 0.2] = INF
    people = rng.integers(0, 500, places).astype(float)
    people[rng.random(places) < 0.1] = NAN
    return rng.uniform(1, 100, facilities), people, times


@given(worlds(), st.sampled_from(["equal", "thirds", "gaussian"]))
@settings(max_examples=60, deadline=None)
def test_access_summed_over_people_is_what_is_offered_where_anybody_comes(
    world: tuple[np.ndarray, np.ndarray, np.ndarray], kind: str
) -> None:
    capacity, people, times = world
    weights = {
        "equal": equal_weights(times, 30.0),
        "thirds": third_weights(times, 30.0),
        "gaussian": gaussian_weights(times, 30.0, 12.0),
    }[kind]
    found = competition(capacity, people, weights)
    offered = capacity[found.competing > 0].sum()
    assert np.nansum(found.access * people) == pytest.approx(offered)


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_one_more_facility_takes_nothing_from_anybody(world: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    capacity, people, times = world
    weights = third_weights(times, 30.0)
    fewer = competition(capacity[:-1], people, weights[:, :-1]).access
    more = competition(capacity, people, weights).access
    known = ~np.isnan(people)
    assert np.all(more[known] >= fewer[known] - 1e-12)


def _tables(
    capacity: np.ndarray, people: np.ndarray, times: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    places, facilities = times.shape
    costs = pd.DataFrame(
        {
            "origin": np.repeat(np.arange(places), facilities),
            "dest": np.tile(np.arange(facilities), places),
            "cost": times.ravel(),
        }
    )
    demand = pd.DataFrame({"geoid": np.arange(places), "people": people})
    supply = pd.DataFrame({"geoid": np.arange(facilities), "capacity": capacity})
    return demand, supply, costs[np.isfinite(costs.cost)]


def _known_world() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    times = rng.uniform(1, 50, (80, 15))
    times[rng.random(times.shape) < 0.1] = INF
    return rng.integers(1, 60, 15).astype(float), rng.integers(1, 3_000, 80).astype(float), times


@pytest.mark.parametrize("kind", ["two_stage", "enhanced"])
def test_it_is_what_the_package_access_computes(kind: str) -> None:
    access = pytest.importorskip("access", reason="the PySAL package access is not installed here")
    capacity, people, times = _known_world()
    demand, supply, costs = _tables(capacity, people, times)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = access.Access(
            demand_df=demand, demand_index="geoid", demand_value="people",
            supply_df=supply, supply_index="geoid", supply_value="capacity",
            cost_df=costs, cost_origin="origin", cost_dest="dest", cost_name="cost",
        )  # fmt: skip
        if kind == "two_stage":
            table = theirs.two_stage_fca(name="fca", max_cost=20)
            ours = competition(capacity, people, equal_weights(times, 20.0))
        else:
            table = theirs.enhanced_two_stage_fca(
                name="fca", weight_fn=access.weights.step_fn({10: 1, 20: 0.68, 30: 0.22})
            )
            ours = competition(capacity, people, third_weights(times, 30.0))
    expected = table["fca_capacity"].reindex(range(len(people))).fillna(0.0).to_numpy()
    np.testing.assert_allclose(ours.access, expected, rtol=1e-12)


def test_its_weights_are_those_of_the_package_access() -> None:
    weights = pytest.importorskip("access", reason="the PySAL package access is not installed here").weights
    times = np.linspace(0, 30, 61)
    steps, normal = weights.step_fn({10: 1, 20: 0.68, 30: 0.22}), weights.gaussian(9.0)
    assert step_weights(times, {10: 1, 20: 0.68, 30: 0.22}) == pytest.approx([steps(t) for t in times])
    assert gaussian_weights(times, 30.0, 9.0) == pytest.approx([normal(t) for t in times])
