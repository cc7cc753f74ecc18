"""The district's working days."""

from datetime import date

from geoapp.domain.working_time import Calendar
from geoapp.services.district import District


def district_calendar(district: District) -> Calendar:
    """The district's calendar; Monday to Friday where it has none."""
    table = district.present.document("tables", "calendar")
    if table is None:
        return Calendar()
    exceptions = {date.fromisoformat(row["day"]): bool(row["working"]) for row in table["rows"]}
    known = table.get("known_until")
    return Calendar(exceptions, known_until=date.fromisoformat(known) if known else date.max)
