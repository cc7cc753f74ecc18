"""What stands beside and on a map: its scale, north, legend and ramp of colours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageDraw

from geoapp.documents.map_frame import Extent, Frame
from geoapp.documents.map_labels import INK, Box
from geoapp.documents.typeface import BOLD, Typeface

MARGIN = 36
SMALL, LINE = 22, 34
RAMP_PX, RAMP_HIGH_PX = 640, 22
Entries = list[tuple[float, str, str]]


@dataclass(frozen=True, slots=True)
class Ramp:
    """A scale of colours from nothing to the most, with what it measures and texts spread evenly below it."""

    title: str
    colours: Sequence[str]
    texts: Sequence[str]


def scale_bar(canvas: ImageDraw.ImageDraw, typeface: Typeface, frame: Frame, extent: Extent, above: int) -> Box:
    """Draw the longest bar of 1, 2 or 5 that is a quarter of the map or less; what it covers of the map."""
    metres = frame.metres_a_pixel((extent[1] + extent[3]) / 2)
    longest = metres * frame.width / 4
    power = 10 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest)
    wide, bottom = length / metres, frame.height - 24
    y = above + bottom
    for colour, width in (("#ffffff", 7), (INK, 3)):
        canvas.line((MARGIN, y - 8, MARGIN, y, MARGIN + wide, y, MARGIN + wide, y - 8), fill=colour, width=width)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    typeface.draw(canvas, (MARGIN + wide / 2, y - 10), text, SMALL, INK, anchor="ms", halo=3)
    return MARGIN - 4, bottom - 12 - SMALL, MARGIN + wide + 4, bottom + 6


def legend_rows(legend: Sequence[tuple[str, str]], typeface: Typeface, width: int) -> list[Entries]:
    """The entries in rows that fit the width: (x, colour, text)."""
    rows: list[Entries] = []
    x = float(width)
    for colour, text in legend:
        wide = 30 + typeface.width(text, SMALL) + 26
        if x + wide > width - MARGIN:
            rows.append([])
            x = MARGIN
        rows[-1].append((x, colour, text))
        x += wide
    return rows


def draw_legend(
    canvas: ImageDraw.ImageDraw, typeface: Typeface, rows: list[list[tuple[float, str, str]]], y: int
) -> int:
    for row in rows:
        for x, colour, text in row:
            canvas.ellipse((x, y + 8, x + 18, y + 26), fill=colour)
            typeface.draw(canvas, (x + 28, y + SMALL + 2), text, SMALL, INK)
        y += LINE
    return y


def north_arrow(canvas: ImageDraw.ImageDraw, typeface: Typeface, above: int, width: int) -> Box:
    """Draw an arrow to the north into the upper right corner; what it covers of the map."""
    x, y = width - MARGIN - 18, above + 30
    tip, foot = (x, y), ((x - 15, y + 42), (x, y + 32), (x + 15, y + 42))
    canvas.polygon((tip, *foot), fill=INK, outline="#ffffff", width=2)
    typeface.draw(canvas, (x, y + 70), "N", SMALL, INK, weight=BOLD, anchor="ms", halo=3)
    return x - 24, 20, x + 24, 108


def ramp_height(ramp: Ramp | None) -> int:
    """How much room a ramp takes."""
    return 0 if ramp is None else LINE + RAMP_HIGH_PX + LINE + 10


def draw_ramp(canvas: ImageDraw.ImageDraw, typeface: Typeface, ramp: Ramp, y: int) -> int:
    """Draw a ramp at a height; where what follows it begins."""
    typeface.draw(canvas, (MARGIN, y + SMALL), ramp.title, SMALL, INK)
    top = y + LINE
    for column in range(RAMP_PX):
        colour = ramp.colours[min(column * len(ramp.colours) // RAMP_PX, len(ramp.colours) - 1)]
        canvas.line((MARGIN + column, top, MARGIN + column, top + RAMP_HIGH_PX), fill=colour)
    canvas.rectangle((MARGIN, top, MARGIN + RAMP_PX, top + RAMP_HIGH_PX), outline="#8a979f")
    part = RAMP_PX / max(len(ramp.texts), 1)
    for number, text in enumerate(ramp.texts):
        at = (MARGIN + part * (number + 0.5), top + RAMP_HIGH_PX + SMALL + 2)
        typeface.draw(canvas, at, text, SMALL - 4, INK, anchor="ms")
    return y + ramp_height(ramp)
