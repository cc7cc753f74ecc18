"""One page a township, made to be printed on one sheet."""

from dataclasses import replace

from flask import Blueprint, g, render_template, url_for

from geoapp import services
from geoapp.domain.selection import Selection
from geoapp.web import labels
from geoapp.web.fields import title
from geoapp.web.language import current
from geoapp.web.mapping import district_parts
from geoapp.web.requests import selection

blueprint = Blueprint("townships", __name__)

# So many sites and villages fit on the sheet; the rest is one click away.
SITES_SHOWN, VILLAGES_SHOWN, FACILITIES_SHOWN = 12, 60, 10
LAYERS_SHOWN = ("problems", "sites", "facilities", "streets", "roads")


@blueprint.get("/townships/<code>")
def show(code: str) -> str:
    """A township's sheet."""
    selection()
    sheet = services.township_sheet(g.district, code, g.scope)
    language = current()
    kinds = services.wording(g.district, "facility_kinds", language)
    here = Selection(township=(code,))
    return render_template(
        "townships/show.html",
        sheet=sheet,
        code=code,
        title=title(sheet.record),
        numbers=[(labels.NUMBERS[name], number, _table("problems", chosen)) for name, number, chosen in sheet.numbers],
        categories=_categories(sheet, here),
        most=max((line.all for line in sheet.categories), default=1),
        kinds=kinds,
        lacks=[kinds.get(kind, kind) for kind in sheet.lacks],
        name_of=title,
        sites_shown=SITES_SHOWN,
        villages_shown=VILLAGES_SHOWN,
        facilities_shown=FACILITIES_SHOWN,
        picture=url_for("downloads.map_picture", layer="problems", township=code, bare="yes"),
        all_of={layer: _table(layer, here) for layer in ("problems", "sites", "facilities", "villages")},
        parts=district_parts(LAYERS_SHOWN, bbox=sheet.bbox) if sheet.bbox else None,
        chosen=here.parameters(),
    )


def _categories(sheet: services.TownshipSheet, here: Selection) -> list[tuple[str, services.CategoryLine, str]]:
    names = services.wording(g.district, "categories", current()) | {"00": str(labels.UNCLASSIFIED)}
    return [
        (names.get(code, code), line, _table("problems", replace(here, category=(code,))))
        for line in sheet.categories
        if (code := line.category or "00")
    ]


def _table(layer: str, chosen: Selection) -> str:
    return f"{url_for('tables.show', layer=layer)}?{chosen.query()}"
