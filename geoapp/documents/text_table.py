"""A table as plain text for a terminal, aligned also where Chinese characters take two columns."""

import unicodedata
from collections.abc import Collection, Sequence

GAP = "  "


def text_table(heading: Sequence[str], rows: Sequence[Sequence[str]], numeric: Collection[int] = ()) -> str:
    """Lines of text; numeric: the columns that are aligned to the right."""
    lines = [list(heading), *(list(row) for row in rows)]
    widths = [max(columns_wide(line[at]) for line in lines) for at in range(len(heading))]
    rule = ["-" * width for width in widths]
    return "\n".join(_line(line, widths, numeric) for line in (lines[0], rule, *lines[1:]))


def columns_wide(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Collection[int]) -> str:
    padded = []
    for at, (text, width) in enumerate(zip(cells, widths, strict=True)):
        room = " " * (width - columns_wide(text))
        padded.append(room + text if at in numeric else text + room)
    return GAP.join(padded).rstrip()
