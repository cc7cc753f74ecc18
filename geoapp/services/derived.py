"""Every value that is computed from the data and kept for the next question."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

Value = TypeVar("Value")

CACHE_BYTES = 256 * 1024 * 1024
# What sizes of values leave room for.
USUAL_KEY = 1_000


class Derived:
    """One cache, bounded in bytes; the least recently used value goes first.

    Keys name everything that the value depends on, sequence numbers first, so that nothing ever has to be invalidated:
    what is out of date is simply never asked for again and leaves in its turn.
    """

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """The value of this key, made now if it is not there; threads that want the same one wait for one making."""
        found = self._found(key)
        if found is not None:
            return cast(Value, found[0])
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        try:
            with making:
                found = self._found(key)
                if found is None:
                    found = (make(), 0)
                    self._keep(key, found[0], size(found[0]) + _beyond_usual(key))
        finally:
            # Also of what cannot be made: anybody may ask for such things, as often as they like.
            with self._lock:
                self._making.pop(key, None)
        return cast(Value, found[0])

    def __len__(self) -> int:
        return len(self._values)

    @property
    def nbytes(self) -> int:
        """Bytes held now, never more than the limit."""
        return self._bytes

    def _found(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
            return found

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        with self._lock:
            if size > self._limit:
                return
            self._values[key] = (value, size)
            self._bytes += size
            while self._bytes > self._limit:
                _, (_, gone) = self._values.popitem(last=False)
                self._bytes -= gone


def _beyond_usual(key: Hashable) -> int:
    """What a key itself takes where it is a long one: links bring texts into it that people write."""
    return max(len(repr(key)) - USUAL_KEY, 0)
