"""What a report on a standard along streets says, in rows of words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from flask import g, url_for
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.line_standards import LineStandard
from geoapp.services.coverage.along_lines import LEAST_M, LineReport, Share, StreetReport, Stretch
from geoapp.services.coverage.line_files import Table
from geoapp.web import coverage_words, labels
from geoapp.web.language import current

Row = dict[str, Any]

RULE_WORDS = {
    "within": _("from every point to the nearest one, on foot"),
    "every": _("from one to the next along the street"),
}
KINDS = {"sites": "site_kinds", "facilities": "facility_kinds"}
# Around a stretch the map shows this much more, in degrees.
MARGIN = 0.002


def title(standard: LineStandard) -> str:
    """What a standard asks for, in one line."""
    values = {"wanted": wanted(standard), "metres": format_decimal(standard.metres)}
    if standard.rule == "within":
        return str(gettext("%(wanted)s within %(metres)s m of every point", **values))
    return str(gettext("%(wanted)s every %(metres)s m", **values))


def wanted(standard: LineStandard) -> str:
    """What is wanted, by the name that the table gives it."""
    return standard.zh if current() == "zh" else standard.en[:1].upper() + standard.en[1:]


def rule_row(standard: LineStandard) -> Row:
    """A standard for the list of those that there are, and for the choice among them."""
    kinds = [_kind(layer, code) for layer, code in standard.kinds]
    return {"code": standard.code, "title": title(standard), "streets": streets_of(standard), "kinds": joined(kinds),
            "metres": standard.metres, "rule": RULE_WORDS[standard.rule], "source": standard.source or "",
            "check": standard.check}  # fmt: skip


def streets_of(standard: LineStandard) -> str:
    """The kinds of street that a standard is for."""
    return joined(street_kind(kind) for kind in standard.streets)


def wanted_kinds() -> dict[str, dict[str, str]]:
    """Layers with the kinds that a standard may ask for, by what the form calls them."""
    return {
        str(labels.LAYERS[layer]): {
            f"{layer}:{code}": text for code, text in services.wording(g.district, table, current()).items()
        }
        for layer, table in KINDS.items()
    }


def within(shares: Mapping[str | None, Share], townships: tuple[str, ...]) -> Share:
    """What of a length lies in some townships, in all of them for ()."""
    return Share.sum(share for code, share in shares.items() if not townships or code in townships)


def share_row(share: Share) -> Row:
    """A length, what of it fails, and the share that keeps the standard.

    told: whether anybody can tell of any of it; whole: of all of it; some: whether there is any.
    """
    failing = labels.UNKNOWN if share.failing_m is None else km(share.failing_m)
    return {"length": km(share.length_m), "failing": str(failing), "kept": coverage_words.share(share.kept),
            "fails": bool(share.failing_m), "told": share.kept is not None, "some": share.length_m > 0,
            "whole": share.unknown_m < LEAST_M}  # fmt: skip


def street_row(
    report: LineReport, street: StreetReport, townships: tuple[str, ...], failing: Sequence[Stretch]
) -> Row:  # fmt: skip
    """A street, or what of it lies in some townships. failing: its stretches there."""
    return {
        "name": named(street), "kind": street_kind(street.kind), "worst": _worst(failing),
        "page": url_for("features.show", layer=report.layer, id=street.ids[0]),
        "bounds": _bounds(street.parts), **share_row(within(street.townships, townships)),
    }  # fmt: skip


def _worst(failing: Sequence[Stretch]) -> str:
    """The worst of failing stretches: where none can be reached from one of them there is nothing worse."""
    known = [one.worst_m for one in failing if one.worst_m is not None]
    return metres(max(known, default=None)) if len(known) == len(failing) else str(gettext("none can be reached"))


def stretch_row(report: LineReport, one: Stretch, spot: str | None) -> Row:
    """A failing stretch. spot: the id of the site by which it is listed, None where it is not."""
    worst = metres(one.worst_m) if one.worst_m is not None else gettext("none can be reached")
    return {
        "street": named(report.streets[one.street]), "length": metres(one.length_m), "worst": worst,
        "along": gettext("%(from_m)s to %(to_m)s m", from_m=format_decimal(round(one.from_m)),
                         to_m=format_decimal(round(one.to_m))),
        "township": township(one.township), "bounds": _bounds([one.line]),
        "spot": spot and url_for("features.show", layer="sites", id=spot),
    }  # fmt: skip


def named(street: StreetReport) -> str:
    """A street in the reader's language, where it has a name in it."""
    return street.name if current() == "zh" else street.name_en or street.name


def township(code: str | None) -> str:
    """A township's name."""
    if code is None:
        return str(gettext("outside all townships"))
    return services.wording(g.district, "townships", current()).get(code, code)


def street_kind(kind: str) -> str:
    """A kind of street."""
    return str(labels.ENUMS["street_kind"].get(kind, kind))


def joined(texts: Iterable[str]) -> str:
    """Texts in one line."""
    return ("、" if current() == "zh" else ", ").join(texts)


def km(value_m: float) -> str:
    """A length in kilometres, in metres where it is too short to be told in them."""
    if 0 < value_m < 10:
        return metres(max(value_m, 1.0))
    return str(gettext("%(number)s km", number=format_decimal(round(value_m / 1_000, 2))))


def metres(value_m: float | None) -> str:
    """A length in metres, – for none."""
    return "–" if value_m is None else str(gettext("%(number)s m", number=format_decimal(round(value_m))))


def kind_names(layer: str, code: str) -> tuple[str, str]:
    """A kind's names in Chinese and English, as a sentence has them; the code where the table does not know it."""
    zh, en = (services.wording(g.district, KINDS[layer], language).get(code, code) for language in ("zh", "en"))
    return zh, en[:1].lower() + en[1:]


def sheets(report: LineReport, stretches: Iterable[Stretch], townships: tuple[str, ...]) -> list[Table]:
    """Failing stretches, streets and townships as sheets of a workbook; lengths in metres, places in degrees."""
    lengths = [("length_m", gettext("Length, m"), "number"), ("failing_m", gettext("Failing, m"), "number"),
               ("unknown_m", gettext("Nobody can tell, m"), "number"),
               ("kept", gettext("Share that keeps it"), "number")]  # fmt: skip
    street = ("street", gettext("Street"), "text")
    whereabouts = [("from_m", gettext("From, m"), "number"), ("to_m", gettext("To, m"), "number"), lengths[0],
                   ("worst_m", gettext("Worst, m"), "number"), ("township", gettext("Township"), "text"),
                   ("lon", gettext("Longitude"), "number"), ("lat", gettext("Latitude"), "number")]  # fmt: skip
    failing = (
        [one.id, named(report.streets[one.street]), *_numbers(one.from_m, one.to_m, one.length_m, one.worst_m),
         township(one.township), round(one.lon, 7), round(one.lat, 7)] for one in stretches
    )  # fmt: skip
    shown = [one for one in report.streets if not townships or {*townships} & {*one.townships}]
    by_street = ([named(one), street_kind(one.kind), *_of_share(within(one.townships, townships))] for one in shown)
    by_township = ([township(code), *_of_share(share)] for code, share in report.townships.items()
                   if not townships or code in townships)  # fmt: skip
    return [
        (gettext("Failing stretches"), [("id", gettext("Id"), "id"), street, *whereabouts], failing),
        (gettext("By street"), [street, ("kind", gettext("Kind"), "text"), *lengths], by_street),
        (gettext("By township"), [("township", gettext("Township"), "text"), *lengths], by_township),
    ]


def _numbers(*values_m: float | None) -> list[float | None]:
    return [None if one is None else round(one, 1) for one in values_m]


def _of_share(share: Share) -> list[float | None]:
    unknown_m = None if share.failing_m is None else share.unknown_m
    kept = None if share.kept is None else round(share.kept, 4)
    return [*_numbers(share.length_m, share.failing_m, unknown_m), kept]


def _kind(layer: str, code: str) -> str:
    return services.wording(g.district, KINDS[layer], current()).get(code, code)


def _bounds(lines: Iterable[Any]) -> str:
    """West, south, east and north of lines with a margin, in degrees."""
    west, south, east, north = shapely.total_bounds(list(lines))
    return f"{west - MARGIN:.5f},{south - MARGIN:.5f},{east + MARGIN:.5f},{north + MARGIN:.5f}"
