"""A report of coverage as a document, read back by the library's own reader and by Word's rules of XML."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from PIL import Image

from geoapp.documents.coverage_report import CoverageReport, Section, coverage_report
from geoapp.documents.meeting_pack import Figure, Picture, Table


def picture(wide: int, high: int) -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), "#9ecae1").save(out, "PNG")
    return Picture(out.getvalue(), "一幅地图", wide, high, "就近范围")


def report(*sections: Section, language: str = "zh") -> CoverageReport:
    return CoverageReport(
        "覆盖情况报告", ["怀柔区", "查询条件"], "一段话。", [Figure("设施", "24", "建成后 26 处")], sections, language,
        "怀柔区", datetime(2026, 5, 4, tzinfo=UTC),
    )  # fmt: skip


def opened(made: CoverageReport) -> Any:
    return Document(io.BytesIO(coverage_report(made)))


def test_everything_stands_in_its_order() -> None:
    matrix = Table(("镇街", "图书馆"), [("西乡", "0 ✗"), ("东镇", "1 ✓")], frozenset({1}), (2, 1))
    read = opened(
        report(
            Section("地图", pictures=[picture(300, 500), picture(300, 500)], notes=["示意"]),
            Section("矩阵", ["一句话"], table=matrix, fills={(0, 1): "F9CFC8"}, wide=True),
            Section("缺项", lists=[("文化室：", "小村、大村")]),
        )
    )

    assert [one.text for one in read.paragraphs if one.style.name.startswith("Heading")] == ["地图", "矩阵", "缺项"]
    assert len(read.inline_shapes) == 2
    assert [[cell.text for cell in row.cells] for row in read.tables[2].rows][1] == ["西乡", "0 ✗"]
    assert 'w:fill="F9CFC8"' in read.tables[2].cell(1, 1)._tc.xml
    assert "文化室：小村、大村" in [one.text for one in read.paragraphs]


def test_wide_tables_lie_on_pages_of_their_own() -> None:
    read = opened(report(Section("一"), Section("二", wide=True), Section("三", wide=True), Section("四")))

    assert [one.orientation for one in read.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT
    ]  # fmt: skip
    assert read.sections[1].page_width > read.sections[1].page_height


@pytest.mark.parametrize(("wide", "high", "columns"), [(300, 500, 2), (500, 300, 1)])
def test_pictures_stay_on_the_paper(wide: int, high: int, columns: int) -> None:
    read = opened(report(Section("地图", pictures=[picture(wide, high)] * 2)))
    room = read.sections[0].page_width - read.sections[0].left_margin - read.sections[0].right_margin

    assert len(read.tables[1].columns) == columns
    assert sum(shape.width for shape in read.inline_shapes) * columns / 2 <= room
    assert all(shape.width / shape.height == pytest.approx(wide / high, rel=0.01) for shape in read.inline_shapes)


def test_letters_that_xml_forbids_are_left_out_and_pictures_say_what_they_show() -> None:
    section = Section("坏\x00字", ["<b>=1+1</b>\ufffe"], pictures=[picture(10, 20)])
    made = coverage_report(report(section, language="en"))
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        text = file.read("word/document.xml").decode()

    assert "&lt;b&gt;=1+1&lt;/b&gt;" in text
    assert 'descr="一幅地图"' in text
