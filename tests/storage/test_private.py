"""Who people are stands apart from what they did."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geoapp.domain.errors import LedgerDamaged, NotFound
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
