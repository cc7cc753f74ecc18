"""Selections to take away: sheets, features, texts and pictures, each of exactly what its page shows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, request, stream_with_context
from flask_babel import format_date, format_datetime, format_decimal, gettext
from werkzeug.utils import secure_filename

from geoapp import services
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Selection
from geoapp.maps.layers import CATEGORY_COLOURS, POINT_STYLES
from geoapp.web import filters, labels
from geoapp.web.fields import Field, exported, fields_of, shown, title
from geoapp.web.language import current, place_name
from geoapp.web.requests import page_selection, selection
from geoapp.web.tables import View, view_of

blueprint = Blueprint("downloads", __name__)

_ANY = f"any({','.join(LAYERS)})"
LINES_COPIED = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {"id": "id", "number": "number", "metres": "number", "day": "day", "moment": "moment"}


@blueprint.get(f'/<{_ANY}:layer>.<any(csv,xlsx,geojson,txt,gpkg,"shp.zip",kml):format>')
def show(layer: str, format: str) -> Response:
    """A selection as a file."""
    chosen = page_selection()
    services.require_layer(layer, chosen)
    view = view_of(layer)
    wanted = services.Wanted(layer, chosen, g.scope, view.sort)
    return _WRITERS[format](wanted, view)


@blueprint.get(f"/<{_ANY}:layer>-list.png")
def list_picture(layer: str) -> Response:
    """The rows of a page as a picture."""
    chosen = page_selection()
    services.require_layer(layer, chosen)
    view = view_of(layer)
    first = (view.page - 1) * view.rows
    drawn = services.draw_list(
        g.district,
        services.Wanted(layer, chosen, g.scope, view.sort),
        services.ListPicture(
            title=title_of(layer),
            subtitle=_subtitle(layer, chosen),
            headings=[str(field.label) for field in view.columns],
            rows=(),
            matched=0,
            more=gettext("and %(count)s more", count="{count}"),
            notes=notes(),
        ),
        lambda record: [shown(layer, field, record) for field in view.columns],
        fonts(),
        slice(first, first + view.rows),
    )
    return sent(Response(drawn, mimetype="image/png"), f"{layer}-list.png", layer)


@blueprint.get(f"/<{_ANY}:layer>-map.png")
def map_picture(layer: str) -> Response:
    """A selection on a map, as a picture; `bare=yes` leaves title and legend to the page around it."""
    chosen = selection("measure", "sort", "rows", "page", "columns", "layers", "bare")
    services.require_layer(layer, chosen)
    bare = request.args.get("bare") == "yes"
    legend = _legend(layer)
    picture = services.MapPicture(
        title="" if bare else title_of(layer),
        subtitle=_subtitle(layer, chosen),
        extent=(0, 0, 0, 0),
        areas=(),
        lines=(),
        points=services.Points.none(),
        legend=list(legend.values()),
        notes=() if bare else notes(),
    )
    style = services.MapStyle(
        field="category" if layer == "problems" else None,
        palette={code: colour for code, (colour, _text) in legend.items()} if layer == "problems" else {},
        other=str(POINT_STYLES.get(layer, {}).get("colour", "#5d6d7e")),
        name=title,
        shade=lambda _: None,
        value=lambda _: "",
    )
    drawn = services.draw_map(g.district, services.Wanted(layer, chosen, g.scope), picture, style, fonts())
    return sent(Response(drawn, mimetype="image/png"), f"{layer}-map.png", layer)


def _csv(wanted: services.Wanted, view: View) -> Response:
    body = services.take_csv(g.district, wanted, _layout(wanted.layer, wanted.selection, view))
    return _file(body, "text/csv; charset=utf-8", "csv", wanted.layer)


def _xlsx(wanted: services.Wanted, view: View) -> Response:
    file = services.take_xlsx(g.district, wanted, _layout(wanted.layer, wanted.selection, view))
    return _file(streamed(file), XLSX, "xlsx", wanted.layer)


def streamed(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes; it is closed after the last of them."""
    with file:
        yield from iter(lambda: file.read(65_536), b"")


def _geojson(wanted: services.Wanted, _view: View) -> Response:
    facts = g.district.describe()
    about = {"name": wanted.layer, "attribution": "; ".join(source["en"] for source in facts.attribution)}
    return _file(services.take_geojson(g.district, wanted, about), "application/geo+json", "geojson", wanted.layer)


def _layer(format: str, mimetype: str) -> Callable[[services.Wanted, View], Response]:
    def write(wanted: services.Wanted, _view: View) -> Response:
        return _file(streamed(services.take_layer(g.district, wanted, format)), mimetype, format, wanted.layer)

    return write


def _txt(wanted: services.Wanted, _view: View) -> Response:
    found = services.count(g.district, wanted.layer, wanted.selection, wanted.scope).count
    heading = f"{title_of(wanted.layer)} · {_subtitle(wanted.layer, wanted.selection)}"
    text = services.take_lines(g.district, wanted, heading, _line(wanted.layer), LINES_COPIED)
    if found > LINES_COPIED:
        text += gettext("and %(count)s more", count=format_decimal(found - LINES_COPIED)) + "\n"
    return Response(text, mimetype="text/plain")


_WRITERS: dict[str, Callable[[services.Wanted, View], Response]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "geojson": _geojson,
    "txt": _txt,
    "gpkg": _layer("gpkg", "application/geopackage+sqlite3"),
    "shp.zip": _layer("shp.zip", "application/zip"),
    "kml": _layer("kml", "application/vnd.google-earth.kml+xml"),
}

# What a line of text says of a feature, in this order.
_LINES = {
    "problems": ("lead_unit", "number", "subcategory", "category", "township", "street", "site_id", "status",
                 "deadline"),
    "sites": ("name", "kind", "township", "address"),
    "facilities": ("name", "kind", "township", "address"),
    "visits": ("name", "visited_at", "outcome", "findings", "township"),
    "villages": ("name", "kind", "code", "township"),
    "population": ("name", "people", "township"),
    "townships": ("name", "kind", "code", "population"),
    "streets": ("name", "kind"),
    "roads": ("name", "kind"),
}  # fmt: skip


def _line(layer: str) -> Callable[[dict[str, Any]], list[str | None]]:
    known = fields_of(layer, g.scope)

    def said(record: dict[str, Any]) -> list[str | None]:
        # The subcategory says it all where it is known.
        names = [name for name in _LINES[layer] if name != "category" or not record.get("subcategory")]
        parts = [None if record.get(name) is None else shown(layer, known[name], record) for name in names]
        return [_by(part) if name == "deadline" and part else part for name, part in zip(names, parts, strict=True)]

    return said


def _by(deadline: str) -> str:
    return str(gettext("by %(moment)s", moment=deadline))


def _layout(layer: str, chosen: Selection, view: View) -> services.Layout:
    """The columns of the view, or those of the office whose template the link names."""
    name = request.args.get("template")
    columns, cells = _as_viewed(view) if not name else _as_template(services.template(g.district, name, layer))
    return services.Layout(
        title=str(labels.LAYERS[layer]),
        columns=columns,
        cells=cells,
        notes=[title_of(layer), _subtitle(layer, chosen), *notes(), gettext("Positions: WGS 84, degrees.")],
        notes_title=gettext("About"),
    )


Columns = list[tuple[str, str, str]]
Cells = Callable[[dict[str, Any]], list[Any]]


def _as_viewed(view: View) -> tuple[Columns, Cells]:
    columns = (Field("id", gettext("Id"), "id"), *view.columns)
    place = (("lon", gettext("Longitude"), "number"), ("lat", gettext("Latitude"), "number"))
    return (
        [*((field.name, str(field.label), _KINDS.get(field.kind, "text")) for field in columns), *place],
        lambda record: [
            *(exported(field, record.get(field.name)) for field in columns),
            record["lon"],
            record["lat"],
        ],
    )


def _as_template(template: services.Template) -> tuple[Columns, Cells]:
    """An office's own columns in their order; those that mean nothing here stay empty."""
    known = fields_of(template.layer, g.scope)
    kinds = [_KINDS.get(known[name].kind, "text") if name in known else "text" for name in template.fields]
    columns = [
        (f"column {place}", heading, kind)
        for place, (heading, kind) in enumerate(zip(template.headings, kinds, strict=True), start=1)
    ]
    return columns, lambda record: [_office_cell(name, known, record) for name in template.fields]


def _office_cell(name: str, known: dict[str, Field], record: dict[str, Any]) -> Any:
    if name == "lon,lat":
        return None if record["lon"] is None else f"{record['lon']},{record['lat']}"
    if name == "township_stated":
        return exported(known["township"], record.get("township_stated") or record.get("township"))
    if name in known:
        return exported(known[name], record.get(name))
    return record.get(name) if name in ("lon", "lat", "id", "name", "name_en", "village", "address", "code") else None


def _file(body: Iterator[bytes], mimetype: str, ending: str, layer: str) -> Response:
    response = Response(stream_with_context(body), mimetype=mimetype)
    return sent(response, f"{layer}.{ending}", layer)


def sent(response: Response, plain: str, layer: str) -> Response:
    """As a file to save, named in the reader's language for programs that know RFC 5987, and plainly for others."""
    day, ending = format_date(g.district.clock(), "yyyyMMdd"), plain.split(".", 1)[1]
    return named(response, f"{place_name()}-{labels.LAYERS[layer]}-{day}.{ending}", plain)


def named(response: Response, name: str, plain: str) -> Response:
    """As a file to save under a name in any letters; programs that do not know RFC 5987 get the plain one."""
    kept = name.replace("/", "-").replace("\\", "-")
    response.headers["Content-Disposition"] = (
        f"attachment; filename={secure_filename(plain)}; filename*=UTF-8''{quote(kept, safe='')}"
    )
    return response


def title_of(layer: str) -> str:
    """The district and what is taken from it."""
    return f"{place_name()} · {labels.LAYERS[layer]}"


def _subtitle(layer: str, chosen: Selection) -> str:
    number = services.count(g.district, layer, chosen, g.scope).count
    moment = format_datetime(g.district.clock(), "short")
    values = {"what": filters.in_words(chosen.parameters(), layer), "count": format_decimal(number), "moment": moment}
    return str(gettext("%(what)s · %(count)s in all · as of %(moment)s", **values))


def notes() -> list[str]:
    """Sources and licences, and what is synthetic or schematic."""
    key = "zh" if current() == "zh" else "en"
    return [" · ".join(source[key] for source in g.district.describe().attribution)]


def _legend(layer: str) -> dict[str, tuple[str, str]]:
    if layer != "problems":
        return {layer: (str(POINT_STYLES.get(layer, {}).get("colour", "#5d6d7e")), str(labels.LAYERS[layer]))}
    offers = filters.choices(("category",))["category"]
    return {code: (CATEGORY_COLOURS.get(code, "#9e9e9e"), str(text)) for code, text in offers.items()}


def fonts() -> Path:
    """Where the shipped typeface lies."""
    return Path(str(current_app.static_folder)) / "vendor" / "fonts"
