"""A meeting pack as a report (DOCX, A4): one page after another, with headings that a table of contents can use."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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
)

WIDE_MM, HIGH_MM, MARGIN_MM = 210, 297, 20
ROOM_MM = WIDE_MM - 2 * MARGIN_MM
# A picture leaves room for its title, sentence and notes on the same page.
TALLEST_MM, COLUMNS = 150, 3


def report(pack: MeetingPack) -> bytes:
    """The pack as a document."""
    document = Document()
    _prepare(document, pack)
    _line(document.add_paragraph(style="Title"), pack.title, 26, BRAND, bold=True)
    _line(document.add_paragraph(), pack.subtitle, 12, SOFT)
    for number, page in enumerate(pack.pages):
        heading = document.add_heading(level=1)
        heading.paragraph_format.page_break_before = number > 0
        _line(heading, page.title, 18, BRAND, bold=True)
        _page(document, page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, pack: MeetingPack) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if pack.landscape else WD_ORIENT.PORTRAIT
    wide, high = (HIGH_MM, WIDE_MM) if pack.landscape else (WIDE_MM, HIGH_MM)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    about = document.core_properties
    about.title, about.author, about.last_modified_by = clean(pack.title), pack.author, pack.author
    about.created = about.modified = pack.created.replace(tzinfo=None)
    about.language, about.comments, about.revision = TAGS[pack.language], "", 1
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
        language = OxmlElement("w:lang")
        language.set(qn("w:val" if pack.language == "en" else "w:eastAsia"), TAGS[pack.language])
        style.element.get_or_add_rPr().append(language)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _page_number(foot.add_run())


def _page(document: Any, page: Page) -> None:
    if page.sentence:
        _line(document.add_paragraph(), page.sentence, 11, INK)
    if page.figures:
        _figures(document, page.figures)
    if page.pictures:
        _pictures(document, page.pictures)
    if page.table:
        _table(document, page.table)
    if page.notes:
        _line(document.add_paragraph(), " · ".join(page.notes), 8, SOFT)


def _figures(document: Any, figures: Sequence[Figure]) -> None:
    table = document.add_table(rows=-(-len(figures) // 2), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, figure in enumerate(figures):
        cell = table.cell(place // 2, place % 2)
        _shade(cell, CARD if (place // 2 + place) % 2 == 0 else "FFFFFF")
        for text, size, colour in ((figure.label, 10, SOFT), (figure.value, 18, BRAND), (figure.remark, 9, SOFT)):
            paragraph = cell.paragraphs[0] if text is figure.label else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(1)
            _line(paragraph, text, size, colour, bold=text is figure.value)


def _pictures(document: Any, pictures: Sequence[Picture]) -> None:
    if len(pictures) == 1:
        _picture(document.add_paragraph(), pictures[0], ROOM_MM, TALLEST_MM)
        return
    columns = 2 if len(pictures) in (2, 4) else COLUMNS
    rows = -(-len(pictures) // columns)
    table = document.add_table(rows=rows, cols=columns)
    for place, picture in enumerate(pictures):
        cell = table.cell(place // columns, place % columns)
        _picture(cell.paragraphs[0], picture, ROOM_MM / columns - 4, TALLEST_MM / rows - 8)
        if picture.caption:
            caption = cell.add_paragraph()
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _line(caption, picture.caption, 9, INK)


def _picture(paragraph: Any, picture: Picture, wide_mm: float, high_mm: float) -> None:
    scale = min(wide_mm / picture.wide, high_mm / picture.high)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.image), width=Mm(picture.wide * scale))
    shape._inline.docPr.set("descr", clean(picture.alt))


def _table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=1, cols=len(table.heading), style="Table Grid")
    for number, row in enumerate((table.heading, *table.rows)):
        cells = grid.rows[0].cells if not number else grid.add_row().cells
        for column, text in enumerate(row):
            paragraph = cells[column].paragraphs[0]
            if column in table.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _line(paragraph, text, 9, INK if number else "FFFFFF", bold=not number)
            if not number:
                _shade(cells[column], BRAND)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for column, share in enumerate(table.shares):
        for cell in grid.columns[column].cells:
            cell.width = int(room * share / sum(table.shares))
    # The heading is repeated where the table goes on on another page.
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)


def _line(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run.font.color.rgb = RGBColor.from_string(colour)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)


def _shade(cell: Any, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _page_number(run: Any) -> None:
    """A field that Word fills with the page's number."""
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind or "")
        run._r.append(element)
