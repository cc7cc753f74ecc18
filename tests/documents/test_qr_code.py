"""QR codes, read by a decoder that this project did not write (zxing-cpp)."""

import re
from xml.etree import ElementTree

import numpy as np
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoapp.documents.qr_code import qr_code

AMAP = ("https://uri.amap.com/marker?position=116.403672,39.910634&name=%E5%A4%A9%E5%AE%89%E9%97%A8&src=geoapp"
        "&coordinate=gaode&callnative=1")  # fmt: skip
PIXELS = 4


def drawn(svg: str) -> NDArray[np.uint8]:
    """The drawing as grey pixels: horizontal strokes, one module high, of a path of relative moves."""
    root = ElementTree.fromstring(svg)
    size = int((root.get("viewBox") or "").split()[2])
    picture = np.full((size, size), 255, np.uint8)
    path = next(one.get("d") or "" for one in root.iter() if one.get("stroke"))
    x, y = 0.0, 0.0
    for command, values in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", values)]
        if command == "h":
            picture[int(y), round(x) : round(x + numbers[0])] = 0
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
    return np.kron(np.pad(picture, 4, constant_values=255), np.ones((PIXELS, PIXELS), np.uint8))


def read(svg: str) -> str:
    (found,) = zxingcpp.read_barcodes(drawn(svg))
    return str(found.text)


def test_another_program_reads_the_address_of_a_place() -> None:
    assert read(qr_code(AMAP)) == AMAP


def test_it_is_read_although_a_thumb_covers_a_part_of_it() -> None:
    covered = drawn(qr_code(AMAP))
    middle = covered.shape[0] // 2
    covered[middle : middle + 10 * PIXELS, middle : middle + 10 * PIXELS] = 128

    assert [found.text for found in zxingcpp.read_barcodes(covered)] == [AMAP]


def test_it_brings_neither_style_nor_script_nor_size_into_a_page() -> None:
    svg = qr_code(AMAP)

    assert "style" not in svg
    assert "script" not in svg
    assert ElementTree.fromstring(svg).get("width") is None


@settings(max_examples=25)
@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=20, max_size=200))
def test_every_address_comes_back_as_it_was(text: str) -> None:
    assert read(qr_code(f"https://{text}")) == f"https://{text}"
