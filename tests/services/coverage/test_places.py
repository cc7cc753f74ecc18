"""Places for people: two libraries shared by four villages, by hand; what is unknown is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.services.coverage.places import access
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.shading import coverage_shading
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, tile
from tests.services.coverage.toy_siting import row_layers

ASKED = CoverageQuestion(kind=("library",), minutes=60, demand="villages")


def shared_layers() -> dict[str, list[dict[str, Any]]]:
    """The row with a second library at C, whose floor area nobody knows."""
    layers = row_layers()
    layers["facilities"][0]["properties"]["floor_area_m2"] = 650
    layers["facilities"].append(feature("F2", (0.07, 0.05), name="分馆", kind="library"))
    return layers


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    with opened(tmp_path_factory.mktemp("row"), shared_layers()) as district:
        yield district


def test_every_library_is_shared_by_those_who_have_it_near(row: services.District) -> None:
    found = access(row, ASKED, Scope.FULL)
    # A and B share the first, C and D the second.
    assert found.competition.access == pytest.approx([1 / 1_300, 1 / 1_300, 1 / 700, 1 / 700])
    assert (found.people, found.offered, found.used, found.without) == (2_000, 2, 2, 0)
    (west,) = found.townships
    assert west.per_person == pytest.approx(2 / 2_000)
    assert [load.people for load in found.loads] == [1_300, 700]


def test_who_reaches_only_what_nobody_knows_has_an_unknown_share_and_not_none(row: services.District) -> None:
    found = access(row, ASKED, Scope.FULL, capacity="floor_area")
    assert found.competition.access == pytest.approx([0.5, 0.5, np.nan, np.nan], nan_ok=True)
    assert (found.people, found.offered, found.used, found.without) == (1_300, 650, 650, 0)
    said = " ".join(map(str, found.notes))
    assert "Facilities of which nobody knows how much they offer are left out: 1 of 2." in said
    assert "Places that reach only facilities of which nobody knows how much they offer are left out: 2 of 4." in said


def test_where_nobody_knows_what_anything_offers_a_township_is_unknown(row: services.District) -> None:
    found = access(row, ASKED, Scope.FULL, capacity="seats")
    (west,) = found.townships
    assert (found.people, found.without, found.loads, west.per_person) == (0, 0, (), None)
    assert coverage_shading(row, "access", ASKED, Scope.FULL, capacity="seats").values == {"W": None}


def test_who_reaches_something_known_has_at_least_that_and_who_reaches_nothing_has_nothing(tmp_path: Path) -> None:
    layers = shared_layers()
    # Both libraries are near A, B, C and D; only F, far from all, has nothing.
    layers["villages"].append(feature("VF", (0.9, 0.9), name="F村", code="VF", kind="village", population=100))
    with opened(tmp_path, layers) as district:
        wide = CoverageQuestion(kind=("library",), metres=20_000, demand="villages")
        found = access(district, wide, Scope.FULL, capacity="floor_area")
    assert found.competition.access == pytest.approx([650 / 2_000] * 4 + [0.0])
    assert (found.people, found.without) == (2_100, 100)


def test_a_building_that_two_share_is_shared_out_once_and_their_seats_are_theirs_each(tmp_path: Path) -> None:
    layers = row_layers()
    layers["facilities"][0]["properties"] |= {"floor_area_m2": 650, "seats": 40, "shared_with": "F1"}
    more = {"kind": "library", "shared_with": "F1", "seats": 20}
    layers["facilities"] += [feature("F0", (0.01, 0.05), name="儿童馆", floor_area_m2=260, **more),
                             feature("F2", (0.01, 0.05), name="书房", **more)]  # fmt: skip
    with opened(tmp_path, layers) as district:
        found = {name: access(district, ASKED, Scope.FULL, capacity=name)
                 for name in ("facilities", "floor_area", "seats", "books")}  # fmt: skip
    assert {name: (one.offered, one.used, len(one.loads)) for name, one in found.items()} == {
        "facilities": (1, 1, 1), "floor_area": (650, 650, 1), "seats": (80, 80, 3), "books": (0, 0, 0),
    }  # fmt: skip
    said = " ".join(map(str, found["books"].notes))
    assert "are left out: 3 of 3." in said
    # A facility shares its building with another one, not with itself.
    assert "whose place counts once: 2." in said


@pytest.mark.parametrize("weighting", ["equal", "thirds", "gaussian"])
def test_access_summed_over_people_is_what_is_offered(row: services.District, weighting: str) -> None:
    found = access(row, ASKED, Scope.FULL, weighting=weighting)
    assert np.nansum(found.competition.access * found.demand.people) == pytest.approx(found.used)
    assert found.used == found.offered


def test_people_of_other_townships_compete_whichever_are_reported(tmp_path: Path) -> None:
    layers = shared_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", kind="township"))
    layers["villages"].append(feature("VY", (0.101, 0.05), name="Y村", code="VY", kind="village", population=300))
    with opened(tmp_path, layers) as district:
        found = access(district, CoverageQuestion(kind=("library",), minutes=60, township=("E",)), Scope.FULL)
    (east,) = found.townships
    assert east.code == "E"
    assert east.per_person == pytest.approx(1 / 1_000)


def test_what_is_said_to_share_a_building_and_stands_elsewhere_is_shared_there(tmp_path: Path) -> None:
    layers = shared_layers()
    layers["facilities"][1]["properties"]["shared_with"] = "F1"
    with opened(tmp_path, layers) as district:
        found = access(district, ASKED, Scope.FULL)
    assert (found.offered, found.without) == (2, 0)


def test_one_that_stands_elsewhere_does_not_keep_those_in_the_building_apart(tmp_path: Path) -> None:
    layers = row_layers()
    # Said to be of one building, the first in order stands at C; the others are one at A.
    layers["facilities"] += [feature("F0", (0.07, 0.05), name="分馆", kind="library", shared_with="F1"),
                             feature("F2", (0.01, 0.05), name="书房", kind="library", shared_with="F1")]  # fmt: skip
    with opened(tmp_path, layers) as district:
        found = access(district, ASKED, Scope.FULL)
    assert (found.offered, len(found.loads)) == (2, 2)


def test_a_facility_that_is_known_to_have_no_seats_is_not_unknown(tmp_path: Path) -> None:
    layers = row_layers()
    layers["facilities"][0]["properties"]["seats"] = 0
    with opened(tmp_path, layers) as district:
        found = access(district, ASKED, Scope.FULL, capacity="seats")
    assert [(one.capacity, one.per_person) for one in found.loads] == [(0, 0)]
    assert (found.people, found.without) == (2_000, 2_000)
    assert "to nobody" not in " ".join(map(str, found.notes))


def test_what_stands_in_a_village_far_from_every_road_is_reached_there_as_on_the_page_of_reach(tmp_path: Path) -> None:
    layers = row_layers()
    line = {"type": "LineString", "coordinates": [[0.005, 0.05], [0.095, 0.05]]}
    layers["roads"] = [feature("R1", line, name="路", kind="main")]
    layers["villages"].append(feature("VX", (0.05, 0.09), name="X村", code="VX", kind="village", population=100))
    layers["facilities"].append(feature("F2", (0.05, 0.09), name="山上书房", kind="library"))
    with opened(tmp_path, layers) as district:
        found, near = access(district, ASKED, Scope.FULL), reach(district, ASKED, Scope.FULL).near
    assert ((found.competition.access > 0) == near).all()
    assert found.competition.access[found.demand.ids.index("VX")] == pytest.approx(1 / 100)


def test_too_many_to_share_are_refused_with_what_helps(row: services.District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geoapp.services.coverage.matrices.MOST_PAIRS", 7)
    with pytest.raises(BadInput, match=r"4 places times 2 facilities are too many .* choose a kind"):
        access(row, ASKED, Scope.FULL)


def test_nothing_to_share_is_said(tmp_path: Path) -> None:
    with opened(tmp_path, row_layers() | {"facilities": []}) as district:
        found = access(district, ASKED, Scope.FULL)
    assert (found.used, found.without, found.loads) == (0, 2_000, ())
    assert "nothing to share" in " ".join(map(str, found.notes))


def test_without_residents_places_count_and_no_rate_is_shaded(tmp_path: Path) -> None:
    layers = shared_layers()
    for one in (*layers["townships"], *layers["villages"]):
        one["properties"].pop("population", None)
    with opened(tmp_path, layers) as district:
        found = access(district, ASKED, Scope.FULL)
        shaded = coverage_shading(district, "access", ASKED, Scope.FULL)
    assert (found.unit, found.people) == ("places", 4)
    assert shaded.values == {"W": None}


def test_townships_are_shaded_by_facilities_for_ten_thousand_who_share_them(row: services.District) -> None:
    shaded = coverage_shading(row, "access", ASKED, Scope.FULL)
    assert (shaded.kind, shaded.values["W"]) == ("rate", pytest.approx(10))


def test_townships_are_shaded_by_what_is_shared_and_as_the_way_counts(row: services.District) -> None:
    by = {
        capacity: coverage_shading(row, "access", ASKED, Scope.FULL, capacity=capacity).values["W"]
        for capacity in ("facilities", "floor_area")
    }
    # 650 m² for the 1,300 who share them: half a m² each.
    assert by == {"facilities": pytest.approx(10), "floor_area": pytest.approx(5_000)}
    # As the way counts, A has all of the library at its door and B, farther away, less of it than A.
    near = access(row, ASKED, Scope.FULL, weighting="thirds").competition.access
    assert near[0] > near[1] > 0


@pytest.mark.parametrize("wrong", [{"capacity": "beds"}, {"weighting": "none"}])
def test_an_unknown_choice_is_refused(row: services.District, wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=f"{next(iter(wrong))}='{next(iter(wrong.values()))}'"):
        access(row, ASKED, Scope.FULL, **wrong)


def test_where_borders_hold_a_library_on_one_is_shared_by_both_sides(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", kind="township"))
    layers["villages"].append(feature("VY", (0.105, 0.05), name="Y村", code="VY", kind="village", population=300))
    question = CoverageQuestion(kind=("library",), minutes=60, demand="villages", closed=("F1",), pin=((0.1, 0.05),),
                                borders=True)  # fmt: skip
    with opened(tmp_path, layers) as district:
        found = access(district, question, Scope.FULL)
    # C, D and Y have it near: 500, 200 and, across the border, 300.
    assert [load.people for load in found.loads] == [1_000]
