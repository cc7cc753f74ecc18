"""A meeting pack as values, and what its slides and its report both need to know of texts, columns and files."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from PIL import Image

BRAND, INK, SOFT, CARD, PAPER = "12506B", "1C2B33", "4C5D68", "EAF1F4", "FFFFFF"
LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
TAGS = {"zh": "zh-CN", "en": "en-GB"}
# Lines stand so far apart, in heights of their letters, in any typeface that the reader's machine has.
LINE_EM = 1.25
# No column is planned wider than this: longer texts are wrapped.
WIDEST_EM, NARROWEST_EM = 36.0, 3.0
# Both libraries refuse a longer title in a file's properties.
LONGEST_PROPERTY = 255
# What tells of the template that the libraries start with: its thumbnail, program and printer.
_TEMPLATE_ONLY = ("/thumbnail", "/extended-properties", "/printerSettings")
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs and two that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A line may end after spaces, after a hyphen or slash within a word, and beside any Chinese character.
_PIECES = re.compile("[ \t]+|[\u2e80-\uffef]|[^ \t\u2e80-\uffef/-]*[/-]|[^ \t\u2e80-\uffef/-]+")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with what it shows in words, for those who cannot see it, and the caption below it."""

    png: bytes
    alt: str
    caption: str = ""

    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        with Image.open(io.BytesIO(self.png)) as opened:
            return opened.width, opened.height


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows are as long as its heading. numeric: the columns aligned right, from 0."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """One big number, written out with its unit, its name and a remark such as its denominator."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to be told. notes: the small print, one a line, such as the date of the data and the denominator."""

    title: str
    sentence: str = ""
    figures: Sequence[Figure] = ()
    pictures: Sequence[Picture] = ()
    table: Table | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole pack. language: zh or en. created: a moment without a zone is taken for UTC."""

    title: str
    subtitle: str
    pages: Sequence[Page]
    language: str
    author: str = "geoapp"
    created: datetime = field(kw_only=True)


def clean(text: str) -> str:
    """A text without what XML forbids, its lines divided by line feeds alone."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")


def in_one_line(text: str) -> str:
    """A clean text without line breaks, as titles are."""
    return " ".join(clean(text).split())


def width_em(text: str) -> float:
    """About how wide a text is, in heights of its letters: 1 for a Chinese character, 0.55 for a Latin one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.55 for letter in text)


def wrapped(text: str, room_em: float) -> list[str]:
    """The lines into which a clean text falls in so much room; a line that a break ends keeps it."""
    lines = [line for part in text.split("\n") for line in (*_lines(part, room_em), "\n")]
    joined: list[str] = []
    for line in lines[:-1]:
        if line == "\n":
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _lines(part: str, room_em: float) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _PIECES.findall(part):
        whole = [piece] if width_em(piece) <= room_em else piece
        for bit in whole:
            wide = width_em(bit)
            if line and used + wide > room_em and not bit.isspace():
                yield line
                line, used = "", 0.0
            line, used = line + bit, used + wide
    yield line


def shortened(text: str, room_em: float, most: int) -> str:
    """A clean text, cut with an ellipsis where it would need more than so many lines."""
    lines = wrapped(text, room_em)
    return text if len(lines) <= most else "".join(lines[:most]).rstrip()[:-2] + "…"


def widest(table: Table) -> list[float]:
    """What each column asks for, in heights of its letters."""
    rows = (table.heading, *table.rows)
    return [
        max(NARROWEST_EM, *(min(width_em(line), WIDEST_EM) for row in rows for line in clean(row[column]).split("\n")))
        for column in range(len(table.heading))
    ]


def shared_out(asked: Sequence[float], room: float) -> list[float]:
    """Widths that fill a room: narrow columns get what they ask for, the widest divide what they must give up."""
    widths, left = [0.0] * len(asked), room
    for done, column in enumerate(sorted(range(len(asked)), key=asked.__getitem__)):
        widths[column] = min(asked[column], left / (len(asked) - done))
        left -= widths[column]
    return [width * room / sum(widths) for width in widths]


def say_about(file: Any, pack: Pack) -> None:
    """Title, author, moment and language into the properties of a presentation or document, and nothing else."""
    about, moment = file.core_properties, pack.created
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    about.title = in_one_line(pack.title)[:LONGEST_PROPERTY]
    about.author = about.last_modified_by = in_one_line(pack.author)[:LONGEST_PROPERTY]
    about.created = about.modified = moment
    about.language, about.comments, about.revision = TAGS[pack.language], "", 1


def sealed(file: Any) -> bytes:
    """A presentation or document as bytes that are the same whenever its content is, without its template's traces."""
    for owner in (file.part.package, file.part):
        relations = owner._rels if hasattr(owner, "_rels") else owner.rels
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_TEMPLATE_ONLY)]:
            relations.pop(key)
    saved, out = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            # A member made from its name alone is dated 1980, not now.
            written.writestr(zipfile.ZipInfo(name), read.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
