"""What has changed, in order, for programs that keep a copy."""

from dataclasses import dataclass
from typing import Any

import orjson

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import DOCUMENTS, LAYERS
from geoapp.domain.selection import Scope
from geoapp.services.district import District


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes. seq: up to which commit the asker is up to date if `next` is None.

    next: where to go on ("SEQ.N"), None at the head.
    """

    seq: int
    changes: list[dict[str, Any]]
    next: str | None


def changes(district: District, since: tuple[int, int | None], scope: Scope, *, limit: int) -> Changes:
    """At most `limit` changes after a commit, or after its n-th change; who always goes on at `next`, or at `seq` where
    there is none, gets every change exactly once. Raises BadInput for a point that the ledger has not reached.

    Public scope sees features only, without their private fields and without who changed them.
    """
    seq, n = since
    if seq > district.present.seq:
        raise BadInput("{name}={value!r} lies beyond the ledger, which goes up to {head}.",
                       name="since", value=seq, head=district.present.seq)  # fmt: skip
    recorded = district.store.changes_since(seq, limit, n=n)
    last = recorded[-1] if recorded else None
    head = max(seq, district.present.seq, last.commit.seq if last else 0)
    shown = [told for one in recorded if (told := _told(one, scope)) is not None]
    more = f"{last.commit.seq}.{last.n}" if last and len(recorded) == limit else None
    return Changes(head, shown, more)


def _told(one: Any, scope: Scope) -> dict[str, Any] | None:
    """A change as a program is told it; None if this scope may not see anything of it."""
    patch = None if one.patch is None else orjson.loads(one.patch)
    if scope is not Scope.FULL:
        if one.layer in DOCUMENTS:
            return None
        patch = _public(patch, LAYERS[one.layer].private) if one.layer in LAYERS else None
        if patch is None and one.patch is not None:
            return None
    told = {"seq": one.commit.seq, "n": one.n, "time": one.commit.time, "action": one.commit.action}
    told |= {"actor": one.commit.actor} if scope is Scope.FULL else {}
    return told | {"layer": one.layer, "id": one.id, "deleted": one.patch is None, "patch": patch}


def _public(patch: Any, private: frozenset[str]) -> Any:
    """The patch without private fields; None if nothing is left of it."""
    if patch is None or not isinstance(patch.get("properties"), dict):
        return patch
    kept = {name: value for name, value in patch["properties"].items() if name not in private}
    rest = {name: value for name, value in patch.items() if name != "properties"}
    return (rest | {"properties": kept}) if kept or rest or not patch["properties"] else None
