"""Reports that a map should not be drawn of, by what is wrong with them."""

from dataclasses import dataclass

import msgspec
import numpy as np

from geoapp.analysis.dirt import Heap, at_any, exchanged, heaped, repeated
from geoapp.domain.selection import DIRT, Scope
from geoapp.services.district import District
from geoapp.storage.snapshot import Rows

LAYER = "problems"


@dataclass(frozen=True, slots=True)
class Dirt:
    """The doubtful rows of the problems by kind (DIRT), and the largest heaps."""

    rows: dict[str, Rows]
    heaps: list[Heap]


def dirt(district: District) -> Dirt:
    """What is doubtful among all problems, whatever is chosen of them.

    heaps: positions with suspiciously many reports. duplicates: the same position, subcategory and time as an earlier
    report. centres: exactly at a township's seat. exchanged: longitude and latitude. future: found after now.
    """
    snapshot = district.present.snapshot(LAYER)

    def build() -> Dirt:
        rows = snapshot.alive()
        rows = rows[np.argsort(snapshot.born(rows), kind="stable")]
        lon, lat = snapshot.positions(rows)
        found_at = snapshot.times("found_at", rows)
        on_heap, heaps = heaped(lon, lat)
        again = repeated(lon.round(6), lat.round(6), snapshot.coded("subcategory", rows), found_at) & ~np.isnan(lon)
        masks = {
            "heaps": on_heap,
            "duplicates": again,
            "centres": at_any(lon, lat, *_seats(district)),
            "exchanged": exchanged(lon, lat, district.describe().bbox),
            "future": found_at > int(district.clock().timestamp()),
        }
        return Dirt({kind: rows[masks[kind]] for kind in DIRT}, heaps)

    key = ("dirt", snapshot.seq, district.present.seqs.get("townships", 0), district.clock())
    made: Dirt = district.derived.get(key, build, lambda one: sum(rows.nbytes for rows in one.rows.values()) + 1_000)
    return made


def _seats(district: District) -> tuple[np.ndarray, np.ndarray]:
    townships = district.present.snapshot("townships")
    texts = townships.encoded(townships.alive(), Scope.PUBLIC)
    named = [msgspec.json.decode(text)["properties"] for text in texts]
    seats = [(one["seat_lon"], one["seat_lat"]) for one in named if one.get("seat_lon") is not None]
    lon, lat = np.array(seats, dtype=float).reshape(-1, 2).T
    return lon, lat
