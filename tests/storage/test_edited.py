"""What others wrote over a layer file is kept, told apart and offered; the file is projected afresh."""

import json
import re
from pathlib import Path
from typing import Any

import fiona
import pytest

from geoapp.storage.edited import list_edited
from geoapp.storage.projection import own_claim
from geoapp.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.toy import born, feature, patched, table, until, write


def layer_file(store: Store, layer: str = "problems") -> Path:
    return store.instance / "layers" / f"{layer}.geojson"


@pytest.fixture
def projected(store: Store) -> Store:
    """Two problems, in their file."""
    write(store, born("p1", note="读者"), born("p2"))
    store.project()
    return store


def save_as_qgis_does(path: Path, **edits: Any) -> None:
    """Rewrite a layer through GDAL: one feature changed, one removed, one added."""
    with fiona.open(path) as source:
        schema, records = source.schema, [dict(record.__geo_interface__) for record in source]
    records = [record for record in records if record["properties"]["id"] not in edits.get("removed", ())]
    for record in records:
        if record["properties"]["id"] in edits.get("renamed", ()):
            record["properties"]["name"] = "changed in QGIS"
    for id in edits.get("added", ()):
        new = feature(id, 116.7)
        new["properties"] = dict.fromkeys(schema["properties"]) | new["properties"] | {"id": id}
        records.append({name: new[name] for name in ("type", "geometry", "properties")})
    path.unlink()
    with fiona.open(path, "w", driver="GeoJSON", schema=schema) as target:
        target.writerecords(records)


def test_a_file_saved_from_qgis_is_set_aside_and_told_apart_feature_by_feature(store: Store) -> None:
    write(store, *(born(f"p{n}", tags=["a", "b"], size=n / 3) for n in range(1, 6)))
    store.project()
    save_as_qgis_does(layer_file(store), removed=["p2"], renamed=["p3"], added=["p9"])
    assert [fault.kind for fault in store.verify().faults] == ["edited"]
    store.project()
    (edited,) = list_edited(store.instance)
    assert (edited.layer, edited.features, edited.trouble) == ("problems", 5, None)
    assert (edited.added, edited.removed, edited.changed) == (("p9",), ("p2",), ("p3",))
    assert edited.found_at == "2026-11-23T01:30:00+00:00"
    assert [value["id"] for value in json.loads(layer_file(store).read_text())["features"]] == [
        f"p{n}" for n in range(1, 6)
    ]
    assert store.verify().ok


def test_an_edit_is_not_lost_when_the_layer_changes_too(projected: Store) -> None:
    edited = layer_file(projected).read_bytes().replace(b"p2", b"P2")
    layer_file(projected).write_bytes(edited)
    write(projected, patched("p1", status="x"))
    projected.project()
    (found,) = (projected.instance / "layers/edited").iterdir()
    assert found.read_bytes() == edited
    assert json.loads(layer_file(projected).read_text())["geoapp"]["seq"] == 2


def test_an_edit_during_a_long_write_is_not_lost_either(projected: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = projected.memory.encoded

    def slowly(layer: str) -> Any:
        yield from encoded(layer)
        layer_file(projected).write_text("saved meanwhile")

    monkeypatch.setattr(projected.memory, "encoded", slowly)
    write(projected, patched("p1", status="x"))
    projected.project()
    (found,) = (projected.instance / "layers/edited").iterdir()
    assert found.read_text() == "saved meanwhile"
    assert json.loads(layer_file(projected).read_text())["geoapp"]["seq"] == 2


def test_two_edits_in_the_same_second_are_both_kept(projected: Store) -> None:
    for text in ("first", "second"):
        layer_file(projected).write_text(text)
        projected.project()
    assert sorted(path.read_text() for path in (projected.instance / "layers/edited").iterdir()) == ["first", "second"]


def test_a_single_altered_byte_counts_as_an_edit(projected: Store) -> None:
    for offset in (40, 200, -3):
        content = bytearray(layer_file(projected).read_bytes())
        content[offset] ^= 1
        layer_file(projected).write_bytes(content)
        assert own_claim(layer_file(projected)) is None
        projected.project()


def test_a_broken_edited_file_gets_a_sentence(projected: Store) -> None:
    layer_file(projected).write_text('{"type":"FeatureCollection","features":[{"ty')
    projected.project()
    (edited,) = list_edited(projected.instance)
    assert edited.trouble is not None
    assert re.match(r"The file problems-\S+ cannot be read as GeoJSON: .+ It is kept as it was found\.", edited.trouble)


def test_an_edited_table_is_set_aside_as_well(store: Store) -> None:
    write(store, table("kinds", rows=[1]))
    store.project()
    path = store.instance / "tables/kinds.json"
    path.write_text('{"rows":[2]}')
    store.project()
    (edited,) = list_edited(store.instance)
    assert (edited.layer, edited.changed) == ("tables", ("kinds",))
    assert json.loads(path.read_text())["rows"] == [1]


def test_a_file_of_no_layer_in_the_ledger_is_set_aside_for_import(projected: Store) -> None:
    stray = layer_file(projected, "roads")
    stray.write_text(json.dumps({"type": "FeatureCollection", "features": [feature("r1") | {"geometry": None}]}))
    projected.project()
    assert not stray.exists()
    assert [(file.layer, file.features, file.added) for file in list_edited(projected.instance)] == [
        ("roads", 1, ("r1",))
    ]


def test_the_running_projector_notices_an_edit_without_a_change_in_the_ledger(opened: OpenStore) -> None:
    store = opened(project=True)
    write(store, born("p1"))
    until(layer_file(store).exists)
    layer_file(store).write_text("edited")
    until(lambda: list_edited(store.instance))
    until(lambda: own_claim(layer_file(store)))
