"""Finding places by what somebody remembers of their names."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

# Characters with several readings multiply: no name is kept under more spellings than this.
MOST_SPELLINGS = 16
# What separates names in the long texts that are searched; no typed text contains it.
BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Named:
    """A place with its names. rank: places of a lower one come first where they match equally well."""

    layer: str
    id: str
    name: str
    name_en: str | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names as four long texts, each with the place that every line belongs to; searching is one scan of each."""

    named: Sequence[Named]
    _names: "_Lines"
    _words: "_Lines"
    _initials: "_Lines"
    _syllables: "_Lines"

    @classmethod
    def of(cls, entries: Iterable[Named]) -> "NameIndex":
        """An index over these places."""
        named = sorted(entries, key=lambda one: (one.rank, len(one.name), one.name, one.id))
        return cls(
            named,
            _Lines.of([fold(one.name)] for one in named),
            _Lines.of([fold(one.name_en or ""), *_tails(fold(one.name_en or ""))] for one in named),
            _Lines.of(_spelt(one.name, Style.FIRST_LETTER) for one in named),
            _Lines.of(_spelt(one.name, Style.NORMAL) for one in named),
        )

    def find(self, text: str, limit: int = 12) -> list[Named]:
        """Places whose name is the text, begins with it, contains it, or is so abbreviated, in this order.

        Chinese names are found by any of their characters in a row, by pinyin initials from the first character on,
        and by whole pinyin without tones; English names by the beginning of any word. Case, width and accents count
        for nothing.
        """
        wanted = fold(text)
        if not wanted:
            return []
        found: dict[int, None] = {}
        for step in self._steps(wanted):
            found.update(dict.fromkeys(sorted(step)))
            if len(found) >= limit:
                break
        return [self.named[place] for place in list(found)[:limit]]

    def _steps(self, wanted: str) -> Iterator[list[int]]:
        """Places that match, the best kind of match first; each kind is looked for only if it is asked for."""
        yield self._names.whole(wanted) + self._words.whole(wanted)
        yield self._names.beginning(wanted)
        yield self._words.beginning(wanted)
        if not wanted.isascii() or wanted.isdigit():
            yield self._names.containing(wanted)
        if wanted.isascii():
            letters = wanted.replace(" ", "").replace("'", "")
            yield self._initials.beginning(letters)
            yield self._syllables.beginning(letters)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of text, joined, and whose each of them is."""

    text: str
    starts: Sequence[int]
    owners: Sequence[int] = field(repr=False)

    @classmethod
    def of(cls, spellings: Iterable[Iterable[str]]) -> "_Lines":
        starts, owners, parts = [], [], []
        length = len(BREAK)
        for owner, texts in enumerate(spellings):
            for text in dict.fromkeys(text for text in texts if text):
                starts.append(length)
                owners.append(owner)
                parts.append(text)
                length += len(text) + len(BREAK)
        return cls(BREAK + BREAK.join(parts) + BREAK, starts, owners)

    def whole(self, text: str) -> list[int]:
        return self._search(BREAK + text + BREAK)

    def beginning(self, text: str) -> list[int]:
        return self._search(BREAK + text)

    def containing(self, text: str) -> list[int]:
        return self._search(text)

    def _search(self, text: str) -> list[int]:
        found: dict[int, None] = {}
        place = self.text.find(text)
        while place >= 0:
            # A match may begin at the break before its line.
            line = _line_of(self.starts, place + (1 if text.startswith(BREAK) else 0))
            found[self.owners[line]] = None
            place = self.text.find(text, place + 1)
        return list(found)


def _line_of(starts: Sequence[int], place: int) -> int:
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if starts[middle] <= place else (low, middle - 1)
    return low


def fold(text: str) -> str:
    """A text as it is compared: full-width letters made plain, accents and case dropped, spaces made single."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def _tails(text: str) -> list[str]:
    """The text from each of its later words on, so that the beginning of any word is the beginning of a line."""
    words = text.split(" ")
    return [" ".join(words[place:]) for place in range(1, len(words))]


def _spelt(name: str, style: Style) -> list[str]:
    """The ways in which a Chinese name can be spelt in Latin letters; none for a name without such characters."""
    if name.isascii():
        return []
    readings = [_readings(character, style) for character in fold(name) if character != " "]
    spellings = [""]
    for known in readings:
        spellings = ["".join(pair) for pair in product(spellings, known)][:MOST_SPELLINGS]
    return spellings


@lru_cache(maxsize=20_000)
def _readings(character: str, style: Style) -> tuple[str, ...]:
    (known,) = pinyin(character, style=style, heteronym=True) or [[character]]
    return tuple(dict.fromkeys(reading.replace("ü", "v") for reading in known if reading)) or (character,)
