"""In which words reports of coverage are written."""

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import format_date, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.standards import Verdict
from geoapp.services.coverage.kinds import kind_names
from geoapp.services.coverage.papers import FarPlace
from geoapp.services.coverage.records import State
from geoapp.services.coverage.sheets import Words
from geoapp.web import coverage_inventory_words as inventory_words
from geoapp.web import coverage_words
from geoapp.web.errors import told
from geoapp.web.fields import FIELDS, Field, exported, fields_of, written
from geoapp.web.fields import title as name_of
from geoapp.web.language import current, place_name

STANDINGS = {"stands": _("stands"), "coming": _("still to come"), "gone": _("given up")}
CHANGES = {"came": _("came"), "went": _("went"), "planned": _("newly planned"), "changed": _("changed")}
EVIDENCE = {
    "evidence_photo": _("Photo"),
    "evidence_notice": _("Notice of opening hours"),
    "evidence_area": _("Proof of floor area"),
}
UNITS = {**inventory_words.UNITS, "villages": _("villages and communities that have it")}
TITLES = {
    "about": _("About this report"),
    "inventory": _("Inventory"),
    "by_kind_and_township": _("In detail"),
    "standards": _("Standards"),
    "missing": _("Missing by name"),
    "facilities": _("Facilities"),
    "reach": _("Reach by township"),
    "reach_by_kind": _("Reach by kind"),
    "places": _("Villages and places"),
    "proposals": _("Proposals"),
    "days_by_township": _("By township"),
    "days_by_kind": _("By kind"),
    "changes": _("Facilities that changed"),
}
HEADINGS = {
    **{name: text for name, text in inventory_words.SHOWN.items() if name != "count"},
    **EVIDENCE,
    "facilities": _("Facilities that count"),
    "item": _("Item"), "content": _("Content"), "township": _("Township"), "residents": _("Residents"),
    "planned": _("with what is planned or being built"),
    "now": _("now"), "after": _("after opening"), "kind": _("Kind"), "verdict": _("verdict"),
    "verdict_after": _("verdict after opening"), "below": _("Below the standards"),
    "below_after": _("Below the standards after opening"), "private": _("private"), "shared": _("in shared buildings"),
    "standard": _("Standard"), "asked": _("asked"), "unit": _("Unit of the number"), "have": _("there is"),
    "have_after": _("after opening"), "source": _("Source"), "check": _("to be checked before use"),
    "village": _("Village or community"), "code": _("Code"), "on_the_map": _("on the map"),
    "standing": _("on that day"), "counts": _("counts"), "unknown": _("not filled in"),
    "character": _("Character"), "places": _("number of places"),
    "unknown_people": _("places whose residents are unknown"),
    "near_people": _("residents near"), "near_places": _("places near"), "near_area": _("area near"),
    "norm_people": _("residents within their norm"), "norm_places": _("places within their norm"),
    "median_min": _("median, min"), "mean_min": _("mean, min"), "p90_min": _("nine in ten within, min"),
    "worst_min": _("longest, min"), "worst_place": _("where it is longest"),
    "fifth_min": _("mean of the least-served fifth, min"), "too_far": _("places too far from a road"),
    "no_way": _("places without a way"), "facilities_counted": _("facilities on the map"), "id": _("Id"),
    "name": _("Name"), "built_up": _("built-up"), "minutes": _("minutes"), "metres": _("metres"),
    "nearest": _("nearest facility"), "state": _("how it stands"), "norm": _("within its norm"),
    "lon": _("Longitude"), "lat": _("Latitude"), "without_place": _("no coordinates: not known"),
    "rank": _("Rank"), "gain": _("adds"), "total": _("together"), "newly_near": _("residents newly near"),
    "gaining": _("places with a shorter way"), "before": _("before"), "later": _("later"),
    "difference": _("difference"), "change": _("What happened"), "what_changed": _("What changed"),
    "moved_m": _("moved, m"),
}  # fmt: skip


def words(question: CoverageQuestion) -> Words:
    """The words of this request's language, for what a question counts."""
    return Words(
        heading=lambda name: str(HEADINGS[name]),
        counted=lambda name: coverage_words.of_group(str(HEADINGS[name]), question),
        group=question.group,
        title=lambda name: str(TITLES[name]),
        kind=kind,
        township=township,
        standard=inventory_words.standard,
        unit=lambda name: str(UNITS[name]),
        verdict=verdict,
        character=lambda name: str(coverage_words.CHARACTERS.get(name, name)),
        standing=lambda name: str(STANDINGS[name]),
        way=way,
        field=field,
        name=name_of,
        yes=yes,
        tell=told,
        change=lambda name: str(CHANGES[name]),
        value=value,
        facility_columns=_facility_columns(),
        facility_cells=_facility_cells,
    )


def kind(code: str) -> str:
    """A kind of facility by name."""
    return str(kind_names(g.district, current()).get(code, code))


def township(code: str) -> str:
    """A township by name; the district for none."""
    return str(services.wording(g.district, "townships", current()).get(code, code)) if code else place_name()


def verdict(one: Verdict | None) -> str:
    """A verdict in words, a dash where nothing is asked."""
    return inventory_words.NOT_ASKED if one is None else str(inventory_words.VERDICTS[one])


def nearest(one: FarPlace) -> str:
    """The nearest facility in the reader's language; a dash for none."""
    return (name_of(one.facility) if one.facility else "") or one.nearest or "–"


def way(place: FarPlace) -> str:
    """How a place stands to the nearest facility."""
    if place.near:
        return str(coverage_words.STATES["near"])
    if place.state is State.REACHED:
        return str(coverage_words.STATES["far"])
    return str(coverage_words.STATES["off" if place.state is State.TOO_FAR_FROM_A_ROAD else "none"])


def yes(value: bool) -> str:
    """Yes or no."""
    return str(gettext("yes") if value else gettext("no"))


def field(name: str) -> str:
    """A field of facilities by name."""
    known = fields_of("facilities", g.scope)
    if name in known:
        return str(known[name].label)
    return str({"position": _("Position"), **EVIDENCE}.get(name, name))


def value(name: str, known: Any) -> str:
    """A value of such a field; a dash for none."""
    fields = fields_of("facilities", g.scope)
    return "–" if known is None else written(fields[name], known) if name in fields else str(known)


def day(one: Any) -> str:
    """A day."""
    return str(format_date(one, "medium"))


def listed(names: Sequence[str], most: int = 0) -> str:
    """Names one after another; of more than so many the rest is counted."""
    comma = "、" if current() == "zh" else ", "
    if not most or len(names) <= most:
        return comma.join(names)
    rest = gettext("and %(count)s more", count=format_decimal(len(names) - most))
    return comma.join(names[:most]) + (f"{comma}{rest}")


_KINDS = {"number": "number", "metres": "number", "day": "day", "id": "id"}


def _facility_fields() -> list[Field]:
    """Fields of facilities that this reader may see; what proves them is told apart, by yes and no."""
    seen = fields_of("facilities", g.scope)
    return [one for one in FIELDS["facilities"] if one.name in seen and one.name not in EVIDENCE]


def _facility_columns() -> list[tuple[str, str, str]]:
    fields = _facility_fields()
    return [("id", str(HEADINGS["id"]), "id"), ("township", str(HEADINGS["township"]), "text"),
            *((one.name, str(one.label), _KINDS.get(one.kind, "text")) for one in fields)]  # fmt: skip


def _facility_cells(record: dict[str, Any]) -> list[Any]:
    fields = _facility_fields()
    code = record.get("township")
    return [str(record["id"]), township(str(code)) if code else None,
            *(kind(str(record["kind"])) if one.name == "kind" else exported(one, record.get(one.name))
              for one in fields)]  # fmt: skip
