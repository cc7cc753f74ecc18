"""Heat maps and maps of cells as pictures, with what makes them readable away from the screen."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from geoapp.documents.map_frame import WIDTH_PX, Extent, Frame
from geoapp.documents.map_picture import Line, MapPicture, Raster, map_picture
from geoapp.documents.sheet import Column, Sheet
from geoapp.documents.spreadsheet import write_xlsx
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cell_views import CellView
from geoapp.services.district import District
from geoapp.services.heating import BANDWIDTHS_M, HeatStyle, scale_top, surface
from geoapp.services.taking import MapStyle, framed, typeface
from geoapp.tiles.heat_picture import coloured, palette

# On a picture of a whole district a spot narrower than this part of it would not be seen.
SEEN = 60
DEGREE_M = 111_195.0


def seen_style(extent: Extent, style: HeatStyle) -> HeatStyle:
    """The style, smoothed as widely as can be seen on a picture of this extent (degrees)."""
    west, south, east, north = extent
    wide_m = max(north - south, (east - west) * np.cos(np.radians((south + north) / 2))) * DEGREE_M
    wide = [metres for metres in BANDWIDTHS_M if metres >= min(wide_m / SEEN, BANDWIDTHS_M[-1])]
    return replace(style, bandwidth_m=max(style.bandwidth_m, wide[0]))


def draw_heat(
    district: District, selection: Selection, scope: Scope, style: HeatStyle, picture: MapPicture, *,
    look: MapStyle, fonts: Path,
) -> bytes:  # fmt: skip
    """The surface of a selection on a map of its townships; fitted to them, or to the selection's bbox."""
    drawn = framed(district, selection, picture, look)
    top = scale_top(district, selection, scope, style)
    drawn = replace(drawn, raster=_raster(district, selection, scope, style, drawn.extent, top))
    return map_picture(drawn, typeface(district, fonts))


def draw_patches(
    district: District, selection: Selection, picture: MapPicture, patches: Sequence[tuple[Any, str]], *,
    look: MapStyle, fonts: Path,
) -> bytes:  # fmt: skip
    """Shapes in their colours (lines as lines) on a map of the townships."""
    drawn = framed(district, selection, picture, look)
    lines = [Line(shape, colour, 6) for shape, colour in patches if shape.geom_type.endswith("LineString")]
    areas = [(shape, colour) for shape, colour in patches if not shape.geom_type.endswith("LineString")]
    drawn = replace(drawn, patches=areas, lines=[*drawn.lines, *lines])
    return map_picture(drawn, typeface(district, fonts))


def ramp_colours() -> list[str]:
    """The palette of surfaces as it looks on white paper, from nothing to the most."""
    return [
        "#" + "".join(f"{round((part * opacity + 255 * (255 - opacity)) / 255):02x}" for part in rgb)
        for *rgb, opacity in palette()
    ]


def cells_xlsx(view: CellView, *, title: str, notes: Sequence[str], notes_title: str) -> IO[bytes]:
    """All cells of a view as a workbook, in a file that vanishes when it is closed."""
    names = ["class", "uncertain", *view.columns]
    kinds = dict.fromkeys(("class", "uncertain", "class_fine", "street"), "text")
    columns = [Column("id", "id", "id"), *(Column(name, name, kinds.get(name, "number")) for name in names)]
    rows = ([id, *view.row(cell).values()] for cell, id in enumerate(view.ids))
    written = ([str(value) if isinstance(value, bool) else value for value in row] for row in rows)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - who sends it closes it
    write_xlsx(Sheet(title, columns, written, notes=list(notes), notes_title=notes_title), file)
    file.seek(0)
    return file


def _raster(
    district: District, selection: Selection, scope: Scope, style: HeatStyle, extent: Extent, top: float
) -> Raster:
    """The surface where a picture shows it, in cells about as large as its pixels."""
    frame = Frame.of(extent)
    found = surface(district, selection, scope, style)
    zoom = min(found.finest, max(int(np.ceil(np.log2(frame.scale))), 0))
    count = 2.0**zoom
    left, top_row = int(frame.left * count), int(frame.top * count)
    columns = int((frame.left + WIDTH_PX / frame.scale) * count) - left + 1
    rows = int((frame.top + frame.height / frame.scale) * count) - top_row + 1
    density = found.grid(zoom, left, top_row, columns, rows)
    edges = (left / count, top_row / count, (left + columns) / count, (top_row + rows) / count)
    return Raster(_rgba(density, top), edges)


def _rgba(density: NDArray[np.float32], top: float) -> NDArray[np.uint8]:
    colours = np.array(palette(), np.uint8)
    pixels: NDArray[np.uint8] = colours[coloured(density, top)]
    return pixels
