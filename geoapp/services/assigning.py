"""Every point gets its township and its street; where it lies outside all townships, the nearest one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.assignment import AreaIndex
from geoapp.analysis.nearest import metric_crs, nearest_area, nearest_street
from geoapp.domain.layers import POINT_LAYERS

Feature = dict[str, Any]

STREET_REACH_M = 200.0
# What a phone's position may be wrong by.
BORDER_M = 30.0
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What points are assigned to: townships with an area, in the order of their codes, and streets.

    schematic: whether a township that the source stated governs over the one that covers the point.
    """

    codes: Sequence[str]
    names: dict[str, str]
    areas: NDArray[np.object_]
    index: AreaIndex
    street_ids: Sequence[str]
    streets: NDArray[np.object_]
    crs: Any
    schematic: bool

    @classmethod
    def of(cls, townships: Iterable[Feature], streets: Iterable[Feature], *, schematic: bool) -> "Surroundings":
        """From GeoJSON features; overlays and townships without geometry cover nothing."""
        known = sorted(townships, key=lambda township: str(township["properties"]["code"]))
        covering = [place for place in known if place["geometry"] and not place["properties"].get("overlay")]
        lines = sorted((street for street in streets if street["geometry"]), key=lambda street: str(street["id"]))
        areas = _shapes(covering)
        centre = shapely.centroid(shapely.GeometryCollection(list(areas)))
        return cls(
            codes=[place["properties"]["code"] for place in covering],
            names={place["properties"]["code"]: place["properties"]["name"] for place in known},
            areas=areas,
            index=AreaIndex(areas),
            street_ids=[street["id"] for street in lines],
            streets=_shapes(lines),
            crs=metric_crs(centre.x, centre.y) if len(areas) else None,
            schematic=schematic,
        )


def _shapes(features: Sequence[Feature]) -> NDArray[np.object_]:
    texts = [msgspec.json.encode(feature["geometry"]) for feature in features]
    shapes: NDArray[np.object_] = shapely.from_geojson(np.array(texts, dtype=object))
    return shapes


def assigned(layer: str, features: Iterable[Feature], around: Surroundings) -> Iterator[Feature]:
    """The features with their township and street written into them; other layers than points pass unchanged."""
    if layer not in POINT_LAYERS:
        yield from features
        return
    features = iter(features)
    while chunk := list(islice(features, CHUNK)):
        _assign(chunk, around)
        yield from chunk


def _assign(features: list[Feature], around: Surroundings) -> None:
    positions = [
        feature["geometry"]["coordinates"][:2] if feature["geometry"] else (np.nan, np.nan) for feature in features
    ]
    lon, lat = np.array(positions, dtype=float).reshape(-1, 2).T
    covering = around.index.assign(lon, lat)
    outside = np.flatnonzero((covering < 0) & np.isfinite(lon))
    near = _nearest_townships(lon, lat, outside, around)
    doubtful = around.index.near_border(lon, lat, BORDER_M)
    street, distance = _nearest_streets(lon, lat, around)
    for row, feature in enumerate(features):
        place = feature["properties"]
        _set_township(place, around, int(covering[row]), near_border=bool(doubtful[row]))
        place |= near.get(row, {})
        if street[row] >= 0:
            place |= {"street": around.street_ids[street[row]], "street_distance_m": round(float(distance[row]), 1)}


def _set_township(place: dict[str, Any], around: Surroundings, covering: int, *, near_border: bool) -> None:
    """While boundaries are schematic the stated township governs; the joined one stands beside it where it differs."""
    joined = around.codes[covering] if covering >= 0 else None
    stated = place.get("township_stated")
    governing = stated if stated and (around.schematic or joined is None) else joined
    fields = {
        "township": governing,
        "township_name": around.names.get(governing) if governing else None,
        "township_joined": joined if joined != governing else None,
        "near_border": near_border or None,
    }
    for name, value in fields.items():
        place.pop(name, None)
        if value is not None:
            place[name] = value


def _nearest_townships(
    lon: NDArray[np.float64], lat: NDArray[np.float64], outside: NDArray[np.intp], around: Surroundings
) -> dict[int, dict[str, Any]]:
    if not len(outside) or not around.codes:
        return {}
    area, distance = nearest_area(lon[outside], lat[outside], around.areas, crs=around.crs)
    return {
        int(row): {"nearest_township": around.codes[found], "nearest_township_m": round(float(metres), 1)}
        for row, found, metres in zip(outside, area, distance, strict=True)
    }


def _nearest_streets(
    lon: NDArray[np.float64], lat: NDArray[np.float64], around: Surroundings
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    if not around.street_ids or around.crs is None:
        return np.full(len(lon), -1), np.full(len(lon), np.nan)
    street, distance = nearest_street(lon, lat, around.streets, max_distance_m=STREET_REACH_M, crs=around.crs)
    return street, distance
