"""A grid of people, brought as people have it."""

import json
from pathlib import Path
from typing import Any

import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.demand import demand_of
from geoapp.services.importing import Options, import_file
from geoapp.web import create_app
from tests.services.coverage.toy_reach import opened, reach_layers

CHINESE = "经度,纬度,常住人口,0-14岁,65岁及以上人口\n0.03,0.05,120.5,12,30\n0.14,0.05,80,,20\n"


def bring(district: services.District, folder: Path, name: str, text: str) -> Any:
    path = folder / name
    path.write_text(text)
    return import_file(services.at_this_moment(district), "population", path, Options(), by="t")


def cells(district: services.District) -> list[dict[str, Any]]:
    now = services.at_this_moment(district)
    return services.records(now, "population", Selection(), Scope.FULL, limit=10).rows


def test_a_chinese_table_becomes_cells_in_their_townships(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        done = bring(district, tmp_path, "人口.csv", CHINESE)
        found = cells(district)
        people = demand_of(services.at_this_moment(district), CoverageQuestion())
    assert (done.good, done.added, done.rejected) == (2, 2, ())
    assert [(one["people"], one.get("children"), one["elderly"], one["township"]) for one in found] == [
        (120.5, 12, 30, "W"),
        (80, None, 20, "E"),
    ]
    assert found[0]["name"] == "0.0300, 0.0500"
    assert (people.basis, people.people.tolist()) == ("population", [120.5, 80])


def test_a_newer_grid_changes_the_cells_that_stand_where_old_ones_did(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        bring(district, tmp_path, "old.csv", CHINESE)
        done = bring(district, tmp_path, "new.csv", CHINESE.replace("120.5", "130"))
        found = cells(district)
    assert (done.added, done.changed, done.same) == (0, 1, 1)
    assert [one["people"] for one in found] == [130, 80]


def test_cells_that_are_areas_stand_at_a_point_inside(tmp_path: Path) -> None:
    ring = [[0.02, 0.02], [0.04, 0.02], [0.04, 0.04], [0.02, 0.04], [0.02, 0.02]]
    one = {"type": "Feature", "properties": {"pop": 12.5}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    with opened(tmp_path, reach_layers()) as district:
        bring(district, tmp_path, "grid.geojson", json.dumps({"type": "FeatureCollection", "features": [one]}))
        (found,) = cells(district)
    assert (found["people"], found["lon"], found["lat"]) == (12.5, 0.03, 0.03)


def test_a_cell_without_a_number_is_refused_by_its_row(tmp_path: Path) -> None:
    with (
        opened(tmp_path, reach_layers()) as district,
        pytest.raises(BadInput, match="Row 4, 常住人口: people is missing"),
    ):
        bring(district, tmp_path, "人口.csv", CHINESE + "0.05,0.05,,1,1\n")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_first_page_shows_the_layer_only_when_it_has_cells(tmp_path: Path, language: str) -> None:
    with opened(tmp_path, reach_layers()) as district:
        client = create_app(district).test_client()
        headers = {"Accept-Language": language}
        before = client.get("/", headers=headers).text
        bring(district, tmp_path, "人口.csv", CHINESE)
        after = client.get("/", headers=headers).text
        table = client.get("/population", headers=headers)
    assert 'data-layer="population"' not in before
    assert 'data-layer="population"' in after
    assert (table.status_code, "120.5" in table.text) == (200, True)
