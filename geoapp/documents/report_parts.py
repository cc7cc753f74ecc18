"""What reports (DOCX, A4) are made of: their styles, figures, pictures and tables."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from geoapp.documents.meeting_pack import BRAND, CARD, EAST_ASIAN, INK, LATIN, SOFT, TAGS, Figure, Picture, Table, clean

WIDE_MM, HIGH_MM, MARGIN_MM = 210, 297, 20
_STYLES = ("Normal", "Title", "Heading 1")
Fills = Mapping[tuple[int, int], str]


def prepare(document: Any, *, title: str, author: str, created: datetime, language: str,
            landscape: bool = False) -> None:  # fmt: skip
    """An empty A4 document in a language (zh or en), with its properties and a page number at the foot."""
    lay(document.sections[0], landscape=landscape)
    about = document.core_properties
    about.title, about.author, about.last_modified_by = clean(title), author, author
    about.created = about.modified = created.replace(tzinfo=None)
    about.language, about.comments, about.revision = TAGS[language], "", 1
    for name in _STYLES:
        style = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
        tag = OxmlElement("w:lang")
        tag.set(qn("w:val" if language == "en" else "w:eastAsia"), TAGS[language])
        style.element.get_or_add_rPr().append(tag)
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _page_number(foot.add_run())


def lay(section: Any, *, landscape: bool) -> None:
    """Lay the pages of a section upright or across."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    wide, high = (HIGH_MM, WIDE_MM) if landscape else (WIDE_MM, HIGH_MM)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)


def put_figures(document: Any, figures: Sequence[Figure]) -> None:
    """Figures as cards, two beside each other."""
    table = document.add_table(rows=-(-len(figures) // 2), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, figure in enumerate(figures):
        cell = table.cell(place // 2, place % 2)
        shade(cell, CARD if (place // 2 + place) % 2 == 0 else "FFFFFF")
        for text, size, colour in ((figure.label, 10, SOFT), (figure.value, 18, BRAND), (figure.remark, 9, SOFT)):
            paragraph = cell.paragraphs[0] if text is figure.label else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(1)
            line(paragraph, text, size, colour, bold=text is figure.value)


def put_picture(paragraph: Any, picture: Picture, wide_mm: float, high_mm: float) -> None:
    """A picture as large as fits into so many millimetres, with what it shows in words."""
    scale = min(wide_mm / picture.wide, high_mm / picture.high)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.image), width=Mm(picture.wide * scale))
    shape._inline.docPr.set("descr", clean(picture.alt))


def put_table(document: Any, table: Table, *, size: float = 9, fills: Fills | None = None) -> None:
    """A table under a heading that is repeated on further pages.

    size: of its letters in points. fills: colours (RRGGBB) of cells, by row (without the heading) and column.
    """
    grid = document.add_table(rows=1, cols=len(table.heading), style="Table Grid")
    for number, row in enumerate((table.heading, *table.rows)):
        cells = grid.rows[0].cells if not number else grid.add_row().cells
        for column, text in enumerate(row):
            _fill_cell(cells[column], text, size, number == 0, column in table.numeric)
            colour = (fills or {}).get((number - 1, column))
            if colour:
                shade(cells[column], colour)
    _share(document.sections[-1], grid, table.shares)
    _repeat(grid.rows[0])


def _fill_cell(cell: Any, text: str, size: float, is_heading: bool, numeric: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line(paragraph, text, size, "FFFFFF" if is_heading else INK, bold=is_heading)
    if is_heading:
        shade(cell, BRAND)


def _share(section: Any, grid: Any, shares: Sequence[float]) -> None:
    room = section.page_width - section.left_margin - section.right_margin
    grid.autofit = not shares
    for column, share in enumerate(shares):
        # Some programs go by the column, others by its cells.
        grid.columns[column].width = int(room * share / sum(shares))
        for cell in grid.columns[column].cells:
            cell.width = int(room * share / sum(shares))


def _repeat(heading: Any) -> None:
    """The heading is repeated where the table goes on on another page."""
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    heading._tr.get_or_add_trPr().append(repeated)


def line(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    """Add a text of so many points in a colour (RRGGBB)."""
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run.font.color.rgb = RGBColor.from_string(colour)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)


def shade(cell: Any, colour: str) -> None:
    """Give a cell its ground."""
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
