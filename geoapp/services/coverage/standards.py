"""The table of standards: what it holds, and how it is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from geoapp.domain.errors import BadInput, Conflict, NotFound
from geoapp.domain.standards import Standard
from geoapp.paths import room
from geoapp.services.checking import require_sound_table
from geoapp.services.district import District
from geoapp.storage.ledger import Change, Commit
from geoapp.storage.shipped import read_table

TABLE = "standards"
MOST_STANDARDS = 500


@dataclass(frozen=True, slots=True)
class StandardsTable:
    """All standards. preset: whether they are still those that geoapp proposes. own: whether they stand in the ledger;
    a district that has no such table yet is held against the proposed ones."""

    rows: tuple[Standard, ...]
    preset: bool
    own: bool


def standards_table(district: District) -> StandardsTable:
    """The district's table of standards, or the proposed one where it has none."""
    known = district.present.document("tables", TABLE)
    key = ("standards", district.present.seqs.get("tables", 0) if known else 0)
    return district.derived.get(key, lambda: _read(known), lambda table: 500 * len(table.rows) + 1)


def standards(district: District, day: date | None = None) -> tuple[Standard, ...]:
    """The standards that are in force on a day; all of them for None."""
    rows = standards_table(district).rows
    return rows if day is None else tuple(row for row in rows if row.counts_on(day))


def keep_standard(district: District, row: Standard, *, replacing: str | None = None, based_on: int | None = None,
                  by: str, request_key: str | None = None) -> Commit:  # fmt: skip
    """Add a standard, or put it in the place of the one with the code `replacing`.

    based_on: sequence number of the district that was looked at. Raises NotFound for one that is not there, Conflict
    for a code that another one has and for a table that was changed meanwhile.
    """
    known = list(standards_table(district).rows)
    codes = [one.code for one in known]
    if row in known and request_key is not None:
        # The same form sent twice: the ledger knows its key, and answers as it did the first time.
        return _write(district, known, f"standard {row.code}", based_on=based_on, by=by, request_key=request_key)
    if row.code != replacing and row.code in codes:
        raise Conflict("There is a standard {code!r} already; give another code.", code=row.code)
    if replacing is None:
        known.append(row)
    else:
        known[_place(codes, replacing)] = row
    return _write(district, known, f"standard {row.code}", based_on=based_on, by=by, request_key=request_key)


def remove_standard(district: District, code: str, *, based_on: int | None = None, by: str,
                    request_key: str | None = None) -> Commit:  # fmt: skip
    """Take a standard away; raises NotFound, and Conflict for a table that was changed meanwhile."""
    known = list(standards_table(district).rows)
    del known[_place([one.code for one in known], code)]
    return _write(district, known, f"standard {code} removed", based_on=based_on, by=by, request_key=request_key)


def replace_standards(district: District, rows: Iterable[Standard], *, based_on: int | None = None, by: str,
                      request_key: str | None = None) -> Commit:  # fmt: skip
    """Put these standards in the place of all; raises BadInput for a code that stands twice, Conflict."""
    known = list(rows)
    seen: set[str] = set()
    for row in known:
        if row.code in seen:
            raise BadInput("The code {code!r} stands there twice.", code=row.code)
        seen.add(row.code)
    action = f"{len(known)} standards imported"
    return _write(district, known, action, based_on=based_on, by=by, request_key=request_key)


def written_rows(district: District, name: str, rows: Sequence[Any], most: int, action: str, *, based_on: int | None,
                 by: str, request_key: str | None) -> Commit:  # fmt: skip
    """Put these rows (plain values), at most so many, in the place of all that a table of standards holds.

    based_on: sequence number of the district that was looked at, None for now. Raises BadInput for too many rows and
    for one that is none of the table's, Conflict where the table was changed meanwhile.
    """
    if len(rows) > most:
        raise BadInput("{count} standards are too many; {most} are the most.", count=len(rows), most=most)
    known = district.present.document("tables", name) or {}
    table = {"name": name, "version": 1, "preset": False, "rows": rows}
    require_sound_table(name, table)
    # What was said of the proposed table goes with it.
    table |= dict.fromkeys({"note", "note_en"} & set(known))
    seen = district.present.seq if based_on is None else based_on
    change = Change("tables", name, msgspec.json.encode(table), based_on=seen)
    return district.store.append([change], actor=by, action=action, request_key=request_key)


def _place(codes: list[str], code: str) -> int:
    if code not in codes:
        raise NotFound("There is no standard {code!r} any more.", code=code)
    return codes.index(code)


def _write(district: District, rows: list[Standard], action: str, **how: Any) -> Commit:
    return written_rows(district, TABLE, [_plain(row) for row in rows], MOST_STANDARDS, action, **how)


def _plain(row: Standard) -> dict[str, Any]:
    """A row as it is kept: without what is not known."""
    return {name: value for name, value in msgspec.to_builtins(row).items() if value is not None}


def _read(known: dict[str, Any] | None) -> StandardsTable:
    table = known or read_table(room("layers"), TABLE)
    rows = tuple(msgspec.convert(row, Standard, builtin_types=()) for row in table["rows"])
    return StandardsTable(rows, bool(table.get("preset")), known is not None)
