"""The layer of roads, read as a network: what its records say, in the words of the graph."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from geoapp.routing.network import Network, network
from geoapp.routing.roads import Road, road_lines
from geoapp.storage.snapshot import LayerSnapshot

# How one-ways are written: by OpenStreetMap, by what is made of it for desktop programs, and by offices.
_AHEAD = frozenset({"forward", "yes", "true", "1", "f", "ft", "是", "单行", "单向", "正向", "顺向"})
_AGAINST = frozenset({"backward", "reverse", "-1", "t", "tf", "反向", "逆向"})
_USERS = {"car": "car", "汽车": "car", "小汽车": "car", "轿车": "car", "bus": "bus", "coach": "bus", "大客车": "bus",
          "客车": "bus", "大巴": "bus", "中巴": "bus", "bicycle": "bicycle", "自行车": "bicycle", "非机动车": "bicycle",
          "foot": "foot", "步行": "foot", "行人": "foot"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DistrictRoads:
    """The roads of a district, joined.

    rules: what roads say of themselves, by the network's numbers; names: by numbers of roads; schematic: whether they
    only show what hangs together.
    """

    network: Network
    rules: list[Road]
    names: list[str | None]
    schematic: bool

    def __len__(self) -> int:
        return len(self.names)


class _Record(msgspec.Struct, frozen=True, gc=False):
    """The fields of a road that matter here; people's files may hold anything in them."""

    name: object = None
    kind: object = None
    oneway: object = None
    two_way_for: object = None
    uses: object = None
    level: object = None
    limit_kmh: object = None
    height_m: object = None
    width_m: object = None
    schematic: object = None


class _Feature(msgspec.Struct, gc=False):
    properties: _Record


def ordered_rows(snapshot: LayerSnapshot) -> NDArray[np.intp]:
    """The rows of a layer in the order in which they first appeared, which a new start does not change."""
    rows = snapshot.alive()
    return np.asarray(rows[np.argsort(snapshot.born(rows), kind="stable")])


def read_roads(texts: Iterable[bytes], shapes: list[object]) -> DistrictRoads:
    """Join roads: each with its feature as JSON, and its shape (shapely, degrees)."""
    decode = msgspec.json.Decoder(_Feature).decode
    records = [decode(text).properties for text in texts]
    numbers: dict[Road, int] = {}
    known: dict[tuple[object, ...], int] = {}
    rule = np.empty(len(records), np.int64)
    for place, one in enumerate(records):
        # Most roads say what many others say: each sort is understood once.
        said = (one.kind, one.oneway, one.two_way_for, one.uses, one.level, one.limit_kmh, one.height_m, one.width_m)
        key = said if all(isinstance(value, str | int | float | None) for value in said) else tuple(map(str, said))
        if key not in known:
            known[key] = numbers.setdefault(_rule(one), len(numbers))
        rule[place] = known[key]
    lines = road_lines(list(numbers), rule, shapes)
    return DistrictRoads(network(lines), list(numbers), [_name(one) for one in records],
                         any(one.schematic for one in records))  # fmt: skip


def _rule(record: _Record) -> Road:
    return Road(
        kind=_text(record.kind) or "",
        oneway=_oneway(record.oneway),
        two_way_for=_users(record.two_way_for) or frozenset(),
        uses=_users(record.uses),
        level=int(_number(record.level) or 0),
        limit_kmh=_number(record.limit_kmh),
        height_m=_number(record.height_m),
        width_m=_number(record.width_m),
    )


def _name(record: _Record) -> str | None:
    name, kind = _text(record.name), _text(record.kind)
    # What has no name is called after its kind in the layer.
    return None if not name or (kind and name in (kind, kind.replace("_", " "))) else name


def _oneway(value: object) -> str | None:
    word = str(value).strip().lower() if value is not None else ""
    return "forward" if word in _AHEAD else "backward" if word in _AGAINST else None


def _users(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    words = re.split(r"[,;、，；/\s]+", str(value).strip().lower())
    return frozenset(_USERS[word] for word in words if word in _USERS)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None


def _text(value: object) -> str | None:
    return str(value) if value else None
