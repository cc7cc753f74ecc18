"""Finding where something is by the names that people wrote: sites, facilities, villages and streets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

# Which kind of place is meant where several bear a name, and how well its position is known then.
PRECISION = {"sites": "site", "facilities": "site", "villages": "village", "streets": "street"}
# A shorter name would be found in words that mean something else.
SHORTEST_INSIDE = 3
# Places of one name this near each other, in degrees, are one place: some 200 m.
NEAR = 0.002

_ENDINGS = ("社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "社区", "村")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place with its position in degrees; township: its code, None where unknown."""

    layer: str
    id: str
    name: str
    township: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by name and township. `prefixes`: names of the district and its townships, which addresses begin with."""

    _by_name: dict[str, list[Place]] = field(repr=False)
    _lengths: tuple[int, ...]
    _prefixes: tuple[str, ...]

    @classmethod
    def of(cls, places: Iterable[Place], prefixes: Iterable[str] = ()) -> "Gazetteer":
        """A gazetteer of these places."""
        by_name: dict[str, list[Place]] = {}
        for place in places:
            for name in _forms(place):
                by_name.setdefault(name, []).append(place)
        inside = sorted({len(name) for name in by_name if len(name) >= SHORTEST_INSIDE}, reverse=True)
        starts = sorted({_folded(prefix) for prefix in prefixes} - {""}, key=len, reverse=True)
        return cls(by_name, tuple(inside), tuple(starts))

    def find(self, texts: Sequence[str], township: str | None = None) -> Place | None:
        """The one place that the texts name, the first text first; None if none or more than one could be meant.

        A text that is a name goes before names inside of longer texts, of which the longest counts. With a township
        only its own places, and those of which no township is known, are meant: names repeat in a district.
        """
        wanted = [self._without_prefix(_folded(text)) for text in texts if text]
        for text in wanted:
            found = self._one(text, township)
            if found is not None:
                return found
        for text in wanted:
            for part in self._inside(text):
                if part in self._by_name:
                    # The longest name inside is the one that is meant, even if it is not clear which place bears it.
                    found = self._one(part, township)
                    if found is not None or self._candidates(part, township):
                        return found
        return None

    def candidates(self, texts: Sequence[str], township: str | None, most: int) -> list[Place]:
        """What a person may choose from: places of names in the texts, the likely ones first, each place once.

        Names that are a whole text go before longer and shorter ones inside; places of the township before others.
        """
        wanted = [self._without_prefix(_folded(text)) for text in texts if text]
        names = [*wanted, *(part for text in wanted for part in self._inside(text))]
        found = [place for name in names for place in self._by_name.get(name, [])]
        found.sort(key=lambda place: township is not None and place.township not in (township, None))
        return list(dict.fromkeys(found))[:most]

    def _one(self, name: str, township: str | None) -> Place | None:
        """The place of a name, if all that could be meant are one."""
        known = self._candidates(name, township)
        for layer in PRECISION:
            here = [place for place in known if place.layer == layer]
            if here:
                return here[0] if _together(here) else None
        return None

    def _candidates(self, name: str, township: str | None) -> list[Place]:
        known = self._by_name.get(name, [])
        return [place for place in known if township is None or place.township in (township, None)]

    def _inside(self, text: str) -> Iterator[str]:
        """All parts of a text that are as long as some name, the longest first."""
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                yield text[start : start + length]

    def _without_prefix(self, text: str) -> str:
        again = True
        while again:
            again = False
            for prefix in self._prefixes:
                if text.startswith(prefix) and len(text) > len(prefix):
                    text, again = text.removeprefix(prefix), True
        return text


def _forms(place: Place) -> list[str]:
    """The ways in which a place is called: a village also without its ending, and with any other."""
    name = _folded(place.name)
    if place.layer != "villages":
        return [name] if name else []
    stem = next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)
    forms = [name, stem, *(start + ending for start in (stem, name) for ending in _ENDINGS)]
    return list(dict.fromkeys(form for form in forms if len(form) > 1))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"[(\[【].*?[)\]】]", "", plain))


def _together(places: Sequence[Place]) -> bool:
    lons, lats = [place.lon for place in places], [place.lat for place in places]
    return max(lons) - min(lons) < NEAR and max(lats) - min(lats) < NEAR
