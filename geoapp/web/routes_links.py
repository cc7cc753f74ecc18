"""How links and forms name a plan and a day of it."""

from datetime import date
from urllib.parse import urlencode

from flask import request

from geoapp.domain.errors import BadInput

# The id of a plan, in the rule of an address.
ID = "string(length=12)"


def date_of(text: str) -> date:
    """A day that was given; raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("{value!r} is not a day such as 2026-05-03.", value=text[:40]) from None


def date_or_none(text: str | None) -> date | None:
    """A day that may be given; raises BadInput."""
    return date_of(text) if text else None


def day_query(team: object, day: object) -> str:
    """A team's day of a plan as the query of an address, with its question mark; "" where neither is given."""
    chosen = {name: value for name, value in (("team", team), ("date", day)) if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def form_day_query() -> str:
    """The day that a form was about, likewise."""
    return day_query(request.form.get("team"), request.form.get("date"))
