"""Which township a point counts for, when source and position disagree."""

from typing import Any

import pytest

from geoapp.services.assigning import Surroundings, assigned


def area(code: str, west: float) -> dict[str, Any]:
    ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    return {
        "id": code,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"code": code, "name": f"name {code}"},
    }


def point(lon: float | None, **properties: Any) -> dict[str, Any]:
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, 0.5]}
    return {"id": "p", "geometry": geometry, "properties": properties}


def fields(feature: dict[str, Any], *, schematic: bool) -> dict[str, Any]:
    around = Surroundings.of([area("B", 0), area("A", 1)], [], schematic=schematic)
    (found,) = assigned("sites", [feature], around)
    return found["properties"]


def test_on_a_shared_border_the_lower_code_has_it_whatever_the_order_of_the_file() -> None:
    assert fields(point(1.0), schematic=False) == {"township": "A", "township_name": "name A", "near_border": True}


@pytest.mark.parametrize(("lon", "near"), [(1.00025, True), (0.99975, True), (1.0003, False), (0.5, False)])
def test_within_thirty_metres_of_a_border_the_township_is_doubtful(lon: float, near: bool) -> None:
    # Near the equator 0.00025 degrees are 28 m, 0.0003 degrees 33 m.
    assert fields(point(lon), schematic=False).get("near_border", False) == near


def test_while_boundaries_are_schematic_the_stated_township_governs_and_the_other_stands_beside_it() -> None:
    found = fields(point(0.5, township_stated="A"), schematic=True)

    assert (found["township"], found["township_joined"]) == ("A", "B")


def test_with_official_boundaries_the_position_governs() -> None:
    found = fields(point(0.5, township_stated="A"), schematic=False)

    assert found["township"] == "B"
    assert "township_joined" not in found


def test_outside_all_of_them_the_stated_one_or_none_with_the_nearest_and_its_distance() -> None:
    found = fields(point(3.0), schematic=False)

    assert "township" not in found
    assert found["nearest_township"] == "A"
    assert found["nearest_township_m"] == pytest.approx(111_320, rel=0.01)
    assert fields(point(3.0, township_stated="B"), schematic=False)["township"] == "B"


def test_without_a_place_only_the_statement_counts() -> None:
    assert fields(point(None, township_stated="B"), schematic=False)["township"] == "B"
    assert fields(point(None), schematic=False) == {}


def test_assigning_again_changes_nothing_and_forgets_what_no_longer_holds() -> None:
    moved = point(0.5, township="A", township_name="name A", township_joined="X")
    once = fields(moved, schematic=False)

    assert once == {"township": "B", "township_name": "name B"}
    assert fields(point(0.5, **once), schematic=False) == once


def test_an_overlay_covers_nothing() -> None:
    overlay = area("0", 0)
    overlay["properties"]["overlay"] = True
    around = Surroundings.of([overlay, area("B", 0)], [], schematic=False)
    (found,) = assigned("sites", [point(0.5)], around)

    assert found["properties"]["township"] == "B"


def test_lines_and_areas_pass_unchanged() -> None:
    around = Surroundings.of([area("B", 0)], [], schematic=False)

    assert list(assigned("townships", [area("B", 0)], around)) == [area("B", 0)]
