"""A map as a picture, drawn here without a browser: areas, lines, points, labels, legend and sources."""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from geoapp.documents.typeface import BOLD, Typeface

WIDTH_PX = 1_080
LOWEST_PX, TALLEST_PX = 700, 1_500
MARGIN = 36
# Drawn larger and then reduced, which smooths every edge.
OVER = 2
LABEL, SMALL, TITLE, LINE = 24, 22, 40, 34
INK, SOFT, BRAND, GROUND, BORDER = "#16242e", "#4c5d68", "#12506b", "#eaeff2", "#5b7083"
NO_FILL = "#f8fafb"
EQUATOR_M = 40_075_016.686

Floats = NDArray[np.float64]
Extent = tuple[float, float, float, float]


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
class MapPicture:
    """What is drawn. extent: west, south, east, north in degrees. legend: colours and texts. notes: one a line."""

    title: str
    subtitle: str
    extent: Extent
    areas: Sequence[Area]
    lines: Sequence[Line]
    points: Points
    legend: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to pixels: Web Mercator, as on the page."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    @classmethod
    def of(cls, extent: Extent) -> "_Frame":
        (west, east), (south, north) = _mercator(np.array(extent[::2]), np.array(extent[1::2]))
        across, up = max(east - west, 1e-9) * 1.06, max(south - north, 1e-9) * 1.06
        height = min(max(WIDTH_PX * up / across, LOWEST_PX), TALLEST_PX)
        scale = min(WIDTH_PX / across, height / up)
        middle = (west + east) / 2, (south + north) / 2
        return cls(middle[0] - WIDTH_PX / 2 / scale, middle[1] - height / 2 / scale, scale, WIDTH_PX, round(height))

    def pixels(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        x, y = _mercator(lon, lat)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def metres_a_pixel(self, lat: float) -> float:
        return EQUATOR_M / self.scale * math.cos(math.radians(lat))


def _mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """0 to 1 from west to east and from north to south."""
    radians = np.radians(np.clip(lat, -85.05, 85.05))
    return (lon + 180) / 360, (1 - np.arcsinh(np.tan(radians)) / np.pi) / 2


def map_picture(picture: MapPicture, typeface: Typeface) -> bytes:
    """A PNG of 1,080 pixels' width."""
    frame = _Frame.of(picture.extent)
    board = _board(picture, frame)
    room = WIDTH_PX - 2 * MARGIN
    subtitle = typeface.wrapped(picture.subtitle, SMALL, room, lines=3)
    notes = [line for note in picture.notes for line in typeface.wrapped(note, SMALL, room, lines=3)]
    legend = _legend_rows(picture.legend, typeface)
    above = MARGIN + TITLE + 14 + LINE * len(subtitle) + 14 if picture.title else 0
    below = 16 + LINE * len(legend) + LINE * len(notes) + (MARGIN if legend or notes else 0)
    image = Image.new("RGB", (WIDTH_PX, above + frame.height + below), "#ffffff")
    image.paste(board, (0, above))
    canvas = ImageDraw.Draw(image)
    if picture.title:
        title = typeface.cut(picture.title, TITLE, room, BOLD)
        typeface.draw(canvas, (MARGIN, MARGIN + TITLE - 6), title, TITLE, BRAND, weight=BOLD)
    _text_lines(canvas, typeface, subtitle if picture.title else [], MARGIN + TITLE + 14)
    _labels(canvas, typeface, picture.areas, frame, above)
    _scale_bar(canvas, typeface, frame, picture.extent, above)
    y = _legend(canvas, typeface, legend, above + frame.height + 16)
    _text_lines(canvas, typeface, notes, y)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _board(picture: MapPicture, frame: _Frame) -> Image.Image:
    """Areas, lines and points, without any text."""
    board = Image.new("RGB", (frame.width * OVER, frame.height * OVER), GROUND)
    canvas = ImageDraw.Draw(board)
    for area in picture.areas:
        for part in _rings(area.shape, frame):
            canvas.polygon(part, fill=area.fill or NO_FILL)
    for line in picture.lines:
        for part in _paths(line.shape, frame):
            canvas.line(part, fill=line.colour, width=line.width * OVER, joint="curve")
    # Each border once: drawn from both sides, the gaps of its dashes would be filled.
    for dashed in (False, True):
        borders = [shapely.boundary(area.shape) for area in picture.areas if area.dashed is dashed]
        for part in _paths(shapely.line_merge(shapely.union_all(borders)), frame):
            _outline(canvas, part, dashed=dashed)
    return _stamped(board, picture.points, frame).resize((frame.width, frame.height), Image.Resampling.BOX)


def _rings(shape: Any, frame: _Frame) -> Iterable[list[tuple[float, float]]]:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [_flat(polygon.exterior, frame) for polygon in polygons]


def _paths(shape: Any, frame: _Frame) -> Iterable[list[tuple[float, float]]]:
    return [_flat(part, frame) for part in shapely.get_parts(shape) if part.geom_type == "LineString"]


def _flat(line: Any, frame: _Frame) -> list[tuple[float, float]]:
    lon, lat = shapely.get_coordinates(line).T
    x, y = frame.pixels(lon, lat)
    return list(zip((x * OVER).tolist(), (y * OVER).tolist(), strict=True))


def _outline(canvas: ImageDraw.ImageDraw, corners: list[tuple[float, float]], *, dashed: bool) -> None:
    if not dashed:
        canvas.line(corners, fill=BORDER, width=2 * OVER, joint="curve")
        return
    dash, gap = 9.0 * OVER, 6.0 * OVER
    left, drawing = dash, True
    for (x, y), (to_x, to_y) in pairwise(corners):
        length = math.hypot(to_x - x, to_y - y)
        done = 0.0
        while done < length:
            step = min(left, length - done)
            if drawing:
                first, last = done / length, (done + step) / length
                canvas.line((x + (to_x - x) * first, y + (to_y - y) * first, x + (to_x - x) * last,
                             y + (to_y - y) * last), fill=BORDER, width=2 * OVER)  # fmt: skip
            done, left = done + step, left - step
            if left <= 0:
                drawing = not drawing
                left = dash if drawing else gap


def _stamped(board: Image.Image, points: Points, frame: _Frame) -> Image.Image:
    """The points as discs with a white rim: stamped into the array of pixels, since there may be a million of them."""
    x, y = frame.pixels(points.lon, points.lat)
    inside = np.isfinite(x) & (x > -20) & (x < frame.width + 20) & (y > -20) & (y < frame.height + 20)
    x, y, colour = x[inside] * OVER, y[inside] * OVER, points.colour[inside]
    radius = (7.0 if len(x) < 400 else 5.0 if len(x) < 4_000 else 3.0) * OVER
    pixels = np.array(board)
    palette = np.array([_rgb(text) for text in points.palette], dtype=np.uint8).reshape(-1, 3)
    # One disc after another hides those below it; all of one size at a time keep the rims of the top ones whole.
    offsets = np.arange(-math.ceil(radius) - 3, math.ceil(radius) + 4)
    for rim, grow in ((True, 1.5 * OVER), (False, 0.0)):
        down, right = np.meshgrid(offsets, offsets, indexing="ij")
        disc = down**2 + right**2 <= (radius + grow) ** 2
        for step_y, step_x in zip(down[disc].tolist(), right[disc].tolist(), strict=True):
            rows, columns = (y + step_y).astype(np.intp), (x + step_x).astype(np.intp)
            kept = (rows >= 0) & (rows < pixels.shape[0]) & (columns >= 0) & (columns < pixels.shape[1])
            pixels[rows[kept], columns[kept]] = 255 if rim else palette[colour[kept]]
    return Image.fromarray(pixels)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _labels(canvas: ImageDraw.ImageDraw, typeface: Typeface, areas: Sequence[Area], frame: _Frame, above: int) -> None:
    """The largest areas first; a label that would lie on another one, or beside the map, is left out."""
    taken: list[tuple[float, float, float, float]] = []
    for area in sorted(areas, key=lambda one: -float(one.shape.area)):
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(area.shape))[0]
        (x,), (y,) = frame.pixels(np.array([lon]), np.array([lat]))
        half = typeface.width(area.label, LABEL, BOLD) / 2
        box = (x - half, y - LABEL, x + half, y + (LABEL if area.value else 4))
        if not (box[0] > 4 and box[2] < frame.width - 4 and box[1] > 4 and box[3] < frame.height - 4):
            continue
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        typeface.draw(canvas, (x, y + above), area.label, LABEL, INK, weight=BOLD, anchor="ms", halo=4)
        if area.value:
            typeface.draw(canvas, (x, y + above + LABEL), area.value, SMALL, INK, anchor="ms", halo=4)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(canvas: ImageDraw.ImageDraw, typeface: Typeface, frame: _Frame, extent: Extent, above: int) -> None:
    metres = frame.metres_a_pixel((extent[1] + extent[3]) / 2)
    longest = metres * WIDTH_PX / 4
    power = 10 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest)
    x, y = MARGIN, above + frame.height - 24
    wide = length / metres
    canvas.line((x, y - 8, x, y, x + wide, y, x + wide, y - 8), fill=INK, width=3)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    typeface.draw(canvas, (x + wide / 2, y - 10), text, SMALL, INK, anchor="ms", halo=3)


def _legend_rows(legend: Sequence[tuple[str, str]], typeface: Typeface) -> list[list[tuple[float, str, str]]]:
    """The entries in rows that fit the width: (x, colour, text)."""
    rows: list[list[tuple[float, str, str]]] = []
    x = float(WIDTH_PX)
    for colour, text in legend:
        wide = 30 + typeface.width(text, SMALL) + 26
        if x + wide > WIDTH_PX - MARGIN:
            rows.append([])
            x = MARGIN
        rows[-1].append((x, colour, text))
        x += wide
    return rows


def _legend(canvas: ImageDraw.ImageDraw, typeface: Typeface, rows: list[list[tuple[float, str, str]]], y: int) -> int:
    for row in rows:
        for x, colour, text in row:
            canvas.ellipse((x, y + 8, x + 18, y + 26), fill=colour)
            typeface.draw(canvas, (x + 28, y + SMALL + 2), text, SMALL, INK)
        y += LINE
    return y


def _text_lines(canvas: ImageDraw.ImageDraw, typeface: Typeface, lines: Sequence[str], y: int) -> None:
    for number, line in enumerate(lines):
        typeface.draw(canvas, (MARGIN, y + LINE * number + SMALL), line, SMALL, SOFT)
