"""What residents answer: entered by hand, one question at a time."""

from datetime import date
from typing import Any

import msgspec

from geoapp.domain.tables import Survey
from geoapp.services.checking import require_sound_table
from geoapp.services.district import District
from geoapp.storage.ledger import Change, Commit

EMPTY: dict[str, Any] = {"name": "surveys", "version": 1, "preset": False, "rows": []}


def enter_survey(district: District, *, measure: str, ended_on: date, asked: int, yes: int, by: str,
                 request_key: str | None = None) -> Commit:  # fmt: skip
    """Add one answer to the table `surveys`, or put it in place of the one of that measure and day.

    Raises BadInput for what cannot be, Conflict if somebody changed the table meanwhile.
    """
    row = Survey(code=f"{ended_on}-{measure}", measure=measure, ended_on=ended_on, asked=asked, yes=yes)
    known: dict[str, Any] = district.present.document("tables", "surveys") or {
        "name": "surveys",
        "version": 1,
        "rows": [],
    }
    others = [old for old in known["rows"] if (old["measure"], old["ended_on"]) != (measure, ended_on.isoformat())]
    kept = {"code": row.code, "measure": measure, "ended_on": ended_on.isoformat(), "asked": asked, "yes": yes}
    table = known | {"rows": [*others, kept]}
    require_sound_table("surveys", table)
    change = Change("tables", "surveys", msgspec.json.encode(table), based_on=district.present.seq)
    return district.store.append([change], actor=by, action=f"survey {row.code}", request_key=request_key)
