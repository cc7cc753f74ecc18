"""Which rows of a layer a Selection chooses: the one place where selections meet data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geoapp.domain.layers import LAYERS
from geoapp.domain.problem import AWAITING_WORK
from geoapp.domain.selection import DUE_SOON_DAYS, BBox, Due, Scope, Selection
from geoapp.storage.columns import NO_TIME, Block
from geoapp.storage.snapshot import LayerSnapshot, Rows

Mask = NDArray[np.bool_]

# The columns that a list of a Selection is compared with; a feature is chosen if one of them holds one of its values.
_FIELDS: dict[str, tuple[str, ...]] = {
    "category": ("category", "subcategory"),
    "status": ("status",),
    "kind": ("kind",),
    "township": ("township",),
    "street": ("street",),
    "unit": ("lead_unit", "responsible_unit"),
    "round": ("round_id",),
    "batch": ("batch_id",),
    "site": ("site_id",),
}

# What `q` looks into.
SEARCHED = ("name", "name_en", "number", "description", "address", "official_name")
# The roles of a site and the fields that say whether it has them.
ROLES = {"demonstration": "is_demonstration", "survey": "is_survey_point", "trouble": "is_trouble_spot"}


@dataclass(frozen=True, slots=True)
class _Question:
    snapshot: LayerSnapshot
    selection: Selection
    now: datetime
    zone: tzinfo


def rows(snapshot: LayerSnapshot, selection: Selection, scope: Scope, now: datetime, *, zone: tzinfo) -> Rows:
    """The rows of the selected features, base before tail, each in Morton order.

    now: fixed once per request, decides what is due. zone: the district's time zone, in which days begin.
    Fields that mean nothing in this layer are ignored here; `Selection.require` is there to refuse them.
    """
    ask = _Question(snapshot, selection.for_layer(snapshot.layer), now, zone)
    base = np.flatnonzero(_chosen(snapshot.base, ask) & ~snapshot.dead)
    tail = np.flatnonzero(_chosen(snapshot.tail, ask)) + len(snapshot.base)
    found = np.concatenate([base, tail])
    return _with_text(snapshot, found, ask.selection.q, scope) if ask.selection.q else found


def is_due(snapshot: LayerSnapshot, chosen: Rows, due: Due, now: datetime) -> Mask:
    """For each of these rows of problems, whether it is overdue or due soon."""
    deadline, status = snapshot.times("deadline", chosen), snapshot.coded("status", chosen)
    return _due(deadline, status, snapshot, due, now)


def _chosen(block: Block, ask: _Question) -> Mask:
    mask = np.ones(len(block), bool)
    for part in (*_by_lists(block, ask), *_by_time(block, ask), *_by_place(block, ask)):
        mask &= part
    return mask


def _by_lists(block: Block, ask: _Question) -> Iterator[Mask]:
    for name, columns in _FIELDS.items():
        values = getattr(ask.selection, name)
        if values:
            # A township is its own township.
            own = ("code",) if name == "township" and ask.snapshot.layer == "townships" else columns
            yield np.any(
                [_holds(block, ask.snapshot, column, values) for column in own if column in block.coded], axis=0
            )
    if ask.selection.role:
        yield np.any([block.numbers[ROLES[role]] == 1 for role in ask.selection.role], axis=0)
    if ask.selection.without:
        mask = np.ones(len(block), bool)
        mask[[block.row_of[id] for id in ask.selection.without if id in block.row_of]] = False
        yield mask


def _holds(block: Block, snapshot: LayerSnapshot, column: str, values: tuple[str, ...]) -> Mask:
    known = snapshot.vocabularies[column]
    return np.isin(block.coded[column], [known.code(value) for value in values])


def _by_time(block: Block, ask: _Question) -> Iterator[Mask]:
    first, last, due = ask.selection.first_day, ask.selection.last_day, ask.selection.due
    field = LAYERS[ask.snapshot.layer].time_field
    if field and (first or last):
        times = block.times[field]
        yield times != NO_TIME
        if first:
            yield times >= _midnight(first, ask.zone)
        if last:
            yield times < _midnight(last + timedelta(days=1), ask.zone)
    if due:
        yield _due(block.times["deadline"], block.coded["status"], ask.snapshot, due, ask.now)


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def _due(
    deadline: NDArray[np.int64], status: NDArray[np.int32], snapshot: LayerSnapshot, due: Due, now: datetime
) -> Mask:
    known, moment = snapshot.vocabularies["status"], int(now.timestamp())
    waiting: Mask = np.isin(status, [known.code(state) for state in AWAITING_WORK]) & (deadline != NO_TIME)
    if due is Due.OVERDUE:
        waiting &= deadline < moment
        return waiting
    waiting &= (deadline >= moment) & (deadline < moment + DUE_SOON_DAYS * 86_400)
    return waiting


def _by_place(block: Block, ask: _Question) -> Iterator[Mask]:
    if ask.selection.bbox:
        mask = _bounds_meet(block, ask.selection.bbox)
        if block.geometries is not None:
            area = shapely.box(*ask.selection.bbox)
            near = np.flatnonzero(mask)
            mask[near] = shapely.intersects(block.geometries[near], area)
        yield mask


def _bounds_meet(block: Block, bbox: BBox) -> Mask:
    west, south, east, north = bbox
    low_x, low_y, high_x, high_y = block.bounds.T
    meet: Mask = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
    return meet


def _with_text(snapshot: LayerSnapshot, found: Rows, text: str, scope: Scope) -> Rows:
    needle = text.casefold()
    sure = [_mentions(feature, needle) for feature in snapshot.encoded(found, scope)]
    named: Rows = found[np.fromiter(sure, dtype=bool, count=len(sure))]
    return named


def _mentions(feature: bytes, needle: str) -> bool:
    # Most features fail a cheap test on the bytes; only the rest is decoded. The test needs text that stands in JSON as
    # it is (no quotes, no backslashes) and whose case is settled in ASCII.
    plain = needle.isascii() or needle.upper() == needle.lower()
    if plain and '"' not in needle and "\\" not in needle and needle.encode() not in feature.lower():
        return False
    properties = orjson.loads(feature)["properties"]
    return any(needle in str(properties.get(name, "")).casefold() for name in SEARCHED)
