"""The readers' words for codes, fields and measures."""

from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

LAYERS = {
    "townships": _("Townships"),
    "villages": _("Villages and communities"),
    "streets": _("Streets"),
    "roads": _("Roads"),
    "sites": _("Sites"),
    "facilities": _("Cultural facilities"),
    "problems": _("Problems"),
    "visits": _("Visits"),
    "population": _("Population grid"),
}

MEASURES = {
    "problems": _("Problems"),
    "open": _("Open problems"),
    "overdue": _("Overdue problems"),
    "problems_per_km2": _("Problems per km²"),
    "problems_per_1000_residents": _("Problems per 1,000 residents"),
    "sites": _("Sites"),
    "facilities": _("Cultural facilities"),
    "population": _("Residents"),
}

STATUSES = {
    "reported": _("Reported"),
    "assigned": _("Assigned"),
    "in_progress": _("Being put right"),
    "rectified": _("Awaiting verification"),
    "closed": _("Closed"),
    "deferred": _("Deferred, with a plan"),
    "rejected": _("Not accepted"),
}

ENUMS: dict[str, dict[str, Any]] = {
    "status": STATUSES,
    "severity": {"minor": _("Minor"), "serious": _("Serious"), "severe": _("Severe")},
    "position_precision": {
        "exact": _("Exact"),
        "site": _("At its site"),
        "street": _("On its street"),
        "village": _("In its village"),
        "township": _("At the seat of its township"),
        "none": _("Not known"),
    },
    "origin": {
        "district_supervision": _("District supervision"),
        "city_secret_visit": _("City secret visit"),
        "third_party": _("Third party"),
        "tour": _("Tour"),
        "self_check": _("Self-check"),
        "hotline_12345": _("Hotline 12345"),
        "public": _("The public"),
    },
    "outcome": {"clean": _("In order"), "findings": _("With findings"), "not_checked": _("Could not be checked")},
    "build_status": {
        "planned": _("Planned"),
        "building": _("Being built"),
        "built": _("Built"),
        "renovating": _("Being renovated"),
        "closed": _("Closed down"),
        "withdrawn": _("Withdrawn"),
    },
    "level": {"district": _("District"), "township": _("Township level"), "village": _("Village level")},
    "ownership": {"public": _("Public"), "private": _("Private")},
    "group": {
        "T": _("Townships and subdistricts"),
        "W": _("Window units"),
        "C": _("Communities and villages"),
        "M": _("Main streets"),
    },
    "township_kind": {
        "subdistrict": _("Subdistrict"),
        "town": _("Town"),
        "township": _("Township"),
        "ethnic_township": _("Ethnic township"),
        "area": _("Town (area)"),
        "zone": _("Development zone"),
        "municipality": _("Municipality"),
    },
    "village_kind": {"village": _("Village"), "community": _("Community")},
    "street_kind": {
        "main": _("Main street"),
        "secondary": _("Secondary street"),
        "lane": _("Lane"),
        "country_road": _("Country road"),
        "cycleway": _("Cycle path"),
        "footway": _("Footway"),
        "path": _("Path"),
        "steps": _("Steps"),
        "track": _("Track"),
        "highway": _("Highway"),
    },
}

RULES = {
    "h": _("%(number)s hours"),
    "wh": _("%(number)s working hours"),
    "wd": _("%(number)s working days"),
    "d": _("%(number)s days"),
}

ROLES = {
    "demonstration": _("Demonstration site"),
    "survey": _("Survey point"),
    "trouble": _("Trouble spot"),
}

# What a number of the leader's page counts, as a filter names it.
INDICATORS = {
    "found": _("found in these days"),
    "found_by_visits": _("found by visits"),
    "due": _("due in these days"),
    "closed_of_due": _("due and closed"),
    "late_of_due": _("due and not put right in time"),
    "in_time": _("put right in time"),
    "in_time_originally": _("put right by the original deadline"),
    "timeliness_known": _("due, and known whether in time"),
    "open": _("open at the end of these days"),
    "overdue": _("overdue at the end of these days"),
    "put_right": _("put right in these days"),
    "rework": _("put right after being sent back"),
    "can_relapse": _("found, with a subcategory and a place"),
    "relapse": _("relapses"),
    "visits_made": _("checked"),
    "in_order": _("fully in order"),
    "with_area": _("with an area of its own"),
    "with_culture": _("with a culture centre"),
    "missing": _("without what a standard asks for"),
    "short": _("short of a standard"),
    "unknown": _("not known whether a standard is met"),
    "meets": _("meets a standard"),
    "counted": _("counted in the inventory"),
    "counted_after": _("counted when what is being built has opened"),
    "counted_with_private": _("counted, private ones too"),
    "counted_with_private_after": _("counted when what is being built has opened, private ones too"),
    "coming": _("not open yet"),
    "private": _("private"),
    "sharing": _("in a shared building"),
}

WEIGHTS = {
    "closed": _("Closed of those due"),
    "in_time": _("Put right in time"),
    "in_order": _("Sites fully in order"),
}

NUMBERS = {
    "found": _("Problems found"),
    "open": _("Open"),
    "overdue": _("Overdue"),
    "soon": _("Due within 3 days"),
    "rectified": _("Awaiting verification"),
    "closed": _("Closed"),
}

# What a column of a file may mean beside the fields that readers see.
COORDINATES = {"lon": _("Longitude"), "lat": _("Latitude"), "lon,lat": _("Longitude and latitude in one")}
IMPORTED = {
    "name": _("Name of the place"),
    "name_en": _("English name"),
    "township_stated": _("Township"),
    "village": _("Village or community"),
    "address": _("Address"),
    "code": _("Code"),
    "kind": _("Kind"),
    "site_id": _("Id of the site"),
    "visit_id": _("Id of the visit"),
    "source": _("Source"),
    "position_precision": _("Position"),
}

DIRT = {
    "heaps": _("on one spot with suspiciously many others"),
    "duplicates": _("exact repetitions of an earlier one"),
    "centres": _("exactly at a township's seat"),
    "exchanged": _("with longitude and latitude exchanged"),
    "future": _("found in the future"),
}
HEAT_WEIGHTS = {
    "count": _("Each report counts 1"),
    "severity": _("By severity: 1, 2 or 3"),
    "overdue": _("By days overdue"),
}
HEAT_UNITS = {
    "count": _("reports per km² and month"),
    "severity": _("severity points per km² and month"),
    "overdue": _("days overdue per km² and month"),
}

HEAT_VIEWS = {
    "surface": _("Density"),
    "spots": _("Hot spots"),
    "change": _("Change"),
    "categories": _("By category"),
    "streets": _("Along streets"),
    "times": _("Weekday and hour"),
}
CELL_KINDS = {"hexagons": _("Hexagons"), "townships": _("Townships"), "streets": _("Pieces of streets")}
PER = {
    "area": _("per km²"),
    "visit": _("per visit"),
    "survey_point": _("per survey point"),
    "street_km": _("per km of street"),
    "resident": _("per resident"),
}
# What each denominator counts, and where it misleads.
PER_WEAKNESS = {
    "area": _("Counted by area: where people live and where inspectors go there is more of everything."),
    "visit": _(
        "Counted among visits: places that nobody visits are left out, and visits that look more closely find more."
    ),
    "survey_point": _("Counted among survey points: each point counts the same, however large or busy it is."),
    "street_km": _(
        "Counted by length of street as far as streets are drawn; problems away from streets weigh on the nearest ones."
    ),
    "resident": _(
        "Counted among residents as registered: where people work, shop or travel through, they are too few."
    ),
}
CELLS_SHOWN = {
    "spots": _("Hot and cold spots"),
    "rates": _("Rates"),
    "difference": _("Difference of two periods"),
    "courses": _("Courses"),
}
CELL_CLASSES = {
    "hot2": _("Hot, very sure (q ≤ 0.01)"),
    "hot": _("Hot (q ≤ 0.05)"),
    "cold": _("Cold (q ≤ 0.05)"),
    "cold2": _("Cold, very sure (q ≤ 0.01)"),
    "grown2": _("Grown, very sure (q ≤ 0.01)"),
    "grown": _("Grown (q ≤ 0.05)"),
    "shrunk": _("Shrunk (q ≤ 0.05)"),
    "shrunk2": _("Shrunk, very sure (q ≤ 0.01)"),
    "new": _("New"),
    "intensifying": _("Intensifying"),
    "persistent": _("Persistent"),
    "sporadic": _("Now and then"),
    "fading": _("Fading"),
    "": _("No more than chance"),
}
NO_RATE = _("Counts, not rates: more people and more visits find more")
BANDWIDTH, COUNTED, CELLS = _("Smoothed over"), _("Counted"), _("Cells")
CELL_WIDTH, COUNTED_AMONG, SHOWN = _("Width"), _("Counted among"), _("Shown")
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))

DUE = {"soon": _("Due within 3 days"), "overdue": _("Overdue")}
CATEGORY = _("Category of problems")
UNKNOWN = _("unknown")
UNCLASSIFIED = _("Not yet classified")


def rounded(value: float) -> str:
    """Two digits that count: more would promise what a smoothed or counted number cannot keep."""
    return str(format_decimal(float(f"{value:.2g}")))
