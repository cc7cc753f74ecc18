"""Rows without coordinates are placed by the names in them, and never by a guess."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.gazetteer import PRECISION, Gazetteer, Place
from geoapp.analysis.headings import BOTH, LAT, LON
from geoapp.analysis.values import Unreadable, degrees, pair, plain
from geoapp.domain.selection import Scope
from geoapp.services.browse import wording
from geoapp.services.district import District
from geoapp.storage.reading.source import Row, Source

Feature = dict[str, Any]

# So many rows are enough to tell in which order and datum coordinates stand.
LOOKED_AT = 5_000
# In degrees: points just outside of the district are meant to be there all the same.
MARGIN = 0.1

# What may name the place of a feature, and by which layers' names: no site is placed by another site of its name.
_TEXTS = ("name", "address", "village", "description")
_BY = {"problems": tuple(PRECISION), "sites": ("villages", "streets"), "facilities": ("villages", "streets")}


def gazetteer_for(district: District, layer: str) -> Gazetteer | None:
    """The names by which features of a layer are placed; None for layers whose features are not placed by names."""
    if layer not in _BY:
        return None
    seqs = tuple(district.present.seqs.get(name, 0) for name in ("townships", *_BY[layer]))
    facts = district.describe()

    def build() -> Gazetteer:
        townships = [*wording(district, "townships", "zh").values(), *wording(district, "townships", "en").values()]
        return Gazetteer.of(_places(district, layer), [facts.name, facts.name_en, f"{facts.name}区", *townships])

    made: Gazetteer = district.derived.get(("gazetteer", layer, seqs), build, lambda _: 2_000_000)
    return made


def placed(feature: Feature, names: Gazetteer | None) -> Feature:
    """The feature with the position of the place that its texts name, if it has none and they name one."""
    properties = feature["properties"]
    if feature["geometry"] is not None or names is None:
        return feature
    found = names.find(texts_of(properties), properties.get("township_stated"))
    if found is None:
        return feature
    more = {"position_precision": precision_of(found), "placed_by": found.name}
    if found.layer == "sites":
        more["site_id"] = properties.get("site_id") or found.id
    point = {"type": "Point", "coordinates": [round(found.lon, 7), round(found.lat, 7)]}
    return {**feature, "geometry": point, "properties": {**properties, **more}}


def texts_of(properties: Mapping[str, Any]) -> list[str]:
    """What of a feature may name its place."""
    return [str(properties[name]) for name in _TEXTS if properties.get(name)]


def precision_of(place: Place) -> str:
    """How well a position is known that was taken from this place."""
    return PRECISION[place.layer]


def _places(district: District, layer: str) -> Iterator[Place]:
    for source in _BY[layer]:
        snapshot = district.present.snapshot(source)
        rows = snapshot.alive()
        lon, lat = snapshot.positions(rows)
        known = np.flatnonzero(~np.isnan(lon))
        for place, text in zip(known.tolist(), snapshot.encoded(rows[known], Scope.FULL), strict=True):
            feature = msgspec.json.decode(text)
            named = feature["properties"]
            # A place that was itself only put at its township's seat places nothing.
            if named.get("position_precision") not in ("township", "none"):
                yield Place(
                    source, feature["id"], named["name"], named.get("township"), float(lon[place]), float(lat[place])
                )


def is_swapped(district: District, source: Source, meant: Mapping[str, str]) -> bool:
    """Whether longitudes stand where latitudes are said to be: exchanged nearly all lie in the district, else few."""
    by_field = {name: heading for heading, name in meant.items()}
    if not ({LON, LAT} <= by_field.keys() or BOTH in by_field):
        return False
    places = [_angles(row, by_field) for row in islice(source.rows(), LOOKED_AT)]
    known = np.array([place for place in places if place is not None]).reshape(-1, 2)
    if not len(known):
        return False
    bbox = district.describe().bbox
    return _share_inside(known[:, ::-1], bbox) > 0.9 and _share_inside(known, bbox) < 0.1


def _share_inside(places: NDArray[np.float64], bbox: tuple[float, float, float, float]) -> float:
    west, south, east, north = bbox
    lon, lat = places.T
    inside = (lon > west - MARGIN) & (lon < east + MARGIN) & (lat > south - MARGIN) & (lat < north + MARGIN)
    return float(inside.mean())


def _angles(row: Row, by_field: Mapping[str, str]) -> tuple[float, float] | None:
    texts = [row.values.get(by_field[name]) for name in (LON, LAT, BOTH) if name in by_field]
    given = [text for text in texts if text is not None and plain(text)]
    try:
        if BOTH in by_field and given:
            return pair(given[-1])
        return (degrees(given[0]), degrees(given[1])) if len(given) == 2 else None
    except Unreadable:
        return None
