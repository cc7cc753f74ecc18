"""An instance in a temporary folder, and the toy world that is written into it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from geoapp.storage.store import Memory, Store
from tests.storage.plain_memory import PlainMemory

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=BEIJING)

OpenStore = Callable[..., Store]
NewMemory = Callable[[], Memory]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """A folder in which there is nothing yet."""
    return tmp_path / "instance"


@pytest.fixture
def new_memory() -> NewMemory:
    """What makes the memory of a store; the contract tests run over every kind there is."""
    return PlainMemory


@pytest.fixture
def opened(instance: Path, new_memory: NewMemory) -> Iterator[OpenStore]:
    """Open the instance, as often as a test likes; all are closed in the end."""
    with ExitStack() as stores:

        def open_store(**options: Any) -> Store:
            asked: dict[str, Any] = {"clock": lambda: NOW, "project": False, **options}
            store = Store.open(asked.pop("instance", instance), new_memory(), **asked)
            stores.callback(store.close)
            return store

        yield open_store


@pytest.fixture
def store(opened: OpenStore) -> Store:
    """A new, empty store that projects when it is asked to."""
    return opened()
