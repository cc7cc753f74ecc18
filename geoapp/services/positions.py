"""Places that only a person can give, or decide about: what has none, and what lies in another township than stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.layers import LAYERS, POINT_LAYERS
from geoapp.domain.places import Precision
from geoapp.domain.selection import Scope, Selection
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.browse import flat, newest_first
from geoapp.services.district import District
from geoapp.services.ordering import ordered
from geoapp.services.placing import gazetteer_for, precision_of, texts_of
from geoapp.storage.ledger import Change, Commit
from geoapp.storage.patch import patch_between
from geoapp.storage.snapshot import Rows

Feature = dict[str, Any]

# A cell of a grid stands where it stands: nobody places it by hand, or has it in doubt.
PLACEABLE = tuple(layer for layer in POINT_LAYERS if layer != "population")
SUGGESTED = 5
# What is worked out anew, or no longer true, where a feature has another place.
_OF_THE_PLACE = ("placed_by", "street", "street_distance_m", "nearest_township", "nearest_township_m")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that may be meant: its name, where it is in degrees, and how well that would be known then."""

    name: str
    lon: float
    lat: float
    precision: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A feature without a place, as a flat record, and what may be meant by its names."""

    record: dict[str, Any]
    suggestions: Sequence[Suggestion]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Features of one layer whose township is in doubt. contradicted, near_border: how many of each kind."""

    contradicted: int
    near_border: int
    rows: list[dict[str, Any]]


class _Place(msgspec.Struct, gc=False):
    township: Any = None
    township_stated: Any = None
    township_joined: Any = None
    near_border: Any = None

    @property
    def contradicts(self) -> bool:
        """Whether the source names another township than the position; one of the two is written only if it differs."""
        joined = self.township_joined or self.township
        return bool(self.township_stated and joined and joined != self.township_stated)


class _Located(msgspec.Struct, gc=False):
    properties: _Place


_DECODER = msgspec.json.Decoder(_Located)


def unplaced(district: District, layer: str, scope: Scope, *, limit: int) -> tuple[int, list[Unplaced]]:
    """How many features of a layer have no place, and the first of them with suggestions."""
    rows = _without_place(district, layer, scope)
    names, seats = gazetteer_for(district, layer), _seats(district)
    found = []
    for record in flat(district, layer, rows[:limit], scope):
        stated = record.get("township_stated") or record.get("township")
        meant = names.candidates(texts_of(record), stated, SUGGESTED) if names else []
        suggestions = _at_its_site(district, record.get("site_id"))
        suggestions += [Suggestion(place.name, place.lon, place.lat, precision_of(place)) for place in meant]
        suggestions += [seats[stated]] if stated in seats else []
        found.append(Unplaced(record, list({(one.lon, one.lat): one for one in suggestions}.values())))
    return len(rows), found


def give_place(
    district: District, layer: str, id: str, place: tuple[float, float] | None, *, precision: str = "exact",
    placed_by: str | None = None, by: str,
) -> Commit:  # fmt: skip
    """Give a feature a place (lon, lat in degrees of WGS 84), or take it away again (None), and assign it anew.

    Raises NotFound for no such feature, BadInput for what is no place, Conflict if somebody changed it meanwhile.
    """
    known = _feature(district, layer, id)
    if precision not in set(Precision) - {Precision.NONE}:
        raise BadInput("{value!r} is not one of {known}.", value=precision, known=", ".join(Precision))
    properties = {name: value for name, value in known["properties"].items() if name not in _OF_THE_PLACE}
    properties["position_precision"] = precision if place else Precision.NONE.value
    properties |= {"placed_by": placed_by} if place and placed_by else {}
    feature = {**known, "geometry": _point(place) if place else None, "properties": properties}
    around = Surroundings.of(_decoded(district, "townships"), _decoded(district, "streets"),
                             schematic=district.describe().schematic)  # fmt: skip
    (after,) = assigned(layer, [feature], around)
    change = Change(layer, id, msgspec.json.encode(patch_between(known, after)), district.present.seq)
    return district.store.append([change], actor=by, action="place by hand")


def doubtful(district: District, layer: str, scope: Scope, *, limit: int) -> Doubtful:
    """Features whose source names another township than their position, and those within 30 m of a border.

    The contradictions stand first; rows: flat records.
    """
    contradicted, near = _doubtful_rows(district, layer)
    rows = np.concatenate([contradicted, np.setdiff1d(near, contradicted)])[:limit]
    return Doubtful(len(contradicted), len(near), flat(district, layer, rows, scope))


def doubtful_counts(district: District, scope: Scope) -> dict[str, int]:
    """By layer, features whose source names another township than their position; layers without any are left out."""
    counts = {layer: len(_doubtful_rows(district, layer)[0]) for layer in PLACEABLE}
    return {layer: number for layer, number in counts.items() if number}


def _doubtful_rows(district: District, layer: str) -> tuple[Rows, Rows]:
    snapshot = district.present.snapshot(layer)

    def build() -> tuple[Rows, Rows]:
        rows = snapshot.alive()
        places = [_DECODER.decode(text).properties for text in snapshot.encoded(rows, Scope.FULL)]
        contradicted = np.array([one.contradicts for one in places], bool)
        return rows[contradicted], rows[np.array([one.near_border is True for one in places], bool)]

    key = ("doubtful", layer, snapshot.seq)
    found: tuple[Rows, Rows] = district.derived.get(key, build, lambda both: both[0].nbytes + both[1].nbytes)
    return found


def _without_place(district: District, layer: str, scope: Scope) -> Rows:
    if layer not in PLACEABLE:
        raise NotFound("There is no layer {layer!r}; there are {known}.", layer=layer, known=", ".join(PLACEABLE))
    rows = ordered(district, layer, Selection(), scope, newest_first(layer))
    lon, _ = district.present.snapshot(layer).positions(rows)
    return rows[np.isnan(lon)]


def _at_its_site(district: District, id: str | None) -> list[Suggestion]:
    """Where the site of a problem or visit is, if that is known."""
    sites = district.present.snapshot("sites")
    row = None if id is None else sites.row(id)
    if row is None:
        return []
    (site,) = flat(district, "sites", np.array([row]), Scope.FULL)
    return [] if site["lon"] is None else [Suggestion(site["name"], site["lon"], site["lat"], Precision.SITE.value)]


def _seats(district: District) -> dict[str, Suggestion]:
    """By code where each township has its seat, or a point in it: the least that is known of what lies in it."""
    found = {}
    for feature in _decoded(district, "townships"):
        named = feature["properties"]
        lon, lat = named.get("seat_lon"), named.get("seat_lat")
        if lon is None or lat is None:
            if feature["geometry"] is None:
                continue
            inside = shapely.from_geojson(msgspec.json.encode(feature["geometry"])).representative_point()
            lon, lat = inside.x, inside.y
        found[feature["id"]] = Suggestion(named["name"], lon, lat, Precision.TOWNSHIP.value)
    return found


def _point(place: tuple[float, float]) -> dict[str, Any]:
    lon, lat = place
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput("{lon}, {lat} is no place in degrees of longitude and latitude.", lon=lon, lat=lat)
    return {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}


def _feature(district: District, layer: str, id: str) -> Feature:
    snapshot = district.present.snapshot(layer) if layer in LAYERS else None
    row = snapshot.row(id) if snapshot is not None else None
    if snapshot is None or row is None or layer not in PLACEABLE:
        raise NotFound("There is no {id!r} among the {layer}.", id=id, layer=layer)
    value: Feature = msgspec.json.decode(snapshot.encoded(np.array([row]), Scope.FULL)[0])
    return value


def _decoded(district: District, layer: str) -> list[Feature]:
    return [msgspec.json.decode(text) for _, text in district.memory.items(layer)]
