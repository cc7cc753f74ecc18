"""Taking a selection away: as a sheet, as features, as lines of text, as a picture."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson

from geoapp.documents.lines import as_text
from geoapp.documents.list_picture import ListPicture, list_picture
from geoapp.documents.map_frame import Extent
from geoapp.documents.map_picture import Area, Line, MapPicture, Points, map_picture
from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.documents.spreadsheet import MOST_ROWS, csv_bytes
from geoapp.documents.typeface import Typeface
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.browse import flat, newest_first
from geoapp.services.district import District
from geoapp.services.ordering import AS_THEY_CAME, Sort, ordered
from geoapp.services.selected import selected
from geoapp.services.sheets import book_xlsx
from geoapp.storage.snapshot import LayerSnapshot, Rows

CHUNK = 1_000
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken: the selected features of a layer, in an order, as far as a scope may see them."""

    layer: str
    selection: Selection
    scope: Scope
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a record becomes a row: headings, a function from records to cells, and the notes beside the sheet."""

    title: str
    columns: Sequence[tuple[str, str, str]]
    cells: Callable[[Record], Sequence[Cell]]
    notes: Sequence[str]
    notes_title: str


def take_csv(district: District, wanted: Wanted, layout: Layout) -> Iterator[bytes]:
    """The selection as CSV, row by row as it is asked for."""
    return csv_bytes(_sheet(district, wanted, layout))


def take_xlsx(district: District, wanted: Wanted, layout: Layout) -> IO[bytes]:
    """The selection as a workbook, in a file that vanishes when it is closed; raises BadInput for too many rows."""
    number = len(selected_rows(district, wanted))
    if number > MOST_ROWS:
        raise BadInput(
            "Excel holds {most} rows, and there are {number}: choose fewer, or take CSV.",
            most=MOST_ROWS,
            number=number,
        )
    return book_xlsx([_sheet(district, wanted, layout)])


def take_geojson(district: District, wanted: Wanted, head: dict[str, Any]) -> Iterator[bytes]:
    """The selection as one GeoJSON FeatureCollection, with these members before its features."""
    snapshot = district.present.snapshot(wanted.layer)
    rows = selected_rows(district, replace(wanted, sort=wanted.sort or AS_THEY_CAME))
    yield orjson.dumps({"type": "FeatureCollection", **head, "numberMatched": len(rows)})[:-1] + b',"features":['
    for start in range(0, len(rows), CHUNK):
        chunk = b",\n".join(snapshot.encoded(rows[start : start + CHUNK], wanted.scope))
        yield (b",\n" if start else b"\n") + chunk
    yield b"\n]}\n"


def take_lines(
    district: District, wanted: Wanted, heading: str, line: Callable[[Record], Sequence[str | None]], limit: int
) -> str:
    """The first ones of a selection as text, one a line."""
    rows = selected_rows(district, wanted)[:limit]
    return as_text(heading, (line(record) for record in flat(district, wanted.layer, rows, wanted.scope)))


def draw_list(district: District, wanted: Wanted, picture: ListPicture, cells: Callable[[Record], Sequence[str]],
              fonts: Path, place: slice) -> bytes:  # fmt: skip
    """A part of the selection as a picture of a table."""
    rows = selected_rows(district, wanted)
    records = flat(district, wanted.layer, rows[place], wanted.scope)
    drawn = replace(picture, rows=[cells(record) for record in records], matched=len(rows) - (place.start or 0))
    return list_picture(drawn, typeface(district, fonts))


def draw_rows(district: District, picture: ListPicture, fonts: Path) -> bytes:
    """Rows that are there already as a picture of a table."""
    return list_picture(picture, typeface(district, fonts))


def draw_map(district: District, wanted: Wanted, picture: MapPicture, style: "MapStyle", fonts: Path) -> bytes:
    """The selection on a map of its townships; fitted to them, or to the selection's bbox."""
    snapshot, rows = district.present.snapshot(wanted.layer), selected(
        district, wanted.layer, wanted.selection, wanted.scope
    )  # fmt: skip
    drawn = replace(framed(district, wanted.selection, picture, style), points=_points(snapshot, rows, style))
    return map_picture(drawn, typeface(district, fonts))


def framed(district: District, selection: Selection, picture: MapPicture, style: "MapStyle") -> MapPicture:
    """The picture with townships and roads; without an extent of its own, fitted to what was chosen."""
    return replace(
        picture,
        extent=picture.extent if any(picture.extent) else selection.bbox or extent_of(district, selection),
        areas=areas_of(district, style),
        lines=[Line(shape, "#9c8f78") for shape in _shapes(district, "roads")],
    )


@dataclass(frozen=True, slots=True)
class MapStyle:
    """How a map is drawn. field: the coded column that gives points their colour; palette: colours by its texts, the
    last one for all others. name, shade, value: of a township's properties its label, fill and second line.
    """

    field: str | None
    palette: dict[str, str]
    other: str
    name: Callable[[Record], str]
    shade: Callable[[Record], str | None]
    value: Callable[[Record], str]


def _sheet(district: District, wanted: Wanted, layout: Layout) -> Sheet:
    return Sheet(
        title=layout.title,
        columns=[Column(*column) for column in layout.columns],
        rows=map(layout.cells, _records(district, wanted)),
        notes=layout.notes,
        notes_title=layout.notes_title,
    )


def _records(district: District, wanted: Wanted) -> Iterator[Record]:
    rows = selected_rows(district, wanted)
    for start in range(0, len(rows), CHUNK):
        yield from flat(district, wanted.layer, rows[start : start + CHUNK], wanted.scope)


def selected_rows(district: District, wanted: Wanted) -> Rows:
    """The rows that are taken, in their order."""
    sort = wanted.sort or newest_first(wanted.layer)
    return ordered(district, wanted.layer, wanted.selection, wanted.scope, sort)


def typeface(district: District, fonts: Path) -> Typeface:
    """The typeface of all pictures, opened once."""
    # Opened files of some hundred kilobytes; the program's own, so that no sequence number is in the key.
    return district.derived.get(("typeface", str(fonts)), lambda: Typeface.load(fonts), lambda _: 4_000_000)


def extent_of(district: District, selection: Selection) -> Extent:
    """The selected townships, or all of them."""
    snapshot = district.present.snapshot("townships")
    rows = selected(district, "townships", Selection(township=selection.township), Scope.PUBLIC)
    bounds = snapshot.bounds(rows)
    if not len(bounds) or np.isnan(bounds).all():
        return district.describe().bbox
    west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
    east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
    return west, south, east, north


def areas_of(district: District, style: MapStyle) -> list[Area]:
    """The townships as they are drawn, without those that lie over others."""
    snapshot = district.present.snapshot("townships")
    rows = snapshot.alive()
    records = flat(district, "townships", rows, Scope.PUBLIC)
    return [
        Area(shape, style.name(record), style.value(record), style.shade(record), dashed=bool(record.get("schematic")))
        for record, shape in zip(records, snapshot.geometries(rows), strict=True)
        if shape is not None and not record.get("overlay")
    ]


def _shapes(district: District, layer: str) -> Iterable[Any]:
    snapshot = district.present.snapshot(layer)
    return [shape for shape in snapshot.geometries(snapshot.alive()) if shape is not None]


def _points(snapshot: LayerSnapshot, rows: Rows, style: MapStyle) -> Points:
    lon, lat = snapshot.positions(rows)
    palette = [*style.palette.values(), style.other]
    colour = np.full(len(rows), len(palette) - 1)
    if style.field is not None:
        place = {text: number for number, text in enumerate(style.palette)}
        known = [place.get(str(text), len(palette) - 1) for text in snapshot.vocabularies[style.field].texts]
        colour = np.array([*known, len(palette) - 1])[snapshot.coded(style.field, rows)]
    return Points(lon, lat, colour, palette)
