"""A list as a picture for a chat group: large enough to be read on a phone."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from geoapp.documents.typeface import BOLD, Typeface

WIDTH_PX = 1_080
TALLEST_PX = 6_000
MARGIN = 36
TEXT, SMALL, TITLE = 25, 22, 40
LINE = 34
PADDING = 12
MOST_LINES = 3
INK, SOFT, BRAND, GROUND, ZEBRA, RULE = "#16242e", "#4c5d68", "#12506b", "#ffffff", "#f1f6f9", "#d5dde2"


@dataclass(frozen=True, slots=True)
class ListPicture:
    """What is drawn. rows: texts, one a heading. matched: how many there are in all; more: "and {count} more"."""

    title: str
    subtitle: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    matched: int
    more: str
    notes: Sequence[str] = ()


def list_picture(picture: ListPicture, typeface: Typeface) -> bytes:
    """A PNG of 1,080 pixels' width and as high as its rows need, up to TALLEST_PX."""
    widths = _widths(picture, typeface)
    rows = [_wrapped(row, widths, typeface) for row in picture.rows]
    notes = [line for note in picture.notes for line in typeface.wrapped(note, SMALL, WIDTH_PX - 2 * MARGIN, lines=3)]
    subtitle = typeface.wrapped(picture.subtitle, SMALL, WIDTH_PX - 2 * MARGIN, lines=3)
    above = MARGIN + TITLE + 14 + LINE * len(subtitle) + 14
    below = LINE + 20 + LINE * len(notes) + MARGIN
    header = _wrapped(picture.headings, widths, typeface, weight=BOLD)
    heights = [_height(row) for row in rows]
    fitting = _fitting(heights, TALLEST_PX - above - below - _height(header))
    height = above + _height(header) + sum(heights[:fitting]) + below
    image = Image.new("RGB", (WIDTH_PX, height), GROUND)
    canvas = ImageDraw.Draw(image)
    title = typeface.cut(picture.title, TITLE, WIDTH_PX - 2 * MARGIN, BOLD)
    typeface.draw(canvas, (MARGIN, MARGIN + TITLE - 6), title, TITLE, BRAND, weight=BOLD)
    _lines(canvas, typeface, subtitle, MARGIN + TITLE + 14, SMALL, SOFT)
    y = _row(canvas, typeface, header, widths, above, fill=BRAND, ink="#ffffff", weight=BOLD)
    for number, row in enumerate(rows[:fitting]):
        y = _row(canvas, typeface, row, widths, y, fill=ZEBRA if number % 2 else GROUND, ink=INK)
    rest = picture.matched - fitting
    if rest > 0:
        typeface.draw(canvas, (MARGIN + PADDING, y + LINE), picture.more.format(count=f"{rest:,}"), SMALL, SOFT)
    _lines(canvas, typeface, notes, y + LINE + 20, SMALL, SOFT)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _widths(picture: ListPicture, typeface: Typeface) -> list[float]:
    """Every column at least as wide as what cannot be broken in it; the rest by how much each has to say."""
    room = float(WIDTH_PX - 2 * MARGIN)
    columns = [[heading, *(row[place] for row in picture.rows)] for place, heading in enumerate(picture.headings)]
    sample = [max(texts, key=len) for texts in columns]
    whole = [max(typeface.width(text, TEXT, BOLD) for text in (texts[0], longest)) + 2 * PADDING
             for texts, longest in zip(columns, sample, strict=True)]  # fmt: skip
    parts = [max(typeface.width(part, TEXT, BOLD) for text in (texts[0], longest) for part in typeface.parts(text))
             for texts, longest in zip(columns, sample, strict=True)]  # fmt: skip
    least = [max(part, 3 * TEXT) + 2 * PADDING for part in parts]
    if sum(least) > room:
        return [width * room / sum(least) for width in least]
    wish = [max(wide - narrow, 1.0) for wide, narrow in zip(whole, least, strict=True)]
    return [narrow + (room - sum(least)) * more / sum(wish) for narrow, more in zip(least, wish, strict=True)]


def _wrapped(row: Sequence[str], widths: Sequence[float], typeface: Typeface, weight: int = 400) -> list[list[str]]:
    return [
        typeface.wrapped(text, TEXT, width - 2 * PADDING, lines=MOST_LINES, weight=weight)
        for text, width in zip(row, widths, strict=True)
    ]


def _height(row: Sequence[Sequence[str]]) -> int:
    return max(len(lines) for lines in row) * LINE + 2 * PADDING


def _fitting(heights: Sequence[int], room: int) -> int:
    used = 0
    for number, height in enumerate(heights):
        used += height
        if used > room:
            return number
    return len(heights)


def _row(canvas: ImageDraw.ImageDraw, typeface: Typeface, row: Sequence[Sequence[str]], widths: Sequence[float],
         y: int, *, fill: str, ink: str, weight: int = 400) -> int:  # fmt: skip
    """Draw one row from y down; where the next one begins."""
    bottom = y + _height(row)
    canvas.rectangle((MARGIN, y, WIDTH_PX - MARGIN, bottom), fill=fill)
    canvas.line((MARGIN, bottom, WIDTH_PX - MARGIN, bottom), fill=RULE)
    x = float(MARGIN)
    for lines, width in zip(row, widths, strict=True):
        for number, line in enumerate(lines):
            at = (x + PADDING, y + PADDING + LINE * number + TEXT)
            typeface.draw(canvas, at, line, TEXT, ink, weight=weight)
        x += width
    return bottom


def _lines(canvas: ImageDraw.ImageDraw, typeface: Typeface, lines: Sequence[str], y: int, size: int, ink: str) -> None:
    for number, line in enumerate(lines):
        typeface.draw(canvas, (MARGIN, y + LINE * number + size), line, size, ink)
