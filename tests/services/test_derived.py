"""One cache: nothing is made twice at once, and it never outgrows its limit."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.services.derived import Derived


def test_a_value_is_made_once_and_then_kept() -> None:
    cache, made = Derived(), []
    for _ in range(3):
        cache.get("key", lambda: made.append(1) or "value", len)

    assert made == [1]


def test_threads_that_want_the_same_value_wait_for_one_making() -> None:
    cache, made, start = Derived(), [], threading.Barrier(8)

    def ask(_: int) -> str:
        start.wait()
        return cache.get("key", lambda: made.append(1) or "value", len)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["value"] * 8
    assert made == [1]


def test_the_value_asked_for_least_recently_goes_first() -> None:
    cache = Derived(limit=2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: "x", len)
    made: list[str] = []
    for key in ("a", "c", "b"):
        cache.get(key, lambda key=key: made.append(key) or "x", len)

    assert made == ["b"]


def test_a_making_that_fails_fails_for_its_caller_and_can_be_tried_again() -> None:
    cache = Derived()
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: 1 / 0, lambda _: 1)

    assert cache.get("key", lambda: 2.0, lambda _: 1) == 2.0


def test_nothing_is_left_of_what_could_not_be_made() -> None:
    cache = Derived()
    for number in range(3):
        with pytest.raises(ZeroDivisionError):
            cache.get(("a link's long text" * 100, number), lambda: 1 / 0, lambda _: 1)

    assert len(cache) == 0
    assert not cache._making


def test_a_long_key_counts_like_what_is_kept_under_it() -> None:
    cache = Derived(limit=20_000)
    for number in range(10):
        cache.get(("x" * 10_000, number), lambda: "small", len)

    assert len(cache) == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=60))
def test_it_never_holds_more_than_its_limit(asked: list[tuple[int, int]]) -> None:
    cache = Derived(limit=25)
    for key, size in asked:
        assert len(cache.get((key, size), lambda size=size: "x" * size, len)) == size
        assert cache.nbytes <= 25
