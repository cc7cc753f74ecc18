"""A meeting pack as a report (DOCX, A4): one page after another, with headings that a table of contents can use."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from geoapp.documents.meeting_pack import BRAND, INK, SOFT, MeetingPack, Page, Picture
from geoapp.documents.report_parts import MARGIN_MM, WIDE_MM, line, prepare, put_figures, put_picture, put_table

ROOM_MM = WIDE_MM - 2 * MARGIN_MM
# A picture leaves room for its title, sentence and notes on the same page.
TALLEST_MM, COLUMNS = 150, 3


def report(pack: MeetingPack) -> bytes:
    """The pack as a document."""
    document = Document()
    prepare(document, title=pack.title, author=pack.author, created=pack.created, language=pack.language,
            landscape=pack.landscape)  # fmt: skip
    line(document.add_paragraph(style="Title"), pack.title, 26, BRAND, bold=True)
    line(document.add_paragraph(), pack.subtitle, 12, SOFT)
    for number, page in enumerate(pack.pages):
        heading = document.add_heading(level=1)
        heading.paragraph_format.page_break_before = number > 0
        line(heading, page.title, 18, BRAND, bold=True)
        _page(document, page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any, page: Page) -> None:
    if page.sentence:
        line(document.add_paragraph(), page.sentence, 11, INK)
    if page.figures:
        put_figures(document, page.figures)
    if page.pictures:
        _pictures(document, page.pictures)
    if page.table:
        put_table(document, page.table)
    if page.notes:
        line(document.add_paragraph(), " · ".join(page.notes), 8, SOFT)


def _pictures(document: Any, pictures: Sequence[Picture]) -> None:
    if len(pictures) == 1:
        put_picture(document.add_paragraph(), pictures[0], ROOM_MM, TALLEST_MM)
        return
    columns = 2 if len(pictures) in (2, 4) else COLUMNS
    rows = -(-len(pictures) // columns)
    table = document.add_table(rows=rows, cols=columns)
    for place, picture in enumerate(pictures):
        cell = table.cell(place // columns, place % columns)
        put_picture(cell.paragraphs[0], picture, ROOM_MM / columns - 4, TALLEST_MM / rows - 8)
        if picture.caption:
            caption = cell.add_paragraph()
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line(caption, picture.caption, 9, INK)
