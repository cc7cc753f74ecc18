"""Where a table's heading stands: below notes and titles, above its records."""

from collections.abc import Iterator, Sequence
from typing import Any

LOOKED_AT = 40


def heading_at(rows: Sequence[Sequence[Any]]) -> int | None:
    """The place of the heading among a table's first rows, None if there is none.

    It is the first row with most of the table's columns filled, all by different short texts that are no numbers; a
    title or a note fills one cell, a record has numbers or long texts.
    """
    return next((place for place, texts in _names(rows) if len(set(texts)) == len(texts)), None)


def named_twice(rows: Sequence[Sequence[Any]]) -> str | None:
    """What stands twice in the first row that would be a heading without that; None where there is no such row."""
    twice = (text for _, texts in _names(rows) for place, text in enumerate(texts) if text in texts[:place])
    return next(twice, None)


def _names(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with most of the table's columns filled, all by short texts that are no numbers: place and texts."""
    widest = max((_filled(row) for row in rows), default=0)
    for place, row in enumerate(rows):
        texts = [str(cell).strip() for cell in row if _is_filled(cell)]
        wide = len(texts) >= max(1, round(0.6 * widest)) and (widest < 3 or len(texts) >= 2)
        if wide and all(_is_name(cell) for cell in row if _is_filled(cell)):
            yield place, texts


def is_table(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether there is a heading of several columns with something below it: a sheet of notes has none."""
    place = heading_at(rows)
    return place is not None and _filled(rows[place]) > 1 and any(not is_empty(row) for row in rows[place + 1 :])


def headings(row: Sequence[Any]) -> list[str]:
    """The texts of a heading; a column without one is called by its place."""
    return [str(cell).strip() if _is_filled(cell) else f"column {place}" for place, cell in enumerate(row, start=1)]


def is_empty(row: Sequence[Any]) -> bool:
    """Whether nothing stands in a row."""
    return _filled(row) == 0


def _filled(row: Sequence[Any]) -> int:
    return sum(map(_is_filled, row))


def _is_filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _is_name(cell: Any) -> bool:
    if not isinstance(cell, str) or len(cell) > 40:
        return False
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return True
    return False
