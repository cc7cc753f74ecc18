"""What anybody may rely on who writes to the Store or reads from it."""

import hashlib
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput, Conflict, NewerSchema, NotFound
from geoapp.storage.ledger import BEGINNING, Change
from geoapp.storage.memory import Memory as ColumnMemory
from geoapp.storage.store import Store
from geoapp.tiles.morton import encode
from tests.storage.conftest import NOW, NewMemory, OpenStore
from tests.storage.plain_memory import PlainMemory
from tests.storage.toy import born, feature, gone, patched, table, write


@pytest.fixture(params=["plain", "columns"])
def new_memory(request: pytest.FixtureRequest) -> NewMemory:
    kinds: dict[str, NewMemory] = {"plain": PlainMemory, "columns": lambda: ColumnMemory(encode)}
    return kinds[request.param]


def values(store: Store, layer: str = "problems") -> dict[str, Any]:
    store.follow()
    return {value["id"]: value for value in map(json.loads, store.memory.encoded(layer))}


def test_a_new_instance_is_empty_and_verifies(store: Store) -> None:
    verdict = store.verify()
    assert (verdict.ok, verdict.commits, verdict.changes, store.follow()) == (True, 0, 0, 0)


def test_a_commit_says_who_did_what_and_when(store: Store) -> None:
    commit = store.append([born("p1"), born("p2")], actor="li", action="report", request_key="k1")
    assert (commit.seq, commit.actor, commit.action, commit.request_key, commit.count) == (1, "li", "report", "k1", 2)
    assert commit.time == "2026-11-23T09:30:00.000+08:00"
    assert commit.previous == BEGINNING


def test_the_chain_can_be_recomputed_with_nothing_but_json_and_sha256(store: Store) -> None:
    first, second = write(store, born("p1")), write(store, patched("p1", status="assigned"), gone("p1"), key="k")
    patch = b'{"properties": {"status": "assigned"}}'
    frames = (8).to_bytes(4, "little") + (2).to_bytes(4, "little") + len(patch).to_bytes(4, "little")
    frames += b"problemsp1" + patch
    frames += (8).to_bytes(4, "little") + (2).to_bytes(4, "little") + b"\xff\xff\xff\xff" + b"problemsp1"
    content = hashlib.sha256(frames).hexdigest()
    link = [first.digest, 2, second.time, "clerk", "test", "k", 2, content]
    assert second.previous == first.digest
    assert second.digest == hashlib.sha256(json.dumps(link, separators=(",", ":")).encode()).hexdigest()


def test_memory_has_what_was_written_after_follow_and_not_before(store: Store) -> None:
    write(store, born("p1"))
    assert store.memory.seq == 0
    assert store.follow() == 1
    assert values(store) == {"p1": feature("p1")}


def test_a_later_change_is_merged_into_the_value(store: Store) -> None:
    write(store, born("p1", status="reported", unit="u1"))
    write(store, patched("p1", status="assigned", unit=None))
    assert values(store)["p1"]["properties"] == {"name": "p1", "status": "assigned"}


def test_what_was_deleted_is_gone_and_may_be_born_again(store: Store) -> None:
    write(store, born("p1"))
    write(store, gone("p1"))
    assert values(store) == {}
    write(store, born("p1", status="new"))
    assert values(store)["p1"]["properties"]["status"] == "new"


def test_the_history_of_an_item_tells_every_change_of_it_in_order(store: Store) -> None:
    write(store, born("p1"), born("p2"))
    write(store, patched("p1", status="assigned"))
    write(store, gone("p1"))
    told = store.history("problems", "p1")
    assert [commit.seq for commit, _ in told] == [1, 2, 3]
    assert [patch for _, patch in told][1:] == [b'{"properties": {"status": "assigned"}}', None]
    assert store.history("problems", "p9") == []


def test_changes_can_be_read_page_by_page_also_within_a_commit(store: Store) -> None:
    write(store, born("p1"), born("p2"), born("p3"))
    write(store, gone("p2"))
    first = store.changes_since(0, 2)
    assert [(change.commit.seq, change.n, change.id) for change in first] == [(1, 0, "p1"), (1, 1, "p2")]
    rest = store.changes_since(1, 10, n=1)
    assert [(change.commit.seq, change.n, change.id) for change in rest] == [(1, 2, "p3"), (2, 0, "p2")]
    assert [change.id for change in store.changes_since(1, 10)] == ["p2"]
    assert store.changes_since(2, 10) == []


# --- request keys ----------------------------------------------------------------------------------


def test_a_request_sent_again_gets_the_earlier_commit_and_writes_nothing(store: Store) -> None:
    first = write(store, born("p1"), key="k1")
    assert write(store, born("p1"), key="k1") == first
    assert write(store, born("p2"), key="k1") == first
    assert store.follow() == 1
    assert set(values(store)) == {"p1"}


def test_a_request_key_is_known_after_a_restart(opened: OpenStore) -> None:
    store = opened()
    first = write(store, born("p1"), key="k1")
    store.close()
    assert write(opened(), born("p1"), key="k1") == first


def test_a_refused_request_may_be_sent_again_with_its_key(store: Store) -> None:
    with pytest.raises(NotFound):
        write(store, patched("p1", status="x"), key="k1")
    assert write(store, born("p1"), key="k1").seq == 1


def test_the_same_key_from_many_threads_is_one_commit(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        commits = set(threads.map(lambda _: write(store, born("p1"), key="k1"), range(64)))
    assert len(commits) == 1
    assert store.follow() == 1


# --- refusals --------------------------------------------------------------------------------------


def test_a_change_of_what_changed_since_it_was_seen_is_refused(store: Store) -> None:
    write(store, born("p1"), born("p2"))
    write(store, patched("p1", status="assigned"))
    with pytest.raises(Conflict, match="problems/p1 was changed by commit 2"):
        write(store, patched("p1", status="done", based_on=1))
    assert write(store, patched("p2", status="done", based_on=1)).seq == 3
    assert write(store, patched("p1", status="done", based_on=2)).seq == 4


def test_what_was_deleted_since_it_was_seen_is_not_brought_back_by_mistake(store: Store) -> None:
    write(store, born("p1"))
    write(store, gone("p1"))
    with pytest.raises(Conflict, match="commit 2"):
        write(store, born("p1", based_on=1))
    assert write(store, born("p1", based_on=2)).seq == 3


def test_two_who_saw_the_same_do_not_both_win(store: Store) -> None:
    write(store, born("p1"))

    def attempt(n: int) -> bool:
        try:
            write(store, patched("p1", status=str(n), based_on=1))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(attempt, range(16))) == 1


@pytest.mark.parametrize("change", [patched("p1", status="x"), gone("p1"), Change("problems", "p1", b'{"type": "x"}')])
def test_what_does_not_exist_can_only_be_written_whole(store: Store, change: Change) -> None:
    with pytest.raises(NotFound, match="There is no problems/p1"):
        write(store, change)


def test_a_commit_is_written_as_a_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(NotFound):
        write(store, born("p1"), gone("p2"))
    assert store.follow() == 0
    assert store.verify().ok


def test_a_commit_may_build_on_its_own_changes(store: Store) -> None:
    write(store, born("p1"), patched("p1", status="x"), gone("p1"), born("p1", status="y"))
    assert values(store)["p1"]["properties"]["status"] == "y"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("problems", "p1", b"{"), "not JSON"),
        (Change("problems", "p1", b"[1]"), "must be a JSON object"),
        (Change("problems", "p1", b'{"type":"Feature","id":"p2"}'), "names another id"),
        (Change("problems", "", b"{}"), "1 to 300 characters"),
        (Change("problems", "a\nb", b"{}"), "without control characters"),
        (Change("problems", "\ud800", b"{}"), "characters"),
        (Change("../etc", "p1", b"{}"), "There is no layer '../etc'"),
        (Change("tables", "../x", b"{}"), "becomes a file name"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(store: Store, change: Change, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        write(store, change)


def test_an_empty_commit_and_a_nameless_actor_are_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="at least one"):
        write(store)
    with pytest.raises(BadInput, match="actor"):
        store.append([born("p1")], actor="", action="test")


# --- coming back -----------------------------------------------------------------------------------


def test_a_restart_replays_everything_and_tells_how_far_it_is(opened: OpenStore) -> None:
    store = opened()
    write(store, born("p1"), born("p2"))
    write(store, patched("p1", status="x"), table("kinds", version=1))
    before = values(store)
    store.close()
    told: list[tuple[int, int]] = []
    again = opened(progress=lambda done, total: told.append((done, total)))
    assert values(again) == before
    assert again.memory.seq == 2
    assert told[-1] == (4, 4)


def test_a_ledger_of_a_newer_geoapp_is_refused(store: Store, opened: OpenStore) -> None:
    store.close()
    with sqlite3.connect(store.instance / "ledger.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerSchema, match="version 99"):
        opened()


def test_two_who_make_the_same_instance_at_once_share_it(instance: Path) -> None:
    def make(n: int) -> int:
        store = Store.open(instance, PlainMemory(), clock=lambda: NOW, project=False)
        seq = write(store, born(f"p{n}")).seq
        store.close()
        return seq

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(make, range(8))) == list(range(1, 9))


def test_closing_twice_does_no_harm(store: Store) -> None:
    store.close()
    store.close()


ids = st.sampled_from(["p1", "p2", "p3"])
properties = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(-5, 5) | st.text(max_size=3), max_size=3)
steps = st.lists(
    st.tuples(st.just("birth"), ids, properties)
    | st.tuples(st.just("patch"), ids, properties)
    | st.tuples(st.just("end"), ids, st.just({})),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_replay_comes_to_the_same_as_living_through_it(
    steps: list[Any], tmp_path_factory: Any, new_memory: NewMemory
) -> None:
    instance = tmp_path_factory.mktemp("replay")
    store = Store.open(instance, new_memory(), clock=lambda: NOW, project=False)
    for step, id, values_of in steps:
        change = gone(id) if step == "end" else {"birth": born, "patch": patched}[step](id, **values_of)
        try:
            write(store, change)
        except NotFound:
            assert step != "birth"
        store.follow()
    lived = list(store.memory.encoded("problems"))
    store.close()
    again = Store.open(instance, new_memory(), clock=lambda: NOW, project=False)
    replayed = list(again.memory.encoded("problems"))
    verdict = again.verify()
    again.close()
    assert replayed == lived
    assert verdict.ok
