"""A small curve beside a table: what each further facility adds."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 26, 22


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the curve in the units of the picture; count: facilities; text: its value in words."""

    x: float
    y: float
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The curve. line: its points as SVG writes them; labelled: the dots whose values fit beside them."""

    width: int
    height: int
    floor: int
    line: str
    dots: tuple[Dot, ...]
    labelled: frozenset[int]


def chart(first: float | None, totals: Sequence[float], texts: Sequence[str]) -> Chart:
    """A curve of totals after 1, 2, … facilities, from what is there without any, where that is known.

    texts: of all values, the first one included where there is one.
    """
    values = [*([] if first is None else [first]), *totals]
    counts = list(range(0 if first is not None else 1, len(totals) + 1))
    low, high = min(values), max(values)
    wide = WIDTH - LEFT - RIGHT
    dots = tuple(
        Dot(
            x=round(LEFT + wide * place / max(len(values) - 1, 1), 1),
            y=round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / ((high - low) or 1.0), 1),
            count=count,
            text=text,
        )
        for place, (value, count, text) in enumerate(zip(values, counts, texts, strict=True))
    )
    every = max(1, -(-len(dots) // 5))
    last = len(dots) - 1
    labelled = frozenset(place for place in range(len(dots)) if place == last or _fits(place, every, last))
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Chart(WIDTH, HEIGHT, HEIGHT - BOTTOM, line, dots, labelled)


def _fits(place: int, every: int, last: int) -> bool:
    """Whether its value has room before that of the last."""
    return place % every == 0 and last - place >= every
