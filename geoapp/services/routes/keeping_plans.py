"""Plans in the ledger: kept, found again, renamed, and what has changed since they were made."""

import secrets
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from geoapp.domain.errors import NotFound
from geoapp.domain.kept_plans import KeptPlan, ValueRule, feature_of
from geoapp.domain.routes import RoutePlan
from geoapp.services.district import District
from geoapp.storage.ledger import Change

COLLECTION = "plans"
# So many changes since a plan was made are looked through for those that concern its stops.
MOST_CHANGES = 100_000


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What a list of plans says of each."""

    id: str
    name: str
    made_at: str
    mode: str
    dates: tuple[str, ...]
    teams: int
    visited: int
    left_out: int
    value: float
    ok: bool


def keep_plan(
    district: District, plan: RoutePlan, name: str, *, by: str, values: ValueRule | None = None, selection: str = "",
    basis: str | None = None, id: str | None = None,
) -> KeptPlan:  # fmt: skip
    """Keep a plan durably under a name; raises BadInput for a name that is none."""
    made = KeptPlan(id=id or secrets.token_hex(6), name=name.strip(), made_at=district.clock(), made_by=by, plan=plan,
                    values=values or ValueRule(), selection=selection, basis=basis)  # fmt: skip
    change = Change(COLLECTION, made.id, msgspec.json.encode(made))
    district.store.append([change], actor=by, action=f"plan {made.name}")
    return made


def kept_plan(district: District, id: str) -> KeptPlan:
    """A plan by its id; raises NotFound."""
    found = district.present.documents[COLLECTION].get(id)
    if found is None:
        raise NotFound("There is no plan {id!r}; it may have been deleted.", id=id)
    text, seq = found
    made: KeptPlan = district.derived.get(
        ("plan", id, seq), lambda: msgspec.json.decode(text, type=KeptPlan), lambda _: 8 * len(text)
    )
    return made


def kept_plans(district: District) -> list[PlanLine]:
    """All plans, the newest first."""
    plans = [kept_plan(district, id) for id in district.present.documents[COLLECTION]]
    return [_line(one) for one in sorted(plans, key=lambda one: (one.made_at, one.id), reverse=True)]


def rename_plan(district: District, id: str, name: str, *, by: str) -> KeptPlan:
    """Give a plan another name; raises NotFound and BadInput, and Conflict if it was changed or deleted meanwhile."""
    renamed = replace(kept_plan(district, id), name=name.strip())
    patch = msgspec.json.encode({"name": renamed.name})
    # What was deleted meanwhile would come back as a plan of nothing but its name.
    change = Change(COLLECTION, id, patch, based_on=district.present.seq)
    district.store.append([change], actor=by, action=f"rename plan {renamed.name}")
    return renamed


def delete_plan(district: District, id: str, *, by: str) -> None:
    """Take a plan away; the ledger keeps what it was, but not who received and what leaders said. Raises NotFound."""
    name = kept_plan(district, id).name
    district.store.append([Change(COLLECTION, id, None)], actor=by, action=f"delete plan {name}")
    district.store.private.forget_plan(id)


def changed_stops(district: District, kept: KeptPlan) -> dict[str, list[str]]:
    """Ids of stops of which something was changed since the plan was made, and the changed features as layer/id."""
    recorded = district.store.changes_since(kept.plan.ledger_seq, MOST_CHANGES)
    changed = {(one.layer, one.id) for one in recorded}
    sites = _sites_of(district, [id for layer, id in changed if layer == "problems"])
    found = {stop.id: _concerns(stop.id, changed, sites) for stop in kept.plan.request.stops}
    return {id: features for id, features in found.items() if features}


def _sites_of(district: District, problems: list[str]) -> dict[str, str | None]:
    """The site of each of these problems."""
    snapshot = district.present.snapshot("problems")
    known = [(id, row) for id in problems if (row := snapshot.row(id)) is not None]
    rows = np.array([row for _, row in known], np.intp)
    return dict(zip([id for id, _ in known], snapshot.texts("site_id", rows), strict=True))


def _concerns(stop_id: str, changed: set[tuple[str, str]], changed_problems: dict[str, str | None]) -> list[str]:
    """The changed features that a stop is about: itself, and the problems at its site."""
    feature = feature_of(stop_id)
    if feature is None or not changed:
        return []
    own = [stop_id] if feature in changed else []
    if feature[0] != "sites":
        return own
    return own + sorted(f"problems/{id}" for id, site in changed_problems.items() if site == feature[1])


def _line(one: KeptPlan) -> PlanLine:
    plan = one.plan
    return PlanLine(
        id=one.id, name=one.name, made_at=one.made_at.isoformat(), mode=plan.request.mode,
        dates=tuple(day.isoformat() for day in plan.request.dates), teams=len(plan.request.teams),
        visited=sum(len(route.stops) for route in plan.routes), left_out=len(plan.left_out), value=plan.value,
        ok=plan.check.ok,
    )  # fmt: skip
