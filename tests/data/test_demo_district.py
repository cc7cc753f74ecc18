"""The demo district: the same bytes each time, and true where it can be."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely

from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.stem for path in (ROOT / "layers").glob("*.geojson"))


def features(layer: str) -> list[dict[str, Any]]:
    return json.loads((ROOT / "layers" / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]


def by_id(layer: str) -> dict[str, dict[str, Any]]:
    return {feature["id"]: feature for feature in features(layer)}


def table(name: str) -> Any:
    return json.loads((ROOT / "layers" / "tables" / f"{name}.json").read_text(encoding="utf-8"))


def areas() -> dict[str, Any]:
    found = {feature["id"]: feature["geometry"] for feature in features("townships")}
    return {id: shapely.geometry.shape(geometry) for id, geometry in found.items() if geometry}


def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "data" / "build_demo.py"), str(tmp_path)], check=True)
    built = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*json")}
    committed = {path.relative_to(ROOT / "layers"): path.read_bytes() for path in (ROOT / "layers").rglob("*.*json")}

    assert built == committed


def test_it_has_what_was_promised() -> None:
    groups = Counter(site["properties"].get("group") for site in features("sites"))

    assert {layer: len(features(layer)) for layer in ("townships", "villages", "problems")} == {
        **{"townships": 17, "villages": 321, "problems": 1200},
    }
    assert len(areas()) == 16
    assert 80 <= sum(groups[group] for group in "TWCM") <= 100
    assert min(groups[group] for group in "TWCM") >= 10
    assert len(table("categories")["rows"]) == 9 + 68


def test_it_has_every_layer_but_a_grid_of_people() -> None:
    # No office here has one, and made-up people would look like counted ones.
    assert set(SHIPPED) == set(LAYERS) - {"population"}


@pytest.mark.parametrize("layer", SHIPPED)
def test_every_feature_is_a_sound_record(layer: str) -> None:
    for feature in features(layer):
        msgspec.convert(feature["properties"], LAYERS[layer].record, strict=False)
        msgspec.convert(feature["properties"], Located, strict=False)
        assert None not in feature["properties"].values()
    assert len(by_id(layer)) == len(features(layer))


def test_boundaries_have_no_gap_no_overlap_and_share_their_borders_exactly() -> None:
    known = np.array(list(areas().values()))
    whole = shapely.coverage_union_all(known)

    assert shapely.is_valid(known).all()
    assert shapely.coverage_is_valid(known)
    assert len(shapely.get_parts(whole)) == 1
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0


def test_every_seat_lies_in_its_own_township() -> None:
    known = areas()
    for id, feature in by_id("townships").items():
        fields = feature["properties"]
        if "seat_lon" in fields:
            assert known[id].contains(shapely.Point(fields["seat_lon"], fields["seat_lat"])), fields["name"]


def test_what_is_schematic_or_synthetic_says_so() -> None:
    assert all(feature["properties"]["schematic"] for feature in features("townships") if feature["geometry"])
    assert all(feature["properties"]["schematic"] for layer in ("streets", "roads") for feature in features(layer))
    assert all(feature["properties"]["synthetic"] for layer in ("problems", "visits") for feature in features(layer))
    assert table("district")["demo"]
    assert "ODbL" in json.dumps(table("district")["attribution"])


def test_known_facts_are_kept_and_unknown_ones_are_absent() -> None:
    townships = by_id("townships")

    assert townships["110116107"]["properties"]["population"] == 5445
    assert townships["110116003"]["properties"]["official_name"] == "怀柔地区"
    assert "population" not in townships["110116001"]["properties"]
    assert townships["110116400"]["geometry"] is None
    assert townships["110116400"]["properties"]["overlay"]


def test_the_roads_hang_together() -> None:
    links = [feature["geometry"]["coordinates"] for feature in features("roads")]
    parent: dict[tuple[float, ...], tuple[float, ...]] = {}

    def root(node: tuple[float, ...]) -> tuple[float, ...]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for line in links:
        parent[root(tuple(line[0]))] = root(tuple(line[-1]))

    assert len({root(node) for node in list(parent)}) == 1
    seats = [
        (f["properties"]["seat_lon"], f["properties"]["seat_lat"])
        for f in features("townships")
        if "seat_lon" in f["properties"]
    ]
    assert set(seats) <= set(parent)


def test_sites_point_to_facilities_that_are_there() -> None:
    known = by_id("facilities")
    linked = [site["properties"]["facility_id"] for site in features("sites") if "facility_id" in site["properties"]]

    assert linked
    assert set(linked) <= set(known)


def test_trouble_spots_are_those_of_the_rule() -> None:
    counted = Counter(
        (f["properties"]["site_id"], f["properties"]["subcategory"])
        for f in features("problems")
        if {"site_id", "subcategory"} <= set(f["properties"])
    )
    expected = {site for (site, _), number in counted.items() if number >= 3}

    assert {site["id"] for site in features("sites") if site["properties"].get("is_trouble_spot")} == expected
    assert expected
