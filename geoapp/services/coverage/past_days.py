"""A district whose facilities, or sites, are those of an earlier day, as the ledger has them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from geoapp.services.district import District
from geoapp.storage.ledger import ChangeRow
from geoapp.storage.memory import Memory
from geoapp.storage.snapshot import LayerSnapshot
from geoapp.tiles.morton import encode

LAYER = "facilities"
_BYTES_EACH = 6_000


@dataclass(frozen=True, slots=True)
class PastDay:
    """A district as it was in the evening of a day, as far as one layer goes; everything else is as it is now.

    known_from: the first day of which the ledger knows that layer, where `day` lies before it: the district then shows
    what was known on that first day. None otherwise.
    """

    day: date
    district: District
    known_from: date | None


def as_of(district: District, day: date, layer: str = LAYER) -> PastDay:
    """The district with a layer as the ledger knew it in the evening of a day; today's for days to come."""
    changes = district.store.layer_history(layer)
    days = {seq: datetime.fromisoformat(time).astimezone(district.zone).date() for seq, time, _ in changes}
    pinned = district.present
    seen = [seq for seq in days if seq <= pinned.seq]
    if not seen:
        return PastDay(day, district, None)
    first = min(seen)
    last = max((seq for seq in seen if days[seq] <= day), default=None)
    seq = _whole_first_day(seen, days, first) if last is None else last
    known_from = days[first] if last is None else None
    if seq == max(seen):
        return PastDay(day, district, known_from)
    snapshot = district.derived.get(
        (seq, f"{layer} as they were"),
        lambda: _snapshot(layer, [(number, row) for number, _, row in changes if number <= seq]),
        lambda made: _BYTES_EACH * (len(made) + 1),
    )
    view = replace(pinned, snapshots={**pinned.snapshots, layer: snapshot}, seqs={**pinned.seqs, layer: seq})
    return PastDay(day, replace(district, view=view), known_from)


def _whole_first_day(seen: list[int], days: dict[int, date], first: int) -> int:
    """The last commit of the day on which facilities were first written down."""
    return max(seq for seq in seen if days[seq] == days[first])


def _snapshot(layer: str, changes: list[tuple[int, ChangeRow]]) -> LayerSnapshot:
    """The layer after these changes; the sequence number names it for good, since the ledger never changes."""
    memory = Memory(encode)
    rows: dict[int, list[ChangeRow]] = {}
    for seq, row in changes:
        rows.setdefault(seq, []).append(row)
    for seq, of_commit in rows.items():
        memory.apply(seq, of_commit)
    return memory.snapshot(layer)
