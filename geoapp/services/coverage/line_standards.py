"""The table of standards along lines: what it holds, and how it is changed."""

from typing import Any

import msgspec

from geoapp.domain.errors import Conflict, NotFound
from geoapp.domain.line_standards import LineStandard
from geoapp.paths import room
from geoapp.services.coverage.standards import written_rows
from geoapp.services.district import District
from geoapp.storage.ledger import Commit
from geoapp.storage.shipped import read_table

TABLE = "line_standards"
MOST_STANDARDS = 50
Known = dict[str, LineStandard]


def line_standards(district: District) -> Known:
    """The standards by their codes, in the order of the table; the proposed ones where the district has no table."""
    known = district.present.document("tables", TABLE)
    key = ("line standards", district.present.seqs.get("tables", 0) if known else 0)
    return district.derived.get(key, lambda: _read(known), lambda made: 500 * len(made) + 1)


def line_standard_of(district: District, code: str) -> LineStandard:
    """The standard of a code; raises NotFound."""
    known = line_standards(district)
    if code not in known:
        raise NotFound("There is no standard along streets {code!r}; there are {known}.", code=code,
                       known=", ".join(known) or "–")  # fmt: skip
    return known[code]


def add_line_standard(district: District, standard: LineStandard, *, based_on: int | None = None, by: str,
                      request_key: str | None = None) -> Commit:  # fmt: skip
    """Put a standard at the end of the table.

    Raises Conflict for a code that another one has, and where somebody changed the table after `based_on` (a sequence
    number, None for now).
    """
    known = line_standards(district)
    if standard.code in known:
        raise Conflict("There is such a standard along streets already ({code}): change its metres instead.",
                       code=standard.code)  # fmt: skip
    more = {**known, standard.code: standard}
    action = f"line standard {standard.code}"
    return _write(district, more, action, based_on=based_on, by=by, request_key=request_key)


def change_line_standard(district: District, standard: LineStandard, *, based_on: int | None = None, by: str,
                         request_key: str | None = None) -> Commit:  # fmt: skip
    """Put a standard in the place of the one of its code; raises NotFound, and Conflict likewise."""
    line_standard_of(district, standard.code)
    changed = {**line_standards(district), standard.code: standard}
    action = f"line standard {standard.code} changed"
    return _write(district, changed, action, based_on=based_on, by=by, request_key=request_key)


def remove_line_standard(district: District, code: str, *, based_on: int | None = None, by: str,
                         request_key: str | None = None) -> Commit:  # fmt: skip
    """Take a standard away; raises NotFound, and Conflict likewise."""
    line_standard_of(district, code)
    rest = {name: one for name, one in line_standards(district).items() if name != code}
    return _write(district, rest, f"line standard {code} removed", based_on=based_on, by=by, request_key=request_key)


def _write(district: District, rows: Known, action: str, **how: Any) -> Commit:
    return written_rows(district, TABLE, [_plain(row) for row in rows.values()], MOST_STANDARDS, action, **how)


def _plain(row: LineStandard) -> dict[str, Any]:
    """A row as it is kept: without what is not known."""
    return {name: value for name, value in msgspec.to_builtins(row).items() if value not in (None, [], (), False)}


def _read(known: dict[str, Any] | None) -> Known:
    table = known or read_table(room("layers"), TABLE)
    rows = (msgspec.convert(row, LineStandard, builtin_types=()) for row in table["rows"])
    return {row.code: row for row in rows}
