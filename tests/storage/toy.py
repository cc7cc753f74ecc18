"""Two problems, a site and a table: the toy world of the storage tests."""

import json
import time
from typing import Any

from geoapp.storage.ledger import Change
from geoapp.storage.store import Commit, Store


def feature(id: str, lon: float = 116.6, lat: float = 40.3, **properties: Any) -> dict[str, Any]:
    """A point feature."""
    point = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": id, "geometry": point, "properties": {"name": id, **properties}}


def born(id: str, layer: str = "problems", *, based_on: int | None = None, **properties: Any) -> Change:
    """The birth of a feature."""
    return Change(layer, id, json.dumps(feature(id, **properties)).encode(), based_on)


def patched(id: str, layer: str = "problems", *, based_on: int | None = None, **properties: Any) -> Change:
    """New values of some of a feature's properties; None removes one."""
    return Change(layer, id, json.dumps({"properties": properties}).encode(), based_on)


def gone(id: str, layer: str = "problems", *, based_on: int | None = None) -> Change:
    """The end of a feature."""
    return Change(layer, id, None, based_on)


def table(id: str, **members: Any) -> Change:
    """A table, whole or what changes in it."""
    return Change("tables", id, json.dumps(members).encode())


def write(store: Store, *changes: Change, key: str | None = None) -> Commit:
    """Append as the tests' clerk."""
    return store.append(changes, actor="clerk", action="test", request_key=key)


def until(condition: Any) -> None:
    """Wait for another thread, a minute at most."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it never happened")
