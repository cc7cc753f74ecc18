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

MOST_LEVELS = 99


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
    sorts = _Sorts()
    rule = np.array([sorts.number(one) for one in records], np.int64)
    lines = road_lines(sorts.rules, rule, shapes)
    return DistrictRoads(network(lines), sorts.rules, [_name(one) for one in records],
                         any(one.schematic for one in records))  # fmt: skip


class _Sorts:
    """Sorts of roads: most roads say what many others say, and each sort is understood once."""

    def __init__(self) -> None:
        self.rules: list[Road] = []
        self._numbers: dict[Road, int] = {}
        self._known: dict[tuple[object, ...], int] = {}

    def number(self, one: _Record) -> int:
        """The number of the rule that a record means."""
        said = (one.kind, one.oneway, one.two_way_for, one.uses, one.level, one.limit_kmh, one.height_m, one.width_m)
        try:
            return self._known[said]
        except KeyError:
            self._known[said] = self._learnt(_rule(one))
            return self._known[said]
        except TypeError:  # a list or an object where a word should be
            return self._learnt(_rule(one))

    def _learnt(self, rule: Road) -> int:
        if rule not in self._numbers:
            self._numbers[rule] = len(self.rules)
            self.rules.append(rule)
        return self._numbers[rule]


def _rule(record: _Record) -> Road:
    return Road(
        kind=_text(record.kind) or "",
        oneway=_oneway(record.oneway),
        two_way_for=_users(record.two_way_for) or frozenset(),
        uses=_users(record.uses),
        level=_level(record.level),
        limit_kmh=_above_zero(record.limit_kmh),
        height_m=_above_zero(record.height_m),
        width_m=_above_zero(record.width_m),
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


def _level(value: object) -> int:
    return int(max(-MOST_LEVELS, min(MOST_LEVELS, value))) if isinstance(value, int | float) else 0


def _above_zero(value: object) -> float | None:
    """A measure; tables have 0 where nothing is known."""
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _text(value: object) -> str | None:
    return str(value) if value else None
