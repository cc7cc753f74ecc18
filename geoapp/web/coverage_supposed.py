"""What is only supposed: facilities that would stand, others that would be closed, and what that changes."""

from dataclasses import replace
from typing import Any

from flask import g
from flask_babel import format_decimal, gettext

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.services.coverage import reach_figures as figures
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Demand, Reach, Supply
from geoapp.services.coverage.siting_words import and_unknown
from geoapp.services.coverage.supply import supply_of
from geoapp.services.coverage.what_if import Change, Differences, as_it_is, compare
from geoapp.web import coverage_words as words
from geoapp.web import labels
from geoapp.web.coverage_question import opened_or_closed, same_view
from geoapp.web.errors import told
from geoapp.web.language import current

MOST_VILLAGES, MOST_FACILITIES, CHANGES_SHOWN = 400, 300, 12


def what_if(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the what-if box needs."""
    found = reach(g.district, question, g.scope)
    facilities = _facilities(question, found)
    return {
        "pins": [_pin(question, found, number) for number in range(len(question.pin))],
        "closed": [one for one in facilities if one["closed"]],
        "facilities": facilities[:MOST_FACILITIES],
        "facility_count": len(facilities),
        "villages": _villages(found.demand),
        "today": same_view(as_it_is(question)),
        "changes": _changes(compare(g.district, question, g.scope)) if question.pin or question.closed else None,
    }


def pin_text(lon: float, lat: float) -> str:
    """A pin as links write it."""
    return f"{lon:.10g} {lat:.10g}"


def _pin(question: CoverageQuestion, found: Reach, number: int) -> dict[str, Any]:
    lon, lat = question.pin[number]
    supply = found.supply
    served = figures.served_by(found)[supply.ids.index(f"pin:{number + 1}")]
    rest = tuple(pin for pin in question.pin if pin != question.pin[number])
    return {
        "name": gettext("Supposed facility %(number)s", number=number + 1),
        "at": f"{lon:.5f}, {lat:.5f}",
        "lon": str(lon),
        "lat": str(lat),
        "pin": pin_text(lon, lat),
        "served": _served(served),
        "away": same_view(replace(question, pin=rest)),
    }


def _facilities(question: CoverageQuestion, found: Reach) -> list[dict[str, Any]]:
    """Those that are supposed to be closed first, then all that stand, each with whom it is the nearest for."""
    standing = supply_of(g.district, as_it_is(question), g.scope)
    served = dict(zip(found.supply.ids, figures.served_by(found), strict=True))
    rows = [_facility(question, standing, place, served.get(id)) for place, id in enumerate(standing.ids)]
    return sorted(rows, key=lambda row: (not row["closed"], row["kind"], row["name"]))


def _facility(question: CoverageQuestion, standing: Supply, place: int, served: figures.Served | None
              ) -> dict[str, Any]:  # fmt: skip
    kinds = kind_names(g.district, current())
    townships = services.wording(g.district, "townships", current())
    id = standing.ids[place]
    return {
        "id": id,
        "name": words.facility_name(standing, place),
        "kind": kinds.get(standing.kinds[place], standing.kinds[place]),
        "township": townships.get(standing.township[place], standing.township[place]),
        "closed": id in question.closed,
        "served": _served(served) if served else "",
        "lon": f"{standing.lon[place]:.6f}",
        "lat": f"{standing.lat[place]:.6f}",
        "other": same_view(opened_or_closed(question, id)),
    }


def _served(served: figures.Served) -> str:
    """For whom a facility is the nearest, in words; "" where that is nobody."""
    if not served.places:
        return ""
    places = words.places(served.places)
    if served.people is None:
        return places
    known = {"people": words.people(served.people), "places": places}
    if served.unknown:
        return str(gettext("at least %(people)s residents in %(places)s", **known))
    return str(gettext("%(people)s residents in %(places)s", **known))


def _villages(demand: Demand) -> list[tuple[str, list[tuple[str, str]]]]:
    """Villages to choose a place by, by township; none where they are too many to choose from."""
    named = services.wording(g.district, "townships", current())
    found: dict[str, list[tuple[str, str]]] = {}
    if len(demand) > MOST_VILLAGES:
        return []
    places = zip(demand.names, demand.township, demand.lon.tolist(), demand.lat.tolist(), strict=True)
    for name, code, lon, lat in places:
        if name:
            found.setdefault(named.get(code, code), []).append((pin_text(round(lon, 6), round(lat, 6)), name))
    return sorted((township, sorted(some, key=lambda one: one[1])) for township, some in found.items())


def _changes(found: Differences) -> dict[str, Any]:
    of_people = figures.counts_people(found.after)
    before, after = found.before.district, found.after.district
    near = (before.near_people, after.near_people) if of_people else (before.near_places, after.near_places)
    gained = found.newly_near - found.no_longer_near
    counted = gettext("residents") if of_people else gettext("places")
    others = _ways_lost_or_won(found)
    rows = [
        (gettext("Residents near") if of_people else gettext("Places near"), words.share(near[0]), words.share(near[1]),
         _gained(found, f"{words.signed(gained)} {counted}", of_people=of_people)),
        _minutes(gettext("Mean way"), before.mean_min, after.mean_min, alike=not others),
        _minutes(gettext("Median way"), before.median_min, after.median_min, alike=not others),
        _minutes(gettext("Least-served fifth"), before.fifth_min, after.fifth_min, alike=not others),
        _minutes(gettext("Farthest place"), before.worst_min, after.worst_min, alike=not others),
    ]  # fmt: skip
    return {
        "rows": rows,
        "line": _line(found, rows),
        "others": others,
        "gains": [_change(one, of_people) for one in found.gains[:CHANGES_SHOWN]],
        "losses": [_change(one, of_people) for one in found.losses[:CHANGES_SHOWN]],
        "gain_count": len(found.gains),
        "loss_count": len(found.losses),
    }


def _gained(found: Differences, known: str, *, of_people: bool) -> str:
    """Who becomes near, or is so no longer, with the places of which nobody knows how many live there."""
    moved = (one for one in (*found.gains, *found.losses) if one.newly_near or one.no_longer_near)
    unknown = sum(one.people is None for one in moved)
    return told(and_unknown(known, unknown)) if of_people and unknown else known


def _ways_lost_or_won(found: Differences) -> str:
    """That ways then are those of other places than today, "" where they are of the same."""
    lost = sum(one.after_s is None for one in found.losses)
    won = sum(one.before_s is None for one in found.gains)
    if not lost and not won:
        return ""
    text = gettext("Ways are those of the places that reach a facility: %(won)s that had no way get one, %(lost)s lose "
                   "theirs, so minutes before and after are not of the same places.",
                   won=format_decimal(won), lost=format_decimal(lost))  # fmt: skip
    return str(text)


def _minutes(text: str, before: float | None, after: float | None, *, alike: bool) -> tuple[str, str, str, str]:
    if not alike:
        return text, words.minutes(before, 1), words.minutes(after, 1), gettext("not comparable")
    apart = None if before is None or after is None else after - before
    said = "" if apart is None else gettext("%(minutes)s min", minutes=words.signed(apart, 1))
    return text, words.minutes(before, 1), words.minutes(after, 1), said


def _line(found: Differences, rows: list[tuple[str, str, str, str]]) -> str:
    """All that changes in one line."""
    values = {
        "near": rows[0][3],
        "before": rows[0][1],
        "after": rows[0][2],
        "mean": rows[1][3] or labels.UNKNOWN,
        "shorter": format_decimal(len(found.gains)),
        "longer": format_decimal(len(found.losses)),
    }
    return str(
        gettext(
            "Against today: %(near)s near (%(after)s instead of %(before)s), mean way %(mean)s; "
            "shorter from %(shorter)s places, longer from %(longer)s.",
            **values,
        )
    )


def _change(one: Change, of_people: bool) -> dict[str, str]:
    named = services.wording(g.district, "townships", current())
    before, after = (words.minutes(None if way is None else way / 60) for way in (one.before_s, one.after_s))
    return {
        "name": one.name or gettext("a point of the grid"),
        "township": named.get(one.township, one.township),
        "people": words.people(one.people) if of_people else "",
        "before": before if one.before_s is not None else gettext("no way"),
        "after": after if one.after_s is not None else gettext("no way"),
    }
