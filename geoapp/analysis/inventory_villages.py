"""Which village a facility belongs to, by its code or by its name within a township."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What stands after a village's own name, the longest first.
ENDINGS = ("居民委员会", "村民委员会", "社区居委会", "村委会", "居委会", "社区", "行政村", "村")
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community. names: all that it is called."""

    id: str
    code: str
    township: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VillageFacility:
    """A facility that may be a village's. village: the village that it names, by code or by name, if it does."""

    id: str
    village: str | None
    township: str | None
    names: tuple[str, ...]


def joined(facilities: Iterable[VillageFacility], villages: Sequence[Village]) -> dict[str, str | None]:
    """Of each facility the id of its village; None where neither code nor name tells.

    The code decides, then the village's name that it gives. Otherwise the facility's name must begin with, or else
    contain, the name of a village of the same township (names repeat between townships), the longest one that does;
    where two fit alike, none is taken. Only a beginning may leave out what the village is (村, 社区).
    """
    by_code = {key: village.id for village in villages for key in (village.id, village.code)}
    by_township: dict[str, list[_Name]] = {}
    for village in villages:
        if village.township:
            by_township.setdefault(village.township, []).extend(_Name.of(village.id, name) for name in village.names)
    found: dict[str, str | None] = {}
    for one in facilities:
        named, there = (one.village or "").strip(), by_township.get(one.township or "", ())
        by_given = by_code.get(named) or (_by_name((named,), there) if named else None)
        found[one.id] = by_given or _by_name(one.names, there)
    return found


@dataclass(frozen=True, slots=True)
class _Name:
    """One of a village's names, made ready once: it is held against every facility. whole: "" for one too short."""

    village: str
    length: int
    whole: str
    starts: tuple[str, ...]

    @classmethod
    def of(cls, village: str, name: str) -> "_Name":
        """A name as people write it."""
        return cls(village, len(name), name.casefold() if len(name) >= SHORTEST else "", tuple(_starts(name)))


def _by_name(given: Iterable[str], names: Iterable[_Name]) -> str | None:
    beginnings: dict[str, int] = {}
    anywhere: dict[str, int] = {}
    texts = [text.casefold() for text in given]
    for name in names:
        for text in texts:
            if text.startswith(name.starts):
                beginnings[name.village] = max(beginnings.get(name.village, 0), name.length)
            elif name.whole and name.whole in text:
                anywhere[name.village] = max(anywhere.get(name.village, 0), name.length)
    return _longest(beginnings) if beginnings else _longest(anywhere)


def _starts(name: str) -> Iterable[str]:
    """A village's name, and the same without what it is."""
    whole = name.casefold()
    if len(whole) >= SHORTEST:
        yield whole
    ending = next((ending for ending in ENDINGS if whole.endswith(ending)), "")
    if ending and len(whole) - len(ending) >= SHORTEST:
        yield whole.removesuffix(ending)


def _longest(found: Mapping[str, int]) -> str | None:
    most = max(found.values(), default=0)
    best = [id for id, length in found.items() if length == most]
    return best[0] if len(best) == 1 else None
