"""Clock times, lengths of time and distances as people read them."""

from flask_babel import format_decimal, gettext

from geoapp.services import routes as services


def clock(text: str | None) -> str:
    """A clock time without its seconds: when one has to be there is told too early rather than too late."""
    return "" if text is None else text[:5]


def minutes(value: float) -> str:
    """A length of time in minutes."""
    return str(gettext("%(minutes)s min", minutes=format_decimal(round(value))))


def duration(value_min: float) -> str:
    """A length of time: 50 min, 1 h 05 min."""
    whole = round(value_min)
    if whole < 60:
        return minutes(whole)
    return str(gettext("%(hours)s h %(minutes)s min", hours=whole // 60, minutes=f"{whole % 60:02}"))


def travel_time(travel_min: float, estimate: bool) -> str:
    """Minutes of travel; of an estimate from how many to how many."""
    if not estimate:
        return minutes(travel_min)
    low, high = (format_decimal(round(one)) for one in services.range_min(travel_min))
    return str(gettext("about %(low)s to %(high)s min", low=low, high=high))


def distance(distance_m: float) -> str:
    """A distance as one reads it from a road sign: 820 m, 12.4 km."""
    if distance_m < 950:
        return str(gettext("%(number)s m", number=format_decimal(round(distance_m, -1))))
    return str(gettext("%(number)s km", number=format_decimal(round(distance_m / 1_000, 1))))
