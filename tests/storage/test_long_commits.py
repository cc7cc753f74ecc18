"""A commit of many changes: little memory, and nobody who waits for it longer than he must."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput, Conflict, NotFound
from geoapp.domain.selection import Scope
from geoapp.storage import follower, memory, staging, writer
from geoapp.storage.ledger import Change
from geoapp.storage.memory import Memory
from geoapp.storage.store import Store
from geoapp.tiles.morton import encode
from tests.storage.toy import born, gone, patched, write


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MANY", 5)
    monkeypatch.setattr(follower, "LONG", 5)
    monkeypatch.setattr(writer, "LONG", 5)
    monkeypatch.setattr(staging, "STAGED_FROM", 5)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """One instance, opened twice as by two processes."""
    opened = [Store.open(tmp_path, Memory(encode), clock=lambda: datetime.now(UTC), project=False) for _ in range(2)]
    yield opened[0], opened[1]
    for store in opened:
        store.close()


def names(store: Store) -> dict[str, str]:
    values = (msgspec.json.decode(text) for text in store.memory.encoded("problems"))
    return {value["id"]: value["properties"]["name"] for value in values}


def test_what_a_generator_raises_leaves_nothing(two: tuple[Store, Store]) -> None:
    def changes() -> Iterator[Change]:
        yield from (born(f"p{n}") for n in range(20))
        raise BadInput("a bad row")

    with pytest.raises(BadInput, match="a bad row"):
        two[0].append(changes(), actor="a", action="b")

    assert (two[0].follow(), two[0].memory.version("problems", "p1")) == (0, None)


def test_another_process_writes_on_while_it_is_far_behind(two: tuple[Store, Store]) -> None:
    importing, other = two
    write(other, born("seen"))
    write(importing, *(born(f"p{n}") for n in range(20)), patched("seen", name="changed"))
    commit = write(other, born("mine"))

    assert (commit.seq, other.memory.seq) == (3, 0)
    with pytest.raises(Conflict):
        write(other, patched("seen", name="again", based_on=1))
    with pytest.raises(NotFound):
        write(other, patched("nobody", name="x"))
    write(other, gone("p3"), patched("p4", name="four"))
    assert (other.follow(), other.memory.version("problems", "p3")) == (4, None)
    assert names(other)["p4"] == "four"


def test_an_import_that_was_checked_before_the_lock_still_sees_what_came_in_between(two: tuple[Store, Store]) -> None:
    importing, other = two
    write(other, *(born(f"p{n}") for n in range(3)))
    importing.follow()

    def changes() -> Iterator[Change]:
        yield from (patched(f"p{n}", name="new", based_on=1) for n in range(3))
        yield from (born(f"q{n}") for n in range(20))
        write(other, patched("p1", name="meanwhile"))

    with pytest.raises(Conflict, match="problems/p1 was changed by commit 2"):
        importing.append(changes(), actor="a", action="b")
    assert (importing.follow(), names(importing)["p1"]) == (2, "meanwhile")


def test_who_asks_in_passing_sees_it_all_or_nothing_and_own_changes_always(two: tuple[Store, Store]) -> None:
    importing, other = two
    write(importing, *(born(f"p{n}") for n in range(20)))

    assert other.follow(patience_s=5) == 1
    write(importing, *(patched(f"p{n}", name="new") for n in range(20)))
    write(other, born("mine"))
    assert other.follow(patience_s=0) == 3
    assert set(names(other).values()) == {"new", "mine"}


changed = st.tuples(st.integers(0, 8), st.sampled_from(["name", "other", "gone"]), st.integers(0, 3))


@settings(max_examples=60)
@given(st.lists(st.lists(changed, min_size=1, max_size=12), min_size=1, max_size=6))
def test_many_at_once_come_to_the_same_as_one_after_the_other(commits: list[list[tuple[int, str, int]]]) -> None:
    at_once, singly = Memory(encode), Memory(encode)
    for seq, commit in enumerate(commits, start=1):
        rows = []
        there = {id for id in range(9) if at_once.version("problems", f"p{id}") is not None}
        for id, what, value in commit:
            if id not in there:
                change = born(f"p{id}", lon=100 + value)
                there.add(id)
            elif what == "gone":
                change = gone(f"p{id}")
                there.discard(id)
            else:
                change = patched(f"p{id}", **{what: value})
            rows.append((change.layer, change.id, change.patch))
        at_once.apply(seq, rows)
        for row in rows:
            singly.apply(seq, [row])
        if seq % 2:
            at_once.snapshot("problems")

    assert list(at_once.items("problems")) == list(singly.items("problems"))
    snapshots = [held.snapshot("problems") for held in (at_once, singly)]
    ids = [id for id, _ in at_once.items("problems")]
    for snapshot in snapshots:
        rows = [snapshot.row(id) for id in ids]
        assert [
            msgspec.json.decode(text)["id"] for text in snapshot.encoded(np.array(rows, dtype=np.intp), Scope.FULL)
        ] == ids
    assert [at_once.version("problems", id) for id in ids] == [singly.version("problems", id) for id in ids]
