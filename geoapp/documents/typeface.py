"""The shipped open typeface: Noto Sans SC, as about a hundred files that each hold some of its characters."""

import json
import re
import threading
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import ImageDraw, ImageFont

MISSING = "□"
ELLIPSIS = "…"
REGULAR, BOLD = 400, 650
# A Chinese character, a word of any other script, or space between them.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_BREAKS = re.compile(rf"[{_CJK}]|[^\s{_CJK}]+|\s+")


@dataclass
class Typeface:
    """Draws and measures text with the files of a folder (*.woff2 and unicode.json, as the npm package has them).

    FreeType must not be used on one file by two threads at once: one lock guards all of them.
    """

    folder: Path
    files: dict[int, str]
    _fonts: dict[tuple[str, int, int], Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

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

        halo: a white rim of so many pixels.
        """
        x, y = at
        x -= self.width(text, size, weight) * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        rim: dict[str, Any] = {"stroke_width": halo, "stroke_fill": "#ffffff"} if halo else {}
        with self._lock:
            for name, run in self._runs(text):
                font = self._font(name, size, weight)
                canvas.text((x, y + (0.36 * size if anchor[1] == "m" else 0)), run, fill, font, anchor="ls", **rim)
                x += font.getlength(run)
        return x

    def cut(self, text: str, size: int, width: float, weight: int = REGULAR) -> str:
        """The text, shortened with an ellipsis where it is wider than so many pixels."""
        if self.width(text, size, weight) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(text[:middle].rstrip() + ELLIPSIS, size, weight) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return text[:low].rstrip() + ELLIPSIS

    def wrapped(self, text: str, size: int, width: float, *, lines: int, weight: int = REGULAR) -> list[str]:
        """The text in at most so many lines, broken between Chinese characters and at spaces, the last one cut."""
        made, line = [], ""
        parts = self.parts(text)
        for place, part in enumerate(parts):
            if line and self.width(line + part, size, weight) > width:
                made.append(line.rstrip())
                line = part.lstrip()
                if len(made) == lines - 1:
                    line += "".join(parts[place + 1 :])
                    break
            else:
                line += part
        return [self.cut(one, size, width, weight) for one in [*made, line.rstrip()] if one] or [""]

    @staticmethod
    def parts(text: str) -> list[str]:
        """What of a text must stay on one line: Chinese characters one by one, words whole."""
        return _BREAKS.findall(text) or [text]

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """The text in pieces that one file each can draw."""
        missing = self.files.get(ord(MISSING), "")
        named = [(self.files.get(ord(character)), character) for character in text if character.isprintable()]
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


def _codes(part: str) -> range:
    """The code points of U+4e00-4e0f or U+4e00."""
    first, _, last = part.strip().removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)
