"""What each view of the heat page shows, in words and numbers."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import format_date, gettext

from geoapp import services
from geoapp.domain.selection import Selection
from geoapp.web import filters, labels
from geoapp.web.heat_cell_accounts import change_account, spots_account, streets_account
from geoapp.web.heat_sentences import picture_style
from geoapp.web.heat_styles import HeatView
from geoapp.web.labels import rounded

# So many heaps are named; a box of half a metre round a position holds those on it.
HEAPS, NEAR = 5, 5e-6


def account(view: HeatView) -> dict[str, Any]:
    """What the template of a view needs, with `part` as its name."""
    make = {
        "surface": _surface,
        "spots": spots_account,
        "change": change_account,
        "categories": _categories,
        "streets": streets_account,
        "times": _times,
    }[view.name]
    doubtful, heaps = services.doubtful_reports(g.district, view.chosen, g.scope)
    return {
        "part": view.name,
        "rows": rows_of(view.chosen),
        "take": taken(view),
        "doubtful": [(number, labels.DIRT[kind], _left_out(view.chosen, kind)) for kind, number in doubtful.items()],
        "heaps": [(heap, _at(view.chosen, heap)) for heap in heaps[:HEAPS]] if "heaps" in doubtful else [],
        **make(view),
    }


def rows_of(chosen: Selection) -> str:
    """The selected problems as a table."""
    return f"{url_for('tables.show', layer='problems')}?{chosen.query()}"


def taken(view: HeatView) -> list[tuple[str, str]]:
    """What can be taken away from a view: texts and addresses."""
    asked = {name: value for name, value in request.args.items() if name not in ("lang", "page")}
    query = f"?{urlencode(asked)}" if asked else ""
    links = [(gettext("Picture (PNG)"), url_for("heat_taking.picture") + query)] if view.name != "times" else []
    if view.name in ("spots", "change", "streets"):
        links += [("GeoJSON", url_for("heat_taking.cells", format="geojson") + query),
                  ("Excel", url_for("heat_taking.cells", format="xlsx") + query)]  # fmt: skip
    if view.name != "times":
        links.append((gettext("A3 sheet to print (PDF)"), url_for("heat_taking.sheet") + query))
    links += [(gettext("Meeting pack (PowerPoint)"), url_for("heat_pack.pack", format="pptx") + query),
              (gettext("Meeting pack (Word)"), url_for("heat_pack.pack", format="docx") + query)]  # fmt: skip
    return links


def _surface(view: HeatView) -> dict[str, Any]:
    found = services.heat(g.district, view.chosen, g.scope, view.heat)
    low, middle = found.classes
    weeks, top = services.weeks(g.district, view.chosen, g.scope, view.heat)
    return {
        "heat": found,
        "style": view.heat,
        "unit": labels.HEAT_UNITS[view.heat.weight],
        "bounds": [rounded(value) for value in (low, middle, found.top)],
        "weeks": [
            {"from": first.isoformat(), "to": last.isoformat(), "text": f"{format_date(first)} – {format_date(last)}"}
            for first, last in weeks
        ],
        "weeks_top": f"{top:.6g}",
        "week_bound": rounded(top * services.DAYS_A_MONTH / 7),
    }


def _categories(view: HeatView) -> dict[str, Any]:
    """Nine small maps on one scale, that of the category with the thickest surface."""
    named = filters.choices(("category",))["category"]
    maps, tops = [], [0.0]
    style = replace(picture_style(replace(view, core=True)), top=None)
    for code, text in named.items():
        chosen = replace(view.chosen, category=(code,))
        found = services.heat(g.district, chosen, g.scope, style)
        if code == "00" and not found.shown:
            continue
        tops.append(services.scale_top(g.district, chosen, g.scope, style))
        maps.append((text, found.shown, chosen))
    top = max(tops)
    months = services.heat(g.district, view.chosen, g.scope, style).months
    return {
        "small": [(text, count, _small(chosen, view, top), rows_of(chosen)) for text, count, chosen in maps],
        "style": style,
        "unit": labels.HEAT_UNITS[style.weight],
        "bounds": [rounded(top * part / months) for part in (1 / 3, 2 / 3, 1)],
        "heat": services.heat(g.district, view.chosen, g.scope, style),
    }


def _small(chosen: Selection, view: HeatView, top: float) -> str:
    style = {"weight": view.heat.weight, "bandwidth": view.heat.bandwidth_m, "bare": "yes", "extent": "core"}
    end = {"top": f"{top:.6g}"} if top > 0 else {}
    return f"{url_for('heat_taking.picture')}?{urlencode({**chosen.parameters(), **style, **end})}"


def _times(view: HeatView) -> dict[str, Any]:
    found = services.hours(g.district, view.chosen, g.scope)
    most = max(int(found.counts.max()), 1)
    return {
        "hours": [
            (labels.WEEKDAYS[day], [(number, -(-number * 5 // most)) for number in row])
            for day, row in enumerate(found.counts.tolist())
        ],
        "on_visits": int(found.counts.sum()),
        "others": found.others,
    }


def _left_out(chosen: Selection, kind: str) -> str:
    """The same page without the doubtful reports of a kind."""
    others = {name: ",".join(filter(None, values)) for name, values in request.args.lists() if name != "lang"}
    return f"{url_for('heat.show')}?{urlencode(others | {'without': ','.join((*chosen.without, f'@{kind}'))})}"


def _at(chosen: Selection, heap: Any) -> str:
    """The reports on a heap as a table."""
    return rows_of(replace(chosen, bbox=(heap.lon - NEAR, heap.lat - NEAR, heap.lon + NEAR, heap.lat + NEAR)))
