"""What is in memory is what the ledger told, in whatever pieces it was told."""

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.selection import Scope
from geoapp.storage import memory as memory_module
from geoapp.storage.memory import Memory
from geoapp.storage.patch import merge_patch


def by_longitude(lon: Any, lat: Any) -> Any:
    """A sort key that can be checked by eye."""
    return (np.nan_to_num(lon, nan=400.0) + 180).astype(np.uint64)


def point(id: str, lon: float | None, **properties: Any) -> bytes:
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, 0]}
    return orjson.dumps({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})


def ids(memory: Memory, layer: str = "sites") -> list[str]:
    snapshot = memory.snapshot(layer)
    return snapshot.ids(snapshot.alive())


def values(memory: Memory, layer: str = "sites") -> dict[str, Any]:
    return {id: orjson.loads(text) for id, text in memory.items(layer)}


@pytest.fixture
def memory() -> Memory:
    return Memory(by_longitude)


def test_a_new_layer_is_empty(memory: Memory) -> None:
    assert ids(memory) == []
    assert memory.version("sites", "a") is None


def test_features_lie_in_the_order_of_their_positions(memory: Memory) -> None:
    memory.apply(1, [("sites", "east", point("east", 20)), ("sites", "west", point("west", 10))])

    assert ids(memory) == ["west", "east"]
    assert memory.snapshot("sites").born(memory.snapshot("sites").alive()).tolist() == [2, 1]


def test_a_patch_changes_only_what_it_names(memory: Memory) -> None:
    memory.apply(1, [("sites", "a", point("a", 10, name="Gate", kind="park"))])
    memory.apply(2, [("sites", "a", b'{"properties":{"kind":"square","name":null}}')])

    assert values(memory)["a"]["properties"] == {"kind": "square"}
    assert values(memory)["a"]["geometry"]["coordinates"] == [10, 0]
    assert memory.version("sites", "a") == 2


def test_a_deleted_feature_is_gone_and_can_be_born_again(memory: Memory) -> None:
    memory.apply(1, [("sites", "a", point("a", 10))])
    ids(memory)
    memory.apply(2, [("sites", "a", None)])
    assert ids(memory) == []
    assert memory.version("sites", "a") is None
    memory.apply(3, [("sites", "a", point("a", 11))])

    assert ids(memory) == ["a"]


def test_a_snapshot_stays_as_it_was(memory: Memory) -> None:
    memory.apply(1, [("sites", "a", point("a", 10, kind="park"))])
    before = memory.pinned()
    memory.apply(2, [("sites", "a", b'{"properties":{"kind":"square"}}'), ("sites", "b", point("b", 1))])

    assert before.snapshot("sites").texts("kind", before.snapshot("sites").alive()) == ["park"]
    assert before.seq == 1
    assert sorted(ids(memory)) == ["a", "b"]


def test_what_has_no_place_has_no_position(memory: Memory) -> None:
    memory.apply(1, [("sites", "a", point("a", None))])
    lon, lat = memory.snapshot("sites").positions(np.array([0]))

    assert np.isnan(lon).all()
    assert np.isnan(lat).all()


def test_documents_are_patched_like_features(memory: Memory) -> None:
    memory.apply(1, [("tables", "kinds", b'{"version":1,"rows":[1]}')])
    memory.apply(2, [("tables", "kinds", b'{"version":2}')])

    assert memory.document("tables", "kinds") == {"version": 2, "rows": [1]}
    assert memory.document("tables", "units") is None
    assert memory.layers() == {"tables": 2}


def test_the_public_version_lacks_who_is_in_charge(memory: Memory) -> None:
    whole = point("p", 1, status="reported", person="W-1", measures="swept by Li", number="7")
    memory.apply(1, [("problems", "p", whole)])
    snapshot = memory.snapshot("problems")
    row = np.array([0])

    assert snapshot.encoded(row, Scope.FULL) == [whole]
    assert orjson.loads(snapshot.encoded(row, Scope.PUBLIC)[0])["properties"] == {"status": "reported", "number": "7"}


@pytest.mark.parametrize(
    ("value", "patch", "result"),
    [
        # The examples of RFC 7396, appendix A.
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patches_follow_rfc_7396(value: Any, patch: Any, result: Any) -> None:
    assert merge_patch(value, patch) == result


steps = st.lists(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["put", "patch", "delete"]), st.integers(-5, 5)),
        max_size=6,
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(1, 6), st.booleans())
def test_any_history_gives_the_values_of_a_plain_dictionary(history: Any, limit: int, look_often: bool) -> None:
    # A small limit makes the tail overflow into the base again and again, also beside readers.
    original, memory_module.TAIL_LIMIT = memory_module.TAIL_LIMIT, limit
    try:
        memory, plain = Memory(by_longitude), {}
        for seq, commit in enumerate(history, start=1):
            memory.apply(seq, list(_changes(commit, plain)))
            if look_often:
                assert sorted(ids(memory)) == sorted(plain)
        assert {id: value["geometry"]["coordinates"][0] for id, value in values(memory).items()} == plain
        snapshot = memory.snapshot("sites")
        assert len(snapshot) == len(plain)
        assert {id: snapshot.row(id) is not None for id in "abcdef"} == {id: id in plain for id in "abcdef"}
    finally:
        memory_module.TAIL_LIMIT = original


def _changes(commit: list[tuple[str, str, int]], plain: dict[str, int]) -> Any:
    for id, action, lon in commit:
        if action == "put" and id not in plain:
            plain[id] = lon
            yield "sites", id, point(id, lon)
        elif action == "patch" and id in plain:
            plain[id] = lon
            yield "sites", id, orjson.dumps({"geometry": {"type": "Point", "coordinates": [lon, 0]}})
        elif action == "delete" and id in plain:
            del plain[id]
            yield "sites", id, None


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Feature", "geometry": None},
        {"type": "Feature", "geometry": 5, "properties": None},
        {"type": "Feature", "geometry": {"type": "Point"}, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": ["a", 2]}, "properties": {"found_at": 7}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1]}, "properties": {"found_at": "yesterday"}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}, "properties": {"status": 4}},
        {"type": "Feature", "geometry": None, "properties": {"found_at": "2026-02-31T10:00:00Z", "status": ["x"]}},
    ],
)
def test_whatever_stands_in_the_ledger_can_be_read_beside_what_is_sound(memory: Memory, value: Any) -> None:
    sound = point("b", 1, status="reported", found_at="2026-05-04T12:00:00+08:00")
    memory.apply(1, [("problems", "a", orjson.dumps(value | {"id": "a"})), ("problems", "b", sound)])
    snapshot = memory.snapshot("problems")
    sound_row = np.array([snapshot.row("b")])

    assert sorted(ids(memory, "problems")) == ["a", "b"]
    assert snapshot.texts("status", sound_row) == ["reported"]
    assert snapshot.times("found_at", sound_row).tolist() == [1777867200]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T08:00:00+08:00", 0),
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-01T00:00:01.999999-01:30", 5401),
        ("1969-12-31T23:59:59+00:00", -1),
    ],
)
def test_times_are_read_with_their_offsets(memory: Memory, text: str, seconds: int) -> None:
    memory.apply(1, [("problems", "a", point("a", 1, found_at=text))])

    assert memory.snapshot("problems").times("found_at", np.array([0])).tolist() == [seconds]


def test_a_feature_that_loses_its_place_is_still_a_feature(memory: Memory) -> None:
    memory.apply(1, [("sites", "a", point("a", 10))])
    memory.apply(2, [("sites", "a", b'{"geometry":null}')])

    assert values(memory)["a"]["geometry"] is None
    assert len(memory.snapshot("sites")) == 1
