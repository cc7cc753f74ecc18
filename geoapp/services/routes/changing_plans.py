"""Kept plans changed by hand: each change is checked at once, and kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from geoapp.domain.errors import Conflict
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import PlanFault, RoutePlan
from geoapp.routing.travel import Travel
from geoapp.services.district import District
from geoapp.services.routes.editing import Comparison, asked_anew, compared, moved, pinned
from geoapp.services.routes.keeping_plans import COLLECTION, kept_plan
from geoapp.services.routes.travelling import plain_travel, travel_of
from geoapp.storage.ledger import Change

Edit = Callable[[RoutePlan], RoutePlan]
TAKEN_BACK = "take back a change of plan"


@dataclass(frozen=True, slots=True)
class Changed:
    """A plan after a change, and what it came to before and after. faults: those there are now, the new ones first."""

    kept: KeptPlan
    difference: Comparison
    faults: tuple[PlanFault, ...]


def move_stop(
    district: District, id: str, stop: str, *, team: str | None, day: date | None, place: int | None, by: str
) -> Changed:
    """Put a stop into a team's day, at a place (0 the first, None the best), or out of the plan (team None)."""
    travel, plain = _ways(district, id)
    return _changed(district, id, lambda plan: moved(plan, stop, team, day, place, travel, plain), by, f"move {stop}")


def pin_stop(district: District, id: str, stop: str, *, team: str | None, day: date | None, by: str) -> Changed:
    """Tie a stop to a team and a day, or to nothing any more."""
    travel, plain = _ways(district, id)
    return _changed(district, id, lambda plan: pinned(plan, stop, team, day, travel, plain), by, f"pin {stop}")


def change_stop(
    district: District, id: str, stop: str, *, service_min: float | None, walk_min: float | None, must: bool, by: str
) -> Changed:
    """Give a stop other minutes, or make it a must-visit or none."""
    travel, plain = _ways(district, id)

    def edit(plan: RoutePlan) -> RoutePlan:
        return asked_anew(plan, stop, travel, plain, service_min=service_min, walk_min=walk_min, must=must)

    return _changed(district, id, edit, by, f"change {stop}")


def take_back(district: District, id: str, *, by: str) -> KeptPlan:
    """The plan as it was before its last change that still stands; raises NotFound, Conflict if there is none."""
    now, known = kept_plan(district, id), _standing(district, id)
    if len(known) < 2:
        raise Conflict("There is no change of this plan to be taken back.")
    before = replace(msgspec.json.decode(known[-2], type=KeptPlan), name=now.name)
    _keep(district, before, by=by, action=f"{TAKEN_BACK} {now.name}")
    return before


def can_be_taken_back(district: District, id: str) -> bool:
    """Whether a change of a plan still stands."""
    return len(_standing(district, id)) > 1


def _ways(district: District, id: str) -> tuple[Travel, Travel]:
    profile = kept_plan(district, id).plan.request.profile
    return travel_of(district, profile), plain_travel(district, profile)


def _changed(district: District, id: str, edit: Edit, by: str, action: str) -> Changed:
    known = kept_plan(district, id)
    made = replace(known, plan=edit(known.plan))
    _keep(district, made, by=by, action=action)
    before = set(known.plan.check.faults)
    faults = tuple(sorted(made.plan.check.faults, key=before.__contains__))
    return Changed(made, compared(known.plan, made.plan), faults)


def _keep(district: District, kept: KeptPlan, *, by: str, action: str) -> None:
    """Put a plan in place of what it was; refused if somebody else has changed it since this request began."""
    change = Change(COLLECTION, kept.id, msgspec.json.encode(kept), based_on=district.present.seq)
    district.store.append([change], actor=by, action=action)


def _standing(district: District, id: str) -> list[bytes]:
    """The plan at its birth and after every change that was not taken back: each change writes all of it."""
    found: list[bytes] = []
    for commit, patch in district.store.history(COLLECTION, id):
        if patch is None:
            found = []
        elif b'"plan"' not in patch:  # renamed only
            continue
        elif commit.action.startswith(TAKEN_BACK):
            found.pop()
        else:
            found.append(patch)
    return found
