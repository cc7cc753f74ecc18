"""What a planner takes away from the heat page: pictures, cells, a sheet to print, the meeting pack."""

from dataclasses import replace

from flask import Blueprint, Response, g, request
from flask_babel import format_date, gettext

from geoapp import services
from geoapp.maps.layers import CELL_COLOURS
from geoapp.web import labels
from geoapp.web.downloads import XLSX, fonts, named, notes, streamed
from geoapp.web.fields import title as name_of
from geoapp.web.heat_cell_accounts import legend
from geoapp.web.heat_sentences import heading, picture_extent, picture_style, sentence
from geoapp.web.heat_styles import HeatView, heat_view
from geoapp.web.labels import rounded
from geoapp.web.language import current, place_name
from geoapp.web.requests import VIEW as VIEW_PARAMETERS
from geoapp.web.requests import not_modified, selection, tagged, unchanged

blueprint = Blueprint("heat_taking", __name__)

LAYERS = ("problems", "townships", "tables", "streets", "roads", "sites", "visits", "villages", "facilities")
CELL_VIEWS = ("spots", "change", "streets")


@blueprint.get("/heat/map.png")
def picture() -> Response:
    """The map of a view as a picture; `bare=yes` leaves title and legend to the page around it."""
    view = heat_view(selection(*VIEW_PARAMETERS))
    bare = request.args.get("bare") == "yes"
    tag, known = unchanged(LAYERS, view.chosen, request.query_string.decode(), current())
    if known:
        return not_modified(tag)
    drawn = Response(map_of(view, bare=bare), mimetype="image/png")
    return tagged(drawn, tag) if bare else saved(drawn, f"{labels.HEAT_VIEWS[view.name]}.png", "heat-map.png")


@blueprint.get("/heat/cells.<any(geojson,xlsx):format>")
def cells(format: str) -> Response:
    """The cells or streets of a view with everything that is known of them."""
    view = heat_view(selection(*VIEW_PARAMETERS))
    shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown or "spots")
    name = f"{labels.HEAT_VIEWS[view.name]}.{format}"
    if format == "geojson":
        head = {"name": f"{shown.shown}", "description": sentence(view), "attribution": "; ".join(notes())}
        found = Response(shown.geojson(everything=True, head=head), mimetype="application/geo+json")
        return saved(found, name, "heat-cells.geojson")
    file = services.cells_xlsx(shown, title=heading(view), notes=[sentence(view), *notes()],
                               notes_title=gettext("About"))  # fmt: skip
    return saved(Response(streamed(file), mimetype=XLSX), name, "heat-cells.xlsx")


@blueprint.get("/heat/a3.pdf")
def sheet() -> Response:
    """The map of a view as one landscape A3 sheet to print, with the names of the townships."""
    view = heat_view(selection(*VIEW_PARAMETERS))
    drawn = Response(map_of(view, printed=True), mimetype="application/pdf")
    return saved(drawn, f"{labels.HEAT_VIEWS[view.name]}-A3.pdf", "heat-a3.pdf")


def map_of(view: HeatView, *, bare: bool = False, title: bool = True, printed: bool = False) -> bytes:
    """The map of a view as a PNG; bare: a small map without names and legend; title: with what it shows in words."""
    told = title and not bare
    drawn = services.MapPicture(
        title=heading(view) if told else "", subtitle=sentence(view) if told else "", extent=picture_extent(view),
        areas=(), lines=(), points=services.Points.none(), notes=notes() if told else (), printed=printed,
    )  # fmt: skip
    look = services.MapStyle(None, {}, "#5d6d7e", (lambda _: "") if bare else name_of, lambda _: None, lambda _: "")
    if view.name in CELL_VIEWS:
        shown = services.cell_view(g.district, view.chosen, g.scope, view.cells, view.shown)
        drawn = drawn if bare else replace(drawn, legend=[(CELL_COLOURS[name], text) for name, text in legend(shown)])
        coloured = [
            (shape, CELL_COLOURS[name]) for shape, name in zip(shown.shapes, shown.classes, strict=True) if name
        ]
        return services.draw_patches(g.district, view.chosen, drawn, coloured, look=look, fonts=fonts())
    style = picture_style(view)
    drawn = drawn if bare else replace(drawn, ramp=ramp(view, style))
    return services.draw_heat(g.district, view.chosen, g.scope, style, drawn, look=look, fonts=fonts())


def ramp(view: HeatView, style: services.HeatStyle) -> services.Ramp:
    """The scale of a surface in numbers and words."""
    found = services.heat(g.district, view.chosen, g.scope, style)
    low, middle = found.classes
    texts = [gettext("low: to %(bound)s", bound=rounded(low)), gettext("middle: to %(bound)s", bound=rounded(middle)),
             gettext("high: to %(bound)s and more", bound=rounded(found.top))]  # fmt: skip
    return services.Ramp(str(labels.HEAT_UNITS[style.weight]), services.ramp_colours(), texts)


def saved(response: Response, name: str, plain: str) -> Response:
    """As a file to save, named by district, content and day."""
    return named(response, file_name(name), plain)


def file_name(name: str) -> str:
    """A file's name with the district before and the day after it."""
    day = format_date(g.district.clock(), "yyyyMMdd")
    stem, _, ending = name.rpartition(".")
    return f"{place_name()}-{stem}-{day}.{ending}"
