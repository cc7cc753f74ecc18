"""A meeting pack: pages of numbers, pictures and tables, which slides and a report lay out each in its own way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

BRAND, INK, SOFT, CARD = "12506B", "1C2B33", "4C5D68", "EAF1F4"
LATIN, EAST_ASIAN = "Calibri", "Microsoft YaHei"
TAGS = {"zh": "zh-CN", "en": "en-GB"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG with what it shows in words, and its caption. wide, high: its pixels."""

    image: bytes
    alt: str
    wide: int
    high: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; numeric: the columns that are aligned to the right; shares: how wide each column is, () for alike."""

    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    shares: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and a remark, such as what it is counted among."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to be said: title, a sentence, then figures, pictures or a table; notes are its small print."""

    title: str
    sentence: str = ""
    figures: Sequence[Figure] = ()
    pictures: Sequence[Picture] = ()
    table: Table | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """The whole pack. language: zh or en. landscape: how a report lies; slides always do."""

    title: str
    subtitle: str
    pages: Sequence[Page]
    language: str
    author: str
    created: datetime
    landscape: bool = False


def clean(text: str) -> str:
    """A text without the characters that no XML may hold."""
    return _FORBIDDEN.sub("", text)


def width_em(text: str) -> float:
    """About how wide a text is, in heights of its letters: a Chinese character is 1, others about half of it."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.55 for letter in text)
