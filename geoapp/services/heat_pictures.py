"""Heat maps and maps of cells as pictures, with what makes them readable away from the screen."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from geoapp.documents.map_frame import A3, SCREEN, Extent, Frame, mercator
from geoapp.documents.map_picture import Line, MapPicture, Raster, map_picture
from geoapp.documents.sheet import Column, Sheet
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cell_views import CellView
from geoapp.services.cells import precise
from geoapp.services.district import District
from geoapp.services.heating import BANDWIDTHS_M, LAYER, HeatStyle, scale_top, surface
from geoapp.services.selected import selected
from geoapp.services.sheets import book_xlsx
from geoapp.services.taking import MapStyle, extent_of, framed, typeface
from geoapp.tiles.heat_picture import coloured, palette

# On a picture of a whole district a spot narrower than this part of it would not be seen.
SEEN = 60
Window = tuple[float, float, float, float]
DEGREE_M = 111_195.0
# Where nine of ten problems lie from west to east and from south to north, if that is less than half of the map.
CORE, FEW, AIR, NARROWEST_DEG, WORTH_IT = 0.9, 20, 0.12, 0.004, 0.5


def core_extent(district: District, selection: Selection, scope: Scope) -> Extent:
    """The part of the district (degrees) in which most of the selected problems lie, with some air around it.

    The whole extent where that is not much larger, or where there are few problems.
    """
    whole = selection.bbox or extent_of(district, selection)
    snapshot = district.present.snapshot(LAYER)
    lon, lat = snapshot.positions(precise(snapshot, selected(district, LAYER, selection, scope)))
    if len(lon) < FEW:
        return whole
    sides = [np.quantile(axis, [(1 - CORE) / 2, (1 + CORE) / 2]) for axis in (lon, lat)]
    sides = [side + np.array([-1, 1]) * max((side[1] - side[0]) * AIR, NARROWEST_DEG) for side in sides]
    (west, east), (south, north) = sides
    part = (east - west) * (north - south) / max((whole[2] - whole[0]) * (whole[3] - whole[1]), 1e-12)
    return (float(west), float(south), float(east), float(north)) if part < WORTH_IT else whole


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
    drawn = replace(drawn, raster=_raster(district, selection, scope, style, drawn, top))
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
    return book_xlsx([Sheet(title, columns, written, notes=list(notes), notes_title=notes_title)])


def surface_raster(
    district: District, selection: Selection, scope: Scope, style: HeatStyle, extent: Extent, top: float, wide: int
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """The surface of an extent (degrees) as colours (rows, columns, 4), about so many pixels wide; and its edges."""
    (west, east), (north, south) = mercator(np.array(extent[::2]), np.array([extent[3], extent[1]]))
    return _coloured(district, selection, scope, style, (west, north, east, south), top, wide / (east - west))


def _raster(
    district: District, selection: Selection, scope: Scope, style: HeatStyle, picture: MapPicture, top: float
) -> Raster:
    """The surface where a picture shows it, in cells about as large as its pixels."""
    frame = Frame.of(picture.extent, A3 if picture.printed else SCREEN)
    right, bottom = frame.left + frame.width / frame.scale, frame.top + frame.height / frame.scale
    window = frame.left, frame.top, right, bottom
    return Raster(*_coloured(district, selection, scope, style, window, top, frame.scale))


def _coloured(
    district: District, selection: Selection, scope: Scope, style: HeatStyle, window: Window, top: float, scale: float
) -> tuple[NDArray[np.uint8], Window]:
    """A window of the world (west, north, east, south, as parts of it) at so many pixels a world, and its edges."""
    found = surface(district, selection, scope, style)
    zoom = min(found.finest, max(int(np.ceil(np.log2(scale))), 0))
    count = 2.0**zoom
    left, top_row, right, bottom = (int(edge * count) for edge in window)
    density = found.grid(zoom, left, top_row, right - left + 1, bottom - top_row + 1)
    colours = np.array(palette(), np.uint8)
    edges = (left / count, top_row / count, (right + 1) / count, (bottom + 1) / count)
    return colours[coloured(density, top)], edges
