"""The shipped open typeface: Noto Sans SC, as about a hundred files that each hold some of its characters."""

import json
import re
import threading
from bisect import bisect_right
from collections import deque
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import category

from PIL import ImageDraw, ImageFont

MISSING = "□"
ELLIPSIS = "…"
REGULAR, BOLD = 400, 650
HALO = "#ffffff"
# A Chinese character, a word of any other script, or space between them; marks that open a phrase stay with what
# follows them, marks that close one with what is before.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_OPENING, _CLOSING = "（《〈「『【〔“‘", "，。、；：？！）》〉」』】〕”’％"
_BREAKS = re.compile(rf"[{_OPENING}]*(?:[{_CJK}]|[^\s{_CJK}]+)[{_CLOSING}]*|\s+")
_VARIANTS = range(0xFE00, 0xFE10)
_SHAPELESS = {"Cc", "Cf", "Cs"}


class Typeface:
    """Draws and measures text with the files of a folder (*.woff2 and unicode.json, as the npm package has them).

    FreeType must not be used on one file by two threads at once: one lock guards all of them.
    """

    def __init__(self, folder: Path, files: dict[int, str]) -> None:
        self.folder = folder
        self.files = files
        self._fonts: dict[tuple[str, int, int], Any] = {}
        self._lock = threading.RLock()

    @classmethod
    def load(cls, folder: Path) -> "Typeface":
        """Read which file holds which characters; the files themselves are opened when they are needed."""
        known: dict[str, str] = json.loads((folder / "unicode.json").read_text("utf-8"))
        # Where two files claim a character the Latin ones have it: they come last, and overwrite.
        files = {
            code: f"noto-sans-sc-{name.strip('[]')}-wght-normal.woff2"
            for name, text in known.items()
            for part in text.split(",")
            for code in _codes(part)
        }
        return cls(folder, files)

    def width(self, text: str, size: int, weight: int = REGULAR) -> float:
        """How wide the text is drawn, in pixels."""
        with self._lock:
            return float(sum(self._font(name, size, weight).getlength(run) for name, run in self._runs(text)))

    def draw(self, canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, fill: str, *,
             weight: int = REGULAR, anchor: str = "ls", halo: int = 0) -> float:  # fmt: skip
        """Draw at a point, anchored as Pillow names it (l, m or r; s for the baseline, m for the middle); the end's x.

        halo: a white rim of so many pixels. What no file has is drawn as a box.
        """
        x, y = at
        x -= self.width(text, size, weight) * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        y += 0.36 * size if anchor[1] == "m" else 0
        with self._lock:
            placed = []
            for name, run in self._runs(text):
                font = self._font(name, size, weight)
                placed.append(((x, y), run, font))
                x += font.getlength(run)
            # All of the rim comes first: a run's rim would lie on the end of the run before.
            for place, run, font in placed if halo else ():
                canvas.text(place, run, HALO, font, anchor="ls", stroke_width=halo, stroke_fill=HALO)
            for place, run, font in placed:
                canvas.text(place, run, fill, font, anchor="ls")
        return x

    def cut(self, text: str, size: int, width: float, weight: int = REGULAR) -> str:
        """The text, shortened with an ellipsis where it is wider than so many pixels; at least the ellipsis."""
        if self.width(text, size, weight) <= width:
            return text
        # Measured together: the ellipsis has another width after Latin letters than after Chinese characters.
        counts = range(1, len(text) + 1)
        fitting = bisect_right(
            counts, width, key=lambda count: self.width(text[:count].rstrip() + ELLIPSIS, size, weight)
        )
        return text[:fitting].rstrip() + ELLIPSIS

    def wrapped(self, text: str, size: int, width: float, *, lines: int, weight: int = REGULAR) -> list[str]:
        """The text in at most so many lines, the last one cut where there is more.

        Broken at spaces and between Chinese characters; inside a word only where it is wider than a line.
        """
        made: list[str] = []
        line, used = "", 0.0
        left = deque(self.parts(text.strip()))
        while left:
            part = left.popleft()
            wide = self.width(part, size, weight)
            if used + wide <= width:
                line, used = line + part, used + wide
                continue
            if len(made) == lines - 1:
                return [*made, self.cut(line + part + "".join(left), size, width, weight)]
            if not line:
                fitting = max(self._fitting(part, size, width, weight), 1)
                line, part = part[:fitting], part[fitting:]
            made.append(line.rstrip())
            left.extendleft([part] if part.strip() else [])
            line, used = "", 0.0
        return [*made, line.rstrip()] if line or not made else made

    def _fitting(self, text: str, size: int, width: float, weight: int) -> int:
        """How many characters from the beginning are no wider than so many pixels."""
        return bisect_right(range(1, len(text) + 1), width, key=lambda count: self.width(text[:count], size, weight))

    @staticmethod
    def parts(text: str) -> list[str]:
        """What of a text must stay on one line: Chinese characters one by one, words whole."""
        return _BREAKS.findall(text) or [text]

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """The text in pieces that one file each can draw."""
        missing = self.files.get(ord(MISSING), "")
        named = [(self.files.get(ord(character)), character) for character in _shown(text)]
        shown = [(name, character) if name else (missing, MISSING) for name, character in named]
        return [
            (name, "".join(character for _, character in run))
            for name, run in groupby(shown, key=lambda pair: pair[0])
            if name
        ]

    def _font(self, name: str, size: int, weight: int) -> Any:
        key = (name, size, weight)
        if key not in self._fonts:
            font = ImageFont.truetype(self.folder / name, size)
            font.set_variation_by_axes([weight])
            self._fonts[key] = font
        return self._fonts[key]


def _shown(text: str) -> str:
    """Any space as a space; without what has no shape of its own: controls, joiners, choices of a variant."""
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(one for one in spaced if category(one) not in _SHAPELESS and ord(one) not in _VARIANTS)


def _codes(part: str) -> range:
    """The code points of U+4e00-4e0f or U+4e00."""
    first, _, last = part.strip().removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
