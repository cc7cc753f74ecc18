"""A meeting pack as slides (PPTX, 16:9): one page a slide, a long table on several."""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from geoapp.documents.meeting_pack import (
    BRAND,
    CARD,
    EAST_ASIAN,
    INK,
    LATIN,
    SOFT,
    TAGS,
    Figure,
    MeetingPack,
    Page,
    Picture,
    Table,
    clean,
    width_em,
)

WIDE_IN, HIGH_IN, MARGIN_IN = 13.333, 7.5, 0.5
TITLE_HIGH, SENTENCE_HIGH, NOTES_HIGH, GAP = 0.75, 0.7, 0.55, 0.15
ROWS_A_SLIDE, FIGURES_A_ROW = 16, 5
TITLE_ONLY, TITLE_LAYOUT = 5, 0
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a slide, in inches."""

    left: float
    top: float
    wide: float
    high: float

    def emu(self) -> tuple[int, int, int, int]:
        """As the file has it."""
        return Inches(self.left), Inches(self.top), Inches(self.wide), Inches(self.high)

    def cell(self, row: int, column: int, rows: int, columns: int, gap: float = GAP) -> "Box":
        """One of the parts that it is divided into, with gaps between them."""
        wide, high = (self.wide - gap * (columns - 1)) / columns, (self.high - gap * (rows - 1)) / rows
        return Box(self.left + column * (wide + gap), self.top + row * (high + gap), wide, high)


@dataclass(frozen=True, slots=True)
class Words:
    """How a text is written: size in points, colour, bold or not, where it stands."""

    size: float
    colour: str = INK
    bold: bool = False
    align: Any = PP_ALIGN.LEFT
    anchor: Any = MSO_ANCHOR.TOP


def slides(pack: MeetingPack) -> bytes:
    """The pack as a presentation."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE_IN), Inches(HIGH_IN)
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = clean(pack.title), pack.author, pack.author
    about.created = about.modified = pack.created.replace(tzinfo=None)
    about.language, about.revision = TAGS[pack.language], 1
    _cover(deck, pack)
    pages = [part for page in pack.pages for part in _parted(page)]
    for number, page in enumerate(pages, start=2):
        _slide(deck, page, number, TAGS[pack.language])
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _parted(page: Page) -> Iterator[Page]:
    """A page whose table is too long for a slide as several."""
    if page.table is None or len(page.table.rows) <= ROWS_A_SLIDE:
        yield page
        return
    parts = -(-len(page.table.rows) // ROWS_A_SLIDE)
    for part in range(parts):
        rows = page.table.rows[part * ROWS_A_SLIDE : (part + 1) * ROWS_A_SLIDE]
        yield replace(page, title=f"{page.title} ({part + 1}/{parts})", table=replace(page.table, rows=rows))


def _cover(deck: Any, pack: MeetingPack) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT])
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.35), Inches(HIGH_IN))
    band.fill.solid()
    band.fill.fore_color.rgb = _colour(BRAND)
    band.line.fill.background()
    tag = TAGS[pack.language]
    room = WIDE_IN - 2.4
    for shape, text, top, high, words in (
        (slide.shapes.title, pack.title, 2.2, 1.4, Words(40, BRAND, bold=True, anchor=MSO_ANCHOR.BOTTOM)),
        (slide.placeholders[1], pack.subtitle, 3.8, 1.6, Words(20, SOFT)),
    ):
        box = Box(1.2, top, room, high)
        shape.left, shape.top, shape.width, shape.height = box.emu()
        _write(shape.text_frame, text, words, box, tag)


def _slide(deck: Any, page: Page, number: int, tag: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    room = WIDE_IN - 2 * MARGIN_IN
    head = Box(MARGIN_IN, 0.3, room, TITLE_HIGH)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = head.emu()
    _write(shape.text_frame, page.title, Words(28, BRAND, bold=True, anchor=MSO_ANCHOR.MIDDLE), head, tag)
    top = head.top + head.high
    if page.sentence:
        box = Box(MARGIN_IN, top, room, SENTENCE_HIGH)
        _text(slide, page.sentence, Words(16), box, tag)
        top += SENTENCE_HIGH
    foot = HIGH_IN - NOTES_HIGH - 0.15
    body = Box(MARGIN_IN, top + GAP, room, foot - top - 2 * GAP)
    _fill(slide, page, body, tag)
    _text(slide, "  ·  ".join(page.notes), Words(10, SOFT), Box(MARGIN_IN, foot, room - 0.9, NOTES_HIGH), tag)
    place = Box(WIDE_IN - MARGIN_IN - 0.7, foot, 0.7, NOTES_HIGH)
    _text(slide, str(number), Words(10, SOFT, align=PP_ALIGN.RIGHT), place, tag)


def _fill(slide: Any, page: Page, body: Box, tag: str) -> None:
    """Figures, or pictures, or a table, or pictures on the left of a table."""
    if page.figures:
        _figures(slide, page.figures, body, tag)
    elif page.pictures and page.table:
        _pictures(slide, page.pictures, body.cell(0, 0, 1, 2), tag)
        _table(slide, page.table, body.cell(0, 1, 1, 2), tag)
    elif page.pictures:
        _pictures(slide, page.pictures, body, tag)
    elif page.table:
        _table(slide, page.table, body, tag)


def _figures(slide: Any, figures: Sequence[Figure], body: Box, tag: str) -> None:
    columns = min(FIGURES_A_ROW, len(figures))
    rows = -(-len(figures) // columns)
    for place, figure in enumerate(figures):
        box = body.cell(place // columns, place % columns, rows, columns, 0.2)
        card = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
        card.fill.solid()
        card.fill.fore_color.rgb = _colour(CARD)
        card.line.fill.background()
        inner = Box(box.left + 0.12, box.top + 0.1, box.wide - 0.24, box.high - 0.2)
        _text(slide, figure.label, Words(13, SOFT), replace(inner, high=inner.high * 0.28), tag)
        value = Box(inner.left, inner.top + inner.high * 0.28, inner.wide, inner.high * 0.37)
        _text(slide, figure.value, Words(30, BRAND, bold=True, anchor=MSO_ANCHOR.MIDDLE), value, tag)
        remark = Box(inner.left, inner.top + inner.high * 0.65, inner.wide, inner.high * 0.35)
        _text(slide, figure.remark, Words(11, SOFT), remark, tag)


def _pictures(slide: Any, pictures: Sequence[Picture], body: Box, tag: str) -> None:
    rows, columns = _grid(pictures, body)
    caption_high = 0.0 if not any(picture.caption for picture in pictures) else (0.42 if rows == 1 else 0.28)
    for place, picture in enumerate(pictures):
        cell = body.cell(place // columns, place % columns, rows, columns)
        room = replace(cell, high=cell.high - caption_high)
        scale = min(room.wide / picture.wide, room.high / picture.high)
        wide, high = picture.wide * scale, picture.high * scale
        box = Box(room.left + (room.wide - wide) / 2, room.top + (room.high - high) / 2, wide, high)
        drawn = slide.shapes.add_picture(io.BytesIO(picture.image), *box.emu())
        drawn._element._nvXxPr.cNvPr.set("descr", clean(picture.alt))
        if picture.caption:
            below = Box(cell.left, cell.top + room.high, cell.wide, caption_high)
            words = Words(14 if rows == 1 else 10, INK, align=PP_ALIGN.CENTER)
            _text(slide, picture.caption, words, below, tag)


def _grid(pictures: Sequence[Picture], body: Box) -> tuple[int, int]:
    """The rows and columns in which so many pictures become largest."""
    number, shape = len(pictures), pictures[0].wide / pictures[0].high

    def size(columns: int) -> float:
        rows = -(-number // columns)
        return min(body.wide / columns, body.high / rows * shape)

    columns = max(range(1, number + 1), key=size)
    return -(-number // columns), columns


def _table(slide: Any, table: Table, body: Box, tag: str) -> None:
    count = len(table.rows) + 1
    row_high = min(body.high / count, 0.42)
    size = max(min(row_high * 72 * 0.5, 14), 8)
    shape = slide.shapes.add_table(count, len(table.heading), *replace(body, high=row_high * count).emu())
    shares = [max(width_em(row[column]) for row in (table.heading, *table.rows)) + 2 for column in
              range(len(table.heading))]  # fmt: skip
    grid = shape.table
    for column, share in enumerate(shares):
        grid.columns[column].width = Inches(body.wide * share / sum(shares))
    for number, row in enumerate((table.heading, *table.rows)):
        grid.rows[number].height = Inches(row_high)
        for column, text in enumerate(row):
            cell = grid.cell(number, column)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(BRAND if not number else CARD if number % 2 == 0 else "FFFFFF")
            box = Box(0, 0, body.wide * shares[column] / sum(shares) - 0.2, row_high)
            align = PP_ALIGN.RIGHT if column in table.numeric else PP_ALIGN.LEFT
            _write(cell.text_frame, text, Words(size, INK if number else "FFFFFF", not number, align), box, tag)


def _text(slide: Any, text: str, words: Words, box: Box, tag: str) -> None:
    if text:
        shape = slide.shapes.add_textbox(*box.emu())
        _write(shape.text_frame, text, words, box, tag)


def _write(frame: Any, text: str, words: Words, box: Box, tag: str) -> None:
    """A text into a frame, so small that it fits its box."""
    frame.word_wrap = True
    frame.vertical_anchor = words.anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(0.03)
    text = clean(text)
    size = _fitting(text, words.size, box)
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        paragraph.alignment = words.align
        _run(paragraph.add_run(), line, size, words, tag)


def _run(run: Any, text: str, size: float, words: Words, tag: str) -> None:
    run.text = text
    font = run.font
    font.size, font.bold, font.name = Pt(size), words.bold, LATIN
    font.color.rgb = _colour(words.colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", tag)
    properties.append(properties.makeelement(f"{{{_DRAWING}}}ea", {"typeface": EAST_ASIAN}))


def _fitting(text: str, size: float, box: Box) -> float:
    """The largest size in points, up to that one and down to 7, in which a text fits a box."""
    while size > 7:
        lines = sum(
            max(math.ceil(width_em(line) * size / 72 / max(box.wide - 0.06, 0.1)), 1) for line in text.split("\n")
        )
        if lines * size * 1.25 / 72 <= box.high:
            break
        size -= 1
    return size


def _colour(text: str) -> Any:
    red, green, blue = bytes.fromhex(text)
    make: Any = RGBColor
    return make(red, green, blue)
