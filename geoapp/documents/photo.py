"""Photos made ready for a document: upright, small enough, and without what a camera wrote into them."""

import io
import warnings

from PIL import Image, ImageOps

LARGEST_PX = 1_600
# More pixels than any camera of an office takes: such a file was made to fill the memory.
MOST_PIXELS = 120_000_000
# Every line costs memory of its own: a picture one pixel wide may take gigabytes.
LONGEST_SIDE = 50_000


def document_photo(content: bytes) -> tuple[bytes, int, int] | None:
    """A JPEG of at most LARGEST_PX pixels, its width and height; None for what is no picture that can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP"))
            if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Exception:  # a file that was damaged on purpose makes readers of pictures stumble in many ways
        return None
    upright.thumbnail((LARGEST_PX, LARGEST_PX))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue(), upright.width, upright.height


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture of ours, in pixels."""
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.width, opened.height
