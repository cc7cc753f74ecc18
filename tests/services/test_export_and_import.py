"""What was taken out comes back identical, in every format that can carry it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from geoapp import services
from geoapp.config import Config
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope, Selection
from geoapp.services.exporting import export_instance_layer
from geoapp.services.importing import Options, import_file, read_features
from geoapp.storage.exporting import TEXT_BYTES
from geoapp.storage.ledger import Change

FORMATS = ("geojson", "gpkg", "kml", "csv", "xlsx", "shp.zip")
# 1,200 problems of every state, with times, lists, texts in full-width letters and some without a place.
PROBLEMS = 150
# A grid of people, which the demo has not: with and without age groups, and people who are a part of one.
PEOPLE = """lon,lat,people,children,elderly
116.63,40.32,1200,180,210
116.64,40.33,37.5,,
116.65,40.34,0,0,0
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    """The demo district with a few problems and a few cells of a population grid."""
    folder = tmp_path_factory.mktemp("there-and-back")
    config = Config(instance=folder / "demo")
    services.init_demo(config)
    services.simulate_demo(config, problems=PROBLEMS, seed=4)
    district = services.open_district(config)
    grid = folder / "grid.csv"
    grid.write_text(PEOPLE, encoding="utf-8")
    import_file(services.at_this_moment(district), "population", grid, Options(), by="t")
    yield district
    district.close()


def values(district: services.District, layer: str) -> dict[str, Any]:
    district.store.follow()
    return {id: msgspec.json.decode(text) for id, text in district.memory.items(layer)}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer != "townships"])
def test_a_layer_comes_back_as_it_was(demo: services.District, tmp_path: Path, layer: str, format: str) -> None:
    before = values(demo, layer)
    file = tmp_path / f"{layer}.{format}"
    export_instance_layer(demo.config, services.Wanted(layer, Selection(), Scope.FULL), file)
    demo.store.append([Change(layer, id, None) for id in before], actor="t", action="forget")
    done = import_file(services.at_this_moment(demo), layer, file, Options(), by="t")
    after = values(demo, layer)
    whole = [Change(layer, id, msgspec.json.encode(value)) for id, value in before.items()]
    demo.store.append([*(Change(layer, id, None) for id in after), *whole], actor="t", action="restore")

    assert (done.added, done.rejected) == (len(before), ())
    assert after.keys() == before.keys()
    wrong = {id for id in before if after[id] != before[id] and not (format == "shp.zip" and too_long(before[id]))}
    assert wrong == set(), {id: (before[id], after[id]) for id in list(wrong)[:1]}


@pytest.mark.parametrize("format", FORMATS)
def test_boundaries_come_back_as_they_were(demo: services.District, tmp_path: Path, format: str) -> None:
    file = tmp_path / f"townships.{format}"
    export_instance_layer(demo.config, services.Wanted("townships", Selection(), Scope.FULL), file)
    features, rejected = read_features(services.at_this_moment(demo), "townships", file, Options())

    assert rejected == ()
    assert {one["id"]: one["geometry"] for one in features} == {
        id: value["geometry"] for id, value in values(demo, "townships").items()
    }


def too_long(feature: dict[str, Any]) -> bool:
    """Whether a Shapefile had to cut a text."""
    return any(len(str(value).encode()) > TEXT_BYTES for value in feature["properties"].values())


def test_the_same_file_again_changes_nothing_and_a_changed_row_changes_its_feature(
    demo: services.District, tmp_path: Path
) -> None:
    file = tmp_path / "problems.csv"
    export_instance_layer(demo.config, services.Wanted("problems", Selection(), Scope.FULL), file)
    again = import_file(services.at_this_moment(demo), "problems", file, Options(), by="t", dry_run=True)
    assert (again.added, again.changed, again.same) == (0, 0, PROBLEMS)
    text = file.read_text("utf-8-sig").replace("暴露垃圾", "一地垃圾", 1)
    file.write_text(text, encoding="utf-8-sig")
    changed = import_file(services.at_this_moment(demo), "problems", file, Options(), by="t", dry_run=True)

    assert (changed.added, changed.changed) == (0, 1)
