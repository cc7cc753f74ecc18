"""A map as a picture, drawn here without a browser: areas, lines, points, labels, legend and sources."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from geoapp.documents.map_dashes import dashes
from geoapp.documents.map_frame import A3, SCREEN, Extent, Floats, Frame, parts
from geoapp.documents.map_labels import draw_label, placed
from geoapp.documents.map_marks import (
    LINE,
    MARGIN,
    SMALL,
    Ramp,
    draw_legend,
    draw_ramp,
    legend_rows,
    north_arrow,
    ramp_height,
    scale_bar,
)
from geoapp.documents.map_points import FEW, draw_discs, with_cloud
from geoapp.documents.map_routes import (
    Mark,
    Path,
    PlacedMark,
    draw_marks,
    draw_numbers,
    draw_paths,
    placed_marks,
)
from geoapp.documents.typeface import BOLD, Typeface

# Drawn larger and then reduced, which smooths every edge.
OVER = 2
# A landscape A3 sheet.
SHEET_PX, SHEET_DPI = (2_480, 1_754), 150
TITLE = 40
SOFT, BRAND, GROUND, BORDER = "#4c5d68", "#12506b", "#eaeff2", "#5b7083"
NO_FILL = "#f8fafb"
DASH_PX, GAP_PX = 9.0, 6.0
RING_PX = 15

Corners = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its fill (None: none), its label and a second line under it."""

    shape: Any
    label: str
    value: str = ""
    fill: str | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its colour and width in pixels."""

    shape: Any
    colour: str
    width: int = 2


@dataclass(frozen=True, slots=True)
class Points:
    """Points in degrees (n,), each with the number of its colour in the palette."""

    lon: Floats
    lat: Floats
    colour: NDArray[np.intp]
    palette: Sequence[str]

    @classmethod
    def none(cls) -> "Points":
        """No point at all."""
        nothing = np.empty(0)
        return cls(nothing, nothing, np.empty(0, np.intp), ())


@dataclass(frozen=True, slots=True)
class Raster:
    """A surface: red, green, blue and opacity (rows, columns, 4), and its west, north, east and south edges as parts of
    the world (Web Mercator as a unit square).
    """

    rgba: NDArray[np.uint8]
    edges: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapPicture:
    """What is drawn. extent: west, south, east, north in degrees. legend: colours and texts. notes: one a line.

    highlight: a point, line or area in degrees that is meant; without a title there is no header. raster: a surface
    over the areas; patches: shapes in degrees and their colours, over the areas too; ramp: the scale of either.
    paths, marks: routes and their stops, above all else. printed: on a landscape A3 sheet instead of a screen.
    """

    title: str
    subtitle: str
    extent: Extent
    areas: Sequence[Area]
    lines: Sequence[Line]
    points: Points
    legend: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    highlight: Any = None
    raster: Raster | None = None
    patches: Sequence[tuple[Any, str]] = ()
    ramp: Ramp | None = None
    paths: Sequence[Path] = ()
    marks: Sequence[Mark] = ()
    printed: bool = False


def map_picture(picture: MapPicture, typeface: Typeface) -> bytes:
    """A PNG of 1,080 pixels' width; the map in it is as high as its extent asks for, between 700 and 1,500.

    A printed one is a PDF of one sheet.
    """
    drawn, written = _drawn(picture, typeface), io.BytesIO()
    if picture.printed:
        _sheet(drawn).save(written, "PDF", resolution=SHEET_DPI, quality=92, title=picture.title)
    else:
        drawn.save(written, "PNG")
    return written.getvalue()


def _sheet(drawn: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", SHEET_PX, "#ffffff")
    drawn.thumbnail(SHEET_PX)
    sheet.paste(drawn, ((SHEET_PX[0] - drawn.width) // 2, (SHEET_PX[1] - drawn.height) // 2))
    return sheet


def _drawn(picture: MapPicture, typeface: Typeface) -> Image.Image:
    frame = Frame.of(picture.extent, A3 if picture.printed else SCREEN)
    room = frame.width - 2 * MARGIN
    subtitle = typeface.wrapped(picture.subtitle, SMALL, room, lines=3) if picture.title else []
    notes = [line for note in picture.notes for line in typeface.wrapped(note, SMALL, room, lines=3)]
    legend = legend_rows(picture.legend, typeface, frame.width)
    above = MARGIN + TITLE + 14 + LINE * len(subtitle) + 14 if picture.title else 0
    below = ramp_height(picture.ramp) + LINE * (len(legend) + len(notes))
    below += 16 + MARGIN // 2 if below else 0
    image = Image.new("RGB", (frame.width, above + frame.height + below), "#ffffff")
    marks = placed_marks(picture.marks, frame)
    image.paste(_board(picture, frame, marks), (0, above))
    canvas = ImageDraw.Draw(image)
    title = typeface.cut(picture.title, TITLE, room, BOLD)
    typeface.draw(canvas, (MARGIN, MARGIN + TITLE - 6), title, TITLE, BRAND, weight=BOLD)
    _text_lines(canvas, typeface, subtitle, MARGIN + TITLE + 14)
    bar = scale_bar(canvas, typeface, frame, picture.extent, above)
    north = north_arrow(canvas, typeface, above, frame.width)
    shapes = [(frame.drawn(area.shape), area.label, area.value) for area in picture.areas]
    for label in placed(shapes, [bar, north, *(mark.box() for mark in marks)], (frame.width, frame.height), typeface):
        draw_label(canvas, typeface, label, above)
    draw_numbers(canvas, typeface, marks, above)
    y = above + frame.height + 16
    y = draw_ramp(canvas, typeface, picture.ramp, y) if picture.ramp else y
    y = draw_legend(canvas, typeface, legend, y)
    _text_lines(canvas, typeface, notes, y)
    return image


def _board(picture: MapPicture, frame: Frame, marks: Sequence[PlacedMark]) -> Image.Image:
    """Areas, lines, points and marks, without any text."""
    board = Image.new("RGB", (frame.width * OVER, frame.height * OVER), GROUND)
    _ground(board, picture, frame)
    draw_paths(board, frame, picture.paths, over=OVER)
    canvas = ImageDraw.Draw(board)
    x, y, colours = _seen(picture.points, frame)
    few = len(x) <= FEW
    if few:
        draw_discs(board, x, y, colours, over=OVER)
    if picture.highlight is not None:
        _highlight(canvas, frame.drawn(picture.highlight, OVER))
    draw_marks(board, marks, over=OVER)
    board = board.resize((frame.width, frame.height), Image.Resampling.BOX)
    return board if few else with_cloud(board, x, y, colours)


def _ground(board: Image.Image, picture: MapPicture, frame: Frame) -> None:
    """Areas, surfaces, lines and borders, in this order."""
    fills = [(area.shape, area.fill or NO_FILL) for area in picture.areas]
    for shape, colour in (*fills, *picture.patches):
        _fill(board, frame.drawn(shape, OVER), colour)
    if picture.raster is not None:
        _lay(board, picture.raster, frame)
    canvas = ImageDraw.Draw(board)
    # All at once: a district has tens of thousands of roads.
    drawn = frame.drawn([line.shape for line in picture.lines], OVER) if picture.lines else ()
    for line, shape in zip(picture.lines, drawn, strict=True):
        for path in _paths(shape):
            canvas.line(path, fill=line.colour, width=line.width * OVER, joint="curve")
    for dashed in (False, True):
        for path in _borders(area.shape for area in picture.areas if area.dashed is dashed):
            _outline(canvas, _corners(frame.drawn(path, OVER)), dashed=dashed)


def _fill(board: Image.Image, shape: Any, colour: str) -> None:
    for polygon in parts(shape, "Polygon"):
        if not len(polygon.interiors):
            ImageDraw.Draw(board).polygon(_corners(polygon.exterior), fill=colour)
            continue
        # Pillow's polygons have no holes.
        mask = Image.new("1", board.size)
        canvas = ImageDraw.Draw(mask)
        canvas.polygon(_corners(polygon.exterior), fill=1)
        for hole in polygon.interiors:
            canvas.polygon(_corners(hole), fill=0)
        board.paste(colour, mask=mask)


def _lay(board: Image.Image, raster: Raster, frame: Frame) -> None:
    west, north, east, south = raster.edges
    left, right = ((edge - frame.left) * frame.scale * OVER for edge in (west, east))
    top, bottom = ((edge - frame.top) * frame.scale * OVER for edge in (north, south))
    surface = Image.fromarray(raster.rgba, "RGBA")
    laid = surface.resize((max(round(right - left), 1), max(round(bottom - top), 1)), Image.Resampling.BILINEAR)
    board.paste(laid, (round(left), round(top)), laid)


def _borders(shapes: Iterable[Any]) -> Iterator[Any]:
    """Each border once: drawn from both sides, the gaps of its dashes would be filled."""
    rings = [polygon.boundary for shape in shapes for polygon in parts(shape, "Polygon")]
    return parts(shapely.line_merge(shapely.union_all(rings)), "LineString")


def _paths(shape: Any) -> Iterator[Corners]:
    return (_corners(line) for line in parts(shape, "LineString"))


def _corners(line: Any) -> Corners:
    return list(map(tuple, shapely.get_coordinates(line).tolist()))


def _outline(canvas: ImageDraw.ImageDraw, corners: Corners, *, dashed: bool) -> None:
    if not dashed:
        canvas.line(corners, fill=BORDER, width=2 * OVER, joint="curve")
        return
    for dash in dashes(corners, DASH_PX * OVER, GAP_PX * OVER):
        canvas.line(dash, fill=BORDER, width=2 * OVER)


def _seen(points: Points, frame: Frame) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """The points in the frame or close to it, in pixels, with their colours."""
    x, y = frame.pixels(points.lon, points.lat)
    inside = np.isfinite(x) & (x > -20) & (x < frame.width + 20) & (y > -20) & (y < frame.height + 20)
    palette = np.array([_rgb(text) for text in points.palette], dtype=np.uint8).reshape(-1, 3)
    return x[inside], y[inside], palette[points.colour[inside]]


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _highlight(canvas: ImageDraw.ImageDraw, shape: Any) -> None:
    """A strong line round what is meant, or a ring round a point."""
    paths = [*_paths(shape), *(path for polygon in parts(shape, "Polygon") for path in _paths(polygon.boundary))]
    for colour, width in (("#ffffff", 9), (BRAND, 5)):
        for path in paths:
            canvas.line(path, fill=colour, width=width * OVER, joint="curve")
        for point in parts(shape, "Point"):
            half = (RING_PX + width / 2) * OVER
            box = (point.x - half, point.y - half, point.x + half, point.y + half)
            canvas.ellipse(box, outline=colour, width=width * OVER)


def _text_lines(canvas: ImageDraw.ImageDraw, typeface: Typeface, lines: Sequence[str], y: int) -> None:
    for number, line in enumerate(lines):
        typeface.draw(canvas, (MARGIN, y + LINE * number + SMALL), line, SMALL, SOFT)
