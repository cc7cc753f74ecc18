"""What has happened to a feature, read from the ledger."""

from dataclasses import dataclass
from typing import Any

import orjson

from geoapp.analysis.distance import distance_m
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope
from geoapp.services.district import District
from geoapp.storage.patch import merge_patch

# Fields that follow from others: what changed them is told already.
_DERIVED = frozenset({"updated_at", "township_name", "near_border", "street_distance_m", "township_joined"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after; None where it was or is absent."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Event:
    """One commit as far as it touched a feature.

    kind: entered, changed or removed. time: RFC 3339. actor: who, for full scope only. moved_m: how far the place went;
    placed: True where a place was given, False where it was taken away, None otherwise.
    """

    seq: int
    time: str
    kind: str
    action: str
    actor: str | None
    changes: tuple[FieldChange, ...] = ()
    moved_m: float | None = None
    placed: bool | None = None


def history(district: District, layer: str, id: str, scope: Scope) -> list[Event]:
    """Everything that happened to a feature, the latest first; without private fields unless the scope is full."""
    hidden = _DERIVED | (frozenset() if scope is Scope.FULL else LAYERS[layer].private)
    events: list[Event] = []
    before: dict[str, Any] | None = None
    for commit, patch in district.store.history(layer, id):
        if commit.seq > district.present.seq:
            break
        after = None if patch is None else merge_patch(before, orjson.loads(patch))
        events.append(_event(commit, before, after, hidden, scope))
        before = after
    # A change of hidden fields alone is no news to those who may not see them.
    told = [event for event in events if event.kind != "changed" or event.changes or event.moved_m is not None
            or event.placed is not None]  # fmt: skip
    return told[::-1]


def _event(
    commit: Any, before: dict[str, Any] | None, after: dict[str, Any] | None, hidden: frozenset[str], scope: Scope
) -> Event:
    actor = commit.actor if scope is Scope.FULL else None
    kind = "removed" if after is None else "entered" if before is None else "changed"
    if before is None or after is None:
        return Event(commit.seq, commit.time, kind, commit.action, actor)
    moved_m, placed = _move(before.get("geometry"), after.get("geometry"))
    return Event(commit.seq, commit.time, kind, commit.action, actor, _changes(before, after, hidden), moved_m, placed)


def _changes(before: dict[str, Any], after: dict[str, Any], hidden: frozenset[str]) -> tuple[FieldChange, ...]:
    old, new = before.get("properties", {}), after.get("properties", {})
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in names
        if name not in hidden and old.get(name) != new.get(name)
    )


def _move(before: Any, after: Any) -> tuple[float | None, bool | None]:
    """How far a point went in metres, and whether a place was given or taken away."""
    if before == after:
        return None, None
    if not before or not after:
        return None, bool(after)
    if before["type"] == after["type"] == "Point":
        return distance_m(*before["coordinates"][:2], *after["coordinates"][:2]), None
    return None, True
