"""Pictures in the cells of workbooks: those anchored over cells, and those that WPS sets into them."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from PIL import Image as Pillow

from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (4, 4), colour).save(out, "PNG")
    return out.getvalue()


def read(path: Path) -> tuple[list[str], list[Row]]:
    with open_source(path) as source:
        rows = list(source.rows())
        return list(map(str, source.remarks)), rows


def ledger(path: Path, *anchors: tuple[str, str], cells: tuple[str | None, ...] = (None, None)) -> Path:
    """A ledger with two problems; anchors: a cell, and the colour of the picture over it."""
    book = openpyxl.Workbook()
    book.active.append(["编号", "存在问题", "照片"])
    for number, cell in enumerate(cells, start=1):
        book.active.append([f"A-{number}", "垃圾满溢", cell])
    for at, colour in anchors:
        book.active.add_image(Image(io.BytesIO(png(colour))), at)
    book.save(path)
    return path


def with_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """The archive with more parts, or others in place of those that it has."""
    with zipfile.ZipFile(path) as archive:
        known = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (known | parts).items():
            archive.writestr(name, content)
    return path


def cell_images(target: str, mode: str = "") -> dict[str, bytes]:
    """What WPS adds for a picture in a cell."""
    image = (
        f'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" xmlns:xdr="{DRAWING}/x"'
        f' xmlns:a="{DRAWING}/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_7F"/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    listing = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{IMAGE}" Target="{target}"{mode}/>'
        "</Relationships>"
    )
    return {"xl/cellimages.xml": image.encode(), "xl/_rels/cellimages.xml.rels": listing.encode()}


def test_pictures_belong_to_the_rows_over_which_they_are_anchored(tmp_path: Path) -> None:
    file = ledger(tmp_path / "a.xlsx", ("C3", "red"), ("C2", "blue"), ("D3", "green"), ("C1", "white"))
    remarks, rows = read(file)

    assert [[picture.read() for picture in row.pictures] for row in rows] == [[png("blue")], [png("red"), png("green")]]
    assert remarks == []


def test_pictures_that_wps_sets_into_cells_are_found_by_their_ids(tmp_path: Path) -> None:
    file = ledger(tmp_path / "a.xlsx", cells=('=DISPIMG("ID_7F",1)', '=_xlfn.DISPIMG("ID_unknown",1)'))
    # openpyxl writes a formula without the value that WPS keeps beside it.
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    for id in ("ID_7F", "ID_unknown"):
        for name in ("DISPIMG", "_xlfn.DISPIMG"):
            shown = f"=DISPIMG(&quot;{id}&quot;,1)"
            sheet = sheet.replace(f'<f>{name}("{id}",1)</f><v />', f"<f>{name}(&quot;{id}&quot;,1)</f><v>{shown}</v>")
            sheet = sheet.replace(f'<f>{name}("{id}",1)</f><v></v>', f"<f>{name}(&quot;{id}&quot;,1)</f><v>{shown}</v>")
    sheet = sheet.replace("><f>", ' t="str"><f>')
    more = cell_images("media/one.png") | {"xl/media/one.png": png("red"), "xl/worksheets/sheet1.xml": sheet.encode()}
    _, rows = read(with_parts(file, more))

    assert [[picture.read() for picture in row.pictures] for row in rows] == [[png("red")], []]
    assert [row.values["照片"] for row in rows] == [None, None]


@pytest.mark.parametrize(
    "parts",
    [
        cell_images("https://elsewhere.example/a.png", ' TargetMode="External"'),
        cell_images("../../../../etc/passwd"),
        cell_images("media/none.png"),
        cell_images("media/a.emf") | {"xl/media/a.emf": b"\x01\x00\x00\x00" + b"\0" * 100},
    ],
)
def test_what_lies_elsewhere_or_is_no_picture_is_left_and_told(tmp_path: Path, parts: dict[str, bytes]) -> None:
    remarks, rows = read(with_parts(ledger(tmp_path / "a.xlsx"), parts))

    assert [row.pictures for row in rows] == [(), ()]
    assert remarks == [
        "1 pictures could not be read: they are damaged, too large, of another kind, or not in the file."
    ]


def test_entities_in_a_drawing_are_not_followed(tmp_path: Path) -> None:
    file = ledger(tmp_path / "a.xlsx", ("C2", "red"))
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    _, rows = read(with_parts(file, {"xl/drawings/drawing1.xml": bomb}))

    assert [row.number for row in rows] == [2, 3]
    assert not any(row.pictures for row in rows)
