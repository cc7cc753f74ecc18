"""Who people are stands apart from what they did."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from geoapp.domain.errors import LedgerDamaged, NotFound
from geoapp.domain.tours import Host, Score, ScoreScale
from geoapp.storage.private import Person, PrivateStore
from geoapp.storage.store import Store
from geoapp.storage.verify import verify
from tests.storage.conftest import OpenStore

LI = Person("u1", "李雷", "13800000000", "north")
HAN = Person("u2", "Han")


def test_a_person_is_known_by_id_and_changes_as_a_whole(store: Store) -> None:
    store.private.put_person(LI)
    store.private.put_person(HAN)
    assert store.private.persons() == [LI, HAN]
    store.private.put_person(Person("u1", "Li Lei"))
    assert store.private.person("u1") == Person("u1", "Li Lei", "", "")


def test_a_person_can_be_forgotten(store: Store) -> None:
    store.private.put_person(LI)
    store.private.remove_person("u1")
    for refused in (store.private.person, store.private.remove_person):
        with pytest.raises(NotFound, match="no person 'u1'"):
            refused("u1")


def test_nothing_of_a_person_stands_in_any_other_file(store: Store, opened: OpenStore) -> None:
    store.private.put_person(LI)
    store.project()
    store.close()
    others = [path for path in store.instance.rglob("*") if path.is_file() and "private" not in path.name]
    assert others
    assert not any("李雷".encode() in path.read_bytes() for path in others)
    assert opened().private.persons() == [LI]


def test_the_file_is_for_its_owner_alone(store: Store) -> None:
    assert stat.S_IMODE((store.instance / "private.sqlite").stat().st_mode) == 0o600


def test_many_threads_and_two_stores_may_use_it(store: Store) -> None:
    other = PrivateStore(store.instance)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: (store, other)[n % 2], range(4)))
        list(threads.map(store.private.put_person, [Person(f"a{n}", "x") for n in range(20)]))
        list(threads.map(other.put_person, [Person(f"b{n}", "x") for n in range(20)]))
    assert len(store.private.persons()) == len(other.persons()) == 40
    other.close()


@pytest.mark.parametrize("size", [0, 50, 5000])
def test_a_truncated_file_is_named(store: Store, opened: OpenStore, size: int) -> None:
    store.private.put_person(LI)
    store.close()
    path: Path = store.instance / "private.sqlite"
    with path.open("r+b") as file:
        file.truncate(size)
    assert [fault.kind for fault in verify(store.instance).faults][:1] == ["private"]
    if size < 4096:
        with pytest.raises(LedgerDamaged, match=r"private\.sqlite"):
            opened()


MEI = Host(stop="sites/P1", name="韩梅梅", phone="13900000000")


def test_who_receives_is_kept_by_plan_and_stop_and_forgotten_when_emptied(store: Store) -> None:
    store.private.put_hosts("one", [MEI, Host(stop="sites/P2", name="Jim")])
    store.private.put_hosts("two", [Host(stop="sites/P1", phone="1")])
    assert store.private.hosts("one") == {"sites/P1": MEI, "sites/P2": Host(stop="sites/P2", name="Jim")}
    store.private.put_hosts("one", [Host(stop="sites/P2")])
    assert store.private.hosts("one") == {"sites/P1": MEI}
    assert set(store.private.hosts("two")) == {"sites/P1"}


def test_a_leaders_scores_take_the_place_of_the_earlier_ones(store: Store) -> None:
    first = [Score(leader="Leader 1", stop="a", score=80.0), Score(leader="Leader 1", stop="b", remark="late")]
    store.private.put_scores("one", "Leader 1", first)
    store.private.put_scores("one", "Leader 2", [Score(leader="Leader 2", stop="a", score=70.0)])
    assert store.private.scores("one") == [*first, Score(leader="Leader 2", stop="a", score=70.0)]
    store.private.put_scores("one", "Leader 1", first[:1])
    assert len(store.private.scores("one")) == 2
    assert store.private.scores("two") == []


def test_a_plan_has_its_scale_and_the_usual_one_without(store: Store) -> None:
    store.private.put_scale("one", ScoreScale(1, 10))
    assert store.private.scale("one") == ScoreScale(1, 10)
    assert store.private.scale("two") == ScoreScale(0, 100)


def test_a_plan_is_forgotten_as_a_whole_and_alone(store: Store) -> None:
    for plan in ("one", "two"):
        store.private.put_hosts(plan, [MEI])
        store.private.put_scores(plan, "Leader 1", [Score(leader="Leader 1", stop="a", score=1.0)])
        store.private.put_scale(plan, ScoreScale(1, 10))
    store.private.forget_plan("one")
    assert (store.private.hosts("one"), store.private.scores("one")) == ({}, [])
    assert store.private.scale("one") == ScoreScale()
    assert (len(store.private.hosts("two")), len(store.private.scores("two"))) == (1, 1)


def test_half_of_a_leaders_scores_is_never_kept(store: Store) -> None:
    kept = Score(leader="Leader 1", stop="a", score=1.0)
    store.private.put_scores("one", "Leader 1", [kept])
    with pytest.raises(sqlite3.ProgrammingError):
        store.private.put_scores("one", "Leader 1", [Score(leader="Leader 1", stop="b"), _unkeepable()])
    assert store.private.scores("one") == [kept]


def _unkeepable() -> Score:
    return Score(leader="Leader 1", stop=cast("str", object()))


def test_a_file_of_the_first_version_gets_the_new_tables(store: Store, opened: OpenStore) -> None:
    store.private.put_person(LI)
    store.close()
    with sqlite3.connect(store.instance / "private.sqlite") as connection:
        for table in ("hosts", "scores", "score_scales"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = opened()
    again.private.put_hosts("one", [MEI])
    assert (again.private.person("u1"), again.private.hosts("one")) == (LI, {"sites/P1": MEI})
