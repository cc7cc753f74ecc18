"""Every layer as a table: chosen, sorted, paged, with the columns one wants; and the small map that follows it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request, url_for

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError, UnknownParameter
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Selection
from geoapp.web import filters, labels
from geoapp.web.errors import status_of, told
from geoapp.web.fields import Field, fields_of, shown
from geoapp.web.mapping import district_parts
from geoapp.web.requests import page_selection

blueprint = Blueprint("tables", __name__)

LAYER_FILES = ("geojson", "gpkg", "shp.zip", "kml")
ROWS_A_PAGE = (50, 200, 1_000)
DEFAULT_COLUMNS = {
    "problems": ("number", "category", "subcategory", "status", "township", "lead_unit", "found_at", "deadline"),
    "sites": ("name", "kind", "is_demonstration", "is_survey_point", "is_trouble_spot", "township"),
    "facilities": ("name", "kind", "level", "build_status", "township", "position_precision"),
    "villages": ("name", "kind", "code", "township", "position_precision"),
    "population": ("name", "people", "children", "elderly", "township"),
    "visits": ("name", "visited_at", "round_id", "outcome", "findings", "township"),
    "townships": ("name", "kind", "code", "population", "area_km2", "villages", "communities"),
    "streets": ("name", "kind"),
    "roads": ("name", "kind"),
}
_ANY = f"any({','.join(LAYERS)})"


@dataclass(frozen=True, slots=True)
class View:
    """How a table is looked at: its columns, order, page and length."""

    columns: tuple[Field, ...]
    sort: services.Sort | None
    page: int
    rows: int

    @property
    def sorted_by(self) -> str:
        """The order as a link says it: a field, with a minus where it is descending."""
        return "" if self.sort is None else f"{'-' if self.sort.descending else ''}{self.sort.field}"

    def next_sort(self, name: str) -> str:
        """What a click on this column's heading asks for."""
        return f"-{name}" if self.sorted_by == name else name


@blueprint.get(f"/<{_ANY}:layer>")
def show(layer: str) -> tuple[str, int]:
    """A layer's page; a link that asks for what is not there shows everything, and says so."""
    refusal, status = None, 200
    try:
        chosen = page_selection()
        chosen.require(layer)
        table = table_of(layer, chosen, view_of(layer))
    except GeoappError as error:
        refusal, status, chosen = told(error), status_of(error), Selection()
        table = table_of(layer, chosen, plain_view(layer))
    if request.args.get("part") == "table":
        return render_template("tables/_table.html", at=request.path, refusal=refusal, **table), status
    names = filters.offered(layer)
    page = render_template(
        "tables/index.html",
        parts=district_parts((layer,) if layer not in ("townships",) else ()),
        chosen=chosen.parameters(),
        choices=filters.choices(names, layer),
        chips=filters.chips(chosen.parameters(), names, layer),
        filter_names=filters.NAMES,
        all_columns=fields_of(layer, g.scope),
        dated="from" in LAYERS[layer].parameters,
        lengths=ROWS_A_PAGE,
        refusal=refusal,
        at=request.path,
        **table,
    )
    return page, status


def table_of(layer: str, chosen: Selection, view: View) -> dict[str, Any]:
    """What the template of a table needs."""
    offset = (view.page - 1) * view.rows
    found = services.records(g.district, layer, chosen, g.scope, limit=view.rows, offset=offset, sort=view.sort)
    count = services.count(g.district, layer, chosen, g.scope)
    return {
        "layer": layer,
        "layer_name": labels.LAYERS[layer],
        "view": view,
        "rows": [
            (row["id"], row["lon"], row["lat"], [shown(layer, field, row) for field in view.columns])
            for row in found.rows
        ],
        "matched": found.matched,
        "without_place": count.without_place,
        "pages": max(1, -(-found.matched // view.rows)),
        "take": _addresses(layer, chosen, view),
    }


def _addresses(layer: str, chosen: Selection, view: View) -> dict[str, str]:
    """Where the same selection can be taken away: by the part of it that means something in this layer."""
    what = chosen.for_layer(layer).parameters()
    order = what | ({"sort": view.sorted_by} if view.sort else {})
    columns = order | {"columns": ",".join(field.name for field in view.columns)}
    page = columns | {"page": str(view.page), "rows": str(view.rows)}
    files = {name: _address("downloads.show", columns, layer=layer, format=name) for name in ("csv", "xlsx")}
    layers = {name: _address("downloads.show", what, layer=layer, format=name) for name in LAYER_FILES}
    return (
        files
        | layers
        | {
            "txt": _address("downloads.show", order, layer=layer, format="txt"),
            "list": _address("downloads.list_picture", page, layer=layer),
            "map": _address("downloads.map_picture", what, layer=layer),
        }
    )


def _address(endpoint: str, query: dict[str, str], **values: str) -> str:
    path = url_for(endpoint, **values)  # type: ignore[arg-type]
    return f"{path}?{urlencode(query)}" if query else path


def view_of(layer: str) -> View:
    """How this request wants to look at a layer; raises UnknownParameter and BadInput."""
    known = fields_of(layer, g.scope)
    columns = [name for text in request.args.getlist("columns") for name in text.split(",") if name]
    sort = request.args.get("sort", "")
    for name in (*columns, *filter(None, [sort.removeprefix("-")])):
        if name not in known:
            raise UnknownParameter(
                "{layer} have no column {name!r}; there are {known}.", layer=layer, name=name, known=", ".join(known)
            )
    return View(
        columns=tuple(known[name] for name in dict.fromkeys(columns or DEFAULT_COLUMNS[layer])),
        sort=services.Sort(sort.removeprefix("-"), sort.startswith("-")) if sort else None,
        page=_number("page", 1),
        rows=min(_number("rows", ROWS_A_PAGE[0]), ROWS_A_PAGE[-1]),
    )


def plain_view(layer: str) -> View:
    """How a layer is looked at when nothing else was asked."""
    known = fields_of(layer, g.scope)
    return View(tuple(known[name] for name in DEFAULT_COLUMNS[layer]), None, 1, ROWS_A_PAGE[0])


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**7):
        raise BadInput("{name}={value!r} is not a number from 1.", name=name, value=text)
    return int(text)


@blueprint.app_template_global("with_parameters")
def _with_parameters(**changed: Any) -> str:
    """This page's query with some parameters changed; None takes one away."""
    given = {name: ",".join(filter(None, values)) for name, values in request.args.lists()} | changed
    return "?" + urlencode({name: value for name, value in given.items() if value not in (None, "")})
