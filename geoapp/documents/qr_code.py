"""QR codes as drawings inside a page: sharp on paper at any size."""

import segno

# A seventh of the code may be lost to a fold or a thumb.
LEVEL = "m"
# The standard asks for four modules of white around; the papers leave two of them to the margin beside the code.
QUIET = 2


def qr_code(text: str) -> str:
    """The code of a text as an SVG element without size, style or script of its own."""
    drawn: str = segno.make(text, error=LEVEL, micro=False).svg_inline(
        omitsize=True, border=QUIET, svgclass="qr", lineclass=None, light="#fff"
    )
    return drawn
