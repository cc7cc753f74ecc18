"""Points drawn from the sites of a district: quotas, risk in numbers that can be checked by hand, and what is short."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.routes.sampling import Sample, SamplingRule, sample_sites, weight
from tests.conftest import NOW, feature, problem, toy_layers, toy_tables

MARKETS, PARKS = 12, 8


def sites() -> list[dict[str, Any]]:
    """In the west 12 parks and 8 squares; in the east 3 parks; one site without a place."""
    west = [feature(f"W{at:02}", (0.1 + at / 100, 0.3), name=f"W{at}", kind="park" if at < MARKETS else "square")
            for at in range(MARKETS + PARKS)]  # fmt: skip
    east = [feature(f"E{at}", (1.3 + at / 100, 0.3), name=f"E{at}", kind="park") for at in range(3)]
    return [*west, *east, feature("N", None, name="N", kind="park", position_precision="none")]


def visit(site: str, days: int) -> dict[str, Any]:
    moment = (NOW - timedelta(days=days)).isoformat()
    return feature(f"C{site}{days}", (0.1, 0.3), name=site, site_id=site, round_id="R1", visited_at=moment,
                   outcome="clean")  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Any:
    layers = toy_layers() | {
        "sites": sites(),
        "visits": [visit("W00", 10), visit("W00", 45), visit("W01", 400)],
        "problems": [
            problem("1", (0.12, 0.3), "02", "reported", found="02", site_id="W02", severity="severe"),
            problem("2", (0.12, 0.3), "02", "assigned", found="02", site_id="W02"),
            problem("3", (0.12, 0.3), "02", "closed", found="02", site_id="W02", severity="severe"),
        ],
    }
    opened = services.found(tmp_path / "town", layers, toy_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


def drawn(town: services.District, selection: Selection | None = None, **rule: Any) -> Sample:
    return sample_sites(town, selection or Selection(), Scope.FULL, SamplingRule(**rule))


def counts(found: Sample) -> dict[tuple[str | None, str], int]:
    return dict(Counter((point.township, point.kind) for point in found.points))


def test_each_township_gives_its_points_shared_out_over_its_kinds(town: services.District) -> None:
    """5 of 12 parks and 8 squares are 3 and 2; of three parks all."""
    found = drawn(town, per_township=5)

    assert counts(found) == {("W", "park"): 3, ("W", "square"): 2, ("E", "park"): 3}
    assert found.short == {"E": 2}
    assert (found.available, found.unplaced) == (23, 1)


def test_a_total_is_shared_out_by_how_many_points_there_are(town: services.District) -> None:
    """10 over 20 and 3 points: 8.7 and 1.3 are 9 and 1."""
    found = drawn(town, total=10)

    assert Counter(point.township for point in found.points) == {"W": 9, "E": 1}


def test_kinds_have_quotas_of_their_own_and_what_is_missing_is_said(town: services.District) -> None:
    found = drawn(town, kinds=(("square", 3),))

    assert counts(found) == {("W", "square"): 3}
    assert [(cell.township, cell.kind, cell.wanted, cell.available, cell.drawn) for cell in found.cells] == [
        ("E", "square", 3, 0, 0), ("W", "square", 3, 8, 3),
    ]  # fmt: skip
    assert found.short == {"E": 3}


def test_kinds_and_a_number_a_township_go_together(town: services.District) -> None:
    """Where a kind is missing, other kinds make up the number of the township."""
    assert counts(drawn(town, per_township=6, kinds=(("square", 4),))) == {
        ("W", "square"): 4, ("W", "park"): 2, ("E", "park"): 3,
    }  # fmt: skip


def test_a_selection_is_drawn_from(town: services.District) -> None:
    assert {point.township for point in drawn(town, Selection(township=("E",))).points} == {"E"}


def test_why_a_point_weighs_what_it_weighs(town: services.District) -> None:
    """10 days are a third of a part of 30; never and 400 days are 6 parts; severe 8 and minor 1 open."""
    found = {point.id: point for point in drawn(town, per_township=100).points}

    assert (found["W00"].days, found["W00"].weight) == (10, pytest.approx(1 + 1 / 3, abs=1e-3))
    assert (found["W01"].days, found["W01"].weight) == (400, 7.0)
    assert (found["W02"].days, found["W02"].problems) == (None, {"severe": 1, "minor": 1})
    assert found["W02"].weight == 1 + 6 + 9
    assert weight(None, {}, 2, SamplingRule(days=0.0, risk=0.5)) == 1 + 0.5 * 4


def test_points_at_risk_are_drawn_more_often(town: services.District) -> None:
    seen = Counter(point.id for seed in range(400) for point in drawn(town, kinds=(("park", 2),), seed=seed).points)

    # W02 weighs 16, W03 weighs 7, W00 1.3: of twelve parks two are drawn.
    assert seen["W02"] > 1.5 * seen["W03"] > 3 * seen["W00"]


def test_never_visited_points_come_first_where_that_is_wanted(town: services.District) -> None:
    found = drawn(town, kinds=(("park", 10),), never_first=True)

    assert "W00" not in {point.id for point in found.points}
    assert all(point.days is None for point in found.points if point.township == "W")


def test_the_same_seed_draws_the_same(town: services.District) -> None:
    one, other = (drawn(town, per_township=5, seed=9).points for _ in range(2))

    assert one == other
    assert drawn(town, per_township=5, seed=10).points != one


@pytest.mark.parametrize("rule", [{"per_township": 1, "total": 2}, {"total": 1_001}, {"kinds": (("park", -1),)},
                                  {"risk": -1.0}])  # fmt: skip
def test_rules_that_mean_nothing_are_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        SamplingRule(**rule)


def test_a_district_without_sites_gives_an_empty_sample(town: services.District) -> None:
    found = drawn(town, Selection(kind=("nothing",)))

    assert (found.points, found.cells, found.available) == ((), (), 0)
