"""How many places there are for how many people: the view of competition."""

from typing import Any

import numpy as np
from flask import g, request, url_for
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.places import Access, Load, TownshipAccess, access
from geoapp.web import coverage_words as words
from geoapp.web import labels
from geoapp.web.errors import told
from geoapp.web.language import current

PARAMETERS = ("capacity", "weighting")
CAPACITIES = {
    "facilities": _("facilities: each counts one"),
    "floor_area": _("floor area"),
    "seats": _("seats"),
    "books": _("books"),
}
WEIGHTINGS = {
    "equal": _("all within the limit alike"),
    "thirds": _("the farther the less: in thirds of the limit"),
    "gaussian": _("the farther the less: by a smooth curve"),
}
PER_RESIDENTS = {
    "facilities": _("facilities per 10,000 residents"),
    "floor_area": _("m² per 10,000 residents"),
    "seats": _("seats per 10,000 residents"),
    "books": _("books per 10,000 residents"),
}
# What a share is told of: so many residents.
PER = 10_000
MOST_LOADS = 15


def account(question: CoverageQuestion) -> dict[str, Any]:
    """What the template of the view needs."""
    found = access(
        g.district,
        question,
        g.scope,
        capacity=request.args.get("capacity") or "facilities",
        weighting=request.args.get("weighting") or "equal",
    )
    townships, residents = services.wording(g.district, "townships", current()), _residents(found)
    return {
        "access": found,
        "capacities": CAPACITIES,
        "weightings": WEIGHTINGS,
        "explained": _explained(found, question),
        "headline": _headline(found, question),
        "column": _per(found, question),
        "counted": words.of_group(gettext("Residents"), question) if found.unit == "people" else gettext("Places"),
        "rows": [_row(found, one, townships, residents.get(one.code)) for one in found.townships],
        "loads": [_load(found, one) for one in found.loads[:MOST_LOADS]],
        "more_loads": max(len(found.loads) - MOST_LOADS, 0),
        "balance": _balance(found),
        "notes": list(dict.fromkeys(told(note) for note in found.notes)),
    }


def _explained(found: Access, question: CoverageQuestion) -> tuple[str, str]:
    """What is competed for, in two sentences."""
    shared = {
        "facilities": gettext("Every facility is shared by all people who have it near: %(limit)s."),
        "floor_area": gettext("The floor area of every facility is shared by all people who have it near: %(limit)s."),
        "seats": gettext("The seats of every facility are shared by all people who have it near: %(limit)s."),
        "books": gettext("The books of every facility are shared by all people who have it near: %(limit)s."),
    }[found.capacity]
    rest = gettext("Who has several near adds up their shares, so that a place with one crowded facility has less than "
                   "one with two quiet ones.")  # fmt: skip
    return str(shared) % {"limit": words.limit(question)}, str(rest)


def _per(found: Access, question: CoverageQuestion) -> str:
    """The heading of the column of shares."""
    if found.unit != "people":
        return str(gettext("for each place"))
    return words.of_group(str(PER_RESIDENTS[found.capacity]), question)


def _share(found: Access, per_person: float | None) -> str:
    if per_person is None:
        return str(labels.UNKNOWN)
    return labels.rounded(per_person * (PER if found.unit == "people" else 1))


def _headline(found: Access, question: CoverageQuestion) -> str:
    # Of the townships that are reported; everybody competes.
    people = sum(one.people for one in found.townships)
    if people <= 0 or not found.loads:
        return str(gettext("There is nothing that could be shared out: see below what is unknown."))
    shared = sum((one.per_person or 0.0) * one.people for one in found.townships)
    without = sum(one.without for one in found.townships)
    return str(
        gettext(
            "%(share)s %(per)s on average; %(without)s of those counted reach nothing.",
            share=_share(found, shared / people),
            per=_per(found, question),
            without=words.share(round(without / people, 9)),
        )
    )


def _row(
    found: Access, one: TownshipAccess, townships: dict[str, str], residents: float | None
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": townships.get(one.code, one.code) or gettext("Outside all townships"),
        "page": url_for("townships.show", code=one.code) if one.code in townships else None,
        "access": _share(found, one.per_person),
        "of": _counted_of(one, residents),
        "people": words.people(residents),
        "without": words.people(one.without) if one.per_person is not None else str(labels.UNKNOWN),
    }


def _counted_of(one: TownshipAccess, residents: float | None) -> str:
    """For how many the share holds, where others reach only what nobody knows; nothing where it holds for all."""
    if one.per_person is None or residents is None or residents - one.people < 1:
        return ""
    return str(gettext("of %(count)s; of the others it is unknown", count=words.people(one.people)))


def _residents(found: Access) -> dict[str, float]:
    """Known residents of townships, whether or not it is known what they share; none where nobody knows of any."""
    people, codes = found.demand.people, np.array(found.demand.township, str)
    known = np.isfinite(people)
    names, place = np.unique(codes[known], return_inverse=True)
    return dict(zip(names.tolist(), np.bincount(place, weights=people[known]).tolist(), strict=True))


def _load(found: Access, one: Load) -> dict[str, Any]:
    supply = found.supply
    kinds = kind_names(g.district, current())
    return {
        "name": words.facility_name(supply, one.index),
        "kind": kinds.get(supply.kinds[one.index], supply.kinds[one.index]),
        "lon": f"{supply.lon[one.index]:.6f}",
        "lat": f"{supply.lat[one.index]:.6f}",
        "capacity": format_decimal(round(one.capacity, 1)),
        "people": words.people(one.people) if one.per_person is not None or not one.unknown else str(labels.UNKNOWN),
        "each": gettext("nobody") if one.per_person is None and not one.unknown else _share(found, one.per_person),
    }


def _balance(found: Access) -> str:
    """Access summed over people is what is offered: nothing is lost or counted twice."""
    return str(
        gettext(
            "Summed over all who are counted this is %(used)s of %(offered)s that the facilities offer.",
            used=format_decimal(round(found.used, 1)),
            offered=format_decimal(round(found.offered, 1)),
        )
    )
