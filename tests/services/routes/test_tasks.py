"""Requests laid out for the search: who may visit what, places, and what no road reaches."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from geoapp.domain.errors import BadInput
from geoapp.routing.roads import Road
from geoapp.services.routes.tasks import again, laid, may
from tests.routing.toy_roads import line, travel_over
from tests.services.routes.toy_requests import DAY, STRAIGHT, asked, stop, team, town

NEXT, BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("asked_for", "goes", "forbidden"),
    [
        ({}, {}, None),
        ({"team": "A"}, {}, None),
        ({"team": "B"}, {}, "team"),
        ({"skills": ("lift",)}, {"skills": ("lift", "gas")}, None),
        ({"skills": ("lift", "gas")}, {"skills": ("lift",)}, "skills"),
        ({"township": "W"}, {"townships": ("W", "E")}, None),
        ({"township": "N"}, {"townships": ("W", "E")}, "townships"),
        ({}, {"townships": ("W",)}, "townships"),
        ({"date": NEXT}, {}, "dates"),
        ({"not_before": NEXT}, {}, "dates"),
        ({"not_before": DAY, "deadline": DAY}, {}, None),
        ({"deadline": BEFORE}, {}, "dates"),
    ],
)
def test_what_a_team_may_visit(asked_for: dict, goes: dict, forbidden: str | None) -> None:
    assert may(stop("a", 1, **asked_for), team(**goes), DAY) == forbidden


def test_a_visit_takes_its_service_and_the_walk_there_and_back() -> None:
    problem = laid(asked(stop("a", 10, service_min=10.5, walk_min=2, value=0.25, windows=(("09:00", "10:00"),))),
                   STRAIGHT)  # fmt: skip
    (one,) = problem.task.stops

    assert (one.service_s, one.value, one.must, one.windows) == (870, 250, False, ((32_400, 36_000),))


def test_what_is_worth_little_is_not_worth_nothing() -> None:
    problem = laid(asked(stop("a", 10, value=0.0001), stop("b", 10, value=0.0)), STRAIGHT)

    assert [one.value for one in problem.task.stops] == [1, 0]


def test_what_is_pinned_or_of_a_tour_is_a_must() -> None:
    def must(**more: object) -> bool:
        return laid(asked(stop("a", 10, **more)), STRAIGHT).task.stops[0].must

    assert (must(), must(must=True), must(pinned=True)) == (False, True, True)
    assert laid(asked(stop("a", 10), mode="all"), STRAIGHT).task.stops[0].must


def test_stops_at_one_place_share_its_travel() -> None:
    problem = laid(asked(stop("a", 10), stop("b", 10), stop("c", 0)), STRAIGHT)

    assert problem.task.travel_s.tolist() == [[0, 600], [600, 0]]
    assert [one.place for one in problem.task.stops] == [0, 0, 1]


def test_teams_go_out_every_day_and_only_where_they_may() -> None:
    two = asked(stop("a", 10, date=DAY), stop("b", 20), dates=(DAY, NEXT))
    problem = laid(two, STRAIGHT)

    assert [(who.id, day) for who, day in problem.teams] == [("A", DAY), ("A", NEXT)]
    assert [one.allowed for one in problem.task.teams] == [None, frozenset({1})]


def test_a_stop_in_a_lake_is_put_aside_with_its_distance_to_the_road() -> None:
    """The road runs along the equator; 0.01 degrees are 1.1 km."""
    travel = travel_over((Road("main"), line((0, 0), (10, 0))))
    there, lake = (replace(stop(id, 0), lon=0.005, lat=lat) for id, lat in (("a", 0.001), ("lake", 0.01)))
    problem = laid(asked(lake, there), travel)

    assert [one.id for one in problem.stops] == ["a"]
    assert problem.off_road == pytest.approx({"lake": 1_113.2}, abs=1)


def test_a_depot_on_an_island_is_refused() -> None:
    with pytest.raises(BadInput, match=r"Team A cannot begin or end at 1\.00000, 1\.00000: the nearest road"):
        laid(asked(stop("a", 1), teams=(team(start=(1.0, 1.0)),)), town()[0])


def test_an_end_on_an_island_is_refused_too() -> None:
    with pytest.raises(BadInput, match="cannot begin or end"):
        laid(asked(stop("a", 1), teams=(team(end=(1.0, 1.0)),)), town()[0])


def test_another_team_from_the_same_place_needs_no_new_travel() -> None:
    request = asked(stop("a", 10), stop("b", 20))
    more = replace(request, teams=(*request.teams, team("B", ("08:00", "09:00"))))
    fast, slow = again(laid(request, STRAIGHT), more), laid(more, STRAIGHT)

    assert np.array_equal(fast.task.travel_s, slow.task.travel_s)
    assert (fast.task.stops, fast.task.teams, fast.teams) == (slow.task.stops, slow.task.teams, slow.teams)


def test_days_are_dates() -> None:
    assert may(stop("a", 1, deadline=date(2026, 11, 24)), team(), date(2026, 11, 24)) is None
