"""A list as a picture for a chat group: large enough to be read on a phone."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from geoapp.documents.typeface import BOLD, Typeface

WIDTH_PX = 1_080
TALLEST_PX = 6_000
MARGIN = 36
TEXT, SMALL, TITLE = 26, 24, 42
LINE = 36
PADDING = 12
MOST_LINES = 3
# A row is one line or more: no more of them are worth being measured.
MOST_ROWS = TALLEST_PX // (LINE + 2 * PADDING)
# A word so wide, or wider, may be broken when the columns share out the width.
LONGEST_WORD = 7 * TEXT
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
    first = picture.rows[:MOST_ROWS]
    widths = _widths([picture.headings, *first], typeface)
    rows = [_wrapped(row, widths, typeface) for row in first]
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
    image.save(written, "PNG")
    return written.getvalue()


def _widths(rows: Sequence[Sequence[str]], typeface: Typeface) -> list[float]:
    """Short columns as wide as they are; the long ones share the rest, none narrower than its longest word."""
    room = float(WIDTH_PX - 2 * MARGIN)
    columns = list(zip(*rows, strict=True))
    whole = [max(typeface.width(text, TEXT, BOLD) for text in texts) + 2 * PADDING for texts in columns]
    # A heading is better left on one line, like a word.
    words = [
        max(typeface.width(part, TEXT, BOLD) for text in texts for part in [texts[0], *typeface.parts(text)])
        for texts in columns
    ]
    least = [max(min(word, LONGEST_WORD), 3 * TEXT) + 2 * PADDING for word in words]
    if sum(least) > room:
        return [width * room / sum(least) for width in least]
    return _shared(whole, least, room)


def _shared(whole: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Widths between the least and the whole that fill the room, found by halving.

    The rest goes to the roots of the whole widths: of all ways to share it that needs the fewest lines, whole / width
    a column (the method of Lagrange).
    """
    low, high = 0.0, room
    for _ in range(40):
        middle = (low + high) / 2
        widths = [max(min(wide, middle * wide**0.5), narrow) for wide, narrow in zip(whole, least, strict=True)]
        low, high = (middle, high) if sum(widths) <= room else (low, middle)
    return [width * room / sum(widths) for width in widths]


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
    canvas.rectangle((MARGIN, y, WIDTH_PX - MARGIN, bottom - 1), fill=fill)
    canvas.line((MARGIN, bottom - 1, WIDTH_PX - MARGIN, bottom - 1), fill=RULE)
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
