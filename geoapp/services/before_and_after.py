"""Photos of problems as they were found and as they were put right."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from geoapp.documents.photo import document_photo
from geoapp.domain.errors import NotFound
from geoapp.domain.problem import AWAITING_WORK
from geoapp.domain.selection import Scope, Selection
from geoapp.services.district import District
from geoapp.services.selected import selected

LAYER = "problems"
MOST = 3
# So many of the latest are looked at: reading all photos of a district for three pairs is not worth it.
LOOKED_AT = 2_000

Photo = tuple[bytes, int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A problem's first photo and its last one, as JPEG with width and height in pixels."""

    id: str
    number: str
    name: str
    before: Photo
    after: Photo


def before_and_after(district: District, selection: Selection, scope: Scope, wanted: Sequence[str] = ()) -> list[Pair]:
    """Up to three of the selected problems that were put right and have two photos or more; the latest, or those named.

    The first photo counts as how it was found, the last as how it was put right: photos carry no other sign.
    """
    snapshot = district.present.snapshot(LAYER)
    rows = selected(district, LAYER, selection, scope)
    rows = rows[snapshot.times("rectified_at", rows).argsort()[::-1]][:LOOKED_AT]
    ids = snapshot.ids(rows)
    order = [ids.index(id) for id in wanted if id in ids] if wanted else range(len(rows))
    found: list[Pair] = []
    for place in order:
        if len(found) == MOST:
            break
        pair = _pair(district, snapshot.encoded(rows[place : place + 1], scope)[0])
        found += [pair] if pair else []
    return found


def _pair(district: District, text: bytes) -> Pair | None:
    if b'"photos"' not in text:
        return None
    feature = orjson.loads(text)
    named, photos = feature["properties"], feature["properties"].get("photos") or []
    if len(photos) < 2 or named.get("status") in AWAITING_WORK:
        return None
    read = [_photo(district, sha256) for sha256 in (photos[0], photos[-1])]
    if read[0] is None or read[1] is None:
        return None
    return Pair(
        feature["id"], str(named.get("number") or feature["id"]), str(named.get("name") or ""), read[0], read[1]
    )


def _photo(district: District, sha256: str) -> Photo | None:
    try:
        return document_photo(district.store.photos.get(sha256))
    except NotFound:
        return None
