"""Whether points stand in a shifted Chinese datum: told with the evidence, and left to a person to decide."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.assignment import OUTSIDE, AreaIndex
from geoapp.analysis.datum import DATUMS, converted
from geoapp.analysis.datum_evidence import evidence, is_clear_gain
from geoapp.analysis.nearest import stepped
from geoapp.domain.sentences import Sentence
from geoapp.services.district import District

Floats = NDArray[np.float64]

NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}
# In degrees: streets are compared by points along them, so near to one another that it makes no difference.
ALONG_DEG = 0.0002
MOST_ALONG = 300_000


def shift_remarks(district: District, places: Sequence[Sequence[float]]) -> list[Sentence]:
    """What a person should know if points fit the district clearly better once they are unshifted.

    places: lon, lat in degrees as they stand. Compared with known places, then with streets, and with the boundary of
    the district, unless these are drawn roughly only. Nothing is shifted here.
    """
    # A place that many rows name is one witness, not many.
    lon, lat = np.unique(np.array(places, dtype=float).reshape(-1, 2).round(5), axis=0).T
    schematic = district.describe().schematic
    told = _by_distance(lon, lat, *_known_places(district), what="known place")
    if told is None and not schematic:
        told = _by_distance(lon, lat, *_along_streets(district), what="street") or _by_boundary(district, lon, lat)
    return [] if told is None else [told]


def _by_distance(lon: Floats, lat: Floats, known_lon: Floats, known_lat: Floats, *, what: str) -> Sentence | None:
    found = evidence(lon, lat, known_lon, known_lat)
    if found.verdict not in NAMES:
        return None
    values: dict[str, object] = {"datum": NAMES[found.verdict], "before": round(found.median_m["wgs84"]),
                                 "after": round(found.median_m[found.verdict]), "points": found.points}  # fmt: skip
    if what == "street":
        return Sentence(
            "These points look like {datum}: as they stand, they lie {before} m from the nearest street (median of "
            "{points}), unshifted {after} m. If so, bring them in as {datum}.",
            **values,
        )
    return Sentence(
        "These points look like {datum}: as they stand, they lie {before} m from the nearest known place (median "
        "of {points}), unshifted {after} m. If so, bring them in as {datum}.",
        **values,
    )


def _by_boundary(district: District, lon: Floats, lat: Floats) -> Sentence | None:
    """The same by how many points lie in the district."""
    townships = district.present.snapshot("townships")
    areas = [shape for shape in townships.geometries(townships.alive()) if shape is not None]
    if not areas or not len(lon):
        return None
    index = AreaIndex(areas)
    held = {name: index.assign(*converted(lon, lat, name, "wgs84")) != OUTSIDE for name in DATUMS}
    best = max(DATUMS, key=lambda name: int(held[name].sum()))
    if best not in NAMES or not is_clear_gain(held["wgs84"], held[best]):
        return None
    return Sentence(
        "These points look like {datum}: as they stand, {before} of {points} lie in the district, unshifted {after}. "
        "If so, bring them in as {datum}.",
        datum=NAMES[best],
        before=int(held["wgs84"].sum()),
        after=int(held[best].sum()),
        points=len(lon),
    )


def _known_places(district: District) -> tuple[Floats, Floats]:
    parts = []
    for layer in ("sites", "facilities", "villages"):
        snapshot = district.present.snapshot(layer)
        parts.append(snapshot.positions(snapshot.alive()))
    lon, lat = (np.concatenate(column) for column in zip(*parts, strict=True))
    return lon, lat


def _along_streets(district: District) -> tuple[Floats, Floats]:
    snapshot = district.present.snapshot("streets")
    lines: Any = [shape for shape in snapshot.geometries(snapshot.alive()) if shape is not None]
    points = shapely.get_coordinates(stepped(lines, ALONG_DEG)[0])
    every = max(1, len(points) // MOST_ALONG)
    lon, lat = points[::every].T
    return lon, lat
