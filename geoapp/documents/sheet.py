"""A sheet of rows under headings: what becomes a spreadsheet, a text file or a picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. kind: text, id (digits that are no number), number, share (0..1), day or moment."""

    name: str
    heading: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with one cell a column; notes (sources, licences, remarks) go beside them, under their own title."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[str] = ()
    notes_title: str = "About"
