"""Routes on a map picture: lines with arrows in their teams' colours, and stops as numbered discs."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw

from geoapp.documents.map_dashes import Corners, dashes
from geoapp.documents.map_frame import Floats, Frame, parts
from geoapp.documents.map_labels import Box
from geoapp.documents.typeface import BOLD, Typeface

WIDTH_PX, CASING_PX = 6, 10
DASH_PX, GAP_PX = 16.0, 9.0
# An arrow every so often, and on shorter lines in their middle.
ARROW_EVERY_PX, ARROW_PX, SHORTEST_PX = 170.0, 9.0, 40.0
ARROW = ((1.3, 0.0), (-0.8, -0.95), (-0.8, 0.95))
DISC_PX, RIM_PX, NUMBER_PX = 19, 3, 24
ROUNDS = 60
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Path:
    """A way: a line in degrees in its team's colour; dashed where it is no real road."""

    shape: Any
    colour: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A stop: a disc with its number; without a text a square, where a team starts or ends."""

    text: str
    lon: float
    lat: float
    colour: str


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark, where it lies (at) and where it is drawn (shown), in pixels."""

    mark: Mark
    at: tuple[float, float]
    shown: tuple[float, float]

    def box(self) -> Box:
        """What it covers: left, top, right, bottom in pixels."""
        half = DISC_PX + RIM_PX
        return self.shown[0] - half, self.shown[1] - half, self.shown[0] + half, self.shown[1] + half


def placed_marks(marks: Sequence[Mark], frame: Frame) -> list[PlacedMark]:
    """The marks in the frame, moved apart as far as it takes to read every number; squares stay."""
    if not marks:
        return []
    x, y = frame.pixels(np.array([mark.lon for mark in marks]), np.array([mark.lat for mark in marks]))
    free = np.array([bool(mark.text) for mark in marks])
    edge = DISC_PX + RIM_PX
    shown = _apart(np.column_stack([x, y]), free, (edge, frame.width - edge), (edge, frame.height - edge))
    known = zip(marks, x.tolist(), y.tolist(), shown.tolist(), strict=True)
    return [PlacedMark(mark, (at_x, at_y), (to_x, to_y)) for mark, at_x, at_y, (to_x, to_y) in known]


def draw_paths(board: Image.Image, frame: Frame, paths: Sequence[Path], *, over: int) -> None:
    """Draw the ways on a board whose pixels are `over` times smaller, each with a white rim, and arrows on top."""
    canvas = ImageDraw.Draw(board)
    lines = [(path, list(map(tuple, shapely.get_coordinates(line).tolist())))
             for path in paths for line in parts(frame.drawn(path.shape, over), "LineString")]  # fmt: skip
    for path, line in lines:
        for piece in _pieces(path, line, over):
            canvas.line(piece, fill=WHITE, width=CASING_PX * over, joint="curve")
        for piece in _pieces(path, line, over):
            canvas.line(piece, fill=path.colour, width=WIDTH_PX * over, joint="curve")
    for path, line in lines:
        for arrow in _arrows(line, over):
            canvas.polygon(arrow, fill=path.colour, outline=WHITE, width=over)


def draw_marks(board: Image.Image, marks: Sequence[PlacedMark], *, over: int) -> None:
    """Draw the discs without their numbers, each with a thread to its place where it was moved; the first on top."""
    canvas = ImageDraw.Draw(board)
    for mark in marks:
        if math.dist(mark.at, mark.shown) > 2:
            canvas.line([(x * over, y * over) for x, y in (mark.at, mark.shown)], fill="#16242e", width=2 * over)
            _ellipse(canvas, mark.at, 4, "#16242e", over)
    for mark in reversed(marks):
        if mark.mark.text:
            _ellipse(canvas, mark.shown, DISC_PX + RIM_PX, WHITE, over)
            _ellipse(canvas, mark.shown, DISC_PX, mark.mark.colour, over)
        else:
            _square(canvas, mark.shown, DISC_PX * 0.8 + RIM_PX, WHITE, over)
            _square(canvas, mark.shown, DISC_PX * 0.8, mark.mark.colour, over)
            _square(canvas, mark.shown, DISC_PX * 0.3, WHITE, over)


def draw_numbers(canvas: ImageDraw.ImageDraw, typeface: Typeface, marks: Sequence[PlacedMark], above: int) -> None:
    """Write the discs' numbers, on a map that begins so many pixels down."""
    for mark in marks:
        if mark.mark.text:
            size = NUMBER_PX if len(mark.mark.text) < 3 else NUMBER_PX - 6
            at = (mark.shown[0], mark.shown[1] + above + size * 0.36)
            typeface.draw(canvas, at, mark.mark.text, size, WHITE, weight=BOLD, anchor="ms")


def _apart(places: Floats, free: Any, across: tuple[float, float], down: tuple[float, float]) -> Floats:
    """Places (n, 2) pushed apart by pairs until none covers another, or it takes too long; all inside the frame."""
    wanted, moved = 2.0 * DISC_PX + RIM_PX, places.copy()
    first, second = np.triu_indices(len(places), 1)
    # Two marks of one place part in different directions, each time the same ones.
    turn = np.arange(len(first)) * 2.399963
    for _ in range(ROUNDS):
        gap = moved[second] - moved[first]
        far = np.hypot(*gap.T)
        near = far < wanted
        if not near.any():
            break
        way = np.where(
            far[:, None] > 0.5, gap / np.maximum(far, 0.5)[:, None], np.column_stack([np.cos(turn), np.sin(turn)])
        )
        push = way * np.where(near, (wanted - far) / 2, 0.0)[:, None]
        np.subtract.at(moved, first, push * free[first, None])
        np.add.at(moved, second, push * free[second, None])
        moved[free, 0], moved[free, 1] = moved[free, 0].clip(*across), moved[free, 1].clip(*down)
    return moved


def _pieces(path: Path, line: Corners, over: int) -> Iterator[Corners]:
    return dashes(line, DASH_PX * over, GAP_PX * over) if path.dashed else iter([line])


def _arrows(line: Corners, over: int) -> Iterator[Corners]:
    """Triangles that point along a line."""
    steps = np.array([math.dist(one, other) for one, other in pairwise(line)])
    along = np.concatenate([[0.0], np.cumsum(steps)])
    whole = float(along[-1]) if len(along) else 0.0
    if whole < SHORTEST_PX * over:
        return
    number = max(round(whole / (ARROW_EVERY_PX * over)), 1)
    corners = np.array(line)
    for part in (np.arange(number) + 0.5) * whole / number:
        x, y = (np.interp([part - 4 * over, part + 4 * over], along, corners[:, axis]) for axis in (0, 1))
        angle = math.atan2(y[1] - y[0], x[1] - x[0])
        middle = x.mean(), y.mean()
        yield [_turned(middle, angle, corner, ARROW_PX * over) for corner in ARROW]


def _turned(middle: tuple[float, float], angle: float, corner: tuple[float, float], size: float) -> tuple[float, float]:
    """A corner (ahead, aside) of a shape of unit size, turned and moved."""
    (ahead, aside), sine, cosine = corner, math.sin(angle), math.cos(angle)
    return (float(middle[0] + (ahead * cosine - aside * sine) * size),
            float(middle[1] + (ahead * sine + aside * cosine) * size))  # fmt: skip


def _ellipse(canvas: ImageDraw.ImageDraw, at: tuple[float, float], half: float, fill: str, over: int) -> None:
    canvas.ellipse(_around(at, half, over), fill=fill)


def _square(canvas: ImageDraw.ImageDraw, at: tuple[float, float], half: float, fill: str, over: int) -> None:
    canvas.rectangle(_around(at, half, over), fill=fill)


def _around(at: tuple[float, float], half: float, over: int) -> Box:
    x, y = at
    return (x - half) * over, (y - half) * over, (x + half) * over, (y + half) * over
