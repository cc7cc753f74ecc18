"""Finding any place, problem or category by what somebody types."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec
import numpy as np

from geoapp.analysis.names import Named, NameIndex, fold
from geoapp.domain.selection import Scope
from geoapp.services.browse import wording
from geoapp.services.district import District

# In this order where they match equally well.
NAMED_LAYERS = ("townships", "villages", "sites", "facilities", "streets", "roads")
# Problems are searched by their numbers: so many characters of one, at least, make sense to look for.
LEAST_OF_NUMBER = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: its layer (or `categories`), id, names, and the township that it lies in."""

    layer: str
    id: str
    name: str
    name_en: str | None = None
    township: str | None = None


class _Place(msgspec.Struct, gc=False):
    name: str = ""
    name_en: str | None = None
    township: str | None = None
    number: str | None = None


class _Feature(msgspec.Struct, gc=False):
    id: str
    properties: _Place


_decode = msgspec.json.Decoder(_Feature).decode


def search(district: District, text: str, scope: Scope, *, limit: int = 12) -> list[Found]:
    """What fits the text best: names of places, categories of problems, numbers of problems."""
    found = [_found(district, one) for one in _names(district).find(text, limit)]
    found += _numbered(district, text, limit - len(found))
    return found[:limit]


def _found(district: District, one: Named) -> Found:
    if one.layer == "categories":
        return Found(one.layer, one.id, one.name, one.name_en)
    snapshot = district.present.snapshot(one.layer)
    row, township = snapshot.row(one.id), None
    if row is not None and "township" in snapshot.vocabularies:
        (township,) = snapshot.texts("township", np.array([row]))
    return Found(one.layer, one.id, one.name, one.name_en, township)


def _names(district: District) -> NameIndex:
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in (*NAMED_LAYERS, "tables"))
    key = ("names", seqs)
    return district.derived.get(key, lambda: NameIndex.of(_named(district)), lambda index: 400 * len(index.named))


def _named(district: District) -> Iterator[Named]:
    for rank, layer in enumerate(NAMED_LAYERS):
        snapshot = district.present.snapshot(layer)
        for text in snapshot.encoded(snapshot.alive(), Scope.PUBLIC):
            feature = _decode(text)
            place = feature.properties
            yield Named(layer, feature.id, place.name, place.name_en, rank)
    english = wording(district, "categories", "en")
    for code, name in wording(district, "categories", "zh").items():
        yield Named("categories", code, name, english.get(code), len(NAMED_LAYERS))


def _numbered(district: District, text: str, limit: int) -> list[Found]:
    """Problems whose number begins with the text, or ends with it where it is all digits."""
    wanted = fold(text)
    if limit < 1 or len(wanted) < LEAST_OF_NUMBER or not any(character.isdigit() for character in wanted):
        return []
    forward, backward = _numbers(district)
    ids = dict.fromkeys(_beginning(forward, wanted, limit))
    if wanted.isdigit():
        ids |= dict.fromkeys(_beginning(backward, wanted[::-1], limit))
    snapshot = district.present.snapshot("problems")
    found = []
    for id in list(ids)[:limit]:
        row = snapshot.row(id)
        if row is not None:
            number = _decode(snapshot.encoded(np.array([row]), Scope.PUBLIC)[0]).properties
            found.append(Found("problems", id, number.number or id, None, number.township))
    return found


def _numbers(district: District) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(number, id) of all problems in the order of their numbers, and the same with the numbers reversed."""
    snapshot = district.present.snapshot("problems")

    def sorted_numbers() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        features = map(_decode, snapshot.encoded(snapshot.alive(), Scope.PUBLIC))
        pairs = [(fold(one.properties.number), one.id) for one in features if one.properties.number]
        return sorted(pairs), sorted((number[::-1], id) for number, id in pairs)

    return district.derived.get(("numbers", snapshot.seq), sorted_numbers, lambda both: 300 * len(both[0]))


def _beginning(pairs: list[tuple[str, str]], text: str, limit: int) -> list[str]:
    found: list[str] = []
    for number, id in islice(pairs, bisect_left(pairs, (text, "")), None):
        if not number.startswith(text) or len(found) == limit:
            break
        found.append(id)
    return found
