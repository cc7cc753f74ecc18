"""The rows behind the leader's numbers: what analysis counts, over what the store holds."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from geoapp.analysis import indicators
from geoapp.analysis.records import ABSENT, OUTCOME_CODE, STATUS_CODE, Codes, Mask, Period, Problems, Visits
from geoapp.domain.selection import Selection
from geoapp.services.coverage.counted import counted_ids
from geoapp.services.district import District
from geoapp.storage.snapshot import LayerSnapshot, Rows

# Before and after everything that a ledger can hold.
BEGINNING_S, END_S = -(2**61), 2**61


def indicator_rows(district: District, layer: str, selection: Selection) -> Rows:
    """The rows of a layer that the selection's indicator (one of that layer) counts in its days."""
    snapshot = district.present.snapshot(layer)
    if layer == "problems":
        return snapshot.alive()[_problem_mask(district, selection)]
    if selection.indicator not in _OTHERS:
        return snapshot.alive()[_counted(district, layer, selection)]
    return snapshot.alive()[_OTHERS[selection.indicator or ""](district, selection)]


def visited_sites(district: District, rounds: tuple[str, ...]) -> Rows:
    """The rows of the sites that were checked in these rounds."""
    snapshot = district.present.snapshot("sites")
    return snapshot.alive()[_of_sites(district, rounds, indicators.sites_visited)]


def period_of(selection: Selection, district: District) -> Period:
    """The selection's days in the district's time zone; open where it names none."""
    first, last = selection.first_day, selection.last_day
    return Period(
        BEGINNING_S if first is None else _midnight_s(first, district),
        END_S if last is None else _midnight_s(last + timedelta(days=1), district),
    )


def _midnight_s(day: date, district: District) -> int:
    return int(datetime.combine(day, time(), district.zone).timestamp())


def _problem_mask(district: District, selection: Selection) -> Mask:
    period, now_s = period_of(selection, district), int(district.clock().timestamp())
    seq = district.present.snapshot("problems").seq
    key = ("indicator", selection.indicator, seq, period, now_s)
    rows = indicators.ROWS[selection.indicator or ""]
    mask: Mask = district.derived.get(key, lambda: rows(_problems(district), period, now_s), lambda made: made.nbytes)
    return mask


def _problems(district: District) -> Problems:
    """All problems as columns, in the order of `alive`."""
    snapshot = district.present.snapshot("problems")

    def columns() -> Problems:
        rows = snapshot.alive()
        lon, lat = snapshot.positions(rows)
        return Problems(
            lon=lon,
            lat=lat,
            subcategory=snapshot.coded("subcategory", rows),
            site=snapshot.coded("site_id", rows),
            status=_recoded(snapshot, "status", rows, {str(name): code for name, code in STATUS_CODE.items()}),
            found=snapshot.times("found_at", rows),
            deadline=snapshot.times("deadline", rows),
            original_deadline=snapshot.times("original_deadline", rows),
            rectified=snapshot.times("rectified_at", rows),
            closed=snapshot.times("closed_at", rows),
            from_visit=snapshot.coded("visit_id", rows) != ABSENT,
            rework=np.nan_to_num(snapshot.numbers("rework", rows)),
        )

    key = ("columns", "problems", snapshot.seq)
    made: Problems = district.derived.get(key, columns, lambda problems: 90 * len(problems))
    return made


def _recoded(snapshot: LayerSnapshot, name: str, rows: Rows, codes: dict[str, int]) -> Codes:
    """A coded column in other codes, ABSENT for what has none."""
    table = [codes.get(str(text), ABSENT) for text in snapshot.vocabularies[name].texts]
    recoded: Codes = np.array([*table, ABSENT], dtype=np.int64)[snapshot.coded(name, rows)]
    return recoded


def _visits(district: District, sites: dict[str, int], rounds: dict[str, int]) -> Visits:
    snapshot = district.present.snapshot("visits")
    rows = snapshot.alive()
    return Visits(
        site=_recoded(snapshot, "site_id", rows, sites),
        round=_recoded(snapshot, "round_id", rows, rounds),
        at=snapshot.times("visited_at", rows),
        outcome=_recoded(snapshot, "outcome", rows, OUTCOME_CODE),
    )


def _of_sites(district: District, rounds: tuple[str, ...], counted: Callable[[Codes, Visits, Codes], Mask]) -> Mask:
    """A mask over the sites by what visits of these rounds found; of all rounds where none is named."""
    snapshot = district.present.snapshot("sites")
    number = {id: place for place, id in enumerate(snapshot.ids(snapshot.alive()))}
    texts = district.present.snapshot("visits").vocabularies["round_id"].texts
    round_code = {str(text): place for place, text in enumerate(texts)}
    wanted = [round_code.get(name, -2) for name in rounds] if rounds else list(round_code.values())
    every = np.arange(len(number), dtype=np.int64)
    return counted(every, _visits(district, number, round_code), np.array(wanted, dtype=np.int64))


def _visits_made(district: District, selection: Selection) -> Mask:
    return indicators.visits_made(_visits(district, {}, {}), period_of(selection, district))


def _in_order(district: District, selection: Selection) -> Mask:
    return _of_sites(district, selection.round, indicators.sites_in_order)


def _with_culture(district: District, _selection: Selection) -> Mask:
    """Townships in which a culture centre of their own level is built."""
    snapshot, facilities = district.present.snapshot("townships"), district.present.snapshot("facilities")
    codes = {str(text): place for place, text in enumerate(snapshot.vocabularies["code"].texts)}
    rows = facilities.alive()
    built = _among(facilities, "build_status", rows, {"built"})
    own = _among(facilities, "kind", rows, _kinds_of_townships(district))
    public = ~_among(facilities, "ownership", rows, {"private"})
    townships = snapshot.coded("code", snapshot.alive())
    where = _recoded(facilities, "township", rows, codes)
    return indicators.townships_covered(townships, where, built & own & public) & _with_area(district, _selection)


def _with_area(district: District, _selection: Selection) -> Mask:
    """Townships but for overlays such as development zones, which have no area of their own."""
    snapshot = district.present.snapshot("townships")
    drawn: Mask = ~np.isnan(snapshot.bounds(snapshot.alive())[:, 0])
    return drawn


def _counted(district: District, layer: str, selection: Selection) -> Mask:
    """What inventories of coverage count."""
    wanted, snapshot = counted_ids(district, layer, selection), district.present.snapshot(layer)
    ids = snapshot.ids(snapshot.alive()) if layer != "townships" else snapshot.texts("code", snapshot.alive())
    return np.fromiter((id in wanted for id in ids), dtype=bool, count=len(ids))


def _kinds_of_townships(district: District) -> set[str]:
    """The kinds of facility that every township is meant to have one of."""
    table: dict[str, Any] = district.present.document("tables", "facility_kinds") or {"rows": []}
    return {row["code"] for row in table["rows"] if row.get("level") == OF_TOWNSHIPS and row.get("in_coverage")}


OF_TOWNSHIPS = "T"


def _among(snapshot: LayerSnapshot, name: str, rows: Rows, wanted: set[str]) -> Mask:
    held: Mask = _recoded(snapshot, name, rows, dict.fromkeys(wanted, 1)) == 1
    return held


# Indicators of other layers than problems, by name.
_OTHERS: dict[str, Callable[[District, Selection], Mask]] = {
    "visits_made": _visits_made,
    "in_order": _in_order,
    "with_area": _with_area,
    "with_culture": _with_culture,
}
