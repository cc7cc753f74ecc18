"""New boundaries: every point is assigned again, in one commit, or nothing happens."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.boundaries import change_boundaries
from geoapp.storage.ledger import Change
from tests.conftest import feature


def area(code: str, west: float, east: float, **more: Any) -> dict[str, Any]:
    ring = [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]
    place = {"type": "Polygon", "coordinates": [ring]}
    return feature(code, place, code=code, name=f"镇{code}", kind="town", **more)


def township_of(district: services.District, id: str) -> str | None:
    return services.details(services.at_this_moment(district), "problems", id, Scope.FULL)["properties"].get("township")


def test_a_moved_border_moves_the_points_between(district: services.District) -> None:
    # The border goes from 1 to 0.4: problems 1 and 2 at 0.5 change from W to E.
    told = change_boundaries(district, [area("W", 0, 0.4), area("E", 0.4, 2)], by="t", action="import new.geojson")

    assert told.moves[("problems", "W", "E")] == 2
    assert told.moves[("sites", "W", "E")] == 1
    assert (told.added, told.removed, told.changed) == ((), (), ("E", "W"))
    assert [township_of(district, id) for id in ("1", "3", "4")] == ["E", "E", "E"]
    assert len({commit.seq for commit, _ in district.store.history("problems", "1")}) == 2


def test_what_came_out_of_all_townships_has_the_nearest_one(district: services.District) -> None:
    change_boundaries(district, [area("W", 0, 0.4), area("E", 1.2, 2)], by="t", action="t")
    place = services.details(services.at_this_moment(district), "problems", "1", Scope.FULL)["properties"]

    assert "township" not in place
    assert place["nearest_township"] == "W"
    assert place["nearest_township_m"] == pytest.approx(11_130, rel=0.01)


def test_what_comes_back_inside_loses_its_nearest_one(district: services.District) -> None:
    change_boundaries(district, [area("W", 0, 0.4), area("E", 1.2, 2)], by="t", action="t")
    change_boundaries(services.at_this_moment(district), [area("W", 0, 1), area("E", 1, 2)], by="t", action="t")
    place = services.details(services.at_this_moment(district), "problems", "1", Scope.FULL)["properties"]

    assert place["township"] == "W"
    assert "nearest_township" not in place


def test_a_dry_run_tells_the_same_and_changes_nothing(district: services.District) -> None:
    new = [area("W", 0, 0.4), area("E", 0.4, 2)]
    before = district.store.follow()
    dry = change_boundaries(district, new, by="t", action="t", dry_run=True)

    assert dry.seq is None
    assert district.store.follow() == before
    wet = change_boundaries(district, new, by="t", action="t")
    assert (dict(wet.moves), wet.changed) == (dict(dry.moves), dry.changed)


def test_the_same_boundaries_again_change_nothing(district: services.District) -> None:
    new = [area("W", 0, 0.4), area("E", 0.4, 2)]
    change_boundaries(district, new, by="t", action="t")
    again = change_boundaries(services.at_this_moment(district), new, by="t", action="t")

    assert (again.seq, dict(again.moves), again.changed) == (None, {}, ())


def test_what_was_exported_with_its_overlay_changes_nothing_where_boundaries_are_schematic(
    district: services.District,
) -> None:
    zone = feature("Z", None, code="Z", name="开发区", name_en="Zone", kind="zone", overlay=True)
    schematic = [area("W", 0, 1), area("E", 1, 2), zone]
    change_boundaries(district, schematic, by="t", action="t", schematic=True)

    again = change_boundaries(services.at_this_moment(district), schematic, by="t", action="t", schematic=True)

    assert "schematic" not in services.details(
        services.at_this_moment(district), "townships", "Z", Scope.FULL
    )["properties"]  # fmt: skip
    assert again.changed == ()


def test_known_facts_stay_and_overlays_too(district: services.District) -> None:
    change_boundaries(district, [area("W", 0, 0.4), area("E", 0.4, 2)], by="t", action="t")
    now = services.at_this_moment(district)

    assert services.details(now, "townships", "W", Scope.FULL)["properties"]["population"] == 2000
    assert services.details(now, "townships", "Z", Scope.FULL)["properties"]["overlay"]


def test_a_township_may_come_and_another_go(district: services.District) -> None:
    told = change_boundaries(district, [area("N", 0, 2)], by="t", action="t")

    assert (told.added, told.removed) == (("N",), ("E", "W"))
    assert township_of(district, "4") == "N"
    assert (
        services.count(services.at_this_moment(district), "problems", Selection(township=("N",)), Scope.FULL).count == 4
    )


def test_stated_townships_that_differ_are_counted(district: services.District) -> None:
    body = json.dumps({"properties": {"township_stated": "W"}}).encode()
    district.store.append([Change("problems", "4", body)], actor="t", action="t")
    now = services.at_this_moment(district)
    told = change_boundaries(now, [area("W", 0, 1), area("E", 1, 2)], by="t", action="t", dry_run=True)

    assert told.mismatches == {"problems": 1}


def test_two_townships_of_one_code_are_refused(district: services.District) -> None:
    with pytest.raises(BadInput, match="Two townships have the code 'W'"):
        change_boundaries(district, [area("W", 0, 1), area("W", 1, 2)], by="t", action="t")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.floats(0.1, 1.9))
def test_every_point_lies_in_the_township_that_covers_it(district: services.District, border: float) -> None:
    change_boundaries(
        services.at_this_moment(district), [area("W", 0, border), area("E", border, 2)], by="t", action="t"
    )
    now = services.at_this_moment(district)
    for row in services.records(now, "problems", Selection(), Scope.FULL, limit=100).rows:
        if row["lon"] is not None and row["lon"] <= 2:
            assert row["township"] == ("E" if row["lon"] >= border else "W")
