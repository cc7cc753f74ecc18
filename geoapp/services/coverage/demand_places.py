"""The places where people are taken to live: villages, built-up points among the sites, seats, an uploaded grid."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely

from geoapp.analysis.inventory_villages import ENDINGS
from geoapp.analysis.lattices import within_boxes
from geoapp.domain.coverage import GROUPS
from geoapp.domain.selection import Scope
from geoapp.routing.network import METRES_PER_DEGREE
from geoapp.services.browse import flat
from geoapp.services.coverage.records import Flags, Floats
from geoapp.services.coverage.township_units import TownshipUnit, TownshipUnits
from geoapp.services.district import District

Record = dict[str, Any]

# Kinds of sites at which people live.
HOME_KINDS = frozenset({"residential_estate", "community", "village"})
# A site so near to a listed village, or to another of its name, is the same place.
SAME_PLACE_M = 200.0
SITE, SEAT, POINT = "site:", "township:", "point:"
MOST_POINTS = 20_000
SPACINGS_M = (50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000)
_ENDINGS = re.compile(rf"(?<=.)({'|'.join(ENDINGS)})+$")


@dataclass(frozen=True, slots=True)
class Places:
    """Places (n,) before anybody lives there. counted: people counted at the place, NaN where nobody did."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    township: tuple[str, ...]
    lon: Floats
    lat: Floats
    counted: Floats
    groups: dict[str, Floats]
    built_up: Flags

    def __len__(self) -> int:
        return len(self.ids)


def placed_records(district: District, layer: str) -> tuple[list[Record], list[Record]]:
    """The flat records of a layer that have a place, and those that have none, in the order of their ids."""
    snapshot = district.present.snapshot(layer)
    records = sorted(flat(district, layer, snapshot.alive(), Scope.FULL), key=lambda record: str(record["id"]))
    placed = [record for record in records if record["lon"] is not None]
    return placed, [record for record in records if record["lon"] is None]


def of_records(records: Sequence[Record], people: str, built_up: Sequence[bool], *, prefix: str = "") -> Places:
    """Places of flat records. people: the field that says how many live there."""
    return Places(
        ids=tuple(f"{prefix}{record['id']}" for record in records),
        names=tuple(str(record.get("name") or record["id"]) for record in records),
        township=tuple(str(record.get("township") or "") for record in records),
        lon=_numbers(records, "lon"),
        lat=_numbers(records, "lat"),
        counted=_numbers(records, people),
        groups={group: _numbers(records, group) for group in GROUPS},
        built_up=np.array(built_up, bool).reshape(len(records)),
    )


def together(*several: Places) -> Places:
    """All of them."""
    return Places(
        ids=tuple(id for one in several for id in one.ids),
        names=tuple(name for one in several for name in one.names),
        township=tuple(code for one in several for code in one.township),
        lon=np.concatenate([one.lon for one in several]),
        lat=np.concatenate([one.lat for one in several]),
        counted=np.concatenate([one.counted for one in several]),
        groups={group: np.concatenate([one.groups[group] for one in several]) for group in GROUPS},
        built_up=np.concatenate([one.built_up for one in several]),
    )


def chosen(places: Places, rows: Flags) -> Places:
    """Those of the places (n,) that are meant."""
    kept = np.flatnonzero(rows).tolist()
    ids, names, township = (tuple(one[row] for row in kept) for one in (places.ids, places.names, places.township))
    groups = {group: people[rows] for group, people in places.groups.items()}
    return Places(ids, names, township, places.lon[rows], places.lat[rows], places.counted[rows], groups,
                  places.built_up[rows])  # fmt: skip


class _Person(msgspec.Struct, gc=False):
    """What a cell of a grid says; there may be very many, and each is read once."""

    name: str = ""
    township: str = ""
    people: float | None = None
    children: float | None = None
    elderly: float | None = None


class _Cell(msgspec.Struct, gc=False):
    id: str
    properties: _Person


def cells(district: District) -> tuple[Places, int]:
    """The cells of the uploaded grid in the order of their ids, and how many more have no place."""
    snapshot = district.present.snapshot("population")
    alive = snapshot.alive()
    lon, lat = snapshot.positions(alive)
    placed = np.isfinite(lon)
    decode = msgspec.json.Decoder(_Cell).decode
    read = [decode(text) for text in snapshot.encoded(alive[placed], Scope.FULL)]
    order = np.argsort(np.array([cell.id for cell in read], str), kind="stable")
    read = [read[row] for row in order.tolist()]
    own = [cell.properties for cell in read]
    groups = {group: _known([getattr(one, group) for one in own]) for group in GROUPS}
    return Places(
        ids=tuple(cell.id for cell in read),
        names=tuple(one.name for one in own),
        township=tuple(one.township for one in own),
        lon=lon[placed][order],
        lat=lat[placed][order],
        counted=_known([one.people for one in own]),
        groups=groups,
        built_up=np.zeros(len(read), bool),
    ), int((~placed).sum())


def villages(records: Sequence[Record]) -> Places:
    """Villages and communities that have a place."""
    return of_records(records, "population", [record.get("kind") == "community" for record in records])


def built_up_sites(district: District, listed: Sequence[Record], units: TownshipUnits, within: set[str]) -> Places:
    """Housing estates, communities and villages among the sites, of these townships, that no listed village is.

    The same place is what has the code or, in one township, the name of a listed village, or stands within
    SAME_PLACE_M of one; and a site of the name of another one as near. A site is built-up unless it is a village or is
    called one (…村), or its township is rural.
    """
    sites, _ = placed_records(district, "sites")
    homes = [one for one in sites if one.get("kind") in HOME_KINDS and one.get("township") in within]
    codes = {str(record.get("code")) for record in listed}
    names = {(record.get("township"), _bare(record)) for record in listed}
    others = [record for record in listed if record["lon"] is not None]
    kept = list[Record]()
    for one, far in zip(homes, _far_from(others, homes), strict=True):
        known = str(one.get("village")) in codes or (one.get("township"), _bare(one)) in names
        twins = [other for other in kept if _bare(other) == _bare(one)]
        if far and not known and bool(_far_from(twins, [one])[0]):
            kept.append(one)
    rural = {unit.code for unit in units if unit.character == "rural"}
    built = [one["kind"] != "village" and one["township"] not in rural and not str(one.get("name", "")).endswith("村")
             for one in kept]  # fmt: skip
    return of_records(kept, "residents", built, prefix=SITE)


def seats(units: Iterable[TownshipUnit]) -> Places:
    """The seats of townships, each as one place."""
    placed = [unit for unit in units if unit.seat is not None]
    records = [{"id": unit.code, "name": unit.name, "township": unit.code, "lon": unit.seat[0], "lat": unit.seat[1]}
               for unit in placed if unit.seat is not None]  # fmt: skip
    return of_records(records, "population", [unit.character == "urban" for unit in placed], prefix=SEAT)


def laid_out(units: TownshipUnits) -> tuple[Places, int]:
    """Points laid evenly over the townships, at most MOST_POINTS, and how many metres they are apart."""
    area_m2 = sum(unit.drawn_km2 or 0.0 for unit in units.covering) * 1e6
    spacing_m = next((step for step in SPACINGS_M if area_m2 / step**2 <= MOST_POINTS * 0.95), None)
    spacing_m = spacing_m or int(np.ceil(np.sqrt(area_m2 / MOST_POINTS / 0.95)))
    lon, lat = _lattice(units.covering, spacing_m)
    codes = units.of_points(lon, lat)
    # A small township may lie between the points: its seat stands for it then.
    records = [{"id": f"{number}", "name": f"{x:.4f}, {y:.4f}", "township": code, "lon": x, "lat": y}
               for number, (x, y, code) in enumerate(zip(lon.tolist(), lat.tolist(), codes, strict=True), start=1)
               if code]  # fmt: skip
    urban = {unit.code for unit in units.covering if unit.character == "urban"}
    points = of_records(records, "people", [record["township"] in urban for record in records], prefix=POINT)
    without = [unit for unit in units.covering if unit.code not in set(points.township)]
    return together(points, seats(without)), spacing_m


def _lattice(covering: Sequence[TownshipUnit], spacing_m: int) -> tuple[Floats, Floats]:
    if not covering:
        return np.zeros(0), np.zeros(0)
    boxes = shapely.bounds(shapely.get_parts([unit.shape for unit in covering]))
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    step_lat = spacing_m / METRES_PER_DEGREE
    step_lon = step_lat / max(np.cos(np.radians((south + north) / 2)), 0.01)
    lon, lat = (np.arange(low + step / 2, high, step) for low, high, step in
                ((west, east, step_lon), (south, north, step_lat)))  # fmt: skip
    return within_boxes(lon, lat, boxes)


def _far_from(others: Sequence[Record], records: Sequence[Record]) -> Flags:
    """Whether each record (n,) is farther than SAME_PLACE_M from all others."""
    if not others or not records:
        return np.ones(len(records), bool)
    lon, lat = _numbers(records, "lon")[:, None], _numbers(records, "lat")[:, None]
    other_lon, other_lat = _numbers(others, "lon"), _numbers(others, "lat")
    east = (lon - other_lon) * np.cos(np.radians(lat))
    return np.asarray(np.hypot(east, lat - other_lat).min(axis=1) * METRES_PER_DEGREE > SAME_PLACE_M)


def _bare(record: Record) -> str:
    return _ENDINGS.sub("", str(record.get("name") or "").replace(" ", ""))


def _numbers(records: Sequence[Record], name: str) -> Floats:
    values = [record.get(name) for record in records]
    if name in ("lon", "lat"):
        return np.array(values, np.float64)
    return _known([value if isinstance(value, int | float) else None for value in values])


def _known(values: Sequence[float | None]) -> Floats:
    """Numbers of people; one below 0 is a slip of somebody's, and unknown."""
    numbers = np.array(values, np.float64)
    return np.where(numbers >= 0, numbers, np.nan)
