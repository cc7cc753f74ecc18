"""A report of coverage (DOCX, A4) as an office hands it in: what was found first, then its maps, tables and names."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from geoapp.documents.meeting_pack import BRAND, INK, SOFT, Figure, Picture, Table
from geoapp.documents.report_parts import (
    MARGIN_MM,
    WIDE_MM,
    Fills,
    lay,
    line,
    prepare,
    put_figures,
    put_picture,
    put_table,
)

ROOM_MM = WIDE_MM - 2 * MARGIN_MM
TALLEST_MM, GAP_MM = 125, 4
SMALL_PT = 8


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and what stands under it, in this order. lists: names under what they belong to.

    fills: colours of the table's cells. wide: on pages of its own that lie across, for tables of many columns.
    """

    title: str
    sentences: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    table: Table | None = None
    fills: Fills = field(default_factory=dict)
    lists: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    wide: bool = False


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """The whole report. subtitle: district, day, question; summary: one paragraph in plain words. language: zh, en."""

    title: str
    subtitle: Sequence[str]
    summary: str
    figures: Sequence[Figure]
    sections: Sequence[Section]
    language: str
    author: str
    created: datetime


def coverage_report(report: CoverageReport) -> bytes:
    """The report as a document."""
    document = Document()
    prepare(document, title=report.title, author=report.author, created=report.created, language=report.language)
    line(document.add_paragraph(style="Title"), report.title, 24, BRAND, bold=True)
    for text in report.subtitle:
        _close(document, text, 11, SOFT)
    line(document.add_paragraph(), report.summary, 12, INK)
    put_figures(document, report.figures)
    lies = False
    for section in report.sections:
        if section.wide is not lies:
            lay(document.add_section(WD_SECTION.NEW_PAGE), landscape=section.wide)
            lies = section.wide
        _put(document, section)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _put(document: Any, section: Section) -> None:
    heading = document.add_heading(level=1)
    line(heading, section.title, 15, BRAND, bold=True)
    for text in section.sentences:
        line(document.add_paragraph(), text, 11, INK)
    if section.pictures:
        _pictures(document, section.pictures)
    if section.table:
        put_table(document, section.table, size=SMALL_PT, fills=section.fills)
        _close(document, "", SMALL_PT, SOFT)
    for text, names in section.lists:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(3)
        line(paragraph, text, 10, INK, bold=True)
        line(paragraph, names, 10, INK)
    for text in section.notes:
        _close(document, text, 9, SOFT)


def _pictures(document: Any, pictures: Sequence[Picture]) -> None:
    """Below each other, or where they are higher than wide beside each other."""
    columns = len(pictures) if all(one.high > one.wide for one in pictures) else 1
    table = document.add_table(rows=-(-len(pictures) // columns), cols=columns)
    for place, picture in enumerate(pictures):
        cell = table.cell(place // columns, place % columns)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
        put_picture(cell.paragraphs[0], picture, ROOM_MM / columns - GAP_MM, TALLEST_MM)
        caption = cell.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line(caption, picture.caption, 9, SOFT)


def _close(document: Any, text: str, size: float, colour: str) -> None:
    """A line with little room below it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    line(paragraph, text, size, colour)
