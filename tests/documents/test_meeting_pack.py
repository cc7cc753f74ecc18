"""The meeting pack as slides and as a report."""

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from geoapp.documents.meeting_pack import Figure, MeetingPack, Page, Picture, Table
from geoapp.documents.meeting_report import report
from geoapp.documents.meeting_slides import ROWS_A_SLIDE, slides


def picture(wide: int = 300, high: int = 200, caption: str = "龙山街道: 12") -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), "#fd8d3c").save(out, "PNG")
    return Picture(out.getvalue(), "一幅热力图", wide, high, caption)


def table(rows: int) -> Table:
    return Table(("单位", "数"), [(f"责任单位 {row}", str(row)) for row in range(rows)], frozenset({1}))


FIGURES = [Figure(f"指标 {number}", f"{number * 11} %", "259 / 449 · 比上期 −31.9 个百分点") for number in range(10)]
PAGES = {
    "ten figures": Page("十个数", "近三十天。", figures=FIGURES),
    "one picture": Page("热力图", "一句话。", pictures=[picture()]),
    "two pictures": Page("两个时期", pictures=[picture(), picture()]),
    "nine pictures": Page("九类", pictures=[picture() for _ in range(9)]),
    "six tall pictures": Page("六幅", pictures=[picture(200, 400) for _ in range(6)]),
    "picture and table": Page("热点", pictures=[picture()], table=table(10)),
    "short table": Page("排名", table=table(3)),
    "long table": Page("排名", table=table(40)),
    "a great deal of text": Page("很长" * 60, "很长的一句话。" * 60, figures=FIGURES[:1], notes=["来源" * 200]),
}


def pack(*pages: Page, language: str = "zh") -> MeetingPack:
    noted = [replace(page, notes=page.notes or ("数据截至 2026-05-04", "边界为示意")) for page in pages]
    return MeetingPack(
        "怀柔区：问题与热点", "全部\n截至 2026-05-04", noted, language, "怀柔区", datetime(2026, 5, 4, tzinfo=UTC)
    )


def opened(made: bytes) -> Any:
    return Presentation(io.BytesIO(made))


def test_each_page_is_a_slide_with_its_title() -> None:
    deck = opened(slides(pack(PAGES["ten figures"], PAGES["one picture"])))

    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == ["怀柔区：问题与热点", "十个数", "热力图"]
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9, rel=0.001)
    assert (deck.core_properties.author, deck.core_properties.last_modified_by) == ("怀柔区", "怀柔区")


def edges(shape: Any) -> tuple[int, ...]:
    """Left, top, right and bottom, less what rounding to the file's units may add."""
    return shape.left + 9, shape.top + 9, shape.left + shape.width - 9, shape.top + shape.height - 9


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overlaps_or_leaves_the_slide(name: str) -> None:
    deck = opened(slides(pack(PAGES[name])))
    for slide in list(deck.slides)[1:]:
        boxes = [edges(shape) for shape in slide.shapes]
        assert all(left >= 0 and top >= 0 for left, top, *_ in boxes)
        assert all(right <= deck.slide_width and bottom <= deck.slide_height for *_, right, bottom in boxes)
        # A card holds its own texts; nothing else lies on anything.
        cards = {number for number, shape in enumerate(slide.shapes) if shape.name.startswith("Rectangle")}
        for one, first in enumerate(boxes):
            for other, second in enumerate(boxes[:one]):
                apart = first[0] >= second[2] or second[0] >= first[2] or first[1] >= second[3] or second[1] >= first[3]
                assert apart or other in cards, (name, one, other)


def test_every_figure_and_note_is_on_its_slide() -> None:
    slide = opened(slides(pack(PAGES["ten figures"]))).slides[1]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]

    assert {figure.value for figure in FIGURES} <= set(texts)
    assert "数据截至 2026-05-04  ·  边界为示意" in texts


def test_pictures_keep_their_proportions_and_tell_what_they_show() -> None:
    for name in ("two pictures", "nine pictures", "six tall pictures"):
        slide = opened(slides(pack(PAGES[name]))).slides[1]
        drawn = [shape for shape in slide.shapes if shape.shape_type == 13]
        wanted = PAGES[name].pictures
        assert len(drawn) == len(wanted)
        assert all(
            shape.width / shape.height == pytest.approx(wanted[0].wide / wanted[0].high, rel=0.01) for shape in drawn
        )
        assert {shape._element._nvXxPr.cNvPr.get("descr") for shape in drawn} == {"一幅热力图"}


def test_a_long_table_continues_with_its_heading() -> None:
    deck = opened(slides(pack(PAGES["long table"])))
    found = [next(shape.table for shape in slide.shapes if shape.has_table) for slide in list(deck.slides)[1:]]

    assert [slide.shapes.title.text_frame.text for slide in deck.slides][1:] == [
        "排名 (1/3)",
        "排名 (2/3)",
        "排名 (3/3)",
    ]
    assert {grid.cell(0, 0).text_frame.text for grid in found} == {"单位"}
    rows = [grid.cell(row, 1).text_frame.text for grid in found for row in range(1, len(grid.rows))]
    assert rows == [str(row) for row in range(40)]
    assert max(len(grid.rows) for grid in found) == ROWS_A_SLIDE + 1


def test_chinese_has_a_typeface_and_a_language() -> None:
    run = opened(slides(pack(PAGES["one picture"]))).slides[1].shapes.title.text_frame.paragraphs[0].runs[0]

    assert run._r.rPr.get("lang") == "zh-CN"
    assert 'typeface="Microsoft YaHei"' in run._r.xml


def test_a_report_has_every_page_with_its_heading_pictures_and_table() -> None:
    document = Document(io.BytesIO(report(pack(*PAGES.values()))))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]

    assert headings == [page.title for page in PAGES.values()]
    assert len(document.inline_shapes) == 1 + 2 + 9 + 6 + 1
    assert any(cell.text == "责任单位 39" for grid in document.tables for row in grid.rows for cell in row.cells)
    assert document.core_properties.author == "怀柔区"
    (repeated,) = {grid.rows[0]._tr.xml.count("<w:tblHeader") for grid in document.tables if len(grid.rows) == 41}
    assert repeated == 1


@pytest.mark.parametrize("draw", [slides, report])
def test_what_xml_forbids_is_left_out_and_formulas_stay_text(draw: Callable[[MeetingPack], bytes]) -> None:
    made = draw(pack(Page("a\x00b\x0b", "=1+1", table=Table(("\x01",), [("<b>&",)]))))

    text = str(
        [shape.text_frame.text for shape in opened(made).slides[1].shapes if shape.has_text_frame]
        if draw is slides
        else [paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs]
    )
    assert "'ab'" in text
    assert "=1+1" in text


@pytest.mark.parametrize(("draw", "ending", "pages"), [(slides, "pptx", 12), (report, "docx", 9)])
def test_the_files_open_in_libreoffice(
    draw: Callable[[MeetingPack], bytes], ending: str, pages: int, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / f"pack.{ending}").write_bytes(draw(pack(*PAGES.values())))
    command = [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf",
               "--outdir", str(tmp_path), str(tmp_path / f"pack.{ending}")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    read = PdfReader(tmp_path / "pack.pdf")

    assert len(read.pages) >= pages
    # Words are cut where lines end: letters are compared.
    assert "责任单位39" in "".join(page.extract_text() for page in read.pages).replace(" ", "").replace("\n", "")
