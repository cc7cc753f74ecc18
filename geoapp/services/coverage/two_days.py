"""Two days compared: what stood, who reached it, and which facilities came, went or changed in between."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from geoapp.analysis.distance import distance_m
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Inventory
from geoapp.services.coverage.kinds import FACILITIES, SITE, SITES, kinds_of_sites
from geoapp.services.coverage.past_days import as_of
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Reach, Summary
from geoapp.services.coverage.verdicts import Assessed, assessed, counting_of
from geoapp.services.district import District
from geoapp.services.past import FieldChange

Record = dict[str, Any]
# What of a facility matters to coverage; the rest may change without a word here.
WATCHED = (
    "name", "kind", "township", "build_status", "expected_opening", "ownership", "shared_with", "floor_area_m2",
    "seats", "books", "hours_per_week", "opening_hours", "step_free", "free_of_charge",
)  # fmt: skip
# Nearer than this is the same spot, measured twice.
MOVED_M = 20.0
CAME, WENT, PLANNED, CHANGED = "came", "went", "planned", "changed"
_USUAL_AHEAD_DAYS = 365


@dataclass(frozen=True, slots=True)
class DayState:
    """One of the two days. assessed: everything that its inventory counts; places: of facilities, degrees, by id."""

    day: date
    inventory: Inventory
    reach: Reach
    by_kind: Mapping[str, Reach]
    assessed: Assessed
    places: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class FacilityChange:
    """A facility that is not what it was. what: came (it counts now and did not), went, planned (it is to come), or
    changed. record: as on the later day, or as it was if it is gone. moved_m: how far it went, None for nowhere.
    """

    what: str
    record: Record
    fields: tuple[FieldChange, ...]
    moved_m: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A number on both days, None where it is unknown. alike: whether it is of the same places on both."""

    before: float | None
    after: float | None
    alike: bool = True

    @property
    def difference(self) -> float | None:
        """What it rose by; None where the two are not to be compared."""
        return None if self.before is None or self.after is None or not self.alike else self.after - self.before


@dataclass(frozen=True, slots=True)
class Compared:
    """A township, a kind of facility, or (code "") the district on both days.

    facilities: counted ones. below: how far below its standards, 0..1, None for kinds. near_people, near_places,
    median_min, worst_min: as in a Summary.
    """

    code: str
    facilities: Pair
    below: Pair | None
    near_people: Pair
    near_places: Pair
    median_min: Pair
    worst_min: Pair


@dataclass(frozen=True, slots=True)
class TwoDays:
    """Two days beside each other; the same people live in the same places on both."""

    question: CoverageQuestion
    before: DayState
    after: DayState
    district: Compared
    townships: tuple[Compared, ...]
    kinds: tuple[Compared, ...]
    changes: tuple[FacilityChange, ...]
    notes: tuple[Sentence, ...]


def usual_days(district: District) -> tuple[date, date]:
    """Today, and the day on which the last of what is being built is expected to open, or a year from now."""
    now = district.today
    made = assessed(district, counting_of(district, CoverageQuestion(private=True)))
    days = (str(made.facilities[id].get("expected_opening") or "") for id in made.items)
    last = max((day for day in days if day > now.isoformat()), default="")
    return now, date.fromisoformat(last) if last else now + timedelta(days=_USUAL_AHEAD_DAYS)


def two_days(district: District, question: CoverageQuestion, first: date, second: date, scope: Scope) -> TwoDays:
    """A question on two days; raises BadInput unless the first is the earlier one.

    Past days are read from the ledger, days to come from what is expected to open by then.
    """
    if first >= second:
        raise BadInput("from={first} is not before to={second}.", first=first, second=second)
    notes: list[Sentence] = [
        Sentence("The same residents, villages and roads are taken for both days; facilities are those of each day.")
    ]
    before, after = (_state(district, replace(question, on=day), scope, notes) for day in (first, second))
    return TwoDays(
        question=question, before=before, after=after,
        district=_compared("", before, after, before.reach.district, after.reach.district),
        townships=tuple(_townships(before, after)), kinds=tuple(_kinds(before, after)),
        changes=tuple(_changes(before, after, question)),
        notes=(*notes, *_of_both(before, after)),
    )  # fmt: skip


def _of_both(before: DayState, after: DayState) -> Iterable[Sentence]:
    """What has to be said of either day alike."""
    earlier = {*before.inventory.notes, *before.reach.notes}
    return (one for one in dict.fromkeys((*after.inventory.notes, *after.reach.notes)) if one in earlier)


def _state(district: District, question: CoverageQuestion, scope: Scope, notes: list[Sentence]) -> DayState:
    day = question.on or district.today
    past = as_of(district, day)
    if past.known_from:
        notes.append(Sentence("Facilities are written down since {first}: of {day} only what was known then is shown.",
                              first=past.known_from, day=day))  # fmt: skip
    if day > district.today:
        notes.append(Sentence("{day} is still to come: what is expected to open by then is taken to be open.", day=day))
    there = past.district
    if kinds_of_sites(district, question.kind):
        there = as_of(there, day, SITES).district
    listed = inventory(there, question)
    return DayState(
        day=day,
        inventory=listed,
        reach=reach(there, question, scope),
        # Of every listed kind, those of which nothing stands yet among them.
        by_kind={kind: reach(there, replace(question, kind=(kind,)), scope) for kind in listed.kinds},
        assessed=assessed(there, counting_of(there, question)),
        places=_places(there),
    )


def _places(district: District) -> dict[str, tuple[float, float]]:
    """Where facilities and sites stand, in degrees, by the ids under which they count."""
    found: dict[str, tuple[float, float]] = {}
    for layer, before in ((FACILITIES, ""), (SITES, SITE)):
        snapshot = district.present.snapshot(layer)
        rows = snapshot.alive()
        lon, lat = snapshot.positions(rows)
        every = zip(snapshot.ids(rows), lon.tolist(), lat.tolist(), strict=True)
        found |= {f"{before}{id}": (x, y) for id, x, y in every if np.isfinite(x)}
    return found


def _townships(before: DayState, after: DayState) -> Iterable[Compared]:
    earlier, later = ({one.code: one.summary for one in state.reach.townships} for state in (before, after))
    lines = {line.code: line for line in before.inventory.townships}
    for line in after.inventory.townships:
        if line.code in lines:
            yield _compared(line.code, before, after, earlier.get(line.code), later.get(line.code))


def _compared(code: str, before: DayState, after: DayState, old: Summary | None, new: Summary | None) -> Compared:
    one, other = (
        next((line for line in state.inventory.townships if line.code == code), state.inventory.district)
        for state in (before, after)
    )
    alike = _same_reach(before.reach, after.reach, code)
    return Compared(code, Pair(one.total.count, other.total.count), Pair(one.below, other.below),
                    **_ways(old, new, alike=alike))  # fmt: skip


def _kinds(before: DayState, after: DayState) -> Iterable[Compared]:
    for kind in after.inventory.kinds:
        cells = [state.inventory.district.cells.get(kind) for state in (before, after)]
        counts = [float(cell.now.count) if cell else 0.0 for cell in cells]
        reached = [state.by_kind.get(kind) for state in (before, after)]
        old, new = (None if found is None else found.district for found in reached)
        alike = reached[0] is not None and reached[1] is not None and _same_reach(reached[0], reached[1], "")
        yield Compared(kind, Pair(counts[0], counts[1]), None, **_ways(old, new, alike=alike))


def _same_reach(one: Reach, other: Reach, code: str) -> bool:
    """Whether the same places of a township (all of them for "") reach a facility: only their ways can be compared."""
    if one.demand.ids != other.demand.ids:
        return False
    rows = np.array([not code or township == code for township in one.demand.township], bool)
    return bool(np.array_equal(np.isfinite(one.seconds[rows]), np.isfinite(other.seconds[rows])))


def _ways(old: Summary | None, new: Summary | None, *, alike: bool) -> dict[str, Pair]:
    """Shares, and minutes of those who reach one: of others on the other day these do not say who goes farther."""

    def pair(name: str, *, alike: bool = True) -> Pair:
        before, after = (None if one is None else getattr(one, name) for one in (old, new))
        return Pair(before, after, alike)

    shares = {name: pair(name) for name in ("near_people", "near_places")}
    return shares | {name: pair(name, alike=alike) for name in ("median_min", "worst_min")}


def _changes(before: DayState, after: DayState, question: CoverageQuestion) -> Iterable[FacilityChange]:
    """What came, went, is planned anew, or changed, in this order; of the listed kinds and townships."""
    found = []
    for id in sorted({*before.assessed.items, *after.assessed.items}):
        record = (after if id in after.assessed.items else before).assessed.facilities[id]
        if _is_listed(record, after.inventory, question):
            fields, moved_m = _fields(before, after, id), _moved_m(before, after, id)
            what = _what(before.assessed, after.assessed, id, bool(fields or moved_m))
            found += [FacilityChange(what, record, fields, moved_m)] if what else []
    order = (CAME, WENT, PLANNED, CHANGED)
    return sorted(found, key=lambda one: order.index(one.what))


def _is_listed(record: Record, listed: Inventory, question: CoverageQuestion) -> bool:
    here = not question.township or record.get("township") in question.township
    return here and record.get("kind") in listed.kinds


def _what(before: Assessed, after: Assessed, id: str, differs: bool) -> str | None:
    stood, stands = id in before.now, id in after.now
    if stood != stands:
        return CAME if stands else WENT
    if not stands and (id in before.items) != (id in after.items):
        return PLANNED if id in after.items else WENT
    return CHANGED if differs else None


def _fields(before: DayState, after: DayState, id: str) -> tuple[FieldChange, ...]:
    old, new = before.assessed.facilities.get(id), after.assessed.facilities.get(id)
    if old is None or new is None:
        return ()
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in WATCHED if old.get(name) != new.get(name))


def _moved_m(before: DayState, after: DayState, id: str) -> float | None:
    old, new = before.places.get(id), after.places.get(id)
    if old is None or new is None:
        return None
    metres = distance_m(*old, *new)
    return metres if metres > MOVED_M else None
