"""A whole country by municipality: counted again from the extract, and its ways found again by scipy's Dijkstra."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
import shapely

from geoapp import services
from geoapp.config import Config
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.routing.nearest import RoadNearest
from geoapp.services.browse import count, details
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Inventory
from geoapp.services.coverage.kinds import place_of
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.supply import supply_of
from geoapp.services.routes.travelling import graph_of
from tests.routing.nearest_by_scipy import places_ms

TAGS = {
    "museum": ("tourism", "museum"),
    "school": ("amenity", "school"),
    "theatre": ("amenity", "theatre"),
    "library": ("amenity", "library"),
    "kindergarten": ("amenity", "kindergarten"),
}


class Counting(osmium.SimpleHandler):  # type: ignore[misc]
    """The municipalities, and a point for every node and area of the counted tags; nothing of geoapp's is used."""

    def __init__(self) -> None:
        super().__init__()
        self.wkb = osmium.geom.WKBFactory()
        self.municipalities: dict[str, Any] = {}
        self.points: list[tuple[str, Any]] = []

    def node(self, node: Any) -> None:
        self._take(node.tags, lambda: shapely.Point(node.location.lon, node.location.lat))

    def area(self, area: Any) -> None:
        if area.tags.get("boundary") == "administrative" and area.tags.get("admin_level") == "8":
            self.municipalities[f"r{area.orig_id()}"] = shapely.from_wkb(self.wkb.create_multipolygon(area))
        self._take(area.tags, lambda: shapely.from_wkb(self.wkb.create_multipolygon(area)).point_on_surface())

    def _take(self, tags: Any, point: Any) -> None:
        self.points += [(kind, point()) for kind, (key, value) in TAGS.items() if tags.get(key) == value]

    def by_municipality(self) -> Counter[tuple[str, str]]:
        return Counter(
            (code, kind)
            for kind, point in self.points
            for code, shape in self.municipalities.items()
            if shape.contains(point)
        )


@pytest.fixture(scope="module")
def counted(shared_data: Path) -> Counting:
    handler = Counting()
    handler.apply_file(str(shared_data / "liechtenstein/liechtenstein-latest.osm.pbf"), locations=True)
    return handler


@pytest.fixture(scope="module")
def country(liechtenstein: Path) -> Iterator[services.District]:
    opened = services.open_district(Config(instance=liechtenstein))
    yield services.at_this_moment(opened)
    opened.close()


@pytest.fixture(scope="module")
def listed(country: services.District) -> Inventory:
    return inventory(country, CoverageQuestion(kind=tuple(sorted(TAGS))))


def test_every_municipality_has_as_many_museums_and_schools_as_the_extract(
    listed: Inventory, counted: Counting
) -> None:
    found = {(line.code, kind): cell.now.count for line in listed.townships for kind, cell in line.cells.items()}
    expected = counted.by_municipality()

    assert len(listed.townships) == 11
    assert found == {key: expected[key] for key in found}
    assert {kind: cell.now.count for kind, cell in listed.district.cells.items()} == {
        kind: sum(number for (_, one), number in expected.items() if one == kind) for kind in TAGS
    }
    assert sum(number for (_, kind), number in expected.items() if kind == "school") > 10


def test_what_the_extract_has_outside_all_municipalities_is_not_this_country_s(
    listed: Inventory, counted: Counting
) -> None:
    everywhere = Counter(kind for kind, _ in counted.points)
    assert listed.elsewhere == ()
    assert all(listed.district.cells[kind].now.count <= everywhere[kind] for kind in TAGS)


def test_behind_every_number_stand_as_many_rows(country: services.District, listed: Inventory) -> None:
    for line in (listed.district, *listed.townships):
        for cell in line.cells.values():
            rows = cell.rows
            assert count(country, rows.layer, rows.selection, Scope.FULL).count == cell.now.count


def test_a_school_can_be_looked_up_where_it_stands(country: services.District) -> None:
    found = supply_of(country, CoverageQuestion(kind=("school",)), Scope.FULL)
    assert {place_of(id).layer for id in found.ids} == {"sites"}
    assert details(country, "sites", place_of(found.ids[0]).id, Scope.FULL)["properties"]["kind"] == "school"


@pytest.mark.parametrize("profile", ["car", "foot"])
@pytest.mark.parametrize(("kind", "demand"), [("museum", "villages"), ("school", "villages"), ("school", "grid")])
def test_every_way_to_the_nearest_is_that_of_scipy(
    country: services.District, kind: str, demand: str, profile: str
) -> None:
    question = CoverageQuestion(kind=(kind,), by=profile, demand=demand)
    found = reach(country, question, Scope.FULL)
    roads = RoadNearest(graph_of(country, profile))
    homes = roads.locate(found.demand.lon, found.demand.lat)
    expected = places_ms(roads.graph, homes, roads.locate(found.supply.lon, found.supply.lat))

    assert not found.estimate
    assert len(homes) > (20 if demand == "villages" else 500)
    assert np.array_equal(np.rint(found.seconds * 1_000), expected, equal_nan=True)
