"""What the views of cells and streets show: hot spots, two periods, courses, streets."""

from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import g, url_for
from flask_babel import format_decimal, gettext

from geoapp import services
from geoapp.domain.selection import Selection
from geoapp.web import labels
from geoapp.web.heat_sentences import days_text, picture_style
from geoapp.web.heat_styles import HeatView
from geoapp.web.labels import rounded
from geoapp.web.language import current

LISTED = 20
STREETS_LISTED = 50
SPOT_CLASSES = ("hot2", "hot", "cold", "cold2", "")
CHANGE_CLASSES = ("grown2", "grown", "shrunk", "shrunk2", "")
COURSES = ("new", "intensifying", "persistent", "fading", "sporadic", "")


def spots_account(view: HeatView) -> dict[str, Any]:
    """Hot spots and cold spots with what each rests on, or the highest rates."""
    found = services.cell_map(g.district, view.chosen, g.scope, view.cells)
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown)
    listed = services.spots(found) if view.shown == "spots" else []
    return {
        "map": found, "shown": view.shown, "style": found.style, "legend": legend(shown),
        "spots": [_spot(view, found, spot) for spot in listed[:LISTED]],
        "more": max(len(listed) - LISTED, 0),
        "hot": int(found.spots.hot.sum()), "cold": int(found.spots.cold.sum()),
        "rates": _highest(view, found) if view.shown == "rates" else [],
        "weakness": labels.PER_WEAKNESS[found.style.per or "area"],
        "per": labels.PER[found.style.per or "area"],
        "smallest_p": f"{found.spots.smallest_p:.2g}",
        "moran": rounded_sign(found.moran.value), "moran_expected": rounded_sign(found.moran.expected),
        "moran_p": f"{found.moran.p:.3g}",
        "whole": rate_text(found.rates.whole, found.style.per),
        "false_share": services.FALSE_SHARE,
    }  # fmt: skip


def change_account(view: HeatView) -> dict[str, Any]:
    """Two periods and where they differ, or the courses of the cells."""
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown)
    common = {"shown": view.shown, "legend": legend(shown), "style": view.cells.settled(g.district)}
    if isinstance(shown.source, services.Courses):
        return {**common, **_courses_account(view, shown, shown.source)}
    found = services.two_periods(g.district, view.chosen, g.scope, view.cells)
    style = replace(picture_style(replace(view, core=True)), top=None)
    both = [replace(view.chosen, first_day=first, last_day=last) for first, last in (found.before, found.after)]
    top = max(services.scale_top(g.district, chosen, g.scope, style) for chosen in both)
    months = ((found.after[1] - found.after[0]).days + 1) / services.DAYS_A_MONTH
    changed = np.flatnonzero(found.difference.grown | found.difference.shrunk)
    order = changed[np.argsort(found.difference.p[changed], kind="stable")][:LISTED]
    return {
        **common,
        "periods": [
            _period(chosen, days, count, top)
            for chosen, days, count in zip(both, (found.before, found.after), found.reports, strict=True)
        ],
        "bound": rounded(top / months), "bandwidth": style.bandwidth_m,
        "p": f"{found.p:.2g}", "percent": _percent(*found.reports), "sure": found.p <= services.FALSE_SHARE,
        "grown": int(found.difference.grown.sum()), "shrunk": int(found.difference.shrunk.sum()),
        "places": [_changed(view, found, int(cell)) for cell in order], "tested": len(found.where.tested),
    }  # fmt: skip


def streets_account(view: HeatView) -> dict[str, Any]:
    """Streets by problems per km."""
    found = services.street_ranking(g.district, view.chosen, g.scope, view.cells.weight)
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, "streets")
    named = services.wording(g.district, "streets", current())
    rows = [
        (named.get(id, id), url_for("features.show", layer="streets", id=id),
         format_decimal(float(count)), table_of(replace(view.chosen, street=(id,))), rounded(float(km)),
         rounded(float(raw)), rounded(float(shrunk)), bool(unsure))
        for id, count, km, raw, shrunk, unsure in zip(
            found.ids, found.counts, found.km, found.raw, found.shrunk, found.uncertain, strict=True)
    ]  # fmt: skip
    whole = 0.0 if np.isnan(found.whole) else found.whole
    return {"streets": rows[:STREETS_LISTED], "street_count": len(rows), "elsewhere": found.elsewhere,
            "whole": rounded(whole), "legend": legend(shown), "unit": _street_unit(view)}  # fmt: skip


def legend(shown: services.CellView) -> list[tuple[str, str]]:
    """Classes and their texts, those that a map of this kind can have."""
    if shown.breaks:
        lows = [0.0, *shown.breaks[:-1]]
        return [(f"r{place}", f"{rounded(low)} – {rounded(high)}") for place, (low, high) in
                enumerate(zip(lows, shown.breaks, strict=True))]  # fmt: skip
    names = {"spots": SPOT_CLASSES, "difference": CHANGE_CLASSES, "courses": COURSES}.get(shown.shown, ())
    return [(name, str(labels.CELL_CLASSES[name])) for name in names]


def cell_name(view: HeatView, over: Any, members: Any) -> str:
    """A place as people call it: the township and street that most reports in the cells are in."""
    rows = services.rows_in(g.district, view.chosen, g.scope, over, members)
    township, street = services.whereabouts(g.district, rows)
    words = {kind: services.wording(g.district, kind, current()) for kind in ("townships", "streets")}
    parts = [words["townships"].get(township or "", township), words["streets"].get(street or "", street)]
    return " · ".join(str(part) for part in parts if part) or gettext("without reports")


def categories_text(pairs: list[tuple[str, int]]) -> str:
    """The commonest categories in one line."""
    named = services.wording(g.district, "categories", current())
    joint = "、" if current() == "zh" else ", "
    return joint.join(f"{named.get(code, code)} {format_decimal(count)}" for code, count in pairs)


def table_of(chosen: Selection) -> str:
    """A selection of problems as a table."""
    return f"{url_for('tables.show', layer='problems')}?{chosen.query()}"


def chosen_in(view: HeatView, ids: list[str]) -> Selection:
    """The selected problems in these cells, as a selection."""
    if view.cells.kind == "townships":
        wanted = set(ids) & set(view.chosen.township) if view.chosen.township else set(ids)
        return replace(view.chosen, township=tuple(sorted(wanted)))
    return replace(view.chosen, cell=tuple(sorted(ids)))


def rate_text(value: float, per: str | None) -> str:
    """A rate with its unit."""
    return gettext("unknown") if np.isnan(value) else f"{rounded(value)} {labels.PER[per or 'area']}"


def rounded_sign(value: float) -> str:
    """A number between -1 and 1 to three digits."""
    return str(format_decimal(round(value, 3)))


def _spot(view: HeatView, found: services.CellMap, spot: services.Spot) -> dict[str, Any]:
    members = found.tested[spot.members]
    ids = [found.cells.ids[cell] for cell in members.tolist()]
    rows = services.rows_in(g.district, view.chosen, g.scope, found.cells, members)
    place = found.cells.shapes()[members[0]].centroid
    return {
        "name": cell_name(view, found.cells, members), "hot": spot.hot, "cells": len(ids),
        "lon": place.x, "lat": place.y,
        "count": format_decimal(round(spot.count)), "expected": rounded(spot.expected), "q": f"{spot.q:.2g}",
        "categories": categories_text(services.commonest(g.district, rows)),
        "href": table_of(chosen_in(view, ids)),
    }  # fmt: skip


def _highest(view: HeatView, found: services.CellMap) -> list[dict[str, Any]]:
    order = np.argsort(-np.nan_to_num(found.rates.shrunk), kind="stable")[:LISTED]
    return [
        {
            "name": cell_name(view, found.cells, found.tested[[cell]]), "count": format_decimal(found.counts[cell]),
            "among": rounded(float(found.among[cell])), "rate": rounded(float(found.rates.raw[cell])),
            "shrunk": rounded(float(found.rates.shrunk[cell])), "uncertain": bool(found.rates.uncertain[cell]),
            "href": table_of(chosen_in(view, [found.cells.ids[found.tested[cell]]])),
        }
        for cell in order.tolist() if found.counts[cell] > 0
    ]  # fmt: skip


def _courses_account(view: HeatView, shown: services.CellView, found: services.Courses) -> dict[str, Any]:
    numbers = Counter(shown.classes)
    listed = [cell for name in COURSES[:-1] for cell, own in enumerate(shown.classes) if own == name][:LISTED]
    return {
        "enough": found.change.enough, "fewest": services.FEWEST_PERIODS, "count": len(found.periods),
        "first": days_text(found.periods[0]), "last": days_text(found.periods[-1]),
        "numbers": [(labels.CELL_CLASSES[name], numbers.get(name, 0)) for name in COURSES[:-1]],
        "places": [
            {"name": cell_name(view, found.where.cells, found.where.tested[[cell]]),
             "class": labels.CELL_CLASSES[shown.classes[cell]], "trend": rounded_sign(float(found.change.trend[cell])),
             "count": format_decimal(found.counts[cell].sum()),
             "href": table_of(chosen_in(view, [shown.ids[cell]]))}
            for cell in listed
        ],
        "tested": len(found.where.tested),
    }  # fmt: skip


def _changed(view: HeatView, found: services.TwoPeriods, cell: int) -> dict[str, Any]:
    number = int(found.where.tested[cell])
    return {
        "name": cell_name(view, found.where.cells, found.where.tested[[cell]]),
        "grown": bool(found.difference.grown[cell]), "observed": format_decimal(found.difference.observed[cell]),
        "expected": rounded(float(found.difference.expected[cell])), "q": f"{found.difference.q[cell]:.2g}",
        "href": table_of(replace(chosen_in(view, [found.where.cells.ids[number]]), first_day=found.before[0],
                                 last_day=found.after[1])),
    }  # fmt: skip


def _period(chosen: Selection, days: services.Days, count: int, top: float) -> tuple[str, int, str, str]:
    end = {"top": f"{top:.6g}"} if top > 0 else {}
    address = (
        f"{url_for('heat_taking.picture')}?{urlencode({**chosen.parameters(), 'bare': 'yes', 'extent': 'core', **end})}"
    )
    return days_text(days), count, address, table_of(chosen)


def _percent(before: int, after: int) -> str | None:
    return f"{round((after - before) / before * 100):+d} %".replace("+0 ", "±0 ") if before else None


def _street_unit(view: HeatView) -> str:
    units = {
        "count": gettext("reports per km"),
        "severity": gettext("severity points per km"),
        "overdue": gettext("days overdue per km"),
    }
    return str(units[view.cells.weight])
