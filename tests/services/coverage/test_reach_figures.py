"""Figures of a reach: four villages in a row by hand, and what a curve can never do."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage import reach_figures as figures
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach, State
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened
from tests.services.coverage.toy_siting import row_layers

ASKED = CoverageQuestion(kind=("library",), minutes=60, demand="villages")


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    """Four villages in a row; not to be changed."""
    with opened(Path(tmp_path_factory.mktemp("row")), row_layers()) as district:
        yield district


def answer(row: services.District, **changed: object) -> Reach:
    return reach(row, replace(ASKED, **changed), Scope.FULL)  # type: ignore[arg-type]


def test_each_facility_serves_those_it_is_nearest_to_and_nobody_twice(row: services.District) -> None:
    found = answer(row, pin=((0.07, 0.05),))
    served = figures.served_by(found)

    assert [(one.places, one.people) for one in served] == [(2, 1_300.0), (2, 700.0)]
    assert sum(one.places for one in served) == len(found.demand)


def test_of_some_who_go_to_a_facility_nobody_may_know_how_many_they_are(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"][0]["properties"].pop("population")
    layers["villages"][1]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        (served,) = figures.served_by(reach(district, CoverageQuestion(kind=("library",)), Scope.FULL))
    assert served == figures.Served(places=4, people=1_700, unknown=1)


def test_both_norms_together_speak_of_every_listed_place(row: services.District) -> None:
    found = answer(row)
    built_up, villages = figures.two_norms(found)

    assert built_up.places + villages.places == int(found.demand.listed.sum()) == 4
    assert built_up.kept + villages.kept == int(found.norm.sum())
    assert (built_up.share, built_up.people_share) == (None, None)
    assert (villages.people, villages.people_kept) == (2_000, 1_300)


def test_the_farthest_come_first_and_those_without_a_way_before_them(row: services.District) -> None:
    order = figures.farthest_first(answer(row))
    assert answer(row).demand.names[order[0]] == "D村"
    cut_off = answer(row)
    lost = replace(cut_off, seconds=np.where(np.arange(4) == 0, np.nan, cut_off.seconds))
    assert figures.farthest_first(lost)[0] == 0
    assert figures.in_state(cut_off, State.TOO_FAR_FROM_A_ROAD) == []
    away = replace(lost, state=np.where(np.arange(4) == 0, State.TOO_FAR_FROM_A_ROAD, lost.state))
    assert figures.farthest_first(away)[-1] == 0
    assert figures.in_state(away, State.TOO_FAR_FROM_A_ROAD) == [0]


def test_without_a_facility_there_is_no_curve_and_nobody_is_served(row: services.District) -> None:
    found = answer(row, closed=("F1",))
    assert figures.minutes_curve(found) is None
    assert figures.served_by(found) == ()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.just(float("nan")), st.floats(1, 20_000)), min_size=4, max_size=4))
def test_a_curve_rises_from_nothing_and_never_beyond_those_who_arrive(
    row: services.District, seconds: list[float]
) -> None:
    way = np.array(seconds)
    curve = figures.minutes_curve(replace(answer(row), seconds=way))
    people = answer(row).demand.people
    if curve is None:
        assert not np.isfinite(way).any()
        return
    arrived = float(people[np.isfinite(way)].sum() / people.sum())

    assert np.all(np.diff(curve.shares) >= 0)
    assert 0 <= curve.shares[0] <= curve.shares[-1] <= arrived + 1e-12
    # At any step it is the plain count.
    middle = len(curve.minutes) // 2
    plain = people[np.nan_to_num(way, nan=np.inf) / 60 <= curve.minutes[middle]].sum() / people.sum()
    assert curve.shares[middle] == pytest.approx(plain)


def test_where_all_arrive_the_curve_ends_at_all_of_them_and_no_more(tmp_path: Path) -> None:
    ends = []
    for residents in (777, 1_000, 5_555):
        layers = row_layers()
        layers["townships"][0]["properties"]["population"] = residents
        layers["villages"] = [
            feature(f"V{one}", (0.01 + one * 1e-4, 0.05), name=f"{one}村", code=f"V{one}", kind="village")
            for one in range(31)
        ]
        with opened(tmp_path / str(residents), layers) as district:
            curve = figures.minutes_curve(reach(district, ASKED, Scope.FULL))
        assert curve is not None
        ends.append(float(curve.shares[-1]))
    assert ends == [1.0, 1.0, 1.0]
