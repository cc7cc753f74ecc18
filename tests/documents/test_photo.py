"""Photos made ready for a document."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geoapp.documents.photo import LARGEST_PX, LONGEST_SIDE, document_photo


def photo(size: tuple[int, int], kind: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, kind, **more)
    return out.getvalue()


def test_a_photo_becomes_a_smaller_jpeg_of_the_same_proportions() -> None:
    made = document_photo(photo((4_000, 3_000)))

    assert made is not None
    image, wide, high = made
    assert (wide, high) == (LARGEST_PX, LARGEST_PX * 3 // 4)
    assert Image.open(io.BytesIO(image)).size == (wide, high)


def test_a_photo_is_turned_upright_and_loses_what_the_camera_wrote() -> None:
    written = Image.Exif()
    written[0x0112], written[0x010F] = 6, "a camera"  # turned by 90 degrees; its maker
    made = document_photo(photo((400, 300), exif=written))

    assert made is not None
    assert made[1:] == (300, 400)
    assert not Image.open(io.BytesIO(made[0])).getexif()


def test_a_picture_made_to_fill_the_memory_is_none() -> None:
    assert document_photo(photo((20_000, 8_000), "PNG")) is None


@given(st.binary(max_size=200))
def test_what_is_no_picture_is_none(content: bytes) -> None:
    assert document_photo(content) is None


def test_a_picture_cut_off_is_none() -> None:
    assert document_photo(photo((400, 300))[:200]) is None


def test_a_picture_of_one_endless_line_is_none() -> None:
    for size in ((LONGEST_SIDE + 1, 1), (1, LONGEST_SIDE + 1)):
        assert document_photo(photo(size, "PNG")) is None


@settings(max_examples=300)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    flips=st.lists(st.tuples(st.integers(0, 299), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_a_damaged_file_is_a_picture_or_none_but_no_fault(kind: str, flips: list[tuple[int, int]]) -> None:
    written = Image.Exif()
    written[0x0112], written[0x010F], written[0x8825] = 6, "a camera", {1: "N", 2: (1.0, 2.0, 3.0)}
    content = bytearray(photo((40, 30), kind, exif=written))
    for place, value in flips:
        content[place % len(content)] = value

    made = document_photo(bytes(content))

    assert made is None or max(made[1:]) <= LARGEST_PX
